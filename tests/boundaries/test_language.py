"""The language layer: nothing of the host is reached from a snippet."""

from __future__ import annotations

import ast
import collections
import fractions
import gc
import re
import sys
import unicodedata
import warnings
from collections import Counter
from typing import cast

import pytest
from RestrictedPython.transformer import RestrictingNodeTransformer

from boundaries.attacks import ATTACKS, CONTROLS, WITHOUT_LANGUAGE, reached
from ioconnect_codemode import policy, sandbox
from ioconnect_codemode.policy.groups import parallel
from ioconnect_codemode.policy.names import GUARD_NAMES
from ioconnect_codemode.policy.runtime import make_globals
from ioconnect_codemode.policy.scopes import find_bindings
from ioconnect_codemode.policy.transformer import SnippetTransformer
from snippets.conformance import run_plain


class Limit(BaseException):
    """What a host raises when a run is over its limits."""


def run(source: str, **names: object) -> sandbox.Finished | sandbox.Raised | policy.Rejected:
    try:
        program = policy.translate(policy.parse(source), facades=policy.FACADES)
    except policy.Rejected as rejected:
        return rejected
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return sandbox.run(program, names=names, inputs={}, facades=policy.FACADES, print_limit=1_000)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(attack, id=f"{family}-{n}")
        for family, attacks in ATTACKS.items()
        for n, attack in enumerate(attacks)
    ],
)
def test_attack_reaches_nothing(source: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        assert not reached(source)
        if "async" in source:
            gc.collect()  # a coroutine that an attack leaves behind warns here, where it is expected


@pytest.mark.parametrize("family", ATTACKS)
def test_attack_of_the_family_succeeds_without_the_language(family: str) -> None:
    value, _ = run_plain(WITHOUT_LANGUAGE[family])

    assert value not in ("nothing", None, False)


@pytest.mark.parametrize("family", ATTACKS)
def test_nearest_legal_thing_passes(family: str) -> None:
    source, value = CONTROLS[family]

    result = run(source)

    assert isinstance(result, sandbox.Finished), result
    assert result.value == value


def test_there_are_enough_attacks() -> None:
    assert sum(map(len, ATTACKS.values())) >= 400
    assert {family: len(attacks) for family, attacks in ATTACKS.items() if len(attacks) < 8} == {}
    assert ATTACKS.keys() == CONTROLS.keys() == WITHOUT_LANGUAGE.keys()
    assert [
        attack
        for attack, count in Counter(attack for attacks in ATTACKS.values() for attack in attacks).items()
        if count > 1
    ] == []


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    limit()\nexcept:\n    'caught'",
        "try:\n    limit()\nexcept Exception:\n    'caught'",
        "class M:\n    def __enter__(self): pass\n    def __exit__(self, *a): return True\nwith M():\n    limit()\n'caught'",
        "def g():\n    try:\n        limit()\n    finally:\n        yield 'caught'\nnext(g())\nlimit()",
        "async def f(): limit()\nawait asyncio.gather(f(), return_exceptions=True)",
        "async def f(): limit()\nt = asyncio.create_task(f())\n'caught'",
        "class M:\n    async def __aenter__(self): pass\n    async def __aexit__(self, *a): return True\n"
        "async def f():\n    async with M():\n        limit()\n    return 'caught'\nawait f()",
        "class C:\n    @property\n    def x(self): limit()\nhasattr(C(), 'x')\ngetattr(C(), 'x', 'caught')",
        "sorted([1, 2], key=lambda x: limit())",
        "import re\nre.sub('x', lambda m: limit(), 'x')",
        "import json\njson.dumps(object(), default=lambda o: limit())",
        "import contextlib\nwith contextlib.suppress(object, Exception): limit()\n'caught'",
        "import contextlib\n@contextlib.contextmanager\ndef f():\n    try:\n        yield\n    except: pass\n    finally:\n        yield\n"
        "try:\n    with f(): limit()\nexcept RuntimeError:\n    pass\n'caught'",
        "async def f(): limit()\nasync def main():\n    try:\n        async with asyncio.TaskGroup() as tg: tg.create_task(f())\n"
        "    except Exception:\n        pass\n    return 'caught'\nawait main()",
        "async def f(): limit()\nawait asyncio.wait([asyncio.create_task(f())])\n'caught'",
        "async def f(): limit()\ntry:\n    await asyncio.wait_for(f(), 1)\nexcept asyncio.CancelledError:\n    'caught'",
        "def attempt():\n    try:\n        limit()\n    except (ValueError, Exception) as e:\n        return 'caught'\nattempt()",
        "def g():\n    try: yield\n    finally: limit()\ni = g()\nnext(i)\ndel i\n'caught'",
        "async def f():\n    try: await asyncio.sleep(1)\n    finally: limit()\nt = asyncio.create_task(f())\n"
        "await asyncio.sleep(0)\n'caught'",
        "import contextlib\nclass C:\n    def close(self): raise ValueError\ntry:\n    with contextlib.closing(C()): limit()\n"
        "except ValueError:\n    r = 'caught'\nr",
        "async def f():\n    lock = asyncio.Lock()\n    try:\n        async with lock:\n            lock.release()\n"
        "            limit()\n    except RuntimeError:\n        return 'caught'\nawait f()",
        "async def bad():\n    try: await asyncio.sleep(1)\n    finally: raise ValueError\nasync def f():\n"
        "    asyncio.create_task(bad())\n    await asyncio.sleep(0)\n    limit()\ntry:\n    asyncio.run(f())\n"
        "except Exception:\n    r = 'caught'\nr",
        "try:\n    try:\n        limit()\n    finally:\n        raise ValueError\nexcept ValueError:\n    r = 'caught'\nr",
        "try:\n    try:\n        limit()\n    finally:\n        1 / 0\nexcept:\n    r = 'caught'\nr",
        "def g():\n    try:\n        limit()\n    finally:\n        yield 'caught'\nnext(g())",
        "class M:\n    def __enter__(self): pass\n    def __exit__(self, *a): raise ValueError\n"
        "try:\n    with M(): limit()\nexcept ValueError:\n    r = 'caught'\nr",
        "async def f():\n    try:\n        limit()\n    finally:\n        await asyncio.sleep(9)\n"
        "try:\n    await asyncio.wait_for(f(), 0.01)\nexcept TimeoutError:\n    r = 'caught'\nr",
        "class S:\n    def __str__(self): limit()\ntry:\n    print(S())\nexcept Exception:\n    'caught'",
        "class E(Exception):\n    def __str__(self): limit()\nraise E",
        "def g():\n    try:\n        yield\n    finally:\n        limit()\nx = g()\nnext(x)\ntry:\n    x.close()\nexcept:\n    'caught'",
        "try:\n    limit()\nexcept MemoryError:\n    r = 'caught'\nr",
        "def f(n):\n    try:\n        limit()\n    finally:\n        if n:\n            f(n - 1)\ntry:\n    f(3)\nexcept:\n    'caught'",
        "for n in range(3):\n    try:\n        limit()\n    except Exception:\n        continue\n'caught'",
        "try:\n    try:\n        limit()\n    except ValueError:\n        pass\n    finally:\n        {}['x']\nexcept KeyError:\n    r = 'caught'\nr",
        "class B:\n    def __bool__(self): limit()\ntry:\n    any([B()])\nexcept:\n    'caught'",
        "next((limit() for _ in [1]), 'caught')",
        "t = asyncio.create_task(asyncio.sleep(0))\nt.add_done_callback(lambda t: limit())\ntry:\n    await t\nexcept:\n    'caught'",
        "import contextlib\nclass M:\n    def __enter__(self): pass\n    def __exit__(self, *a): return True\n"
        "with contextlib.ExitStack() as s:\n    s.enter_context(M())\n    limit()\n'caught'",
        "import contextlib\ntry:\n    with contextlib.ExitStack() as s:\n        s.callback(lambda: 1 / 0)\n        limit()\n"
        "except ZeroDivisionError:\n    r = 'caught'\nr",
        "import contextlib\ns = contextlib.ExitStack()\ns.callback(limit)\ntry:\n    s.close()\nexcept:\n    'caught'",
        "import contextlib\n@contextlib.asynccontextmanager\nasync def m():\n    try: yield\n    except: pass\n    finally:\n"
        "        yield\nasync def f():\n    try:\n        async with m(): limit()\n    except RuntimeError: pass\n"
        "    return 'caught'\nawait f()",
        "class C:\n    def __format__(self, spec): limit()\ntry:\n    f'{C():>3}'\nexcept:\n    'caught'",
        "class C:\n    def __repr__(self): limit()\nimport pprint\ntry:\n    pprint.pformat([C()])\nexcept:\n    'caught'",
        "import csv, io\nclass C:\n    def __str__(self): limit()\ntry:\n    csv.writer(io.StringIO()).writerow([C()])\n"
        "except:\n    'caught'",
        "import json\nclass E(json.JSONEncoder):\n    def default(self, o): limit()\ntry:\n    json.dumps({1}, cls=E)\n"
        "except:\n    'caught'",
        "from enum import Enum\ntry:\n    class E(Enum):\n        A = 1\n        def __init__(self, v): limit()\n"
        "except:\n    'caught'",
        "try:\n    try:\n        limit()\n    finally:\n        raise ExceptionGroup('g', [ValueError()])\n"
        "except ExceptionGroup:\n    r = 'caught'\nr",
        "asyncio.run(asyncio.wait_for(asyncio.shield(parallel(lambda x: limit(), [1])), 1))\n'caught'",
    ],
)
@pytest.mark.parametrize("kind", [Limit, MemoryError])
def test_limit_is_not_caught(source: str, kind: type[BaseException]) -> None:
    def limit() -> None:
        raise kind

    result = run(source, limit=limit, parallel=parallel)

    assert isinstance(result, sandbox.Raised), result
    assert type(result.error) is kind


