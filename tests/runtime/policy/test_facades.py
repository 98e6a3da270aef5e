"""Facades hold functions and classes picked by hand; nothing in them leads to a module."""

from __future__ import annotations

import subprocess
import sys
import types
from pathlib import Path

import pytest
import RestrictedPython

from ioconnect_codemode import policy, sandbox
from ioconnect_codemode.language import RESERVED, SAFE_MODULES, YIELDING_MODULES
from ioconnect_codemode.policy.namespaces import Namespace, members_of
from ioconnect_codemode.policy.shown import READABLE

RUNTIME = Path(sandbox.__file__).parents[1]


def value_of(source: str) -> object:
    program = policy.translate(policy.parse(source), facades=policy.FACADES)
    result = sandbox.run(program, names={}, inputs={}, facades=policy.FACADES, print_limit=100)
    assert isinstance(result, sandbox.Finished), result
    return result.value


@pytest.mark.parametrize("name", policy.FACADES)
def test_facade_holds_no_module_and_no_private_name(name: str) -> None:
    members = members_of(policy.FACADES[name]())

    assert members
    assert not [member for member in members.values() if isinstance(member, types.ModuleType)]
    assert not [key for key in members if key.startswith("_")]


@pytest.mark.parametrize("name", policy.FACADES)
def test_class_in_a_facade_shows_only_what_the_table_says(name: str) -> None:
    classes = [member for member in members_of(policy.FACADES[name]()).values() if isinstance(member, type)]

    for cls in classes:
        shown = [key for key in dir(cls) if value_is_shown(cls, key)]
        assert set(shown) <= READABLE.get(cls, frozenset()) | {
            "__init__",
            "__name__",
            "__qualname__",
            "__class__",
            "__doc__",
        }


def value_is_shown(cls: type, key: str) -> bool:
    program = policy.translate(policy.parse("hasattr(cls, key)"), facades=())
    result = sandbox.run(program, names={"cls": cls, "key": key}, inputs={}, facades=(), print_limit=0)
    assert isinstance(result, sandbox.Finished)
    return bool(result.value)


def test_random_numbers_of_a_run_do_not_depend_on_an_earlier_run() -> None:
    value_of("import random\nrandom.seed(1)")

    assert value_of("import random\nrandom.random()") != value_of("import random\nrandom.random()")


def test_very_large_integers_can_be_divided() -> None:
    assert value_of("(10**20000 + 3) // (10**9000 + 1) % 10") == (10**20000 + 3) // (10**9000 + 1) % 10


def test_sleep_takes_plain_seconds() -> None:
    assert value_of("import time, asyncio\ntime.sleep(0)\nawait asyncio.sleep(0, 'slept')") == "slept"


def test_run_of_a_function_instead_of_a_coroutine_is_refused_with_the_mend() -> None:
    assert value_of("async def f(): pass\ntry:\n    asyncio.run(f)\nexcept TypeError as e:\n    r = str(e)\nr") == (
        "a coroutine was expected, got the function itself; write f()"
    )


def test_await_that_never_ends_is_refused() -> None:
    source = (
        "class Never:\n    def __await__(self):\n        yield\n"
        "try:\n    await Never()\nexcept RuntimeError as e:\n    r = type(e).__name__\nr"
    )

    assert value_of(source) == "RuntimeError"


def test_rooms_of_the_worker_import_only_the_standard_library_and_restricted_python() -> None:
    script = (
        "import sys\n"
        f"sys.path[:0] = [{str(RUNTIME)!r}, {str(Path(RestrictedPython.__file__).parents[1])!r}]\n"
        "import ioconnect_codemode.sandbox\n"
        "roots = {name.partition('.')[0] for name in sys.modules}\n"
        "print(sorted(roots - set(sys.stdlib_module_names) - {'__main__'}))\n"
        "print(sorted(roots & {'socket', '_socket', 'ssl', 'subprocess', 'ctypes', 'asyncio', 'multiprocessing'}))\n"
    )

    found = subprocess.run([sys.executable, "-I", "-S", "-c", script], capture_output=True, text=True, check=True)

    assert found.stdout.splitlines() == ["['RestrictedPython', 'ioconnect_codemode']", "[]"]


@pytest.mark.parametrize("name", sorted(YIELDING_MODULES))
def test_a_module_that_yields_its_name_is_not_reserved_and_what_is_supplied_under_it_counts(name: str) -> None:
    program = policy.translate(
        policy.parse(f"import {name}\n{name}.list_orders()"), facades=policy.FACADES, known={name}
    )
    supplied = {name: Namespace(name, {"list_orders": lambda: "the catalog's"})}
    result = sandbox.run(program, names=supplied, inputs={}, facades=policy.FACADES, print_limit=100)

    assert name not in RESERVED
    assert isinstance(result, sandbox.Finished), result
    assert result.value == "the catalog's"


def test_an_input_may_have_the_name_of_a_module_that_yields_it() -> None:
    program = policy.translate(policy.parse("csv.splitlines()"), facades=policy.FACADES, known={"csv"})
    result = sandbox.run(program, names={}, inputs={"csv": "a\nb"}, facades=policy.FACADES, print_limit=100)

    assert isinstance(result, sandbox.Finished), result
    assert result.value == ["a", "b"]


@pytest.mark.parametrize("name", sorted(set(SAFE_MODULES) - YIELDING_MODULES))
def test_the_name_of_any_other_safe_module_is_reserved(name: str) -> None:
    assert name in RESERVED


def test_every_safe_module_has_a_facade_and_no_other_has() -> None:
    assert {name.partition(".")[0] for name in policy.FACADES} == set(SAFE_MODULES)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("import csv\ncsv.reader('a,b')", "csv reads lines"),
        ("import csv\ncsv.writer([])", "csv writes into an io.StringIO"),
        ("import csv\ncsv.reader([], dialect='mine')", "a dialect is one of"),
        ("import csv\ncsv.reader([], delimeter=';')", "there are delimiter,"),
        ("import csv\ncsv.reader([], delimiter=1)", "delimiter can't be an int"),
        ("print(1, file=1)", "takes an io.StringIO"),
        ("import contextlib\ncontextlib.redirect_stdout(1)", "takes an io.StringIO"),
        ("import contextlib\n@contextlib.asynccontextmanager\ndef f(): yield\nf()", "async generator function"),
        ("import contextlib\ncontextlib.ExitStack().enter_context(1)", "'int' object can't be used"),
        ("from types import SimpleNamespace\nSimpleNamespace(**{'__class__': 1})", "can't be set"),
        ("from abc import abstractmethod\nabstractmethod(property(len))", "write it below @property"),
        ("import json\njson.dumps(1, cls=dict)", "derives from json.JSONEncoder"),
        ("import hashlib\nhashlib.new('none')", "there are md5"),
        ("from string import Template\nTemplate(1)", "a template is a str"),
    ],
)
def test_wrong_use_of_a_facade_says_what_it_takes(source: str, message: str) -> None:
    program = policy.translate(policy.parse(source), facades=policy.FACADES)
    result = sandbox.run(program, names={}, inputs={}, facades=policy.FACADES, print_limit=100)

    assert isinstance(result, sandbox.Raised), result
    assert message in result.message
