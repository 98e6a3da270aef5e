"""Facades about text in memory: io and csv.

The readers and writers of `csv` are C code that asks its arguments for attributes, so they only get lists of text and
plain options; a snippet holds wrappers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, cast

from ioconnect_codemode.policy.buffers import StringIO
from ioconnect_codemode.policy.namespaces import Namespace
from ioconnect_codemode.policy.shown import register_readable
from ioconnect_codemode.values import with_article

_QUOTING: Final = ("QUOTE_ALL", "QUOTE_MINIMAL", "QUOTE_NONNUMERIC", "QUOTE_NONE", "QUOTE_STRINGS", "QUOTE_NOTNULL")
_DIALECTS: Final = ("excel", "excel-tab", "unix")
_TEXT_OPTIONS: Final = frozenset({"delimiter", "quotechar", "escapechar", "lineterminator"})
_OPTIONS: Final = _TEXT_OPTIONS | {"doublequote", "skipinitialspace", "quoting", "strict"}


def io_facade() -> Namespace:
    """`io`: text in memory."""
    places = {name: getattr(io, name) for name in ("SEEK_SET", "SEEK_CUR", "SEEK_END")}
    return Namespace("io", {"StringIO": StringIO, **places})


def csv_facade() -> Namespace:
    """`csv`: tables from lines of text and to an `io.StringIO`."""
    quoting: dict[str, object] = {name: getattr(csv, name) for name in _QUOTING if hasattr(csv, name)}
    own = {"reader": Reader, "writer": Writer, "DictReader": DictReader, "DictWriter": DictWriter}
    return Namespace("csv", {**quoting, **own, "Error": csv.Error, "list_dialects": lambda: list(_DIALECTS)})


def _options(dialect: object, given: Mapping[str, object]) -> dict[str, object]:
    if type(dialect) is not str or dialect not in _DIALECTS:
        raise csv.Error(f"a dialect is one of {', '.join(_DIALECTS)}; give other options by keyword")
    for name, value in given.items():
        if name not in _OPTIONS:
            raise TypeError(f"{name!r} is an invalid keyword argument here; there are {', '.join(sorted(_OPTIONS))}")
        if type(value) not in ((str, type(None)) if name in _TEXT_OPTIONS else (int, bool)):
            raise TypeError(f"{name} can't be {with_article(type(value).__name__)}")
    return {"dialect": dialect, **given}


def _rows_of(lines: Iterable[str], dialect: object, given: Mapping[str, object]) -> _Rows:
    if isinstance(lines, str):
        raise TypeError("csv reads lines; write csv.reader(text.splitlines()) or csv.reader(io.StringIO(text))")
    make = cast("Callable[..., _Rows]", csv.reader)
    return make(iter(lines), **_options(dialect, given))


class _Rows(Iterator[list[str]]):
    """What `csv.reader` gives."""

    line_num: int


@register_readable("line_num")
class Reader:
    """`csv.reader`."""

    __slots__ = ("_rows",)

    def __init__(self, csvfile: Iterable[str], dialect: object = "excel", **options: object) -> None:
        self._rows = _rows_of(csvfile, dialect, options)

    @property
    def line_num(self) -> int:
        """How many lines have been read."""
        return self._rows.line_num

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        return next(self._rows)


@register_readable("line_num", "fieldnames", "restkey", "restval")
class DictReader:
    """`csv.DictReader`."""

    __slots__ = ("_fieldnames", "_rows", "restkey", "restval")

    def __init__(
        self,
        f: Iterable[str],
        fieldnames: Sequence[str] | None = None,
        restkey: object = None,
        restval: object = None,
        dialect: object = "excel",
        **options: object,
    ) -> None:
        self._rows = _rows_of(f, dialect, options)
        self._fieldnames = None if fieldnames is None else list(fieldnames)
        self.restkey, self.restval = restkey, restval

    @property
    def line_num(self) -> int:
        """How many lines have been read."""
        return self._rows.line_num

    @property
    def fieldnames(self) -> list[str] | None:
        """The names of the columns; the first row where none were given."""
        if self._fieldnames is None:
            self._fieldnames = next(self._rows, None)
        return self._fieldnames

    def __iter__(self) -> Iterator[dict[object, object]]:
        return self

    def __next__(self) -> dict[object, object]:
        names = self.fieldnames or []
        row = next(self._rows)
        while not row:
            row = next(self._rows)
        made: dict[object, object] = dict(zip(names, row, strict=False))
        if len(row) > len(names):
            made[self.restkey] = row[len(names) :]
        made.update(dict.fromkeys(names[len(row) :], self.restval))
        return made


@register_readable("writerow", "writerows")
class Writer:
    """`csv.writer`, into an `io.StringIO`."""

    __slots__ = ("_into", "_options")

    def __init__(self, csvfile: object, dialect: object = "excel", **options: object) -> None:
        if not isinstance(csvfile, StringIO):
            raise TypeError("csv writes into an io.StringIO here; its getvalue() gives the text")
        self._into = csvfile
        self._options = _options(dialect, options)
        _line([], self._options)

    def writerow(self, row: Iterable[object], /) -> int:
        """Write one row."""
        return self._into.write(_line(row, self._options))

    def writerows(self, rows: Iterable[Iterable[object]], /) -> None:
        """Write several."""
        for row in rows:
            self.writerow(row)


@register_readable("writeheader", "writerow", "writerows", "fieldnames", "restval")
class DictWriter:
    """`csv.DictWriter`, into an `io.StringIO`."""

    __slots__ = ("_is_strict", "_writer", "fieldnames", "restval")

    def __init__(
        self,
        f: object,
        fieldnames: Iterable[object],
        restval: object = "",
        extrasaction: object = "raise",
        dialect: object = "excel",
        **options: object,
    ) -> None:
        if type(extrasaction) is not str or extrasaction.lower() not in ("raise", "ignore"):
            raise ValueError(f"extrasaction ({extrasaction}) must be 'raise' or 'ignore'")
        self.fieldnames: list[object] = list(fieldnames)
        self.restval = restval
        self._is_strict: bool = extrasaction.lower() == "raise"
        self._writer: Writer = Writer(f, dialect, **options)

    def writeheader(self) -> int:
        """Write the names of the columns."""
        return self._writer.writerow(self.fieldnames)

    def writerow(self, rowdict: Mapping[object, object], /) -> int:
        """Write one row."""
        extra = [key for key in rowdict if key not in self.fieldnames] if self._is_strict else []
        if extra:
            raise ValueError(f"dict contains fields not in fieldnames: {', '.join(map(repr, extra))}")
        return self._writer.writerow([rowdict.get(name, self.restval) for name in self.fieldnames])

    def writerows(self, rowdicts: Iterable[Mapping[object, object]], /) -> None:
        """Write several."""
        for row in rowdicts:
            self.writerow(row)


def _line(row: Iterable[object], options: Mapping[str, object]) -> str:
    into = io.StringIO(newline="")
    cast("Callable[..., csv.DictWriter[str]]", csv.writer)(into, **options).writerow(row)  # type: ignore[arg-type]
    return into.getvalue()
