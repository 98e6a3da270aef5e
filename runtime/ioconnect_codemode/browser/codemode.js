/**
 * Code Mode in a page: a generated package, a policy, and workers that run a model's snippets in Python on WebAssembly.
 *
 *     const codeMode = await createCodeMode({ package: "packages/wealth_desk/", io });
 *     const outcome = await codeMode.execute('crm.get_client("CL-10024").adviser');
 *     outcome.text();
 *
 * The page is the authority: catalog and policy, argument and result schemas, budgets, approvals and egress are held
 * here, with the verdicts and texts of the desktop. What a worker says is never trusted.
 */

import { Audit, KEY_BYTES, USUAL_RULES } from "./audit.js";
import { createEngine } from "./engine.js";
import { LOAD_AGAIN } from "./engine_error.js";
import { PackageError, PolicyError, UsageError } from "./errors.js";
import { ofFdc3 } from "./fdc3.js";
import { ofIo } from "./io.js";
import { limitsWith } from "./limits.js";
import { definitionsText } from "./lookup/definitions.js";
import { listText } from "./lookup/listing.js";
import { vocabularyOf } from "./lookup/words.js";
import { Manifest } from "./manifest.js";
import { useMessages } from "./messages.js";
import { checkOwnWorkers, ownWorker } from "./own_worker.js";
import { applied, readPolicy } from "./policy.js";
import { Served, fetchText, jsonOf } from "./served.js";
import { Session } from "./session.js";
import { answer, specs, toolsOf } from "./tools.js";
import { carrier, ofInvoke } from "./transport.js";
import { Validation } from "./validation.js";

export * from "./errors.js";
export { EngineError } from "./engine_error.js";

/** @typedef {import("./codemode.d.ts").CodeModeOptions} CodeModeOptions */
/** @typedef {import("./policy.js").Policy} Policy */

const MESSAGES = "messages.json";
const SEARCH_WORDS = "search_words.json";
const ASSETS = "assets.json";
const POLICY = "policy.json";
const OPTIONS = ["package", "invoke", "io", "fdc3", "policy", "limits", "assets", "profile", "onProgress", "onApproval", "onCall", "onAudit", "auditKey", "principal", "signal"];
const HERE = new URL("./", import.meta.url).href;

/**
 * Opens a package.
 *
 * @param {CodeModeOptions} options
 * @returns {Promise<CodeMode>}
 * @throws {UsageError} The options are not as documented.
 * @throws {PackageError} There is no package, or it was made for another version.
 * @throws {PolicyError} The policy can't be enforced.
 * @throws {EngineError} The engine can't start: no WebAssembly, a missing or tampered asset, a blocked frame.
 * @throws {unknown} The reason of the signal.
 */
export async function createCodeMode(options) {
  checkOptions(options);
  try {
    options.signal?.throwIfAborted();
    return await opened(options);
  } catch (error) {
    options.signal?.throwIfAborted(); // whatever it has led to
    throw error;
  }
}

