"""The types that the pre-flight check can know of a value, and how they follow from the catalog's type expressions.

None stands for a type that is not known: nothing is ever said about such a value. `kind` keeps types apart that have the
same parts: tuples are equal where their members are.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from ioconnect_codemode.manifest_data import FieldData, TypeData

_TEXT_CHARACTERS = 60


class Plain(NamedTuple):
    """A text, number, truth value or None; `keys_of` names the record whose keys it is one of."""

    name: str
    keys_of: str = ""
    kind: Literal["Plain"] = "Plain"


class Choice(NamedTuple):
    """One of these literals: as the catalog declares it, or as the snippet writes it."""

    values: tuple[object, ...]
    is_declared: bool = False
    kind: Literal["Choice"] = "Choice"


class ListOf(NamedTuple):
    """A list."""

    item: ValueType | None
    kind: Literal["ListOf"] = "ListOf"


class Items(NamedTuple):
    """Anything that can be iterated and of which no more is known."""

    item: ValueType | None
    kind: Literal["Items"] = "Items"


class TupleOf(NamedTuple):
    """A tuple with known members."""

    members: tuple[ValueType | None, ...]
    kind: Literal["TupleOf"] = "TupleOf"


class DictOf(NamedTuple):
    """A plain dict with text keys; `value` is None where its values are not known."""

    value: ValueType | None
    kind: Literal["DictOf"] = "DictOf"


class RecordOf(NamedTuple):
    """A record of the catalog."""

    name: str
    kind: Literal["RecordOf"] = "RecordOf"


class Maybe(NamedTuple):
    """A value of the catalog that may be None; `origin` says which, `Client.phone` for instance."""

    inner: ValueType | None
    origin: str = ""
    kind: Literal["Maybe"] = "Maybe"


class OneOf(NamedTuple):
    """One of several types: for arguments only, nothing is followed through it."""

    members: tuple[ValueType | None, ...]
    kind: Literal["OneOf"] = "OneOf"


ValueType = Plain | Choice | ListOf | Items | TupleOf | DictOf | RecordOf | Maybe | OneOf

TEXT, WHOLE, NUMBER, TRUTH, NOTHING = Plain("str"), Plain("int"), Plain("float"), Plain("bool"), Plain("None")
_PLAIN = {one.name: one for one in (TEXT, WHOLE, NUMBER, TRUTH, NOTHING)}
_NUMBERS = frozenset({"int", "float", "bool"})


class TypeReader:
    """Reads type expressions of one catalog; each once.

    Args:
        types: The records and aliases that the expressions may name.
    """

    def __init__(self, types: Mapping[str, TypeData]) -> None:
        self._types = types
        self._read: dict[str, ValueType | None] = {}

    def read(self, expression: str) -> ValueType | None:
        """Give the type that an expression names; None for `Any` and what isn't followed."""
        if expression not in self._read:
            self._read[expression] = None  # an alias of itself means nothing
            self._read[expression] = self._of(ast.parse(expression, mode="eval").body)
        return self._read[expression]

    def fields(self, record: str) -> Sequence[FieldData]:
        """Give the declared fields of a record."""
        return self._types[record].get("fields", [])

    def field_type(self, record: str, field: FieldData) -> ValueType | None:
        """Give the type of a field's value; one that may be absent reads as None.

        Where an app requires no field of a record it has not said which may be absent: then nothing is told of them.
        """
        found = self.read(field["type"])
        if isinstance(found, Maybe):
            return found._replace(origin=f"{record}.{field['name']}")
        if field["required"] or found is None:
            return found
        is_said = any(one["required"] for one in self.fields(record))
        return Maybe(found, origin=f"{record}.{field['name']}" if is_said else "")

    def _of(self, node: ast.expr) -> ValueType | None:
        match node:
            case ast.Name(id=name):
                return self._named(name)
            case ast.Constant(value=None):
                return NOTHING
            case ast.BinOp():
                return self._union(node)
            case ast.Subscript(value=ast.Name(id="list"), slice=inner):
                return ListOf(self._of(inner))
            case ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[_, inner])):
                value = self._of(inner)
                return None if value is None else DictOf(value)  # a dict of anything is a record without a name
            case ast.Subscript(value=ast.Name(id="tuple"), slice=inner):
                return TupleOf(tuple(map(self._of, inner.elts if isinstance(inner, ast.Tuple) else [inner])))
            case ast.Subscript(value=ast.Name(id="Literal"), slice=inner):
                members = inner.elts if isinstance(inner, ast.Tuple) else [inner]
                return Choice(tuple(ast.literal_eval(one) for one in members), is_declared=True)
            case _:
                return None

    def _named(self, name: str) -> ValueType | None:
        if name in _PLAIN:
            return _PLAIN[name]
        data = self._types.get(name)
        if data is None:
            return None
        return RecordOf(name) if data["kind"] == "record" else self.read(data.get("type", "Any"))

    def _union(self, node: ast.BinOp) -> ValueType | None:
        members = [self._of(one) for one in union_members(node)]
        others = [one for one in members if one != NOTHING]
        inner = others[0] if len(others) == 1 else OneOf(tuple(others))
        return inner if len(others) == len(members) else Maybe(inner)


