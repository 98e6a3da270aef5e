/**
 * Type expressions, the one notation for types: `str`, `Client | None`, `list[Literal['a', 1]]`, `dict[str, T]`, ...
 *
 * @typedef {{kind: "name", name: string}
 *   | {kind: "union", members: TypeNode[]}
 *   | {kind: "literal", values: any[]}
 *   | {kind: "list", item: TypeNode}
 *   | {kind: "dict", item: TypeNode}
 *   | {kind: "tuple", items: TypeNode[]}} TypeNode
 */

import { PackageError } from "./errors.js";
import { repr } from "./text.js";
import { kindOf } from "./values.js";

const TOKEN = /\s*(?:([A-Za-z_][\w.]*)|(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(\.\.\.|[[\],|()]))/uy;
/** @type {Map<string, TypeNode>} */
const read = new Map();

/** Reads a type expression. @param {string} expression @returns {TypeNode} @throws {PackageError} It is none. */
export function typeOf(expression) {
  let node = read.get(expression);
  if (node === undefined) {
    node = new Parser(expression).whole();
    if (read.size < 20_000) read.set(expression, node);
  }
  return node;
}

/** A type as it is written. @param {TypeNode} node @returns {string} */
export function typeText(node) {
  switch (node.kind) {
    case "name":
      return node.name;
    case "union":
      return node.members.map(typeText).join(" | ");
    case "literal":
      return `Literal[${node.values.map(literalText).join(", ")}]`;
    case "list":
      return `list[${typeText(node.item)}]`;
    case "dict":
      return `dict[str, ${typeText(node.item)}]`;
    case "tuple":
      return `tuple[${node.items.map(typeText).join(", ")}]`;
  }
}

/** @param {unknown} value */
function literalText(value) {
  if (typeof value === "string") return repr(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  return kindOf(value) === "None" ? "None" : String(value);
}

class Parser {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
    this.place = 0;
    /** @type {{name?: string, number?: string, text?: string, sign?: string}} */
    this.token = {};
    this.next();
  }

  whole() {
    const node = this.union();
    if (this.place <= this.text.length) this.fail();
    return node;
  }

  next() {
    const token = this.token;
    TOKEN.lastIndex = this.place;
    const found = TOKEN.exec(this.text);
    if (found === null) {
      if (this.text.slice(this.place).trim() !== "") this.fail();
      this.place = this.text.length + 1;
      this.token = {};
    } else {
      this.place = TOKEN.lastIndex;
      this.token = { name: found[1], number: found[2], text: found[3], sign: found[4] };
    }
    return token;
  }

  /** @returns {TypeNode} */
  union() {
    const members = [this.one()];
    while (this.token.sign === "|") {
      this.next();
      members.push(this.one());
    }
    return members.length === 1 ? members[0] : { kind: "union", members };
  }

  /** @returns {TypeNode} */
  one() {
    const { name } = this.next();
    if (name === undefined) this.fail();
    if (this.token.sign !== "[") return { kind: "name", name: /** @type {string} */ (name) };
    this.next();
    const made = this.inside(/** @type {string} */ (name));
    if (this.next().sign !== "]") this.fail();
    return made;
  }

  /** @param {string} name @returns {TypeNode} */
  inside(name) {
    if (name === "Literal") return { kind: "literal", values: this.several(() => this.literal()) };
    const inner = this.several(() => this.union());
    if (name === "list" && inner.length === 1) return { kind: "list", item: inner[0] };
    if (name === "dict" && inner.length === 2) return { kind: "dict", item: inner[1] };
    if (name === "tuple") return { kind: "tuple", items: inner };
    return this.fail();
  }

  /** @template Made @param {() => Made} one @returns {Made[]} */
  several(one) {
    if (this.token.sign === "]") return [];
    const found = [one()];
    while (this.token.sign === ",") {
      this.next();
      if (/** @type {any} */ (this.token).sign === "]") break;
      found.push(one());
    }
    return found;
  }

  literal() {
    const { name, number, text } = this.next();
    if (number !== undefined) return Number(number);
    if (text !== undefined) return unquoted(text);
    if (name === "None") return null;
    if (name === "True" || name === "False") return name === "True";
    return this.fail();
  }

  /** @returns {never} */
  fail() {
    throw new PackageError(`not a type expression: ${this.text.slice(0, 120)}`);
  }
}

const ESCAPES = { n: "\n", r: "\r", t: "\t", "\\": "\\", "'": "'", '"': '"', a: "\x07", b: "\b", f: "\f", v: "\v", 0: "\0" };

/** The text of a Python literal. @param {string} literal */
function unquoted(literal) {
  return literal.slice(1, -1).replace(/\\(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|([\s\S]))/gi, (whole, x, u, long, one) => {
    const code = x ?? u ?? long;
    if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
    return one in ESCAPES ? ESCAPES[/** @type {keyof typeof ESCAPES} */ (one)] : whole;
  });
}
