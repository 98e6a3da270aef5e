/**
 * Argument types at the Python call surface, with the verdicts and words of the desktop's `check.py`.
 *
 * The worker binds arguments and is not trusted; so the page looks again. A bool is no int and no float; an int is a
 * float. Every item counts up to 2,000 parts of an argument; beyond that the first, and the schema at the wire looks at all.
 */

import { cut, length, repr, slice } from "./text.js";
import { typeOf, typeText } from "./types.js";
import { entries, field, fromEntries, isDeep, isNumber, isObject, isWhole, kindOf, numeric } from "./values.js";

/** @typedef {import("./manifest.js").Capability} Capability */
/** @typedef {import("./manifest.js").Parameter} Parameter */
/** @typedef {import("./types.js").TypeNode} TypeNode */
/** @typedef {{problem: "missing" | "unknown" | "type", parameter: string, path: string, expected: string, got: string}} Mismatch */

const LEVELS = 100; // what a message from the worker may have
const PATH = 120; // characters; the end of a longer path is the part that tells
const EVERY_ITEM = 2_000;
const MOST_STEPS = 1_000_000; // for one argument: a type whose branches lead to branches would take them without end
const ABSENT = Symbol("absent");

class TooManySteps extends Error {}

export class ArgumentCheck {
  /** @param {Map<string, import("./manifest.js").Type>} types */
  constructor(types) {
    this.types = types;
    this.steps = 0;
  }

  /** Every argument that doesn't fit, missing and unknown ones included. @param {Capability} entry @param {any} given @returns {Mismatch[]} */
  mismatches(entry, given) {
    const byName = new Map(entry.parameters.map((one) => [one.name, one]));
    const found = entry.parameters
      .filter((one) => one.required && field(given, one.name) === undefined)
      .map((one) => mismatch("missing", one.name, { expected: one.type }));
    for (const [name, value] of entries(given)) {
      const parameter = byName.get(name);
      if (parameter === undefined) found.push(mismatch("unknown", cut(name, 80), { got: kindOf(value) }));
      else if (isDeep(value, LEVELS)) {
        found.push(mismatch("type", name, { expected: parameter.type, got: `a value of more than ${LEVELS} levels` }));
      } else {
        const wrong = this.#wrong(value, parameter);
        if (wrong !== null) found.push(wrong);
      }
    }
    return found;
  }

  /** What is wrong with an argument, null where it fits. @param {any} value @param {Parameter} parameter */
  #wrong(value, { name, type }) {
    this.steps = 0;
    try {
      if (this.#fits(value, typeOf(type), parts(value, EVERY_ITEM))) return null;
      const [path, expected, got] = this.#locate(value, type);
      const size = length(path);
      return mismatch("type", name, { path: size <= PATH ? path : `...${slice(path, size + 3 - PATH)}`, expected, got });
    } catch (error) {
      if (!(error instanceof TooManySteps || error instanceof RangeError)) throw error;
      return mismatch("type", name, { expected: type, got: "a value that takes too long to check" });
    }
  }

  /** The arguments that are sent: what is optional, None, and can't be None, is left out at every depth. @param {Capability} entry @param {any} given */
  given(entry, given) {
    const byName = new Map(entry.parameters.map((one) => [one.name, one]));
    /** @type {[string, any][]} */
    const kept = [];
    for (const [name, value] of entries(given)) {
      const parameter = byName.get(name);
      const isOptional = parameter !== undefined && !parameter.required && !parameter.nullable;
      if (value === null && isOptional) continue;
      kept.push([name, parameter === undefined ? value : this.#sent(value, parameter.type)]);
    }
    return fromEntries(kept);
  }

  /** A value as it is sent; as it is, for its schema to judge, where its type is too long to go through. @param {any} value @param {string} type */
  #sent(value, type) {
    this.steps = 0;
    try {
      return this.#withoutAbsent(value, type);
    } catch (error) {
      if (!(error instanceof TooManySteps || error instanceof RangeError)) throw error;
      return value;
    }
  }

  #step() {
    this.steps += 1;
    if (this.steps > MOST_STEPS) throw new TooManySteps();
  }

  /** @param {any} value @param {TypeNode} node @param {boolean} everyItem @returns {boolean} */
  #fits(value, node, everyItem) {
    this.#step();
    switch (node.kind) {
      case "union":
        return node.members.some((one) => this.#fits(value, one, everyItem));
      case "literal":
        return node.values.some((one) => isSame(one, value));
      case "list":
        return Array.isArray(value) && some(value, everyItem).every((item) => this.#fits(item, node.item, everyItem));
      case "tuple":
        return Array.isArray(value); // the schema knows the positions
      case "dict":
        return isObject(value) && some(entries(value), everyItem).every(([, item]) => this.#fits(item, node.item, everyItem));
      default:
        return this.#fitsName(value, node.name, everyItem);
    }
  }

  /** @param {any} value @param {string} name @param {boolean} everyItem */
  #fitsName(value, name, everyItem) {
    switch (name) {
      case "Any":
        return true;
      case "None":
        return value === null;
      case "str":
        return typeof value === "string";
      case "bool":
        return typeof value === "boolean";
      case "float":
        return isNumber(value);
      case "int":
        return isNumber(value) && isWhole(value);
      default:
    }
    const type = this.types.get(name);
    if (type === undefined) return false;
    if (type.kind === "alias") return this.#fits(value, typeOf(type.type ?? "Any"), everyItem);
    if (!isObject(value)) return false;
    return (type.fields ?? []).every((one) => {
      const inner = field(value, one.key);
      return inner === undefined ? !one.required : this.#fits(inner, typeOf(one.type), everyItem);
    });
  }

  /** Path, expected and got of the innermost part that doesn't fit. @param {any} value @param {string} written @returns {[string, string, string]} */
  #locate(value, written) {
    const expression = this.#unaliased(written);
    for (const [step, part, inner] of this.#parts(value, typeOf(expression))) {
      if (part === ABSENT) return [step, inner, "no value"];
      if (!this.#fits(part, typeOf(inner), parts(part, EVERY_ITEM))) {
        const [path, expected, got] = this.#locate(part, inner);
        return [step + path, expected, got];
      }
    }
    return ["", expression, kindOf(value)];
  }

