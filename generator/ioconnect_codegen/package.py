"""Environment -> generated package, all of it in memory. Nothing is written here.

`Builder` follows an environment: what follows from an unchanged part is not made again, and a package made from nothing
goes the same way, so that both are equal to the byte.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias, TypeVar

from ioconnect_codegen.cache import Cache, Made
from ioconnect_codegen.capabilities import Capability
from ioconnect_codegen.catalog import Catalog, CatalogBuilder, Namespace
from ioconnect_codegen.environment import Environment
from ioconnect_codegen.kept import Kept
from ioconnect_codegen.models import Model, Models, Shapes
from ioconnect_codegen.render.definitions import render_definitions
from ioconnect_codegen.render.guide import render_guide
from ioconnect_codegen.render.lines import argument_types, parameter_types
from ioconnect_codegen.render.manifest import (
    CapabilityPart,
    Entry,
    NamespacePart,
    TypesPart,
    capability_part,
    catalog_digest,
    manifest_data,
    manifest_text,
    namespace_part,
    types_part,
)
from ioconnect_codegen.render.policy import render_policy
from ioconnect_codegen.render.search import search_line
from ioconnect_codegen.render.stubs import (
    RECORDS,
    FunctionSource,
    function_source,
    render_init,
    render_records,
    render_stubs,
)
from ioconnect_codegen.report import report
from ioconnect_codemode.lookup.index import FILE as SEARCH
from ioconnect_codemode.lookup.index import index_lines, index_text
from ioconnect_codemode.manifest import digest as file_digest
from ioconnect_codemode.manifest_data import ManifestData, TypeData

T = TypeVar("T")
_ModelGroups: TypeAlias = "Mapping[tuple[str, ...], Mapping[str, Model]]"


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
        is_held_to_form: Whether stub modules are held to their form here. Who hands the package to the runtime alone can
            leave it out: the runtime does so before it loads a module.
    """

    def __init__(self, *, shapes: Shapes | None = None, is_held_to_form: bool = True) -> None:
        self._catalog = CatalogBuilder()
        self._writer = _Writer(shapes, is_held_to_form=is_held_to_form)

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
    return dict(make(environment, cache=cache).files)


def make(environment: Environment, *, cache: Cache | None = None) -> Made:
    """Give every file of the package, and what a person should know about the environment.

    Raises:
        UnsafeModelError, PackageError: As `generate` does.
    """
    made = None if cache is None else cache.package(environment.digest)
    if made is not None:
        return made
    with _collector_paused():
        package = Builder(shapes=None if cache is None else cache.shapes).update(environment)
        made = Made(files=package.files(), findings=report(environment, package.catalog))
    if cache is not None:
        cache.keep_shapes()
        cache.keep_package(environment.digest, made)
    return made


