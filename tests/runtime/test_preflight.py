from __future__ import annotations

import builtins
import itertools
from collections.abc import Mapping, Sequence

import pytest

from ioconnect_codemode import policy
from ioconnect_codemode.frames import Problem
from ioconnect_codemode.preflight import FunctionScope, Scope, check
from ioconnect_codemode.preflight.value_types import DictOf, Items, ListOf, ValueType, joined
from runtime.packages import CAPABILITIES, NAMESPACES, TYPES  # noqa: TID251 - the tests of the runtime, not its sources

SIGNATURES = {name: entry["signature"] for name, entry in CAPABILITIES.items()}


def scope(near: Mapping[str, Sequence[str]] | None = None) -> Scope:
    return Scope(
        namespaces={
            name: {
                function: FunctionScope(
                    parameters=CAPABILITIES[f"{name}.{function}"]["parameters"],
                    signature=SIGNATURES[f"{name}.{function}"],
                    returns=CAPABILITIES[f"{name}.{function}"]["returns"],
                )
                for function in namespace["capabilities"]
            }
            for name, namespace in NAMESPACES.items()
        },
        functions={"find_clients": ("crm", "find_clients"), "add_note": ("crm", "add_note")},
        types=TYPES,
        known=frozenset((*dir(builtins), "json", "inputs", "parallel", "asyncio")),
        near=near or {},
    )


def problems(source: str, near: Mapping[str, Sequence[str]] | None = None) -> list[Problem]:
    return check(policy.parse(source), scope(near))


def places(source: str) -> list[tuple[str, str, int | None, str]]:
    """Kind, message, line and the text that the columns mark."""
    lines = source.split("\n")
    return [
        (
            one["kind"],
            one["message"],
            one.get("line"),
            lines[(one.get("line") or 1) - 1][(one.get("column") or 1) - 1 : (one.get("end_column") or 1) - 1],
        )
        for one in problems(source)
    ]


@pytest.mark.parametrize(
    "source",
    [
        "crm.find_clients('A')",
        "find_clients('A', 5, 'retail')",
        "crm.find_clients(name='A', limit=None, segment=None)",
        "crm.find_clients(*args)\nargs = ['A']",
        "crm.find_clients(**inputs)",
        "crm.find_clients('A', **{'limit': 5})",
        "crm.find_clients(*['A'], segment='retail')",
        "crm.find_clients(f'{inputs}', segment=f'pri{inputs}')",
        "crm.find_clients('A' 'B', segment=str(1))",
        "crm.add_note('c', 't', {'city': 'X', 'post-code': None, 'other': 5}, None)",
        "crm.add_note('c', 't', {**inputs, 'city': 5})",
        "crm.add_note('c', 't', address={inputs: 5})",
        "crm.add_note('c', 't', address=dict(city='X'))",
        "intents.show_client({'id': '1', 'name': 'n', 'adviser': None, 'partner': None, 'items': ['a', inputs]})",
        "x = crm.find_clients\nx(1, 2, 3, 4)",
        "list(parallel(crm.show_client, ['1']))",
        "[c.name for c in find_clients('A') if c.id]",
        "{k: v for k, v in {}.items()}",
        "sum(x for y in [[1]] for x in y)",
        "def f():\n    return later\nlater = 1\nf()",
        "def f(a, /, b, *c, d=1, **e):\n    return a, b, c, d, e",
        "def f():\n    global g\n    g = 1\nf()\ng",
        "def f():\n    x = 1\n    def h():\n        nonlocal x\n        x = 2\n    return h",
        "try:\n    pass\nexcept ValueError as error:\n    print(error)",
        "try:\n    pass\nexcept* ValueError as error:\n    print(error)",
        "with open('x') as f, open('y') as (a, b):\n    f, a, b",
        "match inputs:\n    case {'a': x, **rest}:\n        x, rest\n    case [y, *z]:\n        y, z\n    case str() as w:\n        w",
        "import math, os.path as p, collections.abc\nmath.pi, p, collections",
        "from datetime import date as d\nd",
        "from os import *",
        "(lambda a, *b, c=1, **d: (a, b, c, d))(1)",
        "class A:\n    x = 1\n    y = x\n    def f(self):\n        return __class__, A",
        "import crm\ncrm.find_clients('A')",
        "import crm as c\nc.find_clients('A')",
        "from crm import find_clients as f, Client, Segment\nf('A')",
        "from crm import *\nshow_client('1')",
        "crm = {}\ncrm.get('x')\ncrm.nothing",
        "def f(crm):\n    return crm.anything(1, 2)",
        "for find_clients in []:\n    find_clients()",
        "if (n := 5) > 3:\n    n",
        "x = 1\ndel x",
        "def f(c: Client, d: 'Nowhere', *e: Nowhere) -> list[Client]:\n    x: Nowhere = 1\n    return x",
        "rows: list[Holding] = []",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from crm import Client",
        "import functools\n@functools.cache\ndef f():\n    return 1",
        "async def main():\n    return await asyncio.gather(crm.show_client('1'))",
        "__name__",
        "crm.__doc__",
        "crm.Client",
        "f'{inputs!r:>{10}}'",
        "crm.find_clients.cache = 1",
        "try:\n    nothing_here\nexcept NameError:\n    pass",
        "try:\n    nothing_here.x\nexcept (KeyError, NameError) as error:\n    pass\nnothing_here",
        "crm.anything = 1",
    ],
)
def test_nothing_is_said_about_what_may_be_right(source: str) -> None:
    assert problems(source) == []


