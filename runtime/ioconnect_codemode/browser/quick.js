/**
 * The quick yes: whether a value fits a schema for sure, found in the page in a bounded number of steps.
 *
 * It knows the plain part of JSON Schema that nearly all generated schemas consist of, and of a schema's regular
 * expressions those of a fixed length, `^[A-Z]{3}$`, which can't take long. It never says no: what it isn't sure of is asked of the validator, which is the authority. That its yes is the
 * validator's too is tested over the corpus.
 *
 * @typedef {(value: any) => boolean} Fits
 */

import { isObject } from "./values.js";
import { length } from "./text.js";

/** How many objects of a schema are held to a value, per value: branches that lead to branches would take them without end. */
const MOST_STEPS = 1_000_000;
let steps = 0;

/** @type {WeakMap<object, Fits | null>} */
const made = new WeakMap();
const NEVER = () => false;
const SILENT = new Set(["title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "$comment", "$defs", "definitions", "x-order"]);
const ORDINARY_DRAFTS = new Set(["https://json-schema.org/draft/2020-12/schema", "http://json-schema.org/draft-07/schema#"]);
const SURE_DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])$/;
const SURE_EMAIL = /^(?=.{3,60}$)[A-Za-z\d_]+(?:\.[A-Za-z\d_]+)*@[A-Za-z\d]+(?:\.[A-Za-z\d]+)+$/;
/** A pattern of literals and classes, each once or a fixed number of times, from the text's start to its end. */
const FIXED_PATTERN = /^\^(?:(?:[A-Za-z\d _:]|\\d|\[(?:[A-Za-z\d]-[A-Za-z\d]|[A-Za-z\d_ ])+\])(?:\{\d{1,3}\})?)+\$$/;
const SURE_DATE_TIME = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z$/;

/** Whether a value fits for sure. @param {any} schema @param {any} value */
export function fitsForSure(schema, value) {
  if (schema === true) return true;
  if (!isObject(schema)) return false;
  let fits = made.get(schema);
  if (fits === undefined) {
    fits = new Compiler(schema).whole();
    made.set(schema, fits);
  }
  if (fits === null) return false;
  steps = 0;
  try {
    return fits(value);
  } catch (error) {
    if (error instanceof Unsure || error instanceof RangeError) return false; // too many steps, or too deep
    throw error;
  }
}

class Unsure extends Error {}

/** Counts a step; ends a check that takes too many. */
function step() {
  steps += 1;
  if (steps > MOST_STEPS) throw new Unsure();
}

class Compiler {
  /** @param {any} root */
  constructor(root) {
    this.root = root;
    /** @type {Map<string, Fits>} */
    this.references = new Map();
  }

  /** @returns {Fits | null} */
  whole() {
    try {
      const draft = this.root.$schema;
      if (draft !== undefined && !ORDINARY_DRAFTS.has(draft)) return null;
      return this.of(this.root, true);
    } catch (error) {
      if (error instanceof Unsure || error instanceof RangeError) return null;
      throw error;
    }
  }

  /** @param {any} schema @param {boolean} [isRoot] @returns {Fits} */
  of(schema, isRoot = false) {
    if (schema === true) return () => true;
    if (schema === false) return NEVER;
    if (!isObject(schema)) throw new Unsure();
    /** @type {Fits[]} */
    const checks = [];
    for (const [keyword, asked] of Object.entries(schema)) {
      if (SILENT.has(keyword) || (isRoot && keyword === "$schema")) continue;
      const check = this.#keyword(keyword, asked, schema);
      if (check !== null) checks.push(check);
    }
    return (value) => {
      step();
      for (const check of checks) if (!check(value)) return false;
      return true;
    };
  }

