"""Any shape: schema -> catalog -> stubs -> audit -> import, and both texts of a definition agree.

The strategies are of our own: they draw JSON Schemas of the kinds that tools declare, with keys and texts of any kind.
"""

from __future__ import annotations

import ast
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from generator.checkers import complaints  # noqa: TID251 - the tests of the generator, not its sources
from generator.packages import (  # noqa: TID251 - the tests of the generator, not its sources
    environment,
    loaded,
    package,
    tool,
)
from ioconnect_codemode.lookup import definitions_text, projection
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.values import JsonValue

TEXTS = st.one_of(
    st.sampled_from(["id", "name", "class", "items", "from", "list", "T0", "Any", "str", "a-b", "_x", "", "é", "call"]),
    st.text(max_size=12),
)
SCALARS: st.SearchStrategy[JsonValue] = st.sampled_from(
    [
        *({"type": kind} for kind in ("string", "integer", "number", "boolean", "null")),
        {"type": ["string", "null"]},
        {"type": "integer", "minimum": 1, "maximum": 500, "default": 50},
        {"type": "string", "format": "date"},
        {},
        True,
    ]
)
CHOICES: st.SearchStrategy[JsonValue] = st.lists(
    st.one_of(TEXTS, st.integers(-5, 5), st.booleans(), st.none()), min_size=1, max_size=4
).map(lambda values: {"enum": list[JsonValue](values)})


def _larger(inner: st.SearchStrategy[JsonValue]) -> st.SearchStrategy[JsonValue]:
    keyed = st.dictionaries(TEXTS, inner, max_size=4)
    larger: list[st.SearchStrategy[JsonValue]] = [
        inner.map(lambda item: {"type": "array", "items": item}),
        inner.map(lambda value: {"type": "object", "additionalProperties": value}),
        st.tuples(keyed, TEXTS, TEXTS, st.integers(0, 4)).map(_record),
        st.lists(inner, min_size=1, max_size=3).map(lambda options: {"anyOf": options}),
        st.lists(inner, min_size=1, max_size=5).map(
            lambda places: {"type": "array", "prefixItems": places, "items": False, "minItems": len(places)}
        ),
    ]
    return st.one_of(larger)


def _record(drawn: tuple[dict[str, JsonValue], str, str, int]) -> JsonValue:
    properties, title, description, required = drawn
    return {
        "type": "object",
        "title": title,
        "description": description,
        "properties": properties,
        "required": list[JsonValue](properties)[:required],
    }


def _circular(drawn: tuple[JsonValue, JsonValue, JsonValue]) -> JsonValue:
    root, *definitions = drawn
    whole: dict[str, JsonValue] = {"anyOf": [root, {"$ref": "#/$defs/A"}]}
    return {**whole, "$defs": dict(zip("AB", definitions, strict=True))}


SCHEMAS: st.SearchStrategy[JsonValue] = st.recursive(st.one_of(SCALARS, CHOICES), _larger, max_leaves=8)
REFERENCES: st.SearchStrategy[JsonValue] = st.sampled_from(
    [{"$ref": "#/$defs/A"}, {"$ref": "#/$defs/B"}, {"$ref": "#/$defs/A", "required": ["id"]}]
)
INNER: st.SearchStrategy[JsonValue] = st.recursive(st.one_of(SCALARS, REFERENCES), _larger, max_leaves=6)
CIRCULAR: st.SearchStrategy[JsonValue] = st.tuples(INNER, INNER, INNER).map(_circular)
ENVIRONMENTS = st.lists(st.one_of(SCHEMAS, CIRCULAR), min_size=1, max_size=3).map(
    lambda schemas: environment([tool(number, schema) for number, schema in enumerate(schemas)])
)
SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(document=ENVIRONMENTS)
def test_any_shape_gives_modules_that_load_and_texts_that_agree(document: JsonValue) -> None:
    with tempfile.TemporaryDirectory() as folder:
        manifest = package(document, Path(folder))

        assert set(loaded(manifest)) >= {"trap"}
        assert said_to_the_model(manifest) == said_to_the_checker(manifest)


@settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
@given(document=ENVIRONMENTS)
def test_every_definition_is_in_the_definitions_file_of_its_namespace(document: JsonValue) -> None:
    with tempfile.TemporaryDirectory() as folder:
        manifest = package(document, Path(folder))
        text = manifest.text("definitions/trap.pyi")

        assert [
            entry["definition"] for entry in manifest.capabilities.values() if entry["definition"] not in text
        ] == []
        assert [one["definition"] for one in manifest.types.values() if one["definition"] not in text] == []


# Few examples and no search for a smaller one: each costs a run of mypy and one of pyright.
@settings(max_examples=2, deadline=None, suppress_health_check=SLOW, derandomize=True, phases=[Phase.generate])
@given(documents=st.lists(ENVIRONMENTS, min_size=12, max_size=12))
def test_type_checkers_and_ruff_find_nothing_in_a_sample(documents: list[JsonValue]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        packages = {f"package_{number}": document for number, document in enumerate(documents)}
        for name, document in packages.items():
            package(document, Path(folder) / name)

        assert complaints(Path(folder), list(packages)) == []


def test_type_checkers_find_what_is_wrong(tmp_path: Path) -> None:
    package(environment([tool(0, {"type": "string"})]), tmp_path / "wrong")
    (tmp_path / "wrong" / "more.py").write_text('x: int = "text"\n', encoding="utf-8")

    assert [one.partition(":")[0] for one in complaints(tmp_path, ["wrong"])] == ["mypy", "pyright"]


def said_to_the_model(manifest: Manifest) -> dict[str, object]:
    """Names, types and optionality of everything in the model's text."""
    return said(definitions_text(manifest, list(manifest.capabilities)), manifest)


def said_to_the_checker(manifest: Manifest) -> dict[str, object]:
    """The same of the projection."""
    return said(projection(manifest, manifest.capabilities), manifest)


def said(text: str, manifest: Manifest) -> dict[str, object]:
    found: dict[str, object] = {}
    for node in ast.parse(text).body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found[name] = ast.unparse(value)
            case ast.ClassDef(name=name) if name in manifest.namespaces:
                functions = [member for member in node.body if isinstance(member, ast.FunctionDef)]
                found |= {f"{name}.{one.name}": signature(one, manifest) for one in functions}
            case ast.ClassDef(name=name):
                fields = [member for member in node.body if isinstance(member, ast.AnnAssign)]
                found[name] = [(ast.unparse(one.target), ast.unparse(one.annotation)) for one in fields]
            case _:
                continue
    return found


def signature(function: ast.FunctionDef, manifest: Manifest) -> object:
    """Parameters with type and optionality, and the result; that a checker also takes dicts for records is left out."""
    arguments = function.args.args
    optional = len(function.args.defaults)
    parameters = [
        (one.arg, without_dicts(one.annotation, manifest), index >= len(arguments) - optional)
        for index, one in enumerate(arguments)
    ]
    return parameters, ast.unparse(function.returns) if function.returns else None


def without_dicts(annotation: ast.expr | None, manifest: Manifest) -> str:
    text = "" if annotation is None else ast.unparse(annotation)
    for name in sorted(manifest.types, key=len, reverse=True):
        while f"{name} | dict[str, Any]" in text:  # twice where the schema itself says both
            text = text.replace(f"{name} | dict[str, Any]", name)
    return ast.unparse(ast.parse(text, mode="eval"))
