"""Environment -> all files of a generated package, as text. Nothing is written here."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager

from ioconnect_codegen.cache import Cache
from ioconnect_codegen.catalog import Catalog, build_catalog
from ioconnect_codegen.environment import Environment
from ioconnect_codegen.models import build_models
from ioconnect_codegen.render.definitions import render_definitions
from ioconnect_codegen.render.guide import render_guide
from ioconnect_codegen.render.manifest import catalog_sections, render_manifest
from ioconnect_codegen.render.policy import render_policy
from ioconnect_codegen.render.search import render_search
from ioconnect_codegen.render.stubs import render_stubs


def generate(environment: Environment, *, cache: Cache | None = None) -> dict[str, str]:
    """Give every file of the package, by path, `codemode.toml` included.

    The same environment gives the same bytes, whatever the order of its methods, tools, apps and intents, and whatever
    the cache holds.

    Args:
        environment: What to generate from.
        cache: What earlier calls have found out; nothing is kept without one.

    Raises:
        UnsafeModelError: datamodel-code-generator wrote something that is not our class form.
        PackageError: A stub module is not of the form that stubs have. Both are faults of the generator.
    """
    if cache is None:
        with _collector_paused():
            return render_package(build_catalog(environment))
    digest = environment.digest
    files = cache.package(digest)
    if files is None:
        with _collector_paused():
            files = render_package(build_catalog(environment), cache=cache)
        cache.keep_shapes()
        cache.keep_package(digest, files)
    return files


def render_package(catalog: Catalog, *, cache: Cache | None = None) -> dict[str, str]:
    """Give every file of the package of a catalog, by path."""
    models = build_models(catalog.types, shapes=None if cache is None else cache.shapes)
    sections = catalog_sections(catalog, models)
    digest = sections.digest
    files = {
        **render_stubs(catalog, models, digest=digest),
        **render_definitions(catalog, models, digest=digest),
        **render_guide(catalog, digest=digest),
        **render_search(catalog, models),
        **sections.schemas,
    }
    manifest = render_manifest(catalog, sections, digest=digest, files=files)
    return dict(sorted({**files, **manifest, **render_policy(catalog)}.items()))


@contextmanager
def _collector_paused() -> Generator[None]:
    """Pause the collection of cycles: almost all that is made here lives to the end, and looking at it takes a quarter."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
