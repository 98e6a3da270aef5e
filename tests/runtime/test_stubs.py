from __future__ import annotations

import ast
import random
import sys
from collections.abc import Mapping
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioconnect_codemode.errors import PackageError, UsageError
from ioconnect_codemode.records import Record
from ioconnect_codemode.stubs import audit, call, load, typed
from ioconnect_codemode.values import JsonValue

HEAD = '''"""Clients."""

from __future__ import annotations

from typing import Any, Literal

from ioconnect_codemode.stubs import UNSET, Record, Unset, call, field

from .records import Address

Segment = Literal["private", -1, None, True] | None
'''
VALID = (
    HEAD
    + '''

class Client(Record):
    """A client."""

    id: str
    class_: str = field(key="class")
    list: list[Address] | None = None
    bonds: dict[str, tuple[int, float]] | None = field(key="bonds-held", default=None)
    """What it holds."""
    partner: Client | None = None


class Empty(Record):
    pass


def find(name: str, limit: int = -5, *, phone: str | None | Unset = UNSET) -> list[Client]:
    """Find clients."""
    return call("crm.find", {"name": name, "limit": limit, "phone": phone}, list[Client])


def close() -> None:
    return call("crm.close", {}, None)
'''
)
RECORDS = """
from __future__ import annotations

from ioconnect_codemode.stubs import Record


class Address(Record):
    city: str
"""


def stub(statement: str) -> str:
    return f"{HEAD}\n{statement}\n"


@pytest.mark.parametrize("text", ["", '"""Only text."""', HEAD, VALID, RECORDS])
def test_a_module_of_the_form_passes(text: str) -> None:
    assert audit(text, name="crm.py").co_filename == "<stub crm>"


@pytest.mark.parametrize(
    "statement",
    [
        "import os",
        "from os import path",
        "from typing import Any, cast",
        "from typing import Any as call",
        "from ioconnect_codemode.stubs import load",
        "from ioconnect_codemode import stubs",
        "from .records import *",
        "from .records import call",
        "from .records import Client as Record",
        "from .records import __builtins__",
        "from .crm import Client",
        "from ..records import Client",
        "print()",
        "1",
        "x: int = 1",
        "x = 1",
        "A = B = Segment",
        "A, B = Segment",
        "A = __import__('os')",
        "A = call",
        "A = call | Segment",
        "A = Record",
        "A = list",
        "A = list[str, int]",
        "A = list[()]",
        "A = dict[int, str]",
        "A = tuple[()]",
        "A = tuple[int, ...]",
        "A = Literal[()]",
        "A = Literal[b'x']",
        "A = Literal[1.5j]",
        "A = Literal[print()]",
        "A = Literal[-True]",
        "A = Literal[x]",
        "A = 'Segment'",
        "A = list['Segment']",
        "A = Segment & Segment",
        "A = Segment.x",
        "A = (B := Segment)",
        "A = Segment if Segment else Segment",
        "A = [Segment]",
        "A = lambda: Segment",
        "A = Nowhere",
        "Segment = Literal[1]",
        "call = Segment",
        "list = Segment",
        "str = Literal['x']",
        "Any = Segment",
        "__builtins__ = Segment",
        "__getattr__ = Segment",
        "Segment += Segment",
        "del Segment",
        "global Segment",
        "assert Segment",
        "pass",
        "if Segment:\n    pass",
        "try:\n    pass\nfinally:\n    pass",
        "with Segment:\n    pass",
        "for A in Segment:\n    pass",
        "type A = Segment",
        "class A:\n    pass",
        "class A(Record, Record):\n    pass",
        "class A(Address):\n    pass",
        "class A(Record, metaclass=Segment):\n    pass",
        "class A(*Segment):\n    pass",
        "@Segment\nclass A(Record):\n    pass",
        "class A[T](Record):\n    pass",
        "class Record(Record):\n    pass",
        "class Any(Record):\n    pass",
        "class A(Record):\n    x: int = print()",
        "class A(Record):\n    x: print()",
        "class A(Record):\n    x: Nowhere",
        "class A(Record):\n    x: int = 1",
        "class A(Record):\n    x: int = field()",
        "class A(Record):\n    x: int = field('k')",
        "class A(Record):\n    x: int = field(key=1)",
        "class A(Record):\n    x: int = field(key=f'{Segment}')",
        "class A(Record):\n    x: int = field(key='k', default=1)",
        "class A(Record):\n    x: int = field(key='k', key='l')",
        "class A(Record):\n    x: int = field(**Segment)",
        "class A(Record):\n    x: int = call(key='k')",
        "class A(Record):\n    x: int\n    x: str",
        "class A(Record):\n    field: int = field(key='k')\n    y: int = field(key='l')",
        "class A(Record):\n    __slots__: int = None",
        "class A(Record):\n    (x): int",
        "class A(Record):\n    x = Segment",
        "class A(Record):\n    x.y: int",
        "class A(Record):\n    def f(self) -> int:\n        return 1",
        "class A(Record):\n    class B(Record):\n        pass",
        "class A(Record):\n    import os",
    ],
)
def test_another_statement_is_refused(statement: str) -> None:
    with pytest.raises(PackageError):
        audit(stub(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "A = Segment",
        "A = list[Any] | dict[str, Segment] | tuple[int, str] | Literal[-1.5]",
        "class A(Record):\n    field: int",
        "class A(Record):\n    _x: A | None = None",
        "from .records import Holding",
    ],
)
def test_the_nearest_statement_of_the_form_passes(statement: str) -> None:
    audit(stub(statement))


