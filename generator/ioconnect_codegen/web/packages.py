"""Generated packages as the folder holds them: the manifest, every file that it names, and the policy as JSON.

Only the manifest has a name that stays. What it names, the policy too, has the digest of its content in its name: a page
that was opened with an older manifest finds what belongs to that or nothing, and never what belongs to another.

A policy is read and checked here, by the same reader as on the desktop, so that a page never meets one that can't be
enforced. Of `[audit]` what is a matter of files is left out: a page gives its records to whoever keeps them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import cast

from ioconnect_codegen.output import is_inside
from ioconnect_codegen.web.site import json_bytes, with_digest
from ioconnect_codemode import Manifest, Policy
from ioconnect_codemode.errors import PackageError
from ioconnect_codemode.values import JsonValue

POLICY_FILE = "policy.json"
_MANIFEST = "manifest.json"


def package_files(folder: Path) -> dict[str, bytes]:
    """Give the files of a package folder and its policy, by path in the package.

    Raises:
        PackageError: The folder holds no package, or a file is not the one that its manifest names.
        PolicyError: Its `codemode.toml` can't be enforced.
    """
    manifest = Manifest.read(folder)
    return placed(manifest.data, {**manifest_files(manifest), **policy_file(Policy.of_package(folder))})


def placed(manifest: Mapping[str, object], files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Give files of a package under names with their digests, and the manifest that names them so."""
    digests = {path: hashlib.sha256(data).hexdigest() for path, data in sorted(files.items())}
    named = {**manifest, "files": digests, "namedByDigest": True}
    return {_MANIFEST: json_bytes(named), **{with_digest(path, data): data for path, data in files.items()}}


def manifest_files(manifest: Manifest) -> dict[str, bytes]:
    """Give every file that a manifest names, its digest checked.

    Raises:
        PackageError: A file is missing, is not the one that the manifest names, or lies outside the package.
    """
    if outside := sorted(path for path in manifest.data["files"] if not is_inside(path)):
        raise PackageError(f"{manifest.folder / _MANIFEST} names {outside[0]!r}, which is no path in a package")
    return {path: manifest.text(path).encode() for path in manifest.data["files"]}


def policy_file(policy: Policy) -> dict[str, bytes]:
    """Give the policy as the page reads it."""
    return {POLICY_FILE: json_bytes(policy_document(policy))}


def policy_document(policy: Policy) -> dict[str, JsonValue]:
    """Give a policy in the sections of `codemode.toml`, every default written out."""
    limits = {item.name: cast("JsonValue", getattr(policy.limits, item.name)) for item in fields(policy.limits)}
    approval = policy.approval
    audit = policy.audit
    recorded: dict[str, JsonValue] = (
        {} if audit is None else {"audit": {"arguments": audit.arguments, "on_failure": audit.on_failure}}
    )
    return {
        **recorded,
        "capabilities": {"allow": [*policy.allow], "deny": [*policy.deny], "hide_system": policy.hide_system},
        "effects": _sorted(policy.effects),
        "approval": {"ask": [*approval.ask], "deny": [*approval.deny], "expires_s": approval.expires_s},
        "results": {"check": policy.results, **_sorted(policy.results_by_name)},
        "egress": {"limit_characters": policy.limits.value_characters, "mask": [*policy.mask]},
        "limits": limits,
        "language": {"facades": [*policy.facades]},
    }


def _sorted(named: Mapping[str, str]) -> dict[str, JsonValue]:
    return {name: named[name] for name in sorted(named)}