@pytest.mark.parametrize(
    ("source", "kind", "message", "line", "marked"),
    [
        ("crm.find_client('A')", "unknown_name", "crm has no function find_client", 1, "find_client"),
        ("from crm import find_client", "unknown_name", "crm has no function find_client", 1, "find_client"),
        ("x = 1\nprint(clint)", "unknown_name", "clint is not defined", 2, "clint"),
        ("find_clients()", "type_error", "missing argument name", 1, "find_clients()"),
        ("add_note()", "type_error", "missing arguments client_id, text", 1, "add_note()"),
        ("find_clients('A', limt=5)", "type_error", "unknown argument limt", 1, "limt=5"),
        ("find_clients('A', name='B')", "type_error", "argument name is given twice", 1, "name='B'"),
        ("find_clients('A', 1, 'retail', 4, 5)", "type_error", "too many arguments: expected 3, got 5", 1, "4"),
        ("find_clients(5)", "type_error", "expected str, got int", 1, "5"),
        ("find_clients(None)", "type_error", "expected str, got None", 1, "None"),
        ("find_clients('A', '5')", "type_error", "expected int, got str", 1, "'5'"),
        ("find_clients('A', -5.5)", "type_error", "expected int, got float", 1, "-5.5"),
        ("find_clients('A', True)", "type_error", "expected int, got bool", 1, "True"),
        ("find_clients(b'A')", "type_error", "expected str, got bytes", 1, "b'A'"),
        ("find_clients(['A'])", "type_error", "expected str, got list", 1, "['A']"),
        (
            "find_clients('A', segment='gold')",
            "type_error",
            "'gold' is not one of 'private', 'retail'",
            1,
            "'gold'",
        ),
        ("import crm as c\nc.show_client(7)", "type_error", "expected str, got int", 2, "7"),
        ("from crm import show_client as s\ns(7)", "type_error", "expected str, got int", 2, "7"),
        ("crm()", "type_error", "crm is a namespace, not a function", 1, "crm"),
        ("add_note('c', 't', {})", "type_error", "field city of Address is missing", 1, "{}"),
        ("add_note('c', 't', {'city': 5})", "type_error", "expected str, got int", 1, "5"),
        ("add_note('c', 't', 'Rome')", "type_error", "expected Address, got str", 1, "'Rome'"),
        ("add_note('c', 't', phone=5)", "type_error", "expected str | None, got int", 1, "5"),
        (
            "intents.show_client({'id': '1', 'name': 'n', 'adviser': 5})",
            "type_error",
            "expected str | None, got int",
            1,
            "5",
        ),
        (
            "intents.show_client({'id': '1', 'name': 'n', 'adviser': None, 'address': {'city': None}})",
            "type_error",
            "expected str, got None",
            1,
            "None",
        ),
        (
            "intents.show_client({'id': '1', 'name': 'n', 'adviser': None, 'items': ['a', 5]})",
            "type_error",
            "expected str, got int",
            1,
            "5",
        ),
        ("'é漢'; find_clients('é', 5, 'gold')", "type_error", "'gold' is not one of 'private', 'retail'", 1, "'gold'"),
        ("find_clients(\n    'é',\n    limit='x',\n)", "type_error", "expected int, got str", 3, "'x'"),
        ("(crm\n .nothing)", "unknown_name", "crm has no function nothing", 2, "nothing"),
    ],
)
def test_what_is_surely_wrong_is_told_with_its_place(
    source: str, kind: str, message: str, line: int, marked: str
) -> None:
    assert places(source) == [(kind, message, line, marked)]