/** @param {CodeModeOptions} options @returns {Promise<CodeMode>} */
async function opened(options) {
  const { signal } = options;
  const adapter = adapterOf(options);
  const profile = options.profile ?? "three";
  toolsOf(profile);
  const assets = new URL(options.assets ?? HERE, location.href).href;
  const [messages, words, files, [unfiltered, packagePolicy]] = await Promise.all([
    fetchJson(new URL(MESSAGES, HERE), signal),
    fetchJson(new URL(SEARCH_WORDS, HERE), signal),
    fetchJson(new URL(ASSETS, assets), signal),
    openPackage(options.package, signal),
  ]);
  useMessages(holding(MESSAGES, messages, ["kinds", "state", "outcome", "lookup"]));
  const vocabulary = vocabularyOf(holding(SEARCH_WORDS, words, ["ignored", "verbs", "same", "related"]));
  const read = readPolicy(typeof options.policy === "string" ? await fetchJson(new URL(options.policy, location.href), signal) : (options.policy ?? (await packagePolicy())));
  const policy = options.limits === undefined ? read : { ...read, limits: limitsWith(read.limits, options.limits) };
  const rules = auditRules(policy, options);
  checkOwnWorkers();
  const manifest = applied(policy, unfiltered); // before there is an engine: what is wrong with a catalog leaves no frame behind
  const engine = await createEngine({
    assets: { baseUrl: assets, manifest: files },
    limits: { memoryBytes: policy.limits.memory_bytes },
    onProgress: harmless(options.onProgress),
    signal,
  });
  const calls = Math.min(policy.limits.calls, engine.layers.mostCalls ?? policy.limits.calls);
  const enforced = { ...policy, limits: { ...policy.limits, calls } };
  const validation = new Validation(() => ownWorker("schema_worker.js"));
  /** @type {{onApproval?: any, onCall?: any}} Of our own types and of the public ones, which say the same. */
  const { onApproval = null, onCall: told } = options;
  const onCall = harmless(told);
  const { onAudit, auditKey: key, principal } = options;
  const audit = rules === null || !onAudit ? null : new Audit({ rules, manifest, onAudit, principal, key });
  const session = new Session({ manifest, policy: enforced, validation, engine, carry: carrier(adapter), onApproval, onCall, audit });
  return new CodeMode({ session, engine, validation, vocabulary, profile });
}

/** An opened package. */
export class CodeMode {
  #parts;

  /**
   * @param {object} parts
   * @param {Session} parts.session
   * @param {import("./engine.js").Engine} parts.engine
   * @param {Validation} parts.validation
   * @param {import("./lookup/words.js").Vocabulary} parts.vocabulary
   * @param {string} parts.profile
   */
  constructor(parts) {
    this.#parts = parts;
  }

  /** The catalog as policy leaves it: its digest, and what a page shows of it. */
  get catalog() {
    const { manifest } = this.#parts.session;
    return { name: manifest.name, digest: manifest.digest, namespaces: manifest.namespaces, capabilities: manifest.capabilities, types: manifest.types };
  }

  /** What holds in this browser. */
  get layers() {
    return this.#parts.engine.layers;
  }

  /** The policy in force, limits among it. */
  get policy() {
    return this.#parts.session.policy;
  }

