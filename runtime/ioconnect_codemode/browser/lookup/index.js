/** The words of a catalog, by capability, as `search.json` has them: turned round at the first search. */

import { tokens } from "./words.js";

export const FILE = "search.json";
const SATURATION = 1.2; // BM25's k1: how soon a further occurrence says nothing new
const SCALE = 56; // steps of a weight, the characters from "#" to "["
const ZERO = "#".charCodeAt(0);
/** How a field counts: its weight, how many tokens it usually has, how much its length matters. @type {Record<string, {weight: number, usual: number, length: number}>} */
const FIELDS = {
  function: { weight: 4, usual: 2.5, length: 0.4 },
  namespace: { weight: 1.5, usual: 1.5, length: 0.3 },
  description: { weight: 1.8, usual: 8, length: 0.6 },
  titles: { weight: 1, usual: 5, length: 0.6 },
  parameters: { weight: 0.7, usual: 5, length: 0.5 },
};

/** @typedef {import("./words.js").Vocabulary} Vocabulary */

/** A capability's line where the package has none: its tokens by `;`, then a character of weight for each. @param {Record<string, string>} texts @param {Vocabulary} vocabulary */
export function lineOf(texts, vocabulary) {
  /** @type {Map<string, number>} */
  const found = new Map();
  const named = tokens(texts.function, vocabulary);
  const namesNothing = named.length > 0 && named.every((word) => vocabulary.verbs.has(word));
  for (const [name, kind] of Object.entries(FIELDS)) {
    // `orders.list`: what is listed is the namespace
    const { weight, usual, length } = name === "namespace" && namesNothing ? FIELDS.function : kind;
    const listed = tokens(texts[name], vocabulary);
    const share = listed.length > 0 ? weight / (1 - length + (length * listed.length) / usual) : 0;
    for (const token of listed) found.set(token, (found.get(token) ?? 0) + share);
  }
  const weights = [...found.values()].map((value) => String.fromCharCode(ZERO + halfToEven((SCALE * value) / (value + SATURATION))));
  return found.size > 0 ? `${[...found.keys()].join(";")}|${weights.join("")}` : "";
}

/** Tokens to the capabilities that have them. */
export class Index {
  /** @param {Iterable<[string, string]>} lines By capability. @param {Vocabulary} vocabulary */
  constructor(lines, vocabulary) {
    this.vocabulary = vocabulary;
    /** @type {string[]} The capabilities, in the catalog's order; postings name them by their place. */
    this.names = [];
    /** @type {Map<string, Map<number, number>>} Token to places and their weights, 0 to 1. */
    this.postings = new Map();
    for (const [name, line] of lines) {
      const place = this.names.push(name) - 1;
      const bar = line.indexOf("|");
      const found = bar < 0 ? line : line.slice(0, bar);
      const weights = bar < 0 ? "" : line.slice(bar + 1);
      const listed = found.split(";");
      for (let at = 0; at < Math.min(listed.length, weights.length); at += 1) {
        const posting = this.postings.get(listed[at]) ?? new Map();
        posting.set(place, (weights.charCodeAt(at) - ZERO) / SCALE);
        this.postings.set(listed[at], posting);
      }
    }
    /** Every token that leads to something: the catalog's and the curated ones. */
    this.known = new Set([...this.postings.keys(), ...vocabulary.alternatives.keys()]);
  }

  /** How many capabilities have a token. @param {string} token */
  count(token) {
    return this.postings.get(token)?.size ?? 0;
  }

  /** How much a token tells capabilities apart that so many have: next to nothing if all do. @param {number} having */
  rarity(having) {
    const count = Math.min(having, this.names.length);
    return Math.log(1 + (this.names.length - count + 0.5) / (count + 0.5));
  }
}

/** A number rounded as Python rounds. @param {number} value */
function halfToEven(value) {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
