/**
 * What spare workers learn of a catalog before they have a run: the namespaces that runs have asked for, the last of them
 * first, never more than a bounded number of functions and types.
 *
 * A worker that knows what a snippet names asks for nothing and loads nothing while its run waits. It learns from the
 * catalog that policy has left, before anything foreign has run in it; what it doesn't know it asks for.
 */

import { learnMessage } from "./lookup/needs.js";

/** @typedef {import("./manifest.js").Manifest} Manifest */

/** What a run names to use what its worker has learnt. */
export const KEY = "catalog";
const MOST_FUNCTIONS = 100; // a worker takes a millisecond or two for each, while nobody waits for it
const MOST_TYPES = 200; // in the modules behind them

export class Ahead {
  /**
   * @param {Manifest} manifest The catalog as policy leaves it.
   * @param {Record<string, string[]>} masks Record types to the keys that policy masks.
   * @param {(lesson: Record<string, unknown>) => void} teach
   */
  constructor(manifest, masks, teach) {
    this.manifest = manifest;
    this.masks = masks;
    this.teach = teach;
    /** @type {string[]} */
    this.wanted = [];
    /** How many types each stub module has; a namespace brings `records` too. @type {Map<string, number>} */
    this.typesIn = new Map();
    for (const { module } of manifest.types.values()) this.typesIn.set(module, (this.typesIn.get(module) ?? 0) + 1);
  }

  /** Takes note of namespaces that a run has asked for, and has the next spares learn them. @param {string[]} namespaces */
  async named(namespaces) {
    const before = new Set(this.wanted);
    const wanted = this.#first([...new Set([...namespaces, ...this.wanted])]);
    this.wanted = wanted;
    if (wanted.every((one) => before.has(one))) return;
    const lesson = await learnMessage(this.manifest, wanted, { key: KEY, masks: this.masks });
    if (this.wanted === wanted) this.teach(lesson);
  }

  /** The first namespaces that are not too much together. @param {string[]} namespaces */
  #first(namespaces) {
    let functions = MOST_FUNCTIONS;
    let types = MOST_TYPES - (this.typesIn.get("records") ?? 0);
    return namespaces.filter((name) => {
      const { capabilities, module } = /** @type {import("./manifest.js").Namespace} */ (this.manifest.namespaces.get(name));
      const own = this.typesIn.get(module.replace(/\.py$/, "")) ?? 0;
      if (capabilities.length > functions || own > types) return false;
      functions -= capabilities.length;
      types -= own;
      return true;
    });
  }
}
