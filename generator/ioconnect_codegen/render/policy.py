"""Catalog -> codemode.toml: effects for a person to review. Written once; afterwards the file is its owner's."""

from __future__ import annotations

import json

from ioconnect_codegen.catalog import Catalog
from ioconnect_codegen.render.templating import render

POLICY_FILE = "codemode.toml"
"""The one file of a package that is never written again."""


def render_policy(catalog: Catalog) -> dict[str, str]:
    """Give codemode.toml with the effect that the declarations of each capability propose."""
    # A JSON string is a TOML basic string too.
    effects = [(json.dumps(one.name, ensure_ascii=False), json.dumps(one.effect)) for one in catalog.capabilities]
    return {POLICY_FILE: render("codemode.toml.jinja", environment=catalog.name, effects=effects)}
