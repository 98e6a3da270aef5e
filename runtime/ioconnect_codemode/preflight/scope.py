"""What the pre-flight check knows: what the names of a snippet may mean, and how it says what it has found."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from ioconnect_codemode.frames import Problem
from ioconnect_codemode.messages import say

if TYPE_CHECKING:
    from ioconnect_codemode.manifest_data import ParameterData, TypeData


class FunctionScope(NamedTuple):
    """What the check knows about one function.

    Attributes:
        returns: The type expression of its result.
    """

    parameters: Sequence[ParameterData]
    signature: str
    returns: str = "Any"


class Scope(NamedTuple):
    """What the names of a snippet may mean.

    Attributes:
        namespaces: Namespace to its functions.
        functions: Global function name to namespace and function.
        types: Records and aliases that the functions use.
        known: Other names that exist: builtins, safe modules, inputs.
        near: For names that mean nothing, the nearest ones in the catalog.
    """

    namespaces: Mapping[str, Mapping[str, FunctionScope]] = MappingProxyType({})
    functions: Mapping[str, tuple[str, str]] = MappingProxyType({})
    types: Mapping[str, TypeData] = MappingProxyType({})
    known: Collection[str] = frozenset()
    near: Mapping[str, Sequence[str]] = MappingProxyType({})


def problem_at(
    node: ast.expr | ast.keyword | ast.alias | ast.ImportFrom,
    kind: str,
    message: str,
    *,
    hint: str | None = None,
    signature: str | None = None,
    tail: str | None = None,
) -> Problem:
    """Give a problem at a node; with `tail` the position is that of the node's last name."""
    column, end = node.col_offset, node.end_col_offset if node.end_col_offset is not None else node.col_offset + 1
    line = node.lineno
    if tail is not None and node.end_lineno is not None:
        line, column = node.end_lineno, end - len(tail)
    elif node.end_lineno != node.lineno:
        end = column + 1
    return Problem(
        kind=kind, message=message, line=line, column=column + 1, end_column=end + 1, hint=hint, signature=signature
    )


def list_hint(name: str) -> str:
    """Say how to look a name up."""
    return say("unknown_name", "list_hint", name=name[:40])
