"""The prompt of io.Connect's public Code Mode demo works unchanged, on a desk like the demo's.

It tells a model of three tools, flat names in snake case, results that are dicts with `success`, the last expression for
the answer, no imports, no print, no `{**d}`, no `hasattr`, and no state from one run to the next. Its server is an MCP
server on streamable HTTP.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from mcp import Client
from mcp_types import TextContent

from checkout import environment
from ioconnect_codegen import generate, read_environment
from ioconnect_codegen.output import write
from ioconnect_codemode import CodeMode, Outcome
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode.values import JsonValue

CLIENTS: list[JsonValue] = [
    {"id": "CL-1", "portfolioId": "PF-1", "firstName": "Amelia", "lastName": "Reid", "advisor": "J. Weber"},
    {"id": "CL-2", "portfolioId": "PF-2", "firstName": "Daniel", "lastName": "Kovac", "advisor": "P. Ricci"},
    {"id": "CL-3", "portfolioId": "PF-3", "firstName": "Sophie", "lastName": "Benn", "advisor": "J. Weber"},
]
RECORD: dict[str, JsonValue] = {
    key: {"type": "string"} for key in ("id", "portfolioId", "firstName", "lastName", "advisor")
}
FOUND: dict[str, JsonValue] = {
    "success": {"type": "boolean"},
    "clients": {"type": "array", "items": {"type": "object", "properties": RECORD}},
}
GREETING: dict[str, JsonValue] = {"greeting": {"type": "string"}}
DISPLAYED: dict[str, JsonValue] = {"success": {"type": "boolean"}, "portfolioId": {"type": "string"}}
HANDLERS = f"""
CLIENTS = {CLIENTS!r}
handlers = {{
    "get_clients": lambda arguments: {{"success": True, "clients": CLIENTS}},
    "getClients": lambda arguments: {{"clients": CLIENTS}},
    "user_greeting": lambda arguments: {{"greeting": "Hello, " + arguments["name"]}},
    "ClientPortfolio.Display": lambda arguments: {{"success": True, "portfolioId": arguments["portfolioId"]}},
}}
"""


def method(name: str, given: dict[str, JsonValue] | None, answer: dict[str, JsonValue] | None) -> JsonValue:
    tool: dict[str, JsonValue] = {"name": name}
    if given is not None:
        required: list[JsonValue] = [*given]
        tool["inputSchema"] = json.dumps({"type": "object", "properties": given, "required": required})
    if answer is not None:
        tool["outputSchema"] = json.dumps({"type": "object", "properties": answer, "required": [*answer]})
    return {
        "name": name,
        "description": f"Calls {name}.",
        "servers": [{"application": "bank", "instance": "bank-1"}],
        "flags": {} if given is None else {"ioIntelMCPTool": tool},
    }


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    text: dict[str, JsonValue] = {"type": "string"}
    document: dict[str, JsonValue] = {
        "schemaVersion": 1,
        "name": "acme-bank",
        "methods": [
            method("get_clients", {}, FOUND),
            method("getClients", None, None),
            method("user_greeting", {"name": text}, GREETING),
            method("ClientPortfolio.Display", {"portfolioId": text}, DISPLAYED),
        ],
    }
    folder = tmp_path_factory.mktemp("acme")
    write(generate(read_environment(document)), folder)
    return folder


@contextmanager
def served(package: Path, folder: Path) -> Generator[str]:
    """Serve the package as the demo's assistant expects it; gives the URL."""
    module = folder / "bank.py"
    module.write_text(HANDLERS, encoding="utf-8")
    command = ["-m", "ioconnect_codegen", "serve", str(package), "--embedded", str(module), "--http", "127.0.0.1:0"]
    with subprocess.Popen(
        [sys.executable, *command], env=environment(), stderr=subprocess.PIPE, text=True, cwd=folder
    ) as process:
        assert process.stderr is not None
        try:
            yield next(word for line in process.stderr for word in line.split() if word.startswith("http://"))
        finally:
            process.terminate()


