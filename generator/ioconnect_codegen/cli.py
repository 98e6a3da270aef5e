"""The `codemode` command: parse, call, print; no logic.

Exit status: 0 it holds; 1 the snippet failed or `--check` or `--strict` found something; 2 wrong usage or unreadable
input, with one line that says what is wrong and how to mend it. Rooms are imported by the command that needs them:
`codemode --help` must answer within 150 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeAlias, cast

from ioconnect_codemode.errors import CodeModeError

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from ioconnect_codegen.live import News
    from ioconnect_codemode import CodeMode, Outcome, Policy
    from ioconnect_codemode.approval import OnApproval
    from ioconnect_codemode.transports import Transport, Watchable
    from ioconnect_codemode.values import JsonValue


_DOCUMENT_BYTES = 256 * 1024**2  # an environment of 5,000 methods has 10 MiB


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit status."""
    options = parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except CodeModeError as error:
        return _complain(str(error))
    except OSError as error:
        return _complain(f"{error.filename or 'the output'}: {error.strerror or error}")
    except KeyboardInterrupt:
        return _complain("interrupted")


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, as every other error is said."""

    def error(self, message: str) -> NoReturn:
        """End with status 2."""
        self.exit(_complain(f"{message}; see {self.prog} --help"))


def _complain(text: str) -> int:
    sys.stderr.write(f"codemode: {text}\n")
    return 2


_Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"  # pyright: ignore[reportPrivateUsage]
"""Where commands are added; argparse has no public name for its type."""


def parser() -> argparse.ArgumentParser:
    """Give the parser of the command line; the documents are held to it."""
    made = _Parser(
        prog="codemode",
        description="Code Mode for io.Connect: typed stubs of an environment, and a sandbox for a model's snippet.",
        epilog="Start with `codemode demo`.",
    )
    commands = made.add_subparsers(title="commands", required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="the whole story on the embedded wealth desk")
    demo.set_defaults(command=_demo)

    _add_makers(commands)
    _add_readers(commands)
    _add_runners(commands)
    _add_web(commands.add_parser("web", help="the same in a browser: fetch, build and serve its folder"))
    return made


def _add_makers(commands: _Commands) -> None:
    """Add the commands that read and describe environments, and write packages of them."""
    capture = commands.add_parser("capture", help="one environment document of a gateway and files of any known kind")
    capture.add_argument(
        "sources",
        metavar="SOURCE",
        nargs="*",
        help="a gateway (ws://127.0.0.1:8385 for instance), an FDC3 desktop agent (fdc3+ws://...), a file, or -; without any, the "
        "desktop that started this",
    )
    capture.add_argument("-o", "--output", type=Path, metavar="FILE", help="environment document; else standard output")
    capture.add_argument("--name", default="", help="name of the environment (default: a source's, else desktop)")
    capture.add_argument(
        "--without-system",
        action="store_true",
        help="leave out io.Connect's own methods; then no platform calls either",
    )
    _add_login(capture)
    capture.set_defaults(command=_capture)

    generate = commands.add_parser("generate", help="write the package of an environment")
    generate.add_argument("environment", metavar="ENVIRONMENT", help="environment document, or - for standard input")
    generate.add_argument(
        "more", metavar="SOURCE", nargs="*", help="what is merged with it: an overlay of codemode learn"
    )
    generate.add_argument("-o", "--output", type=Path, metavar="FOLDER", help="default: generated/<name>")
    generate.add_argument("--check", action="store_true", help="write nothing; 1 where something would change")
    generate.add_argument("--strict", action="store_true", help="1 where something was left out or contradicted")
    generate.add_argument("--no-cache", action="store_true", help="neither use nor keep what earlier runs have made")
    generate.set_defaults(command=_generate)

    doctor = commands.add_parser("doctor", help="what to mend in an environment, a package or on this machine")
    doctor.add_argument(
        "subject", metavar="SUBJECT", help="environment document (or -), package folder, or the address of a gateway"
    )
    doctor.add_argument("--strict", action="store_true", help="1 where something was left out or contradicted")
    doctor.add_argument(
        "--probe",
        action="store_true",
        help="of a gateway: call what only reads and needs no arguments, and hold the answers to their declarations",
    )
    _add_login(doctor)
    doctor.set_defaults(command=_doctor)

    learn = commands.add_parser("learn", help="propose result schemas of what reads and declares none")
    learn.add_argument("url", metavar="URL", help="a running gateway, ws://127.0.0.1:8385 for instance")
    learn.add_argument("package", metavar="PACKAGE", type=Path, help="its codemode.toml says what only reads")
    learn.add_argument("-o", "--output", type=Path, metavar="FILE", required=True, help="overlay, to be reviewed")
    learn.add_argument("--examples", metavar="FILE", help='arguments, {"crm.get_client": [{"id": "CL-10024"}]}; or -')
    learn.add_argument("--policy", type=Path, metavar="FILE", help="default: codemode.toml of the package")
    _add_login(learn)
    learn.set_defaults(command=_learn)


def _add_readers(commands: _Commands) -> None:
    """Add the commands that show a package as a model sees it, and run nothing."""
    listing = commands.add_parser("list", help="what a package offers, as the model sees it")
    listing.add_argument("package", metavar="PACKAGE", type=Path)
    listing.add_argument("query", metavar="QUERY", nargs="?", default="")
    listing.add_argument("--namespace")
    listing.add_argument("--kind", choices=("method", "stream", "intent", "fdc3_intent", "context"))
    listing.add_argument("--limit", type=int, default=20)
    listing.add_argument("--policy", type=Path, metavar="FILE")
    listing.set_defaults(command=_list)

    show = commands.add_parser("show", help="definitions, as the model sees them")
    show.add_argument("package", metavar="PACKAGE", type=Path)
    show.add_argument("names", metavar="NAME", nargs="+", help="crm.get_client, get_client, crm or 'crm.find_*'")
    show.add_argument("--detail", choices=("signature", "full"), default="signature")
    show.add_argument("--policy", type=Path, metavar="FILE")
    show.set_defaults(command=_show)

    check = commands.add_parser("check", help="review and check a snippet; nothing runs")
    _add_snippet(check)
    check.set_defaults(command=_check)


def _add_runners(commands: _Commands) -> None:
    """Add the commands that run snippets, and the one that tells what ran."""
    run = commands.add_parser("run", help="run a snippet")
    _add_snippet(run)
    _add_transport(run)
    run.add_argument("--inputs", metavar="FILE", help="JSON object whose members are globals of the snippet, or -")
    run.add_argument("--timeout", type=float, metavar="S", help="seconds the snippet may run, waits for apps apart")
    run.add_argument(
        "--dry-run", action="store_true", help="read for real; list the calls that would change something, make none"
    )
    run.set_defaults(command=_run)

    serve = commands.add_parser("serve", help="offer a package to MCP clients, on standard input and output or HTTP")
    serve.add_argument("package", metavar="PACKAGE", type=Path, nargs="?", help="with --live only its policy is used")
    serve.add_argument("--live", action="store_true", help="make the catalog of what runs, and follow it")
    serve.add_argument("--policy", type=Path, metavar="FILE")
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
    _add_transport(serve)
    serve.set_defaults(command=_serve)

    audit = commands.add_parser("audit", help="what ran and what left the machine, from an audit file")
    audit.add_argument(
        "file", metavar="FILE", type=Path, help="`[audit] file` of the policy; rotated files are read too"
    )
    audit.add_argument("--json", action="store_true", help="print one JSON document")
    audit.set_defaults(command=_audit)


def _add_web(web: argparse.ArgumentParser) -> None:
    commands = web.add_subparsers(title="commands", required=True, metavar="COMMAND")
    fetch = commands.add_parser("fetch", help="Pyodide, the wheels and the validator, with npm and pip; pinned, once")
    fetch.add_argument("folder", metavar="DIR", type=Path, nargs="?", help="default: .cache/web-assets")
    fetch.set_defaults(command=_web_fetch)
    build = commands.add_parser("build", help="one folder of plain files, for any web server")
    build.add_argument("out", metavar="OUT", type=Path, help="new folder, or one that was built before")
    build.add_argument("packages", metavar="PACKAGE", type=Path, nargs="*", help="generated packages that pages open")
    build.add_argument("--assets", metavar="DIR", type=Path, help="what `web fetch` made; default: .cache/web-assets")
    build.add_argument("--without-playground", action="store_true", help="neither the page nor the example's package")
    build.add_argument("--without-compression", action="store_true", help="no .br and .gz beside the files")
    build.add_argument("--check", action="store_true", help="write nothing; 1 where something would change")
    build.set_defaults(command=_web_build)
    serve = commands.add_parser("serve", help="serve a built folder on this machine, as a strict host would")
    serve.add_argument("out", metavar="OUT", type=Path)
    serve.add_argument("--port", type=int, default=8890, help="default: 8890; 0 for any that is free")
    serve.add_argument("--isolated", action="store_true", help="send COOP and COEP as well")
    serve.set_defaults(command=_web_serve)


def _add_snippet(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("package", metavar="PACKAGE", type=Path)
    parser.add_argument("snippet", metavar="SNIPPET", help="file, or - for standard input")
    parser.add_argument("--policy", type=Path, metavar="FILE", help="default: codemode.toml of the package")
    parser.add_argument("--json", action="store_true", help="print the outcome as one JSON document")


def _add_transport(parser: argparse.ArgumentParser) -> None:
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--gateway",
        metavar="URL",
        help="a running io.Connect, ws://127.0.0.1:8385 for instance, or an FDC3 desktop agent, fdc3+ws://... "
        "(default: the desktop that started this)",
    )
    where.add_argument("--embedded", metavar="MODULE", help="Python file or module with `handlers`")
    _add_login(parser)


def _add_login(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--user", help="user to log in at the gateway as (default: the operating system's)")
    parser.add_argument(
        "--gateway-token-file", type=Path, metavar="FILE", help="access token for the gateway, in the place of a user"
    )


# -- commands -----------------------------------------------------------------------------------------------------


def _demo(options: argparse.Namespace) -> int:
    from ioconnect_codegen import demo

    del options
    return asyncio.run(demo.tell(sys.stdout.write))


def _capture(options: argparse.Namespace) -> int:
    from ioconnect_codegen.capture import capture, document_text
    from ioconnect_codegen.output import put_document
    from ioconnect_codemode.transports.credentials import start_of

    if not options.sources and start_of(os.environ) is None:
        raise CodeModeError(
            "no SOURCE was given, and no io.Connect Desktop has started this; see codemode capture --help"
        )
    document = asyncio.run(
        capture(
            options.sources,
            name=options.name,
            gateway=partial(_gateway, options),
            keeps_system=not options.without_system,
            progress=_progress,
            remark=_remark,
        )
    )
    text = document_text(document)
    if options.output is None:
        sys.stdout.write(text)
    else:
        put_document(options.output, text)
        counts = ", ".join(
            f"{len(found)} {key}" for key in _COUNTED if isinstance(found := document.get(key), list) and found
        )
        sys.stderr.write(f"{options.output}: {counts or 'nothing'}; next: codemode generate {options.output}\n")
    return 0


_COUNTED = ("methods", "tools", "applications", "intents", "workspaces", "contradictions")


def _progress(line: str) -> None:
    """Show a line on a terminal; elsewhere standard error is for what went wrong."""
    if sys.stderr.isatty():
        sys.stderr.write(f"{line}\n")


def _remark(line: str) -> None:
    """Say what a person must know wherever standard error goes: bounded, since the line names an entry of a source."""
    from ioconnect_codegen.prose import one_line

    sys.stderr.write(f"{one_line(line, limit=300)}\n")


def _generate(options: argparse.Namespace) -> int:
    from ioconnect_codegen import read_environment
    from ioconnect_codegen.cache import Cache
    from ioconnect_codegen.naming import package_name
    from ioconnect_codegen.output import compare, write
    from ioconnect_codegen.package import make
    from ioconnect_codegen.report import STRICT, short_text

    environment = read_environment(_merged(options.environment, options.more))
    made = make(environment, cache=None if options.no_cache else Cache.of_user())
    folder = options.output or Path("generated") / package_name(environment.name)
    sys.stderr.write(short_text(made.findings))
    is_refused = options.strict and any(one.kind in STRICT for one in made.findings)
    if options.check:
        difference = compare(made.files, folder)
        sys.stdout.write(difference.text)
        return 1 if difference or is_refused else 0
    written = write(made.files, folder)
    sys.stderr.write(f"{folder}: {len(made.files)} files, {len(written)} written\n")
    return 1 if is_refused else 0


def _merged(environment: str, more: Sequence[str]) -> object:
    """Give an environment document, merged with what else is given."""
    if not more:
        return _document(environment)
    from ioconnect_codegen.capture import read_files
    from ioconnect_codegen.sources import merge

    return merge(read_files([environment, *more], remark=lambda line: print(line, file=sys.stderr)))


def _learn(options: argparse.Namespace) -> int:
    from ioconnect_codegen.learn_command import learn_into
    from ioconnect_codemode import Manifest

    policy = _policy(options)
    return asyncio.run(
        learn_into(
            options.output,
            manifest=policy.apply(Manifest.read(options.package)),
            policy=policy,
            transport=_gateway(options, options.url),
            examples=None if options.examples is None else _document(options.examples),
            progress=_progress,
            remark=_remark,
        )
    )


def _doctor(options: argparse.Namespace) -> int:
    from ioconnect_codegen.capture import capture, is_gateway
    from ioconnect_codegen.doctor import examine_environment, examine_package

    subject = options.subject
    if options.probe and not is_gateway(subject):
        raise CodeModeError("--probe calls what runs: give it the address of a gateway")
    if is_gateway(subject):
        gateway = partial(_gateway, options)
        document = asyncio.run(capture([subject], gateway=gateway, progress=_progress))
        if options.probe:
            from ioconnect_codegen.probed import probed

            misfits = asyncio.run(probed(document, _gateway(options, subject), progress=_progress))
            found = examine_environment(document, seen=misfits)
        else:
            found = examine_environment(document)
    elif Path(subject).is_dir():
        found = examine_package(Path(subject))
    else:
        found = examine_environment(_document(subject))
    sys.stdout.write(found.text)
    return 0 if found.is_sound and (found.is_strict or not options.strict) else 1


def _list(options: argparse.Namespace) -> int:
    from ioconnect_codemode import Manifest
    from ioconnect_codemode.lookup import list_text

    manifest = _policy(options).apply(Manifest.read(options.package))
    text = list_text(manifest, options.query, namespace=options.namespace, kind=options.kind, limit=options.limit)
    sys.stdout.write(f"{text}\n")
    return 0 if options.namespace is None or options.namespace in manifest.namespaces else 1


def _show(options: argparse.Namespace) -> int:
    from ioconnect_codemode import Manifest
    from ioconnect_codemode.lookup import definitions_text, resolved

    manifest = _policy(options).apply(Manifest.read(options.package))
    sys.stdout.write(definitions_text(manifest, options.names, detail=options.detail) + "\n")
    return 0 if all(resolved(manifest, name) for name in options.names) else 1


def _check(options: argparse.Namespace) -> int:
    from ioconnect_codemode.transports import EmbeddedTransport

    return asyncio.run(_execute(options, EmbeddedTransport({}), only_review=True))


def _run(options: argparse.Namespace) -> int:
    return asyncio.run(_execute(options, _transport(options), dry_run=options.dry_run))


async def _execute(
    options: argparse.Namespace, transport: Transport, *, only_review: bool = False, dry_run: bool = False
) -> int:
    code = _text(options.snippet)
    inputs = _inputs(options) if not only_review else {}
    from ioconnect_codegen.asking import left_undecided, person_at_the_terminal

    on_approval = None if only_review else person_at_the_terminal()
    async with _open(options, transport, on_approval=on_approval) as code_mode:
        if only_review:
            outcome = await code_mode.check_python_code(code)
        else:
            outcome = left_undecided(await code_mode.execute_python_code(code, inputs=inputs, dry_run=dry_run))
    if only_review and outcome.ok and not options.json:
        from ioconnect_codemode.typecheck import ty_version

        by = f"type check by ty {ty_version()}" if ty_version() else "no type check: ty is not installed"
        sys.stdout.write(f"nothing found, nothing run; catalog {outcome.catalog}; {by}\n")
    else:
        _print(outcome, as_json=options.json)
    return 0 if outcome.ok else 1


def _serve(options: argparse.Namespace) -> int:
    if options.http is None and (options.token_file is not None or options.allow_origin):
        raise CodeModeError("--token-file and --allow-origin go with --http HOST:PORT")
    if options.package is None and not options.live:
        raise CodeModeError("serve needs a PACKAGE, or --live to make one of what runs; see codemode serve --help")
    if options.live and options.embedded is not None:
        raise CodeModeError("--live follows a gateway; handlers of --embedded don't change")
    with contextlib.redirect_stdout(sys.stderr):  # what a module of handlers prints as it is read is no protocol
        opened = _live(options) if options.live else _open(options, _transport(options), spares=None)

    async def serve() -> None:
        async with opened as code_mode:
            _say(_policy_remark(options, code_mode.policy))
            await _served(options, code_mode)

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve())
    return 0


def _audit(options: argparse.Namespace) -> int:
    from ioconnect_codemode.audit_summary import summarise

    found = summarise(options.file)
    sys.stdout.write(f"{json.dumps(found.to_json(), ensure_ascii=False)}\n" if options.json else found.text())
    return 0


def _web_fetch(options: argparse.Namespace) -> int:
    from ioconnect_codegen.web.assets import DEFAULT_FOLDER
    from ioconnect_codegen.web.fetch import fetch

    folder = options.folder or DEFAULT_FOLDER
    is_new = fetch(folder, progress=_progress)
    sys.stderr.write(f"{folder}: {'fetched' if is_new else 'complete, nothing fetched'}\n")
    return 0


def _web_build(options: argparse.Namespace) -> int:
    from ioconnect_codegen.web.assets import DEFAULT_FOLDER
    from ioconnect_codegen.web.build import Order, build, check

    order = Order(
        assets=options.assets or DEFAULT_FOLDER,
        packages=options.packages,
        with_playground=not options.without_playground,
        with_compression=not options.without_compression,
    )
    if options.check:
        lines = check(order, options.out, progress=_progress)
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        return 1 if lines else 0
    built = build(order, options.out, progress=_progress)
    sys.stderr.write(f"{built.text(options.out)}; next: codemode web serve {options.out}\n")
    return 0


def _web_serve(options: argparse.Namespace) -> int:
    from ioconnect_codegen.web.serve import Site, serve

    with contextlib.suppress(KeyboardInterrupt):
        site = Site.open(options.out, is_isolated=options.isolated)
        serve(site, port=options.port, on_ready=lambda url: _say(f"serving {url}"))
    return 0


async def _served(options: argparse.Namespace, code_mode: CodeMode) -> None:
    if options.http is None:
        from ioconnect_codemode.mcp_server import serve_stdio

        await serve_stdio(code_mode, profile=options.profile, is_structured=options.structured)
        return
    from ioconnect_codemode.mcp_http import Address, read_token, serve_http

    await serve_http(
        code_mode,
        Address.read(options.http),
        token=None if options.token_file is None else read_token(options.token_file),
        origins=options.allow_origin,
        profile=options.profile,
        is_structured=options.structured,
        on_ready=lambda url: _say(f"serving {url}"),
    )


def _say(text: str) -> None:
    sys.stderr.write(f"codemode: {text}\n")
    sys.stderr.flush()


# -- what several commands read -------------------------------------------------------------------------------------


def _open(
    options: argparse.Namespace,
    transport: Transport,
    *,
    spares: int | None = 0,
    on_approval: OnApproval | None = None,
) -> CodeMode:
    from ioconnect_codemode import CodeMode

    return CodeMode.open(
        options.package,
        transport=transport,
        policy=_policy(options),
        spares=spares,
        on_approval=on_approval,
        principal=_user(options),
    )


def _live(options: argparse.Namespace) -> AbstractAsyncContextManager[CodeMode]:
    from ioconnect_codegen.live import open_live
    from ioconnect_codemode import Policy

    policy = Policy()
    if options.policy is not None:
        policy = Policy.read(options.policy)
    elif options.package is not None:
        policy = Policy.of_package(options.package)
    gateway = _gateway(options, options.gateway)
    return open_live(gateway, policy=policy, principal=_user(options), on_news=_tell_news)


def _tell_news(news: News) -> None:
    """Say what became of the catalog; names come from apps, so the line is bounded."""
    from ioconnect_codegen.prose import one_line

    counts = {"new": news.came, "changed": news.changed, "gone": news.gone}
    told = ", ".join(f"{len(names)} {word} ({', '.join(names[:3])})" for word, names in counts.items() if names)
    said = news.problem or f"catalog {news.catalog}: {told or 'descriptions changed'}"
    _say(one_line(said, limit=300))


def _policy(options: argparse.Namespace) -> Policy:
    from dataclasses import replace

    from ioconnect_codemode import Manifest, Policy

    policy = Policy.of_package(options.package) if options.policy is None else Policy.read(options.policy)
    manifest = Manifest.read(options.package)
    for pattern in policy.unmatched(manifest):
        sys.stderr.write(f"codemode: the policy names {pattern}, which nothing in the package matches\n")
    if manifest.capabilities and not policy.apply(manifest).capabilities:
        sys.stderr.write("codemode: the policy leaves nothing of the package: what deny names wins over allow\n")
    timeout_s = getattr(options, "timeout", None)
    if timeout_s is not None:
        policy = replace(policy, limits=replace(policy.limits, timeout_s=timeout_s))
    return policy


def _user(options: argparse.Namespace) -> str | None:
    """Give who runs the command: the user that was named for the gateway, else the operating system's."""
    import getpass

    try:
        return getattr(options, "user", None) or getpass.getuser()
    except (KeyError, OSError):  # a user without a name
        return None


