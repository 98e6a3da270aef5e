/**
 * The source gate: what the page does with a snippet's text before any worker parses it. Text only: hostile source is
 * parsed in the worker, which may die of it; the page counts characters.
 */

import { say } from "./messages.js";
import { byteLength, grouped, hasLoneSurrogate, strip, stripEnd } from "./text.js";

const FENCE = /^(?:`{3,}|~{3,})/;
const CODE = /"""|'''|[A-Za-z0-9_]\(|=/;
const LINES_BEFORE = 1_000; // empty lines that stand for prose are no way around the limit
const NESTING = 100; // CPython's own tokenizer gives up at 200 brackets; ordinary snippets stay below 20

/**
 * The code of a snippet, or why it is not even parsed: code fences, a byte order mark, Windows line ends and a common
 * indent are taken off. Lines keep their numbers: empty ones stand for those before the code.
 *
 * @param {string} text
 * @param {number} limitBytes
 * @returns {{code: string} | {message: string, hint: string | null}}
 */
export function gate(text, limitBytes) {
  const [before, fenced] = unfenced(text.replace(/^\ufeff/, "").replaceAll("\r\n", "\n").replaceAll("\r", "\n"));
  const code = undented(fenced);
  if (hasLoneSurrogate(code)) return refused("bad_character", { character: "an unpaired surrogate" });
  const bytes = byteLength(code);
  if (bytes > limitBytes) {
    return refused("too_long", { bytes: grouped(bytes), limit_bytes: grouped(limitBytes) }, say("syntax", "too_long_hint"));
  }
  if (code.includes("\0")) return refused("bad_character", { character: "NUL" });
  if (nesting(code) > NESTING) return refused("too_nested", { limit: NESTING });
  return { code: "\n".repeat(before <= LINES_BEFORE ? before : 0) + code };
}

/** @param {string} text @param {Record<string, unknown>} values @param {string | null} [hint] */
function refused(text, values, hint = null) {
  return { message: say("syntax", text, values), hint };
}

/**
 * Takes the fences off where the whole text is one fenced block, with or without a word for the language; what a model
 * says around its block is taken off with them. Gives how many lines went before the code, and the code.
 *
 * @param {string} code
 * @returns {[number, string]}
 */
function unfenced(code) {
  const block = strip(code);
  const end = block.indexOf("\n");
  const [first, rest] = end < 0 ? [block, ""] : [block.slice(0, end), block.slice(end + 1)];
  const fence = fenceOf(first);
  if (fence !== "" && opens(first, fence) && closes(rest, fence)) {
    const before = code.slice(0, code.indexOf(block)).split("\n").length;
    return [before, rest.slice(0, -fence.length).replace(/[ \t]+$/, "").replace(/\n$/, "")];
  }
  return onlyBlock(code) ?? [0, code];
}

/** The fence that a line begins with: three or more of a kind; nothing where there are fewer. @param {string} line */
function fenceOf(line) {
  return FENCE.exec(line)?.[0] ?? "";
}

/** Whether a text ends in a fence; one of tildes on a line of its own: Python has comments but no backticks. @param {string} rest @param {string} fence */
function closes(rest, fence) {
  return rest.endsWith(fence) && (fence[0] === "`" || strip(rest.slice(rest.lastIndexOf("\n") + 1)) === fence);
}

/** Takes off the indent of the first line of code where every line has it. @param {string} code */
function undented(code) {
  const lines = code.split("\n");
  const isBlank = (/** @type {string} */ line) => /^[ \t]*$/.test(line);
  const indent = /^[ \t]*/.exec(lines.find((line) => !isBlank(line)) ?? "")?.[0] ?? "";
  if (indent === "" || lines.some((line) => !isBlank(line) && !line.startsWith(indent))) return code;
  return lines.map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line)).join("\n");
}

/** @param {string} line @param {string} fence */
function opens(line, fence) {
  const language = strip(line.slice(fence.length));
  return line === fence || language.split("-").every((part) => /^[\p{L}\p{N}]+$/u.test(part));
}

/**
 * The only fenced block of a text that has prose before or behind it, and how many lines stand before it; null where it
 * may be anything else. Around the block may stand nothing that could be a text's begin, a call or an assignment: code
 * isn't left out without a word.
 *
 * @param {string} text
 * @returns {[number, string] | null}
 */
function onlyBlock(text) {
  const lines = text.split("\n");
  const fence = fenceOf(lines.find((line) => FENCE.test(line)) ?? "");
  const fences = [...lines.keys()].filter((number) => fence !== "" && lines[number].startsWith(fence));
  if (fences.length !== 2) return null;
  const [start, end] = fences;
  if (!opens(stripEnd(lines[start]), fence) || stripEnd(lines[end]) !== fence) return null;
  const around = [...lines.slice(0, start), ...lines.slice(end + 1)];
  if (around.some((line) => CODE.test(line) || line.endsWith("\\"))) return null;
  return [start + 1, lines.slice(start + 1, end).join("\n")];
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
