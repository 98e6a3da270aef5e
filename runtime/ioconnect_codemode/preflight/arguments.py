"""Arguments: how a call binds them to the parameters of its capability, as far as the text shows it."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ioconnect_codemode.frames import Problem
from ioconnect_codemode.messages import say
from ioconnect_codemode.preflight.literals import Literals, is_none
from ioconnect_codemode.preflight.names import Callees
from ioconnect_codemode.preflight.scope import FunctionScope, problem_at
from ioconnect_codemode.records import nearest
from ioconnect_codemode.values import with_article

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
            yield from self._parallel(node)
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
                yield from self._argument(node, given[parameter["name"]], parameter, function)

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
        is_said = any(parameter["required"] for parameter in function.parameters)  # by what is missing
        one_dict = None if is_said else self._one_dict_hint(node, function)
        for keyword in node.keywords:
            if keyword.arg is None:
                continue
            if keyword.arg not in names:
                near = nearest(keyword.arg, names)
                hint = say("type_error", "did_you_mean_hint", names=", ".join(near)) if near else one_dict
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
            hint = self._one_dict_hint(node, function) or _unpack_hint(node, function)
            yield problem_at(node, "type_error", message, hint=hint, signature=function.signature)

    def _one_dict_hint(self, node: ast.Call, function: FunctionScope) -> str | None:
        """Say what to write where keys of the only parameter, a dict, are given as arguments of their own."""
        places = [parameter for parameter in function.parameters if "option" not in parameter]
        keywords = [keyword.arg for keyword in node.keywords if keyword.arg is not None]
        if len(places) != 1 or node.args or not keywords or places[0]["name"] in keywords:
            return None
        expected = places[0]["type"].removesuffix(" | None")
        record = self._callees.scope.types.get(expected)
        keys = [one["key"] for one in record.get("fields", [])] if record is not None else keywords
        if not expected.startswith("dict[") and (record is None or not keys or keywords[0] not in keys):
            return None
        return say("type_error", "one_dict_hint", name=places[0]["name"], example=f'{{"{keywords[0][:40]}": ...}}')

    def _parallel(self, node: ast.Call) -> Iterator[Problem]:
        """Find `parallel([...])`: its calls would have been made before Python says what is missing."""
        is_ours = isinstance(node.func, ast.Name) and node.func.id == "parallel"
        if is_ours and "parallel" not in self._callees.facts.bound and len(node.args) == 1:
            names = {keyword.arg for keyword in node.keywords}
            if not isinstance(node.args[0], ast.Starred) and not names & {"items", None}:
                message = say("type_error", "missing_argument", name="items")
                yield problem_at(node, "type_error", message, signature="parallel(function, items)")

    def _argument(
        self, call: ast.Call, value: ast.expr, parameter: ParameterData, function: FunctionScope
    ) -> Iterator[Problem]:
        if is_none(value) and not parameter["required"]:
            return  # None on an optional parameter means: not given
        mismatch = self._literals.mismatch(value, parameter["type"])
        if mismatch is not None:
            node, message = mismatch
            hint = self._hint(call, parameter, function) if node is value else None
            yield problem_at(node, "type_error", message, hint=hint, signature=function.signature)

    def _hint(self, call: ast.Call, parameter: ParameterData, function: FunctionScope) -> str | None:
        """Say what to write in place of an argument that is of a wrong type as a whole."""
        given_whole = _unpack_hint(call, function) if len(function.parameters) == 1 else None
        shown, expected = parameter.get("example"), parameter["type"].removesuffix(" | None")
        if given_whole is not None or type(shown).__name__ != expected:
            return given_whole
        returned = self._callees.scope.types.get(function.returns)
        fields = [] if returned is None else returned.get("fields", [])
        is_field = any(one["name"] == parameter["name"] for one in fields)
        name = f"{function.returns}.{parameter['name']}" if is_field else parameter["name"]
        example = json.dumps(shown, ensure_ascii=False)
        return say("type_error", "example_hint", name=name, expected=with_article(expected), example=example)


def _unpack_hint(node: ast.Call, function: FunctionScope) -> str | None:
    """Say what to write where all arguments are given as one dict."""
    if len(node.args) != 1 or node.keywords or not isinstance(node.args[0], ast.Dict):
        return None
    keys = [key.value for key in node.args[0].keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
    if not keys or not set(keys) <= {parameter["name"] for parameter in function.parameters}:
        return None
    return say("type_error", "unpack_hint", name=keys[0])
