"""A namespace as a snippet sees it: a name, and members picked by hand. Never a module."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType


class Namespace:
    """A frozen set of named members.

    Its members are read as attributes; nothing else of it can be reached from a snippet, and nothing can be set.
    """

    __slots__ = ("_members", "_name")

    _name: str
    _members: Mapping[str, object]

    def __init__(self, name: str, members: Mapping[str, object]) -> None:
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_members", MappingProxyType(dict(members)))

    def __getattr__(self, name: str) -> object:
        members = self._members
        if name in members:
            return members[name]
        raise missing_member(self, name)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{self._name} is read-only")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{self._name} is read-only")

    def __repr__(self) -> str:
        return f"<namespace {self._name}>"

    def _advice(self, name: str) -> str:
        for member, value in self._members.items():
            has_it = (
                name in value._members
                if isinstance(value, Namespace)
                else isinstance(value, type) and hasattr(value, name)
            )
            if has_it and not name.startswith("_"):
                return f"; use {self._name}.{member}.{name}"
        near = get_close_matches(name, self._members, 1)
        if near:
            return f"; did you mean {self._name}.{near[0]}?"
        shown = sorted(self._members)[:12]
        return f"; it has {', '.join(shown)}{', ...' if len(self._members) > len(shown) else ''}"


def missing_member(namespace: Namespace, name: str) -> AttributeError:
    """Make the error that names the nearest member; host code only."""
    return AttributeError(f"{name_of_namespace(namespace)} has no {name!r}{namespace._advice(name)}")  # pyright: ignore[reportPrivateUsage]


def instead_of_member(namespace: Namespace, name: str) -> str:
    """Say what comes nearest to a member that a namespace lacks; host code only."""
    return namespace._advice(name).removeprefix("; ")  # pyright: ignore[reportPrivateUsage]


def members_of(namespace: Namespace) -> Mapping[str, object]:
    """Give the members; host code only."""
    members: Mapping[str, object] = object.__getattribute__(namespace, "_members")
    return members


def name_of_namespace(namespace: Namespace) -> str:
    """Give the name; host code only."""
    name: str = object.__getattribute__(namespace, "_name")
    return name
