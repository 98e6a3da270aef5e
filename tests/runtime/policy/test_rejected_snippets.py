"""Snippets outside the language are refused before they run, at the line that their header states."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from ioconnect_codemode import policy

SNIPPETS = sorted((Path(__file__).parents[2] / "snippets" / "rejected").glob("*.py"))


def violations_of(source: str, known: set[str] | None = None) -> tuple[policy.Violation, ...]:
    with pytest.raises(policy.Rejected) as caught:
        policy.translate(policy.parse(source), facades=policy.FACADES, known=known)
    return caught.value.violations


@pytest.mark.parametrize("path", SNIPPETS, ids=lambda path: path.stem)
def test_snippet_is_refused_at_the_stated_line_with_the_stated_message(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    expected = re.findall(r"^# rejected: line (\d+): (.*)$", source, re.MULTILINE)

    found = violations_of(source)

    for line, message in expected:
        assert any(one.line == int(line) and message in one.message for one in found), found


def test_there_are_enough_snippets() -> None:
    assert len(SNIPPETS) >= 60


def test_violation_names_the_nearest_legal_way_and_its_columns() -> None:
    assert violations_of("x = 1\nname = eval('x')") == (
        policy.Violation(
            kind="not_allowed",
            message="`eval` is not available",
            line=2,
            column=8,
            end_column=12,
            hint="write the expression itself; json.loads reads data",
        ),
    )


def test_columns_count_characters() -> None:
    (found,) = violations_of('"日本語", print.__globals__')

    assert (found.column, found.end_column) == (8, 25)


@pytest.mark.parametrize(
    ("source", "line", "marked"),
    [
        ("if 1:\n\t\tx = '\t日本'; eval(1)", 2, "eval"),
        ("x = ('a',\n     'b', eval)", 2, "eval"),
        ("x = '''a\nb''' + eval('1')", 2, "eval"),
        ("x = f\"é{1}ü{eval('x')}\"", 1, "eval"),
        ("x = f'''\n  日本 {eval(1)}'''", 2, "eval"),
        ("y = (x\n  .y\n  .__class__.__mro__)", 3, "__mro__"),
        ("class C:\n    x = 1\n\n    def __getattr__(self, n): return n", 4, "def __getattr__"),
        ("async def __x__(): pass", 1, "async def __x__"),
        ("@print\nclass __X__(object): pass", 2, "class __X__"),
        ("try:\n    1\nexcept* ValueError: pass", 3, "except* ValueError: pass"),
        ("def f(a, *, __b__: int = 1): pass", 1, "__b__: int"),
        ("import json, os as o", 1, "os as o"),
        ("class C(dict, metaclass=M): pass", 1, "metaclass=M"),
        ("with a as b:\n    with (\n        open('x')) as c: pass", 3, "open"),
    ],
)
def test_the_caret_is_under_what_is_refused(source: str, line: int, marked: str) -> None:
    (found,) = violations_of(source, known={"a", "x"})

    text = source.split("\n")[found.line - 1]
    assert (found.line, text[found.column - 1 : found.end_column - 1]) == (line, marked)


def test_known_name_of_a_module_is_not_refused() -> None:
    policy.translate(policy.parse("os.list_orders()"), facades=policy.FACADES, known={"os"})


def test_import_of_what_may_be_a_namespace_is_left_to_the_run() -> None:
    policy.translate(policy.parse("import crm"), facades=policy.FACADES)


def test_import_of_an_unknown_namespace_is_refused_with_the_nearest_one() -> None:
    (found,) = violations_of("import crmm", known={"crm"})

    assert found.message == "`crmm` is not available"
    assert found.hint == "did you mean `crm`?"


def test_import_of_a_known_namespace_is_taken() -> None:
    policy.translate(policy.parse("from crm import find_clients"), facades=(), known={"crm"})


@pytest.mark.parametrize(
    ("facades", "left"),
    [
        ((), "no import is needed for a capability"),
        (("math", "collections"), "these can be imported: collections, math"),
    ],
)
def test_facade_that_is_switched_off_is_refused_as_such(facades: tuple[str, ...], left: str) -> None:
    with pytest.raises(policy.Rejected) as caught:
        policy.translate(policy.parse("import json"), facades=facades)
    (found,) = caught.value.violations
    assert found.hint == f"the administrator has switched it off; {left}"


def test_name_that_the_snippet_binds_is_not_refused() -> None:
    policy.translate(policy.parse("def compile(x):\n    return x\n\ncompile(1)"), facades=policy.FACADES)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x" * 100_001, "longer than"),
        ("x = 1\n\0", "null character"),
        ("(" * 151 + ")" * 151, "nested too deeply"),
        ("x = " + "-" * 5_000 + "1", "nested too deeply"),
        ("x = " + "1 + " * 3_000 + "1", "nested too deeply"),
        ("x" + ".a" * 5_000, "nested too deeply"),
        ("if 1: pass\n" + "elif 1: pass\n" * 3_000, "nested too deeply"),
        ("[" + "1," * 49_999 + "]", "more than 50000 parts"),
    ],
    ids=["long", "null", "brackets", "unary", "sum", "attributes", "elif", "nodes"],
)
def test_source_beyond_a_limit_is_refused(source: str, message: str) -> None:
    (found,) = violations_of(source)

    assert found.kind == "syntax"
    assert message in found.message


def test_source_within_the_limits_is_taken() -> None:
    policy.translate(policy.parse("x = " + "1 + " * 150 + "1"), facades=policy.FACADES)
    policy.translate(policy.parse("(" * 90 + "1" + ")" * 90), facades=policy.FACADES)
    policy.translate(policy.parse("import math\nx = " + "1 + " * 150 + "math.pi"), facades=policy.FACADES)


@pytest.mark.parametrize(
    ("source", "message", "hint"),
    [
        ("import json\njson.codecs", "`json.codecs`", "use text.encode() and data.decode()"),
        ("import collections.abc\ncollections.abc.sys", "`collections.abc.sys`", "top-level return"),
        ("import collections.abc as c\nc.Mappin", "`c.Mappin`", "did you mean collections.abc.Mapping?"),
        ("from collections import abc\nabc.sys", "`abc.sys`", "use print without file="),
        ("x = 1\nfrom functools import reduce, singledispatch", "`functools.singledispatch`", "use isinstance"),
        ("import math as m\nm.sqroot(4)", "`m.sqroot`", "did you mean math.sqrt?"),
        ("import datetime\nx = datetime.now()", "`datetime.now`", "use datetime.datetime.now"),
        ("import math\ndef f(x):\n    return math.sqroot(x)", "`math.sqroot`", "math.sqrt"),
        (
            "import math\ntry:\n    math.sqroot(4)\nexcept (ValueError, KeyError):\n    pass",
            "`math.sqroot`",
            "math.sqrt",
        ),
        ("import math\ntry:\n    1\nexcept Exception:\n    math.sqroot(4)", "`math.sqroot`", "math.sqrt"),
        ("def f():\n    from json import loadz", "`json.loadz`", "did you mean json.loads?"),
    ],
)
def test_a_name_that_a_facade_lacks_is_refused_before_the_run(source: str, message: str, hint: str) -> None:
    (found,) = violations_of(source, known={"crm"})

    assert (found.kind, found.message) == ("not_allowed", f"{message} is not available")
    assert hint in (found.hint or "")
    text = source.splitlines()[found.line - 1][found.column - 1 : found.end_column - 1]
    assert text in (message.strip("`"), message.strip("`").rpartition(".")[2])


def test_every_missing_name_is_said_at_once_and_in_order_with_the_rest() -> None:
    found = violations_of("import math, os\nfrom json import loadz, dumpz\neval('1')\nmath.sqroot(math.pie)")

    assert [(one.line, one.column) for one in found] == [(1, 14), (2, 18), (2, 25), (3, 1), (4, 1), (4, 13)]


@pytest.mark.parametrize(
    "source",
    [
        "import math\nmath = object()\nmath.sqroot",
        "import math\ndel math\nmath.sqroot",
        "import math\ndef f(math):\n    return math.sqroot",
        "import math\n[math.sqroot for math in ()]",
        "import math\nlambda math: math.sqroot",
        "import math\ndef f():\n    global math\n    math = 1\nmath.sqroot",
        "import math\ntry:\n    1\nexcept ValueError as math:\n    math.sqroot",
        "import math\nmatch 1:\n    case math:\n        math.sqroot",
        "import datetime\nfrom datetime import datetime\ndatetime.now()",
        "try:\n    from functools import singledispatch\nexcept ImportError:\n    singledispatch = None",
        "import math\ntry:\n    math.sqroot\nexcept (KeyError, AttributeError):\n    pass",
        "import math\ntry:\n    math.sqroot\nexcept:\n    pass",
        "import math\nOwn = Exception\ntry:\n    math.sqroot\nexcept Own:\n    pass",
        "import math, contextlib\nwith contextlib.suppress(AttributeError):\n    math.sqroot",
        "import math\nif hasattr(math, 'sqroot'):\n    math.sqroot(4)",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from typing import SupportsAbs",
        "import typing\ndef f(x: typing.SupportsAbs) -> typing.SupportsAbs:\n    y: typing.SupportsAbs = x\n    return y",
        "import math\nmath.__name__",
        "import math\nmath.sqrt(4)",
    ],
)
def test_what_may_still_succeed_is_left_to_the_run(source: str) -> None:
    policy.translate(policy.parse(source), facades=policy.FACADES, known={"crm"})


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    import numpy as np\nexcept ImportError:\n    np = None",
        "try:\n    from yaml import dump\nexcept (KeyError, ModuleNotFoundError, Exception):\n    dump = None",
        "try:\n    if 1:\n        def f():\n            import os\nexcept:\n    pass",
    ],
)
def test_an_import_whose_failing_is_caught_is_left_to_the_run(source: str) -> None:
    policy.translate(policy.parse(source), facades=policy.FACADES, known={"crm"})


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    import numpy\nexcept ValueError:\n    pass",
        "try:\n    pass\nexcept ImportError:\n    import numpy",
        "try:\n    pass\nexcept ImportError:\n    pass\nelse:\n    import numpy",
        "try:\n    pass\nexcept ImportError:\n    pass\nfinally:\n    import numpy",
        "try:\n    1\nexcept ImportError:\n    2\nimport numpy",
    ],
)
def test_an_import_whose_failing_nobody_catches_is_refused(source: str) -> None:
    (found,) = violations_of(source, known={"crm"})

    assert found.message == "`numpy` is not available"


def test_a_namespace_of_the_catalog_is_not_taken_for_a_facade() -> None:
    policy.translate(policy.parse("import math\nmath.list_orders()"), facades=policy.FACADES, known={"math"})
    policy.translate(policy.parse("from math import list_orders"), facades=policy.FACADES, known={"math"})


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("from contextlib import AsyncExitStack", "use ExitStack"),
        ("import io\nio.BytesIO()", "use bytes or bytearray"),
        ("import io\nio.open('x')", "call a capability to read data"),
        ("from string import Formatter", "use text.format(...)"),
        ("from json import JSONDecoder", "object_hook=function"),
        ("from typing import runtime_checkable", "use hasattr(x, name)"),
        ("import urllib.parse", "build the text with an f-string"),
        ("import urllib.request", "there is no network here"),
        ("import uuid\nuuid.uuid1()", "use uuid.uuid4()"),
        ("import time\ntime.ctime()", "use time.strftime"),
        ("import types\nisinstance(None, types.NoneType)", "use x is None"),
        ("import asyncio\nasyncio.PriorityQueue()", "heapq.heappush"),
        ("(1).__add__(2)", "use the operator"),
        ("def first[T](xs):\n    return xs[0]", "annotations are not evaluated"),
        ("class Stack[T]:\n    pass", "annotations are not evaluated"),
        ("type Rows = list", "annotations are not evaluated"),
        ("import logging", "use print"),
        ("import traceback", "use type(e).__name__ and str(e)"),
        ("import tabulate", "use f-strings with widths"),
        ("import nest_asyncio", "await works at the top level"),
        ("raise BaseExceptionGroup('x', [ValueError()])", "use ExceptionGroup"),
        ("try:\n    1\nexcept* ValueError as e:\n    2", "`except ExceptionGroup as group:`"),
        ("class C:\n    def __getattr__(self, name): ...", "use a dict, or a method"),
        ("class C:\n    def __init_subclass__(cls): ...", "use a class decorator"),
        ("class C:\n    def __set_name__(self, owner, name): ...", "use a property"),
        ("class C:\n    def __set__(self, x, value): ...", "use a property with a setter"),
        ("class C:\n    def __class_getitem__(cls, key): ...", "derive from typing.Generic[T]"),
        ("class C:\n    __match_args__ = ('x',)", "use a dataclass"),
        ("class C:\n    def __anything__(self): ...", "without two underscores at both ends"),
        ("class C(metaclass=Meta): ...", "derive from abc.ABC"),
        ("__all__ = ['f']", "nobody imports a snippet"),
        ("print(__file__)", "nothing here reads or writes files"),
        ("e = ValueError()\ne.__cause__", "keep the first error yourself"),
    ],
)
def test_what_snippets_often_ask_for_is_refused_with_what_to_use_instead(source: str, hint: str) -> None:
    (found,) = violations_of(source, known={"crm"})

    assert hint in (found.hint or "")


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="Python takes the same quotes inside an f-string from 3.12 on")
@pytest.mark.parametrize("source", ['f"{d["k"]}"', 'f"{", ".join(x)}"', 'f"{chr(10)}{"\\n".join(y)}"'])
def test_quotes_that_only_later_pythons_take_are_refused_with_the_way_around(source: str) -> None:
    (found,) = violations_of(source, known={"d", "x", "y"})

    assert (found.kind, found.hint) == (
        "syntax",
        "inside the braces of an f-string use other quotes than around it and no backslash, or name the part first",
    )
