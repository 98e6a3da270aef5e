"""Generated packages as the folder holds them: every file that the manifest names, and the policy as JSON.

A policy is read and checked here, by the same reader as on the desktop, so that a page never meets one that can't be
enforced. Of `[audit]` what is a matter of files is left out: a page gives its records to whoever keeps them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import cast

from ioconnect_codegen.output import is_inside
from ioconnect_codegen.web.site import json_bytes
from ioconnect_codemode import Manifest, Policy
from ioconnect_codemode.errors import PackageError
from ioconnect_codemode.values import JsonValue

POLICY_FILE = "policy.json"


def package_files(folder: Path) -> dict[str, bytes]:
    """Give the files of a package folder and its policy, by path in the package.

    Raises:
        PackageError: The folder holds no package, or a file is not the one that its manifest names.
        PolicyError: Its `codemode.toml` can't be enforced.
    """
    return manifest_files(Manifest.read(folder)) | policy_file(Policy.of_package(folder))


def manifest_files(manifest: Manifest) -> dict[str, bytes]:
    """Give every file that a manifest names, its digest checked, and the manifest itself.

    Raises:
        PackageError: A file is missing, is not the one that the manifest names, or lies outside the package.
    """
    if outside := sorted(path for path in manifest.data["files"] if not is_inside(path)):
        raise PackageError(f"{manifest.folder / 'manifest.json'} names {outside[0]!r}, which is no path in a package")
    made = {path: manifest.text(path).encode() for path in manifest.data["files"]}
    return {**made, "manifest.json": json_bytes(manifest.data)}


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
