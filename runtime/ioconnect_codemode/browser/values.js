/**
 * JSON values as they cross between worker and page, without losing what JavaScript's own parser loses.
 *
 * 1. A number that JavaScript would write in another way than Python (1.0, 1e-05, 2**64) is a `JsonNumber` that keeps its text.
 * 2. An object with a key that looks like an index ("2026") is a `Map`: a plain object would move that key to its front.
 * 3. Everything else is plain; `plain` gives the nearest plain value of the whole.
 */

import { byteLength, isPrintable } from "./text.js";

/** @typedef {null | boolean | number | string | JsonNumber | JsonValue[] | { [key: string]: JsonValue } | Map<string, JsonValue>} JsonValue */

const STRANGE = /\.\d*0(?!\d)|\d[eE][-+]?\d|\d{16}|0\.0000|-0(?!\.)|"\d+"\s*:/;
const OTHERWISE_WRITTEN = /\d[eE][-+]?\d|\d{16}|0\.0000/; // may be in a text as well: then the slow way is taken
const TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;
const INDEX_KEY = /^"\d+"\s*:$/;

/** A number with the text that it came in. */
export class JsonNumber {
  /** @param {string} source */
  constructor(source) {
    this.source = source;
    this.value = Number(source);
  }

  /** Whether it is a whole number to Python, 1 and not 1.0. */
  get isWhole() {
    return !/[.eE]/.test(this.source);
  }

  toJSON() {
    return this.value;
  }
}

/**
 * Reads JSON.
 *
 * @param {string} text
 * @returns {JsonValue}
 * @throws {SyntaxError} It is not JSON, or has a number beyond a float.
 */
export function parse(text) {
  const parsed = JSON.parse(text);
  if (!STRANGE.test(text)) return parsed;
  const mark = `${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}:`;
  if (text.includes(mark)) return parse(text);
  const marked = text.replace(TOKEN, (token) => {
    if (token[0] !== '"') return numberText(Number(token)) === token ? token : `"${mark}${token}"`;
    return INDEX_KEY.test(token) ? `"${mark}${token.slice(1)}` : token;
  });
  return unmarked(JSON.parse(marked), mark);
}

/**
 * @param {any} value
 * @param {string} mark
 * @returns {JsonValue}
 */
function unmarked(value, mark) {
  if (typeof value === "string") return value.startsWith(mark) ? finite(value.slice(mark.length)) : value;
  if (Array.isArray(value)) return value.map((item) => unmarked(item, mark));
  if (value === null || typeof value !== "object") return value;
  const keys = Object.keys(value);
  if (!keys.some((key) => key.startsWith(mark))) {
    for (const key of keys) put(value, key, unmarked(value[key], mark));
    return value;
  }
  const made = keys.map((key) => [key.startsWith(mark) ? key.slice(mark.length) : key, unmarked(value[key], mark)]);
  return new Map(/** @type {[string, JsonValue][]} */ (made));
}

/** @param {string} source */
function finite(source) {
  const value = Number(source);
  if (!/[.eE]/.test(source)) return new JsonNumber(source === "-0" ? "0" : source);
  if (!Number.isFinite(value)) throw new SyntaxError("a number beyond a float");
  const text = floatText(value);
  return text === numberText(value) && !Number.isInteger(value) ? value : new JsonNumber(text);
}

/** Sets a field, whatever it is called: `__proto__` is a name like any other. @param {any} target @param {string} key @param {unknown} value */
export function put(target, key, value) {
  if (key === "__proto__") {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else target[key] = value;
}

/** The field of an object, undefined where it has none of its own. @param {any} object @param {string} key */
export function field(object, key) {
  if (object instanceof Map) return object.get(key);
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Whether a value is an object of JSON. @param {unknown} value @returns {value is { [key: string]: JsonValue } | Map<string, JsonValue>} */
export function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value) && !(value instanceof JsonNumber);
}

/** @param {unknown} value @returns {value is number | JsonNumber} */
export function isNumber(value) {
  return typeof value === "number" || value instanceof JsonNumber;
}

/** The number that JavaScript calculates with. @param {number | JsonNumber} value */
export function numeric(value) {
  return typeof value === "number" ? value : value.value;
}

/** Whether Python reads it as an int. @param {number | JsonNumber} value */
export function isWhole(value) {
  return typeof value === "number" ? Number.isInteger(value) && Math.abs(value) < 1e21 : value.isWhole;
}

/** Names and values of an object, in order. @param {any} object @returns {[string, any][]} */
export function entries(object) {
  return object instanceof Map ? [...object] : Object.entries(object);
}

