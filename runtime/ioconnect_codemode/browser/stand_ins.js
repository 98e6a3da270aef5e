/**
 * Stand-ins: values in the place of answers that a dry run doesn't ask for, made from the declared result.
 *
 * The same schema gives the same value as on the desktop: as full a value as may be, then only what is needed, each with
 * the first, second and third branch of every choice; the first that fits. A schema that no value fits gets the last try.
 * Numbers are ones that can be divided by, and where nothing fits so, those nearest to zero; large whole ones are exact.
 */

import { Fraction } from "./fractions.js";
import { textLike } from "./matching_text.js";
import { cut, length, slice } from "./text.js";
import * as values from "./values.js";

const BRANCHES = 3;
const MOST_PARTS = 2_000;
const MOST_ITEMS = 100;
const MOST_TEXT = 10_000;
const TEXT = "stand-in";
/** @type {Record<string, string>} */
const FORMATS = {
  date: "2000-01-01",
  "date-time": "2000-01-01T00:00:00Z",
  time: "00:00:00Z",
  duration: "P1D",
  email: "someone@example.com",
  "idn-email": "someone@example.com",
  hostname: "example.com",
  "idn-hostname": "example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  uri: "https://example.com/",
  "uri-reference": "https://example.com/",
  iri: "https://example.com/",
  "iri-reference": "https://example.com/",
  "uri-template": "https://example.com/",
  uuid: "00000000-0000-4000-8000-000000000000",
  "json-pointer": "/a",
  "relative-json-pointer": "0",
  regex: "a",
};
for (const name of ["decimal", "number", "double", "float", "money", "amount"]) FORMATS[name] = "1.00";
for (const name of ["int64", "uint64", "int32", "uint32", "integer", "bigint", "long"]) FORMATS[name] = "1";
for (const name of ["byte", "base64"]) FORMATS[name] = "AA==";
/** How a date of a signature is described: the transports make text of it. */
const MOMENT = JSON.stringify([{ type: "string" }, { type: "number" }]);
const LARGEST = new Set(["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains"]);
const SMALLEST = new Set(["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"]);
/** @type {Record<string, string>} */
const SHORT_FORMATS = { email: "a@b.co", hostname: "a", uri: "a:b" };
/** @type {[string, string[]][]} */
const HINTS = [
  ["object", ["properties", "required", "additionalProperties", "minProperties", "patternProperties"]],
  ["array", ["items", "prefixItems", "minItems", "contains", "uniqueItems"]],
  ["string", ["minLength", "maxLength", "pattern", "format"]],
  ["number", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]],
];

/** Whether a part of a schema is an object; schemas are plain. @param {unknown} value @returns {boolean} */
const isObject = (value) => values.isObject(value);

/** No value is found here. */
class Nothing extends Error {}

/**
 * A value for a schema.
 *
 * @param {any} schema With what it refers to.
 * @param {(value: any) => Promise<boolean>} fits
 */
export async function standIn(schema, fits) {
  let value = null;
  for (const [isFull, isNearZero] of [[true, false], [true, true], [false, false], [false, true]]) {
    for (let branch = 0; branch < BRANCHES; branch += 1) {
      try {
        value = new Maker(schema, isFull, isNearZero, branch).make(schema);
      } catch (error) {
        if (error instanceof Nothing || error instanceof RangeError) continue;
        throw error;
      }
      if (await fits(values.plain(value))) return value;
    }
  }
  return value;
}

/** Makes one value. */
class Maker {
  /** @param {any} root @param {boolean} isFull @param {boolean} isNearZero @param {number} branch */
  constructor(root, isFull, isNearZero, branch) {
    this.root = root;
    this.isFull = isFull;
    this.isNearZero = isNearZero;
    this.branch = branch;
    /** @type {Set<string>} */
    this.followed = new Set();
    this.parts = 0;
  }

  /** @param {any} schema @param {number} [variant] @returns {any} @throws {Nothing} None is found. */
  make(schema, variant = 0) {
    this.parts += 1;
    if (schema === true) return null;
    if (!isObject(schema)) throw new Nothing();
    const asked = /** @type {any} */ (schema);
    if ("$ref" in asked) return this.#follow(asked, variant);
    if ("allOf" in asked) return this.make(allOf(asked), variant);
    if ("const" in asked) return asked.const;
    if ("enum" in asked) {
      const choices = fittingType(asked);
      return choices[(variant + this.branch) % choices.length];
    }
    if (this.branch === 0 && JSON.stringify(asked.anyOf) === MOMENT) return FORMATS["date-time"];
    const branches = branchesOf(asked);
    return branches.length > 0 ? this.#choose(branches, variant) : this.#typed(asked, variant);
  }