BODY = 'return call("crm.f", {"a": a}, int)'


@pytest.mark.parametrize(
    "function",
    [
        f"def f(a: str) -> int:\n    {BODY}",
        f"def f(a: str = 'x') -> int:\n    {BODY}",
        f"def f(*, a: str | Unset = UNSET) -> int:\n    'Doc.'\n    {BODY}",
    ],
)
def test_a_function_that_does_nothing_but_call_passes(function: str) -> None:
    audit(stub(function))


@pytest.mark.parametrize(
    "function",
    [
        f"async def f(a: str) -> int:\n    {BODY}",
        f"@print\ndef f(a: str) -> int:\n    {BODY}",
        f"def f[T](a: str) -> int:\n    {BODY}",
        f"def f(a: str):\n    {BODY}",
        f"def f(a) -> int:\n    {BODY}",
        f"def f(a: print()) -> int:\n    {BODY}",
        f"def f(a: 'str') -> int:\n    {BODY}",
        f"def f(a: str, /) -> int:\n    {BODY}",
        f"def f(*a: str) -> int:\n    {BODY}",
        f"def f(**a: str) -> int:\n    {BODY}",
        f"def f(a: str = print()) -> int:\n    {BODY}",
        f"def f(a: str = (b := 1)) -> int:\n    {BODY}",
        f"def f(a: str = Segment) -> int:\n    {BODY}",
        f"def f(a: str = []) -> int:\n    {BODY}",
        f"def f(*, a: str = print()) -> int:\n    {BODY}",
        f"def f(a: str, a: str) -> int:\n    {BODY}",
        f"def g(a: str) -> int:\n    {BODY}",
        f"def call(a: str) -> int:\n    {BODY}",
        f"def Segment(a: str) -> int:\n    {BODY}",
        f"def __getattr__(a: str) -> int:\n    {BODY}",
        "def str(a: int) -> int:\n    return call('crm.str', {'a': a}, int)",
        "def f(call: str) -> int:\n    return call('crm.f', {'call': call}, int)",
        "def f(int: str) -> int:\n    return call('crm.f', {'int': int}, int)",
        "def f(Address: str) -> Address:\n    return call('crm.f', {'Address': Address}, Address)",
        "def f(__debug__: str) -> int:\n    return call('crm.f', {'__debug__': __debug__}, int)",
        "def f(a: str) -> int:\n    return call('crm.f', {'a': a}, str)",
        "def f(a: str) -> int:\n    return call('crm.f', {'a': a}, print())",
        "def f(a: str) -> int:\n    return call('crm.f', {'a': a}, returns=int)",
        "def f(a: str) -> int:\n    return call('crm.f', {'a': a})",
        "def f(a: str) -> int:\n    return call('crm.f', {'b': a}, int)",
        "def f(a: str) -> int:\n    return call('crm.f', {'a': call}, int)",
        "def f(a: str) -> int:\n    return call('crm.f', {'a': a()}, int)",
        "def f(a: str) -> int:\n    return call('crm.f', {'a': a.b}, int)",
        "def f(a: str) -> int:\n    return call('crm.f', {'a': (a := 1)}, int)",
        "def f(a: str) -> int:\n    return call('crm.f', {**a}, int)",
        "def f(a: str) -> int:\n    return call('crm.f', {}, int)",
        "def f(a: str) -> int:\n    return call('crm.f', a, int)",
        "def f(a: str) -> int:\n    return call(*a)",
        "def f(a: str) -> int:\n    return call(a, {'a': a}, int)",
        "def f(a: str) -> int:\n    return call(f'crm.f', {'a': a}, int)",
        "def f(a: str) -> int:\n    return call('crm.' 'f' + '', {'a': a}, int)",
        "def f(a: str) -> int:\n    return call(call('crm.f', {'a': a}, int), {'a': a}, int)",
        "def f(a: str) -> int:\n    return eval('crm.f', {'a': a}, int)",
        "def f(a: str) -> int:\n    return a",
        "def f(a: str) -> int:\n    pass",
        "def f(a: str) -> int:\n    print()\n    " + BODY,
        f"def f(a: str) -> int:\n    f'{{print()}}'\n    {BODY}",
        f"def f(a: str) -> int:\n    def g() -> int:\n        {BODY}\n    {BODY}",
        f"def f(a: str) -> int:\n    {BODY}\n    {BODY}",
        f"def f(a: str) -> int:\n    {BODY}\ndef f(a: str) -> int:\n    {BODY}",
    ],
)
def test_a_function_that_does_more_is_refused(function: str) -> None:
    with pytest.raises(PackageError):
        audit(stub(function))


