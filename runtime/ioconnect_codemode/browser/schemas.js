/**
 * JSON Schemas at the wire: the authority on what may be sent to an app and what an app has answered.
 *
 * The verdict is that of @cfworker/json-schema, with `format` asserted; this room chooses the draft, refuses schemas that
 * lead outside themselves, and puts what is found into words. It runs in a worker of the page's own, because a pattern of
 * a schema may backtrack without end.
 */

import { MOST, finding } from "./findings.js";
import { FORMATS } from "./formats.js";
import { isDeep, isObject, jsonKind } from "./values.js";

/** @typedef {import("./findings.js").Finding} Finding */
/** @typedef {{instanceLocation: string, keyword: string, keywordLocation: string, error: string}} Unit */
/** @typedef {{lookup: Record<string, any>, validate: (value: any) => {valid: boolean, errors: Unit[]}}} Validator */
/**
 * @typedef {object} SchemaLibrary What is used of the validator's package.
 * @property {new (schema: any, draft: string, shortCircuit: boolean) => Validator} Validator
 * @property {Record<string, (text: string) => boolean>} format
 */

const LEVELS = 200; // the library goes down by recursion
const CHOICES = new Set(["anyOf", "oneOf", "not", "propertyNames", "contains"]);
const FURTHER = new Set(["additionalProperties", "unevaluatedProperties", "additionalItems", "unevaluatedItems"]);
/** Keywords that only say that something inside doesn't fit; that is said for itself. */
const OUTER = new Set([
  ...["properties", "patternProperties", "additionalProperties", "unevaluatedProperties", "dependentSchemas"],
  ...["items", "prefixItems", "additionalItems", "unevaluatedItems", "allOf", "$ref", "$recursiveRef", "if"],
]);
const DRAFTS = /^https?:\/\/json-schema\.org\/(?:draft-0([467])|draft\/(2019-09|2020-12))\/schema#?$/;

export class SchemaError extends Error {}

/** Makes validators of schemas. @param {SchemaLibrary} library @returns {(schema: any) => Checked} */
export function compiler(library) {
  Object.assign(library.format, FORMATS);
  return (schema) => new Checked(library, schema);
}

/** One schema, compiled. */
class Checked {
  /** @param {SchemaLibrary} library @param {any} schema @throws {SchemaError} It is not valid, or refers to something outside itself. */
  constructor(library, schema) {
    if (typeof schema !== "boolean" && !isObject(schema)) throw new SchemaError("a schema is an object or a truth value");
    const draft = draftOf(schema);
    const own = withReadablePatterns(structuredClone(schema));
    this.first = new library.Validator(own, draft, true);
    this.all = new library.Validator(own, draft, false);
    for (const part of Object.values(this.first.lookup)) {
      const reference = part.__absolute_ref__;
      if (part.$dynamicRef !== undefined) throw new SchemaError("$dynamicRef is not followed in a page");
      if (reference !== undefined && this.first.lookup[reference] === undefined) {
        throw new SchemaError(`the reference ${String(part.$ref).slice(0, 80)} leads nowhere`);
      }
    }
    this.root = own;
  }

  /** The first places where a value doesn't fit; none where it fits. @param {any} value @returns {Finding[]} */
  findings(value) {
    if (isDeep(value, LEVELS)) return [{ path: "$", expected: `at most ${LEVELS} levels`, got: "more" }];
    try {
      if (this.first.validate(value).valid) return [];
      return this.#worded(this.all.validate(value).errors, value);
    } catch (error) {
      // More errors than a call may have arguments, or a key that is half a character.
      if (error instanceof RangeError || error instanceof URIError) return [{ path: "$", expected: "what the schema allows", got: jsonKind(value) }];
      throw error;
    }
  }