def union_members(node: ast.expr) -> list[ast.expr]:
    """Give the members of `A | B | C`."""
    return [*union_members(node.left), *union_members(node.right)] if isinstance(node, ast.BinOp) else [node]


def joined(first: ValueType | None, second: ValueType | None) -> ValueType | None:
    """Give what is known of a value that has one of two types.

    The snippet's own None gives way: what is wrong with the other type is wrong with None too.
    """
    if first == second or second == NOTHING:
        return first
    if first == NOTHING:
        return second
    if isinstance(first, Choice) or isinstance(second, Choice):
        return joined(widened(first), widened(second))
    if isinstance(first, Maybe) and first.inner == second:
        return second
    return first if isinstance(second, Maybe) and second.inner == first else None


def joined_all(members: Iterable[ValueType | None]) -> ValueType | None:
    """Give what is known of a value that has one of these types."""
    found = list(members)
    if not found:
        return None
    first = found[0]
    for one in found[1:]:
        first = joined(first, one)
    return first


def widened(known: ValueType | None) -> ValueType | None:
    """Give the plain type of a choice, any other type as it is."""
    if not isinstance(known, Choice):
        return known
    names = {type(value).__name__ for value in known.values}
    return _PLAIN.get(names.pop()) if len(names) == 1 else None


def present(known: ValueType | None) -> ValueType | None:
    """Give the type without None."""
    return known.inner if isinstance(known, Maybe) else known


def item_of(known: ValueType | None) -> ValueType | None:
    """Give the type of what iterating gives."""
    match known:
        case ListOf(item=item) | Items(item=item):
            return item
        case TupleOf(members=members):
            return joined_all(members)
        case DictOf():
            return TEXT
        case RecordOf(name=name):
            return Plain("str", keys_of=name)
        case Choice() | Plain(name="str") if widened(known) == TEXT:
            return TEXT
        case _:
            return None


def fits(given: ValueType | None, expected: ValueType | None) -> bool:
    """Whether a value may be of the expected type: False only where it surely isn't."""
    if given is None or expected is None:
        return True
    match expected:
        case Maybe(inner=inner):
            return given == NOTHING or fits(present(given), inner)
        case OneOf(members=members):
            return any(fits(given, member) for member in members)
        case _:
            pass
    match given:
        case OneOf(members=members):
            return any(fits(member, expected) for member in members)
        case Maybe(inner=inner):
            return fits(inner, expected)
        case Choice(values=values):
            if isinstance(expected, Choice):
                return any(_is_among(value, expected.values) for value in values)
            return fits(widened(given), expected)
        case Plain(name=name):
            return _plain_fits(name, expected)
        case ListOf(item=item):
            return (isinstance(expected, ListOf) and fits(item, expected.item)) or isinstance(
                expected, (TupleOf, Items)
            )
        case TupleOf():
            return isinstance(expected, (ListOf, TupleOf, Items))
        case DictOf() | RecordOf():
            return isinstance(expected, (DictOf, RecordOf))
        case Items():
            return not isinstance(expected, (Plain, Choice))


def _plain_fits(name: str, expected: ValueType) -> bool:
    plain = widened(expected)
    if not isinstance(plain, Plain):
        return plain is None
    # A number that is declared as a float may well be whole, and a whole one always is a float.
    return name == plain.name or ({name, plain.name} <= _NUMBERS and "bool" not in (name, plain.name))


def _is_among(value: object, values: tuple[object, ...]) -> bool:
    return any(type(value) is type(one) and value == one for one in values)


def type_text(known: ValueType | None) -> str:
    """Give a type as a model writes it, bounded."""
    return _text(known)[:_TEXT_CHARACTERS]


def _text(known: ValueType | None) -> str:
    match known:
        case None:
            return "Any"
        case Plain(name=name) | RecordOf(name=name):
            return name
        case Choice():
            return _text(widened(known))
        case ListOf(item=item):
            return "list" if item is None else f"list[{_text(item)}]"
        case Items():
            return "an iterator"
        case TupleOf(members=members):
            return f"tuple[{', '.join(map(_text, members))}]"
        case DictOf(value=value):
            return "dict" if value is None else f"dict[str, {_text(value)}]"
        case Maybe(inner=inner):
            return f"{_text(inner)} | None"
        case OneOf(members=members):
            return " | ".join(map(_text, members))