  /** @param {any} schema @param {number} variant */
  #follow(schema, variant) {
    const { $ref, ...rest } = schema;
    const reference = String($ref);
    if (this.followed.has(reference)) throw new Nothing();
    this.followed.add(reference);
    try {
      return this.make(merged(rest, found(this.root, reference)), variant);
    } finally {
      this.followed.delete(reference);
    }
  }

  /** @param {any[]} branches @param {number} variant */
  #choose(branches, variant) {
    const start = this.branch % branches.length;
    for (const branch of [...branches.slice(start), ...branches.slice(0, start)]) {
      try {
        return this.make(branch, variant);
      } catch (error) {
        if (!(error instanceof Nothing)) throw error;
      }
    }
    throw new Nothing();
  }

  /** @param {any} schema @param {number} variant */
  #typed(schema, variant) {
    const types = typesOf(schema);
    const kind = types[this.branch % types.length];
    switch (kind) {
      case "object":
        return this.#object(schema);
      case "array":
        return this.#array(schema);
      case "string":
        return text(schema, variant);
      case "integer":
      case "number":
        return number(schema, variant, kind === "integer", this.isNearZero);
      case "boolean":
        return variant % 2 === 0;
      default:
        return null;
    }
  }

  /** @param {any} schema */
  #object(schema) {
    const properties = schema.properties ?? {};
    const needed = [...(schema.required ?? [])];
    const most = whole(schema, "maxProperties", MOST_ITEMS);
    const least = whole(schema, "minProperties", 0);
    /** @type {Map<string, any>} */
    const made = new Map();
    for (const name of needed) {
      made.set(name, this.make(fieldOf(schema, name)));
      needed.push(...askedBy(schema, name).filter((one) => !needed.includes(one)));
    }
    for (const name of Object.keys(properties)) {
      const isWanted = (this.isFull && this.parts < MOST_PARTS) || made.size < least;
      if (made.has(name) || !isWanted || made.size >= most || askedBy(schema, name).length > 0) continue;
      try {
        made.set(name, this.make(properties[name]));
      } catch (error) {
        if (!(error instanceof Nothing)) throw error;
      }
    }
    for (const [name, inner] of moreFields(schema, Math.min(least, MOST_ITEMS))) {
      if (made.size < least && !made.has(name)) made.set(name, this.make(inner));
    }
    const ordered = [...Object.keys(properties).filter((name) => made.has(name)), ...made.keys()];
    return Object.fromEntries(ordered.map((name) => [name, made.get(name)]));
  }

  /** @param {any} schema */
  #array(schema) {
    const least = whole(schema, "minItems", 0);
    const most = whole(schema, "maxItems", MOST_ITEMS);
    if (least > MOST_ITEMS) throw new Nothing();
    const items = [];
    if ("contains" in schema) {
      const wanted = Math.min(whole(schema, "minContains", 1), MOST_ITEMS);
      for (let variant = 0; variant < wanted; variant += 1) items.push(this.make(schema.contains, variant));
    }
    const wanted = Math.max(least, this.isFull ? Math.min(most, 1) : 0);
    while (items.length < wanted) {
      try {
        items.push(this.#item(schema, items.length));
      } catch (error) {
        if (!(error instanceof Nothing) || items.length < least) throw error;
        break;
      }
    }
    return items;
  }

  /** @param {any} schema @param {number} place */
  #item(schema, place) {
    let first = schema.prefixItems;
    let rest = schema.items ?? true;
    if (Array.isArray(rest)) [first, rest] = [rest, schema.additionalItems ?? true]; // before draft 2020-12
    if (Array.isArray(first) && place < first.length) return this.make(first[place], place);
    if (rest === true) return schema.uniqueItems ? place : null;
    return this.make(rest, schema.uniqueItems ? place : 0);
  }
}

/** What a schema may stand for, each with what holds besides; nothing where it offers no choice. @param {any} schema */
function branchesOf(schema) {
  for (const key of ["anyOf", "oneOf"]) {
    if (!Array.isArray(schema[key])) continue;
    const { [key]: branches, ...rest } = schema;
    return branches.map((/** @type {any} */ branch) => merged(rest, branch));
  }
  if (!("if" in schema)) return [];
  const { if: condition, then = true, else: otherwise = true, ...rest } = schema;
  return [merged(merged(rest, condition), then), merged(rest, otherwise)];
}

/** @param {any} schema */
function allOf({ allOf: parts, ...rest }) {
  return parts.reduce(merged, rest);
}