def test_a_wrong_argument_comes_with_the_signature() -> None:
    (problem,) = problems("find_clients('A', limt=5)")
    assert (problem.get("signature"), problem.get("hint")) == (SIGNATURES["crm.find_clients"], "did you mean limit?")


def told(source: str, example: str | int | float, of: str = "str", returns: str = "Client") -> list[tuple[str, str]]:
    """What is said of calls of `crm.get_client(id: of, limit: int | None = ...)`: message and hint of each."""
    function = FunctionScope(
        parameters=[
            {"name": "id", "key": "id", "type": of, "required": True, "example": example},
            {"name": "limit", "key": "limit", "type": "int | None", "required": False, "example": 5},
        ],
        signature="crm.get_client(...)",
        returns=returns,
    )
    given = scope()._replace(namespaces={"crm": {"get_client": function}}, functions={})
    return [(one["message"], one.get("hint") or "") for one in check(policy.parse(source), given)]


def test_a_wrong_argument_comes_with_an_example_of_a_right_one() -> None:
    hint = 'Client.id is a str such as "CL-10024"'
    assert told("a = crm.get_client(id=12)", "CL-10024") == [("expected str, got int", hint)]
    assert told("crm.get_client(12)", 'a "b" {c}') == [
        ("expected str, got int", 'Client.id is a str such as "a \\"b\\" {c}"')
    ]


@pytest.mark.parametrize("returns", ["bool", "list[Client]", "Segment", "Address"])
def test_an_example_is_told_by_the_parameter_where_the_result_has_no_such_field(returns: str) -> None:
    assert told("crm.get_client(12)", "CL-1", returns=returns) == [
        ("expected str, got int", 'id is a str such as "CL-1"')
    ]


def test_each_wrong_argument_comes_with_its_own_example() -> None:
    assert told("crm.get_client(12, limit='5')", "CL-1") == [
        ("expected str, got int", 'Client.id is a str such as "CL-1"'),
        ("expected int | None, got str", "limit is an int such as 5"),
    ]
    assert told("crm.get_client('a', limit=None)", "CL-1") == []


@pytest.mark.parametrize(
    ("example", "of"), [(5, "str"), ("5", "int"), (5, "float"), ("a", "Segment"), ("a", "list[str]"), ("a", "Address")]
)
def test_an_example_of_another_type_is_not_told(example: str | int, of: str) -> None:
    assert [hint for _, hint in told("crm.get_client(b'x')", example, of)] == [""]


def test_an_unknown_function_comes_with_the_nearest_ones() -> None:
    (problem,) = problems("crm.find_client('A')")
    assert problem.get("hint") == "did you mean crm.find_clients, crm.show_client?"


def test_an_unknown_function_far_from_all_is_to_be_looked_up() -> None:
    (problem,) = problems("crm.zzzz()")
    assert problem.get("hint") == 'look it up with list_python_definitions("zzzz")'


