"""Named types -> the types of their fields, by datamodel-code-generator. The only room that imports it.

It never sees a name, a title or a description of the environment: types go in as `T0`, `T1`, ..., fields as `f0`,
`f1`, ..., and its output is read back as syntax. So its own naming never applies, what it writes for one type can be
kept by content, and hostile text has no way into it but the members of a literal, which it writes as literals.

What comes out must have exactly our class form; anything else is refused as a whole, never repaired.
"""

from __future__ import annotations

import ast
import hashlib
import json
import warnings
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias

from ioconnect_codegen.errors import UnsafeModelError
from ioconnect_codegen.expressions import WORDS
from ioconnect_codegen.named_types import NamedType, names_by_namespace
from ioconnect_codegen.naming import key_names
from ioconnect_codegen.shapes import Note, Record, references, to_schema
from ioconnect_codemode.values import JsonValue

_TEMPLATES = Path(__file__).parent / "render" / "templates" / "models"
_FORM = 1  # raised when the options or the template change what comes out

Cache: TypeAlias = "MutableMapping[str, Mapping[str, str]]"
"""From `cache_key` to the type expressions of a type's fields by key; of an alias, one entry under the empty key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldModel:
    """A field of a record: attribute name, key on the wire, type expression."""

    name: str
    key: str
    type: str
    is_required: bool
    note: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordModel:
    """A record class; fields in declared order."""

    name: str
    module: str
    description: str
    is_open: bool
    fields: tuple[FieldModel, ...]
    uses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasModel:
    """A name for a type expression."""

    name: str
    module: str
    type: str
    uses: tuple[str, ...]


Model: TypeAlias = RecordModel | AliasModel


def build_models(types: Sequence[NamedType], *, cache: Cache | None = None) -> dict[str, Model]:
    """Give the model of every type, by name.

    Args:
        types: Types that refer only to each other.
        cache: What earlier calls have found out; new findings are added.

    Raises:
        UnsafeModelError: datamodel-code-generator wrote something that is not our class form.
    """
    known: Cache = {} if cache is None else cache
    keys = {one.name: cache_key(one) for one in types}
    missing = [one for one in types if keys[one.name] not in known]
    for name, found in _generated(missing, [one.name for one in types]).items():
        known[keys[name]] = found
    nearby = names_by_namespace(types)
    return {
        one.name: _model(
            one, known[keys[one.name]], frozenset[str]().union(*(nearby[space] for space in one.namespaces))
        )
        for one in types
    }


def cache_key(one: NamedType) -> str:
    """Give the key under which what is written for a type can be kept, on disk too."""
    parts = [one.name, to_schema(one.shape), version("datamodel-code-generator"), _FORM]
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def read_source(source: str, names: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Read what datamodel-code-generator wrote: name of a type, to field, to type expression.

    Args:
        source: Its whole output.
        names: The placeholders that went in, to the names that come out. An alias has one field, the empty text.

    Raises:
        UnsafeModelError: Something in it is not of our class form.
    """
    found: dict[str, dict[str, str]] = {}
    for node in ast.parse(source).body:
        match node:
            case ast.ImportFrom(module="__future__" | "typing" | "dataclasses", level=0):
                continue
            case ast.AnnAssign(target=ast.Name(id="Document")):
                continue  # the document around the definitions
            case ast.AnnAssign(
                target=ast.Name(id=name), annotation=ast.Name(id="TypeAlias"), value=ast.expr() as value
            ):
                found[name] = {"": _expression(value, names)}
            case ast.ClassDef(name=name, bases=[ast.Name(id="Record")], keywords=[], decorator_list=[]):
                found[name] = _fields(node, names)
            case _:
                raise UnsafeModelError(
                    f"datamodel-code-generator wrote a statement of another form in line {node.lineno}"
                )
    return found


def _model(one: NamedType, types: Mapping[str, str], names: frozenset[str]) -> Model:
    uses = tuple(sorted({target for target in references(one.shape) if target != one.name}))
    if not isinstance(one.shape, Record):
        return AliasModel(name=one.name, module=one.module, type=types[""], uses=uses)
    attributes = key_names((member.key for member in one.shape.fields), types=names)
    return RecordModel(
        name=one.name,
        module=one.module,
        description=one.description,
        is_open=one.shape.is_open,
        fields=tuple(
            FieldModel(
                name=attributes[member.key],
                key=member.key,
                type=types[member.key],
                is_required=member.is_required,
                note=member.note,
            )
            for member in one.shape.fields
        ),
        uses=uses,
    )


