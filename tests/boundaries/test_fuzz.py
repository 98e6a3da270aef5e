"""A fuzzer of review and translation: whatever the text, it is refused by name or it names nothing of the host."""

from __future__ import annotations

import ast
import dis
import os
import random
import re
import types
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boundaries.attacks import ATTACKS
from ioconnect_codemode import policy
from ioconnect_codemode.policy.names import GUARD_NAMES, METHODS, WRITABLE_SPECIAL, is_special
from ioconnect_codemode.policy.native import is_native
from snippets.conformance import ACCEPTED

_OURS = re.compile(r"<(held \d+|twin .+|main)>")
_HOLDERS = re.compile(r"value_\d+|values|exception")
_BY_COMPILER = {"__module__", "__qualname__", "__name__", "__doc__", "__class__", "__classcell__", "__firstlineno__"}
_BY_COMPILER_OF_LATER_PYTHONS = {
    "__static_attributes__",
    "__slots__",
    "__annotations__",
    "__classdict__",
    "__conditional_annotations__",
}

SEEDS = [
    *(path.read_text(encoding="utf-8") for path in sorted(ACCEPTED.glob("*.py"))),
    *(attack for family in ATTACKS.values() for attack in family),
]
NAMES = [
    "x",
    "print",
    "__builtins__",
    "__class__",
    "super",
    "_getattr_",
    "os",
    "json",
    "asyncio",
    "parallel",
    "crm",
    "f",
]
ATTRIBUTES = [
    "__dict__",
    "__setattr__",
    "__name__",
    "f_back",
    "x",
    "_x",
    "__x",
    "__class__",
    "__globals__",
    "gi_frame",
    "format",
    "items",
    "mro",
    "append",
    "obj",
    "now",
]


def trees() -> list[ast.Module]:
    found: list[ast.Module] = []
    for seed in SEEDS:
        try:
            found.append(ast.parse(seed))
        except SyntaxError:
            continue
    return found


TREES = trees()
PARTS = [node for tree in TREES for node in ast.walk(tree) if isinstance(node, (ast.expr, ast.stmt, ast.pattern))]


class Mixer(ast.NodeTransformer):
    """Puts parts of other snippets, and other names, in the place of some."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def generic_visit(self, node: ast.AST) -> ast.AST:
        node = super().generic_visit(node)
        if isinstance(node, ast.Name) and self._chance.random() < 0.1:
            node.id = self._chance.choice(NAMES)
        elif isinstance(node, (ast.Attribute, ast.MatchClass)) and self._chance.random() < 0.3:
            if isinstance(node, ast.Attribute):
                node.attr = self._chance.choice(ATTRIBUTES)
            else:
                node.kwd_attrs = [self._chance.choice(ATTRIBUTES) for _ in node.kwd_attrs]
        elif isinstance(node, (ast.expr, ast.stmt)) and self._chance.random() < 0.04:
            other = self._chance.choice(PARTS)
            if isinstance(other, ast.expr) and isinstance(node, ast.expr):
                return other
            if isinstance(other, ast.stmt) and isinstance(node, ast.stmt):
                return other
        return node


def mixed(seed: int) -> str | None:
    """Give the text of a snippet that is made of others."""
    chance = random.Random(seed)
    source = ast.unparse(chance.choice(TREES))
    try:
        return ast.unparse(Mixer(chance).visit(ast.parse(source)))
    except (ValueError, AttributeError, RecursionError, TypeError):
        return None  # parts that no text can have in this place


def judge(source: str) -> None:
    """Translate; whatever is accepted must name nothing of the host."""
    try:
        program = policy.translate(policy.parse(source), facades=policy.FACADES)
    except policy.Rejected as rejected:
        assert rejected.violations
        return
    for code in codes(program.code):
        for name in {*code.co_names, *code.co_varnames, *code.co_freevars, *code.co_cellvars}:
            if name.startswith("<"):
                assert name in GUARD_NAMES or _OURS.fullmatch(name), name
            elif is_special(name):
                assert name in METHODS | _BY_COMPILER | _BY_COMPILER_OF_LATER_PYTHONS, name
        before = ""
        for instruction in dis.get_instructions(code):
            # `x.y += 1` copies the owner, which the write guard has let pass for this name, and reads behind it.
            is_augmented = before.startswith(("COPY", "DUP_TOP"))
            before = instruction.opname
            if is_augmented and instruction.opname == "LOAD_ATTR":
                assert not is_special(instruction.argval) or instruction.argval in WRITABLE_SPECIAL, instruction.argval
            elif instruction.opname in ("LOAD_ATTR", "LOAD_METHOD", "LOAD_SUPER_ATTR"):
                assert is_native(instruction.argval) or _HOLDERS.fullmatch(instruction.argval), instruction.argval
            elif instruction.opname in ("STORE_ATTR", "DELETE_ATTR"):
                assert not is_special(instruction.argval) or instruction.argval in WRITABLE_SPECIAL, instruction.argval
            assert not instruction.opname.startswith("IMPORT"), instruction.opname


def codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from codes(constant)


EXAMPLES = int(os.environ.get("CODEMODE_FUZZ_EXAMPLES", "1200"))
"""Seconds of every test run; `make test-all` asks for many more."""

pytestmark = pytest.mark.timeout(max(120, EXAMPLES // 100))

BOUNDED = settings(
    deadline=None, max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@BOUNDED
@given(st.integers(min_value=0))
def test_mixture_of_snippets_is_refused_or_names_nothing_of_the_host(seed: int) -> None:
    source = mixed(seed)
    if source is not None:
        judge(source)


@BOUNDED
@given(
    st.lists(
        st.sampled_from(
            [*NAMES, *ATTRIBUTES, *"()[]{}.,:=+-*%@", "\n", "\n    ", " ", "def ", "class ", "async ", "await ", "lambda ", "match ",
             "case ", "for ", " in ", "if ", "else", "try", "except ", "finally", "with ", " as ", "import ", "from ", "return ",
             "yield ", "global ", "nonlocal ", "del ", "1", "'{0.x}'", "f'{x:{x}}'", "*", "**", "->", ":=", "is ", "not "]
        ),
        max_size=30,
    ).map("".join)
)  # fmt: skip
def test_string_of_words_is_refused_or_names_nothing_of_the_host(source: str) -> None:
    judge(source)


@settings(BOUNDED, max_examples=EXAMPLES // 4)
@given(st.text(max_size=60))
def test_any_text_is_refused_or_names_nothing_of_the_host(source: str) -> None:
    judge(source)
