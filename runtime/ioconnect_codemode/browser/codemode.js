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

import { createEngine } from "./engine.js";
import { PackageError, UsageError } from "./errors.js";
import { ofFdc3 } from "./fdc3.js";
import { ofIo } from "./io.js";
import { limitsWith } from "./limits.js";
import { definitionsText } from "./lookup/definitions.js";
import { listText } from "./lookup/listing.js";
import { vocabularyOf } from "./lookup/words.js";
import { Manifest } from "./manifest.js";
import { useMessages } from "./messages.js";
import { applied, readPolicy } from "./policy.js";
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
 */
export async function createCodeMode(options) {
  const adapter = adapterOf(options);
  const profile = options.profile ?? "three";
  toolsOf(profile);
  const assets = new URL(options.assets ?? HERE, location.href).href;
  const [messages, words, [unfiltered, packagePolicy]] = await Promise.all([
    fetchJson(new URL(MESSAGES, HERE)),
    fetchJson(new URL(SEARCH_WORDS, HERE)),
    openPackage(options.package),
  ]);
  useMessages(messages);
  const read = readPolicy(typeof options.policy === "string" ? await fetchJson(new URL(options.policy, location.href)) : (options.policy ?? packagePolicy));
  const policy = options.limits === undefined ? read : { ...read, limits: limitsWith(read.limits, options.limits) };
  const engine = await createEngine({
    assets: { baseUrl: assets, manifest: await fetchJson(new URL(ASSETS, assets)) },
    limits: { memoryBytes: policy.limits.memory_bytes },
    onProgress: options.onProgress,
  });
  const calls = Math.min(policy.limits.calls, engine.layers.mostCalls ?? policy.limits.calls);
  const enforced = { ...policy, limits: { ...policy.limits, calls } };
  const manifest = applied(enforced, unfiltered);
  const validation = new Validation(() => new Worker(new URL("./schema_worker.js", import.meta.url), { type: "module" }));
  /** @type {{onApproval?: any, onCall?: any}} Of our own types and of the public ones, which say the same. */
  const { onApproval = null, onCall } = options;
  const session = new Session({ manifest, policy: enforced, validation, engine, carry: carrier(adapter), onApproval, onCall });
  return new CodeMode({ session, engine, validation, vocabulary: vocabularyOf(words), profile });
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
    if (typeof query !== "string") throw new UsageError("query must be text");
    return listText(this.#parts.session.manifest, this.#parts.vocabulary, query, options);
  }

  /** The `.pyi` text of these functions and the types they need. @param {readonly string[]} names @param {{detail?: string}} [options] */
  async get(names, { detail = "signature" } = {}) {
    if (!Array.isArray(names) || names.some((name) => typeof name !== "string")) throw new UsageError("names must be a list of names");
    return definitionsText(this.#parts.session.manifest, names, detail);
  }

  /** Runs a snippet in a worker of its own. @param {string} code @param {import("./codemode.d.ts").ExecuteOptions} [options] */
  async execute(code, { inputs, dryRun, signal } = {}) {
    return this.#parts.session.run(code, { inputs, dryRun, signal });
  }

  /** Reviews a snippet and checks it against the definitions; nothing runs. @param {string} code */
  async check(code) {
    return this.#parts.session.run(code, { onlyReview: true });
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

/** @param {CodeModeOptions} options @returns {import("./transport.js").Adapter} */
function adapterOf({ invoke, io, fdc3 }) {
  const given = [invoke, io, fdc3].filter((one) => one !== undefined && one !== null);
  if (given.length !== 1) throw new UsageError("give one of invoke, io and fdc3: what carries the calls");
  if (invoke) {
    if (typeof invoke !== "function") throw new UsageError("invoke must be a function: (name, args, call) => answer");
    return ofInvoke(invoke);
  }
  return /** @type {any} */ (io ? ofIo(io) : ofFdc3(/** @type {object} */ (fdc3)));
}

/** A package and the policy that it comes with. @param {CodeModeOptions["package"]} given @returns {Promise<[Manifest, any]>} */
async function openPackage(given) {
  if (typeof given === "string" || given instanceof URL) {
    const base = new URL(String(given).replace(/\/?$/, "/"), location.href);
    const manifest = Manifest.of(await fetchPackage(new URL("manifest.json", base)), (path) => fetchText(new URL(path, base)));
    const policy = await fetch(new URL("policy.json", base));
    if (!policy.ok && policy.status !== 404) throw new PackageError(`${base.href}policy.json can't be read: status ${policy.status}`);
    return [manifest, policy.ok ? await policy.json() : undefined];
  }
  if (given === null || typeof given !== "object" || !("manifest" in given)) {
    throw new UsageError("package must be the address of a package's folder, or {manifest, files}");
  }
  const { manifest, files = {}, policy } = given;
  return [Manifest.of(manifest, async (path) => textOf(files, path)), policy];
}

/** @param {Record<string, string>} files @param {string} path */
function textOf(files, path) {
  if (!Object.hasOwn(files, path)) throw new Error(`${path} is missing`);
  return files[path];
}

/** @param {URL} url */
async function fetchPackage(url) {
  try {
    return JSON.parse(await fetchText(url));
  } catch (error) {
    throw new PackageError(`${url.href} is no manifest of a package: ${/** @type {Error} */ (error).message}`);
  }
}

/** @param {URL} url @returns {Promise<any>} */
async function fetchJson(url) {
  try {
    return JSON.parse(await fetchText(url));
  } catch (error) {
    const mend = "build the folder again with `codemode web build` and serve it whole";
    throw new PackageError(`${url.href} can't be read: ${/** @type {Error} */ (error).message}; ${mend}`);
  }
}

/** @param {URL} url */
async function fetchText(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.text();
}
