"""A generated package as the runtime reads it: the catalog as data, the stub modules behind their digests.

One `Manifest` feeds list, search, definitions, pre-flight check, type checker and bridge. A policy narrows it with
`only`, so that what is denied can't be seen, named or called. Parts are read when they are first used: a package of
5,000 capabilities opens without reading a stub.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from types import CodeType
from typing import cast

from ioconnect_codemode.errors import PackageError
from ioconnect_codemode.language import RESERVED
from ioconnect_codemode.manifest_data import (
    SCHEMA_VERSION,
    CapabilityData,
    Effect,
    ManifestData,
    NamespaceData,
    SchemasData,
    TypeData,
)
from ioconnect_codemode.records import nearest
from ioconnect_codemode.stubs import audit


class Manifest:
    """The catalog of a package, or the part of it that a policy leaves."""

    def __init__(self, folder: Path, data: ManifestData, *, source: Manifest | None = None) -> None:
        self.folder = folder
        self.data = data
        self._texts: Mapping[str, str] | None = None if source is None else source._texts
        self._code: dict[str, CodeType] = {} if source is None else source._code
        self._schemas: dict[str, dict[str, SchemasData]] = {} if source is None else source._schemas

    @classmethod
    def read(cls, folder: str | Path) -> Manifest:
        """Read the manifest of a generated package.

        Raises:
            PackageError: There is no package, or it was made for another version; the message gives the mend.
        """
        folder = Path(folder)
        path = folder / "manifest.json"
        try:
            data: object = json.loads(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError) as error:
            raise PackageError(f"{folder} is not a generated package: it has no manifest.json; {_MEND}") from error
        except (OSError, ValueError, RecursionError) as error:
            raise PackageError(f"{path} can't be read: {error}; {_MEND}") from error
        return cls(folder, _manifest_data(data, path))

    @classmethod
    def of(cls, data: ManifestData, texts: Mapping[str, str], *, before: Manifest | None = None) -> Manifest:
        """Give the manifest of a package that is in memory and not in a folder.

        Args:
            data: What manifest.json would hold.
            texts: The files that it names, by path.
            before: An earlier package of the same environment: what was read of files that are the same is taken over.
        """
        made = cls(Path(data["name"]), data)
        made._texts = texts
        if before is not None:
            files, earlier = data["files"], before.data["files"]
            same = {path for path, digest in files.items() if earlier.get(path) == digest}
            made._code = {name: code for name, code in before._code.items() if f"{name}.py" in same}
            made._schemas = {name: one for name, one in before._schemas.items() if f"schemas/{name}.json" in same}
        return made

    @property
    def name(self) -> str:
        """The environment's name."""
        return self.data["name"]

    @property
    def digest(self) -> str:
        """Eight hexadecimal digits that change with the catalog."""
        return self.data["catalog"]

    @property
    def namespaces(self) -> Mapping[str, NamespaceData]:
        """Namespaces by name, in order; only those that have a capability left."""
        return self.data["namespaces"]

    @property
    def types(self) -> Mapping[str, TypeData]:
        """Types by name."""
        return self.data["types"]

    @property
    def capabilities(self) -> Mapping[str, CapabilityData]:
        """Capabilities by full Python name, `crm.find_clients`, in order."""
        return self.data["capabilities"]

    def only(self, keep: Callable[[str, CapabilityData], bool]) -> Manifest:
        """Give the manifest without the capabilities that `keep` refuses."""
        kept = {name: entry for name, entry in self.capabilities.items() if keep(name, entry)}
        if len(kept) == len(self.capabilities):
            return self
        namespaces: dict[str, NamespaceData] = {}
        for name, namespace in self.namespaces.items():
            left = [function for function in namespace["capabilities"] if f"{name}.{function}" in kept]
            if left:
                namespaces[name] = {**namespace, "capabilities": left}
        return Manifest(self.folder, {**self.data, "capabilities": kept, "namespaces": namespaces}, source=self)

    def with_effects(self, effects: Mapping[str, Effect]) -> Manifest:
        """Give the manifest with effects that a person has reviewed."""
        if not effects:
            return self
        changed = {
            name: {**entry, "effect": effects.get(name, entry["effect"])} for name, entry in self.capabilities.items()
        }
        return Manifest(
            self.folder, {**self.data, "capabilities": cast("dict[str, CapabilityData]", changed)}, source=self
        )

    @cached_property
    def global_functions(self) -> Mapping[str, str]:
        """Function names that are unambiguous in this catalog, to the full name: `get_client` to `crm.get_client`."""
        found: dict[str, str | None] = {}
        for name in self.capabilities:
            function = name.partition(".")[2]
            found[function] = None if function in found else name
        return {
            function: name
            for function, name in found.items()
            if name is not None and function not in RESERVED and function not in self.namespaces
        }

    @cached_property
    def _by_function(self) -> Mapping[str, list[str]]:
        return _grouped((name.partition(".")[2], name) for name in self.capabilities)

    @cached_property
    def _by_wire(self) -> Mapping[str, list[str]]:
        return _grouped((entry["wire"], name) for name, entry in self.capabilities.items())

    def uses(self, names: Iterable[str]) -> list[str]:
        """Give the types that these capabilities and types need, each after those it uses, in a stable order."""
        ordered: dict[str, None] = {}

        def visit(name: str, path: tuple[str, ...]) -> None:
            if name in ordered or name in path or name not in self.types:
                return
            for used in self.types[name]["uses"]:
                visit(used, (*path, name))
            ordered[name] = None

        for asked in names:
            for name in (asked,) if asked in self.types else self.capabilities[asked]["uses"]:
                visit(name, ())
        return list(ordered)

    @cached_property
    def used_types(self) -> frozenset[str]:
        """The types that its capabilities need; of what policy has taken out there may be more in `types`."""
        return frozenset(self.uses(self.capabilities))

    def resolve(self, name: str) -> list[str]:
        """Give the capabilities that a name means: full, unambiguous or `crm.*`; several where it is ambiguous."""
        if name in self.capabilities:
            return [name]
        if name.endswith(".*"):
            namespace = name[:-2]
            listed = self.namespaces.get(namespace)
            return [f"{namespace}.{function}" for function in listed["capabilities"]] if listed else []
        return list(self._by_function.get(name, ()))

    def offered_as(self, wire: str) -> list[str]:
        """Give the capabilities of a method or intent of io.Connect, by its name there."""
        return list(self._by_wire.get(wire, ()))

    def nearest(self, name: str, *, most: int = 3) -> list[str]:
        """Give the capabilities that `name` may be a slip of."""
        direct = nearest(name, self.capabilities, most=most) if "." in name else []
        function = name.rpartition(".")[2]
        by_function = {full.partition(".")[2]: full for full in self.capabilities}
        return list(dict.fromkeys([*direct, *(by_function[one] for one in nearest(function, by_function, most=most))]))[
            :most
        ]

    def has_stub_code(self, module: str) -> bool:
        """Say whether a stub module is compiled already, so that giving it takes no time."""
        return module in self._code

    def stub_code(self, module: str) -> CodeType:
        """Give the compiled stub module, its digest and form checked on first use.

        Raises:
            PackageError: The file is missing, or is not the one that the manifest names.
        """
        code = self._code.get(module)
        if code is None:
            code = self._code[module] = audit(self.text(f"{module}.py"), name=f"{module}.py")
        return code

    def schemas(self, name: str) -> SchemasData:
        """Give the schemas of a capability at the wire; the same objects every time.

        Raises:
            PackageError: The file that holds them is missing, or is not the one that the manifest names.
        """
        namespace, _, function = name.partition(".")
        file = f"schemas/{namespace}.json"
        if file not in self.data["files"]:
            return cast("SchemasData", self.capabilities[name])
        if namespace not in self._schemas:
            self._schemas[namespace] = json.loads(self.text(file))
        found = self._schemas[namespace].get(function)
        if found is None:
            raise PackageError(f"{self.folder / file} has no schemas of {name}; {_MEND}")
        return found

    def search_lines(self, file: str) -> Mapping[str, str]:
        """Give the words of every capability, by its name; none where the package has no such file.

        Raises:
            PackageError: The file is missing, or is not the one that the manifest names.
        """
        found: dict[str, str] = json.loads(self.text(file)) if file in self.data["files"] else {}
        return found

    def text(self, file: str) -> str:
        """Give the text of a file of the package, its digest checked.

        Raises:
            PackageError: The file is missing, or is not the one that the manifest names.
        """
        path = self.folder / file
        if self._texts is not None:
            if file not in self._texts:
                raise PackageError(f"{path} is missing from the package; {_MEND}")
            return self._texts[file]
        try:
            content = path.read_bytes()
        except OSError as error:
            raise PackageError(f"{path} is missing from the package; {_MEND}") from error
        if digest(content.decode("utf-8", "replace")) != self.data["files"].get(file):
            raise PackageError(f"{path} is not the file that manifest.json names; {_MEND}")
        return content.decode("utf-8")

    def modules_of(self, namespace: str) -> Iterator[str]:
        """Give the stub modules that a namespace needs: its own, and `records` where the package has one."""
        yield self.namespaces[namespace]["module"].removesuffix(".py")
        if "records.py" in self.data["files"]:
            yield "records"


def _manifest_data(data: object, path: Path) -> ManifestData:
    """Take a document for a manifest where its version and sections say so; its parts are the generator's word."""
    if not isinstance(data, dict) or "schemaVersion" not in data:
        raise PackageError(f"{path} is not a manifest; {_MEND}")
    document = cast("dict[str, object]", data)
    if document["schemaVersion"] != SCHEMA_VERSION:
        version = repr(document["schemaVersion"])[:20]
        raise PackageError(f"{path} has schema version {version}, this runtime reads {SCHEMA_VERSION}; {_MEND}")
    sections = ("files", "namespaces", "types", "capabilities")
    if not document.keys() >= ManifestData.__required_keys__ or not all(
        isinstance(document[section], dict) for section in sections
    ):
        raise PackageError(f"{path} is not a manifest; {_MEND}")
    return cast("ManifestData", data)


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, name in pairs:
        found.setdefault(key, []).append(name)
    return found


def digest(text: str) -> str:
    """Give the SHA-256 of a text, in hexadecimal; line ends count as `\\n`, so that a checkout on Windows agrees."""
    return hashlib.sha256(text.replace("\r\n", "\n").encode("utf-8")).hexdigest()


_MEND = "make it with `codemode generate ENVIRONMENT -o FOLDER`"
