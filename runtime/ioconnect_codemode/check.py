"""Argument types at the Python call surface, by typeguard (`deep_types.py`).

Runs in the host on the desktop, because typeguard pulls ssl, socket and subprocess into whoever imports it, and in the
worker in the browser. The schema at the wire is the authority (`validate.py`); this check is the one that speaks of
parameters and Python types.

1. Every item of a collection is checked, not the first one only, up to 2,000 parts of an argument; beyond that the
   schema at the wire, which looks at every item of any size, is the one that finds it.
2. A bool is no int and no float; an int is a float.
3. A record argument may be a dict or a record; keys that the record doesn't declare are left to the schema.
4. A value with more than 100 levels fits nothing: the checks go down by recursion.
5. Text, numbers, truth values and None are looked up by their exact type where the annotation is made of those only:
   that says what typeguard says (`tests/runtime/test_checks_agree.py`) in a fiftieth of its time.
"""

from __future__ import annotations

import ast
import itertools
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, NotRequired, cast

from ioconnect_codemode.frames import is_deep
from ioconnect_codemode.manifest_data import CapabilityData, FieldData, ParameterData, TypeData
from ioconnect_codemode.values import JsonValue

_LEVELS = 100  # what a frame from the worker may have
_PATH = 120  # characters; the end of a longer path is the part that tells
_ABSENT = object()


class Mismatch(NamedTuple):
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
        self._plain: dict[str, frozenset[type]] = {}

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
            elif type(value) in self._plain_types(parameter["type"]):
                pass
            elif is_deep(value, levels=_LEVELS):
                got = f"a value of more than {_LEVELS} levels"
                found.append(Mismatch(problem="type", parameter=name, expected=parameter["type"], got=got))
            elif not _fits(value, self.annotation(parameter["type"])):
                path, expected, got = self._locate(value, parameter["type"])
                path = path if len(path) <= _PATH else f"...{path[3 - _PATH :]}"
                found.append(Mismatch(problem="type", parameter=name, path=path, expected=expected, got=got))
        return found

    def plain(self, parameters: Sequence[ParameterData]) -> dict[str, frozenset[type]]:
        """Give, by parameter, the exact types of which every value fits; parameters of other types are not in it."""
        found = {one["name"]: self._plain_types(one["type"]) for one in parameters}
        return {name: types for name, types in found.items() if types}

    def given(self, entry: CapabilityData, arguments: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """Give the arguments that are sent: what is optional, None, and can't be None, is left out at every depth."""
        types = {parameter["name"]: parameter["type"] for parameter in entry["parameters"]}
        return {
            name: self._without_absent(value, types[name]) if name in types else value
            for name, value in fitting(entry["parameters"], arguments).items()
        }

    def annotation(self, expression: str) -> object:
        """Give the Python type of a type expression of the manifest; records become TypedDicts."""
        built = self._built.get(expression)
        if built is None:
            built = self._built[expression] = self._build(ast.parse(expression, mode="eval").body)
        return built

    def _plain_types(self, expression: str) -> frozenset[type]:
        """Give the types of which every value fits; none where the annotation is made of anything but plain ones."""
        known = self._plain.get(expression)
        if known is None:
            known = self._plain[expression] = _plain_types(self.annotation(expression))
        return known

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
        made = self._built[name] = _open_dict(name, {})  # before its fields: a record may hold itself
        hints: dict[str, object] = {}
        for field in data.get("fields", []):
            inner = self._build(ast.parse(field["type"], mode="eval").body)
            hints[field["key"]] = inner if field["required"] else NotRequired[inner]
        complete = _open_dict(name, hints)
        for attribute in ("__annotations__", "__required_keys__", "__optional_keys__"):
            setattr(made, attribute, getattr(complete, attribute))
        return made

    def _locate(self, value: JsonValue, expression: str) -> tuple[str, str, str]:
        """Give path, expected and got of the innermost part of `value` that doesn't fit."""
        expression = self._unaliased(expression)
        for step, part, inner in self._parts(value, ast.parse(expression, mode="eval").body):
            if part is _ABSENT:
                return step, inner, "no value"
            if not _fits(part, self.annotation(inner)):
                path, expected, got = self._locate(cast("JsonValue", part), inner)
                return step + path, expected, got
        return "", expression, kind_of(value)

    def _parts(self, value: JsonValue, node: ast.expr) -> Iterator[tuple[str, object, str]]:
        """Give the parts of a value with their path and type, as far as the type speaks of them."""
        match node:
            case ast.Subscript(value=ast.Name(id="list"), slice=inner) if isinstance(value, list):
                yield from ((f"[{index}]", item, ast.unparse(inner)) for index, item in enumerate(value))
            case ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[_, inner])) if isinstance(value, dict):
                yield from ((f"[{key[:40]!r}]", item, ast.unparse(inner)) for key, item in value.items())
            case ast.Name(id=name) if name in self._types and isinstance(value, dict):
                for field in self._types[name].get("fields", []):
                    if field["key"] in value or field["required"]:
                        yield f".{field['key'][:40]}", value.get(field["key"], _ABSENT), field["type"]
            case ast.BinOp():
                alike = next((one for one in self._members(node) if self._is_alike(value, one)), None)
                if alike is not None:
                    yield from self._parts(value, alike)
            case _:
                pass

    def _members(self, node: ast.expr) -> list[ast.expr]:
        """Give the members of a union, aliases resolved; a type that is no union is its own only member."""
        if isinstance(node, ast.BinOp):
            return [*self._members(node.left), *self._members(node.right)]
        if isinstance(node, ast.Name) and self._unaliased(node.id) != node.id:
            return self._members(ast.parse(self._unaliased(node.id), mode="eval").body)
        return [node]

    def _is_alike(self, value: JsonValue, node: ast.expr) -> bool:
        """Whether a value has the outer form of a type: a list for a list, a dict for a record."""
        match node:
            case ast.Name(id=name):
                return isinstance(value, dict) and name in self._types
            case ast.Subscript(value=ast.Name(id="list" | "dict" as name)):
                return kind_of(value) == name
            case _:
                return False

    def _unaliased(self, expression: str) -> str:
        data = self._types.get(expression)
        return data.get("type", "Any") if data is not None and data["kind"] == "alias" else expression

    def _without_absent(self, value: JsonValue, expression: str) -> JsonValue:
        """Give the value without the optional record fields that are None and can't be: None means not given."""
        if not isinstance(value, (dict, list)) or is_deep(value, levels=_LEVELS):
            return value
        alike = [one for one in self._members(ast.parse(expression, mode="eval").body) if self._is_alike(value, one)]
        if len(alike) != 1:
            return value
        match alike[0]:
            case ast.Name(id=name):
                return self._given_fields(cast("dict[str, JsonValue]", value), self._types[name].get("fields", []))
            case ast.Subscript(slice=ast.Tuple(elts=[_, inner])) if isinstance(value, dict):
                return {key: self._without_absent(item, ast.unparse(inner)) for key, item in value.items()}
            case ast.Subscript(slice=inner) if isinstance(value, list):
                return [self._without_absent(item, ast.unparse(inner)) for item in value]
            case _:
                return value

    def _given_fields(self, value: dict[str, JsonValue], fields: Sequence[FieldData]) -> dict[str, JsonValue]:
        given = dict(value)
        for field in fields:
            key = field["key"]
            if key in given and given[key] is None and not field["required"] and not self._takes_none(field["type"]):
                del given[key]
            elif key in given:
                given[key] = self._without_absent(given[key], field["type"])
        return given

    def _takes_none(self, expression: str) -> bool:
        return _fits(None, self.annotation(expression))


