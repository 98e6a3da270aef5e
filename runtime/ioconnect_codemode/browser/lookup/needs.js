/** What a worker is given of a catalog: the stub modules behind a snippet's names, as source text. */

import { nearest } from "../nearest.js";
import { cut } from "../text.js";

/** @typedef {import("../manifest.js").Manifest} Manifest */

const COMPARED = 5; // what a snippet is told at once

/** Answers a worker's `need`: the namespaces and functions among these names, with what they stand on. @param {Manifest} manifest @param {string[]} names */
export async function stubsMessage(manifest, names) {
  const { namespaces, functions, unknown } = meantBy(manifest, names);
  return {
    type: "stubs",
    package: manifest.name,
    ...(await stubsPart(manifest, namespaces)),
    functions: Object.fromEntries(functions),
    unknown: Object.fromEntries(unknown),
  };
}

/**
 * What a spare learns before it has a run: these namespaces, their global functions, their types.
 *
 * @param {Manifest} manifest
 * @param {string[]} namespaces
 * @param {{key: string, masks: Record<string, string[]>}} options What a run names to use it; record types to the keys that policy masks.
 */
export async function learnMessage(manifest, namespaces, { key, masks }) {
  const owned = [...manifest.globalFunctions].filter(([, full]) => namespaces.includes(full.split(".", 1)[0]));
  return {
    type: "learn",
    key,
    ...(await stubsPart(manifest, namespaces)),
    functions: Object.fromEntries(owned),
    types_of: Object.fromEntries(namespaces.map((name) => [name, manifest.uses(fullNames(manifest, name))])),
    masks,
  };
}

/** What a worker is given of some namespaces. @param {Manifest} manifest @param {string[]} namespaces */
async function stubsPart(manifest, namespaces) {
  const modules = [...new Set(namespaces.flatMap((namespace) => manifest.modulesOf(namespace)))];
  const texts = await Promise.all(modules.map((module) => manifest.stub(module)));
  const entries = namespaces.flatMap((namespace) => fullNames(manifest, namespace));
  return {
    modules: Object.fromEntries(modules.map((module, at) => [module, texts[at]])),
    namespaces: Object.fromEntries(namespaces.map((name) => [name, namespaceOf(manifest, name)])),
    entries: Object.fromEntries(entries.map((name) => [name, entryOf(manifest, name)])),
    types: Object.fromEntries(manifest.uses(entries).map((name) => [name, manifest.types.get(name)])),
  };
}

/** @param {Manifest} manifest @param {string} name */
function namespaceOf(manifest, name) {
  const { module, capabilities } = /** @type {import("../manifest.js").Namespace} */ (manifest.namespaces.get(name));
  return { module: module.replace(/\.py$/, ""), functions: capabilities };
}

/** @param {Manifest} manifest @param {string} namespace */
function fullNames(manifest, namespace) {
  return namespaceOf(manifest, namespace).functions.map((name) => `${namespace}.${name}`);
}

/** @param {Manifest} manifest @param {string[]} names */
function meantBy(manifest, names) {
  /** @type {Map<string, string>} */
  const functions = new Map();
  /** @type {Set<string>} */
  const namespaces = new Set();
  /** @type {Map<string, string[]>} */
  const unknown = new Map();
  let compared = 0;
  for (const name of names) {
    const full = manifest.globalFunctions.get(name);
    if (manifest.namespaces.has(name)) namespaces.add(name);
    else if (full !== undefined) {
      functions.set(name, full);
      namespaces.add(full.split(".", 1)[0]);
    } else {
      // A name in several namespaces has them all; comparing thousands of names takes time, so only a few are compared.
      const same = name.includes(".") ? [] : manifest.resolve(name);
      const isCompared = same.length === 0 && compared < COMPARED;
      if (isCompared) compared += 1;
      unknown.set(cut(name, 200), isCompared ? near(manifest, name) : same);
    }
  }
  return { functions, namespaces: [...namespaces], unknown };
}

/** The namespace that a name may be a slip of, else functions. @param {Manifest} manifest @param {string} name */
function near(manifest, name) {
  const found = nearest(name, manifest.namespaces.keys(), { cutoff: 0.8 });
  return found.length > 0 ? found : manifest.nearest(name);
}

/** @param {Manifest} manifest @param {string} name */
function entryOf(manifest, name) {
  const { parameters, returns, signature } = /** @type {import("../manifest.js").Capability} */ (manifest.capabilities.get(name));
  return { parameters, returns, signature };
}
