"""The MCP server on streamable HTTP: who gets in, several clients at once, and what nobody is told."""

from __future__ import annotations

import asyncio
import http.client
import json
import logging
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client

from front.serving import served_over_http
from ioconnect_codegen.cli import main
from ioconnect_codemode import CodeMode
from ioconnect_codemode.errors import CodeModeError, UsageError
from ioconnect_codemode.mcp_http import Address, read_token, serve_http
from journeys.desk import PACKAGE, with_desk

T = TypeVar("T")
TOKEN = "3f1c0a9b7e5d4c2a8f6e"
PAGE = "http://localhost:4200"
MODES = pytest.mark.parametrize("mode", ["legacy", "auto"])
SERVE = ["serve", str(PACKAGE), "--embedded", "ioconnect_codegen.wealth_desk"]


def served(
    act: Callable[[str], Awaitable[T]],
    *,
    host: str = "127.0.0.1",
    token: str | None = None,
    origins: tuple[str, ...] = (),
) -> T:
    """Serve the wealth desk on a free port and let `act` use its URL."""

    async def run(code_mode: CodeMode) -> T:
        async with served_over_http(code_mode, host=host, token=token, origins=origins) as url:
            return await act(url)

    return with_desk(run)


def asked(url: str, method: str = "POST", *, host: str | None = None, **headers: str) -> http.client.HTTPResponse:
    """Send one request as a program that follows no rules."""
    port = int(url.rpartition(":")[2].partition("/")[0])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"})
    given = {"Host": host or f"127.0.0.1:{port}", "Content-Type": "application/json", **headers}
    connection.request(
        method, "/mcp", body=body, headers={key.replace("_", "-"): value for key, value in given.items()}
    )
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def status(**options: object) -> Callable[..., int]:
    """Give the status of one request to a server of its own."""

    def of(method: str = "POST", *, host: str | None = None, **headers: str) -> int:
        async def act(url: str) -> int:
            return (await asyncio.to_thread(asked, url, method, host=host, **headers)).status

        return served(act, **options)  # type: ignore[arg-type]

    return of


async def adviser(client: Client) -> str:
    result = await client.call_tool("execute_python_code", {"code": "crm.find_clients('Amelia Reid')[0].adviser"})
    return str(getattr(result.content[0], "text", "")).splitlines()[0]


@MODES
def test_several_clients_are_served_at_once(mode: str) -> None:
    async def act(url: str) -> list[str]:
        async def one() -> str:
            async with Client(url, mode=mode) as client:
                return await adviser(client)

        return await asyncio.gather(*(one() for _ in range(4)))

    assert served(act) == ['"Jonas Weber"'] * 4


@MODES
def test_a_client_with_the_token_is_served_and_others_are_not(mode: str) -> None:
    async def act(url: str) -> str:
        async with (
            create_mcp_http_client(headers={"Authorization": f"Bearer {TOKEN}"}) as http_client,
            Client(streamable_http_client(url, http_client=http_client), mode=mode) as client,
        ):
            return await adviser(client)

    assert served(act, token=TOKEN) == '"Jonas Weber"'


@pytest.mark.parametrize(
    "given",
    ["", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", TOKEN, "Bearer", "Bearer \xff\xfe"],
)
def test_a_wrong_token_is_refused(given: str) -> None:
    assert status(token=TOKEN)(Authorization=given) == 401


def test_the_word_bearer_has_no_case() -> None:
    assert status(token=TOKEN)(Authorization=f"bearer {TOKEN}") not in (401, 403, 421)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1.evil.example:80", "10.0.0.1:1"]
)
def test_a_name_that_was_made_to_point_here_is_refused(host: str) -> None:
    assert status()(host=host) == 421


def test_this_machine_has_three_names() -> None:
    async def act(url: str) -> list[int]:
        port = url.rpartition(":")[2].partition("/")[0]
        hosts = [f"localhost:{port}", f"LOCALHOST:{port}", f"127.0.0.1:{port}", f"[::1]:{port}"]
        return [(await asyncio.to_thread(asked, url, host=host)).status for host in hosts]

    assert not {403, 421} & set(served(act))


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:8000", f"{PAGE}.evil.example", ""])
def test_a_page_that_is_not_listed_is_refused(origin: str) -> None:
    assert status(origins=(PAGE,))(Origin=origin) == 403


