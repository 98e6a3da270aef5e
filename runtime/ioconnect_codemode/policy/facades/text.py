"""Facades about text and bytes: json, re, string, textwrap, base64, hashlib, uuid."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import string
import textwrap
import uuid
from collections.abc import Callable
from typing import Final, Protocol, cast

from ioconnect_codemode.policy.context import current
from ioconnect_codemode.policy.encoders import JSONEncoder
from ioconnect_codemode.policy.facades.laid_out import Template
from ioconnect_codemode.policy.namespaces import Namespace
from ioconnect_codemode.policy.plain import called, plain_call
from ioconnect_codemode.policy.shown import register_readable, show_plainly

show_plainly(uuid.UUID)


def json_facade() -> Namespace:
    """`json`; its encoder as a base that has `default`."""
    own = {"dumps": dumps, "loads": loads, "JSONEncoder": JSONEncoder}
    return Namespace("json", {**own, "JSONDecodeError": json.JSONDecodeError})


def re_facade() -> Namespace:
    """`re`, without the flag that prints to the process's own output."""
    functions = ["search", "match", "fullmatch", "findall", "finditer", "sub", "subn", "split", "compile"]
    flags = ["A", "ASCII", "I", "IGNORECASE", "M", "MULTILINE", "S", "DOTALL", "X", "VERBOSE", "U", "UNICODE", "NOFLAG"]
    members: dict[str, object] = {name: _without_debug(getattr(re, name)) for name in functions}
    members |= {name: getattr(re, name) for name in flags}
    return Namespace(
        "re",
        {
            **members,
            "escape": called(re.escape),
            "error": re.error,
            "PatternError": re.error,
            "Pattern": re.Pattern,
            "Match": re.Match,
        },
    )


def string_facade() -> Namespace:
    """`string`: its constants, `capwords` and `Template`."""
    constants = (
        "ascii_letters ascii_lowercase ascii_uppercase digits hexdigits octdigits punctuation whitespace printable"
    )
    members: dict[str, object] = {name: getattr(string, name) for name in constants.split()}
    return Namespace("string", {**members, "capwords": called(string.capwords), "Template": Template})


def textwrap_facade() -> Namespace:
    """`textwrap`: its functions."""
    return Namespace(
        "textwrap",
        {name: _of_text(getattr(textwrap, name)) for name in ("wrap", "fill", "shorten", "dedent", "indent")},
    )


def _of_text(function: Callable[..., object]) -> Callable[..., object]:
    lay_out = called(function)

    def call(text: object, *args: object, **kwargs: object) -> object:
        if not isinstance(text, str):
            raise TypeError(f"{function.__name__}() takes a str, not {type(text).__name__}")
        return lay_out(text, *args, **kwargs)

    return call


def base64_facade() -> Namespace:
    """`base64`: the encodings in use."""
    functions = [
        "b64encode",
        "b64decode",
        "urlsafe_b64encode",
        "urlsafe_b64decode",
        "b32encode",
        "b32decode",
        "b16encode",
        "b16decode",
    ]
    return Namespace("base64", {name: called(getattr(base64, name)) for name in functions})


def hashlib_facade() -> Namespace:
    """`hashlib`: the common digests, computed at once."""
    return Namespace("hashlib", {**{name: _digest(name) for name in _DIGESTS}, "new": _new_digest})


def uuid_facade() -> Namespace:
    """`uuid`, without `uuid1`, which shows the machine's network address."""
    functions = {name: called(getattr(uuid, name)) for name in ("uuid3", "uuid5")}
    spaces = {name: getattr(uuid, name) for name in ("NAMESPACE_DNS", "NAMESPACE_URL", "NAMESPACE_OID")}
    return Namespace("uuid", {**functions, **spaces, "uuid4": called(current().uuid4), "UUID": uuid.UUID})


_DIGESTS: Final = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")


class _Hash(Protocol):
    digest_size: int

    def update(self, data: bytes) -> None: ...
    def digest(self) -> bytes: ...
    def hexdigest(self) -> str: ...


@register_readable("update", "digest", "hexdigest", "name", "digest_size")
class Digest:
    """A digest as `hashlib` gives it."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name: Final = name
        self._hash: _Hash = getattr(hashlib, name)(data, usedforsecurity=False)
        self.digest_size: Final = self._hash.digest_size

    def update(self, data: bytes) -> None:
        """Add bytes."""
        self._hash.update(data)

    def digest(self) -> bytes:
        """Give the digest as bytes."""
        return self._hash.digest()

    def hexdigest(self) -> str:
        """Give the digest as hexadecimal text."""
        return self._hash.hexdigest()


def _digest(name: str) -> Callable[..., Digest]:
    def make(data: bytes = b"", *, usedforsecurity: bool = True) -> Digest:
        return Digest(name, data)

    return make


def _new_digest(name: str, data: bytes = b"", *, usedforsecurity: bool = True) -> Digest:
    if type(name) is not str or name.lower() not in _DIGESTS:
        raise ValueError(f"unsupported hash type; there are {', '.join(_DIGESTS)}")
    return Digest(name.lower(), data)


def dumps(
    obj: object,
    *,
    cls: object = None,
    skipkeys: bool = False,
    ensure_ascii: bool = True,
    check_circular: bool = True,
    allow_nan: bool = True,
    indent: int | str | None = None,
    separators: tuple[str, str] | None = None,
    default: Callable[[object], object] | None = None,
    sort_keys: bool = False,
) -> str:
    """Write JSON; with a snippet's encoder where one is given."""
    if cls is not None:
        if not isinstance(cls, type) or not issubclass(cls, JSONEncoder):
            raise TypeError("cls takes a class that derives from json.JSONEncoder; default=function does the same")
        return cls(
            skipkeys=skipkeys,
            ensure_ascii=ensure_ascii,
            check_circular=check_circular,
            allow_nan=allow_nan,
            indent=indent,
            separators=separators,
            default=default,
            sort_keys=sort_keys,
        ).encode(obj)
    return json.dumps(
        obj,
        skipkeys=skipkeys,
        ensure_ascii=ensure_ascii,
        check_circular=check_circular,
        allow_nan=allow_nan,
        indent=indent,
        separators=separators,
        default=default,
        sort_keys=sort_keys,
    )


def loads(
    s: object,
    *,
    object_hook: Callable[[dict[str, object]], object] | None = None,
    parse_float: Callable[[str], object] | None = None,
    parse_int: Callable[[str], object] | None = None,
    parse_constant: Callable[[str], object] | None = None,
    object_pairs_hook: Callable[[list[tuple[str, object]]], object] | None = None,
) -> object:
    """Read JSON. What is data already is given as it is: models take a call's result for a text."""
    if isinstance(s, (dict, list)):
        return cast("object", s)
    loaded: object = json.loads(
        cast("str | bytes", s),
        object_hook=object_hook,
        parse_float=parse_float,
        parse_int=parse_int,
        parse_constant=parse_constant,
        object_pairs_hook=object_pairs_hook,
    )
    return loaded


def _without_debug(function: Callable[..., object]) -> Callable[..., object]:
    flags_at = {"sub": 4, "subn": 4, "split": 3, "compile": 1}.get(function.__name__, 2)

    def call(*args: object, **kwargs: object) -> object:
        flags = args[flags_at] if len(args) > flags_at else kwargs.get("flags", 0)
        if type(flags) not in (int, re.RegexFlag):
            raise TypeError("flags must be an int, or flags of re")
        if int(cast(int, flags)) & int(re.DEBUG):
            raise ValueError("re.DEBUG is not available")
        return plain_call(function, args, kwargs)

    return call