def _policy_remark(options: argparse.Namespace, policy: Policy) -> str:
    file = options.policy or (options.package / "codemode.toml" if options.package is not None else None)
    if file is None or not file.exists():
        return "no policy is in force: everything in the catalog may be called"
    return f"the policy {file} is in force" + ("" if policy.has_rules else "; it denies nothing")


def _transport(options: argparse.Namespace) -> Transport:
    from ioconnect_codemode.transports import EmbeddedTransport

    if options.embedded is not None:
        return EmbeddedTransport.of_module(options.embedded)
    return _gateway(options, options.gateway)


def _gateway(options: argparse.Namespace, url: str | None) -> Watchable:
    """Give the transport to an address; without one, to the io.Connect Desktop that has started this process."""
    from ioconnect_codemode.transports.addresses import transport_to
    from ioconnect_codemode.transports.credentials import AccessToken, start_of, token_of_file

    if url is None and start_of(os.environ) is None:
        raise CodeModeError(
            "--gateway or --embedded is needed: no io.Connect Desktop has started this; see codemode run --help"
        )
    if url is not None and options.gateway_token_file is not None:
        return transport_to(url, credentials=AccessToken(token=token_of_file(options.gateway_token_file)))
    return transport_to(url, user=options.user)


def _print(outcome: Outcome, *, as_json: bool) -> None:
    text = json.dumps(outcome.to_json(), ensure_ascii=False) if as_json else outcome.text()
    sys.stdout.write(f"{text}\n")


def _text(name: str) -> str:
    if name == "-":
        return sys.stdin.read()
    try:
        if Path(name).stat().st_size > _DOCUMENT_BYTES:
            raise CodeModeError(f"{name} has more than {_DOCUMENT_BYTES // 1024**2} MiB")
        return Path(name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise CodeModeError(f"{name} is not UTF-8 text") from None


def _document(name: str) -> object:
    try:
        return json.loads(_text(name))
    except ValueError as error:
        raise CodeModeError(f"{'standard input' if name == '-' else name} is not JSON: {error}") from None
    except RecursionError:
        raise CodeModeError(f"{name} is nested too deeply") from None


def _inputs(options: argparse.Namespace) -> dict[str, JsonValue]:
    if options.inputs is None:
        return {}
    document = _document(options.inputs)
    if not isinstance(document, dict):
        raise CodeModeError(f"{options.inputs} must hold a JSON object: names and their values")
    return cast("dict[str, JsonValue]", document)


if __name__ == "__main__":
    sys.exit(main())
