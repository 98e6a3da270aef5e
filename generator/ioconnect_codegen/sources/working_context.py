"""The working context of io.Intelligence: which values of which contexts an assistant is told, as its configuration says.

    {"schema": {"selectedClient": {"type": "object", "description": "...",
        "source": {"context": {"location": {"workspace": {"target": "my"}}, "path": "selectedClient"}}}}}

It stands anywhere in a configuration, as `workingContext` or `workingContext.config` for instance.
"""

from __future__ import annotations

from ioconnect_codegen.sources.part import Entry, Reading, mapped, text
from ioconnect_codemode.values import JsonValue

_DEPTH = 6  # of the schema inside a configuration, in a file of the platform's


def is_working_context(document: JsonValue) -> bool:
    """Tell whether a document says anywhere what the working context is made of."""
    return bool(_values(document))


def read(document: JsonValue, reading: Reading) -> tuple[Entry, ...]:
    """Read the values of the working context; one that doesn't say where it stands is left out."""
    found: list[Entry] = []
    for name, value in _values(document).items():
        path = f"$.workingContext.schema.{name}"
        context = mapped(mapped(mapped(value).get("source")).get("context"))
        location, place = mapped(context.get("location")), text(context.get("path"))
        if not name.strip():
            reading.skip(path, "no name")
        elif len(location) != 1:
            reading.skip(path, f"source.context.location names {len(location)} places; expected one")
        elif not all(place.split(".")):
            reading.skip(path, "source.context.path is not keys with dots between them")
        else:
            schema: Entry = {key: one for key, one in mapped(value).items() if key != "source"}
            found.append({"name": name, "location": next(iter(location)), "path": place, "valueSchema": schema})
    return tuple(found)


def _values(document: JsonValue, depth: int = 0) -> Entry:
    """Give the object whose entries say where they come from, wherever it stands."""
    found = mapped(document)
    schema = mapped(found.get("schema"))
    if any(isinstance(mapped(mapped(one).get("source")).get("context"), dict) for one in schema.values()):
        return schema
    if depth < _DEPTH:
        for value in found.values():
            if inner := _values(value, depth + 1):
                return inner
    return {}
