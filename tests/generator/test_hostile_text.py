"""Text of apps never becomes code, is never opened and never fetched, wherever it stands."""

from __future__ import annotations

import ast
import importlib.util
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from generator.checkers import complaints  # noqa: TID251 - the tests of the generator, not its sources
from generator.packages import (  # noqa: TID251 - the tests of the generator, not its sources
    Json,
    code_names,
    environment,
    imports,
    loaded,
    package,
    tool,
)
from ioconnect_codemode.lookup import definitions_text, projection
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.values import JsonValue

CANARY = "hostile_text_canary"
RUN = f"__import__('sys').modules.__setitem__('{CANARY}', 1)"

TEXTS = {
    "quotes": f"'); {RUN}; ('",
    "double_quotes": f'"); {RUN}; ("',
    "triple_quotes": f'"""\n{RUN}\n"""',
    "other_triple_quotes": f"'''\n{RUN}\n'''",
    "ends_in_quote": f'x """ + {RUN} + "',
    "ends_in_backslash": f"{RUN} \\",
    "backslash_quote": f'\\""" + {RUN} + """',
    "new_line": f"x\n{RUN}\n",
    "carriage_return": f"x\r{RUN}\r",
    "line_separator": f"x\u2028{RUN}\u2029",
    "next_line": f"x\x85{RUN}\x0b{RUN}\x0c",
    "template": "{{ 7 * 7 }} {% for a in ().__class__.__mro__ %}{{ a }}{% endfor %} {# x #}",
    "braces": "{value!r:{width}} {0} %s %(name)s ${name}",
    "nul_and_escapes": f"\x00\x1b[2J\x07{RUN}",
    "comment": f"x  # type: ignore\n{RUN}  # noqa",
    "bidirectional": f"\u202e{RUN}\u202c\u2066x\u2069",
    "zero_width": f"a\u200b\u200d\u2060\ufeff{RUN}",
    "lone_surrogate": f"\ud800{RUN}\udfff",
    "def": f"x():\n    {RUN}\ndef y",
    "annotation": f"int = {RUN}",
    "long": "A" * 100_000,
}
STEERING: Json = {
    "x-python-type": f"{CANARY}.x",
    "x-python-import": {"module": CANARY, "name": "x"},
    "customTypePath": f"{CANARY}.x",
    "customBasePath": f"{CANARY}.X",
    "x-enum-varnames": [RUN],
    "discriminator": {"propertyName": RUN},
}


def everywhere(text: str) -> JsonValue:
    """A schema that holds a text wherever a schema can hold one."""
    member: Json = {"type": "string", "description": text, "title": text, "default": text, "pattern": text}
    member["examples"] = [text]
    return {
        "type": "object",
        "title": text,
        "description": text,
        "properties": {
            text: member,
            "choice": {"enum": [text, "other"], "default": text, **STEERING},
            "constant": {"const": text},
            "format": {"type": "string", "format": text},
            "nested": {"type": "object", "title": text, "properties": {text: {"type": "integer"}}, **STEERING},
        },
        "required": [text],
        "$defs": {text: member},
        **STEERING,
    }


def declared_everywhere(text: str) -> Json:
    """An environment that holds a text wherever an app can declare one."""
    document = environment([tool(0, everywhere(text), description=text, title=text)])
    method: Json = {
        "name": text,
        "accepts": f"String {text}, Int? limit ({text})",
        "returns": f"Composite: {{String {text}}} result",
        "description": text,
        "displayName": text,
        "objectTypes": [text],
        "servers": [{"application": text}],
        "flags": {"ioIntelMCPTool": {"name": text, "description": text, "inputSchema": text}},
    }
    intent: Json = {
        "name": text,
        "handlers": [
            {
                "applicationName": text,
                "type": "app",
                "displayName": text,
                "contextTypes": [text],
                "resultType": text,
            }
        ],
    }
    application: Json = {"name": text, "title": text, "caption": text}
    declared: Json = {"methods": [method], "intents": [intent], "applications": [application]}
    return {**document, "name": text[:200], "description": text, **declared}


@pytest.mark.parametrize("kind", TEXTS)
def test_text_is_inert_wherever_it_stands(kind: str, tmp_path: Path) -> None:
    manifest = package(declared_everywhere(TEXTS[kind]), tmp_path / "package")

    loaded(manifest)
    imported(tmp_path / "package")

    assert CANARY not in sys.modules
    assert imports(manifest) <= {"__future__", "typing", "ioconnect_codemode.stubs", ".records"}
    assert code_names(manifest) == set()


@pytest.mark.parametrize("kind", TEXTS)
def test_text_stays_on_its_line_in_what_a_model_and_a_checker_read(kind: str, tmp_path: Path) -> None:
    manifest = package(declared_everywhere(TEXTS[kind]), tmp_path)
    text = definitions_text(manifest, list(manifest.capabilities), detail="full")
    lines = text.splitlines()

    assert all(line.isprintable() for line in lines)
    assert all(line.lstrip().startswith(("class ", "def ", "#")) or " = " in line or ": " in line for line in lines)
    assert calls(text) == set()
    assert calls(projection(manifest, manifest.capabilities)) <= {"staticmethod"}


