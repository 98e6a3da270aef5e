"""The form of a record inside the sandbox: a dict whose fields also read as attributes.

For type checkers a record is a class with its fields as attributes and `__getitem__`, and no dict: a field named
`items` could not be typed on a dict. At run time it is a dict subclass, because `json.dumps(c)`, `{**c}` and
`c.get("adviser")` must work as models expect.

1. A declared field that is absent reads as None, as `c.phone` and as `c["phone"]`; `in`, `len` and iteration show only
   what came.
2. A key that is neither declared nor present raises `FieldError`, which is an AttributeError and a KeyError, with the
   nearest name. `c.get("advisor")` raises too where a declared field is that close, because a silent None there ends
   as a wrong answer.
3. A declared field with the name of a dict method (`items` is the commonest) is not a property: json's C encoder and
   `{**page}` call the real method. The language decides by position: `page.items` is the field, `page.items()` the
   method (`policy/guards.py` asks `__record_keys__`).
4. Fields that policy masks read as they are; where the record is printed or sent as a value they show as `MASKED`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from reprlib import recursive_repr
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast, dataclass_transform

__all__ = ["MASKED", "UNSET", "Field", "FieldError", "Record", "Unset", "field", "mask", "nearest", "shown"]


class Unset:
    """The type of `UNSET`: an optional argument that was not given, where None is a value of its own."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNSET"


UNSET = Unset()
"""Default of an optional parameter that accepts None: what is unset is not sent."""


MASKED: Final = "***"
"""What stands in the place of a masked value."""


class FieldError(AttributeError, KeyError):
    """A record has no such field; the message names the nearest one."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else "no such field"


class Field:
    """A field whose key on the wire is not its attribute name."""

    __slots__ = ("key",)

    def __init__(self, key: str) -> None:
        self.key = key


def field(*, key: str, default: None = None) -> Any:
    """Declare a field with another key on the wire: `class_: str = field(key="class")`.

    The type is Any, as that of `dataclasses.field`: a type checker must accept it for every annotation.
    """
    del default
    return Field(key)


def mask(record: type[Record], keys: Iterable[str]) -> None:
    """Make the records of a class show `MASKED` under these keys where they are printed or sent as a value."""
    masked: Any = record
    masked.__masked_keys__ = frozenset(keys)
    masked.__repr__ = recursive_repr("{...}")(lambda made: repr(shown(made)))


def shown(made: Mapping[str, object]) -> dict[str, object]:
    """Give a record as it may be seen: a dict, masked where its class is."""
    masked = getattr(type(made), "__masked_keys__", frozenset[str]())
    items = dict[str, object].items(cast("dict[str, object]", made))
    return {key: MASKED if key in masked and value is not None else value for key, value in items}


def nearest(name: str, known: Iterable[str], *, most: int = 1, cutoff: float = 0.6) -> list[str]:
    """Give the known names that `name` may be a slip of, nearest first; a long name is compared by its beginning.

    Args:
        name: What was written.
        known: What there is.
        most: How many to give.
        cutoff: How alike they must be, 1.0 being equal but for case.
    """
    folded = {candidate.casefold(): candidate for candidate in known}
    found = difflib.get_close_matches(name[:_NAME_CHARACTERS].casefold(), folded, n=most, cutoff=cutoff)
    return [folded[match] for match in found]


def likely_fields(name: str, known: Iterable[str]) -> list[str]:
    """Give the fields that may be meant by a name that is none: those it is made of, else the nearest one.

    `emailAddress` is made of `email` and `address`, of which it is only the nearer to the second.
    """
    fields = list(known)
    words = [word.casefold() for word in _WORD.findall(name[:_NAME_CHARACTERS])]
    made_of = sorted((one for one in fields if one.casefold() in words), key=lambda one: words.index(one.casefold()))
    return made_of[:_LIKELY] or nearest(name, fields)


if TYPE_CHECKING:

    @dataclass_transform(kw_only_default=True, field_specifiers=(field,))
    class Record:
        """A record as type checkers see it: fields as attributes, keys by `[]`."""

        __record_keys__: ClassVar[Mapping[str, str]]
        __record_names__: ClassVar[dict[str, object]]

        def __getitem__(self, key: str, /) -> object: ...
        def __contains__(self, key: object, /) -> bool: ...
        def __iter__(self) -> Iterator[str]: ...
        def __len__(self) -> int: ...

else:

    class Record(dict):
        """A dict whose declared fields also read as attributes."""

        __slots__ = ()
        __record_keys__ = MappingProxyType({})
        __record_names__ = MappingProxyType({})  # what its annotations mean; `stubs.load` puts it in

        def __init_subclass__(cls) -> None:
            super().__init_subclass__()
            keys = {}
            for name in cls.__annotations__:
                declared = cls.__dict__.get(name)
                keys[name] = declared.key if isinstance(declared, Field) else name
                if name in cls.__dict__:
                    delattr(cls, name)
                if name not in _DICT_NAMES:
                    setattr(cls, name, property(itemgetter(keys[name])))
            cls.__record_keys__ = keys
            if any(name != key for name, key in keys.items()):
                cls.__init__ = _init_by_field

        def __missing__(self, key: object) -> None:
            if key in self.__record_keys__.values():
                return
            raise _no_field(self, key)

        def __getattr__(self, name: str) -> object:
            if name in self and not name.startswith("__"):  # those are hooks, which the interpreter asks any object for
                return self[name]
            raise _no_field(self, name)

        def get(self, key: object, default: object = None) -> object:
            """Give the value, or `default` where it is absent; a near miss of a declared field raises."""
            if key in self or key in self.__record_keys__.values():
                return super().get(key, default)
            if isinstance(key, str) and nearest(key, self.__record_keys__.values()):
                raise _no_field(self, key)
            return default

        def copy(self) -> Record:
            """Give a shallow copy, a record of the same class."""
            return type(self)(self)

    def _init_by_field(self: Record, *values: object, **fields: object) -> None:
        """Make a record with a field whose key is not its name: `Shape(class_="round")` has the key `class`."""
        keys = self.__record_keys__
        dict.__init__(self, *values, **{keys.get(name, name): value for name, value in fields.items()})


_DICT_NAMES = frozenset(name for name in dir(dict) if not name.startswith("__"))
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_LIKELY = 2
_NAME_CHARACTERS = 120  # comparing takes time in proportion
_FIELDS_SHOWN = 12  # a record of the wealth desk has at most 12 fields; more would push the hint out of the message


def _no_field(record: Record, key: object) -> FieldError:
    kind = type(record).__name__
    title = "this record" if kind == "Record" else kind
    known = list(record.__record_keys__.values()) or [str(name) for name in cast("dict[object, object]", record)]
    if not isinstance(key, str):
        return FieldError(f"the fields of {title} have names, not {type(key).__name__} keys")
    close = " or ".join(f'"{one}"' for one in likely_fields(key, known))
    if close:
        return FieldError(f'{title} has no field "{key[:80]}"; did you mean {close}?')
    listed = ", ".join(known[:_FIELDS_SHOWN]) + (", ..." if len(known) > _FIELDS_SHOWN else "")
    return FieldError(f'{title} has no field "{key[:80]}"; it has {listed or "no fields"}')
