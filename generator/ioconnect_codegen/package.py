"""Environment -> generated package, all of it in memory. Nothing is written here.

`Builder` follows an environment: what follows from an unchanged part is not made again, and a package made from nothing
goes the same way, so that both are equal to the byte.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from ioconnect_codegen.cache import Cache
from ioconnect_codegen.catalog import Catalog, CatalogBuilder, Namespace
from ioconnect_codegen.environment import Environment
from ioconnect_codegen.kept import Kept
from ioconnect_codegen.models import Model, Models, Shapes
from ioconnect_codegen.render.definitions import render_definitions
from ioconnect_codegen.render.guide import render_guide
from ioconnect_codegen.render.lines import argument_types, parameter_types
from ioconnect_codegen.render.manifest import (
    Entry,
    NamespacePart,
    catalog_digest,
    manifest_data,
    manifest_text,
    namespace_part,
    type_entry,
)
from ioconnect_codegen.render.policy import render_policy
from ioconnect_codegen.render.stubs import RECORDS, render_init, render_records, render_stubs
from ioconnect_codemode.manifest import digest as file_digest
from ioconnect_codemode.manifest_data import ManifestData, TypeData


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A generated package.

    Attributes:
        catalog: What it was made of.
        manifest: The catalog as data: what manifest.json holds.
        texts: Every file but manifest.json and codemode.toml, by path.
        namespaces: What the manifest says about every namespace, by name.
        types: What the manifest says about every type, by name.
    """

    catalog: Catalog
    manifest: ManifestData
    texts: Mapping[str, str]
    namespaces: Mapping[str, NamespacePart]
    types: Mapping[str, Entry[TypeData]]

    def files(self) -> dict[str, str]:
        """Give every file, by path, manifest.json and the proposed codemode.toml included."""
        manifest = {"manifest.json": manifest_text(self.manifest, self.namespaces, self.types)}
        return dict(sorted({**self.texts, **manifest, **render_policy(self.catalog)}.items()))

    def changes(self, before: Package) -> tuple[dict[str, str], frozenset[str]]:
        """Give the texts that are not those of an earlier package, by path, and the paths that are gone."""
        changed = {path: text for path, text in self.texts.items() if before.texts.get(path) != text}
        return changed, frozenset(before.texts.keys() - self.texts.keys())


class Builder:
    """Keeps a package in step with an environment.

    Args:
        shapes: What earlier runs have found out about shapes; new findings are added.
    """

    def __init__(self, *, shapes: Shapes | None = None) -> None:
        self._catalog = CatalogBuilder()
        self._writer = _Writer(shapes)

    def update(self, environment: Environment) -> Package:
        """Give the package of an environment: the one that `generate` gives, to the byte.

        An entry of the environment that is the same object as before counts as unchanged; `read_environment` gives such
        ones where it is told what it follows.

        Raises:
            UnsafeModelError: datamodel-code-generator wrote something that is not our class form.
            PackageError: A stub module is not of the form that stubs have. Both are faults of the generator.
        """
        with _collector_paused():
            return self._writer.update(self._catalog.update(environment))


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
        return Builder().update(environment).files()
    files = cache.package(environment.digest)
    if files is None:
        files = Builder(shapes=cache.shapes).update(environment).files()
        cache.keep_shapes()
        cache.keep_package(environment.digest, files)
    return files


def render_package(catalog: Catalog, *, shapes: Shapes | None = None) -> dict[str, str]:
    """Give every file of the package of a catalog, by path."""
    with _collector_paused():
        return _Writer(shapes).update(catalog).files()


class _Writer:
    """Catalog -> package, kept from one to the next by the identity of namespaces and models."""

    def __init__(self, shapes: Shapes | None) -> None:
        self._models = Models(shapes)
        self._parameters: Kept[frozenset[str]] = Kept()
        self._types: Kept[Entry[TypeData]] = Kept()
        self._parts: Kept[NamespacePart] = Kept()
        self._texts: Kept[_Text] = Kept()
        self._environment = ""

    def update(self, catalog: Catalog) -> Package:
        if catalog.name != self._environment:  # it stands in every file
            self._environment, self._texts = catalog.name, Kept()
        near = {one.name: one.type_names for one in catalog.namespaces}
        models = self._models.update(catalog.types, near)
        types = self._entries(catalog, models)
        parts = self._namespace_parts(catalog.namespaces)
        digest = catalog_digest(parts, types)
        texts = self._files(catalog, models, types, parts)
        texts["__init__.py"] = _text(render_init(catalog.name, catalog.description))
        texts["GUIDE.md"] = _text(render_guide(catalog, digest=digest))
        texts = dict(sorted(texts.items()))
        digests = {path: text.digest for path, text in texts.items()}
        return Package(
            catalog=catalog,
            manifest=manifest_data(catalog, digest=digest, namespaces=parts, types=types, digests=digests),
            texts={path: text.text for path, text in texts.items()},
            namespaces=parts,
            types=types,
        )

    def _entries(self, catalog: Catalog, models: Mapping[str, Model]) -> dict[str, Entry[TypeData]]:
        """Give what the manifest says about every type, by name."""
        self._parameters.forget_others({one.name for one in catalog.namespaces})
        named = [self._parameters.get(one.name, [one], partial(parameter_types, one)) for one in catalog.namespaces]
        arguments = argument_types(named, models)
        self._types.forget_others(models)
        entries: dict[str, Entry[TypeData]] = {}
        for one in catalog.types:
            model, is_argument = models[one.name], one.name in arguments
            make = partial(type_entry, model, is_argument=is_argument)
            entries[one.name] = self._types.get(one.name, (model, is_argument), make)
        return entries

    def _namespace_parts(self, namespaces: Sequence[Namespace]) -> dict[str, NamespacePart]:
        """Give what the manifest says about every namespace, by name."""
        self._parts.forget_others({one.name for one in namespaces})
        return {one.name: self._parts.get(one.name, [one], partial(namespace_part, one)) for one in namespaces}

    def _files(
        self,
        catalog: Catalog,
        models: Mapping[str, Model],
        types: Mapping[str, Entry[TypeData]],
        parts: Mapping[str, NamespacePart],
    ) -> dict[str, _Text]:
        """Give every file that follows from single namespaces and their types, by path."""
        found: dict[str, _Text] = {}
        shared = {one.name: models[one.name] for one in catalog.types if one.module == RECORDS}
        if shared:
            make = partial(render_records, catalog.name, shared)
            found[f"{RECORDS}.py"] = self._kept_text(f"{RECORDS}.py", [*shared.values()], make)
        for namespace in catalog.namespaces:
            names = sorted(namespace.type_names)
            near = {name: models[name] for name in names}
            entries = {name: types[name] for name in names}
            for path, what, make in (
                (f"{namespace.name}.py", near, partial(render_stubs, catalog.name, namespace, near)),
                (
                    f"definitions/{namespace.name}.pyi",
                    entries,
                    partial(render_definitions, catalog.name, namespace, near, entries),
                ),
            ):
                found[path] = self._kept_text(path, [namespace, *what.values()], make)
            part = parts[namespace.name]
            path = f"schemas/{namespace.name}.json"
            found[path] = self._kept_text(path, [part], partial(str, part.schemas))
        self._texts.forget_others(found)
        return found

    def _kept_text(self, path: str, parts: Sequence[object], make: Callable[[], str]) -> _Text:
        return self._texts.get(path, parts, lambda: _text(make()))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """The text of a file, and its digest."""

    text: str
    digest: str


def _text(text: str) -> _Text:
    return _Text(text=text, digest=file_digest(text))


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
