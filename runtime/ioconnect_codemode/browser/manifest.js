/**
 * A generated package as the page reads it: the catalog as data, and its files, each held to the digest in the manifest.
 *
 * One `Manifest` feeds list, search, definitions, pre-flight check and bridge. A policy narrows it with `only`, so that
 * what is denied can't be seen, named or called. Files are read when they are first used.
 */

import { PackageError } from "./errors.js";
import { RESERVED } from "./language.js";
import { nearest } from "./nearest.js";

/** @typedef {"read" | "write" | "destructive" | "unknown"} Effect */
/** @typedef {{name: string, key: string, type: string, required: boolean, default?: any, nullable?: boolean, option?: string, example?: string | number}} Parameter */
/** @typedef {{name: string, key: string, type: string, required: boolean, note?: string}} Field */
/** @typedef {{kind: "record" | "alias", module: string, definition: string, uses: string[], fields?: Field[], type?: string}} Type */
/**
 * @typedef {object} Capability
 * @property {"method" | "stream" | "intent" | "fdc3_intent" | "context"} kind
 * @property {string} wire
 * @property {string} [accepts]
 * @property {string} [returns_text]
 * @property {string[]} apps
 * @property {Effect} effect
 * @property {string} origin
 * @property {Parameter[]} parameters
 * @property {boolean} [spread]
 * @property {Record<string, any>} [fixed]
 * @property {string[]} [under]
 * @property {string} returns
 * @property {string} signature
 * @property {string} definition
 * @property {string} summary
 * @property {string} [search]
 * @property {string[]} uses
 * @property {any} [input_schema]
 * @property {any} [output_schema]
 */
/** @typedef {{summary: string, module: string, capabilities: string[]}} Namespace */
/**
 * @typedef {object} ManifestData
 * @property {number} schemaVersion
 * @property {string} name
 * @property {string} catalog
 * @property {Record<string, string>} files
 * @property {Record<string, Namespace>} namespaces
 * @property {Record<string, Type>} types
 * @property {Record<string, Capability>} capabilities
 */

const SCHEMA_VERSION = 1;
const MEND = "make it with `codemode generate ENVIRONMENT -o FOLDER`";

/** What every part of a section has at least: a document that was cut or edited is told before anything reads it. */
const FORMS = {
  namespaces: { texts: ["module"], lists: ["capabilities"] },
  types: { texts: ["kind", "definition"], lists: ["uses"] },
  capabilities: { texts: ["kind", "wire", "effect", "returns", "signature", "definition"], lists: ["apps", "parameters", "uses"] },
};

/** @param {any} part @param {{texts: string[], lists: string[]}} form */
function hasForm(part, { texts, lists }) {
  if (part === null || typeof part !== "object") return false;
  return texts.every((name) => typeof part[name] === "string") && lists.every((name) => Array.isArray(part[name]));
}

/** Reads a file of the package by its path in it. @callback ReadFile @param {string} path @returns {Promise<string>} */
/** Says what is to be done where a file of the package is not the one that it must be. @callback Mend @returns {Promise<string>} */

export class Manifest {
  /**
   * @param {ManifestData} data
   * @param {Files} files
   */
  constructor(data, files) {
    this.data = data;
    this.files = files;
    this.name = data.name;
    this.digest = data.catalog;
    /** @type {Map<string, Namespace>} */
    this.namespaces = new Map(Object.entries(data.namespaces));
    /** @type {Map<string, Type>} */
    this.types = new Map(Object.entries(data.types));
    /** @type {Map<string, Capability>} */
    this.capabilities = new Map(Object.entries(data.capabilities));
    /** @type {Map<string, string> | null} */
    this.globals = null;
    /** @type {Set<string> | null} */
    this.used = null;
  }

