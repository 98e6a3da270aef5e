"""Where snippets differ from CPython on purpose: each line of `docs/language.md`, "Small differences"."""

from __future__ import annotations

import pytest

from ioconnect_codemode import policy, sandbox


def run(source: str, **names: object) -> sandbox.Finished | sandbox.Raised:
    program = policy.translate(policy.parse(source), facades=policy.FACADES)
    return sandbox.run(program, names=names, inputs={}, facades=policy.FACADES, print_limit=100, seed=7)


def value_of(source: str, **names: object) -> object:
    result = run(source, **names)
    assert isinstance(result, sandbox.Finished), result
    return result.value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("[type(print) is type(len), type(print).__name__, type(print) == type(len)]", [False, "method", False]),
        ("t = type(len)\n[t == type(abs), t.__name__, str(t)]", [True, "builtin_function_or_method", "<class 'builtin_function_or_method'>"]),
        ("class C: pass\nc = C()\nv = vars(c)\nc.x = 1\n[v, vars(c)]", [{}, {"x": 1}]),
        ("class C: pass\nc = C()\nv = c.__dict__\nv['x'] = 1\nv.pop('x')\nv['y'] = 2\n[hasattr(c, 'x'), c.y]", [False, 2]),
        ("from dataclasses import dataclass\n@dataclass\nclass C:\n    x: int = 1\nC.__doc__", "C"),
        ("class C:\n    __slots__ = ('x',)\nc = C()\nc.y = 1\nc.y", 1),
        ("class C:\n    def __enter__(self): pass\n    def __exit__(self, kind, error, trace):\n        r.append((str(error), trace))\n        return True\nr = []\nwith C():\n    raise ValueError('a')\nr", [("a", None)]),
        ("from zoneinfo import ZoneInfo\ntry:\n    isinstance(1, ZoneInfo)\nexcept TypeError:\n    r = 'error'\nr", "error"),
        ("import random\nrandom.seed(3)\na = random.random()\nrandom.seed(3)\na == random.random()", True),
    ],
)  # fmt: skip
def test_difference_is_as_described(source: str, value: object) -> None:
    assert value_of(source) == value


def test_seed_without_a_seed_goes_on_from_the_numbers_of_the_run() -> None:
    source = "import random\nrandom.seed()\n[random.random() for _ in range(3)]"

    assert value_of(source) == value_of(source)


def test_bare_except_means_except_exception() -> None:
    class Limit(BaseException):
        pass

    def limit() -> None:
        raise Limit

    caught = run("try:\n    1 / 0\nexcept:\n    r = 'caught'\nr")
    passing = run("try:\n    limit()\nexcept:\n    r = 'caught'\nr", limit=limit)

    assert (isinstance(caught, sandbox.Finished), isinstance(passing, sandbox.Raised)) == (True, True)


@pytest.mark.parametrize(
    ("source", "type_name"),
    [
        ("import asyncio\nawait asyncio.Event().wait()", "RuntimeError"),
        ("class C: pass\nc = C()\nvars(c)['__class__'] = int", "AttributeError"),
        ("vars()", "TypeError"),
        ("class C: pass\nC.__dict__", "AttributeError"),
        ("ValueError().__dict__", "AttributeError"),
        ("class L(list): pass\nL().__dict__", "AttributeError"),
        ("import contextlib\n@contextlib.contextmanager\ndef m(): yield\n@m()\ndef f(): pass", "TypeError"),
        ("import contextlib\ncontextlib.ExitStack().push(print)", "AttributeError"),
        ("from abc import ABC\nisinstance(1, ABC)", "TypeError"),
        ("from dataclasses import dataclass\n@dataclass\nclass D(dict):\n    items: list", "TypeError"),
        ("from functools import lru_cache\n@lru_cache(typed=True)\ndef f(x): return x", "TypeError"),
        ("from collections import Counter\nCounter.copy({})", "TypeError"),
        ("import statistics\nclass N(list): pass\nstatistics.mean([N()])", "TypeError"),
        ("from collections import ChainMap\nclassmethod(ChainMap.parents)", "TypeError"),
        (
            "from enum import Enum\nclass F:\n    A: int\nclass E(F, Enum):\n    A = 1",
            "TypeError",
        ),
        (
            "from enum import Enum\nclass E(Enum):\n    A = 1\n    def __init__(self, value):\n"
            "        class F(type(self)): pass",
            "TypeError",
        ),
        (
            "from dataclasses import dataclass, field\nf = field(default=1)\n@dataclass\nclass C:\n    x: int = f\n"
            "class B:\n    y = staticmethod(f)\n@dataclass\nclass D(B):\n    y: int",
            "TypeError",
        ),
        (
            "from dataclasses import dataclass\n@dataclass\nclass C:\n    @classmethod\n    def x(cls): return 1\n"
            "    x: object = x",
            "TypeError",
        ),
        ("import textwrap\ntextwrap.wrap(None)", "TypeError"),
        ("from functools import cache\n@cache\nclass C:\n    x = 1\nC.x", "AttributeError"),
    ],
)
def test_what_is_not_there_raises(source: str, type_name: str) -> None:
    result = run(source)

    assert isinstance(result, sandbox.Raised), result
    assert result.type_name == type_name


def test_isinstance_of_a_protocol_looks_at_bases() -> None:
    source = (
        "from typing import Protocol\nclass P(Protocol):\n    def go(self): ...\n"
        "class A(P):\n    def go(self): pass\nclass B:\n    def go(self): pass\n[isinstance(A(), P), isinstance(B(), P)]"
    )

    assert value_of(source) == [True, False]
