/** The list of what there is: a page of namespaces, or one signature line each of what matches. */

import { UsageError } from "../errors.js";
import { functionOf, namespaceOf } from "../manifest.js";
import { sayLookup } from "../messages.js";
import { cut, length, repr, strip } from "../text.js";
import { definitionsText } from "./definitions.js";
import { FILE, Index, lineOf } from "./index.js";
import { plain, summarised } from "./names.js";
import { outstanding, ranked, strong } from "./ranking.js";

/** @typedef {import("../manifest.js").Manifest} Manifest */
/** @typedef {import("../manifest.js").Capability} Capability */
/** @typedef {import("./words.js").Vocabulary} Vocabulary */
/** @typedef {(name: string, entry: Capability) => boolean} IsMeant */

const KINDS = ["method", "stream", "intent", "fdc3_intent", "context"];
const USUAL = 20;
const MOST = 200;
const LINE = 1_000; // characters of one: of a function with hundreds of parameters the beginning
const TEXT = 50_000; // characters of all of them
const PAGE = 4_000;
const LAST_LINES = 150;
const COMPARED = 100;
const SMALL_COUNT = 15;
const SMALL_TEXT = 5_000;
const LARGEST_SMALL = 10_000;

/** @type {WeakMap<Manifest, Promise<Index>>} */
const indexes = new WeakMap();

/**
 * The list of what there is.
 *
 * @param {Manifest} manifest The catalog as policy leaves it.
 * @param {Vocabulary} vocabulary
 * @param {string} [query] Words; the best matches come first. Without one: namespaces, then names; of a small catalog all definitions.
 * @param {{namespace?: string | null, kind?: string | null, limit?: number}} [options]
 * @returns {Promise<string>}
 */
export async function listText(manifest, vocabulary, query = "", { namespace = null, kind = null, limit = USUAL } = {}) {
  if (kind !== null && !KINDS.includes(kind)) throw new UsageError(`kind must be one of ${KINDS.join(", ")}, not ${repr(cut(String(kind), 80))}`);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST) throw new UsageError(`limit must be a number from 1 to ${MOST}`);
  if (namespace !== null && !manifest.namespaces.has(namespace)) {
    return sayLookup("no_namespace", { name: plain(namespace), names: namespaceNames(manifest) });
  }
  const isMeant = filter(namespace, kind);
  if (strip(query) !== "") return matchesText(manifest, vocabulary, query, isMeant, limit);
  if (namespace === null && kind === null) return overviewText(manifest);
  const names = [...manifest.capabilities].filter(([name, entry]) => isMeant(name, entry)).map(([name]) => name);
  return linesText(manifest, names.slice(0, limit), names.length);
}

/** All definitions of a small catalog, null for a larger one. @param {Manifest} manifest */
async function smallText(manifest) {
  const most = manifest.capabilities.size <= SMALL_COUNT ? LARGEST_SMALL : SMALL_TEXT;
  let size = 0;
  for (const entry of manifest.capabilities.values()) size += length(entry.definition);
  if (size > most) return null;
  const text = await definitionsText(manifest, ["*"]);
  return length(text) <= most ? text : null;
}

/** The words of a catalog, read at the first search. @param {Manifest} manifest @param {Vocabulary} vocabulary */
function indexOf(manifest, vocabulary) {
  let index = indexes.get(manifest);
  if (index === undefined) {
    index = readIndex(manifest, vocabulary);
    indexes.set(manifest, index);
    index.catch(() => indexes.delete(manifest));
  }
  return index;
}

/** @param {Manifest} manifest @param {Vocabulary} vocabulary */
async function readIndex(manifest, vocabulary) {
  const lines = await manifest.searchLines(FILE);
  /** @type {[string, string][]} */
  const all = [...manifest.capabilities].map(([name, entry]) => [
    name,
    Object.hasOwn(lines, name) ? lines[name] : ownLine(name, entry, vocabulary),
  ]);
  return new Index(all, vocabulary);
}

/** @param {string} name @param {Capability} entry @param {Vocabulary} vocabulary */
function ownLine(name, entry, vocabulary) {
  const texts = {
    function: functionOf(name),
    namespace: namespaceOf(name),
    description: entry.summary,
    titles: entry.search ?? "",
    parameters: entry.parameters.map((one) => one.name).join(" "),
  };
  return lineOf(texts, vocabulary);
}

/** @param {string | null} namespace @param {string | null} kind @returns {IsMeant} */
function filter(namespace, kind) {
  return (name, entry) => {
    const isThere = namespace === null || namespaceOf(name) === namespace;
    return isThere && (kind === null || entry.kind === kind || (kind === "intent" && entry.kind === "fdc3_intent"));
  };
}