def test_type_checkers_and_ruff_find_nothing_whatever_the_text(tmp_path: Path) -> None:
    for kind, text in TEXTS.items():
        package(declared_everywhere(text), tmp_path / kind)

    assert complaints(tmp_path, list(TEXTS)) == []


# fmt: off
NAMES = [
    "annotations", "self", "cls", "match", "case", "type", "__init__", "__class__", "__getitem__", "__dict__",
    "__slots__", "__debug__", "_", "get", "keys", "items", "pop", "Unset", "Any", "Record", "records", "Literal",
    "field", "call", "str", "T", "None", "print", "def", "class", "async", "definitions", "con", "com1", "asyncio",
    "inputs", "target", "Result", "Client", "client", "client_2", "Client2", "Client_2", "get_orders", "GetOrders",
    "get-orders", "名", "ʼn", "аdmin", "admin", "ﬁnd", "find", "Ⅳ", "iv", "µ", "μ", "ß", "ss", "İ", "℘", "1a", "a_b",
    "a.b", "a/b", ".a", "..", "$ref", "T42.Get", "mro", "reveal_type", "٣",
]
# fmt: on


def test_type_checkers_and_ruff_find_nothing_whatever_the_names(tmp_path: Path) -> None:
    def record(at: int, title: str) -> Json:
        member: Json = {"type": "object", "title": title, "properties": {title: {"type": "string"}}}
        return {"type": "object", "title": title, "properties": dict.fromkeys([*NAMES[at : at + 6], "items"], member)}

    tools: list[JsonValue] = [
        {
            "name": name,
            "config": {"inputSchema": record(at, name), "outputSchema": record(at + 1, NAMES[-at])},
            "interop": {"methodName": f"Tool.{name}"},
        }
        for at, name in enumerate(NAMES)
    ]
    methods: list[JsonValue] = [{"name": f"{name}.Get", "accepts": f"string {name}"} for name in NAMES]
    intents: list[JsonValue] = [
        {"name": name, "handlers": [{"applicationName": name, "type": "app", "contextTypes": [name]}]} for name in NAMES
    ]
    document: Json = {**environment(tools), "methods": methods, "intents": intents}

    manifest = package(document, tmp_path / "names")
    loaded(manifest)

    assert complaints(tmp_path, ["names"]) == []


def test_text_that_is_harmless_is_shown_as_it_is(tmp_path: Path) -> None:
    manifest = package(environment([tool(0, {"type": "string"}, description="Gives {a} \"quote\" 'here'.")]), tmp_path)

    assert manifest.capabilities["trap.t0"]["summary"] == "Gives {a} \"quote\" 'here'."
    assert """Gives {a} "quote" 'here'.""" in manifest.text("trap.py")


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    """A server on this machine that remembers what it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    listening = HTTPServer(("127.0.0.1", 0), Handler)
    listening.asked = asked  # type: ignore[attr-defined]
    thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
    thread.start()
    yield listening
    listening.shutdown()
    thread.join()
    listening.server_close()


def test_no_reference_is_opened_or_fetched(server: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"http://127.0.0.1:{server.server_port}"
    (tmp_path / "canary.json").write_text('{"properties": {"canary": {"type": "string"}}}', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    targets = [
        *(f"{address}/a.json", f"{address}/a.json#/x", f"//127.0.0.1:{server.server_port}/b.json"),
        *("canary.json", "./canary.json#", "../canary.json", (tmp_path / "canary.json").as_uri()),
    ]
    schemas: list[JsonValue] = []
    for target in targets:
        schemas.append({"$ref": target})
        schemas.append({"$dynamicRef": target})
        schemas.append({"$schema": target, "$id": address, "$ref": "a.json"})
        schemas.append({"properties": {"a": {"$ref": target}}, "$vocabulary": {target: True}})
    manifest = package(environment([tool(number, one) for number, one in enumerate(schemas)]), tmp_path / "package")
    whole = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "package").rglob("*.*"))

    assert len(manifest.capabilities) == len(schemas)
    assert server.asked == []  # type: ignore[attr-defined]
    assert "canary: str" not in whole
    assert '"$ref": "http' not in whole


def imported(folder: Path) -> None:
    """Import the package as a person's program does."""
    name = "hostile_package"
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None and spec.loader is not None
    sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        for path in sorted(folder.glob("*.py")):
            if path.stem != "__init__":
                importlib.import_module(f"{name}.{path.stem}")
    finally:
        for module in [module for module in sys.modules if module == name or module.startswith(f"{name}.")]:
            del sys.modules[module]


def calls(text: str) -> set[str]:
    """What a text would call if it were run."""
    return {ast.unparse(node.func) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)}


def test_manifest_of_hostile_text_is_read_back(tmp_path: Path) -> None:
    folder = tmp_path / "package"
    package(
        declared_everywhere("".join(TEXTS[kind] for kind in TEXTS if kind not in ("long", "lone_surrogate"))), folder
    )

    manifest = Manifest.read(folder)

    assert [manifest.text(path) for path in manifest.data["files"]]