def test_limit_is_reported_where_it_was_reached() -> None:
    def limit() -> None:
        raise MemoryError

    result = run("x = 1\ntry:\n    limit()\nfinally:\n    [][1]", limit=limit)

    assert isinstance(result, sandbox.Raised)
    assert (result.type_name, result.line) == ("MemoryError", 3)


def test_calls_of_tasks_are_not_made_after_a_limit() -> None:
    called: list[object] = []

    def limit() -> None:
        raise MemoryError

    run(
        "async def later(): call(1)\nt = asyncio.create_task(later())\ntry:\n    limit()\nfinally:\n    [][1]",
        limit=limit,
        call=called.append,
    )

    assert called == []


@pytest.mark.parametrize("kind", [Limit, MemoryError])
def test_manager_is_not_told_of_a_limit_but_is_left(kind: type[BaseException]) -> None:
    told: list[object] = []

    def limit() -> None:
        raise kind

    run(
        "class M:\n    def __enter__(self): pass\n    def __exit__(self, *a): tell(a)\nwith M():\n    limit()",
        limit=limit,
        tell=told.append,
    )

    assert told == [(None, None, None)]


def test_exception_is_caught_where_a_limit_is_not() -> None:
    result = run(
        "class M:\n    def __enter__(self): pass\n    def __exit__(self, *a): return True\nwith M():\n    1 / 0\n'caught'"
    )

    assert isinstance(result, sandbox.Finished)
    assert result.value == "caught"


