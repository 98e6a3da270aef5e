"""What several commands are given: documents, policies, transports; and what they say on standard error."""

from __future__ import annotations

import argparse
import contextlib
import fnmatch
import json
import logging
import os
import sys
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast

from ioconnect_codemode.errors import CodeModeError

if TYPE_CHECKING:
    from ioconnect_codemode import Manifest, Policy
    from ioconnect_codemode.transports import Transport, Watchable
    from ioconnect_codemode.values import JsonValue

_DOCUMENT_CHARACTERS = 256 * 1024**2  # an environment of 5,000 methods has 10 MiB


def add_package(parser: argparse.ArgumentParser) -> None:
    """Add the package that a command works on."""
    parser.add_argument("package", metavar="PACKAGE", type=Path, help="folder that codemode generate wrote")


def add_policy(parser: argparse.ArgumentParser) -> None:
    """Add the policy that is in force."""
    parser.add_argument("--policy", type=Path, metavar="FILE", help="default: codemode.toml of the package")


def add_transport(parser: argparse.ArgumentParser) -> None:
    """Add where the apps are."""
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--gateway",
        metavar="URL",
        help="a running io.Connect, ws://127.0.0.1:8385 for instance, or an FDC3 desktop agent, fdc3+ws://... "
        "(default: the desktop that started this)",
    )
    where.add_argument(
        "--embedded",
        metavar="MODULE",
        help="Python file or module with `handlers`, {wire method name: function of a dict}, in the place of apps",
    )
    add_login(parser)


def add_login(parser: argparse.ArgumentParser) -> None:
    """Add who logs in at a gateway."""
    parser.add_argument("--user", help="user to log in at the gateway as (default: the operating system's)")
    parser.add_argument(
        "--gateway-token-file", type=Path, metavar="FILE", help="access token for the gateway, in the place of a user"
    )


def text_of(name: str) -> str:
    """Give the text of a file, or of standard input for `-`; a mark that an editor has put first is no part of it."""
    try:
        if name == "-":
            return _bounded(name, _standard_input()).removeprefix("\ufeff")
        with Path(name).open(encoding="utf-8-sig") as file:
            return _bounded(name, file)
    except UnicodeDecodeError:
        raise CodeModeError(f"{_called(name)} is not UTF-8 text") from None


def document_of(name: str) -> object:
    """Give the JSON document of a file, or of standard input for `-`."""
    try:
        return json.loads(text_of(name))
    except ValueError as error:
        raise CodeModeError(f"{_called(name)} is not JSON: {error}") from None
    except RecursionError:
        raise CodeModeError(f"{_called(name)} is nested too deeply") from None


def _standard_input() -> TextIO:
    if sys.stdin is None:
        raise CodeModeError("standard input is closed: name a file in the place of -")
    return sys.stdin


def _bounded(name: str, file: TextIO) -> str:
    """Give the text of a file that may be a pipe or a device, whose size nobody knows before."""
    text = file.read(_DOCUMENT_CHARACTERS + 1)
    if len(text) > _DOCUMENT_CHARACTERS:
        raise CodeModeError(f"{_called(name)} has more than {_DOCUMENT_CHARACTERS // 1024**2} Mi characters")
    return text


def _called(name: str) -> str:
    return "standard input" if name == "-" else name


def inputs_of(options: argparse.Namespace) -> dict[str, JsonValue]:
    """Give the globals that a snippet is given."""
    if options.inputs is None:
        return {}
    if options.inputs == "-" == options.snippet:
        raise CodeModeError("standard input holds one document: SNIPPET or --inputs may be -, not both")
    document = document_of(options.inputs)
    if not isinstance(document, dict):
        raise CodeModeError(f"{options.inputs} must hold a JSON object: names and their values")
    return cast("dict[str, JsonValue]", document)


