/** The `.pyi` text of functions, with just the types they need: what a model reads before it writes a snippet. */

import { UsageError } from "../errors.js";
import { sayLookup } from "../messages.js";
import { cut, grouped, length, repr, strip } from "../text.js";
import { compact, isObject } from "../values.js";
import { isPattern, plain, resolved, tidied, typeNamed } from "./names.js";

/** @typedef {import("../manifest.js").Manifest} Manifest */
/** @typedef {import("../manifest.js").Capability} Capability */

const DETAILS = ["signature", "full"];
const LIMIT = 20_000; // characters of functions and types in one answer; one always comes
const CUT = 2 * LIMIT; // of the first one alone: a schema of thousands of properties would fill a model's context
const NAMES = 500; // of one question
const REMARKS = 5;
const CANDIDATES = 5;
const NOTE_LIMIT = 200;
const EXAMPLES = 2;
const KINDS = { method: "interop method", stream: "interop stream", intent: "intent", fdc3_intent: "FDC3 intent", context: "gateway operation" };

/** One `.pyi` text with these functions and types, and just the types they need. @param {Manifest} manifest @param {readonly string[]} names @param {string} [detail] @returns {Promise<string>} */
export async function definitionsText(manifest, names, detail = "signature") {
  if (!DETAILS.includes(detail)) throw new UsageError(`detail must be signature or full, not ${repr(cut(String(detail), 80))}`);
  /** @type {Set<string>} */
  const wanted = new Set();
  /** @type {Map<string, string[]>} */
  const unsettled = new Map();
  for (const asked of new Set(names.slice(0, NAMES))) {
    const name = tidied(asked);
    let found = name === null ? [] : resolved(manifest, name);
    const named = typeNamed(manifest, name ?? "");
    if (named !== null) {
      wanted.add(named);
      const offered = manifest.offeredAs(name ?? "");
      found = found.filter((one) => one === name || offered.includes(one));
      if (found.length === 0) continue;
    }
    const isMeantWhole = name !== null && (found.length === 1 || isPattern(manifest, name));
    if (isMeantWhole) for (const one of found) wanted.add(one);
    if (found.length === 0 || !isMeantWhole) unsettled.set(asked, found);
  }
  const ordered = wanted.size > 0 ? [...manifest.types.keys(), ...manifest.capabilities.keys()].filter((name) => wanted.has(name)) : [];
  let text = (await bounded(manifest, ordered, detail)).join("\n");
  if (length(text) > CUT) text = `${cut(text, CUT)}...\n# ${sayLookup("cut", { limit: grouped(CUT) })}`;
  return [...(text === "" ? [] : [text]), ...remarks(manifest, unsettled)].join("\n");
}

/** The lines of as many types and functions as fit, then how many there are. @param {Manifest} manifest @param {string[]} names @param {string} detail */
async function bounded(manifest, names, detail) {
  /** @type {string[]} */
  const shown = [];
  /** @type {Map<string, string[]>} */
  const blocks = new Map();
  /** @type {Map<string, string>} */
  const types = new Map();
  let size = 0;
  for (const name of names) {
    const block = manifest.types.has(name) ? [] : await functionLines(manifest, name, detail);
    const more = manifest.uses([name]).filter((used) => !types.has(used)).map((used) => [used, typeText(manifest, used, detail)]);
    for (const line of [...block, ...more.map(([, text]) => text)]) size += length(line) + 1;
    if (size > LIMIT && shown.length > 0) break;
    shown.push(name);
    blocks.set(name, block);
    for (const [used, text] of more) types.set(used, text);
  }
  const lines = manifest.uses(shown).map((used) => /** @type {string} */ (types.get(used)));
  let current = "";
  for (const name of shown.filter((one) => !manifest.types.has(one))) {
    const namespace = name.split(".", 1)[0];
    if (namespace !== current) lines.push(`class ${namespace}:`);
    current = namespace;
    lines.push(.../** @type {string[]} */ (blocks.get(name)));
  }
  if (shown.length < names.length) lines.push(`# ${sayLookup("bounded", { shown: shown.length, total: names.length, last: shown.at(-1) })}`);
  return lines;
}

