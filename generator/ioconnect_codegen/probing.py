"""Calls of read-only capabilities, to see what they answer.

Only what has the effect `read`, under the policy in force, is called, and only with no arguments or with those that a
person has given. Answers stay in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ioconnect_codemode import Manifest, Policy
from ioconnect_codemode.admit import Admission, Refusal
from ioconnect_codemode.errors import CallError, UsageError
from ioconnect_codemode.manifest_data import CapabilityData
from ioconnect_codemode.transports import Transport
from ioconnect_codemode.validate import Finding, Validators
from ioconnect_codemode.values import JsonValue

Examples = Mapping[str, Sequence[Mapping[str, JsonValue]]]
"""Arguments by parameter name, some sets of them for a capability, by its full name."""

_SHOWN_CHARACTERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What a capability answered.

    Attributes:
        name: Its full name.
        answers: One for each set of arguments that was answered.
        problem: Why there is no answer, or one less; None where all calls were answered.
    """

    name: str
    entry: CapabilityData
    answers: tuple[JsonValue, ...]
    problem: str | None = None


class Probe:
    """Calls the read-only capabilities of one catalog.

    Args:
        manifest: The catalog as policy leaves it.
        policy: Says which capabilities are read-only, and which a person must be asked about: these are not called.
        transport: Carries the calls.
    """

    def __init__(self, manifest: Manifest, policy: Policy, transport: Transport) -> None:
        self._manifest = manifest
        self._policy = policy
        self._transport = transport
        self._admission = Admission(manifest, policy)
        self._validators = Validators()

    def refuse_examples(self, examples: Examples) -> None:
        """Refuse examples that are not of a read-only capability.

        Raises:
            UsageError: Names the first.
        """
        for name in examples:
            entry = self._manifest.capabilities.get(name)
            if entry is None:
                near = ", ".join(self._manifest.nearest(name)) or "none is alike"
                raise UsageError(f"the examples name {name[:80]}, which is not in the catalog; nearest: {near}")
            if not self._may_call(name, entry):
                raise UsageError(
                    f"the examples name {name}, whose effect is {entry['effect']}: only what reads is called; "
                    "where it does no more than that, say so under [effects] in codemode.toml"
                )

    def callable_names(self, examples: Examples, *, declared: bool) -> list[str]:
        """Give what may be called: read-only methods without required arguments, and those with examples.

        Args:
            examples: Arguments that a person has given.
            declared: Whether those that declare a result are wanted, or those that don't.
        """
        return [
            name
            for name, entry in self._manifest.capabilities.items()
            if self._may_call(name, entry)
            and (self._output_schema(name) is not None) == declared
            and (name in examples or not any(one["required"] for one in entry["parameters"]))
        ]

    async def observe(
        self, names: Sequence[str], examples: Examples, progress: Callable[[str], None]
    ) -> list[Observed]:
        """Call each, one after the other: an app that is asked for everything at once may have users waiting."""
        found: list[Observed] = []
        for place, name in enumerate(names, start=1):
            progress(f"{place} of {len(names)}: {name}")
            found.append(await self._observe(name, examples.get(name, ({},))))
        return found

    def misfits(self, observed: Observed) -> Iterator[Finding]:
        """Give for each answer the first thing in it that its declaration doesn't have."""
        schema = self._output_schema(observed.name)
        if schema is not None:
            validator = self._validators.of(schema, name=observed.name)
            for answer in observed.answers:
                yield from validator.findings(answer)[:1]

    def _may_call(self, name: str, entry: CapabilityData) -> bool:
        return (
            entry["kind"] == "method"
            and entry["effect"] == "read"
            and not (self._policy.approval.ask and self._policy.approval.asks(name, entry["effect"]))
        )

    def _output_schema(self, name: str) -> Mapping[str, JsonValue] | None:
        return self._manifest.schemas(name)["output_schema"]

    async def _observe(self, name: str, given: Sequence[Mapping[str, JsonValue]]) -> Observed:
        answers: list[JsonValue] = []
        problem: str | None = None
        for arguments in given:
            admitted = self._admission.admit(name, arguments)
            if isinstance(admitted, Refusal):
                problem = admitted.message.removeprefix(f"{name}: ")
                continue
            try:
                answers.append(
                    await self._transport.call(
                        admitted.route, admitted.arguments, timeout_s=self._policy.limits.call_timeout_s
                    )
                )
            except CallError as error:
                problem = str(error) or error.kind
        entry = self._manifest.capabilities[name]
        shown = None if problem is None else problem[:_SHOWN_CHARACTERS]
        return Observed(name=name, entry=entry, answers=tuple(answers), problem=shown)
