"""What is wrong with an environment, a generated package or this machine, and how to mend it."""

from __future__ import annotations

import asyncio
import platform
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ioconnect_codegen.catalog import build_catalog
from ioconnect_codegen.reader import read_environment
from ioconnect_codegen.report import STRICT, Finding, Kind, full_text, heading_of, more_to_know, ordered, report
from ioconnect_codemode import Manifest, Policy
from ioconnect_codemode.errors import CodeModeError
from ioconnect_codemode.limits import Limits
from ioconnect_codemode.manifest_data import CapabilityData
from ioconnect_codemode.messages import counted
from ioconnect_codemode.pool import Pool
from ioconnect_codemode.typecheck import ty_version
from ioconnect_codemode.version import VERSION

_NAMES_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What the doctor has to say.

    Attributes:
        text: All of it, with mends.
        is_sound: Whether nothing keeps it from being used.
        is_strict: Whether nothing was left out and nothing is contradicted.
    """

    text: str
    is_sound: bool
    is_strict: bool


def examine_environment(document: object, *, seen: Sequence[Finding] = ()) -> Examination:
    """Examine an environment document.

    Args:
        document: The document.
        seen: What was found beside it, by calling what runs.

    Raises:
        EnvironmentInvalid: It is not one.
    """
    environment = read_environment(document)
    catalog = build_catalog(environment)
    findings = ordered([*seen, *report(environment, catalog), *more_to_know(environment)])
    head = (
        f"{catalog.name}: {counted(len(environment.methods), 'method')}, {counted(len(environment.tools), 'tool')}, "
        f"{counted(len(environment.applications), 'application')}: {counted(len(catalog.capabilities), 'capability')} "
        f"in {counted(len(catalog.namespaces), 'namespace')}\n"
    )
    text = full_text(findings) or "nothing to mend\n"
    return Examination(text=f"{head}\n{text}", is_sound=True, is_strict=not any(one.kind in STRICT for one in findings))


def examine_package(folder: Path) -> Examination:
    """Examine a generated package and the machine that is to run it: files, policy, effects, a worker's confinement.

    Raises:
        PackageError: There is no package, or not one of this version.
    """
    manifest = Manifest.read(folder)
    problems = list(_broken_files(manifest))
    slips: list[str] = []
    lines = [
        f"{manifest.name}, catalog {manifest.digest}: {counted(len(manifest.capabilities), 'capability')} "
        f"in {counted(len(manifest.namespaces), 'namespace')}, made by {manifest.data['generator']}",
        *(_files(manifest, problems)),
    ]
    try:
        policy = Policy.of_package(folder)
        lines += _policy(folder, policy, manifest)
        slips = policy.unmatched(manifest)
    except CodeModeError as error:
        problems.append("policy")
        lines += [f"policy: {error}", "  mend: correct codemode.toml; nothing runs until then"]
    layers, is_running = asyncio.run(_worker())
    lines += [*layers, *_type_check()]
    omissions = manifest.data["omissions"]
    lines += _found("left_out", (f"{one['name']}: {one['reason']}" for one in omissions))
    lines += _found("no_result", (name for name, one in manifest.capabilities.items() if _is_open(one)))
    return Examination(
        text="\n".join(lines) + "\n", is_sound=is_running and not problems, is_strict=not omissions and not slips
    )


def examine_machine() -> Examination:
    """Examine this machine alone: what is installed, what confines a worker, and whether snippets are type-checked."""
    layers, is_running = asyncio.run(_worker())
    head = (
        f"ioconnect-codemode {VERSION}, Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    )
    lines = [head, *layers, *_type_check(), "next: codemode doctor ENVIRONMENT, or codemode doctor PACKAGE"]
    return Examination(text="\n".join(lines) + "\n", is_sound=is_running, is_strict=True)


def _broken_files(manifest: Manifest) -> Iterator[str]:
    for file in manifest.data["files"]:
        try:
            manifest.text(file)
        except CodeModeError:
            yield file


def _files(manifest: Manifest, broken: list[str]) -> list[str]:
    version = manifest.data["generator"]
    made = [] if version == VERSION else [f"generator: {version}, this runtime is {VERSION}", "  mend: generate again"]
    if not broken:
        return [f"files: all {len(manifest.data['files'])} as manifest.json names them", *made]
    shown = ", ".join(broken[:_NAMES_SHOWN])
    return [f"files: missing or changed: {shown}", "  mend: codemode generate, from the environment", *made]


def _policy(folder: Path, policy: Policy, package: Manifest) -> list[str]:
    manifest = policy.apply(package)
    mend = "  mend: allow and deny in codemode.toml"
    if policy.has_rules:
        lines = [
            f"policy: codemode.toml is in force, {counted(len(manifest.capabilities), 'capability')} may be called"
        ]
    elif (folder / "codemode.toml").exists():
        lines = ["policy: codemode.toml is in force; it denies nothing", mend]
    else:
        lines = ["policy: none is in force: everything in the catalog may be called", mend]
    unmatched = _listed("policy names what is not there", policy.unmatched(package))
    if unmatched:
        lines += [*unmatched, "  mend: correct the name in codemode.toml; codemode list shows those that are there"]
    unknown = [name for name, entry in manifest.capabilities.items() if entry["effect"] == "unknown"]
    lines += _listed("effects unknown", unknown)
    return [*lines, "  mend: say read, write or destructive under [effects] in codemode.toml"] if unknown else lines


def _type_check() -> list[str]:
    version = ty_version()
    if version is not None:
        return [f"type check: on, by ty {version}"]
    return ["type check: off, ty is not installed", "  mend: pip install 'ioconnect-codemode[typecheck]'"]


async def _worker() -> tuple[list[str], bool]:
    """Start a worker, and give what confines it."""
    pool = Pool(Limits(), spares=0)
    try:
        worker = await pool.take()
        lines = _listed("worker", (f"{layer}: {state}" for layer, state in worker.layers.items()))
        if any(str(state) != "on" for state in worker.layers.values()):
            lines.append("  mend: docs/boundaries.md says what each layer keeps in, and on which systems it is there")
        return lines, True
    except CodeModeError as error:
        return [f"worker: none can be started: {error}", "  mend: install the package again"], False
    finally:
        await pool.close()


def _is_open(entry: CapabilityData) -> bool:
    return entry["returns"] == "Any"


def _found(kind: Kind, items: Iterable[str]) -> list[str]:
    """Give findings as the report of an environment gives them."""
    heading, mend = heading_of(kind)
    lines = _listed(heading, items)
    return [*lines, f"  mend: {mend}"] if lines else []


def _listed(heading: str, items: Iterable[str]) -> list[str]:
    found = list(items)
    return [f"{heading} ({len(found)})", *(f"  {one}" for one in found)] if found else []
