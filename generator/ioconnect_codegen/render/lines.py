"""The model's text: one line a type, one line a function.

The same lines stand in the definitions, in the manifest and in what a search shows, so they are made in one place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from ioconnect_codegen.capabilities import Capability, Parameter
from ioconnect_codegen.catalog import Namespace
from ioconnect_codegen.expressions import names_in, optional
from ioconnect_codegen.models import AliasModel, FieldModel, Model, RecordModel
from ioconnect_codegen.prose import one_line
from ioconnect_codegen.shapes import Note

_UNDECLARED = "result shape not declared"
_NOTE_LIMIT = 160  # what one line of a definition can carry beside the types
_CONSTRAINT_LIMIT = 80  # of one value
_COMMENT_LIMIT = 400  # of a record: as much as its fields take


def parameter_types(namespace: Namespace) -> frozenset[str]:
    """Give the names in the types of all parameters of a namespace."""
    return frozenset(name for one in namespace.capabilities for part in one.parameters for name in names_in(part.type))


def argument_types(named: Iterable[frozenset[str]], models: Mapping[str, Model]) -> frozenset[str]:
    """Give the types whose values a caller makes: those that parameters name, and what they are made of."""
    waiting = list(frozenset[str]().union(*named))
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in models and name not in found:
            found.add(name)
            waiting.extend(models[name].uses)
    return frozenset(found)


def type_line(model: Model, *, is_argument: bool) -> str:
    """Give a type: `class Client: id: str; phone: str | None`, `Segment = Literal['private', 'retail']`.

    Args:
        model: The type.
        is_argument: Whether a caller makes such a value: only then there are constraints to break.
    """
    match model:
        case AliasModel():
            return f"{model.name} = {model.type}"
        case RecordModel():
            fields = "; ".join(f"{one.name}: {_field_type(one)}" for one in model.fields) or "pass"
            renamed = [f"{one.name} is key {one.key!r}" for one in model.fields if one.name != one.key]
            constraints = [_constraint(one) for one in model.fields if one.note.constraint] if is_argument else []
            comment = one_line("; ".join([*renamed, *constraints]), limit=_COMMENT_LIMIT)
            return f"class {model.name}: {fields}" + (f"  # {comment}" if comment else "")


def function_line(capability: Capability) -> str:
    """Give a function: `def find_clients(name: str, limit: int = 50) -> list[Client]: ...  # Summary. limit 1..500`."""
    comment = _comment(capability)
    head = f"def {capability.function}({_parameters(capability)}) -> {capability.result}: ..."
    return f"{head}  # {comment}" if comment else head


def signature_line(capability: Capability) -> str:
    """Give the full name, parameters and result: `crm.find_clients(name: str) -> list[Client]`."""
    return f"{capability.name}({_parameters(capability)}) -> {capability.result}"


@lru_cache(maxsize=32_768)  # a note is shown in the stub and in the manifest, and the notes of a package repeat
def note_text(note: Note) -> str:
    """Give description and constraint of a value on one line, `Number of clients (1..500)`; empty if there is neither."""
    constraint = one_line(note.constraint, limit=_CONSTRAINT_LIMIT) if note.constraint else ""
    if not note.description.strip():
        return constraint
    described = one_line(note.description, limit=_NOTE_LIMIT - len(constraint)).removesuffix(".")
    return f"{described} ({constraint})" if constraint else described


def _field_type(one: FieldModel) -> str:
    return one.type if one.is_required else optional(one.type)


def _parameters(capability: Capability) -> str:
    texts = [_parameter(one) for one in capability.parameters]
    first = next((place for place, one in enumerate(capability.parameters) if one.option is not None), None)
    return ", ".join(texts if first is None else [*texts[:first], "*", *texts[first:]])


def _parameter(one: Parameter) -> str:
    if one.is_required:
        return f"{one.name}: {one.type}"
    return f"{one.name}: {one.type} = {'...' if one.default is None else repr(one.default)}"


def _comment(capability: Capability) -> str:
    constraints = [_constraint(one) for one in capability.parameters if one.note.constraint]
    undeclared = [] if capability.is_result_declared else [_UNDECLARED]
    return " ".join(part for part in (capability.summary, "; ".join([*constraints, *undeclared])) if part)


def _constraint(one: FieldModel | Parameter) -> str:
    return f"{one.name} {one_line(one.note.constraint, limit=_CONSTRAINT_LIMIT)}"