  /** The parts of a value with their path and type, as far as the type speaks of them. @param {any} value @param {TypeNode} node @returns {[string, any, string][]} */
  #parts(value, node) {
    if (node.kind === "list" && Array.isArray(value)) return value.map((item, index) => [`[${index}]`, item, typeText(node.item)]);
    if (node.kind === "dict" && isObject(value)) {
      return entries(value).map(([key, item]) => [`[${repr(cut(key, 40))}]`, item, typeText(node.item)]);
    }
    const type = node.kind === "name" ? this.types.get(node.name) : undefined;
    if (type !== undefined && isObject(value)) {
      return (type.fields ?? [])
        .filter((one) => field(value, one.key) !== undefined || one.required)
        .map((one) => {
          const inner = field(value, one.key);
          return [`.${cut(one.key, 40)}`, inner === undefined ? ABSENT : inner, one.type];
        });
    }
    if (node.kind === "union") {
      const alike = this.#members(node).find((one) => this.#isAlike(value, one));
      if (alike !== undefined) return this.#parts(value, alike);
    }
    return [];
  }

  /** The members of a union, aliases resolved; a type that is no union is its own only member. @param {TypeNode} node @returns {TypeNode[]} */
  #members(node) {
    this.#step();
    if (node.kind === "union") return node.members.flatMap((one) => this.#members(one));
    if (node.kind === "name" && this.#unaliased(node.name) !== node.name) return this.#members(typeOf(this.#unaliased(node.name)));
    return [node];
  }

  /** Whether a value has the outer form of a type. @param {any} value @param {TypeNode} node */
  #isAlike(value, node) {
    if (node.kind === "name") return isObject(value) && this.types.has(node.name);
    return (node.kind === "list" || node.kind === "dict") && kindOf(value) === node.kind;
  }

  /** @param {string} expression */
  #unaliased(expression) {
    const type = this.types.get(expression);
    return type?.kind === "alias" ? (type.type ?? "Any") : expression;
  }

  /** The value without the optional record fields that are None and can't be. @param {any} value @param {string} expression @returns {any} */
  #withoutAbsent(value, expression) {
    if (value === null || typeof value !== "object" || isNumber(value) || isDeep(value, LEVELS)) return value;
    const alike = this.#members(typeOf(expression)).filter((one) => this.#isAlike(value, one));
    if (alike.length !== 1) return value;
    const [node] = alike;
    if (node.kind === "list") return value.map((/** @type {any} */ item) => this.#withoutAbsent(item, typeText(node.item)));
    if (node.kind === "dict") {
      return fromEntries(entries(value).map(([key, item]) => [key, this.#withoutAbsent(item, typeText(node.item))]));
    }
    if (node.kind !== "name") return value;
    const declared = new Map((this.types.get(node.name)?.fields ?? []).map((one) => [one.key, one]));
    /** @type {[string, any][]} */
    const kept = [];
    for (const [key, item] of entries(value)) {
      const one = declared.get(key);
      if (one === undefined) kept.push([key, item]);
      else if (item !== null || one.required || this.#fits(null, typeOf(one.type), true)) kept.push([key, this.#withoutAbsent(item, one.type)]);
    }
    return fromEntries(kept);
  }
}

/** @param {Mismatch["problem"]} problem @param {string} parameter @param {Partial<Mismatch>} details @returns {Mismatch} */
function mismatch(problem, parameter, details) {
  return { problem, parameter, path: "", expected: "", got: "", ...details };
}

/** @param {unknown} literal @param {unknown} value */
function isSame(literal, value) {
  if (typeof literal === "number") return isNumber(value) && isWhole(value) && numeric(value) === literal;
  return literal === value;
}

/** @template Item @param {Item[]} items @param {boolean} everyItem */
function some(items, everyItem) {
  return everyItem ? items : items.slice(0, 1);
}

/** Whether a value has at most so many parts, without looking at more than those. @param {any} value @param {number} most */
function parts(value, most) {
  const waiting = [value];
  let seen = 0;
  while (waiting.length > 0) {
    const inner = waiting.pop();
    if (Array.isArray(inner)) waiting.push(...inner.slice(0, most + 1));
    else if (isObject(inner)) waiting.push(...entries(inner).slice(0, most + 1).map(([, item]) => item));
    seen += 1;
    if (seen + waiting.length > most) return false;
  }
  return true;
}