FORMS = (
    HEAD.replace("Any, Literal", "Any, Literal, overload")
    + """

@overload
def get(id: str, *, target: Literal["best"] = "best") -> str: ...


@overload
def get(id: str, *, target: list[str]) -> dict[str, str]: ...


def get(id: str, *, target: str | list[str] = "best") -> str | dict[str, str]:
    return call("crm.get", {"id": id, "target": target}, str)
"""
)


def test_a_function_with_forms_passes_and_calls_for_one_result() -> None:
    asked: list[tuple[str, Mapping[str, object], object]] = []

    def caller(name: str, arguments: Mapping[str, object], returns: object) -> object:
        asked.append((name, arguments, returns))
        return "answer"

    audit(FORMS)
    loaded = load({"crm": FORMS, "records": RECORDS}, caller)
    assert loaded["crm"].get("x", target=["one"]) == "answer"
    assert asked == [("crm.get", {"id": "x", "target": ["one"]}, str)]


@pytest.mark.parametrize(
    ("form", "other"),
    [
        ("-> dict[str, str]: ...", "-> dict[str, str]: return {}"),
        ("-> dict[str, str]: ...", "-> dict[str, str]: print()"),
        ("target: list[str])", "target: list[str] = print())"),
        ("target: list[str])", "target: Unknown)"),
        ("@overload", "@property"),
        ("@overload", "@overload\n@overload"),
        ("-> str | dict[str, str]:", "-> str | dict[str, int]:"),
        ("-> str | dict[str, str]:", "-> dict[str, str] | str:"),
        ('"target": target}, str)', '"target": target}, dict[str, str])'),
        ("def get(id: str, *, target: list[str])", "def overload(id: str, *, target: list[str])"),
    ],
)
def test_other_forms_are_refused(form: str, other: str) -> None:
    assert form in FORMS

    with pytest.raises(PackageError):
        audit(FORMS.replace(form, other, 1))


def test_a_form_behind_its_function_is_refused() -> None:
    head, form, rest = FORMS.partition("@overload")

    with pytest.raises(PackageError):
        audit(f"{FORMS}\n\n@overload{rest.partition('@overload')[0]}")
    assert head and form


def test_a_refusal_names_file_line_and_mend() -> None:
    with pytest.raises(PackageError) as raised:
        audit('"""Doc."""\nimport os\n', name="crm.py")
    assert str(raised.value) == (
        "crm.py, line 2: this Import is not part of a stub module; generate the package again with `codemode generate`"
    )


@pytest.mark.parametrize("text", ["def", "\x00", "x = " + "(" * 500, "A = " + " | ".join(["int"] * 20_000), "\ud800"])
def test_what_is_no_python_or_too_deep_is_refused(text: str) -> None:
    with pytest.raises(PackageError, match="is not Python"):
        audit(text)


INTRUDERS = ["print(1)", "import os", "__import__('os')", "(lambda: 1)()", "[1 for _ in Segment]", "os.system"]


