"""Frames between worker and host: a length, then one message. No I/O.

A frame is a 4-byte little-endian length and that many bytes.

1. Worker to host is JSON and nothing else: the worker is not trusted. What is too long, not JSON, not an object with a
   known `type`, nested deeper than 100, or has NaN in it, is a `FrameError`, and the run is over.
2. Host to worker is trusted and uses marshal, the fastest decoder of the standard library; it also carries the code of
   stub modules. In the browser the same messages are structured clones. A message with one good reply, as nearly all
   have, leaves as three parts without their names: it is written and read in two thirds of the time.
3. A large answer may leave while the host still checks it: a length of nothing stands before its frame, and one byte behind
   it says whether it holds. The worker has read it by then; one that doesn't hold it forgets, as if it had not come.

The messages are described in `frames.schema.json`.
"""

from __future__ import annotations

import json
import json.encoder
import marshal
import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal, NotRequired, TypeAlias, TypedDict, cast

from ioconnect_codemode.errors import FrameError

if TYPE_CHECKING:
    from ioconnect_codemode.values import JsonValue

HEADER_BYTES = 4
UNCHECKED = bytes(HEADER_BYTES)
"""Stands before a frame that is still checked."""
HOLDS, FAILS = b"\1", b"\0"
"""Stands behind it."""
MOST_PARTS = 250_000
"""Parts of a message: 10,000 records of 12 nested fields have 150,000; a million would hold the host for seconds."""
MOST_CALL_PARTS = 50_000
"""Parts of the calls of one message: they are checked one by one in the host."""
MOST_NAMES = 2_000
"""Names that a worker may ask for: a snippet of 64 KiB that means anything has fewer."""
PROTOCOL = 1
_DEPTH = 100  # a value has at most 60 levels (`values.JsonLimits`), the message around it four


class Call(TypedDict):
    """One bridge call: arguments by parameter name."""

    id: int
    name: str
    arguments: dict[str, JsonValue]


class Problem(TypedDict):
    """One error of a run, as the worker reports it."""

    kind: str
    message: str
    line: NotRequired[int | None]
    column: NotRequired[int | None]
    end_column: NotRequired[int | None]
    hint: NotRequired[str | None]
    signature: NotRequired[str | None]
    exception: NotRequired[str | None]


class ReadyMessage(TypedDict):
    """The worker is locked and waits for its run."""

    type: Literal["ready"]
    protocol: int
    python: str
    layers: dict[str, str]


class NeedMessage(TypedDict):
    """Free names of the snippet: the worker asks for the namespaces and functions among them."""

    type: Literal["need"]
    names: list[str]


class CallMessage(TypedDict):
    """Bridge calls that leave together."""

    type: Literal["call"]
    calls: list[Call]


class WaitMessage(TypedDict):
    """The worker waits for time to pass: the host wakes it with a `reply` that says so."""

    type: Literal["wait"]
    id: int
    for_us: int


class DoneMessage(TypedDict):
    """The snippet ran to its end."""

    type: Literal["done"]
    value: JsonValue
    has_value: bool
    printed: str
    printed_is_cut: bool
    timings: NotRequired[dict[str, float]]


class FailedMessage(TypedDict):
    """The snippet was refused or raised."""

    type: Literal["failed"]
    errors: list[Problem]
    printed: str
    printed_is_cut: bool


WorkerMessage = ReadyMessage | NeedMessage | CallMessage | WaitMessage | DoneMessage | FailedMessage


class GoodReply(TypedDict):
    """The answer to a call; with `by_target` the answers of several apps, by the names of the targets."""

    id: int
    ok: Literal[True]
    value: JsonValue
    by_target: NotRequired[Literal[True]]


class BadReply(TypedDict):
    """Why a call has no answer: the kind and the text of the exception that the snippet gets."""

    id: int
    ok: Literal[False]
    kind: str
    message: str


Reply = GoodReply | BadReply


class FrameReader:
    """Cuts a stream of bytes into frames.

    Args:
        limit_bytes: The largest message that is accepted; a longer one is refused by its header, before it is read.
    """

    __slots__ = ("_buffer", "_limit_bytes")

    def __init__(self, limit_bytes: int) -> None:
        self._buffer = bytearray()
        self._limit_bytes = limit_bytes

    def feed(self, data: bytes | bytearray | memoryview) -> list[bytes]:
        """Take bytes in and give the messages that are complete.

        Raises:
            FrameError: A message is longer than the limit.
        """
        buffer = self._buffer
        if (
            not buffer
            and len(data) - HEADER_BYTES == int.from_bytes(data[:HEADER_BYTES], "little") <= self._limit_bytes
        ):
            return [bytes(data[HEADER_BYTES:])]  # one frame a read, as nearly always
        buffer += data
        messages: list[bytes] = []
        start, size = 0, len(buffer)
        while size - start >= HEADER_BYTES:
            length = int.from_bytes(buffer[start : start + HEADER_BYTES], "little")
            if length > self._limit_bytes:
                raise FrameError(f"a message of {length:,} bytes; the limit is {self._limit_bytes:,}")
            end = start + HEADER_BYTES + length
            if end > size:
                break
            messages.append(bytes(buffer[start + HEADER_BYTES : end]))
            start = end
        del buffer[:start]
        return messages


