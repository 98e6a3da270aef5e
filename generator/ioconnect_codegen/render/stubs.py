"""Catalog -> stub modules: typed functions and records, for the worker and for people's IDEs.

Every module is parsed and held to the form of stubs before it is given back: text of the environment never becomes
code. What a module says depends on its namespace and its types alone, so that a change elsewhere leaves it as it is.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from ioconnect_codegen.capabilities import Capability, Parameter
from ioconnect_codegen.catalog import Namespace
from ioconnect_codegen.expressions import names_in, optional
from ioconnect_codegen.models import AliasModel, FieldModel, Model, RecordModel
from ioconnect_codegen.prose import in_docstring, one_line, sentence
from ioconnect_codegen.render.layout import (
    WIDTH,
    ParameterSource,
    alias_source,
    call_source,
    field_source,
    header_source,
    import_source,
    literal,
)
from ioconnect_codegen.render.lines import note_text
from ioconnect_codegen.render.templating import render
from ioconnect_codemode.language import ALL_TARGETS
from ioconnect_codemode.stubs import hold_to_form
from ioconnect_codemode.version import VERSION

RECORDS = "records"
"""Module of the types that more than one namespace uses."""

FunctionSource: TypeAlias = "dict[str, object]"
"""The parts of one function of a stub module, for the template."""

_ARGUMENT_INDENT = 8
_KINDS = {"method": "Interop method", "stream": "Interop stream", "context": "Gateway operation"}
_RECORDS_SUMMARY = "Types that more than one namespace uses."


def render_init(environment: str, description: str) -> str:
    """Give `__init__.py`.

    Args:
        environment: The environment's name.
        description: The environment's description on one line; may be empty.
    """
    summary = description or f"Stubs of the environment {literal(environment)}."
    return render("package.py.jinja", header=_header(environment, summary))


def render_records(environment: str, models: Mapping[str, Model]) -> str:
    """Give `records.py`.

    Args:
        environment: The environment's name.
        models: The types that more than one namespace uses, by name.

    Raises:
        PackageError: The module is not of the one form that stubs have; a fault of the generator.
    """
    text = _module(environment, _RECORDS_SUMMARY, list(models.values()), models, (), ())
    hold_to_form(text)
    return text


def render_stubs(
    environment: str,
    namespace: Namespace,
    models: Mapping[str, Model],
    functions: Iterable[FunctionSource],
    *,
    is_held_to_form: bool = True,
) -> str:
    """Give the stub module of a namespace.

    Args:
        environment: The environment's name.
        namespace: The namespace.
        models: The types that it can name, by name.
        functions: What `function_source` gives of its capabilities, in their order.
        is_held_to_form: Whether the module is held to the form of stubs here; whoever loads it does so in any case.

    Raises:
        PackageError: The module is not of the one form that stubs have; a fault of the generator.
    """
    own = [model for model in models.values() if model.module == namespace.name]
    summary = namespace.summary or f"The namespace {namespace.name}."
    text = _module(environment, summary, own, models, namespace.capabilities, functions)
    if is_held_to_form:
        hold_to_form(text)
    return text


def function_source(capability: Capability) -> FunctionSource:
    """Give what a stub module says of one capability; it depends on nothing else."""
    parameters = [_parameter_source(one) for one in capability.parameters]
    arguments = {one.name: one.name for one in capability.parameters}
    target = next((one for one in capability.parameters if one.option == "target"), None)
    result = capability.result if target is None else _either_result(capability)
    return {
        "overloads": [] if target is None else _overloads(capability, target.name),
        "header": header_source(capability.function, parameters, result),
        "summary": in_docstring(capability.summary),
        "facts": in_docstring(_facts(capability)),
        "arguments": [_argument(one) for one in capability.parameters if note_text(one.note)],
        "call": call_source(capability.name, arguments, capability.result),
    }


def _overloads(capability: Capability, target: str) -> list[str]:
    """Give the forms of a function by its target: one result, several by name, and either where a text may be both."""
    every = ", ".join(map(literal, ALL_TARGETS))
    forms = (
        ('Literal["best"]', '"best"', capability.result),
        (f"Literal[{every}] | list[str]", "", _several_results(capability)),
        ("str", "", "Any"),
    )
    return [
        header_source(
            capability.function,
            [
                _parameter_source(one, type=accepted, default=default) if one.name == target else _parameter_source(one)
                for one in capability.parameters
            ],
            result,
            body=" ...",
        )
        for accepted, default, result in forms
    ]


def _several_results(capability: Capability) -> str:
    return f"dict[str, {capability.result}]"


def _either_result(capability: Capability) -> str:
    return "Any" if capability.result == "Any" else f"{capability.result} | {_several_results(capability)}"


def _parameter_source(one: Parameter, *, type: str | None = None, default: str | None = None) -> ParameterSource:
    return ParameterSource(
        name=one.name,
        type=_parameter_type(one) if type is None else type,
        default=_default(one) if default is None else default,
        is_keyword_only=one.option is not None,
    )


def in_order(models: Iterable[Model], all_models: Mapping[str, Model]) -> list[Model]:
    """Give the types so that every alias stands after what it uses; records can wait for each other."""
    wanted = {model.name for model in models}
    ordered: dict[str, Model] = {}
    under_way: set[str] = set()

    def visit(name: str) -> None:
        if name in ordered or name in under_way:
            return
        under_way.add(name)
        for used in all_models[name].uses:
            visit(used)
        under_way.remove(name)
        ordered[name] = all_models[name]

    for name in sorted(wanted):
        visit(name)
    return [model for model in ordered.values() if model.name in wanted]


def _module(
    environment: str,
    summary: str,
    own: list[Model],
    models: Mapping[str, Model],
    capabilities: tuple[Capability, ...],
    functions: Iterable[FunctionSource],
) -> str:
    ordered = in_order(own, models)
    # An alias is evaluated when the module is loaded: one that names a record stands behind the classes.
    late = {one.name for one in ordered if isinstance(one, AliasModel) and _names_record(one, models)}
    return render(
        "stub.py.jinja",
        header=_header(environment, summary),
        imports=_imports(ordered, models, capabilities),
        aliases=[_alias(one) for one in ordered if isinstance(one, AliasModel) and one.name not in late],
        records=[_record(one) for one in ordered if isinstance(one, RecordModel)],
        late_aliases=[_alias(one) for one in ordered if isinstance(one, AliasModel) and one.name in late],
        functions=list(functions),
    )


def _names_record(alias: AliasModel, models: Mapping[str, Model]) -> bool:
    waiting, seen = list(alias.uses), set[str]()
    while waiting:
        used = models[waiting.pop()]
        if isinstance(used, RecordModel):
            return True
        if used.name not in seen:
            seen.add(used.name)
            waiting.extend(used.uses)
    return False


def _header(environment: str, summary: str) -> dict[str, str]:
    return {
        "summary": in_docstring(summary),
        "generated": in_docstring(
            f"Generated by ioconnect-codemode {VERSION} from the environment {literal(environment)}."
        ),
    }


def _imports(models: list[Model], all_models: Mapping[str, Model], capabilities: tuple[Capability, ...]) -> list[str]:
    used = {name for text in _type_texts(models, capabilities) for name in names_in(text)}
    if any(one.option == "target" for capability in capabilities for one in capability.parameters):
        used |= {"Any", "Literal", "overload"}
    own = {model.name for model in models}
    lines: list[str] = []
    if typing := used & {"Any", "Literal", "overload"}:
        lines.append(import_source("typing", sorted(typing)) + "\n")
    records = [model for model in models if isinstance(model, RecordModel)]
    stubs = {"Record"} if records else set[str]()
    if any(one.name != one.key for model in records for one in model.fields):
        stubs.add("field")
    if capabilities:
        stubs.add("call")
    if any(_is_unsettable(one) for capability in capabilities for one in capability.parameters):
        stubs |= {"Unset", "UNSET"}
    if stubs:
        lines.append(import_source("ioconnect_codemode.stubs", sorted(stubs)) + "\n")
    if foreign := (used & all_models.keys()) - own:
        lines.append(import_source(f".{RECORDS}", sorted(foreign)) + "\n")
    return lines


def _type_texts(models: list[Model], capabilities: tuple[Capability, ...]) -> Iterable[str]:
    for model in models:
        match model:
            case AliasModel():
                yield model.type
            case RecordModel():
                yield from (one.type for one in model.fields)
    for capability in capabilities:
        yield capability.result
        yield from (one.type for one in capability.parameters)


def _alias(alias: AliasModel) -> str:
    return alias_source(alias.name, alias.type)


def _record(record: RecordModel) -> dict[str, object]:
    return {
        "name": record.name,
        "summary": in_docstring(one_line(record.description)),
        "fields": [
            {"source": _field(one), "note": in_docstring(sentence(note_text(one.note)))} for one in record.fields
        ],
    }


def _field(one: FieldModel) -> str:
    text = one.type if one.is_required else optional(one.type)
    return field_source(one.name, text, key=one.key if one.key != one.name else None, is_required=one.is_required)


def _argument(one: Parameter) -> str:
    """Give the lines that a docstring has about a parameter: what it is, and what a caller can break."""
    text = f"{one.name}: {in_docstring(sentence(note_text(one.note)))}"
    if len(text) <= WIDTH - _ARGUMENT_INDENT:
        return text
    wrap = textwrap.TextWrapper(width=WIDTH - _ARGUMENT_INDENT, subsequent_indent="    ")
    wrap.break_long_words = wrap.break_on_hyphens = False
    return f"\n{' ' * _ARGUMENT_INDENT}".join(wrap.wrap(text))


def _is_unsettable(one: Parameter) -> bool:
    return not one.is_required and one.is_nullable and one.default is None


def _parameter_type(one: Parameter) -> str:
    if one.is_required or one.default is not None:
        return one.type
    return f"{one.type} | Unset" if _is_unsettable(one) else optional(one.type)


def _default(one: Parameter) -> str:
    if one.is_required:
        return ""
    return "UNSET" if _is_unsettable(one) else literal(one.default)


def _facts(capability: Capability) -> str:
    what = _KINDS.get(capability.kind, "Intent")
    verb = "handled" if what == "Intent" else "offered"
    wire = literal(one_line(capability.wire, limit=120))
    apps = ", ".join(one_line(app, limit=60) for app in capability.apps[:5])
    more = ", ..." if len(capability.apps) > 5 else ""
    offered = f", {verb} by {apps}{more}" if apps else ""
    return f"{what} {wire}{offered}. Effect: {capability.effect}."