/** An object of these fields, in this order. @param {[string, JsonValue][]} pairs */
export function fromEntries(pairs) {
  if (pairs.some(([key]) => /^\d+$/.test(key))) return new Map(pairs);
  /** @type {{ [key: string]: JsonValue }} */
  const made = {};
  for (const [key, value] of pairs) put(made, key, value);
  return made;
}

/** A number as Python writes it; a whole one as an int. @param {number} value */
export function numberText(value) {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value);
  if (!Number.isInteger(value) || Object.is(value, -0) || Math.abs(value) >= 1e21) return floatText(value);
  return BigInt(value).toString();
}

/** A number as Python writes a float. @param {number} value */
export function floatText(value) {
  const size = Math.abs(value);
  if ((size !== 0 && size < 1e-4) || size >= 1e16) return exponential(value);
  const text = Object.is(value, -0) ? "-0" : String(value);
  return Number.isInteger(value) ? `${text}.0` : text;
}

/** @param {number} value */
function exponential(value) {
  const [digits, power] = value.toExponential().split("e");
  return `${digits}e${power[0]}${power.slice(1).padStart(2, "0")}`;
}

/** A number as Python writes it, whether it came as text or not. @param {number | JsonNumber} value */
export function shownNumber(value) {
  return typeof value === "number" ? numberText(value) : value.source;
}

/** A value as compact JSON, as Python writes it. @param {JsonValue | undefined} value @returns {string} */
export function compact(value) {
  return written(value, ",", ":");
}

/** A value as JSON with a blank after each comma and colon. @param {JsonValue} value */
export function spaced(value) {
  return written(value, ", ", ": ");
}

/** A value as one text, the same for the same value: keys sorted. @param {JsonValue} value @returns {string} */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isObject(value)) return compact(value);
  const pairs = entries(value).sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
  return `{${pairs.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(",")}}`;
}

/** @param {any} value @param {string} comma @param {string} colon @returns {string} */
function written(value, comma, colon) {
  if (value === null || value === undefined) return "null";
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      return numberText(value);
    case "boolean":
      return value ? "true" : "false";
    default:
  }
  if (value instanceof JsonNumber) return value.source;
  if (Array.isArray(value)) return `[${value.map((item) => written(item, comma, colon)).join(comma)}]`;
  const parts = entries(value).map(([key, item]) => `${JSON.stringify(key)}${colon}${written(item, comma, colon)}`);
  return `{${parts.join(comma)}}`;
}

/** The nearest plain value: a whole number beyond 2**53 is rounded. @param {any} value @returns {any} */
export function plain(value) {
  if (value === null || typeof value !== "object") return value;
  if (value instanceof JsonNumber) return value.value;
  if (Array.isArray(value)) return value.map(plain);
  const made = {};
  for (const [key, item] of entries(value)) put(made, key, plain(item));
  return made;
}

/** The type of a value as a snippet's author knows it. @param {unknown} value */
export function kindOf(value) {
  if (value === null || value === undefined) return "None";
  if (isNumber(value)) return isWhole(value) ? "int" : "float";
  if (Array.isArray(value)) return "list";
  if (typeof value === "boolean") return "bool";
  return typeof value === "string" ? "str" : "dict";
}

/** The JSON type of a value. @param {unknown} value */
export function jsonKind(value) {
  if (value === null || value === undefined) return "null";
  if (isNumber(value)) return isWhole(value) ? "integer" : "number";
  if (Array.isArray(value)) return "array";
  return typeof value === "object" ? "object" : typeof value;
}

/** Whether containers are nested deeper than that. It goes down no further than it may. @param {unknown} value @param {number} levels @returns {boolean} */
export function isDeep(value, levels) {
  if (value === null || typeof value !== "object" || value instanceof JsonNumber) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) {
    for (const item of value) if (item !== null && typeof item === "object" && isDeep(item, levels - 1)) return true;
    return false;
  }
  for (const item of value instanceof Map ? value.values() : Object.values(value)) {
    if (item !== null && typeof item === "object" && isDeep(item, levels - 1)) return true;
  }
  return false;
}

/** How many bytes a plain value has as JSON, as Python writes it. @param {any} value Without `Map` and `JsonNumber`. */
export function jsonBytes(value) {
  const text = JSON.stringify(value) ?? "null";
  return byteLength(OTHERWISE_WRITTEN.test(text) ? compact(value) : text);
}

/** Text for a line of ours: what can't be seen is a blank. @param {string} text */
export function visible(text) {
  return [...text].map((one) => (isPrintable(one) ? one : " ")).join("");
}