/** A schema for what fits both, as far as that can be said in one. @param {any} one @param {any} other @returns {any} */
function merged(one, other) {
  if (one === false || other === false) return false;
  if (!isObject(one) || !isObject(other)) return isObject(other) ? other : one;
  const [first, second] = /** @type {any[]} */ ([one, other]);
  /** @type {any} */
  const made = { ...first };
  for (const [key, value] of Object.entries(second)) made[key] = key in made ? joined(key, made[key], value) : value;
  for (const key of ["$ref", "anyOf", "oneOf", "if"]) {
    if (!(key in first) || !(key in second)) continue;
    made[key] = first[key];
    made.allOf = [...(made.allOf ?? []), { [key]: second[key] }];
  }
  return made;
}

/** What holds where two schemas both say something under a key. @param {string} key @param {any} one @param {any} other @returns {any} */
function joined(key, one, other) {
  const areNumbers = typeof one === "number" && typeof other === "number";
  if (LARGEST.has(key) && areNumbers) return Math.max(one, other);
  if (SMALLEST.has(key) && areNumbers) return Math.min(one, other);
  const areLists = Array.isArray(one) && Array.isArray(other);
  if ((key === "required" || key === "allOf") && areLists) return [...one, ...other.filter((item) => !has(one, item))];
  if (key === "enum" && areLists) return one.filter((item) => has(other, item));
  if (key === "type") return commonTypes(one, other);
  if (key === "properties" && isObject(one) && isObject(other)) {
    /** @type {any[]} */
    const [first, second] = [one, other];
    const both = Object.keys(first).filter((name) => name in second);
    return { ...first, ...second, ...Object.fromEntries(both.map((name) => [name, merged(first[name], second[name])])) };
  }
  return key === "items" || key === "additionalProperties" ? merged(one, other) : other;
}

/** @param {any[]} items @param {any} item */
function has(items, item) {
  const text = JSON.stringify(item);
  return items.some((one) => JSON.stringify(one) === text);
}

/** @param {any} one @param {any} other */
function commonTypes(one, other) {
  const first = [one].flat();
  const second = [other].flat();
  const both = first.filter((kind) => second.includes(kind) || (kind === "integer" && second.includes("number")));
  if (second.includes("integer") && first.includes("number") && !both.includes("integer")) both.push("integer");
  return both;
}

/** What a reference leads to, by its pointer. @param {any} root @param {string} reference */
function found(root, reference) {
  if (!reference.startsWith("#")) throw new Nothing();
  let at = root;
  for (const step of reference.slice(1).split("/").slice(1)) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    if (at === null || typeof at !== "object" || !Object.hasOwn(at, key)) throw new Nothing();
    at = at[key];
  }
  return at;
}

/** The types that a value may have, null last; by what the schema speaks of where it names none. @param {any} schema @returns {string[]} */
function typesOf({ type, ...schema }) {
  if (typeof type === "string") return [type];
  if (Array.isArray(type)) {
    if (type.length === 0) throw new Nothing();
    return [...type].sort((one, other) => Number(one === "null") - Number(other === "null"));
  }
  const hinted = HINTS.find(([, keys]) => keys.some((key) => key in schema))?.[0];
  return hinted === undefined ? ["null", "string", "object"] : [hinted];
}

/** The choices of an enumeration that have the declared type. @param {any} schema */
function fittingType(schema) {
  const kinds = "type" in schema ? typesOf(schema) : null;
  const choices = kinds === null ? schema.enum : schema.enum.filter((/** @type {any} */ one) => kinds.some((kind) => isA(one, kind)));
  if (choices.length === 0) throw new Nothing();
  return choices;
}

/** @param {any} value @param {string} kind */
function isA(value, kind) {
  if (kind === "null") return value === null;
  if (kind === "integer" || kind === "number") return typeof value === "number";
  if (kind === "array") return Array.isArray(value);
  return kind === "boolean" || kind === "string" ? typeof value === kind : isObject(value);
}

/** @param {any} schema @param {string} name */
function fieldOf(schema, name) {
  const declared = /** @type {any} */ (schema.properties);
  return isObject(declared) && name in declared ? declared[name] : (schema.additionalProperties ?? true);
}