@given(st.integers(0, 2**32), st.sampled_from(INTRUDERS))
def test_no_mutation_that_adds_a_call_or_an_import_passes(seed: int, intruder: str) -> None:
    tree = ast.parse(VALID)
    foreign = ast.parse(intruder).body[0]
    places = [node for node in ast.walk(tree) if _slots(node)]
    place = random.Random(seed).choice(places)
    name = random.Random(seed + 1).choice(_slots(place))
    _put(place, name, foreign, random.Random(seed + 2))
    with pytest.raises(PackageError):
        audit(ast.unparse(ast.fix_missing_locations(tree)))


def _slots(node: ast.AST) -> list[str]:
    """The parts of a node that hold expressions or statements; a docstring or name would only be replaced by data."""
    names = {"body", "value", "annotation", "returns", "left", "right", "slice", "elts", "args", "defaults", "values"}
    held = [name for name in names if isinstance(getattr(node, name, None), (ast.expr, list))]
    return sorted(name for name in held if getattr(node, name))


def _put(place: ast.AST, name: str, foreign: ast.stmt, random_: random.Random) -> None:
    old = cast("object", getattr(place, name))
    expression = foreign.value if isinstance(foreign, ast.Expr) else ast.parse("print(1)", mode="eval").body
    if not isinstance(old, list):
        setattr(place, name, expression)
        return
    items = cast("list[ast.AST]", old)
    index = random_.randrange(len(items))
    if isinstance(items[index], ast.stmt):
        items.insert(index, foreign)
    elif isinstance(items[index], ast.arg):
        cast("ast.arg", items[index]).annotation = expression
    else:
        items[index] = expression


# -- loading ----------------------------------------------------------------------------------------------------------


class Calls:
    """Remembers what stubs call and answers with one value."""

    def __init__(self, answer: JsonValue = None) -> None:
        self.made: list[tuple[str, dict[str, object]]] = []
        self._answer = answer

    def __call__(self, name: str, arguments: Mapping[str, object], returns: object) -> object:
        self.made.append((name, dict(arguments)))
        return typed(self._answer, returns)


def test_a_loaded_stub_calls_the_caller_with_its_arguments_by_name() -> None:
    calls = Calls([])
    crm = load({"crm": VALID, "records": RECORDS}, calls)["crm"]
    crm.find("Ann", phone=None)
    assert calls.made == [("crm.find", {"name": "Ann", "limit": -5, "phone": None})]


def test_loading_leaves_no_module_behind() -> None:
    before = set(sys.modules)
    load({"crm": VALID, "records": RECORDS}, Calls())
    assert set(sys.modules) == before


def test_a_stub_that_fails_to_load_leaves_no_module_behind() -> None:
    before = set(sys.modules)
    with pytest.raises(ImportError):
        load({"crm": VALID}, Calls())
    assert set(sys.modules) == before


def test_two_loads_do_not_share_their_caller() -> None:
    first, second = Calls([]), Calls([])
    one = load({"crm": VALID, "records": RECORDS}, first)["crm"]
    load({"crm": VALID, "records": RECORDS}, second)
    one.find("Ann")
    assert (len(first.made), len(second.made)) == (1, 0)


def test_compiled_modules_load_as_sources_do() -> None:
    crm = load({"crm": audit(VALID), "records": audit(RECORDS)}, Calls([{"id": "1"}]))["crm"]
    assert crm.find("Ann")[0].id == "1"


def test_a_stub_outside_a_snippet_says_how_to_run_it() -> None:
    with pytest.raises(UsageError, match=r"crm.find is a stub: it can be called in a snippet \(codemode run\)"):
        call("crm.find", {}, int)


# -- typed answers ----------------------------------------------------------------------------------------------------

SHAPES = """
from __future__ import annotations

from typing import Any, Literal

from ioconnect_codemode.stubs import Record, call, field


class Leaf(Record):
    kind: Literal["leaf"]
    size: int


class Tree(Record):
    kind: Literal["tree"]
    children: list[Tree | Leaf] | None = None
    by_name: dict[str, Leaf] | None = field(key="by-name", default=None)
    pair: tuple[Leaf, int] | None = None
    anything: Any = None


class Wide(Record):
    id: str
    name: str
    email: str | None = None


class Narrow(Record):
    id: str
    name: str


def tree() -> Tree:
    return call("shapes.tree", {}, Tree)


def either() -> Wide | Narrow:
    return call("shapes.either", {}, Wide | Narrow)


def mixed() -> Leaf | dict[str, Narrow] | list[Leaf] | None:
    return call("shapes.mixed", {}, Leaf | dict[str, Narrow] | list[Leaf] | None)


def plain() -> list[int]:
    return call("shapes.plain", {}, list[int])
"""


