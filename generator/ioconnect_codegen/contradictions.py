"""Where two declarations of one method can't both be right.

Only what no value satisfies, or what one declaration demands and the other doesn't know, is a contradiction: signatures
say less than schemas, and whole numbers are numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

from ioconnect_codegen.drafts import Described, target_of
from ioconnect_codegen.shapes import (
    Anything,
    Choice,
    Field,
    Flag,
    List,
    Map,
    Null,
    Number,
    Record,
    Reference,
    Shape,
    Text,
    Tuple,
    Union,
    Whole,
)


def differences(near: Described, far: Described) -> list[str]:
    """Give what contradicts the near declaration in the far one, a few words each."""
    one, other = target_of(near), target_of(far)
    if isinstance(one, Record) and isinstance(other, Record):
        return list(_fields(one, other))
    return [] if _agree(one, other) else [f"{_word(one)} here, {_word(other)} there"]


def _fields(near: Record, far: Record) -> Iterator[str]:
    ours, theirs = ({field.key: field for field in record.fields} for record in (near, far))
    for key in dict.fromkeys((*ours, *theirs)):
        here, there = ours.get(key), theirs.get(key)
        if here is None or there is None:
            known = here or there
            if known is not None and known.is_required:
                yield f"{key} is required {'here' if here else 'there'} and unknown {'there' if here else 'here'}"
        elif not _agree(here.shape, there.shape):
            yield f"{key} is {_kind(here)} here, {_kind(there)} there"


def _kind(field: Field) -> str:
    return _word(field.shape)


def _agree(one: Shape, other: Shape) -> bool:
    here, there = _words(one), _words(other)
    return not here or not there or bool(here & there)


def _word(shape: Shape) -> str:
    return " or ".join(sorted(_words(shape))) or "anything"


def _words(shape: Shape) -> set[str]:
    """Give the JSON kinds that a value may have, none where it may have any."""
    match shape:
        case Text():
            return {"text"}
        case Whole() | Number():
            return {"a number"}
        case Flag():
            return {"true or false"}
        case Choice(values):
            return {
                "true or false" if isinstance(v, bool) else "a number" if isinstance(v, int) else "text" for v in values
            }
        case List() | Tuple():
            return {"a list"}
        case Map() | Record() | Reference():
            return {"an object"}
        case Union(options):
            words = [_words(option) for option in options if not isinstance(option, Null)]
            return set[str]().union(*words) if all(words) else set()
        case Anything() | Null():
            return set()