/** @param {Manifest} manifest @param {string} name @param {string} detail */
async function functionLines(manifest, name, detail) {
  const entry = /** @type {Capability} */ (manifest.capabilities.get(name));
  const lines = [` ${entry.definition}`];
  if (detail !== "full") return lines;
  const { input_schema: schema } = await manifest.schemas(name);
  const properties = isObject(schema?.properties) ? schema.properties : {};
  for (const { name: parameter, key } of entry.parameters) {
    const note = noteOf(properties[key]);
    if (note !== "") lines.push(` #  ${parameter}: ${note}`);
  }
  return [...lines, ` # ${routeText(entry)}`];
}

/** What a parameter's schema says beyond its type: the description, and examples that are not named in it. @param {any} schema */
function noteOf(schema) {
  if (!isObject(schema)) return "";
  const { description, examples } = /** @type {any} */ (schema);
  const said = typeof description === "string" ? strip(description) : "";
  const given = Array.isArray(examples) ? examples.slice(0, EXAMPLES) : [];
  const shown = given.filter((one) => !(typeof one === "string" && said.includes(one))).map(literal);
  const parts = [said, shown.length > 0 ? `e.g. ${shown.join(", ")}` : ""];
  return plain(parts.filter((part) => part !== "").join("; "), NOTE_LIMIT);
}

/** A value as Python writes it. @param {any} value @returns {string} */
function literal(value) {
  if (typeof value === "string") return repr(value);
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (!isObject(value)) return compact(value);
  return `{${Object.entries(value).map(([key, item]) => `${repr(key)}: ${literal(item)}`).join(", ")}}`;
}

/** @param {Manifest} manifest @param {string} name @param {string} detail */
function typeText(manifest, name, detail) {
  const { definition, fields = [] } = /** @type {import("../manifest.js").Type} */ (manifest.types.get(name));
  if (detail === "signature" || !fields.some((one) => one.note)) return definition;
  return [`class ${name}:`, ...fields.map((one) => ` ${one.name}: ${fieldType(one)}${one.note ? `  # ${one.note}` : ""}`)].join("\n");
}

/** The type of a field as it is read: one that may be absent reads as None. @param {import("../manifest.js").Field} field */
function fieldType({ required, type }) {
  return required || type === "Any" || type === "None" || type.endsWith("| None") ? type : `${type} | None`;
}

/** @param {Capability} entry */
function routeText({ kind, wire, apps, effect }) {
  const offered = apps.length > 0 ? `, offered by ${apps.join(", ")}` : "";
  const several = apps.length > 1 ? ` (${sayLookup("several_apps")})` : "";
  return plain(`${KINDS[kind]} ${wire}${offered}${several}; effect: ${effect}`, 300);
}

/** @param {Manifest} manifest @param {Map<string, string[]>} unsettled */
function remarks(manifest, unsettled) {
  /** @type {string[]} */
  const lines = [];
  for (const [name, found] of unsettled) {
    if (lines.length === REMARKS) return [...lines, `# ${sayLookup("more_unknown", { count: unsettled.size - REMARKS })}`];
    if (found.length > 0) lines.push(`# ${sayLookup("ambiguous", { name: plain(name), names: oneOf(found) })}`);
    else {
      const near = manifest.nearest((tidied(name) ?? "").replace(/\*+$/, "").replace(/\.+$/, "")).join(", ");
      lines.push(`# ${sayLookup(near === "" ? "unknown" : "near_name", { name: plain(name), names: near })}`);
    }
  }
  return lines;
}

/** @param {string[]} names */
function oneOf(names) {
  const more = names.length > CANDIDATES ? ` or ${names.length - CANDIDATES} more` : "";
  return names.slice(0, CANDIDATES).join(" or ") + more;
}
