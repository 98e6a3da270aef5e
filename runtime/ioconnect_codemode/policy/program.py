"""A reviewed snippet, compiled."""

from __future__ import annotations

import ast
from collections.abc import Collection
from types import CodeType
from typing import NamedTuple

from ioconnect_codemode.policy.concurrency import mark_deferred, may_defer
from ioconnect_codemode.policy.members import missing_members
from ioconnect_codemode.policy.names import MAIN, SNIPPET_FILE
from ioconnect_codemode.policy.scopes import Bindings, find_bindings
from ioconnect_codemode.policy.source import syntax_violation, too_deep, unwarned
from ioconnect_codemode.policy.transformer import SnippetTransformer
from ioconnect_codemode.policy.trees import fill_places
from ioconnect_codemode.policy.violations import Rejected, Violation


class Program(NamedTuple):
    """A snippet after review.

    Attributes:
        code: Module code that defines one function, the program, under a name that no snippet can spell.
        uses_await: Whether the snippet awaits anything.
        free_names: What the snippet reads and never binds.
    """

    code: CodeType
    uses_await: bool
    free_names: frozenset[str]


def translate(
    tree: ast.Module,
    *,
    facades: Collection[str],
    known: Collection[str] | None = None,
    bindings: Bindings | None = None,
) -> Program:
    """Review and compile a parsed snippet. The tree is used up.

    Args:
        tree: What `parse` gave.
        facades: The facades that the snippet may import.
        known: Every other global that the snippet will have: namespaces, functions, inputs. None if not known yet:
            an import of what may be a namespace is then settled at run time.
        bindings: What `find_bindings` gave for the tree, where the caller has it already.

    Raises:
        Rejected: With every violation, in source order.
    """
    bindings = find_bindings(tree) if bindings is None else bindings
    if may_defer(bindings):
        mark_deferred(tree, bindings.free)
    transformer = SnippetTransformer(bindings, facades, known)
    try:
        if any(module in facades or module.partition(".")[0] in facades for module in bindings.modules):
            transformer.violations += missing_members(tree, facades, known)
        translated = transformer.visit(tree)
        if transformer.violations:
            raise Rejected(tuple(sorted(set(transformer.violations), key=lambda found: (found.line, found.column))))
        code = _plainly_named(_compiled(translated))
    except (RecursionError, MemoryError):
        raise Rejected((too_deep(),)) from None
    return Program(code=code, uses_await=transformer.uses_await, free_names=bindings.free)


def _compiled(tree: ast.Module) -> CodeType:
    try:
        try:
            return unwarned(lambda: compile(tree, SNIPPET_FILE, "exec", dont_inherit=True))
        except TypeError:  # a node that was made deep inside has no place; few snippets need a walk over all of them
            fill_places(tree)
            return unwarned(lambda: compile(tree, SNIPPET_FILE, "exec", dont_inherit=True))
    except SyntaxError as error:
        raise Rejected((syntax_violation(error),)) from None
    except ValueError as error:
        raise Rejected((_violation(str(error)),)) from None


def _plainly_named(code: CodeType) -> CodeType:
    """Name what is defined at the top level as Python does: `<lambda>`, not as a part of the program's function."""
    prefix = f"{MAIN}.<locals>."

    def renamed(part: object) -> object:
        if not isinstance(part, CodeType) or not part.co_qualname.startswith((MAIN, prefix)):
            return part
        inner = tuple(map(renamed, part.co_consts))
        return part.replace(co_consts=inner, co_qualname=part.co_qualname.removeprefix(prefix))

    return code.replace(co_consts=tuple(map(renamed, code.co_consts)))


def _violation(message: str, hint: str | None = None) -> Violation:
    return Violation(kind="syntax", message=message, line=1, column=1, end_column=2, hint=hint)