def test_class_of_the_standard_library_is_as_before_after_all_attacks() -> None:
    assert not hasattr(collections.Counter, "__dataclass_fields__")
    assert fractions.Fraction(1, 2) < 1
    assert (3).real == 3


NODES = [cls for cls in vars(ast).values() if isinstance(cls, type) and issubclass(cls, ast.AST)]

NOT_IN_A_MODULE = {"Interactive", "Expression", "FunctionType", "TypeIgnore", "Suite", "Param", "AugLoad", "AugStore"}
ABSTRACT = {
    "AST",
    *(cls.__name__ for cls in NODES if cls.__subclasses__()),
    "Index",
    "ExtSlice",
    "slice",
    "type_ignore",
}
REPLACED = {"Num", "Str", "Bytes", "NameConstant", "Ellipsis"}
REFUSED = {"TryStar", "TypeAlias", "TypeVar", "ParamSpec", "TypeVarTuple", "TemplateStr", "Interpolation"}

TEXT_FIELDS = {
    "FunctionDef.name",
    "AsyncFunctionDef.name",
    "ClassDef.name",
    "Name.id",
    "Attribute.attr",
    "arg.arg",
    "keyword.arg",
    "alias.name",
    "alias.asname",
    "ImportFrom.module",
    "Global.names",
    "Nonlocal.names",
    "ExceptHandler.name",
    "MatchAs.name",
    "MatchStar.name",
    "MatchMapping.rest",
    "MatchClass.kwd_attrs",
    "TypeVar.name",
    "ParamSpec.name",
    "TypeVarTuple.name",
}
"""Every place where a node holds a name as text; each is checked by the transformer, or its node is refused."""


def test_every_node_of_this_python_is_taken_by_a_visitor_or_refused() -> None:
    unknown = {
        cls.__name__
        for cls in NODES
        if cls.__name__ not in NOT_IN_A_MODULE | ABSTRACT | REPLACED | REFUSED
        and not hasattr(SnippetTransformer, f"visit_{cls.__name__}")
    }

    assert unknown == set()


def test_refused_nodes_have_no_visitor_that_takes_them() -> None:
    refuse = SnippetTransformer.generic_visit

    assert {name for name in REFUSED if getattr(SnippetTransformer, f"visit_{name}", refuse) is not refuse} == set()