def _generated(types: Sequence[NamedType], names: Sequence[str]) -> dict[str, dict[str, str]]:
    """Give the type expressions of these types' fields; one batch, because starting it costs most."""
    if not types:
        return {}
    opaque = {name: f"T{number}" for number, name in enumerate(names)}
    source = _source({opaque[one.name]: _opaque_schema(one, opaque) for one in types}, opaque.values())
    found = read_source(source, {placeholder: name for name, placeholder in opaque.items()})
    return {one.name: _by_key(one, found[opaque[one.name]]) for one in types}


def _opaque_schema(one: NamedType, opaque: Mapping[str, str]) -> dict[str, JsonValue]:
    schema: JsonValue = to_schema(one.shape)
    if isinstance(one.shape, Record):
        # Every field is required here: whether the key may be absent is ours to write, beside the type.
        fields: dict[str, JsonValue] = {f"f{i}": to_schema(f.shape) for i, f in enumerate(one.shape.fields)}
        schema = {"type": "object", "properties": fields, "required": list[JsonValue](fields)}
    renamed = _renamed(schema, opaque)
    return renamed if isinstance(renamed, dict) else {}


def _renamed(schema: JsonValue, opaque: Mapping[str, str]) -> JsonValue:
    if isinstance(schema, list):
        return [_renamed(item, opaque) for item in schema]
    if not isinstance(schema, dict):
        return schema
    reference = schema.get("$ref")
    if isinstance(reference, str):
        return {"$ref": f"#/$defs/{opaque[reference.removeprefix('#/$defs/')]}"}
    return {key: value if key == "enum" else _renamed(value, opaque) for key, value in schema.items()}


def _source(schemas: Mapping[str, dict[str, JsonValue]], names: Iterable[str]) -> str:
    # Imported here: it costs a third of a second, and nothing but a changed type needs it.
    from datamodel_code_generator import generate  # noqa: PLC0415
    from datamodel_code_generator.enums import DataModelType, InputFileType  # noqa: PLC0415
    from datamodel_code_generator.format import PythonVersion  # noqa: PLC0415
    from datamodel_code_generator.parser import LiteralType  # noqa: PLC0415

    stand_in: dict[str, JsonValue] = {"type": "object", "properties": {"f0": {}}, "required": ["f0"]}
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": {name: schemas.get(name, stand_in) for name in names},
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own deprecations, none about what it is given
        written = generate(
            document,
            input_file_type=InputFileType.JsonSchema,
            output_model_type=DataModelType.DataclassesDataclass,
            class_name="Document",
            formatters=[],
            target_python_version=PythonVersion.PY_311,
            disable_timestamp=True,
            enum_field_as_literal=LiteralType.All,
            allow_remote_refs=False,
            strict_refs=True,
            strict_nullable=True,
            use_tuple_for_closed_arrays=True,
            use_standard_collections=True,
            use_union_operator=True,
            custom_template_dir=_TEMPLATES,
        )
    if not isinstance(written, str):
        raise UnsafeModelError("datamodel-code-generator wrote more than one module")
    return written


def _fields(node: ast.ClassDef, names: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for member in node.body:
        match member:
            case ast.Pass():
                continue
            case ast.AnnAssign(target=ast.Name(id=field), annotation=annotation, value=None):
                found[field] = _expression(annotation, names)
            case _:
                raise UnsafeModelError(
                    f"datamodel-code-generator wrote a member of another form in line {member.lineno}"
                )
    return found


def _expression(node: ast.expr, names: Mapping[str, str]) -> str:
    """Give the type expression with the real names; refuse everything that is no type expression."""
    match node:
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.Name(id=name) if name in WORDS:
            return name
        case ast.Constant(value=None):
            return "None"
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return f"{_expression(left, names)} | {_expression(right, names)}"
        case ast.Subscript(value=ast.Name(id="Literal"), slice=inner):
            return f"Literal[{', '.join(repr(ast.literal_eval(member)) for member in _members(inner))}]"
        case ast.Subscript(value=ast.Name(id="list" | "dict" | "tuple" as generic), slice=inner):
            return f"{generic}[{', '.join(_expression(member, names) for member in _members(inner))}]"
        case _:
            raise UnsafeModelError(f"datamodel-code-generator wrote a type of another form: {ast.unparse(node)[:80]}")


def _members(inner: ast.expr) -> list[ast.expr]:
    return inner.elts if isinstance(inner, ast.Tuple) else [inner]


def _by_key(one: NamedType, found: Mapping[str, str]) -> dict[str, str]:
    if not isinstance(one.shape, Record):
        return dict(found)
    return {member.key: found[f"f{number}"] for number, member in enumerate(one.shape.fields)}
