"""The shape model: what a value looks like, whatever language said so.

Shape
  Anything                        nothing is known
  Text Whole Number Flag Null     JSON's scalars; Whole is an integer
  Choice(values)                  one of some texts, whole numbers or flags
  List(item) Tuple(items)         a list of any length, a list of fixed length
  Map(value)                      an object with any keys
  Record(fields, is_open)         an object with known keys; an open one may carry others
  Union(options)                  one of several shapes; made by `merge`, never nested, at least two options
  Reference(target)               a record or alias elsewhere: a definition of the document while a schema is read,
                                  a named type of the package once the catalog is built

Descriptions, defaults and constraints stand beside a shape, in the `Note` of a field: they don't count when shapes
are compared, so two methods that return the same client return the same type.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from ioconnect_codemode.values import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What is said about a value but is no part of its shape.

    Attributes:
        description: Prose from the source, not cleaned.
        constraint: What a caller can break: `1..500`, `pattern ^CL-`; empty if there is nothing.
        example: The first value that the source shows, where it is a number or a short text that is all seen; notes
            that differ in nothing else are equal.
    """

    description: str = ""
    constraint: str = ""
    example: str | int | float | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Anything:
    """A value of which nothing is known."""


@dataclass(frozen=True, slots=True)
class Text:
    """A string."""


@dataclass(frozen=True, slots=True)
class Whole:
    """An integer."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number, with or without a fraction."""


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""


@dataclass(frozen=True, slots=True)
class Null:
    """Null."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values; never empty, no duplicates, in declared order."""

    values: tuple[str | int | bool, ...]


@dataclass(frozen=True, slots=True)
class List:
    """A list of any length."""

    item: Shape