def test_a_listed_page_may_ask_and_then_needs_the_token_as_everyone() -> None:
    async def act(url: str) -> list[http.client.HTTPResponse]:
        wants = {
            "Access_Control_Request_Method": "POST",
            "Access_Control_Request_Headers": "authorization, content-type",
        }
        return [
            await asyncio.to_thread(asked, url, "OPTIONS", Origin=PAGE, **wants),
            await asyncio.to_thread(asked, url, Origin=PAGE),
            await asyncio.to_thread(asked, url, Origin=PAGE, Authorization=f"Bearer {TOKEN}"),
        ]

    preflight, without, with_it = served(act, token=TOKEN, origins=(PAGE,))
    assert (preflight.status, without.status) == (200, 401)
    assert with_it.status not in (401, 403, 421)
    for answer in (preflight, without, with_it):
        assert answer.headers["Access-Control-Allow-Origin"] == PAGE
    assert with_it.headers["Access-Control-Expose-Headers"] == "Mcp-Session-Id"


def test_without_listed_pages_no_page_is_told_anything() -> None:
    async def act(url: str) -> http.client.HTTPResponse:
        return await asyncio.to_thread(asked, url, "OPTIONS", Origin=PAGE, Access_Control_Request_Method="POST")

    answer = served(act)
    assert answer.status == 403
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_the_token_is_in_no_log(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    with caplog.at_level(logging.DEBUG):
        assert status(token=TOKEN)(Authorization=f"Bearer {TOKEN}") not in (401, 403, 421)
        assert status(token=TOKEN)(Authorization=f"Bearer {TOKEN}x") == 401
    written = capfd.readouterr()
    assert TOKEN not in caplog.text + written.out + written.err


def test_beyond_this_machine_a_token_is_needed() -> None:
    with pytest.raises(UsageError, match="can be reached by others: name a file with a token"):
        served_failing(Address(host="0.0.0.0", port=0))


def test_on_all_addresses_the_token_holds_and_no_page_gets_in() -> None:
    anywhere = status(host="0.0.0.0", token=TOKEN)
    assert anywhere(host="desk-17.bank.example:80") == 401
    assert anywhere(host="desk-17.bank.example:80", Authorization=f"Bearer {TOKEN}") not in (401, 403, 421)
    assert anywhere(Origin="http://evil.example", Authorization=f"Bearer {TOKEN}") == 403


def served_failing(address: Address) -> None:
    async def act(code_mode: CodeMode) -> None:
        await serve_http(code_mode, address)

    with_desk(act)


def test_a_taken_port_is_said_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CodeModeError, match=f"127.0.0.1:{port} can't be listened on"):
            served_failing(Address(host="127.0.0.1", port=port))


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [("127.0.0.1:3100", "127.0.0.1", 3100), ("localhost:0", "localhost", 0), ("[::1]:65535", "::1", 65535)],
)
def test_an_address_is_read(text: str, host: str, port: int) -> None:
    assert Address.read(text) == Address(host=host, port=port)
    assert Address.read(text).is_loopback


@pytest.mark.parametrize("text", ["", "3100", ":3100", "::1:3100", "127.0.0.1:", "h:-1", "h:65536", "h:٣", "h:1x"])
def test_a_wrong_address_is_wrong_use(text: str) -> None:
    with pytest.raises(UsageError, match="--http takes HOST:PORT"):
        Address.read(text)


@pytest.mark.parametrize("host", ["0.0.0.0", "10.1.2.3", "::", "desk-17.bank.example", "127.0.0.1.evil.example"])
def test_other_addresses_are_no_loopback(host: str) -> None:
    assert not Address(host=host, port=1).is_loopback


@pytest.mark.parametrize("content", ["", "short", "two words that are long enough", "ünïcödë-ünïcödë-ünïcödë"])
def test_a_token_that_no_header_carries_or_anybody_guesses_is_wrong_use(tmp_path: Path, content: str) -> None:
    (tmp_path / "token").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match="must hold one line of 16 or more visible ASCII characters"):
        read_token(tmp_path / "token")


def test_a_token_is_the_only_line_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n", encoding="utf-8")
    assert read_token(tmp_path / "token") == TOKEN


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--token-file", "x"], "--token-file and --allow-origin go with --http HOST:PORT"),
        (["--allow-origin", PAGE], "--token-file and --allow-origin go with --http HOST:PORT"),
        (["--http", "0.0.0.0:0"], "0.0.0.0:0 can be reached by others: name a file with a token, --token-file FILE"),
        (["--http", "nowhere"], "--http takes HOST:PORT, 127.0.0.1:3100 for instance, not 'nowhere'"),
        (["--http", "127.0.0.1:0", "--token-file", "no-such-file"], "no-such-file: No such file or directory"),
    ],
)
def test_wrong_options_are_said_in_one_line(options: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SERVE, *options]) == 2
    assert capsys.readouterr().err.splitlines()[-1] == f"codemode: {said}"