def policy_of(options: argparse.Namespace) -> Policy:
    """Give the policy in force, and say what it names that is not there."""
    from dataclasses import replace

    from ioconnect_codemode import Manifest, Policy

    policy = Policy.of_package(options.package) if options.policy is None else Policy.read(options.policy)
    manifest = Manifest.read(options.package)
    tell_unmatched(policy, manifest)
    if manifest.capabilities and not policy.apply(manifest).capabilities:
        is_named = any(Policy(allow=policy.allow).allows(name) for name in manifest.capabilities)
        why = "what deny names wins over allow" if is_named else "allow names nothing that is there"
        say(f"the policy leaves nothing of the package: {why}")
    timeout_s = getattr(options, "timeout", None)
    if timeout_s is not None:
        policy = replace(policy, limits=replace(policy.limits, timeout_s=timeout_s))
    return policy


@contextlib.contextmanager
def unmatched_told() -> Generator[None]:
    """Keep `CodeMode.open` from logging what `policy_of` has said, with what may be meant."""
    log = logging.getLogger("ioconnect_codemode.policy")
    log.disabled = True
    try:
        yield
    finally:
        log.disabled = False


def tell_unmatched(policy: Policy, manifest: Manifest) -> None:
    """Say what the policy names and the package doesn't have, and what may be meant."""
    fields = [(name, one["key"]) for name, data in manifest.types.items() for one in data.get("fields", [])]
    maskable = [f"{record}.{key}" for name, key in fields for record in (name, "*")]
    for pattern in policy.unmatched(manifest):
        near = _meant(pattern, maskable if pattern in policy.mask else list(manifest.capabilities))
        meant = f'; did you mean "{near}"?' if near else ""
        say(f'the policy names "{pattern}", which nothing in the package matches{meant}')


def _meant(pattern: str, names: Sequence[str]) -> str | None:
    """Give the glob or the name that a namespace, a function or a slip stands for."""
    from ioconnect_codemode.records import nearest

    globs = [glob for glob in (f"{pattern}.*", f"*.{pattern}") if pattern and fnmatch.filter(names, glob)]
    spaces = {f"{name.partition('.')[0]}.*" for name in names}
    return next(iter([*globs, *nearest(pattern, [*names, *sorted(spaces)], cutoff=0.8)]), None)


def transport_of(options: argparse.Namespace) -> Transport:
    """Give the transport that was named."""
    from ioconnect_codemode.transports import EmbeddedTransport

    if options.embedded is not None:
        _find_beside(options.embedded)
        return EmbeddedTransport.of_module(options.embedded)
    return gateway_of(options, options.gateway)


def _find_beside(module: str) -> None:
    """Let modules be found in the working folder, and a file's own imports beside it, as `python` finds them."""
    with contextlib.suppress(OSError):  # the working folder may be gone
        folder = str(Path(module).resolve().parent if Path(module).is_file() else Path.cwd())
        if folder not in sys.path:
            sys.path.append(folder)  # last: it hides nothing


def gateway_of(options: argparse.Namespace, url: str | None) -> Watchable:
    """Give the transport to an address; without one, to the io.Connect Desktop that has started this process."""
    from ioconnect_codemode.transports.addresses import transport_to
    from ioconnect_codemode.transports.credentials import AccessToken, start_of, token_of_file

    if url is None and start_of(os.environ) is None:
        raise CodeModeError(
            "--gateway or --embedded is needed: no io.Connect Desktop has started this; see "
            f"codemode {options.name_of_command} --help"
        )
    if url is not None and options.gateway_token_file is not None:
        return transport_to(url, credentials=AccessToken(token=token_of_file(options.gateway_token_file)))
    return transport_to(url, user=options.user)


def user_of(options: argparse.Namespace) -> str | None:
    """Give who runs the command: the user that was named for the gateway, else the operating system's."""
    import getpass

    try:
        return getattr(options, "user", None) or getpass.getuser()
    except (KeyError, OSError, ImportError):  # a user without a name
        return None


def progress(line: str) -> None:
    """Show a line on a terminal; elsewhere standard error is for what went wrong."""
    if sys.stderr.isatty():
        sys.stderr.write(f"{line}\n")


def remark(line: str) -> None:
    """Say what a person must know wherever standard error goes: bounded, since the line names an entry of a source."""
    from ioconnect_codegen.prose import one_line

    sys.stderr.write(f"{one_line(line, limit=300)}\n")


def say(text: str) -> None:
    """Say what a person should know, in the command's name."""
    sys.stderr.write(f"codemode: {text}\n")
    sys.stderr.flush()
