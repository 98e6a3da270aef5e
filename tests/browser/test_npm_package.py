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
MEMBERS = """\
import * as all from "ioconnect-codemode-web";
import { readFileSync, readdirSync } from "node:fs";

const folder = new URL("./", import.meta.resolve("ioconnect-codemode-web"));
const own = new URL(`${readdirSync(folder).find((name) => name.startsWith("js-"))}/`, folder);
const of = (name) => import(new URL(name, own).href);
const [{ DEFAULT_LIMITS }, { readPolicy }, { Outcome, errorOf }] = [await of("limits.js"), await of("policy.js"), await of("outcome.js")];
const listed = (text) => text.replace(/.*(?:there are|known sections are|known are) /, "").split(", ");
const refused = async (act) => { try { await act(); } catch (error) { return listed(error.message); } };
const texts = readdirSync(own).filter((name) => name.endsWith(".js")).map((name) => readFileSync(new URL(name, own), "utf-8")).join("");
const error = errorOf({ kind: "internal", message: "" });
const made = new Outcome({ ok: false, error });
const prototypeOf = ({ prototype }) => Object.getOwnPropertyNames(prototype).filter((name) => name !== "constructor");
const sections = await refused(() => readPolicy({ nothing: {} }));
const keysOf = async (section) => (await refused(() => readPolicy({ [section]: { nothing: 1 } }))).filter((key) => !["file", "keep", "rotate_bytes"].includes(key));

console.log(JSON.stringify({
  "keyof typeof all": Object.keys(all),
  "keyof CodeMode": prototypeOf(all.CodeMode),
  "keyof AllOptions": await refused(() => all.createCodeMode({ nothing: 1 })),
  "keyof Limits": Object.keys(DEFAULT_LIMITS),
  "keyof PolicyDocument": sections,
  ...Object.fromEntries(await Promise.all(["approval", "audit", "capabilities", "egress", "language"].map(async (name) => [`keyof NonNullable<PolicyDocument["${name}"]>`, await keysOf(name)]))),
  "keyof Policy": Object.keys(readPolicy({})),
  "keyof Outcome": [...Object.keys(made.toJSON()), ...prototypeOf(Outcome).filter((name) => name !== "with")],
  "keyof OutcomeError": Object.keys(error),
  "ErrorKind": Object.keys(JSON.parse(readFileSync(new URL("messages.json", own), "utf-8")).kinds),
  "EngineErrorCode": [...new Set([...texts.matchAll(/new EngineError\\("(\\w+)"/g)].map((found) => found[1]))],
}));
"""
KEYED = """\
import * as all from "ioconnect-codemode-web";
import type {
  CodeMode, CodeModeOptions, EngineErrorCode, ErrorKind, Limits, Outcome, OutcomeError, Policy, PolicyDocument,
} from "ioconnect-codemode-web";

type AllOptions = CodeModeOptions extends infer T ? (T extends unknown ? { [K in keyof T]: 1 } : never) : never;
"""
USED = """\
import { AppError, CodeMode, CodeModeError, EngineError, UnavailableError, createCodeMode } from "ioconnect-codemode-web";
import type { ApprovalRequest, AuditRecord, CallEvent, Invoke, Json, Limits, Outcome, Progress } from "ioconnect-codemode-web";
import type { PolicyDocument } from "ioconnect-codemode-web";
import { ofFdc3 } from "ioconnect-codemode-web/fdc3";
import { ofIo, type Adapter } from "ioconnect-codemode-web/io";

declare const io: { interop: object };
declare const agent: { findIntent(name: string): Promise<object>; raiseIntent(name: string): Promise<object> };
declare const maybe: {
  assets?: string; auditKey?: Uint8Array; limits?: Partial<Limits>; policy?: PolicyDocument; principal?: string; signal?: AbortSignal;
  onApproval?: (request: ApprovalRequest) => Promise<boolean>; onAudit?: (record: AuditRecord) => Promise<void>;
  onCall?: (event: CallEvent) => void; onProgress?: (progress: Progress) => void;
};
const { assets, auditKey, limits, policy, principal, signal, onApproval, onAudit, onCall, onProgress } = maybe;
const further = { assets, auditKey, limits, policy, principal, signal, onApproval, onAudit, onCall, onProgress };

export const invoke: Invoke = async (name, args, { kind, apps, timeoutS, signal, target, take, takeForS }) => {
  if (name === "gone") throw new UnavailableError("it is gone", { wasSent: false });
  if (name === "no") throw new AppError("no");
  return { args, kind, apps, timeoutS, isOver: signal.aborted, target, take, takeForS };
};
export const codeMode: CodeMode = await createCodeMode({ package: "/packages/wealth_desk/", invoke, profile: "two", ...further });
await createCodeMode({ package: new URL("https://desk.example/packages/wealth_desk/"), io });
await createCodeMode({ package: { manifest: {}, files: { "crm.py": "" } }, fdc3: agent, policy: "/policy.json" });

export const listed: string = await codeMode.list("find clients", { kind: "method", limit: 5, namespace: null });
export const read: string = await codeMode.get(["crm.*"], { detail: "full" });
const outcome: Outcome = await codeMode.execute("who", { inputs: { who: "Amelia" }, dryRun: true, signal });
const value: Json = outcome.value;
const kinds: string[] = [outcome.error, ...(outcome.error?.others ?? [])].map((error) => error?.kind ?? "none");
export const told = [value, kinds, outcome.ok, outcome.text(), outcome.toJSON(), outcome.truncated?.preview, outcome.notes, outcome.calls[0]?.arguments];
if (outcome.error?.kind === "approval_needed" && outcome.error.approval_id !== null) {
  const asked: ApprovalRequest[] = codeMode.approvalRequests(outcome.error.approval_id);
  await codeMode.resume(outcome.error.approval_id, asked.length === 0);
}
export const checked: boolean = (await codeMode.check("1", { inputs: {} })).ok;
export const specs = [codeMode.toolSpecs(), codeMode.toolSpecs("openai", { profile: "three" })];
export const answered: [string, boolean] = [await codeMode.callTool("x", {}), (await codeMode.answerTool("x", {})).isError];
export const shown = [codeMode.catalog.capabilities.get("crm.get_client")?.signature, codeMode.layers.jspi, codeMode.policy.limits.calls];
export const adapters: Adapter[] = [ofIo(io), ofFdc3(agent)];
codeMode.dispose();

export function mended(error: unknown): string {
  if (error instanceof EngineError) return error.code === "insecure_page" ? "https" : error.code;
  return error instanceof CodeModeError ? error.kind : "other";
}
export function kept(record: AuditRecord): unknown {
  if (record.type === "run") return record.calls.finished;
  if (record.type === "call") return record.state;
  // @ts-expect-error a gap is of no run
  return record.type === "gap" ? record.run : record.arguments;
}

// @ts-expect-error calls are carried by one of three, not by two
await createCodeMode({ package: "p", invoke, io });
// @ts-expect-error nor by none
await createCodeMode({ package: "p" });
// @ts-expect-error an agent that is still to be awaited
await createCodeMode({ package: "p", fdc3: Promise.resolve(agent) });
// @ts-expect-error an agent is no client
await createCodeMode({ package: "p", io: agent });
// @ts-expect-error there is no such option
await createCodeMode({ package: "p", invoke, onAproval: () => true });
// @ts-expect-error nor such a limit
await createCodeMode({ package: "p", invoke, limits: { timeout: 1 } });
// @ts-expect-error a list of rules
await createCodeMode({ package: "p", invoke, policy: { approval: { ask: "write" } } });
// @ts-expect-error a person says yes or no
await createCodeMode({ package: "p", invoke, onApproval: () => "yes" });
// @ts-expect-error it is opened, not made
export const own = new CodeMode();
// @ts-expect-error a snippet is text
await codeMode.execute(1);
// @ts-expect-error a list of names
await codeMode.get("crm.get_client");
// @ts-expect-error there is no such kind of function
await codeMode.list("", { kind: "methods" });
// @ts-expect-error nor such a style
codeMode.toolSpecs("gemini");
// @ts-expect-error a run that ends well has no error
export const message: string = outcome.error.message;
// @ts-expect-error there is no such kind of error
export const isLate: boolean = outcome.error?.kind === "time_out";
// @ts-expect-error an outcome is not changed
outcome.ok = true;
"""
STRICTEST = (
    "--strict --noEmit --skipLibCheck false --exactOptionalPropertyTypes --noUncheckedIndexedAccess "
    "--noPropertyAccessFromIndexSignature --isolatedModules --target es2022 --lib es2022,dom,dom.iterable"
)
RESOLUTIONS = ("--module esnext --moduleResolution bundler", "--module node16", "--module nodenext")


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


