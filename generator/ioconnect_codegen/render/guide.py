"""Catalog -> GUIDE.md: the fixed text that tells a model how to list, get and execute."""

from __future__ import annotations

from ioconnect_codegen.catalog import Catalog
from ioconnect_codegen.render.templating import render

_NAMESPACES_SHOWN = 12  # keeps the guide under 3,000 characters; the others are found by listing
_SUMMARY_SHOWN = 60


def render_guide(catalog: Catalog, *, digest: str) -> str:
    """Give GUIDE.md: under 3,000 characters whatever the size of the environment."""
    shown = catalog.namespaces[:_NAMESPACES_SHOWN]
    return render(
        "guide.md.jinja",
        environment=catalog.name[:_SUMMARY_SHOWN],
        digest=digest,
        count=len(catalog.capabilities),
        example=_example(catalog),
        namespaces=[
            {"name": one.name, "count": len(one.capabilities), "summary": _short(one.summary)} for one in shown
        ],
        more=len(catalog.namespaces) - len(shown),
    )


def _example(catalog: Catalog) -> str:
    """Give the name of a function that a model may copy: the first that only reads, with the shortest name of all such."""
    reads = [one.name for one in catalog.capabilities if one.effect == "read"]
    names = reads or [one.name for one in catalog.capabilities] or ["namespace.function"]
    return min(names, key=len)


def _short(summary: str) -> str:
    return summary if len(summary) <= _SUMMARY_SHOWN else summary[: _SUMMARY_SHOWN - 3].rstrip() + "..."
