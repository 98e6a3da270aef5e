"""A small generated package, written by hand in the form that the generator writes.

Two namespaces, records of their own and shared ones, an alias, a record in a record, a recursive record, an intent whose
one parameter is the argument object, and `show_client`, which both namespaces have.
"""

from __future__ import annotations

import ast
import builtins
import json
from pathlib import Path
from typing import cast

from ioconnect_codemode import policy, preflight
from ioconnect_codemode.lookup import stubs_message
from ioconnect_codemode.manifest import Manifest, digest
from ioconnect_codemode.manifest_data import CapabilityData, ManifestData, NamespaceData, TypeData
from ioconnect_codemode.values import JsonValue

RECORDS = '''"""Types that more than one namespace uses."""

from __future__ import annotations

from ioconnect_codemode.stubs import Record, field


class Address(Record):
    """A postal address."""

    city: str
    post_code: str | None = field(key="post-code", default=None)


class Client(Record):
    """A client of the firm."""

    id: str
    name: str
    adviser: str | None
    address: Address | None = None
    partner: Client | None = None
    items: list[str] | None = None
'''

CRM = '''"""Clients and their advisers."""

from __future__ import annotations

from typing import Any, Literal

from ioconnect_codemode.stubs import UNSET, Unset, call

from .records import Address, Client

Segment = Literal["private", "retail"]


def find_clients(
    name: str, limit: int = 50, segment: Segment | None = None
) -> list[Client]:
    """Clients whose name contains the text."""
    return call(
        "crm.find_clients",
        {"name": name, "limit": limit, "segment": segment},
        list[Client],
    )


def add_note(
    client_id: str,
    text: str,
    address: Address | None = None,
    phone: str | None | Unset = UNSET,
) -> Any:
    """Add a note."""
    return call(
        "crm.add_note",
        {"client_id": client_id, "text": text, "address": address, "phone": phone},
        Any,
    )


def show_client(client_id: str) -> bool:
    """Show a client in the CRM."""
    return call("crm.show_client", {"client_id": client_id}, bool)
'''

INTENTS = '''"""What apps offer to do."""

from __future__ import annotations

from ioconnect_codemode.stubs import Record, call, field

from .records import Client


class Contact(Record):
    """An FDC3 contact."""

    type: str
    name: str | None = None
    email: str | None = field(key="e-mail", default=None)


def view_contact(context: Contact) -> None:
    """View a contact."""
    return call("intents.view_contact", {"context": context}, None)


def show_client(client: Client) -> Client:
    """Show a client."""
    return call("intents.show_client", {"client": client}, Client)
'''

TYPES: dict[str, TypeData] = {
    "Address": {
        "kind": "record",
        "module": "records",
        "fields": [
            {"name": "city", "key": "city", "type": "str", "required": True},
            {"name": "post_code", "key": "post-code", "type": "str", "required": False, "note": "without blanks"},
        ],
        "open": True,
        "definition": "class Address: city: str; post_code: str | None",
        "uses": [],
    },
    "Client": {
        "kind": "record",
        "module": "records",
        "fields": [
            {"name": "id", "key": "id", "type": "str", "required": True},
            {"name": "name", "key": "name", "type": "str", "required": True},
            {"name": "adviser", "key": "adviser", "type": "str | None", "required": True},
            {"name": "address", "key": "address", "type": "Address", "required": False},
            {"name": "partner", "key": "partner", "type": "Client", "required": False},
            {"name": "items", "key": "items", "type": "list[str]", "required": False},
        ],
        "open": True,
        "definition": (
            "class Client: id: str; name: str; adviser: str | None; address: Address | None; "
            "partner: Client | None; items: list[str] | None"
        ),
        "uses": ["Address", "Client"],
    },
    "Contact": {
        "kind": "record",
        "module": "intents",
        "fields": [
            {"name": "type", "key": "type", "type": "str", "required": True},
            {"name": "name", "key": "name", "type": "str", "required": False},
            {"name": "email", "key": "e-mail", "type": "str", "required": False},
        ],
        "open": True,
        "definition": "class Contact: type: str; name: str | None; email: str | None",
        "uses": [],
    },
    "Segment": {
        "kind": "alias",
        "module": "crm",
        "type": "Literal['private', 'retail']",
        "definition": "Segment = Literal['private', 'retail']",
        "uses": [],
    },
}

_TEXT: dict[str, JsonValue] = {"type": "string"}
_CLIENT: dict[str, JsonValue] = {
    "type": "object",
    "properties": {"id": _TEXT, "name": _TEXT, "adviser": {"type": ["string", "null"]}},
    "required": ["id", "name", "adviser"],
}