def encode_json(message: Mapping[str, object]) -> bytes:
    """Give the frame of a message from the worker.

    Raises:
        ValueError: NaN, an infinity or a circular value.
    """
    body = _JSON_ENCODER.encode(message).encode("utf-8", "replace")
    return len(body).to_bytes(HEADER_BYTES, "little") + body


def encode_call(number: int, name: str, arguments: Mapping[str, object]) -> bytes:
    """Give the frame of a message with one call: what `encode_json` gives, in a third of its time.

    Raises:
        ValueError: NaN, an infinity or a circular value.
    """
    parts: list[str] = []
    for key, value in arguments.items():
        if type(value) is str:
            parts.append(f"{quoted(key)}:{quoted(value)}")
        elif type(value) is int:
            parts.append(f"{quoted(key)}:{value}")
        else:
            parts.append(f"{quoted(key)}:{_JSON_ENCODER.encode(value)}")
    heading = f'{{"type":"call","calls":[{{"id":{number},"name":{quoted(name)},"arguments":{{'
    body = f"{heading}{','.join(parts)}}}}}]}}".encode("utf-8", "replace")
    return len(body).to_bytes(HEADER_BYTES, "little") + body


def encode_reply(reply: Reply, elapsed_us: int) -> bytes:
    """Give the frame of a message with one reply.

    Raises:
        ValueError: As in `encode_trusted`.
    """
    if reply["ok"] is True and "by_target" not in reply:
        body = marshal.dumps((elapsed_us, reply["id"], reply["value"]))
    else:
        body = marshal.dumps({"type": "reply", "elapsed_us": elapsed_us, "replies": [reply]})
    return len(body).to_bytes(HEADER_BYTES, "little") + body


def encode_trusted(message: Mapping[str, object]) -> bytes:
    """Give the frame of a message to the worker.

    Raises:
        ValueError: A part is of no type that marshal knows, or the message is nested deeper than 2,000.
    """
    body = marshal.dumps(dict(message))
    return len(body).to_bytes(HEADER_BYTES, "little") + body


def decode_trusted(body: bytes | bytearray | memoryview) -> dict[str, object]:
    """Give a message from the host; for the worker only."""
    message: object = marshal.loads(body)
    if type(message) is tuple:
        elapsed_us, number, value = cast("tuple[object, object, object]", message)
        return {"type": "reply", "elapsed_us": elapsed_us, "replies": [{"id": number, "ok": True, "value": value}]}
    return cast("dict[str, object]", message)


def decode_json(body: bytes) -> WorkerMessage:
    """Give a message from the worker, its shape checked.

    Raises:
        FrameError: It is not JSON, not an object, too deep, of an unknown type, or a part has the wrong type.
    """
    size = len(body)
    if size > MOST_PARTS and has_more_parts(body, MOST_PARTS):
        raise FrameError(f"a message with more than {MOST_PARTS:,} parts")
    try:
        decoded = _parsed(body.decode("utf-8"))
        if b"\\" in body and b"\\ud" in body.lower():  # half a character, escaped: no text could be written out
            _JSON_ENCODER.encode(decoded).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise FrameError("a message that is not JSON") from error
    if type(decoded) is not dict:
        raise FrameError("a message that is not an object")
    message = cast("dict[str, object]", decoded)
    if size > _DEPTH and body.count(b"[") + body.count(b"{") > _DEPTH and is_deep(message, levels=_DEPTH):
        raise FrameError(f"a message that is nested deeper than {_DEPTH}")
    kind = message.get("type")
    if kind == "call" and len(message) == 2 and _are_calls(message.get("calls")):
        if size > MOST_CALL_PARTS and has_more_parts(body, MOST_CALL_PARTS):
            raise FrameError(f"a call message with more than {MOST_CALL_PARTS:,} parts")
        return message  # type: ignore[return-value]  # its parts have been looked at
    parts = _PARTS.get(kind) if isinstance(kind, str) else None
    if parts is None:
        raise FrameError("a message of an unknown type")
    _hold(message, parts, str(kind))
    _hold_timings(message)
    if kind == "call" and has_more_parts(body, MOST_CALL_PARTS):
        raise FrameError(f"a call message with more than {MOST_CALL_PARTS:,} parts")
    for item in _list_items(message):
        _hold(item, _ITEM_PARTS[str(kind)], str(kind))
    return cast("WorkerMessage", message)


def has_more_parts(body: bytes, most: int) -> bool:
    """Whether a JSON text has more parts than that; the commas of a text in it, of a table for instance, are none.

    Of what is no JSON at least the parts are counted that stand before the place where a parser gives up.
    """
    if _signs(body) <= most:
        return False
    bare = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    if bare.count(b'"') > 4 * (most + 1):  # a part has a key and a text at most; more quotes would make too many pieces
        return True
    return _signs(b"".join(bare.split(b'"')[::2])) > most


