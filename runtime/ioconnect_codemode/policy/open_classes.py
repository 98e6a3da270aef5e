"""Guards of one run that are quick for the snippet's own objects.

A class that derives from `object` and from classes of its kind alone has nothing that host code keeps to itself: all its
names but the special ones are the snippet's. Whether an object is of such a class is one look into a set, kept by the
run that made the class.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ioconnect_codemode.policy import guards
from ioconnect_codemode.policy.classes import Field, create_class, prepare_body
from ioconnect_codemode.policy.shown import is_snippet_class


class OpenClasses:
    """The open classes of one run, and the guards that ask for them.

    The names that these guards are given are literals of the snippet that review has found to be no special names.
    """

    __slots__ = ("create", "read", "write")

    create: Callable[..., object]
    read: Callable[[object, str], object]
    write: Callable[[object, str], object]

    def __init__(self) -> None:
        open_classes: set[type] = set()

        def create(name: str, bases: tuple[object, ...], members: dict[str, object], fields: Sequence[Field]) -> object:
            made = create_class(name, bases, members, fields)
            if isinstance(made, type) and _is_open(made):
                open_classes.add(made)
            return made

        def read(value: object, name: str) -> object:
            return getattr(value, name) if type(value) in open_classes else guards.read(value, name)

        def write(value: object, name: str) -> object:
            return value if type(value) in open_classes else guards.write(value, name)

        self.create, self.read, self.write = _Metaclass(create), read, write


class _Metaclass:
    """What a class statement is handed as its metaclass."""

    __slots__ = ("_create",)

    def __init__(self, create: Callable[..., object]) -> None:
        self._create = create

    def __prepare__(self, name: str, bases: tuple[object, ...], **_: object) -> dict[str, object]:
        return prepare_body(name, bases)

    def __call__(self, name: str, bases: tuple[object, ...], members: dict[str, object], **keywords: object) -> object:
        """Make the class."""
        return self._create(name, bases, members, **keywords)


def _is_open(cls: type) -> bool:
    return type(cls) is type and all(base is object or is_snippet_class(base) for base in cls.__mro__)
