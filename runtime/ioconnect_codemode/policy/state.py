"""What an object of a snippet's own holds, as `vars(x)` and `x.__dict__` give it.

The object's own dict is never handed out. Who can put any key into it can put special names there, and code of the
standard library reads such names from objects: `dataclasses.replace` would fetch any attribute, `inspect.signature` look
into any module.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, cast

from ioconnect_codemode.policy.names import is_special
from ioconnect_codemode.values import register_dict

_NOT_GIVEN: Final = object()


class State(dict[object, object]):
    """A copy of an object's dict. What is changed in it is changed in the object too; special names are refused.

    A method of `dict` that is called past this class changes the copy only.
    """

    __slots__ = ("_kept",)

    _kept: dict[str, object]

    def __init__(self, kept: dict[str, object]) -> None:
        super().__init__(cast("dict[object, object]", kept))
        self._kept = kept

    def __setitem__(self, key: object, value: object) -> None:
        """Set an attribute.

        Raises:
            TypeError: Its name is no plain text.
            AttributeError: Its name is a special one.
        """
        if type(key) is not str:
            raise TypeError("attribute name must be a plain str")
        if is_special(key):
            raise AttributeError(f"the attribute {key!r} can't be set")
        self._kept[key] = value
        super().__setitem__(key, value)

    def __delitem__(self, key: object) -> None:
        """Delete an attribute."""
        super().__delitem__(key)
        if type(key) is str:
            self._kept.pop(key, None)

    def __ior__(self, other: object) -> State:  # type: ignore[misc]
        """Set attributes."""
        self.update(other)
        return self

    def update(self, *others: object, **named: object) -> None:
        """Set attributes."""
        made = dict[object, object](*cast("tuple[Mapping[object, object]]", others), **named)
        for key, value in made.items():
            self[key] = value

    def setdefault(self, key: object, default: object = None) -> object:
        """Give an attribute, set where there is none."""
        if key not in self:
            self[key] = default
        return self[key]

    def pop(self, key: object, default: object = _NOT_GIVEN) -> object:
        """Give an attribute and delete it."""
        if key not in self and default is not _NOT_GIVEN:
            return default
        value = self[key]
        del self[key]
        return value

    def popitem(self) -> tuple[object, object]:
        """Give the last attribute and delete it."""
        key, value = super().popitem()
        self._kept.pop(cast(str, key), None)
        return key, value

    def clear(self) -> None:
        """Delete all attributes."""
        for key in cast("Iterable[object]", list(self)):
            del self[key]


register_dict(State)
