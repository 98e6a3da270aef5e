"""The files of a folder in the encodings that browsers ask for, beside each: `x.js.br`, `x.js.gz`.

Brotli takes half a minute for Pyodide, so what was made is kept by the content's digest in the folder of assets.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final, Protocol, cast

from ioconnect_codegen.output import put_bytes

ENCODINGS: Final = {"br": ".br", "gzip": ".gz"}
"""Content encodings, best first, and the endings of their files."""

_KEPT = "compressed"
_LEAST_BYTES = 1_024  # below, a file and its headers fit one packet anyway
_KEPT_BYTES = 1 << 16  # below, encoding takes milliseconds
_WORTH = 0.95  # 2 % less is not worth unpacking


def compressed(files: Mapping[str, bytes], *, kept_in: Path, progress: Callable[[str], None]) -> dict[str, bytes]:
    """Give the further files, where they are worth it. Without `brotli` there are only gzip's."""
    made: dict[str, bytes] = {}
    for encoding in _encodings():
        for name, data in files.items():
            if len(data) >= _LEAST_BYTES:
                smaller = _encoded(encoding, data, kept_in / _KEPT, f"compress {name}{encoding.ending}", progress)
                if len(smaller) < len(data) * _WORTH:
                    made[f"{name}{encoding.ending}"] = smaller
    return made


def is_compressed(path: str) -> bool:
    """Say whether a path is one of the further files."""
    return path.endswith(tuple(ENCODINGS.values()))


class _Brotli(Protocol):
    """What is used of the module `brotli`, which has no types."""

    def compress(self, data: bytes, /) -> bytes: ...

    def decompress(self, data: bytes, /) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Encoding:
    ending: str
    encode: Callable[[bytes], bytes]
    decode: Callable[[bytes], bytes]


def _encodings() -> Iterator[_Encoding]:
    yield _Encoding(ending=".gz", encode=_gzip, decode=gzip.decompress)
    try:
        brotli = cast("_Brotli", import_module("brotli"))
    except ImportError:  # an extra
        return
    yield _Encoding(ending=".br", encode=brotli.compress, decode=brotli.decompress)


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, 9, mtime=0)


def _encoded(encoding: _Encoding, data: bytes, kept_in: Path, told: str, progress: Callable[[str], None]) -> bytes:
    if len(data) < _KEPT_BYTES:
        return encoding.encode(data)
    kept = kept_in / f"{hashlib.sha256(data).hexdigest()}{encoding.ending}"
    if kept.is_file() and (found := kept.read_bytes()) and _decodes_to(encoding, found, data):
        return found
    progress(told)
    made = encoding.encode(data)
    with contextlib.suppress(OSError):  # a folder of assets that can't be written: it is made again the next time
        put_bytes(kept, made)
    return made


def _decodes_to(encoding: _Encoding, found: bytes, data: bytes) -> bool:
    try:
        return encoding.decode(found) == data
    except Exception:  # each decoder raises what it likes; the file is made anew
        return False