def shape_answer(function: str, answer: JsonValue) -> object:
    audit(SHAPES)
    return getattr(load({"shapes": SHAPES}, Calls(answer))["shapes"], function)()


def names_of(value: object) -> object:
    """The classes of records in a value, as a tree of the same form."""
    if isinstance(value, dict):
        items = cast("dict[str, object]", value)
        return (type(items).__name__, {key: names_of(item) for key, item in items.items()})
    if isinstance(value, list):
        return [names_of(item) for item in cast("list[object]", value)]
    return value


def test_records_at_any_depth_get_their_class() -> None:
    leaf: JsonValue = {"kind": "leaf", "size": 1}
    answer: JsonValue = {
        "kind": "tree",
        "children": [{"kind": "tree", "children": [leaf]}, leaf],
        "by-name": {"a": leaf},
        "pair": [leaf, 2],
        "anything": [{"x": {"y": 1}}],
        "undeclared": {"z": 1},
    }
    leaf_names = ("Leaf", {"kind": "leaf", "size": 1})
    assert names_of(shape_answer("tree", answer)) == (
        "Tree",
        {
            "kind": "tree",
            "children": [("Tree", {"kind": "tree", "children": [leaf_names]}), leaf_names],
            "by-name": ("dict", {"a": leaf_names}),
            "pair": [leaf_names, 2],
            "anything": [("Record", {"x": ("Record", {"y": 1})})],
            "undeclared": ("dict", {"z": 1}),
        },
    )


@pytest.mark.parametrize(
    ("answer", "name"),
    [({"id": "1", "name": "A"}, "Narrow"), ({"id": "1", "name": "A", "email": "e"}, "Wide")],
)
def test_a_union_takes_the_record_whose_fields_came(answer: JsonValue, name: str) -> None:
    assert type(shape_answer("either", answer)).__name__ == name


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"kind": "leaf"}, ("Leaf", {"kind": "leaf"})),
        ({"a": {"id": "1"}}, ("dict", {"a": ("Narrow", {"id": "1"})})),
        ([{"size": 1}], [("Leaf", {"size": 1})]),
        (None, None),
    ],
)
def test_a_union_of_record_dict_and_list_takes_the_form_that_came(answer: JsonValue, expected: object) -> None:
    assert names_of(shape_answer("mixed", answer)) == expected


@pytest.mark.parametrize("answer", ["text", [1], 5, {"kind": 5, "children": 7}])
def test_what_does_not_fit_is_left_as_it_is(answer: JsonValue) -> None:
    assert shape_answer("tree", answer) == answer


def test_plain_values_are_not_copied() -> None:
    answer: JsonValue = [1, 2]
    assert shape_answer("plain", answer) is answer


def test_an_answer_of_any_type_has_loose_records() -> None:
    answer = typed({"a": [{"b": 1}]}, Any)
    assert isinstance(answer, Record)
    assert names_of(answer) == ("Record", {"a": [("Record", {"b": 1})]})


def returning(result: str, declared: str) -> str:
    return f'{HEAD}\n\ndef find() -> {result}:\n    return call("crm.find", {{}}, {declared})\n'


SAME = ["str", "None", "Literal[1, 'a', -2]", "dict[str, list[int | None]]", "tuple[int, str]", "Segment | Address"]


@pytest.mark.parametrize("result", SAME)
def test_a_function_that_calls_for_its_own_result_passes(result: str) -> None:
    audit(returning(result, result))


@pytest.mark.parametrize(
    ("result", "declared"),
    [
        *(("str", "int"), ("int | str", "str | int"), ("int | str", "int & str"), ("list[int]", "dict[int]")),
        *(("Literal[1]", "Literal[True]"), ("Literal[1]", "Literal[1.0]"), ("Literal[0.0]", "Literal[-0.0]")),
        *(("Literal[-1]", "Literal[+1]"), ("Literal['a']", "Literal[b'a']"), ("Literal['a']", "Literal['b']")),
        *(("tuple[int]", "tuple[int, int]"), ("tuple[int, str]", "tuple[*int, str]")),
        *(("int", "lambda: int"), ("str", "str if 1 else int"), ("list[int]", "list[__import__('os')]")),
    ],
)
def test_a_function_that_calls_for_another_result_is_refused(result: str, declared: str) -> None:
    with pytest.raises(PackageError):
        audit(returning(result, declared))