def _signs(body: bytes) -> int:
    return body.count(b",") + body.count(b"[") + body.count(b"{")


def is_deep(value: object, *, levels: int) -> bool:
    """Whether a JSON value has containers nested deeper than that. No recursion: it could be driven too deep itself."""
    level = [cast("_Container", value)] if isinstance(value, (dict, list)) else []
    for _ in range(levels):
        level = [
            cast("_Container", inner)
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return False
    return bool(level)


_Container: TypeAlias = "dict[str, object] | list[object]"


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):  # 1e999 is JSON, what Python makes of it is not
        raise ValueError("a number beyond a float")
    return number


def _parsed(text: str) -> object:
    """Give what a JSON text says; one without blanks around it, as a worker writes, is not searched for them."""
    if text[:1] == "{":
        decoded, end = _JSON_DECODER.raw_decode(text)
        if end == len(text):
            return cast("object", decoded)
    return cast("object", _JSON_DECODER.decode(text))


def _are_calls(calls: object) -> bool:
    """Whether these are calls as a worker writes them; what is not is held part by part, which names the part."""
    if type(calls) is not list:
        return False
    for call in cast("list[object]", calls):
        if type(call) is not dict:
            return False
        parts = cast("dict[str, object]", call)
        get = parts.get
        if len(parts) != 3 or type(get("id")) is not int or type(get("name")) is not str:
            return False
        if type(get("arguments")) is not dict:
            return False
    return True


quoted: Callable[[str], str] = json.encoder.encode_basestring
"""Gives a text as JSON, as `_JSON_ENCODER` does; from the C part of json where that is there."""
_JSON_ENCODER = json.JSONEncoder(allow_nan=False, separators=(",", ":"), ensure_ascii=False)
_JSON_DECODER = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite)

_PARTS: dict[str, dict[str, tuple[type, ...]]] = {
    "ready": {"protocol": (int,), "python": (str,), "layers": (dict,)},
    "need": {"names": (list,)},
    "call": {"calls": (list,)},
    "wait": {"id": (int,), "for_us": (int,)},
    "done": {"has_value": (bool,), "printed": (str,), "printed_is_cut": (bool,), "value": (object,)},
    "failed": {"errors": (list,), "printed": (str,), "printed_is_cut": (bool,)},
}
_ITEM_PARTS: dict[str, dict[str, tuple[type, ...]]] = {
    "call": {"id": (int,), "name": (str,), "arguments": (dict,)},
    "failed": {"kind": (str,), "message": (str,)},
}
_TIMINGS = frozenset({"review_us", "run_us"})
_OPTIONAL_ITEM_PARTS: dict[str, tuple[type, ...]] = {
    "line": (int, type(None)),
    "column": (int, type(None)),
    "end_column": (int, type(None)),
    "hint": (str, type(None)),
    "signature": (str, type(None)),
    "exception": (str, type(None)),
    "refused": (str, type(None)),
}


def _list_items(message: Mapping[str, object]) -> list[dict[str, object]]:
    items: list[dict[str, object]] = []
    if message["type"] == "need":
        names = cast("list[object]", message["names"])
        if len(names) > MOST_NAMES or not all(isinstance(name, str) for name in names):
            raise FrameError(f"a need message with more than {MOST_NAMES:,} names, or one that is not text")
    elif message["type"] in _ITEM_PARTS:
        for item in cast("list[object]", message["calls" if message["type"] == "call" else "errors"]):
            if not isinstance(item, dict):
                raise FrameError(f"a {message['type']} message with an item that is not an object")
            items.append(cast("dict[str, object]", item))
    return items


def _hold(part: Mapping[str, object], types: Mapping[str, tuple[type, ...]], kind: str) -> None:
    for name, allowed in types.items():
        if name not in part:
            raise FrameError(f"a {kind} message without {name}")
        _hold_type(part[name], allowed, name, kind)
    for name, allowed in _OPTIONAL_ITEM_PARTS.items():
        if name in part:
            _hold_type(part[name], allowed, name, kind)


def _hold_timings(message: Mapping[str, object]) -> None:
    """What an outcome shows beside value and text can be no way past their limits."""
    timings = message.get("timings", {})
    names = cast("dict[str, object]", timings).keys() if isinstance(timings, dict) else {""}
    if not names <= _TIMINGS:
        raise FrameError("a message with timings that nobody takes")
    for name in names:
        _hold_type(cast("dict[str, object]", timings)[name], (int, float), name, "done")


def _hold_type(value: object, allowed: tuple[type, ...], name: str, kind: str) -> None:
    is_stray_bool = isinstance(value, bool) and bool not in allowed and object not in allowed
    if is_stray_bool or not isinstance(value, allowed):
        raise FrameError(f"a {kind} message with {name} of the wrong type")