  /**
   * The manifest of a package.
   *
   * @param {unknown} document What `manifest.json` has.
   * @param {ReadFile} read
   * @param {Mend} [mend]
   * @throws {PackageError} It is none, or was made for another version.
   */
  static of(document, read, mend = async () => MEND) {
    const data = /** @type {any} */ (document);
    if (data === null || typeof data !== "object" || !("schemaVersion" in data)) throw new PackageError(`manifest.json is not a manifest; ${MEND}`);
    if (data.schemaVersion !== SCHEMA_VERSION) {
      const version = String(JSON.stringify(data.schemaVersion)).slice(0, 20);
      throw new PackageError(`manifest.json has schema version ${version}, this runtime reads ${SCHEMA_VERSION}; ${MEND}`);
    }
    const isWhole = ["files", "namespaces", "types", "capabilities"].every((one) => data[one] !== null && typeof data[one] === "object");
    if (!isWhole || typeof data.name !== "string" || typeof data.catalog !== "string") {
      throw new PackageError(`manifest.json is not a manifest; ${MEND}`);
    }
    for (const [section, form] of Object.entries(FORMS)) {
      const wrong = Object.entries(data[section]).find(([, part]) => !hasForm(part, form));
      if (wrong !== undefined) throw new PackageError(`manifest.json is not a manifest: ${section} has no whole ${wrong[0].slice(0, 80)}; ${MEND}`);
    }
    return new Manifest(data, new Files(data.files, read, mend));
  }

  /** The manifest without the capabilities that `keep` refuses. @param {(name: string, entry: Capability) => boolean} keep @returns {Manifest} */
  only(keep) {
    const kept = new Map([...this.capabilities].filter(([name, entry]) => keep(name, entry)));
    if (kept.size === this.capabilities.size) return this;
    const made = new Manifest(this.data, this.files);
    made.capabilities = kept;
    made.namespaces = new Map();
    for (const [name, namespace] of this.namespaces) {
      const left = namespace.capabilities.filter((one) => kept.has(`${name}.${one}`));
      if (left.length > 0) made.namespaces.set(name, { ...namespace, capabilities: left });
    }
    return made;
  }

  /** The manifest with effects that a person has reviewed. @param {Readonly<Record<string, Effect>>} effects @returns {Manifest} */
  withEffects(effects) {
    if (Object.keys(effects).length === 0) return this;
    const made = new Manifest(this.data, this.files);
    made.namespaces = this.namespaces;
    made.capabilities = new Map(
      [...this.capabilities].map(([name, entry]) => [name, Object.hasOwn(effects, name) ? { ...entry, effect: effects[name] } : entry]),
    );
    return made;
  }

  /** Function names that are unambiguous in this catalog, to the full name. */
  get globalFunctions() {
    if (this.globals === null) {
      const byFunction = this.#grouped((name) => functionOf(name));
      this.globals = new Map();
      for (const [name, full] of byFunction) {
        if (full.length === 1 && !RESERVED.has(name) && !/^__\w+__$/.test(name) && !this.namespaces.has(name)) this.globals.set(name, full[0]);
      }
    }
    return this.globals;
  }

  /** The types that these capabilities and types need, each after those it uses. @param {Iterable<string>} names @returns {string[]} */
  uses(names) {
    /** @type {Set<string>} */
    const ordered = new Set();
    /** @type {(name: string, path: string[]) => void} */
    const visit = (name, path) => {
      const type = this.types.get(name);
      if (ordered.has(name) || path.includes(name) || type === undefined) return;
      for (const used of type.uses) visit(used, [...path, name]);
      ordered.add(name);
    };
    for (const one of names) for (const name of this.types.has(one) ? [one] : (this.capabilities.get(one)?.uses ?? [])) visit(name, []);
    return [...ordered];
  }

  /** The types that its capabilities need; of what policy has taken out there may be more in `types`. */
  get usedTypes() {
    this.used ??= new Set(this.uses(this.capabilities.keys()));
    return this.used;
  }

  /** The capabilities that a name means: full, unambiguous or `crm.*`; several where it is ambiguous. @param {string} name @returns {string[]} */
  resolve(name) {
    if (this.capabilities.has(name)) return [name];
    if (name.endsWith(".*")) {
      const namespace = name.slice(0, -2);
      return (this.namespaces.get(namespace)?.capabilities ?? []).map((one) => `${namespace}.${one}`);
    }
    return this.#grouped((full) => functionOf(full)).get(name) ?? [];
  }

  /** The capabilities of a method or intent, by its name in io.Connect. @param {string} wire */
  offeredAs(wire) {
    return this.#grouped((_, entry) => entry.wire).get(wire) ?? [];
  }

