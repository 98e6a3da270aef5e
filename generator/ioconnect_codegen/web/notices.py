"""Whose work is in the folder, under which licence, and where its source is.

The licence texts of the Python packages come out of their wheels. Pyodide's npm package holds none: the MPL asks to say
where source and licence are, and CPython's own licence is the text that typing_extensions carries as well.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ioconnect_codegen.web.assets import WHEELS, pinned_version

_RULE = "-" * 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What is said of one work.

    Attributes:
        wheel: Beginning of the name of its wheel, which holds its licence; "" where the text is in `more`.
    """

    name: str
    licence: str
    source: str
    files: str
    wheel: str = ""
    more: str = ""


def text(assets: Mapping[str, bytes]) -> str:
    """Give `THIRD_PARTY_NOTICES.txt`."""
    head = (
        "This folder holds works of others beside ioconnect-codemode's own files (MIT, see LICENSE). Modules of Python\n"
        "are compiled to bytecode in library.zip; all else is unmodified.\n"
        "Each is named here with its licence and the place of its source.\n"
    )
    return head + "".join(_section(notice, assets) for notice in _notices())


def _section(notice: Notice, assets: Mapping[str, bytes]) -> str:
    licence = "\n\n".join(_licences(notice.wheel, assets)) if notice.wheel else notice.more
    lines = [notice.name, f"Licence: {notice.licence}", f"Source:  {notice.source}", f"Files:   {notice.files}"]
    return f"\n{_RULE}\n" + "\n".join(lines) + f"\n\n{licence.strip()}\n"


def _licences(wheel: str, assets: Mapping[str, bytes]) -> Iterator[str]:
    for path, data in assets.items():
        if path.startswith(f"{WHEELS}/{wheel}-"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for name in archive.namelist():
                    if ".dist-info/licenses/" in name:
                        yield archive.read(name).decode("utf-8")


def _notices() -> Iterator[Notice]:
    yield Notice(
        name=f"Pyodide {pinned_version('pyodide')}",
        licence="Mozilla Public License 2.0 (MPL-2.0), https://www.mozilla.org/MPL/2.0/",
        source=f"https://github.com/pyodide/pyodide, tag {pinned_version('pyodide')}",
        files="assets/pyodide.*, assets/library.*",
        more=_PYODIDE,
    )
    yield Notice(
        name="CPython 3.14, compiled to WebAssembly by Pyodide",
        licence="Python Software Foundation License Version 2 (PSF-2.0)",
        source="https://github.com/python/cpython",
        files="assets/pyodide.asm.*, assets/library.*",
        more="Copyright (c) 2001 Python Software Foundation; All Rights Reserved.\n"
        "The text of the licence is that of typing_extensions below.",
    )
    yield Notice(
        name="RestrictedPython 9.0",
        licence="Zope Public License 2.1 (ZPL-2.1)",
        source="https://github.com/zopefoundation/RestrictedPython",
        files="assets/library.*",
        wheel="restrictedpython",
    )
    yield Notice(
        name="typeguard 4.6.1",
        licence="MIT",
        source="https://github.com/agronholm/typeguard",
        files="assets/library.*",
        wheel="typeguard",
    )
    yield Notice(
        name="typing_extensions 4.16.0",
        licence="Python Software Foundation License Version 2 (PSF-2.0)",
        source="https://github.com/python/typing_extensions",
        files="assets/library.*",
        wheel="typing_extensions",
    )
    yield Notice(
        name="tzdata 2026.6, of which the time zones that snippets may use are here",
        licence="Apache-2.0; the data itself is in the public domain",
        source="https://github.com/python/tzdata",
        files="assets/library.*",
        wheel="tzdata",
    )
    yield Notice(
        name=f"@cfworker/json-schema {pinned_version('@cfworker/json-schema')}",
        licence="MIT",
        source="https://github.com/cfworker/cfworker",
        files="js-*/vendor/json-schema/",
        more="Copyright (c) Jeremy Danyow\n"
        "ucs2-length.js is derived from punycode.js (MIT), copyright Mathias Bynens\n"
        f"format.js is derived from ajv (MIT), copyright (c) 2015-2021 Evgeny Poberezkin\n\n{_MIT}",
    )


_PYODIDE: Final = """\
The files are those of the npm package, unmodified; its modules of Python are in library.zip as bytecode, and their source
is at the address above. This Source Code Form is subject to the terms of the Mozilla Public
License, v. 2.0; its text is at the address above. The WebAssembly module also holds Emscripten's runtime (MIT and
University of Illinois/NCSA licences) and the libraries that CPython's own modules stand on: libffi, zlib, bzip2, xz,
zstd, SQLite, expat, libmpdec, HACL*. All of these are under permissive licences or in the public domain.
"""

_MIT: Final = """\
Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""
