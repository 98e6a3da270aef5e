"""Named types -> the types of their fields, by datamodel-code-generator. The only room that imports it.

It never sees a name, a title or a description of the environment. What goes in is every distinct shape of a field,
once, with `R0`, `R1`, ... in the place of the types that it refers to; what comes out is read back as syntax, as a
text with holes for the real names. So its own naming never applies, what it writes for one shape holds in every
environment and can be kept by content, and hostile text has no way into it but the members of a literal, which it
writes as literals. A thousand methods have a few hundred distinct shapes.

What comes out is held to our class form (`holed_types.py`).
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import cache as cached
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias

from ioconnect_codegen.errors import UnsafeModelError
from ioconnect_codegen.holed_types import Holed, read_source
from ioconnect_codegen.kept import Kept
from ioconnect_codegen.named_types import Groups, NamedType, in_groups, names_by_namespace
from ioconnect_codegen.naming import attribute_wish, key_names, plain
from ioconnect_codegen.shapes import (
    Anything,
    Flag,
    Note,
    Null,
    Number,
    Record,
    Shape,
    Text,
    Whole,
    references,
    to_schema,
)
from ioconnect_codemode.values import JsonValue
from ioconnect_codemode.version import VERSION

_TEMPLATES = Path(__file__).parent / "render" / "templates" / "models"
CACHE_FORM = 2
"""Raised when the options or the template change what comes out."""

Shapes: TypeAlias = "MutableMapping[str, Holed]"
"""From `cache_key` to what is written for a shape."""


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


def build_models(types: Sequence[NamedType], *, shapes: Shapes | None = None) -> dict[str, Model]:
    """Give the model of every type, by name.

    Args:
        types: Types that refer only to each other.
        shapes: What earlier calls have found out; new findings are added.

    Raises:
        UnsafeModelError: datamodel-code-generator wrote something that is not our class form.
    """
    groups = Models(shapes).update(in_groups(types), names_by_namespace(types))
    return {name: model for group in groups.values() for name, model in group.items()}


class Models:
    """The models of all types, kept from one catalog to the next.

    Args:
        shapes: What earlier calls have found out; new findings are added.
    """

    def __init__(self, shapes: Shapes | None = None) -> None:
        self._shapes: Shapes = {} if shapes is None else shapes
        self._clashes: Kept[object, frozenset[str]] = Kept()
        self._spaces: dict[str, frozenset[str]] = {}
        self._groups: Kept[object, dict[str, Model]] = Kept()

    def update(self, groups: Groups, near: Mapping[str, frozenset[str]]) -> dict[tuple[str, ...], Mapping[str, Model]]:
        """Give the models of all types, by name, by the namespaces that need them.

        Args:
            groups: Types that refer only to each other.
            near: The names of types that a namespace's module can name, by namespace.

        Returns:
            The same object for a group as before where nothing has changed in it.

        Raises:
            UnsafeModelError: datamodel-code-generator wrote something that is not our class form.
        """
        names = {namespaces: " ".join(namespaces) for namespaces in groups}
        self._clashes.forget_others(names.values())
        self._groups.forget_others(names.values())
        spaces = {
            group: self._space(names[group], types, [near[one] for one in group]) for group, types in groups.items()
        }
        changed = [
            one
            for group, types in groups.items()
            if not self._groups.has(names[group], [types, spaces[group]])
            for one in types
        ]
        opaque = self._opaque(changed)
        return {
            group: self._groups.get(
                names[group], [types, spaces[group]], partial(self._models, types, opaque, spaces[group])
            )
            for group, types in groups.items()
        }

    def _space(self, name: str, types: Sequence[NamedType], near: Sequence[frozenset[str]]) -> frozenset[str]:
        """Give the names of types near a group that its attributes would hide; the same object where they are equal."""
        found = self._clashes.get(name, [types, *near], partial(_clashes, types, near))
        if self._spaces.get(name) != found:
            self._spaces[name] = found
        return self._spaces[name]

    def _opaque(self, types: Sequence[NamedType]) -> dict[int, _Opaque]:
        """Give the opaque shapes of all fields, by identity, with what is written for each of them known."""
        opaque = {id(shape): _opaque(shape) for one in types for shape in _parts(one)}
        missing = {one.key: one.schema for one in opaque.values() if one.key not in self._shapes}
        for key, found in _generated(missing).items():
            self._shapes[key] = found
        return opaque

    def _models(
        self, types: Sequence[NamedType], opaque: Mapping[int, _Opaque], names: frozenset[str]
    ) -> dict[str, Model]:
        return {one.name: _model(one, opaque, self._shapes, names) for one in types}


def _clashes(types: Sequence[NamedType], near: Sequence[frozenset[str]]) -> frozenset[str]:
    keys = {member.key for one in types if isinstance(one.shape, Record) for member in one.shape.fields}
    wanted = {plain(attribute_wish(key)) for key in keys}
    return frozenset(name for name in frozenset[str]().union(*near) if plain(name) in wanted)


def cache_key(shape: Shape) -> str:
    """Give the key under which what is written for a shape can be kept, on disk too."""
    return _opaque(shape).key


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opaque:
    """A shape without names: what it refers to, in order, and its schema with numbers in their place."""

    key: str
    schema: JsonValue
    targets: tuple[str, ...]


def _parts(one: NamedType) -> Iterator[Shape]:
    """Give the shapes of a type's fields; of an alias, its own."""
    if isinstance(one.shape, Record):
        yield from (member.shape for member in one.shape.fields)
    else:
        yield one.shape


