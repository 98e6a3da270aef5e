"""The `accepts` and `returns` strings of an interop method -> shapes.

    signature = [ element *( "," element ) ]
    element   = type [ "[]" ] [ "?" ] [ name ] [ "(" description ")" ]
    type      = "bool" | "int" | "long" | "double" | "string" | "datetime" | ...     case doesn't matter
              | ( "composite" | "tuple" ) [ ":" ] [ name ] [ "{" signature "}" ]

No grammar is published and the platform never parses these strings, so what apps declare differs from the
documentation in many ways: the modifiers stand anywhere behind the type, `name: Type` and `name?` occur as in
TypeScript, types are words of the app's own, names are missing, or the whole is free text. Reading never fails:
what can't be read becomes `anything`, with a diagnostic. The one word of its own that is read is that of a standard
FDC3 context, `Fdc3Instrument`: it refers to the definition that `fdc3` gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ioconnect_codegen.diagnostics import Diagnostic
from ioconnect_codegen.fdc3 import context_of, describe_contexts
from ioconnect_codegen.shapes import (
    Anything,
    Field,
    Flag,
    List,
    Map,
    Note,
    Number,
    Record,
    Shape,
    Text,
    Tuple,
    Whole,
    merge,
)

_LENGTH_LIMIT = 20_000  # a longer signature is not one
_DEPTH_LIMIT = 64  # the same as for schemas

# A date crosses the gateway as ISO text or as epoch milliseconds; which one, only the handler knows.
_MOMENT = merge([Text(), Number()])

_TYPES: dict[str, Shape] = {
    **dict.fromkeys(("bool", "boolean"), Flag()),
    **dict.fromkeys(("int", "integer", "long", "short", "byte"), Whole()),
    **dict.fromkeys(("double", "float", "number", "decimal"), Number()),
    **dict.fromkeys(("string", "str", "char", "text", "guid", "uuid"), Text()),
    **dict.fromkeys(("datetime", "date", "time", "timestamp"), _MOMENT),
    **dict.fromkeys(("any", "unknown", "json"), Anything()),
    **dict.fromkeys(("object", "map", "dictionary"), Map(Anything())),
    **dict.fromkeys(("array", "list"), List(Anything())),
}
_GRAMMAR_WORDS = frozenset({"bool", "boolean", "int", "long", "double", "string", "datetime", "number"})
_COMPOSITES = ("composite", "tuple")

_NAME = re.compile(r"""[^/\\|<>=;'"!&*+%#@`~^]+""")  # what no key of an object is called; prose has some
_TOKEN = re.compile(r"\s*(?:(?P<array>\[\s*\])|(?P<mark>[{}(),:?\[\]])|(?P<word>[^\s{}(),:?\[\]]+))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One element of a signature.

    Attributes:
        name: The wire name; None where the signature gives none.
        type_name: The app's own word for the type; empty for the words of the grammar.
        shape: The shape of the value.
        is_required: Whether it has no `?`.
        description: The text in parentheses.
    """

    name: str | None
    type_name: str
    shape: Shape
    is_required: bool
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A signature as read.

    Attributes:
        elements: In order; none where the text is not of the grammar at all.
        is_garbled: Whether the text is prose or broken, so that nothing can be said of what it describes.
        diagnostics: What could not be read.
    """

    elements: tuple[Element, ...]
    is_garbled: bool
    diagnostics: tuple[Diagnostic, ...]


def read_signature(text: str, *, where: str = "signature") -> Signature:
    """Read a signature.

    Args:
        text: The `accepts` or `returns` string; an empty one has no elements.
        where: How diagnostics name the place.
    """
    reader = _Reader(text=text[:_LENGTH_LIMIT], where=where)
    if len(text) > _LENGTH_LIMIT:
        reader.complain("longer than a signature can be; the rest was not read", _LENGTH_LIMIT - 1)
    elements = reader.elements(depth=0)
    return Signature(
        elements=() if reader.is_garbled else elements,
        is_garbled=reader.is_garbled,
        diagnostics=tuple(reader.diagnostics),
    )


def record_of(elements: tuple[Element, ...], *, title: str = "") -> Record:
    """Give the open object whose keys are the elements; an element without a name is `items` or `value2`."""
    fields: dict[str, Field] = {}
    for position, element in enumerate(elements, start=1):
        key = element.name or ("items" if isinstance(element.shape, List) else f"value{position}")
        note = Note(description=element.description, constraint=hint_of(element))
        is_required = element.is_required and element.name is not None
        fields.setdefault(key, Field(key=key, shape=element.shape, is_required=is_required, note=note))
    return Record(fields=tuple(fields.values()), title=title)


def hint_of(element: Element) -> str:
    """Give what the type of an element leaves open: the two forms of a date, or the app's own word for a type."""
    if element.shape == _MOMENT:
        return "ISO 8601 or epoch ms"
    inner = element.shape
    while isinstance(inner, List):
        inner = inner.item
    return "" if isinstance(inner, Record) else element.type_name  # the word of a record is the name of its type


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # `word`, `array`, `end`, or the mark itself
    text: str
    position: int


class _Reader:
    """Reads tokens left to right, one ahead."""

    def __init__(self, *, text: str, where: str) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.is_garbled = False
        self._text = text
        self._where = where
        self._tokens = list(_tokens(text))
        self._next = 0

    def complain(self, message: str, position: int) -> None:
        if not self.is_garbled:
            self.diagnostics.append(Diagnostic(where=self._where, message=message, text=self._text, position=position))

    def give_up(self, message: str, position: int) -> None:
        """Note that the text is no signature: one diagnostic says it, however much of it can't be read."""
        if not self.is_garbled:
            self.diagnostics.clear()  # what couldn't be read of a part doesn't matter any more
            self.complain(f"{message}; the whole is read as anything", position)
        self.is_garbled = True

    def elements(self, *, depth: int) -> tuple[Element, ...]:
        """Read elements up to the end, or up to the `}` that closes a body."""
        found: list[Element] = []
        while self._peek().kind != "end":
            if self._peek().kind == "}":
                if depth:
                    break
                self.give_up("a } without {", self._take().position)
            elif self._peek().kind == ",":
                self._take()
            else:
                found.append(self._element(depth=depth))
        return tuple(found)

    def _element(self, *, depth: int) -> Element:
        first, second, third = self._peek(), self._peek(1), self._peek(2)
        if first.kind != "word":
            self.give_up(f"{first.text!r} where a type should stand", first.position)
            return self._modified(Anything(), type_name="")
        if first.text.lower() in _COMPOSITES:
            return self._composite(depth=depth)
        if second.kind == ":" or (second.kind == "?" and third.kind == ":"):
            return self._typescript(depth=depth)
        if self._stands_alone() and self._is_a_name(first.text, depth=depth):
            self._take()
            if not _NAME.fullmatch(first.text):
                self.give_up(f"{first.text!r} is no name", first.position)
            else:
                self.complain("a name without a type; read as anything", first.position)
            return self._modified(Anything(), type_name="", name=first.text)
        return self._typed()

    def _is_a_name(self, word: str, *, depth: int) -> bool:
        # Alone in a body, a word that merely could be a type (`timestamp`, `Contact`) is a field. At the top,
        # a capitalised one is the type of the whole argument object.
        if depth:
            return word.lower() not in _GRAMMAR_WORDS
        return word.lower() not in _TYPES and not word[:1].isupper()

    def _composite(self, *, depth: int) -> Element:
        is_tuple = self._take().text.lower() == "tuple"
        self._skip(":")
        title = ""
        if self._peek().kind == "word" and self._peek(1).kind == "{":
            title = self._take().text
        body = self._body(depth=depth) if self._peek().kind == "{" else None
        shape = _composite_shape(body, title=title, is_tuple=is_tuple)
        return self._modified(shape, type_name=title)

    def _body(self, *, depth: int) -> tuple[Element, ...]:
        opening = self._take()
        if depth >= _DEPTH_LIMIT:
            self.complain("nested too deeply; read as anything", opening.position)
            self._skip_body()
            return ()
        elements = self.elements(depth=depth + 1)
        if self._peek().kind == "}":
            self._take()
        else:
            self.complain("this { is never closed", opening.position)
        return elements

    def _skip_body(self) -> None:
        level = 1
        while level and self._peek().kind != "end":
            level += {"{": 1, "}": -1}.get(self._take().kind, 0)

    def _typed(self) -> Element:
        """Read an element that begins with the word of its type."""
        word = self._take()
        known = _TYPES.get(word.text.lower())
        if known is None and (context := context_of(word.text)):
            known = describe_contexts((context,)).shape
        if known is not None:
            return self._modified(known, type_name="")
        self.complain(f"{word.text!r} is not a type of the grammar; read as anything", word.position)
        return self._modified(Anything(), type_name=word.text)

    def _typescript(self, *, depth: int) -> Element:
        """Read `name: Type` or `name?: Type`."""
        name = self._take().text
        is_optional = self._skip("?")
        self._skip(":")
        element = self._type_behind_colon(depth=depth)
        return Element(
            name=name,
            type_name=element.type_name,
            shape=element.shape,
            is_required=element.is_required and not is_optional,
            description=element.description,
        )

    def _type_behind_colon(self, *, depth: int) -> Element:
        token = self._peek()
        if token.kind == "{":
            shape = _composite_shape(self._body(depth=depth), title="", is_tuple=False)
            return self._modified(shape, type_name="")
        if token.kind != "word":
            return self._modified(Anything(), type_name="")
        return self._composite(depth=depth) if token.text.lower() in _COMPOSITES else self._typed()

    def _modified(self, shape: Shape, *, type_name: str, name: str | None = None) -> Element:
        """Read what follows a type, in any order: `[]`, `?`, the name, the description."""
        names = [name] if name else []
        is_required, description = True, ""
        while (token := self._peek()).kind not in {"end", ",", "}"}:
            self._take()
            match token.kind:
                case "array":
                    shape = List(shape)
                case "?":
                    is_required = False
                case "(":
                    description = self._description(token)
                case "word":
                    names.append(token.text)
                    if not _NAME.fullmatch(token.text):
                        self.give_up(f"{token.text!r} is no name", token.position)
                    elif len(names) == 2:
                        self.give_up("more than a type and a name", token.position)
                case "{":
                    self.give_up("a { where none can stand", token.position)
                    self._skip_body()
                case _:
                    self.give_up(f"{token.text!r} means nothing here", token.position)
        return Element(
            name=names[0] if names else None,
            type_name=type_name,
            shape=shape,
            is_required=is_required,
            description=description,
        )

    def _description(self, opening: _Token) -> str:
        level, end = 1, len(self._text)
        while (token := self._take()).kind != "end":
            level += {"(": 1, ")": -1}.get(token.kind, 0)
            if not level:
                end = token.position
                break
        else:
            self.complain("this ( is never closed", opening.position)
        return self._text[opening.position + 1 : end].strip()

    def _stands_alone(self) -> bool:
        ahead = 1
        while self._peek(ahead).kind in {"array", "?"}:
            ahead += 1
        return self._peek(ahead).kind in {"end", ",", "}", "("}

    def _peek(self, ahead: int = 0) -> _Token:
        return self._tokens[min(self._next + ahead, len(self._tokens) - 1)]

    def _take(self) -> _Token:
        token = self._peek()
        self._next += 1
        return token

    def _skip(self, kind: str) -> bool:
        if self._peek().kind != kind:
            return False
        self._take()
        return True


def _composite_shape(body: tuple[Element, ...] | None, *, title: str, is_tuple: bool) -> Shape:
    if not body:
        return Map(Anything())
    if is_tuple:
        # The documentation never shows a tuple on the wire: it may come as a list or as an object.
        return merge([Tuple(tuple(element.shape for element in body)), record_of(body, title=title)])
    return record_of(body, title=title)


def _tokens(text: str) -> Iterator[_Token]:
    position = 0
    while found := _TOKEN.match(text, position):
        kind = found.lastgroup or "end"
        start = found.start(kind)
        yield _Token("word" if kind == "word" else "array" if kind == "array" else found[kind], found[kind], start)
        position = found.end()
    yield _Token("end", "", len(text))
