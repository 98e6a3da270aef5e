"""Commands that read and describe environments, and write packages of them."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from ioconnect_codegen.commands.given import (
    add_login,
    document_of,
    gateway_of,
    progress,
    remark,
    say,
    tell_unmatched,
)
from ioconnect_codegen.commands.parsing import Commands, add_command
from ioconnect_codemode.errors import CodeModeError
from ioconnect_codemode.messages import counted


def add_makers(commands: Commands) -> None:
    """Add `capture`, `generate` and `doctor`."""
    _add_capture(commands)
    _add_generate(commands)
    _add_doctor(commands)


def _add_capture(commands: Commands) -> None:
    capture = add_command(commands, "capture", help="one environment document of a gateway and files of any known kind")
    capture.add_argument(
        "sources",
        metavar="SOURCE",
        nargs="*",
        default=[],
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
    add_login(capture)
    capture.set_defaults(command=_capture)


def _add_generate(commands: Commands) -> None:
    generate = add_command(commands, "generate", help="write the package of an environment")
    generate.add_argument("environment", metavar="ENVIRONMENT", help="environment document, or - for standard input")
    generate.add_argument(
        "more", metavar="SOURCE", nargs="*", default=[], help="what is merged with it: an overlay of codemode learn"
    )
    generate.add_argument("-o", "--output", type=Path, metavar="FOLDER", help="default: generated/<name>")
    generate.add_argument("--check", action="store_true", help="write nothing; 1 where something would change")
    generate.add_argument("--strict", action="store_true", help="1 where something was left out or contradicted")
    generate.add_argument("--no-cache", action="store_true", help="neither use nor keep what earlier runs have made")
    generate.set_defaults(command=_generate)


def _add_doctor(commands: Commands) -> None:
    doctor = add_command(commands, "doctor", help="what to mend in an environment, a package or on this machine")
    doctor.add_argument(
        "subject",
        metavar="SUBJECT",
        nargs="?",
        help="environment document (or -), package folder, or the address of a gateway; without: this machine",
    )
    doctor.add_argument(
        "--strict",
        action="store_true",
        help="1 where something was left out or contradicted, or the policy names what is not there",
    )
    doctor.add_argument(
        "--probe",
        action="store_true",
        help="of a gateway: call what only reads and needs no arguments, and hold the answers to their declarations",
    )
    add_login(doctor)
    doctor.set_defaults(command=_doctor)


def _capture(options: argparse.Namespace) -> int:
    import asyncio

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
            gateway=partial(gateway_of, options),
            keeps_system=not options.without_system,
            progress=progress,
            remark=remark,
        )
    )
    text = document_text(document)
    if options.output is None:
        sys.stdout.write(text)
    else:
        put_document(options.output, text)
        counts = ", ".join(
            counted(len(found), key.removesuffix("s"))
            for key in _COUNTED
            if isinstance(found := document.get(key), list) and found
        )
        following = f"{counts}; next: codemode generate {options.output}" if counts else "nothing was found"
        sys.stderr.write(f"{options.output}: {following}\n")
    return 0


_COUNTED = ("methods", "tools", "applications", "intents", "workspaces", "contradictions")


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
    is_refused = options.strict and any(one.kind in STRICT for one in made.findings)
    if options.check:
        difference = compare(made.files, folder)
        sys.stderr.write(short_text(made.findings))
        sys.stdout.write(difference.text)
        return 1 if difference or is_refused else 0
    is_new = not (folder / "manifest.json").exists()
    written = write(made.files, folder)
    sys.stderr.write(short_text(made.findings))
    following = f"; next: review {folder / 'codemode.toml'}, see it with codemode list {folder}" if is_new else ""
    sys.stderr.write(f"{folder}: {counted(len(made.files), 'file')}, {len(written)} written{following}\n")
    if not is_new:
        _tell_policy(folder)
    return 1 if is_refused else 0


def _tell_policy(folder: Path) -> None:
    """Say what the owner's policy does not know of the package that was generated again."""
    from ioconnect_codemode import Manifest, Policy

    try:
        policy = Policy.of_package(folder)
    except CodeModeError as error:
        say(str(error))
        return
    manifest = Manifest.read(folder)
    tell_unmatched(policy, manifest)
    unsaid = [
        name
        for name, entry in manifest.capabilities.items()
        if entry["effect"] == "unknown" and name not in policy.effects
    ]
    if unsaid:
        shown = ", ".join(unsaid[:_NAMES_SHOWN]) + (", ..." if len(unsaid) > _NAMES_SHOWN else "")
        say(f"{folder / 'codemode.toml'} has no effect of {shown} ({len(unsaid)}), which counts as a write until then")


_NAMES_SHOWN = 5


def _merged(environment: str, more: Sequence[str]) -> object:
    """Give an environment document, merged with what else is given."""
    if "://" in environment:
        mend = f"codemode capture {environment} -o environment.json"
        raise CodeModeError(f"{environment} is an address: first describe what runs there: {mend}")
    if not more:
        return document_of(environment)
    from ioconnect_codegen.capture import read_files
    from ioconnect_codegen.sources import merge

    return merge(read_files([environment, *more], remark=remark))


def _doctor(options: argparse.Namespace) -> int:
    import asyncio

    from ioconnect_codegen.capture import capture, is_gateway
    from ioconnect_codegen.doctor import examine_environment, examine_machine, examine_package

    subject: str | None = options.subject
    if options.probe and (subject is None or not is_gateway(subject)):
        raise CodeModeError("--probe calls what runs: give it the address of a gateway")
    if subject is None:
        found = examine_machine()
    elif is_gateway(subject):
        gateway = partial(gateway_of, options)
        document = asyncio.run(capture([subject], gateway=gateway, progress=progress, remark=remark))
        if options.probe:
            from ioconnect_codegen.probed import probed

            misfits = asyncio.run(probed(document, gateway_of(options, subject), progress=progress))
            found = examine_environment(document, seen=misfits)
        else:
            found = examine_environment(document)
    elif Path(subject).is_dir():
        found = examine_package(Path(subject))
    else:
        found = examine_environment(document_of(subject))
    sys.stdout.write(found.text)
    return 0 if found.is_sound and (found.is_strict or not options.strict) else 1
