"""Catalog -> search.json: the words of every capability, a line each that depends on the capability and its types only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ioconnect_codegen.capabilities import Capability
from ioconnect_codegen.expressions import names_in
from ioconnect_codegen.models import Model, RecordModel
from ioconnect_codemode.lookup.index import Texts, line_of

_FIELDS_MOST = 60  # of a result; the fields of deep records say little of what a function is for


def search_line(one: Capability, models: Mapping[str, Model]) -> str:
    """Give the words of a capability: its own, and those of its result's fields."""
    return line_of(
        Texts(
            function=one.function,
            namespace=one.namespace,
            description=one.description,
            titles=one.search,
            parameters=" ".join(parameter.key for parameter in one.parameters),
            results=" ".join(_fields(one, models)),
        )
    )


def _fields(one: Capability, models: Mapping[str, Model]) -> list[str]:
    """Give the keys of a result, those of the outer records first."""
    waiting = [name for name in names_in(one.result) if name in models]
    found: dict[str, None] = {}
    keys: list[str] = []
    while waiting and len(keys) < _FIELDS_MOST:
        name = waiting.pop(0)
        if name not in found:
            found[name] = None
            keys += _keys(models[name])
            waiting += models[name].uses
    return keys[:_FIELDS_MOST]


def _keys(model: Model) -> Iterator[str]:
    if isinstance(model, RecordModel):
        for one in model.fields:
            yield one.key
