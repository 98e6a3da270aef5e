/**
 * What is said of a value that doesn't fit its schema, in the words of the desktop's `findings.py`.
 *
 * They come from the schema's side only: of the value they name the type and the keys, never the value itself.
 */

import { cut, isIdentifier, length, repr, slice } from "./text.js";
import { jsonKind, numberText, spaced } from "./values.js";

/** @typedef {{path: string, expected: string, got: string}} Finding */

export const MOST = 3;
const TEXT = 120;
/** @type {Record<string, string>} */
const LIMITS = {
  minimum: "at least",
  maximum: "at most",
  exclusiveMinimum: "more than",
  exclusiveMaximum: "less than",
  multipleOf: "a multiple of",
  minLength: "text with a length of at least",
  maxLength: "text with a length of at most",
  minItems: "a list with a length of at least",
  maxItems: "a list with a length of at most",
  additionalItems: "a list with a length of at most",
  minProperties: "an object with a size of at least",
  maxProperties: "an object with a size of at most",
};
/** @type {Record<string, string>} What texts of a format look like; what it is called is no help with these. */
const EXAMPLES = { date: "2026-03-31", "date-time": "2026-03-31T09:30:00Z", time: "09:30:00Z", duration: "P3D" };
/** @type {Record<string, string>} */
const FORMS = {
  anyOf: "one of the declared forms",
  oneOf: "exactly one of the declared forms",
  not: "anything but the form that is excluded",
  falseSchema: "no value here",
  contains: "the items that the list must hold",
  unevaluatedItems: "no other items",
  propertyNames: "keys of the declared form",
};

/**
 * Puts a mismatch into words.
 *
 * @param {object} mismatch
 * @param {string} mismatch.kind The keyword that the value breaks.
 * @param {any} mismatch.asked What the keyword asks for; of `required` the field, of `additionalProperties` the fields too many.
 * @param {(string | number)[]} mismatch.path
 * @param {any} mismatch.found
 * @returns {Finding}
 */
export function finding({ kind, asked, path, found }) {
  const [expected, got] = words(kind, asked, found);
  return { path: pathText(path), expected: bounded(expected), got: bounded(got) };
}

/** @param {string} kind @param {any} asked @param {any} found @returns {[string, string]} */
function words(kind, asked, found) {
  const got = jsonKind(found);
  const another = `another ${got}`;
  switch (kind) {
    case "type":
      return [(Array.isArray(asked) ? [...asked].sort(nullLast) : [asked]).join(" or "), got];
    case "required":
      return [`the field "${asked}"`, "none"];
    case "additionalProperties":
    case "unevaluatedProperties":
      return ["no other fields", asked.slice(0, 3).map((/** @type {string} */ name) => `"${cut(name, 40)}"`).join(", ")];
    case "enum":
      return [`one of ${spaced(asked)}`, another];
    case "const":
      return [spaced(asked), another];
    case "format":
      return [`text in the format ${asked}${Object.hasOwn(EXAMPLES, asked) ? `, ${EXAMPLES[asked]}` : ""}`, another];
    case "pattern":
      return [`text like ${asked}`, another];
    case "uniqueItems":
      return ["a list without duplicates", "one with duplicates"];
    default:
  }
  if (kind in LIMITS) return [`${LIMITS[kind]} ${typeof asked === "number" ? numberText(asked) : asked}`, got === "array" ? "another list" : another];
  return [FORMS[kind] ?? `what the schema's ${kind} allows`, got];
}

/** @param {string} one @param {string} other */
function nullLast(one, other) {
  return Number(one === "null") - Number(other === "null");
}

/** @param {string} text */
function bounded(text) {
  return length(text) <= TEXT ? text : `${cut(text, TEXT - 3)}...`;
}

/** @param {(string | number)[]} steps */
function pathText(steps) {
  const text = steps.map(stepText).join("");
  const size = length(text);
  return size + 1 <= TEXT ? `$${text}` : `$...${slice(text, size + 3 - TEXT)}`;
}

/** @param {string | number} step */
function stepText(step) {
  if (typeof step === "number") return `[${step}]`;
  return isIdentifier(step) ? `.${cut(step, 40)}` : `[${repr(cut(step, 40))}]`;
}
