/**
 * Masked fields: which parts of an app's answer a snippet may use and nobody outside may see.
 *
 * A pattern is `Client.taxId` or `*.iban`: a glob over record types, a dot, and a field by its wire key or Python name.
 *
 * 1. Where a declared type says that a record lies, its masked fields are found by that type, at any depth.
 * 2. Where an answer has not the declared form (signatures are known to lie), every masked key counts, wherever it stands.
 * 3. Where nothing is declared (`Any`), and in keys that a record doesn't declare, patterns for any record count.
 */

import { matches } from "./glob.js";
import { MaskedValues } from "./scrubbing.js";
import { typeOf } from "./types.js";
import { entries, field, isObject } from "./values.js";

/** @typedef {import("./manifest.js").Type} Type */
/** @typedef {import("./types.js").TypeNode} TypeNode */
/** @typedef {(value: any, found: MaskedValues) => void} Finder */

/** Whether a text is a pattern: a glob over record types, a dot, a field's whole name. @param {string} text */
export function isPattern(text) {
  const [record, field] = parted(text);
  return record !== "" && field !== "" && !/[*?[]/.test(field);
}

/** The masked fields of one catalog. */
export class Masks {
  /** @param {readonly string[]} patterns @param {import("./manifest.js").Manifest} manifest */
  constructor(patterns, manifest) {
    this.manifest = manifest;
    /** @type {Map<string, Set<string>>} Wire key to the names that a snippet may give it. */
    this.names = new Map();
    /** @type {Map<string, Finder | null>} */
    this.finders = new Map();
    /** @type {Map<string, Set<string>>} Record type to its masked wire keys, declared or not. */
    this.byType = new Map();
    /** @type {Set<string>} Keys that are masked whatever record they stand in. */
    this.anywhere = new Set();
    for (const pattern of patterns) this.#take(pattern);
    this.all = new Set([...this.anywhere, ...[...this.byType.values()].flatMap((keys) => [...keys])]);
  }

  /** @param {string} pattern */
  #take(pattern) {
    const [record, name] = parted(pattern);
    if (record === "*") this.anywhere.add(name);
    for (const [type, data] of this.manifest.types) {
      if (data.kind !== "record" || !matches(type, record)) continue;
      const declared = (data.fields ?? []).filter((one) => one.key === name || one.name === name);
      added(this.byType, type, [declared[0]?.key ?? name]);
      for (const one of declared) {
        added(this.names, one.key, [one.key, one.name]);
        if (record === "*") this.anywhere.add(one.key).add(one.name);
      }
    }
  }

  /** The record types that the worker masks, and their keys. @returns {Record<string, string[]>} */
  ofRecords() {
    const records = [...this.manifest.types].filter(([, data]) => data.kind === "record").map(([name]) => name);
    const masked = this.anywhere.size > 0 ? records : [...this.byType.keys()];
    return Object.fromEntries(masked.map((name) => [name, [...new Set([...(this.byType.get(name) ?? []), ...this.anywhere])].sort()]));
  }

  /** What a run collects its masked values in. */
  start() {
    return new MaskedValues({ anywhere: this.anywhere, names: this.names });
  }

  /** Collects the masked values of a capability's answer. @param {string} name @param {any} answer @param {MaskedValues} found */
  collect(name, answer, found) {
    const finder = this.#finder(/** @type {any} */ (this.manifest.capabilities.get(name)).returns);
    if (finder === null) return;
    try {
      finder(answer, found);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#search(answer, found, this.all); // an answer of thousands of levels: looked through without recursion
    }
  }

  /** Collects from a value that no type speaks of, the inputs of a run for instance. @param {any} value @param {MaskedValues} found */
  collectLoose(value, found) {
    this.#search(value, found, this.anywhere);
  }

  /** Collects from the arguments of a call. @param {import("./manifest.js").Parameter[]} parameters @param {any} given @param {MaskedValues} found */
  collectArguments(parameters, given, found) {
    for (const { name, key, type } of parameters) {
      const value = field(given, name);
      if (value === undefined) continue;
      if (this.anywhere.has(name) || this.anywhere.has(key)) found.add(key, value, `*.${key}`, false);
      else this.#finder(type)?.(value, found);
    }
  }

  // -- finders: one a type, made on first use

  /** @param {string} expression @returns {Finder | null} */
  #finder(expression) {
    let finder = this.finders.get(expression);
    if (finder === undefined) {
      finder = this.#of(typeOf(expression));
      this.finders.set(expression, finder);
    }
    return finder;
  }

  /** @param {TypeNode} node @returns {Finder | null} */
  #of(node) {
    switch (node.kind) {
      case "list":
        return this.#ofItems(this.#of(node.item), Array.isArray);
      case "dict":
        return this.#ofItems(this.#of(node.item), isObject);
      case "tuple":
        return this.#ofItems(ofAny(node.items.map((one) => this.#of(one))), Array.isArray);
      case "union":
        return ofAny(node.members.map((one) => this.#of(one)));
      case "literal":
        return null;
      default:
    }
    if (node.name === "Any") return this.anywhere.size > 0 ? (value, found) => this.collectLoose(value, found) : null;
    return this.manifest.types.has(node.name) ? this.#ofType(node.name) : null;
  }

  /** @param {string} name @returns {Finder | null} */
  #ofType(name) {
    const data = /** @type {Type} */ (this.manifest.types.get(name));
    if (data.kind === "alias") return this.#finder(data.type ?? "Any");
    const known = this.finders.get(name);
    if (known !== undefined) return known;
    if (this.anywhere.size === 0 && ![name, ...this.#used(name)].some((one) => this.byType.has(one))) return null;
    /** @type {[string, Finder][]} */
    const nested = [];
    const own = this.byType.get(name) ?? new Set();
    const masked = new Map(
      [...own, ...this.anywhere].map((key) => [key, { label: own.has(key) ? `${name}.${key}` : `*.${key}`, isChoice: this.#isChoiceOf(data, key) }]),
    );
    const declared = new Set((data.fields ?? []).map((one) => one.key));
    const finder = this.#ofRecord(masked, nested, declared);
    this.finders.set(name, finder); // before its fields: a record may hold itself
    for (const one of data.fields ?? []) {
      const inner = masked.has(one.key) ? null : this.#finder(one.type);
      if (inner !== null) nested.push([one.key, inner]);
    }
    return finder;
  }

  /** @param {Map<string, {label: string, isChoice: boolean}>} masked @param {[string, Finder][]} nested @param {Set<string>} declared @returns {Finder} */
  #ofRecord(masked, nested, declared) {
    return (value, found) => {
      if (!isObject(value)) {
        this.#misfit(value, found);
        return;
      }
      for (const [key, { label, isChoice }] of masked) {
        const inner = field(value, key);
        if (inner !== undefined) found.add(key, inner, label, isChoice);
      }
      for (const [key, finder] of nested) {
        const inner = field(value, key);
        if (inner !== undefined) finder(inner, found);
      }
      if (this.anywhere.size === 0) return;
      for (const [key, inner] of entries(value)) if (!declared.has(key)) this.collectLoose(inner, found);
    };
  }

  /** The types that a type uses, at any depth. @param {string} name */
  #used(name) {
    /** @type {Set<string>} */
    const seen = new Set();
    const waiting = [name];
    while (waiting.length > 0) {
      for (const used of this.manifest.types.get(/** @type {string} */ (waiting.pop()))?.uses ?? []) {
        if (!seen.has(used) && this.manifest.types.has(used)) {
          seen.add(used);
          waiting.push(used);
        }
      }
    }
    return seen;
  }

  /** @param {Finder | null} inner @param {(value: any) => boolean} isForm @returns {Finder | null} */
  #ofItems(inner, isForm) {
    if (inner === null) return null;
    return (value, found) => {
      if (!isForm(value)) {
        this.#misfit(value, found);
        return;
      }
      for (const item of Array.isArray(value) ? value : entries(value).map(([, one]) => one)) inner(item, found);
      if (!Array.isArray(value)) this.#ofKeys(value, this.anywhere, found);
    };
  }

  /** Collects what stands under these keys of one object of no known type. @param {any} value @param {Set<string>} keys @param {MaskedValues} found */
  #ofKeys(value, keys, found) {
    for (const key of keys) {
      const inner = field(value, key);
      if (inner !== undefined) found.add(key, inner, `*.${key}`, false);
    }
  }

  /** Collects from a value that has not its declared form. @param {any} value @param {MaskedValues} found */
  #misfit(value, found) {
    if (Array.isArray(value) || isObject(value)) this.#search(value, found, this.all);
  }

  /** @param {any} value @param {MaskedValues} found @param {Set<string>} keys */
  #search(value, found, keys) {
    const waiting = [value];
    while (waiting.length > 0) {
      const item = waiting.pop();
      const isList = Array.isArray(item);
      if (!isList && !isObject(item)) continue;
      if (!isList) this.#ofKeys(item, keys, found);
      for (const inner of isList ? item : entries(item).map(([, one]) => one)) if (inner !== null && typeof inner === "object") waiting.push(inner);
    }
  }

  /** Whether a declared field has a few values that everybody knows: a choice, a truth value. @param {Type} data @param {string} key */
  #isChoiceOf(data, key) {
    const declared = (data.fields ?? []).find((one) => one.key === key);
    return declared !== undefined && this.#isChoice(typeOf(declared.type));
  }

  /** @param {TypeNode} node @returns {boolean} */
  #isChoice(node) {
    if (node.kind === "literal") return true;
    if (node.kind === "union") return node.members.every((one) => this.#isChoice(one));
    if (node.kind !== "name") return false;
    if (node.name === "bool" || node.name === "None") return true;
    const data = this.manifest.types.get(node.name);
    return data?.kind === "alias" && this.#isChoice(typeOf(data.type ?? "Any"));
  }
}

/** The finder of a union: all its members look, for which one holds can't be told from a hostile answer. @param {(Finder | null)[]} members @returns {Finder | null} */
function ofAny(members) {
  const finders = /** @type {Finder[]} */ (members.filter((one) => one !== null));
  if (finders.length <= 1) return finders[0] ?? null;
  return (value, found) => {
    for (const finder of finders) finder(value, found);
  };
}

/** @param {string} pattern */
function parted(pattern) {
  const dot = pattern.indexOf(".");
  return dot < 0 ? [pattern, ""] : [pattern.slice(0, dot), pattern.slice(dot + 1)];
}

/** @param {Map<string, Set<string>>} sets @param {string} key @param {string[]} items */
function added(sets, key, items) {
  const found = sets.get(key) ?? new Set();
  for (const item of items) found.add(item);
  sets.set(key, found);
}