def kind_of(value: object) -> str:
    """Give the type of a value as a snippet's author knows it; a record is a dict."""
    if value is None:
        return "None"
    return "dict" if isinstance(value, dict) else type(value).__name__


def fitting(parameters: Sequence[ParameterData], arguments: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Give the arguments that are sent: an optional parameter that is None and can't be None is left out."""
    optional = {one["name"] for one in parameters if not one["required"] and not one.get("nullable", False)}
    return {name: value for name, value in arguments.items() if value is not None or name not in optional}


def _open_dict(name: str, hints: dict[str, object]) -> object:
    """Make a TypedDict that says nothing of other keys."""
    from typing_extensions import TypedDict

    make = cast("Callable[..., object]", TypedDict)  # its keys come from the manifest, out of a type checker's sight
    return make(name, hints, extra_items=typing.Any)


_EVERY_ITEM = 2_000  # 10 ms of typeguard; a million items would hold the host for seconds, the schema takes 50 ms

_PLAIN: dict[str, object] = {"str": str, "int": int, "float": float, "bool": bool, "Any": typing.Any}


_EXACT: dict[object, frozenset[type]] = {
    str: frozenset((str,)),
    int: frozenset((int,)),
    float: frozenset((int, float)),
    bool: frozenset((bool,)),
    None: frozenset((type(None),)),
    type(None): frozenset((type(None),)),
}


def _plain_types(annotation: object) -> frozenset[type]:
    if typing.get_origin(annotation) is not typing.Union:
        return _EXACT.get(annotation, frozenset())
    members = [_plain_types(member) for member in typing.get_args(annotation)]
    return frozenset[type]().union(*members) if all(members) else frozenset()


def _fits(value: object, annotation: object) -> bool:
    # Loaded when a value is first looked into: a first call with text and numbers needs no typeguard.
    from ioconnect_codemode.deep_types import fits

    return fits(value, annotation, every_item=not is_larger(value, _EVERY_ITEM))


def is_larger(value: object, parts: int) -> bool:
    """Say whether a JSON value has more than so many parts, without looking at more than those."""
    waiting, seen = [value], 0
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, dict):
            waiting.extend(itertools.islice(cast("dict[object, object]", inner).values(), parts + 1))
        elif isinstance(inner, list):
            waiting.extend(itertools.islice(cast("list[object]", inner), parts + 1))
        seen += 1
        if seen + len(waiting) > parts:
            return True
    return False