  /** The list of what there is, or of what answers a query. @param {string} [query] @param {{namespace?: string | null, kind?: string | null, limit?: number}} [options] */
  async list(query = "", options = {}) {
    held("options", options);
    if (typeof query !== "string") throw new UsageError("query must be text");
    return listText(this.#parts.session.manifest, this.#parts.vocabulary, query, options);
  }

  /** The `.pyi` text of these functions and the types they need. @param {readonly string[]} names @param {{detail?: string}} [options] */
  async get(names, options = {}) {
    const { detail = "signature" } = held("options", options);
    if (!Array.isArray(names) || names.some((name) => typeof name !== "string")) throw new UsageError("names must be a list of names");
    return definitionsText(this.#parts.session.manifest, names, detail);
  }

  /** Runs a snippet in a worker of its own. @param {string} code @param {import("./codemode.d.ts").ExecuteOptions} [options] */
  async execute(code, options = {}) {
    const { inputs, dryRun = false, signal } = held("options", options);
    if (typeof dryRun !== "boolean") throw new UsageError("dryRun must be true or false");
    if (signal !== undefined && !(signal instanceof AbortSignal)) throw new UsageError("signal must be an AbortSignal");
    return this.#parts.session.run(code, { inputs, dryRun, signal });
  }

  /** Reviews a snippet and checks it against the definitions; nothing runs. @param {string} code @param {{inputs?: Record<string, any>}} [options] */
  async check(code, options = {}) {
    const { inputs } = held("options", options);
    return this.#parts.session.run(code, { inputs, onlyReview: true });
  }

  /** What a person is to be asked before a run can go on; for the page's own eyes, not for a model. @param {string} approvalId */
  approvalRequests(approvalId) {
    return this.#parts.session.paused.requests(approvalId);
  }

  /** Goes on with a run whose outcome was of the kind `approval_needed`: what it has called is not called again. @param {string} approvalId @param {boolean} approved */
  async resume(approvalId, approved) {
    return this.#parts.session.resume(approvalId, approved);
  }

  /** The specifications of the model's tools. @param {string} [style] @param {{profile?: string}} [options] */
  toolSpecs(style = "mcp", { profile = this.#parts.profile } = {}) {
    const effects = new Set([...this.#parts.session.manifest.capabilities.values()].map((entry) => entry.effect));
    return specs(style, profile, effects);
  }

  /** Answers a model's tool call with text: what an agent loop calls. @param {string} name @param {Record<string, any>} given */
  async callTool(name, given) {
    return (await this.answerTool(name, given)).text;
  }

  /** The same with the outcome behind it, and whether the model went wrong. @param {string} name @param {Record<string, any>} given */
  async answerTool(name, given) {
    return answer(this, name, given, this.#parts.profile);
  }

  /** Ends all runs and workers. May be called twice. */
  dispose() {
    this.#parts.session.close();
    this.#parts.validation.close();
    this.#parts.engine.dispose();
  }
}

/** An object that was given, or wrong use. @template {object} T @param {string} name @param {T} given @returns {T} */
function held(name, given) {
  if (given === null || typeof given !== "object") throw new UsageError(`${name} must be an object`);
  return given;
}

/** Refuses what would be without effect: a page whose `onApproval` is misspelt would never be asked. @param {CodeModeOptions} options */
function checkOptions(options) {
  if (options === null || typeof options !== "object") throw new UsageError("createCodeMode needs an object: {package, invoke | io | fdc3, ...}");
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) throw new UsageError(`there is no option ${unknown.slice(0, 80)}; there are ${OPTIONS.join(", ")}`);
  for (const name of /** @type {const} */ (["onProgress", "onApproval", "onCall", "onAudit"])) {
    const given = options[name];
    if (given !== undefined && given !== null && typeof given !== "function") throw new UsageError(`${name} must be a function`);
  }
  const { principal, auditKey: key, signal, limits, policy, assets } = options;
  if (limits !== undefined && !isTable(limits)) throw new UsageError("limits must be an object: {timeout_s: 10, ...}");
  if (policy !== undefined && policy !== null && typeof policy !== "string" && !isTable(policy)) {
    throw new UsageError("policy must be an object with the sections of codemode.toml, or the address of one as JSON; leave it out for the package's own");
  }
  if (assets !== undefined && typeof assets !== "string" && !(assets instanceof URL)) throw new UsageError("assets must be the address of a folder");
  for (const name of /** @type {const} */ (["package", "policy", "assets"])) holdAddress(name, options[name]);
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw new UsageError("signal must be an AbortSignal");
  if (principal !== undefined && typeof principal !== "string") throw new UsageError("principal must be text: who the snippets run for");
  const isKey = key === undefined || (key instanceof Uint8Array && key.length === KEY_BYTES);
  if (!isKey) throw new UsageError(`auditKey must be a Uint8Array of ${KEY_BYTES} bytes`);
  const lost = key !== undefined ? "auditKey" : principal !== undefined ? "principal" : null;
  if (lost !== null && !options.onAudit) throw new UsageError(`${lost} is of the audit, and nothing takes its records: give onAudit`);
}

/** @param {unknown} given @returns {given is object} */
function isTable(given) {
  return given !== null && typeof given === "object" && !Array.isArray(given);
}

/** Refuses a text that leads nowhere. @param {string} name @param {unknown} given */
function holdAddress(name, given) {
  if (typeof given !== "string") return;
  if (given === "" || !URL.canParse(given, location.href)) throw new UsageError(`${name} must be an address, such as "packages/my_desk/", not ${JSON.stringify(given.slice(0, 80))}`);
}

/** What is recorded of runs and calls: an audit that policy asks for and nobody takes must not count as one that is kept. @param {Policy} policy @param {CodeModeOptions} options */
function auditRules({ audit }, { onAudit }) {
  if (onAudit) return audit ?? USUAL_RULES;
  if (audit !== null) throw new PolicyError("policy wants an audit, and nothing takes its records: give onAudit, which keeps each record, or take [audit] out");
  return null;
}

/** @template {unknown[]} T @param {((...told: T) => void) | null | undefined} callback @returns {(...told: T) => void} A callback of the page's own, whose failure is the page's and ends no run. */
function harmless(callback) {
  return (...told) => {
    try {
      callback?.(...told);
    } catch (error) {
      console.error("Code Mode: a callback of the page has failed", error);
    }
  };
}

/** @param {CodeModeOptions} options @returns {import("./transport.js").Adapter} */
function adapterOf({ invoke, io, fdc3 }) {
  const given = [invoke, io, fdc3].filter((one) => one !== undefined && one !== null);
  if (given.length !== 1) throw new UsageError("give one of invoke, io and fdc3: what carries the calls");
  if (invoke) {
    if (typeof invoke !== "function") throw new UsageError("invoke must be a function: (name, args, call) => answer");
    return ofInvoke(invoke);
  }
  if (io) return ofIo(having("io", io, ["interop"], "an io.Connect client, as `await IOBrowser(...)` gives it"));
  return ofFdc3(having("fdc3", fdc3, ["findIntent", "raiseIntent"], "a DesktopAgent, as `await getAgent()` gives it"));
}

/** A client that has these parts: one that is still to be awaited has none of them. @template T @param {string} option @param {T} client @param {string[]} parts @param {string} meant @returns {T} */
function having(option, client, parts, meant) {
  const lacking = parts.find((part) => !(/** @type {any} */ (client)[part]));
  if (lacking === undefined) return client;
  throw new UsageError(`${option} must be ${meant}; this has no ${lacking}`);
}

/** A package, and how the policy that it comes with is read. @param {CodeModeOptions["package"]} given @param {AbortSignal} [signal] @returns {Promise<[Manifest, () => Promise<any>]>} */
async function openPackage(given, signal) {
  if (typeof given === "string" || given instanceof URL) {
    const base = new URL(String(given).replace(/\/?$/, "/"), location.href);
    const served = new Served(base);
    const manifest = Manifest.of(await served.manifest(signal), (path) => served.text(path), () => served.mend());
    return [manifest, () => (manifest.files.has(POLICY) ? served.opening(() => manifest.files.json(POLICY), signal) : packagePolicy(new URL(POLICY, base), signal))];
  }
  if (given === null || typeof given !== "object" || !("manifest" in given)) {
    throw new UsageError("package must be the address of a package's folder, or {manifest, files}");
  }
  const { manifest, files = {}, policy } = given;
  if (!isTable(files)) throw new UsageError("files of the package must be an object: the text of each file by its path");
  return [Manifest.of(manifest, async (path) => textOf(files, path)), async () => policy];
}

/** The policy of a package's folder: one that is not there must not count as one that allows everything. @param {URL} url @param {AbortSignal} [signal] */
async function packagePolicy(url, signal) {
  try {
    return jsonOf(await fetchText(url, { signal }));
  } catch (error) {
    if (error instanceof PackageError) throw error;
    const mend = "`codemode web build` puts it there; `policy: {}` opens a package without one";
    throw new PackageError(`${url.href} is no policy of a package: ${/** @type {Error} */ (error).message}; ${mend}`);
  }
}

/** A table that has these parts. @param {string} name @param {any} table @param {string[]} parts @returns {any} */
function holding(name, table, parts) {
  const lacking = parts.find((part) => table === null || typeof table !== "object" || !Object.hasOwn(table, part));
  if (lacking === undefined) return table;
  throw new PackageError(`${name} is not the file of this version: it has no ${lacking}; build the folder again with \`codemode web build\``);
}

/** @param {Record<string, string>} files @param {string} path */
function textOf(files, path) {
  if (!Object.hasOwn(files, path)) throw new Error("it is not among its files");
  return files[path];
}

/** @param {URL} url @param {AbortSignal} [signal] @returns {Promise<any>} */
async function fetchJson(url, signal) {
  try {
    return jsonOf(await fetchText(url, { signal }));
  } catch (error) {
    if (error instanceof PackageError) throw error;
    throw new PackageError(`${url.href} can't be read: ${/** @type {Error} */ (error).message}; ${LOAD_AGAIN}; a bundler must leave its modules where they lie`);
  }
}
