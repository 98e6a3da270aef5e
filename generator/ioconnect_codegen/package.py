"""Environment -> all files of a generated package, as text. Nothing is written here."""

from __future__ import annotations

from ioconnect_codegen.catalog import Catalog, build_catalog
from ioconnect_codegen.environment import Environment
from ioconnect_codegen.models import Cache, build_models
from ioconnect_codegen.render.definitions import render_definitions
from ioconnect_codegen.render.guide import render_guide
from ioconnect_codegen.render.manifest import catalog_digest, render_manifest
from ioconnect_codegen.render.policy import render_policy
from ioconnect_codegen.render.stubs import render_stubs


def generate(environment: Environment, *, cache: Cache | None = None) -> dict[str, str]:
    """Give every file of the package, by path, `codemode.toml` included.

    The same environment gives the same bytes, whatever the order of its methods, tools, apps and intents.

    Args:
        environment: What to generate from.
        cache: What earlier calls have found out about types; see `models.build_models`.

    Raises:
        UnsafeModelError: datamodel-code-generator wrote something that is not our class form.
        PackageError: A stub module is not of the form that stubs have. Both are faults of the generator.
    """
    return render_package(build_catalog(environment), cache=cache)


def render_package(catalog: Catalog, *, cache: Cache | None = None) -> dict[str, str]:
    """Give every file of the package of a catalog, by path."""
    models = build_models(catalog.types, cache=cache)
    digest = catalog_digest(catalog, models)
    files = {
        **render_stubs(catalog, models, digest=digest),
        **render_definitions(catalog, models, digest=digest),
        **render_guide(catalog, digest=digest),
    }
    manifest = render_manifest(catalog, models, digest=digest, files=files)
    return dict(sorted({**files, **manifest, **render_policy(catalog)}.items()))