def test_list_get_and_execute_answer_a_model_that_knows_the_prompt_alone(package: Path, tmp_path: Path) -> None:
    """One list, one get, one execute, as the prompt wants it."""
    code = """
result = get_clients()
if result.get("success"):
    matches = [c for c in result["clients"] if c["firstName"] == "Amelia" and c["lastName"] == "Reid"]
    answer = {"found": len(matches), "advisor": matches[0]["advisor"] if matches else None}
else:
    answer = {"error": "no clients"}
answer
"""

    async def converse(url: str) -> tuple[list[str], list[str]]:
        async with Client(url) as client:
            names = [tool.name for tool in (await client.list_tools()).tools]
            said: list[str] = []
            for name, arguments in (
                ("list_python_definitions", {}),
                ("get_python_definitions", {"names": ["get_clients"]}),
                ("execute_python_code", {"code": code}),
            ):
                content = (await client.call_tool(name, arguments)).content[0]
                assert isinstance(content, TextContent)
                said.append(content.text)
            return names, said

    with served(package, tmp_path) as url:
        assert url.endswith("/mcp")
        names, (listed, defined, answer) = asyncio.run(converse(url))
    assert names == ["list_python_definitions", "get_python_definitions", "execute_python_code"]
    assert all(name in listed for name in ("get_clients", "user_greeting", "display"))
    assert "def get_clients() ->" in defined
    assert "clients: list[" in defined
    assert answer.splitlines()[0] == '{"found":1,"advisor":"J. Weber"}'


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("get_clients()['clients'][0]['advisor']", "J. Weber"),
        ("user_greeting(name='Amelia')", {"greeting": "Hello, Amelia"}),
        ("user_greeting(name='Amelia')['greeting'].upper()", "HELLO, AMELIA"),
        ("display(portfolioId='PF-1').get('success')", True),
        ("result = display(portfolioId='PF-1')\n{'shown': result['portfolioId']}", {"shown": "PF-1"}),
        (
            "by_advisor = {}\n"
            "for client in get_clients()['clients']:\n"
            "    advisor = client['advisor']\n"
            "    if advisor not in by_advisor:\n"
            "        by_advisor[advisor] = []\n"
            "    by_advisor[advisor].append(client['firstName'] + ' ' + client['lastName'])\n"
            "by_advisor",
            {"J. Weber": ["Amelia Reid", "Sophie Benn"], "P. Ricci": ["Daniel Kovac"]},
        ),
        (
            "client = get_clients()['clients'][1]\n"
            "copied = {'id': client['id'], 'advisor': client['advisor'], 'kind': type(client['id']).__name__}\n"
            "copied",
            {"id": "CL-2", "advisor": "P. Ricci", "kind": "str"},
        ),
        (
            "shown = []\n"
            "for client in get_clients()['clients']:\n"
            "    result = display(portfolioId=client['portfolioId'])\n"
            "    if result.get('success'):\n"
            "        shown.append(result['portfolioId'])\n"
            "{'shown': shown, 'count': len(shown)}",
            {"shown": ["PF-1", "PF-2", "PF-3"], "count": 3},
        ),
        (
            "try:\n    result = user_greeting(name='Amelia')\n    out = {'ok': True, 'text': result.get('greeting')}\n"
            "except RuntimeError as e:\n    out = {'ok': False, 'text': str(e)}\nout",
            {"ok": True, "text": "Hello, Amelia"},
        ),
    ],
)
def test_scripts_in_the_manner_of_the_prompt_give_their_answers(package: Path, code: str, value: JsonValue) -> None:
    assert ran(package, code).value == value


def test_one_look_at_an_undeclared_answer_is_possible_as_the_prompt_allows(package: Path) -> None:
    """A method without a declared result is looked at once: its keys, and the type of one value."""
    name = next(one for one in Manifest.read(package).capabilities if one.endswith("get_clients_2"))
    call = f"{name}()"
    code = f"r = {call}\n{{'keys': list(r.keys()), 'first': list(r['clients'][0].keys()), 'type': type(r).__name__}}"
    value = ran(package, code).value
    assert value == {"keys": ["clients"], "first": [*RECORD], "type": "Record"}


def test_what_the_prompt_forbids_works_as_well(package: Path) -> None:
    code = "import json\nfirst = get_clients()['clients'][0]\nprint(json.dumps({**first, 'has': hasattr(first, 'id')}))"
    printed = ran(package, code).value
    assert isinstance(printed, str)
    assert json.loads(printed) == {**CLIENTS[0], "has": True}  # type: ignore[dict-item]


def test_the_mistakes_that_the_prompt_tells_of_are_told_before_anything_runs(package: Path) -> None:
    for code, message in (("user_greeting()", "missing argument name"), ("get_clients(all=1)", "unknown argument all")):
        error = ran(package, code).error
        assert error is not None
        assert (error.message, error.state) == (message, "nothing was run")


def ran(package: Path, code: str) -> Outcome:
    namespace: dict[str, dict[str, object]] = {}
    exec(compile(HANDLERS, os.devnull, "exec"), namespace)

    async def run() -> Outcome:
        transport = EmbeddedTransport(namespace["handlers"])  # type: ignore[arg-type]
        async with CodeMode.open(package, transport=transport, spares=0) as code_mode:
            return await code_mode.execute_python_code(code)

    return asyncio.run(run())
