/** What a name in a question for definitions stands for. */

import { matches } from "../glob.js";
import { cut } from "../text.js";
import { visible } from "../values.js";

/** @typedef {import("../manifest.js").Manifest} Manifest */

const SHOWN = 80;

/**
 * The capabilities that a name means, in the catalog's order; several where it is ambiguous. A name is `crm.get_client`, a
 * function's name alone, a namespace or a pattern, or the name of a method or intent in io.Connect.
 *
 * @param {Manifest} manifest @param {string} name @returns {string[]}
 */
export function resolved(manifest, name) {
  if (isPattern(manifest, name)) {
    const pattern = manifest.namespaces.has(name) ? `${name}.*` : name;
    return [...manifest.capabilities.keys()].filter((one) => matches(one, pattern));
  }
  const found = manifest.resolve(name);
  return found.length > 0 ? found : manifest.offeredAs(name);
}

/** Whether a name may mean several functions and then means all of them. @param {Manifest} manifest @param {string} name */
export function isPattern(manifest, name) {
  return manifest.namespaces.has(name) || /[*?]/.test(name);
}

/** Text for a comment line: one line, printable, bounded. @param {string} text @param {number} [limit] */
export function plain(text, limit = SHOWN) {
  return cut(visible(text), limit);
}