/** @param {Manifest} manifest */
async function overviewText(manifest) {
  const total = manifest.capabilities.size;
  const definitions = total > 0 ? await smallText(manifest) : null;
  if (definitions) {
    const summaries = namespaceLines(manifest).map((line) => `# ${line}`);
    return [...summaries, definitions, `# ${sayLookup("whole")}; ${countText(manifest, total, total)}`].join("\n");
  }
  const lines = namespaceLines(manifest);
  if (sizeOf(lines) > PAGE - LAST_LINES) return [...shortened(manifest, lines), countText(manifest, 0, total)].join("\n");
  let shown = 0;
  for (const [namespace, { capabilities }] of manifest.namespaces) {
    const line = `${namespace}: ${capabilities.join(", ")}`;
    if (sizeOf([...lines, line]) > PAGE - LAST_LINES) {
      lines.push(sayLookup("more_names"));
      break;
    }
    lines.push(line);
    shown += capabilities.length;
  }
  return [...lines, countText(manifest, shown, total)].join("\n");
}

/** The lines of namespaces for half a page, names and counts alone for the rest of it. @param {Manifest} manifest @param {string[]} lines */
function shortened(manifest, lines) {
  let left = PAGE / 2;
  /** @type {string[]} */
  const told = [];
  for (const line of lines) {
    left -= length(line) + 1;
    if (left < 0) break;
    told.push(line);
  }
  left = PAGE - PAGE / 2 - LAST_LINES;
  /** @type {string[]} */
  const names = [];
  for (const [name, { capabilities }] of [...manifest.namespaces].slice(told.length)) {
    const text = `${name} (${capabilities.length})`;
    left -= length(text) + 2;
    if (left < 0) break;
    names.push(text);
  }
  const count = manifest.namespaces.size - told.length - names.length;
  return [...told, sayLookup("also", { names: names.join(", ") }), ...(count > 0 ? [sayLookup("more_namespaces", { count })] : [])];
}

/** @param {string[]} lines */
function sizeOf(lines) {
  return lines.reduce((sum, line) => sum + length(line) + 1, 0);
}

/** @param {Manifest} manifest */
function namespaceLines(manifest) {
  return [...manifest.namespaces].map(([name, { summary, capabilities }]) => {
    const text = summarised(summary);
    return `${name} (${capabilities.length})${text === "" ? "" : `: ${text}`}`;
  });
}

/** @param {Manifest} manifest */
function namespaceNames(manifest) {
  const names = [...manifest.namespaces.keys()];
  const more = names.length > MOST ? ` and ${names.length - MOST} more` : "";
  return names.slice(0, MOST).join(", ") + more || "none";
}

/** @param {Manifest} manifest @param {Vocabulary} vocabulary @param {string} query @param {IsMeant} isMeant @param {number} limit */
async function matchesText(manifest, vocabulary, query, isMeant, limit) {
  /** @param {string} name */
  const isWanted = (name) => isMeant(name, /** @type {Capability} */ (manifest.capabilities.get(name)));
  const found = ranked(await indexOf(manifest, vocabulary), query).filter(([name]) => isWanted(name));
  if (found.length > 0) {
    const most = limit > USUAL ? limit : Math.min(limit, outstanding(found)); // who asks for more gets all there is
    const whole = (await smallText(manifest)) === null ? 0 : strong(found);
    return linesText(manifest, found.slice(0, most).map(([name]) => name), found.length, whole);
  }
  const total = [...manifest.capabilities.keys()].filter(isWanted).length;
  const names = manifest.nearest(cut(strip(query), COMPARED).replaceAll(" ", "_")).filter(isWanted).join(", ");
  const asked = repr(plain(query));
  const remark = names === "" ? sayLookup("no_match", { query: asked }) : sayLookup("near_match", { query: asked, names });
  return `${remark}\n${countText(manifest, 0, total)}`;
}

/** A line each and the count; the first `whole` have all of their definition, with the types they need. @param {Manifest} manifest @param {string[]} shown @param {number} total @param {number} [whole] */
function linesText(manifest, shown, total, whole = 0) {
  /** @type {string[]} */
  const lines = [];
  let left = TEXT;
  for (const name of shown) {
    const entry = /** @type {Capability} */ (manifest.capabilities.get(name));
    lines.push(lines.length < whole ? wholeLine(entry) : signatureLine(entry));
    if (lines.length > whole) left -= length(lines[lines.length - 1]);
    if (left < 0) break;
  }
  const told = lines.length;
  if (whole > 0) {
    const names = shown.slice(0, whole);
    lines.push(...manifest.uses(names).map((name) => manifest.types.get(name)?.definition ?? ""));
    lines.push(`# ${sayLookup("whole_matches", { names: names.join(", ") })}`);
  }
  return [...lines, countText(manifest, told, total)].join("\n");
}

/** @param {Capability} entry */
function signatureLine({ signature, summary }) {
  const line = signature + (summary ? `  # ${summary}` : "");
  return length(line) <= LINE ? line : `${cut(line, LINE - 3)}...`;
}

/** A signature with the comment of the definition, which has constraints too. @param {Capability} entry */
function wholeLine({ signature, definition }) {
  const at = definition.indexOf(": ...  # ");
  return signature + (at < 0 ? "" : `  # ${definition.slice(at + ": ...  # ".length)}`);
}

/** @param {Manifest} manifest @param {number} shown @param {number} total */
function countText(manifest, shown, total) {
  return sayLookup("count", { shown, total, catalog: manifest.digest });
}
