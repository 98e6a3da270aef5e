"""The playground: a page for people that runs the wealth desk's snippets in their own browser.

Its package is generated from the example environment, its policy is `codemode.toml` beside this file. The desk's apps
are handlers in the page (`desk/`): they answer from the desk's data as it is exported here, and the tests hold them to
the answers of the Python desk.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files

import ioconnect_schemas
from ioconnect_codegen import generate, read_environment
from ioconnect_codegen.naming import package_name
from ioconnect_codegen.web.desk_data import desk_document
from ioconnect_codegen.web.packages import placed, policy_file
from ioconnect_codegen.web.site import json_bytes, read_tree
from ioconnect_codemode import Policy

_ENVIRONMENT = "examples/wealth_desk.environment.json"
_OWN = (".py", ".pyc", ".toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Playground:
    """The playground's files.

    Attributes:
        package_name: Name of the package that its desk answers for.
        package: Files of that package, by path below `packages/`.
        static: Files of the page.
    """

    package_name: str
    package: Mapping[str, bytes]
    static: Mapping[str, bytes]

    def pages(self, packages: Sequence[str]) -> dict[str, bytes]:
        """Give the page's files, told which packages the folder holds and which of them the desk answers for."""
        settings = json_bytes({"packages": [*packages], "desk": self.package_name})
        return {**self.static, "desk/desk.json": json_bytes(desk_document()), "settings.json": settings}


def playground_files() -> Playground:
    """Make the playground."""
    environment = read_environment(json.loads(ioconnect_schemas.read(_ENVIRONMENT)))
    name = package_name(environment.name)
    package = {path: text.encode() for path, text in generate(environment).items() if path != "codemode.toml"}
    manifest = json.loads(package.pop("manifest.json"))
    root = files(__name__)
    with as_file(root / "codemode.toml") as path:
        package = placed(manifest, package | policy_file(Policy.read(path)))
    return Playground(
        package_name=name,
        package={f"{name}/{path}": data for path, data in package.items()},
        static={path: data for path, data in read_tree(root).items() if not path.endswith(_OWN)},
    )
