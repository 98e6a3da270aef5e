"""The folder as an npm package: packed, installed elsewhere, imported, and its types read by a type checker."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ioconnect_codegen.web.build import Order, made_files
from ioconnect_codegen.web.npm import NAME
from ioconnect_codegen.web.place import put_folder
from ioconnect_codemode.version import VERSION

TYPESCRIPT = Path(__file__).parent / "node_modules" / "typescript"
USE = """\
import { createCodeMode } from "ioconnect-codemode-web";
import * as io from "ioconnect-codemode-web/io";
import * as fdc3 from "ioconnect-codemode-web/fdc3";

console.log(JSON.stringify([typeof createCodeMode, Object.keys(io).length > 0, Object.keys(fdc3).length > 0]));
"""
NAMES = """\
import * as all from "ioconnect-codemode-web";

const members = Object.getOwnPropertyNames(all.CodeMode.prototype).filter((name) => name !== "constructor");
console.log(JSON.stringify([Object.keys(all), members]));
"""
TYPED_USE = """\
import { createCodeMode } from "ioconnect-codemode-web";

const codeMode = await createCodeMode({ package: "/packages/wealth_desk/", invoke: async () => ({}) });
const outcome = await codeMode.execute("1 + 1");
const audited = await createCodeMode({
  package: "/packages/wealth_desk/",
  io: {},
  principal: "ann",
  auditKey: crypto.getRandomValues(new Uint8Array(32)),
  policy: { audit: { arguments: "names", on_failure: "go_on" } },
  onAudit: async (record) => {
    if (record.type === "run") console.log(record.left.bytes, record.calls.finished);
    else if (record.type === "call") console.log(record.state, record.capability);
    // @ts-expect-error a gap is of no run
    else if (record.type === "gap") console.log(record.run);
  },
});
audited.dispose();
export const isOk: boolean = outcome.ok;
export const listed: string = await codeMode.list("find clients");
// @ts-expect-error a snippet is text
await codeMode.execute(1);
// @ts-expect-error calls are carried by one of three, not by two
await createCodeMode({ package: "/packages/wealth_desk/", invoke: () => null, io: {} });
"""


def run(*command: str, folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def project(assets_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a project that has the packed folder installed."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("there is no npm: install Node.js 20 or later")
    root = tmp_path_factory.mktemp("npm")
    put_folder({**made_files(Order(assets=assets_folder), progress=lambda _: None), "a.js.br": b"x"}, root / "web")
    (root / "project").mkdir()
    (root / "project" / "package.json").write_text('{"private": true, "type": "module"}', encoding="utf-8")
    (packed,) = json.loads(run(npm, "pack", "./web", "--json", folder=root))
    assert packed["filename"] == f"{NAME}-{VERSION}.tgz"
    archive = str(root / packed["filename"])
    run(npm, "install", archive, "--offline", "--no-audit", "--no-fund", folder=root / "project")
    return root / "project"


def test_the_archive_holds_what_the_manifest_names_and_no_encoded_copies(project: Path) -> None:
    installed = project / "node_modules" / NAME
    listed = set(json.loads((installed / "manifest.json").read_text(encoding="utf-8"))["files"])

    found = {path.relative_to(installed).as_posix() for path in installed.rglob("*") if path.is_file()}
    assert found == {*listed, "manifest.json"}


def test_its_modules_can_be_imported_by_the_packages_name(project: Path) -> None:
    (project / "use.js").write_text(USE, encoding="utf-8")

    assert json.loads(run("node", "use.js", folder=project)) == ["function", True, True]


def test_the_types_name_what_the_modules_have(project: Path) -> None:
    (project / "names.js").write_text(NAMES, encoding="utf-8")
    exported, members = json.loads(run("node", "names.js", folder=project))

    (path,) = (project / "node_modules" / NAME).glob("js-*/codemode.d.ts")
    types = path.read_text(encoding="utf-8")
    assert set(re.findall(r"^export (?:class|function) (\w+)", types, re.MULTILINE)) == set(exported)
    (body,) = re.findall(r"^export class CodeMode \{\n(.*?)^\}", types, re.MULTILINE | re.DOTALL)
    stated = re.findall(r"^  (?:readonly )?(\w+)[(:]", body, re.MULTILINE)
    assert set(stated) == set(members)


def test_a_type_checker_finds_its_types(project: Path) -> None:
    if not TYPESCRIPT.is_dir():
        pytest.skip("TypeScript is not installed: run: npm ci --prefix tests/browser")
    (project / "use.ts").write_text(TYPED_USE, encoding="utf-8")
    options = [
        "--strict",
        "--noEmit",
        "--module",
        "nodenext",
        "--target",
        "es2022",
        "--lib",
        "es2022,dom",
        "--types",
        "",
    ]

    run("node", str(TYPESCRIPT / "bin" / "tsc"), *options, "use.ts", folder=project)