  /** @param {string} keyword @param {any} asked @param {any} schema @returns {Fits | null} */
  #keyword(keyword, asked, schema) {
    switch (keyword) {
      case "type":
        return ofTypes(Array.isArray(asked) ? asked : [asked]);
      case "enum":
        return oneOf(asked);
      case "const":
        return oneOf([asked]);
      case "$ref":
        return this.#reference(asked);
      case "properties":
        return this.#properties(schema);
      case "required":
        return required(asked);
      case "additionalProperties":
        return this.#additional(schema);
      case "items":
        return this.#items(asked);
      case "anyOf":
        return this.#anyOf(asked);
      case "format":
        return format(asked);
      case "pattern":
        return pattern(asked);
      default:
        return limit(keyword, asked);
    }
  }

  /** @param {any} reference @returns {Fits} */
  #reference(reference) {
    const found = /^#\/(\$defs|definitions)\/([\w.-]+)$/.exec(String(reference));
    const target = found && Object.hasOwn(this.root[found[1]] ?? {}, found[2]) ? this.root[found[1]][found[2]] : undefined;
    if (target === undefined || "$id" in this.root) throw new Unsure();
    if (!this.references.has(reference)) {
      /** @type {Fits} */
      let inner = NEVER;
      let levels = 0;
      this.references.set(reference, (value) => {
        if (levels > 300) return false; // a reference that leads to itself
        levels += 1;
        try {
          return inner(value);
        } finally {
          levels -= 1;
        }
      });
      inner = this.of(target);
    }
    return /** @type {Fits} */ (this.references.get(reference));
  }

  /** @param {any} schema @returns {Fits} */
  #properties(schema) {
    const inner = Object.entries(schema.properties).map(([key, one]) => /** @type {[string, Fits]} */ ([key, this.of(one)]));
    return (value) => {
      if (!isObject(value)) return true;
      for (const [key, fits] of inner) if (Object.hasOwn(value, key) && !fits(/** @type {any} */ (value)[key])) return false;
      return true;
    };
  }

  /** @param {any} schema @returns {Fits | null} */
  #additional(schema) {
    if (schema.additionalProperties === true) return null;
    if ("patternProperties" in schema) throw new Unsure();
    const declared = new Set(Object.keys(schema.properties ?? {}));
    const fits = this.of(schema.additionalProperties);
    return (value) => {
      if (!isObject(value)) return true;
      for (const key of Object.keys(value)) if (!declared.has(key) && !fits(/** @type {any} */ (value)[key])) return false;
      return true;
    };
  }

  /** @param {any} asked @returns {Fits} */
  #items(asked) {
    if (Array.isArray(asked)) throw new Unsure();
    const fits = this.of(asked);
    return (value) => {
      if (Array.isArray(value)) for (const item of value) if (!fits(item)) return false;
      return true;
    };
  }

  /** @param {any} asked @returns {Fits} */
  #anyOf(asked) {
    if (!Array.isArray(asked)) throw new Unsure();
    const branches = asked.map((one) => this.of(one));
    return (value) => branches.some((fits) => fits(value));
  }
}

/** @param {any[]} types @returns {Fits} */
function ofTypes(types) {
  /** @type {Record<string, Fits>} */
  const known = {
    null: (value) => value === null,
    boolean: (value) => typeof value === "boolean",
    string: (value) => typeof value === "string",
    number: (value) => typeof value === "number",
    integer: (value) => Number.isInteger(value),
    array: Array.isArray,
    object: isObject,
  };
  const checks = types.map((one) => known[one]);
  if (checks.length === 0 || checks.includes(/** @type {any} */ (undefined))) throw new Unsure();
  return checks.length === 1 ? checks[0] : (value) => checks.some((fits) => fits(value));
}

/** @param {any} choices @returns {Fits} */
function oneOf(choices) {
  if (!Array.isArray(choices) || choices.some((one) => one !== null && typeof one === "object")) throw new Unsure();
  const known = new Set(choices);
  return (value) => known.has(value);
}

/** @param {any} names @returns {Fits} */
function required(names) {
  if (!Array.isArray(names)) throw new Unsure();
  return (value) => !isObject(value) || names.every((name) => Object.hasOwn(value, name));
}

/** @param {any} name @returns {Fits} */
function format(name) {
  const sure = { date: SURE_DATE, "date-time": SURE_DATE_TIME, email: SURE_EMAIL }[String(name)];
  if (sure === undefined) throw new Unsure();
  return (value) => typeof value !== "string" || sure.test(value);
}

/** @param {any} asked @returns {Fits} */
function pattern(asked) {
  if (typeof asked !== "string" || asked.length > 200 || !FIXED_PATTERN.test(asked)) throw new Unsure();
  let expression;
  try {
    expression = new RegExp(asked, "u");
  } catch {
    throw new Unsure();
  }
  return (value) => typeof value !== "string" || expression.test(value);
}

/** @param {string} keyword @param {any} asked @returns {Fits} */
function limit(keyword, asked) {
  if (typeof asked !== "number") throw new Unsure();
  switch (keyword) {
    case "minimum":
      return (value) => typeof value !== "number" || value >= asked;
    case "maximum":
      return (value) => typeof value !== "number" || value <= asked;
    case "exclusiveMinimum":
      return (value) => typeof value !== "number" || value > asked;
    case "exclusiveMaximum":
      return (value) => typeof value !== "number" || value < asked;
    case "minLength":
      return (value) => typeof value !== "string" || length(value) >= asked;
    case "maxLength":
      return (value) => typeof value !== "string" || length(value) <= asked;
    case "minItems":
      return (value) => !Array.isArray(value) || value.length >= asked;
    case "maxItems":
      return (value) => !Array.isArray(value) || value.length <= asked;
    default:
      throw new Unsure();
  }
}