class _Writer:
    """Catalog -> package, kept from one to the next by the identity of namespaces and models."""

    def __init__(self, shapes: Shapes | None, *, is_held_to_form: bool = True) -> None:
        self._is_held_to_form = is_held_to_form
        self._rooms: dict[str, _Room] = {}
        self._models = Models(shapes)
        self._parameters: Kept[Namespace, frozenset[str]] = Kept()
        self._arguments: dict[tuple[str, ...], frozenset[str]] = {}
        self._types: Kept[object, TypesPart] = Kept()
        self._parts: Kept[Namespace, NamespacePart] = Kept()
        self._texts: Kept[object, _Text] = Kept()
        self._search: Kept[object, str] = Kept()
        self._environment = ""

    def update(self, catalog: Catalog) -> Package:
        if catalog.name != self._environment:  # it stands in every file
            self._environment, self._texts = catalog.name, Kept()
        self._rooms = {one.name: self._rooms.get(one.name) or _Room() for one in catalog.namespaces}
        models = self._models.update(catalog.type_groups, {one.name: one.type_names for one in catalog.namespaces})
        types = self._types_parts(catalog.namespaces, models)
        parts = self._namespace_parts(catalog.namespaces)
        digest = catalog_digest(parts, types.values())
        texts = self._files(catalog, models, types, parts)
        texts["__init__.py"] = _text(render_init(catalog.name, catalog.description))
        texts["GUIDE.md"] = _text(render_guide(catalog, digest=digest))
        texts = dict(sorted(texts.items()))
        entries = {name: entry for part in types.values() for name, entry in part.types.items()}
        entries = {name: entries[name] for name in sorted(entries)}
        digests = {path: text.digest for path, text in texts.items()}
        return Package(
            catalog=catalog,
            manifest=manifest_data(catalog, digest=digest, namespaces=parts, types=entries, digests=digests),
            texts={path: text.text for path, text in texts.items()},
            namespaces=parts,
            types=entries,
        )

    def _types_parts(self, namespaces: Sequence[Namespace], models: _ModelGroups) -> dict[tuple[str, ...], TypesPart]:
        """Give what the manifest says about all types, by the namespaces that need them."""
        listed = {one.name: [one] for one in namespaces}
        named = self._parameters.get_all(listed, lambda parts: parameter_types(parts[0])).values()
        arguments = argument_types(named, {name: one for group in models.values() for name, one in group.items()})
        before, self._arguments = self._arguments, {}
        names = {group: " ".join(group) for group in models}
        self._types.forget_others(names.values())
        parts: dict[tuple[str, ...], TypesPart] = {}
        for group, inside in models.items():
            own, known = arguments.intersection(inside), before.get(group)
            own = self._arguments[group] = known if known is not None and known == own else own
            parts[group] = self._types.get(names[group], [inside, own], partial(types_part, inside, own))
        return parts

    def _namespace_parts(self, namespaces: Sequence[Namespace]) -> dict[str, NamespacePart]:
        """Give what the manifest says about every namespace, by name."""

        def make(parts: Sequence[Namespace]) -> NamespacePart:
            return namespace_part(parts[0], self._rooms[parts[0].name].parts(parts[0]))

        return self._parts.get_all({one.name: [one] for one in namespaces}, make)

    def _files(
        self,
        catalog: Catalog,
        models: _ModelGroups,
        types: Mapping[tuple[str, ...], TypesPart],
        parts: Mapping[str, NamespacePart],
    ) -> dict[str, _Text]:
        """Give every file that follows from single namespaces and their types, by path."""
        found: dict[str, _Text] = {}
        groups: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for namespaces in sorted(models):
            for namespace in namespaces:
                groups[namespace].append(namespaces)
        if shared := [models[namespaces] for namespaces in sorted(models) if len(namespaces) > 1]:
            make = partial(_records, catalog.name, shared)
            found[f"{RECORDS}.py"] = self._kept_text(f"{RECORDS}.py", shared, make)
        search: list[str] = []
        for one in catalog.namespaces:
            near = [models[group] for group in groups[one.name]]
            lines = [types[group] for group in groups[one.name]]
            path = f"{one.name}.py"
            found[path] = self._kept_text(path, [one, *near], partial(self._stubs, catalog.name, one, near))
            path = f"definitions/{one.name}.pyi"
            make = partial(_definitions, catalog.name, one, near, lines)
            found[path] = self._kept_text(path, [one, *lines], make)
            path, part = f"schemas/{one.name}.json", parts[one.name]
            found[path] = self._kept_text(path, [part], partial(str, part.schemas))
            search.append(self._search.get(one.name, [one, *near], partial(self._rooms[one.name].search, one, near)))
        found[SEARCH] = self._kept_text(SEARCH, search, partial(index_text, search))
        self._search.forget_others({one.name for one in catalog.namespaces})
        self._texts.forget_others(found)
        return found

    def _stubs(self, environment: str, namespace: Namespace, groups: Sequence[Mapping[str, Model]]) -> str:
        functions = self._rooms[namespace.name].sources(namespace)
        models = _joined(groups)
        return render_stubs(environment, namespace, models, functions, is_held_to_form=self._is_held_to_form)

    def _kept_text(self, path: str, parts: Sequence[object], make: Callable[[], str]) -> _Text:
        return self._texts.get(path, parts, lambda: _text(make()))


class _Room:
    """What was made of the single capabilities of a namespace, by function."""

    def __init__(self) -> None:
        self._sources: Kept[Capability, FunctionSource] = Kept()
        self._parts: Kept[Capability, CapabilityPart] = Kept()
        self._lines: Kept[object, str] = Kept()

    def sources(self, namespace: Namespace) -> list[FunctionSource]:
        """Give the functions of its stub module."""
        return list(self._sources.get_all(_by_function(namespace), lambda parts: function_source(parts[0])).values())

    def parts(self, namespace: Namespace) -> dict[str, CapabilityPart]:
        """Give what the manifest says about its capabilities."""
        return self._parts.get_all(_by_function(namespace), lambda parts: capability_part(parts[0]))

    def search(self, namespace: Namespace, near: Sequence[Mapping[str, Model]]) -> str:
        """Give its part of `search.json`; the words of a capability hang on the types of its result too."""
        models = _joined(near)
        found: dict[str, str] = {}
        for one in namespace.capabilities:
            found[one.name] = self._lines.get(one.name, [one, *near], partial(search_line, one, models))
        self._lines.forget_others(found)
        return index_lines(found)


def _by_function(namespace: Namespace) -> dict[str, list[Capability]]:
    return {one.function: [one] for one in namespace.capabilities}


def _records(environment: str, groups: Sequence[Mapping[str, Model]]) -> str:
    return render_records(environment, _joined(groups))


def _definitions(
    environment: str, namespace: Namespace, groups: Sequence[Mapping[str, Model]], parts: Sequence[TypesPart]
) -> str:
    return render_definitions(environment, namespace, _joined(groups), _joined([part.types for part in parts]))


def _joined(groups: Iterable[Mapping[str, T]]) -> dict[str, T]:
    return {name: one for group in groups for name, one in group.items()}


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