/** Fields that nothing names: those that the schema lets be, as far as it says which. @param {any} schema @param {number} least @returns {Generator<[string, any]>} */
function* moreFields(schema, least) {
  const { propertyNames: asked, patternProperties: byPattern } = schema;
  const names = [];
  if (isObject(asked)) {
    if (Array.isArray(asked.enum)) names.push(...asked.enum);
    if (typeof asked.pattern === "string") names.push(textLike(asked.pattern));
  }
  for (const [pattern, inner] of isObject(byPattern) ? Object.entries(byPattern) : []) {
    const name = textLike(pattern);
    if (name !== null) yield [name, inner];
  }
  for (let count = 1; count <= least; count += 1) names.push(`field${count}`);
  for (const name of names) if (typeof name === "string") yield [name, fieldOf(schema, name)];
}

/** The fields that must be there where this one is. @param {any} schema @param {string} name @returns {string[]} */
function askedBy(schema, name) {
  for (const key of ["dependentRequired", "dependencies"]) {
    if (isObject(schema[key]) && Array.isArray(schema[key][name])) return schema[key][name];
  }
  return [];
}

/** @param {any} schema @param {number} variant */
function text(schema, variant) {
  const least = whole(schema, "minLength", 0);
  const most = whole(schema, "maxLength", MOST_TEXT);
  if ("pattern" in schema) {
    const made = textLike(String(schema.pattern));
    if (made === null) throw new Nothing();
    const size = length(made);
    return size >= least ? made : made + slice(made, size - 1).repeat(least - size);
  }
  const form = FORMATS[String(schema.format)];
  if (form !== undefined) return length(form) <= most ? form : (SHORT_FORMATS[String(schema.format)] ?? form);
  if (least > MOST_TEXT) throw new Nothing();
  return cut(variant ? `${variant + 1}-${TEXT}` : TEXT, most).padEnd(least, "-");
}

/** One step, or what is nearest to zero, and for another variant a number one step on. @param {any} schema @param {number} variant @param {boolean} isInteger @param {boolean} isNearZero */
function number(schema, variant, isInteger, isNearZero) {
  let step = new Fraction(1n);
  if (typeof schema.multipleOf === "number") {
    const given = Fraction.of(schema.multipleOf);
    if (!given.isZero) step = given;
    if (isInteger) step = step.times(new Fraction(step.under));
  }
  const [low, high] = bounds(schema, step);
  const zero = new Fraction(0n);
  let start = zero;
  if (!isNearZero && (low === null || low.comparedTo(step) <= 0) && (high === null || step.comparedTo(high) <= 0)) start = step;
  else if (low !== null && low.comparedTo(zero) > 0) start = low.dividedBy(step).ceil().times(step);
  else if (high !== null && high.comparedTo(zero) < 0) start = high.dividedBy(step).floor().times(step);
  if (!("multipleOf" in schema) && !isInteger && high !== null && low !== null && start.comparedTo(high) > 0) {
    start = low.plus(high).dividedBy(new Fraction(2n));
  }
  const further = step.times(new Fraction(BigInt(variant)));
  const isDownwards = high !== null && start.plus(further).comparedTo(high) > 0;
  const made = isDownwards ? start.minus(further) : start.plus(further);
  const isExact = made.under !== 1n || Number.isSafeInteger(made.toNumber());
  return isExact ? made.toNumber() : new values.JsonNumber(made.over.toString());
}

/** The lowest and the highest value; where a bound itself is excluded, one step from it, or a part of the way. @param {any} schema @param {Fraction} step @returns {[Fraction | null, Fraction | null]} */
function bounds(schema, step) {
  const low = bound(schema, "minimum", "exclusiveMinimum");
  const high = bound(schema, "maximum", "exclusiveMaximum");
  let margin = step;
  if (low !== null && high !== null) {
    const quarter = high.value.minus(low.value).dividedBy(new Fraction(4n));
    if (quarter.comparedTo(new Fraction(0n)) <= 0) margin = new Fraction(0n);
    else if (quarter.comparedTo(step) < 0) margin = quarter;
  }
  return [
    low === null ? null : low.isExcluded ? low.value.plus(margin) : low.value,
    high === null ? null : high.isExcluded ? high.value.minus(margin) : high.value,
  ];
}

/** A bound and whether it is excluded, which draft 4 says with a boolean. @param {any} schema @param {string} inclusive @param {string} exclusive */
function bound(schema, inclusive, exclusive) {
  if (typeof schema[exclusive] === "number") return { value: Fraction.of(schema[exclusive]), isExcluded: true };
  if (typeof schema[inclusive] !== "number") return null;
  return { value: Fraction.of(schema[inclusive]), isExcluded: schema[exclusive] === true };
}

/** @param {any} schema @param {string} key @param {number} missing */
function whole(schema, key, missing) {
  return typeof schema[key] === "number" ? Math.trunc(schema[key]) : missing;
}