  /** The capabilities that a name may be a slip of. @param {string} name @param {number} [most] */
  nearest(name, most = 3) {
    const direct = name.includes(".") ? nearest(name, this.capabilities.keys(), { most }) : [];
    const byFunction = new Map([...this.capabilities.keys()].map((full) => [functionOf(full), full]));
    const found = nearest(name.slice(name.lastIndexOf(".") + 1), byFunction.keys(), { most });
    return [...new Set([...direct, ...found.map((one) => /** @type {string} */ (byFunction.get(one)))])].slice(0, most);
  }

  /** The source text of a stub module. @param {string} module */
  async stub(module) {
    return this.files.text(`${module}.py`);
  }

  /** The JSON Schemas of a capability at the wire; the same objects every time. @param {string} name @returns {Promise<{input_schema: any, output_schema: any}>} */
  async schemas(name) {
    const namespace = namespaceOf(name);
    const path = `schemas/${namespace}.json`;
    if (!this.files.has(path)) {
      const entry = /** @type {Capability} */ (this.capabilities.get(name));
      return { input_schema: entry.input_schema ?? {}, output_schema: entry.output_schema ?? null };
    }
    const all = await this.files.json(path);
    const function_ = functionOf(name);
    if (!Object.hasOwn(all, function_)) throw new PackageError(`${path} has no schemas of ${name}; ${MEND}`);
    return all[function_];
  }

  /** The words of every capability, by its name. @param {string} path @returns {Promise<Record<string, string>>} */
  async searchLines(path) {
    return this.files.has(path) ? this.files.json(path) : {};
  }

  /** The stub modules that a namespace needs. @param {string} namespace */
  modulesOf(namespace) {
    const own = /** @type {Namespace} */ (this.namespaces.get(namespace)).module.replace(/\.py$/, "");
    return this.files.has("records.py") ? [own, "records"] : [own];
  }

  /** @param {(name: string, entry: Capability) => string} key */
  #grouped(key) {
    /** @type {Map<string, string[]>} */
    const found = new Map();
    for (const [name, entry] of this.capabilities) {
      const at = key(name, entry);
      const others = found.get(at);
      if (others) others.push(name);
      else found.set(at, [name]);
    }
    return found;
  }
}

/** The files of a package, read once each. */
class Files {
  /** @param {Record<string, string>} digests @param {ReadFile} read @param {Mend} mend */
  constructor(digests, read, mend) {
    this.digests = digests;
    this.read = read;
    this.mend = mend;
    /** @type {Map<string, Promise<string>>} */
    this.texts = new Map();
    /** @type {Map<string, Promise<any>>} */
    this.documents = new Map();
  }

  /** @param {string} path */
  has(path) {
    return Object.hasOwn(this.digests, path);
  }

  /** @param {string} path @returns {Promise<any>} */
  json(path) {
    return kept(this.documents, path, () => this.text(path).then(JSON.parse));
  }

  /** @param {string} path @returns {Promise<string>} @throws {PackageError} It is missing, or is not the file that the manifest names. */
  text(path) {
    return kept(this.texts, path, () => this.#checked(path));
  }

  /** @param {string} path */
  async #checked(path) {
    let text;
    try {
      text = await this.read(path);
    } catch (error) {
      const reason = String(/** @type {any} */ (error)?.message ?? error).slice(0, 120);
      throw new PackageError(`${path} is missing from the package (${reason}); ${await this.mend()}`);
    }
    const digest = this.has(path) ? await sha256(text.replaceAll("\r\n", "\n")) : "";
    if (digest !== this.digests[path]) throw new PackageError(`${path} is not the file that manifest.json names; ${await this.mend()}`);
    return text;
  }
}

/**
 * What was made under a key, made once; a failure is not kept.
 *
 * @template Made
 * @param {Map<string, Promise<Made>>} known @param {string} key @param {() => Promise<Made>} make
 * @returns {Promise<Made>}
 */
function kept(known, key, make) {
  let found = known.get(key);
  if (found === undefined) {
    found = make();
    known.set(key, found);
    found.catch(() => known.delete(key));
  }
  return found;
}

/** @param {string} text */
async function sha256(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (one) => one.toString(16).padStart(2, "0")).join("");
}

/** @param {string} name */
export function namespaceOf(name) {
  return name.split(".", 1)[0];
}

/** @param {string} name */
export function functionOf(name) {
  const dot = name.indexOf(".");
  return dot < 0 ? "" : name.slice(dot + 1);
}
