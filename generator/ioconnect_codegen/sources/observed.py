"""The overlay that `codemode learn` proposes and a person has reviewed: result schemas of methods that declare none."""

from __future__ import annotations

from ioconnect_codegen.sources.part import Entry, Part, Reading, kept, listed, mapped, schema, text
from ioconnect_codemode.values import JsonValue

VERSION = 1
"""Of the form of an overlay, under the key `overlay`."""


def is_overlay(document: JsonValue) -> bool:
    """Tell whether a document is an overlay."""
    version = mapped(document).get("overlay")
    return version == VERSION and version is not True


def read(document: JsonValue) -> Part:
    """Read the results of an overlay."""
    reading = Reading()
    found: list[Entry] = []
    for path, one in reading.named(listed(mapped(document).get("results")), "$.results"):
        declared = schema(one.get("outputSchema"))
        if declared is None:
            reading.skip(path, "no outputSchema")
            continue
        pairs = (("name", one["name"]), ("accepts", text(one.get("accepts"))), ("returns", text(one.get("returns"))))
        found.append({**kept(pairs), "outputSchema": declared})
    return Part(results=tuple(found), skipped=tuple(reading.skipped))