CAPABILITIES: dict[str, CapabilityData] = {
    "crm.find_clients": {
        "kind": "method",
        "wire": "CRM.FindClients",
        "apps": ["crm"],
        "effect": "read",
        "origin": "tool",
        "parameters": [
            {"name": "name", "key": "name", "type": "str", "required": True},
            {"name": "limit", "key": "limit", "type": "int", "required": False, "default": 50},
            {"name": "segment", "key": "segment", "type": "Segment", "required": False},
        ],
        "returns": "list[Client]",
        "input_schema": {
            "type": "object",
            "properties": {
                "name": {"type": "string", "pattern": "^[A-Z]"},
                "limit": {"type": "integer", "minimum": 1, "maximum": 500},
                "segment": {"enum": ["private", "retail"]},
            },
            "required": ["name"],
            "additionalProperties": False,
        },
        "output_schema": {"type": "array", "items": _CLIENT},
        "signature": "crm.find_clients(name: str, limit: int = 50, segment: Segment = ...) -> list[Client]",
        "definition": (
            "def find_clients(name: str, limit: int = 50, segment: Segment = ...) -> list[Client]: ..."
            "  # Clients whose name contains the text. limit 1..500"
        ),
        "summary": "Clients whose name contains the text.",
        "search": "clients whose name contains text customer",
        "uses": ["Segment", "Client"],
    },
    "crm.add_note": {
        "kind": "method",
        "wire": "CRM.AddNote",
        "apps": ["crm"],
        "effect": "write",
        "origin": "static_tool",
        "parameters": [
            {"name": "client_id", "key": "clientId", "type": "str", "required": True},
            {"name": "text", "key": "text", "type": "str", "required": True},
            {"name": "address", "key": "address", "type": "Address", "required": False},
            {"name": "phone", "key": "phone", "type": "str | None", "required": False, "nullable": True},
        ],
        "returns": "Any",
        "input_schema": {"type": "object", "properties": {"clientId": _TEXT}, "required": ["clientId", "text"]},
        "output_schema": None,
        "signature": "crm.add_note(client_id: str, text: str, address: Address = ..., phone: str | None = ...) -> Any",
        "definition": (
            "def add_note(client_id: str, text: str, address: Address = ..., phone: str | None = ...) -> Any: ..."
            "  # Add a note. result shape not declared"
        ),
        "summary": "Add a note.",
        "search": "add note memo",
        "uses": ["Address"],
    },
    "crm.show_client": {
        "kind": "method",
        "wire": "CRM.ShowClient",
        "apps": ["crm", "viewer"],
        "effect": "unknown",
        "origin": "signature",
        "parameters": [{"name": "client_id", "key": "clientId", "type": "str", "required": True}],
        "returns": "bool",
        "input_schema": {"type": "object", "properties": {"clientId": _TEXT}, "required": ["clientId"]},
        "output_schema": {"type": "boolean"},
        "signature": "crm.show_client(client_id: str) -> bool",
        "definition": "def show_client(client_id: str) -> bool: ...  # Show a client in the CRM.",
        "summary": "Show a client in the CRM.",
        "search": "show client crm",
        "uses": [],
    },
    "intents.view_contact": {
        "kind": "fdc3_intent",
        "wire": "ViewContact",
        "apps": ["viewer"],
        "effect": "write",
        "origin": "intent",
        "parameters": [{"name": "context", "key": "context", "type": "Contact", "required": True}],
        "spread": True,
        "returns": "None",
        "input_schema": {"type": "object", "properties": {"type": {"const": "fdc3.contact"}}, "required": ["type"]},
        "output_schema": None,
        "signature": "intents.view_contact(context: Contact) -> None",
        "definition": "def view_contact(context: Contact) -> None: ...  # View a contact.",
        "summary": "View a contact.",
        "search": "view contact person",
        "uses": ["Contact"],
    },
    "intents.show_client": {
        "kind": "intent",
        "wire": "ShowClient",
        "apps": [],
        "effect": "read",
        "origin": "intent",
        "parameters": [{"name": "client", "key": "client", "type": "Client", "required": True}],
        "returns": "Client",
        "input_schema": {"type": "object", "properties": {"client": _CLIENT}, "required": ["client"]},
        "output_schema": _CLIENT,
        "signature": "intents.show_client(client: Client) -> Client",
        "definition": "def show_client(client: Client) -> Client: ...  # Show a client.",
        "summary": "Show a client.",
        "search": "show client",
        "uses": ["Client"],
    },
}

NAMESPACES: dict[str, NamespaceData] = {
    "crm": {
        "summary": "Clients and their advisers.",
        "module": "crm.py",
        "capabilities": ["find_clients", "add_note", "show_client"],
    },
    "intents": {
        "summary": "What apps offer to do.",
        "module": "intents.py",
        "capabilities": ["view_contact", "show_client"],
    },
}

FILES = {"records.py": RECORDS, "crm.py": CRM, "intents.py": INTENTS}


def manifest_data() -> ManifestData:
    """Give the manifest of the package."""
    return {
        "schemaVersion": 1,
        "name": "small-desk",
        "generator": "0.1.0",
        "environment": digest("small-desk"),
        "catalog": "7f3a91c2",
        "files": {name: digest(text) for name, text in FILES.items()},
        "namespaces": NAMESPACES,
        "types": TYPES,
        "capabilities": CAPABILITIES,
        "omissions": [],
    }


def write_package(folder: Path) -> Path:
    """Write the package into a folder and give the package's own folder."""
    package = folder / "small_desk"
    package.mkdir(parents=True)
    for name, text in FILES.items():
        (package / name).write_text(text, encoding="utf-8", newline="\n")
    (package / "manifest.json").write_text(json.dumps(manifest_data()), encoding="utf-8")
    return package


def scope_of(manifest: Manifest, tree: ast.Module) -> preflight.Scope:
    """Give what a worker would know of a snippet's names after it has asked the host."""
    known = frozenset((*dir(builtins), *policy.BUILTIN_NAMES, *policy.FACADES, "inputs", "parallel"))
    message = stubs_message(manifest, sorted(policy.free_names(tree) - known))
    return preflight.Scope(
        namespaces={
            name: {
                function: preflight.FunctionScope(
                    parameters=manifest.capabilities[f"{name}.{function}"]["parameters"],
                    signature=manifest.capabilities[f"{name}.{function}"]["signature"],
                    returns=manifest.capabilities[f"{name}.{function}"]["returns"],
                )
                for function in manifest.namespaces[name]["capabilities"]
            }
            for name in cast("dict[str, object]", message["namespaces"])
        },
        functions={
            name: (full.partition(".")[0], full.partition(".")[2])
            for name, full in cast("dict[str, str]", message["functions"]).items()
        },
        types=cast("dict[str, TypeData]", message["types"]),
        known=known,
        near=cast("dict[str, list[str]]", message["unknown"]),
    )
