"""The working context of io.Intelligence -> what the context of a workspace holds.

A working context is made of values of other contexts. Those that stand in the context of a workspace are what a
snippet reads of it, each at its path: may be absent, and beside keys that nobody declares. Which keys a shared context
or a channel holds depends on its name, so these are told and stay untyped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ioconnect_codegen.diagnostics import Diagnostic
from ioconnect_codegen.environment import WorkingValueInfo
from ioconnect_codegen.flattening import mapping
from ioconnect_codemode.values import JsonValue

_WORKSPACE = "workspace"
_TITLE = "WorkspaceContext"


def workspace_context(values: Iterable[WorkingValueInfo], diagnostics: list[Diagnostic]) -> dict[str, JsonValue] | None:
    """Give the JSON Schema of a workspace's context, None where no value of the working context stands in one."""
    root = _Place()
    for one in sorted(values, key=lambda one: (one.path, one.name)):
        if one.location == _WORKSPACE:
            root.put(one, diagnostics)
    return {**root.schema(), "title": _TITLE} if root.inside else None


def left_out(values: Sequence[WorkingValueInfo], *, has_workspaces: bool) -> Iterable[Diagnostic]:
    """Tell which values of the working context have no type in the package, and why."""
    for one in values:
        if one.location != _WORKSPACE:
            reason = (
                f"stands in a context of the kind {one.location!r}: platform.get_context and platform.get_channel read"
                " those as they are, without a type"
            )
        elif not has_workspaces:
            reason = "the captured environment has no workspaces to read it from: capture a running one"
        else:
            continue
        yield Diagnostic(kind="not_offered", where=_where(one), message=reason)


@dataclass(slots=True)
class _Place:
    """A key of a context: what is declared of it itself, and the keys below it."""

    declared: WorkingValueInfo | None = None
    inside: dict[str, _Place] = field(default_factory=dict[str, "_Place"])

    def put(self, value: WorkingValueInfo, diagnostics: list[Diagnostic]) -> None:
        """Take a value in at its path; of two that can't both be right the first stays, and both are told."""
        place = self
        for key in value.path.split("."):
            above = place.declared
            if above is not None and not _may_be_object(above):
                diagnostics.append(_contradiction(above, value, "has no keys"))
                return
            place = place.inside.setdefault(key, _Place())
        if place.declared is None:
            place.declared = value
        elif place.declared.value_schema != value.value_schema:
            diagnostics.append(_contradiction(place.declared, value, "is the same key, declared otherwise"))

    def schema(self) -> dict[str, JsonValue]:
        """Give the JSON Schema of what stands here."""
        own = {} if self.declared is None else dict(mapping(self.declared.value_schema))
        if not self.inside:
            return own
        inner = {key: place.schema() for key, place in self.inside.items()}
        return {**own, "type": "object", "properties": {**mapping(own.get("properties")), **inner}}


def _may_be_object(value: WorkingValueInfo) -> bool:
    return mapping(value.value_schema).get("type", "object") == "object"


def _contradiction(first: WorkingValueInfo, second: WorkingValueInfo, what: str) -> Diagnostic:
    return Diagnostic(
        kind="contradiction",
        where=_where(second),
        message=f"path {second.path}: {first.name} at {first.path} {what}; {first.name} is believed",
    )


def _where(value: WorkingValueInfo) -> str:
    return f"working context {value.name}"