  /** @param {Unit[]} units @param {any} value */
  #worded(units, value) {
    /** @type {Finding[]} */
    const found = [];
    const told = new Set();
    for (let at = 0; at < units.length && found.length < MOST; at += 1) {
      const unit = units[at];
      const path = pathOf(unit.instanceLocation, value);
      if (unit.keyword === "false") {
        found.push(finding({ kind: "falseSchema", asked: false, path, found: partAt(value, path) }));
      } else if (FURTHER.has(unit.keyword) && units[at + 1]?.keyword === "false") {
        const key = `${unit.keyword} ${unit.instanceLocation}`;
        if (!told.has(key)) found.push(this.#further(units, unit, path, value));
        told.add(key);
        at += 1;
      } else if (CHOICES.has(unit.keyword)) {
        found.push(finding({ kind: unit.keyword, asked: null, path, found: partAt(value, path) }));
        while (isWithin(units[at + 1], unit)) at += 1;
      } else if (!OUTER.has(unit.keyword)) found.push(this.#one(unit, path, value));
    }
    return found.length > 0 ? found : [{ path: "$", expected: "what the schema allows", got: "something else" }];
  }

  /** @param {Unit} unit @param {(string | number)[]} path @param {any} value */
  #one(unit, path, value) {
    const isMissing = unit.keyword === "required" || unit.keyword === "dependentRequired" || unit.keyword === "dependencies";
    const asked = isMissing ? (/"([^]*)"\.$/.exec(unit.error)?.[1].split('have "').pop() ?? "") : this.#askedAt(unit.keywordLocation);
    return finding({ kind: isMissing ? "required" : unit.keyword, asked, path, found: partAt(value, path) });
  }

  /** @param {Unit[]} units @param {Unit} first @param {(string | number)[]} path @param {any} value */
  #further(units, first, path, value) {
    if (first.keyword.endsWith("Items")) {
      const asked = first.keyword === "additionalItems" ? this.#askedAt(first.keywordLocation.replace(/additionalItems$/, "items")).length : null;
      return finding({ kind: first.keyword, asked, path, found: partAt(value, path) });
    }
    const names = units
      .filter((one, at) => one.keyword === "false" && units[at - 1]?.keywordLocation === first.keywordLocation && units[at - 1].instanceLocation === first.instanceLocation)
      .map((one) => stepsOf(one.instanceLocation).pop());
    return finding({ kind: first.keyword, asked: names, path, found: partAt(value, path) });
  }

  /** What a keyword asks for, by the way to it, which goes through references. @param {string} location */
  #askedAt(location) {
    let at = this.root;
    for (const step of stepsOf(location)) {
      if (step === "$ref") at = this.first.lookup[at.__absolute_ref__ ?? at.$ref];
      else at = at?.[step];
      if (at === undefined) return "";
    }
    return at;
  }
}

/** Whether a mismatch is one of a choice's; of a schema that is false the library says only where the value stands. @param {Unit | undefined} unit @param {Unit} choice */
function isWithin(unit, choice) {
  return unit !== undefined && (unit.keyword === "false" || unit.keywordLocation.startsWith(`${choice.keywordLocation}/`));
}

/** The declared draft; draft 7 for lists of item schemas without a declaration, else 2020-12. @param {any} schema */
function draftOf(schema) {
  if (typeof schema === "boolean") return "2020-12";
  if ("$schema" in schema) {
    const found = DRAFTS.exec(String(schema.$schema));
    if (found === null) throw new SchemaError(`the draft ${String(schema.$schema).slice(0, 80)} is unknown`);
    return found[2] ?? (found[1] === "6" ? "7" : found[1]);
  }
  return JSON.stringify(schema).includes('"items":[') ? "7" : "2020-12";
}

/** Puts a pattern that JavaScript can read in the place of each that it can't, one that matches nothing where there is none. @param {any} schema */
function withReadablePatterns(schema) {
  const waiting = [schema];
  while (waiting.length > 0) {
    const part = waiting.pop();
    if (part === null || typeof part !== "object") continue;
    if (typeof part.pattern === "string") part.pattern = readable(part.pattern);
    if (isObject(part.patternProperties)) {
      part.patternProperties = Object.fromEntries(Object.entries(part.patternProperties).map(([pattern, inner]) => [readable(pattern), inner]));
    }
    waiting.push(...Object.values(part));
  }
  return schema;
}

/** @param {string} pattern */
function readable(pattern) {
  const simpler = pattern.replace(/\\([-_:;,'"`~!@#%&=<> ])/g, "$1");
  return [pattern, simpler].find(isPattern) ?? "(?!)";
}

/** @param {string} pattern */
function isPattern(pattern) {
  try {
    return new RegExp(pattern, "u") !== null;
  } catch {
    return false;
  }
}

/** @param {string} location */
function stepsOf(location) {
  return location.split("/").slice(1).map((step) => decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** @param {string} location @param {any} value @returns {(string | number)[]} */
function pathOf(location, value) {
  let at = value;
  return stepsOf(location).map((step) => {
    const key = Array.isArray(at) ? Number(step) : step;
    at = at?.[key];
    return key;
  });
}

/** @param {any} value @param {(string | number)[]} path */
function partAt(value, path) {
  return path.reduce((at, step) => at?.[step], value);
}
