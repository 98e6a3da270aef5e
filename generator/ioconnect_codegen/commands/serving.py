"""The command that offers a package to MCP clients."""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ioconnect_codegen.commands.given import (
    add_policy,
    add_transport,
    gateway_of,
    policy_of,
    say,
    transport_of,
    unmatched_told,
    user_of,
)
from ioconnect_codegen.commands.parsing import Commands, add_command
from ioconnect_codemode.errors import CodeModeError

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from ioconnect_codegen.live import News
    from ioconnect_codemode import CodeMode, Policy
    from ioconnect_codemode.mcp_http import Address


def add_serve(commands: Commands) -> None:
    """Add `serve`."""
    serve = add_command(commands, "serve", help="offer a package to MCP clients, on standard input and output or HTTP")
    serve.add_argument(
        "package",
        metavar="PACKAGE",
        type=Path,
        nargs="?",
        help="folder that codemode generate wrote; with --live only its policy is used",
    )
    serve.add_argument("--live", action="store_true", help="make the catalog of what runs, and follow it")
    add_policy(serve)
    serve.add_argument("--profile", choices=("three", "two"), default="three", help="how many tools; default: three")
    serve.add_argument("--http", metavar="HOST:PORT", help="streamable HTTP at http://HOST:PORT/mcp; several clients")
    serve.add_argument("--token-file", type=Path, metavar="FILE", help="bearer token; needed beyond this machine")
    serve.add_argument(
        "--allow-origin",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="web pages that may be clients; repeatable",
    )
    serve.add_argument("--structured", action="store_true", help="outcomes as data besides text, for every client")
    add_transport(serve)
    serve.set_defaults(command=_serve)


def _serve(options: argparse.Namespace) -> int:
    if options.http is None and (options.token_file is not None or options.allow_origin):
        raise CodeModeError("--token-file and --allow-origin go with --http HOST:PORT")
    if options.package is None and not options.live:
        raise CodeModeError("serve needs a PACKAGE, or --live to make one of what runs; see codemode serve --help")
    if options.http is None and sys.stdin is None:
        raise CodeModeError("standard input is closed: MCP is spoken there, or with --http HOST:PORT")
    if options.live and options.embedded is not None:
        raise CodeModeError("--live follows a gateway; handlers of --embedded don't change")
    place = None if options.http is None else _place(options)
    with contextlib.redirect_stdout(sys.stderr):  # what a module of handlers prints as it is read is no protocol
        opened = _live(options) if options.live else _open(options)

    import asyncio

    async def serve() -> None:
        async with opened as code_mode:
            say(_policy_remark(options, code_mode.policy))
            await _served(options, code_mode, place)

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve())
    return 0


def _place(options: argparse.Namespace) -> tuple[Address, str | None]:
    """Give where to listen and the token, found wrong before anything is opened or said."""
    from ioconnect_codemode.mcp_http import Address, read_token, require_token

    address = Address.read(options.http)
    token = None if options.token_file is None else read_token(options.token_file)
    require_token(address, token)
    return address, token


async def _served(options: argparse.Namespace, code_mode: CodeMode, place: tuple[Address, str | None] | None) -> None:
    if place is None:
        from ioconnect_codemode.mcp_server import serve_stdio

        await serve_stdio(code_mode, profile=options.profile, is_structured=options.structured)
        return
    from ioconnect_codemode.mcp_http import serve_http

    address, token = place
    await serve_http(
        code_mode,
        address,
        token=token,
        origins=options.allow_origin,
        profile=options.profile,
        is_structured=options.structured,
        on_ready=lambda url: say(f"serving {url}"),
    )


def _open(options: argparse.Namespace) -> CodeMode:
    from ioconnect_codemode import CodeMode

    transport, policy = transport_of(options), policy_of(options)
    with unmatched_told():
        return CodeMode.open(options.package, transport=transport, policy=policy, principal=user_of(options))


def _live(options: argparse.Namespace) -> AbstractAsyncContextManager[CodeMode]:
    from ioconnect_codegen.live import open_live
    from ioconnect_codemode import Policy

    policy = Policy()
    if options.policy is not None:
        policy = Policy.read(options.policy)
    elif options.package is not None:
        policy = Policy.of_package(options.package)
    gateway = gateway_of(options, options.gateway)
    return open_live(gateway, policy=policy, principal=user_of(options), on_news=_tell_news)


def _tell_news(news: News) -> None:
    """Say what became of the catalog; names come from apps, so the line is bounded."""
    from ioconnect_codegen.prose import one_line

    counts = {"new": news.came, "changed": news.changed, "gone": news.gone}
    told = ", ".join(f"{len(names)} {word} ({', '.join(names[:3])})" for word, names in counts.items() if names)
    said = news.problem or f"catalog {news.catalog}: {told or 'descriptions changed'}"
    say(one_line(said, limit=300))


def _policy_remark(options: argparse.Namespace, policy: Policy) -> str:
    file = options.policy or (options.package / "codemode.toml" if options.package is not None else None)
    if file is None or not file.exists():
        return "no policy is in force: everything in the catalog may be called"
    return f"the policy {file} is in force" + ("" if policy.has_rules else "; it denies nothing")
