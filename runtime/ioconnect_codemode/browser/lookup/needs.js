/** What a worker is given of a catalog: the stub modules behind a snippet's names, as source text. */

import { nearest } from "../nearest.js";
import { cut } from "../text.js";

/** @typedef {import("../manifest.js").Manifest} Manifest */

const COMPARED = 5; // what a snippet is told at once

/** Answers a worker's `need`: the namespaces and functions among these names, with what they stand on. @param {Manifest} manifest @param {string[]} names */
export async function stubsMessage(manifest, names) {
  const found = meantBy(manifest, names);
  const modules = [...new Set(found.namespaces.flatMap((namespace) => manifest.modulesOf(namespace)))];
  const texts = await Promise.all(modules.map((module) => manifest.stub(module)));
  /** @param {string} namespace */
  const functionsOf = (namespace) => manifest.namespaces.get(namespace)?.capabilities ?? [];
  const entries = found.namespaces.flatMap((namespace) => functionsOf(namespace).map((name) => `${namespace}.${name}`));
  return {
    type: "stubs",
    package: manifest.name,
    modules: Object.fromEntries(modules.map((module, at) => [module, texts[at]])),
    namespaces: Object.fromEntries(
      found.namespaces.map((name) => [
        name,
        { module: manifest.namespaces.get(name)?.module.replace(/\.py$/, ""), functions: functionsOf(name) },
      ]),
    ),
    functions: Object.fromEntries(found.functions),
    entries: Object.fromEntries(entries.map((name) => [name, entryOf(manifest, name)])),
    types: Object.fromEntries(manifest.uses(entries).map((name) => [name, manifest.types.get(name)])),
    unknown: Object.fromEntries(found.unknown),
  };
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