def test_an_unknown_name_comes_with_the_host_s_nearest_names() -> None:
    (problem,) = problems("get_clients()", {"get_clients": ["crm.find_clients"]})
    assert problem.get("hint") == "did you mean crm.find_clients?"


def test_an_unknown_name_comes_with_the_snippet_s_own_nearest_name() -> None:
    (problem,) = problems("customer = 1\nprint(custmer)")
    assert problem.get("hint") == "did you mean customer?"


@pytest.mark.parametrize("code", ["import os", "import os.path", "from os import path", "import os as system"])
def test_a_well_known_module_is_no_slip_of_a_namespace(code: str) -> None:
    assert problems(code, {"os": ["oms"], "os.path": ["oms"]}) == []
    assert problems("import omss", {"omss": ["oms"]})[0].get("hint") == "did you mean oms?"


def test_a_function_of_several_namespaces_is_told_to_be_ambiguous() -> None:
    near = {"show_client": ["crm.show_client", "intents.show_client"]}
    (problem,) = problems("show_client('1')", near)
    assert (problem["message"], problem.get("hint")) == (
        "show_client is in more than one namespace",
        "write one of crm.show_client, intents.show_client",
    )


def test_the_same_unknown_name_is_told_once() -> None:
    assert [one.get("line") for one in problems("crm.nothing()\nnowhere\ncrm.nothing()\nnowhere")] == [1, 2]


def test_at_most_five_problems_are_told_in_the_order_of_the_source() -> None:
    source = "\n".join(f"find_clients({number})" for number in range(9))
    assert [one.get("line") for one in problems(source)] == [1, 2, 3, 4, 5]


def test_several_kinds_are_told_at_once() -> None:
    source = "c = find_clients(5)\nprint(clint)\ncrm.nothing()"
    assert [one["kind"] for one in problems(source)] == ["type_error", "unknown_name", "unknown_name"]


def test_literals_nested_beyond_reason_are_left_to_the_call() -> None:
    inner = "{'id': 5}"
    for _ in range(90):
        inner = f"{{'id': '1', 'name': 'n', 'adviser': None, 'partner': {inner}}}"
    assert [one["message"] for one in problems(f"intents.show_client({inner})")] in ([], ["expected str, got int"])


FOLLOWED = [
    ("find_clients('A')[0].nme", "Client has no field nme", "nme"),
    ("c = find_clients('A')[0]\nc['adviser_name']", "Client has no field adviser_name", "'adviser_name'"),
    ("for c in find_clients('A'):\n    c.nme", "Client has no field nme", "nme"),
    ("[c.nme for c in find_clients('A')]", "Client has no field nme", "nme"),
    ("a, *b = find_clients('A')\nb[0].nme", "Client has no field nme", "nme"),
    ("for n, c in enumerate(find_clients('A')):\n    c.nme", "Client has no field nme", "nme"),
    ("for c, n in zip(find_clients('A'), [1]):\n    c.nme", "Client has no field nme", "nme"),
    ("sorted(find_clients('A'), key=lambda c: c.nme)", "Client has no field nme", "nme"),
    ("def f(c):\n    return c.nme\nf(find_clients('A')[0])", "Client has no field nme", "nme"),
    ("def f():\n    return find_clients('A')[0]\nf().nme", "Client has no field nme", "nme"),
    ("if (c := find_clients('A')[0]):\n    c.nme", "Client has no field nme", "nme"),
    ("find_clients('A')[0].get('nme')", "Client has no field nme", "'nme'"),
    ("find_clients('A')[0].address.city", "Client.address may be None", "find_clients('A')[0].address"),
    ("find_clients('A')[0].adviser + '!'", "Client.adviser may be None", "find_clients('A')[0].adviser"),
    ("find_clients('A').name", "list[Client] has no attribute name", "name"),
    ("find_clients('A')['name']", "list[Client] has no key name", "'name'"),
    ("find_clients('A')[0].name.nothing", "str has no attribute nothing", "nothing"),
    ("crm.show_client(find_clients('A')[0])", "expected str, got Client", "find_clients('A')[0]"),
    ("n = 'gold'\nfind_clients('A', segment=n)", "'gold' is not one of 'private', 'retail'", "n"),
    ("find_clients('A')[0].name - 1", "- does not take str and int", "find_clients('A')[0].name - 1"),
    ("crm.add_note\nfind_clients('A')", "crm.add_note is named, not called", "crm.add_note"),
    ("find_clients('A')[0].name = 'x'", "attributes cannot be set on a Client", "name"),
]


