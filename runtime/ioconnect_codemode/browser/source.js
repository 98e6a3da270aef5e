/**
 * The source gate: what the page does with a snippet's text before any worker parses it. Text only: hostile source is
 * parsed in the worker, which may die of it; the page counts characters.
 */

import { say } from "./messages.js";
import { byteLength, grouped, hasLoneSurrogate, strip } from "./text.js";

const FENCE = "```";
const NESTING = 100; // CPython's own tokenizer gives up at 200 brackets; ordinary snippets stay below 20

/**
 * The code of a snippet, or why it is not even parsed: code fences, a byte order mark and Windows line ends are taken off.
 *
 * @param {string} text
 * @param {number} limitBytes
 * @returns {{code: string} | {message: string, hint: string | null}}
 */
export function gate(text, limitBytes) {
  const code = unfenced(text.replace(/^\ufeff/, "").replaceAll("\r\n", "\n").replaceAll("\r", "\n"));
  if (hasLoneSurrogate(code)) return refused("bad_character", { character: "an unpaired surrogate" });
  const bytes = byteLength(code);
  if (bytes > limitBytes) {
    return refused("too_long", { bytes: grouped(bytes), limit_bytes: grouped(limitBytes) }, say("syntax", "too_long_hint"));
  }
  if (code.includes("\0")) return refused("bad_character", { character: "NUL" });
  return nesting(code) > NESTING ? refused("too_nested", { limit: NESTING }) : { code };
}

/** @param {string} text @param {Record<string, unknown>} values @param {string | null} [hint] */
function refused(text, values, hint = null) {
  return { message: say("syntax", text, values), hint };
}

/** Takes the fences off where the whole text is one fenced block, with or without a word for the language. @param {string} code */
function unfenced(code) {
  const block = strip(code);
  const end = block.indexOf("\n");
  const [first, rest] = end < 0 ? [block, ""] : [block.slice(0, end), block.slice(end + 1)];
  const language = strip(first.startsWith(FENCE) ? first.slice(FENCE.length) : first);
  const isFence = first.startsWith(FENCE) && language.split("-").every((part) => /^[\p{L}\p{N}]+$/u.test(part));
  if (!rest.endsWith(FENCE) || !(isFence || first === FENCE)) return code;
  return rest.slice(0, -FENCE.length).replace(/[ \t]+$/, "").replace(/\n$/, "");
}

/** How deep brackets nest; those in strings and comments count too: this is a courtesy, and no boundary. @param {string} code */
function nesting(code) {
  let depth = 0;
  let deepest = 0;
  for (const one of code) {
    if ("([{".includes(one)) {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (depth > 0 && ")]}".includes(one)) depth -= 1;
  }
  return deepest;
}