def checked(project: Path, name: str, text: str, options: str) -> None:
    """Hold a text to the types as TypeScript finds them in the project."""
    (project / name).write_text(text, encoding="utf-8")
    if not TYPESCRIPT.is_dir():
        pytest.skip("TypeScript is not installed: run: npm ci --prefix tests/browser")
    run("node", str(TYPESCRIPT / "bin" / "tsc"), *options.split(), "--types", "", name, folder=project)


def test_the_types_name_what_the_modules_have_and_nothing_else(project: Path) -> None:
    """A key that only one of them has is an error of the type checker."""
    (project / "members.js").write_text(MEMBERS, encoding="utf-8")
    members = json.loads(run("node", "members.js", folder=project))

    assert all(members.values()), members
    keyed = [
        f"export const _{index}: Record<{name}, 1> = {json.dumps(dict.fromkeys(keys, 1))};"
        for index, (name, keys) in enumerate(members.items())
    ]
    checked(project, "keyed.ts", KEYED + "\n".join(keyed), f"{STRICTEST} {RESOLUTIONS[0]}")


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_a_page_in_typescript_uses_all_of_it_and_what_is_wrong_is_found(project: Path, resolution: str) -> None:
    checked(project, "used.ts", USED, f"{STRICTEST} {resolution}")


def test_what_the_document_shows_is_of_the_types(project: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "browser.md").read_text(encoding="utf-8")
    shown = re.findall(r"^```(js|ts)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert [language for language, _ in shown] == ["js", "ts", "js", "js"]
    given = (
        "declare const io: { interop: object };\ndeclare const code: string;\ndeclare const auditKey: Uint8Array;\n"
        "declare function keep(record: object): Promise<void>;\n"
    )
    for end in (".d.ts", ".js"):
        (project / f"codemode{end}").write_text('export * from "ioconnect-codemode-web";\n', encoding="utf-8")
    for index, (_, block) in enumerate(shown[1:]):  # the first is a whole page, which runs in Chromium
        options = f"--strict --noEmit --target es2022 --lib es2022,dom {RESOLUTIONS[0]}"
        checked(project, f"shown{index}.ts", given + block, options)
