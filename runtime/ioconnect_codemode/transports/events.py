"""What a protocol without I/O tells its edge: frames to send, who has come in, what calls have come to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from ioconnect_codemode.errors import CallError
from ioconnect_codemode.values import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """A frame to send now."""

    frame: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """Logged in, and the registry holds everything that was known then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The gateway, or the desktop agent, did not let this peer in."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A call has its result."""

    request_id: str
    result: JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A call has no result and will not get one."""

    request_id: str
    error: CallError


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """Methods came, went or changed.

    Attributes:
        names: Their wire names.
    """

    names: frozenset[str]


Event: TypeAlias = Send | Ready | Refused | Answered | Failed | Changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A call to send, and the id that its answer will carry."""

    request_id: str
    frame: str = field(repr=False)
