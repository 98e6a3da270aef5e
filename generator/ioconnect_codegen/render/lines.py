"""The model's text: one line a type, one line a function.

The same lines stand in the definitions, in the manifest and in what a search shows, so they are made in one place.
"""

from __future__ import annotations

from ioconnect_codegen.catalog import Capability, Parameter
from ioconnect_codegen.expressions import optional
from ioconnect_codegen.models import AliasModel, FieldModel, Model, RecordModel
from ioconnect_codegen.prose import one_line
from ioconnect_codegen.shapes import Note

_UNDECLARED = "result shape not declared"
_NOTE_LIMIT = 160  # what one line of a definition can carry beside the types


def type_line(model: Model) -> str:
    """Give a type: `class Client: id: str; phone: str | None`, `Segment = Literal['private', 'retail']`."""
    match model:
        case AliasModel():
            return f"{model.name} = {model.type}"
        case RecordModel():
            fields = "; ".join(f"{one.name}: {_field_type(one)}" for one in model.fields) or "pass"
            renamed = ", ".join(f"{one.name} is key {one.key!r}" for one in model.fields if one.name != one.key)
            return f"class {model.name}: {fields}" + (f"  # {one_line(renamed)}" if renamed else "")


def function_line(capability: Capability) -> str:
    """Give a function: `def find_clients(name: str, limit: int = 50) -> list[Client]: ...  # Summary. limit 1..500`."""
    comment = _comment(capability)
    head = f"def {capability.function}({_parameters(capability)}) -> {capability.result}: ..."
    return f"{head}  # {comment}" if comment else head


def signature_line(capability: Capability) -> str:
    """Give the full name, parameters and result: `crm.find_clients(name: str) -> list[Client]`."""
    return f"{capability.name}({_parameters(capability)}) -> {capability.result}"


def note_text(note: Note) -> str:
    """Give constraint and description of a value on one line; empty if there is neither."""
    return one_line(". ".join(part for part in (note.constraint, note.description) if part), limit=_NOTE_LIMIT)


def _field_type(one: FieldModel) -> str:
    return one.type if one.is_required else optional(one.type)


def _parameters(capability: Capability) -> str:
    return ", ".join(map(_parameter, capability.parameters))


def _parameter(one: Parameter) -> str:
    if one.is_required:
        return f"{one.name}: {one.type}"
    return f"{one.name}: {one.type} = {'...' if one.default is None else repr(one.default)}"


def _comment(capability: Capability) -> str:
    constraints = [
        f"{one.name} {one_line(one.note.constraint, limit=80)}" for one in capability.parameters if one.note.constraint
    ]
    undeclared = [] if capability.is_result_declared else [_UNDECLARED]
    return " ".join(part for part in (capability.summary, "; ".join([*constraints, *undeclared])) if part)