ADDED = {
    (3, 12): {
        "TypeAlias": "name type_params value",
        "TypeVar": "name bound",
        "ParamSpec": "name",
        "TypeVarTuple": "name",
    },
    (3, 13): {},
    (3, 14): {"TemplateStr": "values", "Interpolation": "value str conversion format_spec"},
}
"""Nodes that a version of Python has added since 3.11, with their fields: `Doc/library/ast.rst` of each."""

ADDED_FIELDS = {
    (3, 12): {"FunctionDef.type_params", "AsyncFunctionDef.type_params", "ClassDef.type_params"},
    (3, 13): {"TypeVar.default_value", "ParamSpec.default_value", "TypeVarTuple.default_value"},
    (3, 14): set[str](),
}
"""Fields that a version has added to nodes that were there."""


@pytest.mark.parametrize("node", [node for nodes in ADDED.values() for node in nodes])
def test_node_that_a_later_python_has_is_refused_by_name_on_this_one(node: str) -> None:
    fields = next(nodes[node] for nodes in ADDED.values() if node in nodes)
    made = cast("type[ast.AST]", type(node, (ast.expr,), {"_fields": tuple(fields.split())}))()
    transformer = SnippetTransformer(find_bindings(ast.Module([], [])), (), None)

    transformer.visit(made)

    assert len(transformer.violations) == 1
    assert transformer.violations[0].message.endswith(" is not available")


def test_nodes_of_this_python_are_those_of_3_11_and_what_is_listed_as_added() -> None:
    added = {node for version, nodes in ADDED.items() if sys.version_info >= version for node in nodes}
    later = {node for version, nodes in ADDED.items() if sys.version_info < version for node in nodes}
    names = {cls.__name__ for cls in NODES}

    assert added <= names
    assert later & names == set()
    assert added | later == REFUSED - {"TryStar"}


def test_fields_that_a_python_has_added_are_there_and_hold_no_name_as_text() -> None:
    fields = {field for version, added in ADDED_FIELDS.items() if sys.version_info >= version for field in added}

    assert fields <= {f"{cls.__name__}.{field}" for cls in NODES for field in cls._fields}
    assert {field for added in ADDED_FIELDS.values() for field in added} & TEXT_FIELDS == set()


def test_every_name_that_a_node_holds_as_text_is_known() -> None:
    found = {
        f"{cls.__name__}.{field}"
        for cls in NODES
        if cls.__name__ not in NOT_IN_A_MODULE | ABSTRACT and cls.__doc__
        for field in re.findall(r"(?:identifier|string)[*?]? (\w+)", cls.__doc__)
        if field not in ("type_comment", "kind")
    }

    assert found <= TEXT_FIELDS


@pytest.mark.parametrize(
    "name", ["visit_Import", "visit_Attribute", "visit_Name", "guard_iter", "visit_ClassDef", "visit_Call"]
)
def test_visitor_that_would_emit_stock_guards_is_replaced(name: str) -> None:
    assert getattr(SnippetTransformer, name) is not getattr(RestrictingNodeTransformer, name)


def test_compiled_code_holds_no_name_of_a_stock_guard() -> None:
    source = (
        "for a, b in [(1, 2)]:\n    d = {}\n    d['k'] = f(*[a], **{})\n    d['k'] += 1\n    c, (e, g) = 1, (2, 3)\n"
        "class C:\n    x = 1\n    def m(self):\n        self.x += 1\n        print(self.x)\n"
        "with C() as (p, q): pass\n[x for x, y in [(1, 2)]]\n"
    )
    program = policy.translate(policy.parse(source), facades=())

    stock = {name for name in names_in(program.code) if re.fullmatch(r"_[a-z]\w*_?", name)}

    assert stock == set()


def test_guards_have_names_that_no_source_can_spell() -> None:
    program = policy.translate(policy.parse("1"), facades=())

    variables = make_globals(program, supplied={}, facades=(), write_line=print)

    assert variables.keys() == GUARD_NAMES | {"__builtins__", "__name__"}
    assert not [name for name in GUARD_NAMES if unicodedata.normalize("NFKC", name).isidentifier()]


def names_in(code: object) -> set[str]:
    found: set[str] = set()
    waiting = [code]
    while waiting:
        one = waiting.pop()
        found |= {*getattr(one, "co_names", ()), *getattr(one, "co_varnames", ())}
        waiting += [constant for constant in getattr(one, "co_consts", ()) if hasattr(constant, "co_consts")]
    return found
