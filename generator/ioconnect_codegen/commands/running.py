"""Commands that check and run snippets, and the one that tells what ran."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ioconnect_codegen.commands.given import (
    add_package,
    add_policy,
    add_transport,
    inputs_of,
    policy_of,
    say,
    text_of,
    transport_of,
    unmatched_told,
    user_of,
)
from ioconnect_codegen.commands.parsing import Commands, add_command
from ioconnect_codemode.errors import CodeModeError

if TYPE_CHECKING:
    from ioconnect_codemode import CodeMode, Outcome
    from ioconnect_codemode.approval import OnApproval
    from ioconnect_codemode.transports import Transport


def add_runners(commands: Commands) -> None:
    """Add `check`, `run` and `audit`."""
    check = add_command(commands, "check", help="review and check a snippet; nothing runs")
    _add_snippet(check)
    check.set_defaults(command=_check)

    run = add_command(commands, "run", help="run a snippet")
    _add_snippet(run)
    add_transport(run)
    run.add_argument("--timeout", type=float, metavar="S", help="seconds the snippet may run, waits for apps apart")
    run.add_argument(
        "--dry-run", action="store_true", help="read for real; list the calls that would change something, make none"
    )
    run.set_defaults(command=_run)

    audit = add_command(commands, "audit", help="what ran and what left the machine, from an audit file")
    audit.add_argument(
        "file", metavar="FILE", type=Path, help="`[audit] file` of the policy; rotated files are read too"
    )
    audit.add_argument("--json", action="store_true", help="print one JSON document")
    audit.set_defaults(command=_audit)


def _add_snippet(parser: argparse.ArgumentParser) -> None:
    add_package(parser)
    parser.add_argument("snippet", metavar="SNIPPET", help="file, or - for standard input")
    add_policy(parser)
    parser.add_argument("--inputs", metavar="FILE", help="JSON object whose members are globals of the snippet, or -")
    parser.add_argument("--json", action="store_true", help="print the outcome as one JSON document")


def _check(options: argparse.Namespace) -> int:
    from ioconnect_codemode.launch import started_ahead

    with started_ahead():
        import asyncio

        from ioconnect_codemode.transports import EmbeddedTransport

        return asyncio.run(_checked(options, EmbeddedTransport({})))


def _run(options: argparse.Namespace) -> int:
    from ioconnect_codemode.launch import started_ahead

    with started_ahead():
        import asyncio

        with contextlib.redirect_stdout(sys.stderr):  # what handlers print is no part of the outcome
            outcome = asyncio.run(_executed(options, transport_of(options)))
        _tell_user(options, outcome)
        return _print(outcome, as_json=options.json)


def _tell_user(options: argparse.Namespace, outcome: Outcome) -> None:
    """Say as whom a gateway was asked, where an app is not running for that user and nobody was named."""
    is_named = options.user or options.gateway_token_file
    if is_named or not (options.gateway or "").startswith("ws") or outcome.error is None:
        return
    if outcome.error.kind == "app_unavailable" and outcome.error.hint is not None:  # the gateway itself was reached
        say(f"asked as the user {user_of(options)}: a gateway shows only the apps of the user who asks (--user)")


async def _checked(options: argparse.Namespace, transport: Transport) -> int:
    code, inputs = _snippet_of(options), inputs_of(options)
    async with _open(options, transport) as code_mode:
        outcome = await code_mode.check_python_code(code, inputs=inputs)
    if outcome.ok and not options.json:
        from ioconnect_codemode.typecheck import ty_version

        by = f"type check by ty {ty_version()}" if ty_version() else "no type check: ty is not installed"
        sys.stdout.write(f"nothing found, nothing run; catalog {outcome.catalog}; {by}\n")
        return 0
    return _print(outcome, as_json=options.json)


def _snippet_of(options: argparse.Namespace) -> str:
    try:
        return text_of(options.snippet)
    except FileNotFoundError:
        if not {"(", "\n", "="} & set(options.snippet):
            raise
        raise CodeModeError("SNIPPET is a file, or - for standard input; this is no file but code") from None


async def _executed(options: argparse.Namespace, transport: Transport) -> Outcome:
    code, inputs = _snippet_of(options), inputs_of(options)
    from ioconnect_codegen.asking import left_undecided, person_at_the_terminal

    async with _open(options, transport, on_approval=person_at_the_terminal()) as code_mode:
        outcome = await code_mode.execute_python_code(code, inputs=inputs, dry_run=options.dry_run)
    return left_undecided(outcome)


def _open(options: argparse.Namespace, transport: Transport, *, on_approval: OnApproval | None = None) -> CodeMode:
    from ioconnect_codemode import CodeMode

    policy = policy_of(options)
    with unmatched_told():
        return CodeMode.open(
            options.package,
            transport=transport,
            policy=policy,
            spares=0,
            on_approval=on_approval,
            principal=user_of(options),
        )


def _print(outcome: Outcome, *, as_json: bool) -> int:
    from ioconnect_codemode.escapes import visible

    text = json.dumps(outcome.to_json(), ensure_ascii=False) if as_json else outcome.text()
    sys.stdout.write(f"{visible(text)}\n")  # what a snippet or an app says is no command to the terminal
    return 0 if outcome.ok else 1


def _audit(options: argparse.Namespace) -> int:
    from ioconnect_codemode.audit_summary import summarise

    found = summarise(options.file)
    sys.stdout.write(f"{json.dumps(found.to_json(), ensure_ascii=False)}\n" if options.json else found.text())
    return 0
