"""Facades hold functions and classes picked by hand; nothing in them leads to a module."""

from __future__ import annotations

import subprocess
import sys
import types
from pathlib import Path

import pytest
import RestrictedPython

from ioconnect_codemode import policy, sandbox
from ioconnect_codemode.policy.namespaces import members_of
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
