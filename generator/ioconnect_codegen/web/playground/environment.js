// @ts-check
/**
 * What a package offers, for people: names, effects and schemas out of its own files. What the policy leaves of it, and
 * every text that a model reads, come from Code Mode itself.
 */

/**
 * @typedef {object} Entry
 * @property {string} name `crm.find_clients`
 * @property {string} wire
 * @property {"read" | "write" | "destructive" | "unknown"} effect
 * @property {string} summary
 * @property {string} signature
 * @property {any[]} parameters
 * @property {unknown} schema Of its arguments.
 */

export class Environment {
  /** @param {any} manifest @param {Map<string, Entry>} entries */
  constructor(manifest, entries) {
    this.name = String(manifest.name);
    this.catalog = String(manifest.catalog);
    this.entries = entries;
    /** @type {Map<string, string>} */
    this.summaries = new Map(Object.entries(manifest.namespaces).map(([name, one]) => [name, /** @type {any} */ (one).summary]));
  }

  /** The entries by namespace, in order. */
  get namespaces() {
    /** @type {Map<string, Entry[]>} */
    const found = new Map();
    for (const entry of this.entries.values()) {
      const namespace = entry.name.split(".", 1)[0];
      found.set(namespace, [...(found.get(namespace) ?? []), entry]);
    }
    return found;
  }
}

/**
 * Read a package's files.
 * @param {URL} folder
 * @param {any} policy
 * @returns {Promise<Environment>}
 */
export async function readEnvironment(folder, policy) {
  const manifest = await readJson(new URL("manifest.json", folder));
  const namespaces = Object.keys(manifest.namespaces);
  const files = namespaces.map((name) => `schemas/${name}.json`).filter((path) => path in manifest.files);
  const schemas = new Map(await Promise.all(files.map(async (path) => /** @type {const} */ ([path, await readJson(new URL(path, folder))]))));
  /** @type {Map<string, Entry>} */
  const entries = new Map();
  for (const [name, one] of Object.entries(manifest.capabilities)) {
    const { wire, summary, signature, parameters, effect, input_schema } = /** @type {any} */ (one);
    const [namespace, ...rest] = name.split(".");
    const schema = schemas.get(`schemas/${namespace}.json`)?.[rest.join(".")]?.input_schema ?? input_schema ?? {};
    entries.set(name, { name, wire, summary, signature, parameters, schema, effect: policy?.effects?.[name] ?? effect });
  }
  return new Environment(manifest, entries);
}

/** @param {URL} url @returns {Promise<any>} */
export async function readJson(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname} is not there: status ${response.status}; build the folder again with \`codemode web build\``);
  return response.json();
}