@dataclass(frozen=True, slots=True)
class Tuple:
    """A list with a shape for each place."""

    items: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Map:
    """An object with any keys and values of one shape."""

    value: Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A known key of a record.

    Attributes:
        key: The key on the wire.
        shape: The shape of its value where it is present.
        is_required: Whether the key is always present.
        note: Description and constraint.
        default: The declared default, where it is a scalar that fits the shape; else None.
    """

    key: str
    shape: Shape
    is_required: bool
    note: Note = field(default_factory=Note)
    default: str | int | float | bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An object with known keys.

    Attributes:
        fields: In declared order, keys unique.
        is_open: Whether other keys may be present.
        title: The name that the source gives it; empty if none.
        description: What the source says about it.
    """

    fields: tuple[Field, ...]
    is_open: bool = True
    title: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Union:
    """One of several shapes."""

    options: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A shape that has a name elsewhere."""

    target: str


Shape: TypeAlias = (
    Anything | Text | Whole | Number | Flag | Null | Choice | List | Tuple | Map | Record | Union | Reference
)

_SCALARS: dict[type, str] = {Anything: "anything", Text: "text", Whole: "whole", Number: "number", Flag: "flag"}


def merge(shapes: Iterable[Shape]) -> Shape:
    """Give the shape of a value that has one of these shapes.

    Unions are flattened, equal shapes fall together, choices are joined, whole numbers vanish beside numbers, and
    null stands last. No shapes at all, or `Anything` among them, give `Anything`.
    """
    flat = [option for shape in shapes for option in (shape.options if isinstance(shape, Union) else (shape,))]
    if not flat or any(isinstance(option, Anything) for option in flat):
        return Anything()
    choices = [option for option in flat if isinstance(option, Choice)]
    joined = choice(value for option in choices for value in option.values)
    unique: dict[str, Shape] = {}
    for option in flat:
        kept = joined if isinstance(option, Choice) else option
        unique.setdefault(canonical(kept), kept)
    if any(isinstance(option, Number) for option in unique.values()):
        unique.pop(canonical(Whole()), None)
    options = sorted(unique.values(), key=lambda option: isinstance(option, Null))
    return options[0] if len(options) == 1 else Union(tuple(options))


def choice(values: Iterable[str | int | bool]) -> Choice:
    """Give the choice of these values without duplicates; `True` and `1` are two values."""
    return Choice(tuple({json.dumps(value): value for value in values}.values()))


def nullable(shape: Shape) -> bool:
    """Tell whether null has this shape."""
    return isinstance(shape, Null) or (isinstance(shape, Union) and Null() in shape.options)


def without_null(shape: Shape) -> Shape:
    """Give the shape without null among its options; null alone stays."""
    if isinstance(shape, Union):
        return merge(option for option in shape.options if not isinstance(option, Null))
    return shape


def children(shape: Shape) -> Iterator[Shape]:
    """Give the shapes directly inside a shape."""
    match shape:
        case List(item):
            yield item
        case Map(value):
            yield value
        case Tuple(parts) | Union(parts):
            yield from parts
        case Record():
            yield from (member.shape for member in shape.fields)
        case _:
            return


def references(shape: Shape) -> Iterator[str]:
    """Give the targets of all references anywhere inside a shape."""
    if isinstance(shape, Reference):
        yield shape.target
    for child in children(shape):
        yield from references(child)


def canonical(shape: Shape, targets: Callable[[str], str] = str, records: Callable[[Record], str] | None = None) -> str:
    """Give a text that two shapes share exactly if they are equal.

    Notes, titles, defaults, and the order of fields and options don't count.

    Args:
        shape: The shape.
        targets: What stands for the target of a reference.
        records: The digest of a record inside the shape, for a caller that keeps them.
    """

    # A nested record stands by its digest: the text grows with the record, not with its depth, and is the same
    # whether the record stands there itself or a reference to it does.
    def inner(part: Shape) -> str:
        if not isinstance(part, Record):
            return canonical(part, targets, records)
        return digest(part, targets) if records is None else records(part)

    match shape:
        case Reference(target):
            return targets(target)
        case Choice(values):
            return f"choice({','.join(sorted(json.dumps(value) for value in values))})"
        case List(item):
            return f"list({inner(item)})"
        case Map(value):
            return f"map({inner(value)})"
        case Tuple(items):
            return f"tuple({','.join(map(inner, items))})"
        case Union(options):
            return f"union({','.join(sorted(map(inner, options)))})"
        case Record():
            members = sorted(
                f"{json.dumps(member.key)}{':' if member.is_required else '?'}{inner(member.shape)}"
                for member in shape.fields
            )
            return f"record({'open' if shape.is_open else 'closed'},{','.join(members)})"
        case _:
            return _SCALARS.get(type(shape), "null")


def digest(shape: Shape, targets: Callable[[str], str] = str, records: Callable[[Record], str] | None = None) -> str:
    """Give the SHA-256 of the canonical text, in hex."""
    return hashlib.sha256(canonical(shape, targets, records).encode("utf-8", "surrogatepass")).hexdigest()


def definition_digests(definitions: Mapping[str, Shape]) -> dict[str, str]:
    """Give the digest of every definition, with references followed, also in circles.

    Definitions that refer to each other in a circle are told apart by as many rounds of refinement as there are
    members in the circle; the names of the definitions never count.
    """
    reach = _reachable(definitions)
    done: dict[str, str] = {}
    for name in sorted(definitions, key=lambda name: (len(reach[name] | {name}), name)):
        if name in done:
            continue
        circle = {other for other in reach[name] if name in reach.get(other, ())} or {name}
        rounds = dict.fromkeys(circle, "circle")
        for _ in circle:
            known = {**done, **rounds}
            rounds = {member: digest(definitions[member], known.__getitem__) for member in circle}
        done.update(rounds)
    return done


def to_schema(shape: Shape) -> dict[str, JsonValue]:
    """Give the JSON Schema that describes a shape; a reference points to `#/$defs/` and its target."""
    match shape:
        case Text():
            return {"type": "string"}
        case Whole():
            return {"type": "integer"}
        case Number():
            return {"type": "number"}
        case Flag():
            return {"type": "boolean"}
        case Null():
            return {"type": "null"}
        case Choice(values):
            return {"enum": list(values)}
        case List(item):
            return {"type": "array", "items": to_schema(item)}
        case Tuple(items):
            count = len(items)
            places: list[JsonValue] = [to_schema(item) for item in items]
            return {"type": "array", "prefixItems": places, "items": False, "minItems": count, "maxItems": count}
        case Map(value):
            return {"type": "object", "additionalProperties": to_schema(value)}
        case Union(options):
            return {"anyOf": [to_schema(option) for option in options]}
        case Record():
            return _record_schema(shape)
        case Reference(target):
            return {"$ref": f"#/$defs/{target}"}
        case Anything():
            return {}


def _record_schema(record: Record) -> dict[str, JsonValue]:
    schema: dict[str, JsonValue] = {
        "type": "object",
        "properties": {member.key: to_schema(member.shape) for member in record.fields},
    }
    if required := [member.key for member in record.fields if member.is_required]:
        schema["required"] = list[JsonValue](required)
    if not record.is_open:
        schema["additionalProperties"] = False
    return schema


def _reachable(definitions: Mapping[str, Shape]) -> dict[str, set[str]]:
    direct = {name: set(references(shape)) & set(definitions) for name, shape in definitions.items()}
    reach: dict[str, set[str]] = {}
    for name in definitions:
        found: set[str] = set()
        waiting = list(direct[name])
        while waiting:
            target = waiting.pop()
            if target not in found:
                found.add(target)
                waiting.extend(direct[target])
        reach[name] = found
    return reach
