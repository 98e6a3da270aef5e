"""`codemode web build`: from assets and packages to a folder in its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ioconnect_codegen.errors import OutputError
from ioconnect_codegen.naming import package_name
from ioconnect_codegen.web.assets import read_assets
from ioconnect_codegen.web.compression import compressed
from ioconnect_codegen.web.library import library
from ioconnect_codegen.web.packages import package_files
from ioconnect_codegen.web.place import difference, put_folder, refuse_foreign
from ioconnect_codegen.web.playground import playground_files
from ioconnect_codegen.web.site import Parts, make_site
from ioconnect_codemode import Manifest
from ioconnect_codemode.messages import counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be built.

    Attributes:
        assets: Folder of the third-party files.
        packages: Folders of generated packages.
        with_playground: Whether the playground and the wealth desk it runs on come along.
        with_compression: Whether files lie there in the encodings that browsers ask for, too.
    """

    assets: Path
    packages: Sequence[Path] = ()
    with_playground: bool = True
    with_compression: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What was built: files and bytes of them, and the bytes that travel at best."""

    files: int
    bytes: int
    bytes_sent: int

    def text(self, folder: Path) -> str:
        """Say what was built, in a line."""
        sent = f", {_megabytes(self.bytes_sent)} as sent" if self.bytes_sent < self.bytes else ""
        return f"{folder}: {counted(self.files, 'file')}, {_megabytes(self.bytes)}{sent}"


def build(order: Order, folder: Path, *, progress: Callable[[str], None]) -> Built:
    """Build the folder.

    Raises:
        AssetsError: Third-party files are missing or are not the pinned ones, or Node is missing.
        PackageError: A package can't be read.
        PolicyError: A package's policy can't be enforced.
        OutputError: Two packages have one name, or what is there was not built by us.
    """
    refuse_foreign(folder)
    files = made_files(order, progress=progress)
    further: Mapping[str, bytes] = {}
    if order.with_compression:
        further = compressed(files, kept_in=order.assets, progress=progress)
    progress(f"write {folder}")
    put_folder({**files, **further}, folder)
    return Built(
        files=len(files),
        bytes=sum(map(len, files.values())),
        bytes_sent=sum(min(_sizes(name, data, further)) for name, data in files.items()),
    )


def check(order: Order, folder: Path, *, progress: Callable[[str], None]) -> list[str]:
    """Tell what `build` would change, a line each; nothing is written. It raises what `build` raises."""
    return difference(made_files(order, progress=progress), folder)


def made_files(order: Order, *, progress: Callable[[str], None]) -> dict[str, bytes]:
    """Make every file of a folder but its encoded copies."""
    progress("read the assets")
    assets = read_assets(order.assets)
    playground = playground_files() if order.with_playground else None
    packages: dict[str, bytes] = {}
    names: dict[str, Path | None] = {}
    if playground is not None:
        packages |= playground.package
        names[playground.package_name] = None
    for folder in order.packages:
        name = package_name(Manifest.read(folder).data["name"])
        progress(f"read {folder}")
        if names.get(name, folder) is not None and name in names:
            raise OutputError(f"{names[name]} and {folder} both hold a package {name}; leave one out")
        # A package of the desk's own name is the user's word about it: it takes the place of the one that comes along.
        packages = {path: data for path, data in packages.items() if not path.startswith(f"{name}/")}
        packages |= {f"{name}/{path}": data for path, data in package_files(folder).items()}
        names[name] = folder
    pages = {} if playground is None else playground.pages(sorted(names))
    python = library(assets, folder=order.assets, progress=progress)
    return make_site(Parts(assets=assets, library=python, packages=packages, playground=pages))


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


def _sizes(name: str, data: bytes, further: Mapping[str, bytes]) -> list[int]:
    return [len(data), *(len(further[one]) for one in (f"{name}.br", f"{name}.gz") if one in further)]
