"""Argument types at the Python call surface: the only room that imports typeguard.

Runs in the host on the desktop, because typeguard pulls ssl, socket and subprocess into whoever imports it, and in the
worker in the browser. The schema at the wire is the authority (`validate.py`); this check is the one that speaks of
parameters and Python types.

1. Every item of a collection is checked, not the first one.
2. A bool is no int and no float; an int is a float.
3. A record argument may be a dict or a record; keys that the record doesn't declare are left to the schema.
"""

from __future__ import annotations

import ast
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import typeguard
from typing_extensions import NotRequired, TypedDict

from ioconnect_codemode.manifest_data import CapabilityData, ParameterData, TypeData
from ioconnect_codemode.values import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """One argument that doesn't fit.

    Attributes:
        problem: The argument is `missing`, there is no parameter of that name (`unknown`), or its `type` is wrong.
        parameter: Name of the parameter.
        path: Where in the argument, `[2].city`; empty for the argument itself.
        expected: What the definition says, as a type expression or in words.
        got: The type that came; never the value.
    """

    problem: Literal["missing", "unknown", "type"]
    parameter: str
    path: str = ""
    expected: str = ""
    got: str = ""


class ArgumentCheck:
    """Checks the arguments of the capabilities of one catalog; annotations are built once a type."""

    def __init__(self, types: Mapping[str, TypeData]) -> None:
        self._types = types
        self._built: dict[str, object] = {}

    def mismatches(self, entry: CapabilityData, arguments: Mapping[str, JsonValue]) -> list[Mismatch]:
        """Give every argument that doesn't fit, missing and unknown ones included; an empty list where all do."""
        by_name = {parameter["name"]: parameter for parameter in entry["parameters"]}
        found = [
            Mismatch(problem="missing", parameter=name, expected=parameter["type"])
            for name, parameter in by_name.items()
            if parameter["required"] and name not in arguments
        ]
        for name, value in arguments.items():
            parameter = by_name.get(name)
            if parameter is None:
                found.append(Mismatch(problem="unknown", parameter=name[:80], got=kind_of(value)))
            elif not _fits(value, self.annotation(parameter["type"])):
                path, expected, got = self._locate(value, parameter["type"])
                found.append(Mismatch(problem="type", parameter=name, path=path, expected=expected, got=got))
        return found

    def annotation(self, expression: str) -> object:
        """Give the Python type of a type expression of the manifest; records become TypedDicts."""
        built = self._built.get(expression)
        if built is None:
            built = self._built[expression] = self._build(ast.parse(expression, mode="eval").body)
        return built

    def _build(self, node: ast.expr) -> object:
        match node:
            case ast.Constant(value=None):
                return None
            case ast.Name(id=name):
                return _PLAIN[name] if name in _PLAIN else self._build_type(name)
            case ast.BinOp(left=left, right=right):
                return typing.Union[self._build(left), self._build(right)]  # noqa: UP007  (None is a value here)
            case ast.Subscript(value=ast.Name(id="Literal"), slice=inner):
                return typing.Literal[ast.literal_eval(inner)]
            case ast.Subscript(value=ast.Name(id="list"), slice=inner):
                return list[self._build(inner)]  # type: ignore[misc]
            case ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[_, inner])):
                return dict[str, self._build(inner)]  # type: ignore[misc]
            case ast.Subscript(value=ast.Name(id="tuple")):
                return list[typing.Any]  # JSON has lists only; the schema knows the positions
            case _:
                raise ValueError(f"not a type expression: {ast.unparse(node)}")

    def _build_type(self, name: str) -> object:
        known = self._built.get(name)
        if known is not None:
            return known
        data = self._types[name]
        if data["kind"] == "alias":
            return self._build(ast.parse(data.get("type", "Any"), mode="eval").body)
        hints: dict[str, object] = {}
        made = TypedDict(name, {}, extra_items=typing.Any)  # type: ignore[misc, operator, call-arg]
        self._built[name] = made  # before its fields: a record may hold itself
        for field in data.get("fields", []):
            inner = self._build(ast.parse(field["type"], mode="eval").body)
            hints[field["key"]] = inner if field["required"] else NotRequired[inner]
        complete = TypedDict(name, hints, extra_items=typing.Any)  # type: ignore[misc, operator, call-arg]
        for attribute in ("__annotations__", "__required_keys__", "__optional_keys__"):
            setattr(made, attribute, getattr(complete, attribute))
        return made

    def _locate(self, value: JsonValue, expression: str) -> tuple[str, str, str]:
        """Give path, expected and got of the innermost part of `value` that doesn't fit."""
        node = ast.parse(self._unaliased(expression), mode="eval").body
        match node:
            case ast.Subscript(value=ast.Name(id="list"), slice=inner) if isinstance(value, list):
                for index, item in enumerate(value):
                    if not _fits(item, self.annotation(ast.unparse(inner))):
                        path, expected, got = self._locate(item, ast.unparse(inner))
                        return f"[{index}]{path}", expected, got
            case ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[_, inner])) if isinstance(value, dict):
                for key, item in value.items():
                    if not _fits(item, self.annotation(ast.unparse(inner))):
                        path, expected, got = self._locate(item, ast.unparse(inner))
                        return f"[{key[:80]!r}]{path}", expected, got
            case ast.Name(id=name) if name in self._types and isinstance(value, dict):
                for field in self._types[name].get("fields", []):
                    if field["key"] not in value:
                        if field["required"]:
                            return f".{field['key']}", field["type"], "no value"
                    elif not _fits(value[field["key"]], self.annotation(field["type"])):
                        path, expected, got = self._locate(value[field["key"]], field["type"])
                        return f".{field['key']}{path}", expected, got
            case ast.BinOp(left=left, right=right):
                for part in (left, right):
                    inner_text = ast.unparse(part)
                    if isinstance(value, (dict, list)) and kind_of(value) == self._outer(inner_text):
                        return self._locate(value, inner_text)
            case _:
                pass
        return "", self._shown(expression), kind_of(value)

    def _unaliased(self, expression: str) -> str:
        data = self._types.get(expression)
        return data.get("type", "Any") if data is not None and data["kind"] == "alias" else expression

    def _outer(self, expression: str) -> str:
        if expression in self._types:
            return "dict" if self._types[expression]["kind"] == "record" else ""
        return expression.partition("[")[0]

    def _shown(self, expression: str) -> str:
        return self._unaliased(expression)


