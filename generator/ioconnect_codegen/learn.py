"""Proposed result schemas of methods that declare none, made of what they answer: an overlay for a person to review.

The overlay has keys and types and no value. It holds only after a person has looked at it and given it to
`codemode generate` beside the environment.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from ioconnect_codegen.observed import says_something, schema_of
from ioconnect_codegen.probing import Examples, Observed, Probe
from ioconnect_codegen.sources.observed import VERSION
from ioconnect_codemode import Manifest, Policy
from ioconnect_codemode.errors import UsageError
from ioconnect_codemode.transports import Transport
from ioconnect_codemode.values import JsonValue

_EXPECTED = 'the examples are an object such as {"crm.get_client": [{"id": "CL-10024"}]}: arguments by parameter name'


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What was learnt.

    Attributes:
        overlay: The document for a person to review.
        remarks: A line for each capability that taught nothing, with the reason.
    """

    overlay: dict[str, JsonValue]
    remarks: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many results are proposed."""
        return len(cast("list[JsonValue]", self.overlay["results"]))


def read_examples(document: JsonValue) -> Examples:
    """Give the examples of a document.

    Raises:
        UsageError: It isn't such a document.
    """
    if not isinstance(document, dict):
        raise UsageError(_EXPECTED)
    found: dict[str, list[dict[str, JsonValue]]] = {}
    for name, given in document.items():
        sets = given if isinstance(given, list) else [given]
        if not sets or not all(isinstance(one, dict) for one in sets):
            raise UsageError(f"{name[:80]}: {_EXPECTED}")
        found[name] = cast("list[dict[str, JsonValue]]", sets)
    return found


async def learn(
    manifest: Manifest,
    policy: Policy,
    transport: Transport,
    *,
    examples: Examples | None = None,
    progress: Callable[[str], None],
) -> Learned:
    """Call what reads and declares no result, and propose what its results are.

    Args:
        manifest: The catalog as policy leaves it.
        policy: Says by its effects what reads.
        transport: Carries the calls.
        examples: Arguments that a person has given; without them only what needs none is called.
        progress: Called with a line for each call.

    Raises:
        UsageError: An example names what isn't there, or doesn't read.
    """
    given: Examples = examples or {}
    probe = Probe(manifest, policy, transport)
    probe.refuse_examples(given)
    observed = await probe.observe(probe.callable_names(given, declared=False), given, progress)
    results: list[JsonValue] = []
    remarks: list[str] = []
    for one in observed:
        schema = schema_of(one.answers)
        if says_something(schema):
            results.append(_result(one, schema))
        if one.problem is not None or not says_something(schema):
            remarks.append(f"{one.name}: {one.problem or 'its answer says nothing of its shape'}")
    overlay: dict[str, JsonValue] = {"overlay": VERSION, "environment": manifest.name, "results": results}
    return Learned(overlay=overlay, remarks=tuple(remarks))


def overlay_text(overlay: Mapping[str, JsonValue]) -> str:
    """Give the text of an overlay."""
    return json.dumps(overlay, indent=2) + "\n"


def _result(observed: Observed, schema: dict[str, JsonValue]) -> JsonValue:
    entry = observed.entry
    signature: dict[str, JsonValue] = {}
    if "accepts" in entry or "returns_text" in entry:
        signature = {"accepts": entry.get("accepts", ""), "returns": entry.get("returns_text", "")}
    return {
        "name": entry["wire"],
        **signature,
        "capability": observed.name,
        "answers": len(observed.answers),
        "outputSchema": schema,
    }
