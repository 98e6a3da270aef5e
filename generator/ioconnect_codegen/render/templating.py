"""The templates' environment. Templates are code of ours; what they are given is text, never a template."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jinja2

_FOLDER = Path(__file__).parent / "templates"


def render(template: str, **values: object) -> str:
    """Fill a template of this package; a name that it misses is an error."""
    return _environment().get_template(template).render(values)


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER, encoding="utf-8"),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # nothing here is HTML; escaping is done where a text becomes a literal, comment or docstring
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