@pytest.mark.parametrize(("source", "message", "marked"), FOLLOWED)
def test_what_a_call_gives_is_followed(source: str, message: str, marked: str) -> None:
    assert [(one[1], one[3]) for one in places(source)] == [(message, marked)]


@pytest.mark.parametrize(
    "source",
    [
        "c = find_clients('A')[0]\nc = 'text'\nc.upper()",
        "c = find_clients('A')[0]\nif inputs:\n    c = {}\nc.nme",
        "c = find_clients('A')[0]\nfor x in inputs:\n    c = c.partner or c\nc.nothing",
        "c = find_clients('A')[0]\nc['score'] = 1\nc.score",
        "c = find_clients('A')[0]\nc.update(score=1)\nc['score']",
        "c = find_clients('A')[0]\nfor key in inputs:\n    c[key] = 1\nc['score']",
        "c = find_clients('A')[0]\nhasattr(c, 'score') and c.score",
        "c = find_clients('A')[0]\n'score' in c and c['score']",
        "c = find_clients('A')[0]\ngetattr(c, 'nme', None)",
        "c = find_clients('A')[0]\nc.get('score', 0)",
        "try:\n    find_clients('A')[0].nme\nexcept AttributeError:\n    pass",
        "def f(c):\n    return c.nme\ntry:\n    f(find_clients('A')[0])\nexcept KeyError:\n    pass",
        "from contextlib import suppress\nwith suppress(Exception):\n    find_clients('A')[0].nme",
        "def f(c):\n    return c.nme\nf(find_clients('A')[0])\nf(inputs)",
        "def f(c):\n    return c.nme\nf(find_clients('A')[0])\nlist(map(f, inputs))",
        "c = find_clients('A')[0]\nif isinstance(c, list):\n    c.nme",
        "c = find_clients('A')[0]\nc.address and c.address.city",
        "for c in find_clients('A'):\n    if not c.address:\n        continue\n    c.address.city",
        "a = [c.address for c in find_clients('A')]\n[x.city for x in a if x]",
        "rows = ['a']\nrows.append(find_clients('A')[0])\nrows[1].name",
        "find_clients('A')[0].items()",
        "find_clients('A')[0].items[0].upper() if find_clients('A')[0].items else None",
        "def f():\n    global c\n    c = inputs\nc = find_clients('A')[0]\nf()\nc.nme",
        "find_clients('A', segment=inputs)[0].name.upper()",
    ],
)
def test_nothing_is_said_where_a_value_may_be_something_else(source: str) -> None:
    assert problems(source) == []


@pytest.mark.parametrize(
    ("first", "second"),
    list(itertools.permutations([ListOf(None), Items(None), DictOf(None)], 2)),
)
def test_types_of_different_kinds_with_the_same_parts_are_never_one_type(first: ValueType, second: ValueType) -> None:
    assert joined(first, second) is None
    assert joined(ListOf(first), ListOf(second)) is None


def test_helpers_that_call_one_another_take_no_time_that_grows_with_their_number() -> None:
    lines = ["def f0(c):\n    return c"]
    lines += [f"def f{n}(c):\n    return f{n - 1}(c) or f{n - 1}([c]) or f{n - 1}((c, c))" for n in range(1, 40)]
    assert problems("\n".join([*lines, "f39(find_clients('A'))"])) == []
