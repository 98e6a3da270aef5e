"""Arguments: how a call binds them to the parameters of its capability, as far as the text shows it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ioconnect_codemode.frames import Problem
from ioconnect_codemode.messages import say
from ioconnect_codemode.preflight.literals import Literals, is_none
from ioconnect_codemode.preflight.names import Callees
from ioconnect_codemode.preflight.scope import FunctionScope, problem_at
from ioconnect_codemode.records import nearest

if TYPE_CHECKING:
    from ioconnect_codemode.manifest_data import ParameterData


class Arguments:
    """Finds missing, unknown and superfluous arguments, and literals of a wrong type."""

    def __init__(self, callees: Callees) -> None:
        self._callees = callees
        self._literals = Literals(callees.scope.types)

    def of(self, node: ast.Call) -> Iterator[Problem]:
        """Give what is wrong with the arguments of one call."""
        if self._callees.namespace(node.func) is not None and isinstance(node.func, ast.Name):
            yield problem_at(node.func, "type_error", say("type_error", "not_a_function", name=node.func.id))
            return
        found = self._callees.capability(node.func)
        if found is None:
            return
        function = found[1]
        is_open = any(isinstance(one, ast.Starred) for one in node.args) or any(
            keyword.arg is None for keyword in node.keywords
        )
        given: dict[str, ast.expr] = {}
        yield from self._positional(node, function, given, is_open=is_open)
        yield from self._keywords(node, function, given)
        if not is_open:
            yield from self._missing(node, function, given)
        for parameter in function.parameters:
            if parameter["name"] in given:
                yield from self._argument(given[parameter["name"]], parameter, function)

    def _positional(
        self, node: ast.Call, function: FunctionScope, given: dict[str, ast.expr], *, is_open: bool
    ) -> Iterator[Problem]:
        if is_open and any(isinstance(one, ast.Starred) for one in node.args):
            return
        places = [parameter for parameter in function.parameters if "option" not in parameter]
        for parameter, value in zip(places, node.args, strict=False):
            given[parameter["name"]] = value
        if len(node.args) > len(places):
            message = say("type_error", "too_many_arguments", expected=len(places), got=len(node.args))
            yield problem_at(node.args[len(places)], "type_error", message, signature=function.signature)

    def _keywords(self, node: ast.Call, function: FunctionScope, given: dict[str, ast.expr]) -> Iterator[Problem]:
        names = [parameter["name"] for parameter in function.parameters]
        for keyword in node.keywords:
            if keyword.arg is None:
                continue
            if keyword.arg not in names:
                near = nearest(keyword.arg, names)
                hint = say("type_error", "did_you_mean_hint", names=", ".join(near)) if near else None
                message = say("type_error", "unknown_argument", name=keyword.arg)
                yield problem_at(keyword, "type_error", message, hint=hint, signature=function.signature)
            elif keyword.arg in given:
                message = say("type_error", "repeated_argument", name=keyword.arg)
                yield problem_at(keyword, "type_error", message, signature=function.signature)
            else:
                given[keyword.arg] = keyword.value

    def _missing(self, node: ast.Call, function: FunctionScope, given: Mapping[str, ast.expr]) -> Iterator[Problem]:
        missing = [one["name"] for one in function.parameters if one["required"] and one["name"] not in given]
        if missing:
            text = "missing_argument" if len(missing) == 1 else "missing_arguments"
            message = say("type_error", text, name=missing[0], names=", ".join(missing))
            yield problem_at(node, "type_error", message, signature=function.signature)

    def _argument(self, value: ast.expr, parameter: ParameterData, function: FunctionScope) -> Iterator[Problem]:
        if is_none(value) and not parameter["required"]:
            return  # None on an optional parameter means: not given
        mismatch = self._literals.mismatch(value, parameter["type"])
        if mismatch is not None:
            node, message = mismatch
            yield problem_at(node, "type_error", message, signature=function.signature)