def kind_of(value: object) -> str:
    """Give the type of a value as a snippet's author knows it; a record is a dict."""
    if value is None:
        return "None"
    return "dict" if isinstance(value, dict) else type(value).__name__


def fitting(parameters: Sequence[ParameterData], arguments: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Give the arguments that are sent: an optional parameter that is None and can't be None is left out."""
    optional = {
        parameter["name"]
        for parameter in parameters
        if not parameter["required"] and not parameter.get("nullable", False)
    }
    return {name: value for name, value in arguments.items() if value is not None or name not in optional}


_PLAIN: dict[str, object] = {"str": str, "int": int, "float": float, "bool": bool, "Any": typing.Any}


def _fits(value: object, annotation: object) -> bool:
    try:
        typeguard.check_type(
            value,
            annotation,
            collection_check_strategy=typeguard.CollectionCheckStrategy.ALL_ITEMS,
            forward_ref_policy=typeguard.ForwardRefPolicy.ERROR,
        )
    except (typeguard.TypeCheckError, RecursionError):
        return False
    return True


def _check_number(value: object, origin_type: object, args: object, memo: object) -> None:
    del args, memo
    allowed = (int,) if origin_type is int else (int, float)
    if isinstance(value, bool) or not isinstance(value, allowed):
        raise typeguard.TypeCheckError(f"is not {'an int' if origin_type is int else 'a float'}")


def _lookup(origin_type: object, args: object, extras: object) -> typeguard.TypeCheckerCallable | None:
    del args, extras
    return _check_number if origin_type is int or origin_type is float else None


typeguard.checker_lookup_functions.insert(0, _lookup)
