/** What a name in a question for definitions stands for. */

import { matches } from "../glob.js";
import { cut, length } from "../text.js";
import { visible } from "../values.js";

/** @typedef {import("../manifest.js").Manifest} Manifest */

const SHOWN = 80;
const LONGEST = 200; // characters of a name that is looked at

/**
 * The capabilities that a name means, in the catalog's order; several where it is ambiguous. A name is `crm.get_client`, a
 * function's name alone, a namespace or a pattern, or the name of a method or intent in io.Connect. Where it is none of
 * them, what models write in its place is understood: `crm.getClient`, `crm/get_client`, `crm_get_client`.
 *
 * @param {Manifest} manifest @param {string} name @returns {string[]}
 */
export function resolved(manifest, name) {
  if (isPattern(manifest, name)) {
    const pattern = manifest.namespaces.has(name) ? `${name}.*` : name;
    return [...manifest.capabilities.keys()].filter((one) => matches(one, pattern));
  }
  for (const found of [manifest.resolve(name), manifest.offeredAs(name)]) if (found.length > 0) return found;
  return otherwiseSpelt(manifest, name);
}

/** The type that a name means, `Client` or `crm.Client`; null where no capability needs one of that name. @param {Manifest} manifest @param {string} name */
export function typeNamed(manifest, name) {
  const last = name.slice(name.lastIndexOf(".") + 1);
  return manifest.types.has(last) && manifest.usedTypes.has(last) ? last : null;
}

/** A name without what models put around it: blanks, quotes, a call's brackets; null where it is none at all. @param {string} name */
export function tidied(name) {
  if (length(name) > LONGEST) return null;
  return name.split("(", 1)[0].replace(/^[ \t\n`'"]+|[ \t\n`'"]+$/g, "") || null;
}

/** @param {Manifest} manifest @param {string} name @returns {string[]} */
function otherwiseSpelt(manifest, name) {
  const spelt = name.replace(/[/:]+/g, ".").replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toLowerCase();
  const found = manifest.resolve(spelt.split(".").slice(-2).join("."));
  return found.length > 0 ? found : [...manifest.capabilities.keys()].filter((full) => full.replaceAll(".", "_") === spelt);
}

/** Whether a name may mean several functions and then means all of them. @param {Manifest} manifest @param {string} name */
export function isPattern(manifest, name) {
  return manifest.namespaces.has(name) || /[*?]/.test(name);
}

/** What a namespace is about on one line; what is too long ends behind a word, in three dots. @param {string} text */
export function summarised(text) {
  const line = plain(text, SHOWN + 1);
  if (length(line) <= SHOWN) return line;
  const start = cut(line, SHOWN - 2);
  const at = start.lastIndexOf(" ");
  return `${(at > 0 ? start.slice(0, at) : cut(line, SHOWN - 3)).replace(/[ ,;:]+$/, "")}...`;
}

/** Text for a comment line: one line, printable, bounded. @param {string} text @param {number} [limit] */
export function plain(text, limit = SHOWN) {
  return cut(visible(text), limit);
}