def _opaque(shape: Shape) -> _Opaque:
    match shape:
        case Anything() | Text() | Whole() | Number() | Flag() | Null():
            return _opaque_scalar(shape)
        case _:
            return _opaque_of(shape)


@cached
def _opaque_scalar(shape: Anything | Text | Whole | Number | Flag | Null) -> _Opaque:
    return _opaque_of(shape)


def _opaque_of(shape: Shape) -> _Opaque:
    targets = tuple(dict.fromkeys(references(shape)))
    schema: JsonValue = to_schema(shape)
    if targets:
        schema = _renamed(schema, {target: f"R{number}" for number, target in enumerate(targets)})
    parts = [schema, _generator_version(), VERSION, CACHE_FORM]
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    return _Opaque(key=hashlib.sha256(text.encode("ascii")).hexdigest(), schema=schema, targets=targets)


@cached
def _generator_version() -> str:
    return version("datamodel-code-generator")  # reads and parses a file


def _model(one: NamedType, opaque: Mapping[int, _Opaque], known: Shapes, names: frozenset[str]) -> Model:
    uses = tuple(sorted({target for target in references(one.shape) if target != one.name}))
    if not isinstance(one.shape, Record):
        return AliasModel(name=one.name, module=one.module, type=_filled(opaque[id(one.shape)], known), uses=uses)
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
                type=_filled(opaque[id(member.shape)], known),
                is_required=member.is_required,
                note=member.note,
            )
            for member in one.shape.fields
        ),
        uses=uses,
    )


def _filled(one: _Opaque, known: Shapes) -> str:
    return "".join(piece if isinstance(piece, str) else one.targets[piece] for piece in known[one.key])


def _renamed(schema: JsonValue, names: Mapping[str, str]) -> JsonValue:
    if isinstance(schema, list):
        return [_renamed(item, names) for item in schema]
    if not isinstance(schema, dict):
        return schema
    reference = schema.get("$ref")
    if isinstance(reference, str):
        return {"$ref": f"#/$defs/{names[reference.removeprefix('#/$defs/')]}"}
    return {key: value if key == "enum" else _renamed(value, names) for key, value in schema.items()}


def _generated(schemas: Mapping[str, JsonValue]) -> dict[str, Holed]:
    """Give what is written for these shapes, by key; one batch, because starting it costs most."""
    if not schemas:
        return {}
    # Every field is required: whether a key may be absent is ours to write, beside the type.
    fields = {f"f{number}": schema for number, schema in enumerate(schemas.values())}
    found = read_source(_source(fields, most_references=_most_references(schemas.values())))
    return {key: found[f"f{number}"] for number, key in enumerate(schemas)}


def _most_references(schemas: Iterable[JsonValue]) -> int:
    def highest(schema: JsonValue) -> int:
        match schema:
            case list():
                return max(map(highest, schema), default=0)
            case {"$ref": str(reference)}:
                return int(reference.removeprefix("#/$defs/R")) + 1
            case dict():
                return max((highest(value) for key, value in schema.items() if key != "enum"), default=0)
            case _:
                return 0

    return max(map(highest, schemas), default=0)


def _source(fields: dict[str, JsonValue], *, most_references: int) -> str:
    # Imported here: it costs a third of a second, and nothing but a changed type needs it.
    from datamodel_code_generator import generate  # noqa: PLC0415
    from datamodel_code_generator.enums import DataModelType, InputFileType  # noqa: PLC0415
    from datamodel_code_generator.format import PythonVersion  # noqa: PLC0415
    from datamodel_code_generator.parser import LiteralType  # noqa: PLC0415

    stand_in: JsonValue = {"type": "object", "properties": {"r": {}}, "required": ["r"]}
    shapes: JsonValue = {"type": "object", "properties": fields, "required": list[JsonValue](fields)}
    stand_ins = {f"R{number}": stand_in for number in range(most_references)}
    document: dict[str, JsonValue] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": {"Shapes": shapes, **stand_ins},
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
