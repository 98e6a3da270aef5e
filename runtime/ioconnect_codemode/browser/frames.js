/**
 * Messages of a worker: JSON texts, not trusted. What is too long, not JSON, not an object of a known type, nested too deep,
 * or has a part of the wrong type, is a `FrameError`, and the run is over. The messages are described in `frames.schema.json`.
 */

import { FrameError } from "./errors.js";
import { byteLength, grouped, hasLoneSurrogate } from "./text.js";
import { entries, field, isDeep, isNumber, isObject, isWhole, numeric, parse, plain } from "./values.js";

/** @typedef {{id: number, name: string, arguments: any, refused?: string | null}} Call */
/** @typedef {{kind: string, message: string, line?: number | null, column?: number | null, end_column?: number | null, hint?: string | null, signature?: string | null}} Problem */
/** @typedef {{type: "ready", protocol: number, python: string, layers: any}} Ready */
/** @typedef {{type: "need", names: string[]}} Need */
/** @typedef {{type: "call", calls: Call[]}} CallMessage */
/** @typedef {{type: "wait", id: number, for_us: number}} Wait */
/** @typedef {{type: "done", value: any, has_value: boolean, printed: string, printed_is_cut: boolean, timings: Record<string, number>}} Done */
/** @typedef {{type: "failed", errors: Problem[], printed: string, printed_is_cut: boolean}} Failed */
/** @typedef {Ready | Need | CallMessage | Wait | Done | Failed} WorkerMessage */

export const PROTOCOL = 1;
const MOST_PARTS = 250_000;
const MOST_CALL_PARTS = 50_000;
const MOST_NAMES = 2_000;
const DEPTH = 100;
const SMALL_BYTES = 4_096; // of a message whose weight is not worth counting: a run's calls are limited too
const PART_BYTES = 100; // that is held of a part besides its text

/** @typedef {"whole" | "text" | "object" | "list" | "truth" | "any"} PartType */
/** @typedef {[name: string, type: PartType][]} Parts */

/** The same as pairs: a message a call is held to them. @param {Record<string, Record<string, PartType>>} types @returns {Record<string, Parts>} */
const paired = (types) => Object.fromEntries(Object.entries(types).map(([kind, parts]) => [kind, Object.entries(parts)]));

const PARTS = paired({
  ready: { protocol: "whole", python: "text", layers: "object" },
  need: { names: "list" },
  call: { calls: "list" },
  wait: { id: "whole", for_us: "whole" },
  done: { has_value: "truth", printed: "text", printed_is_cut: "truth", value: "any" },
  failed: { errors: "list", printed: "text", printed_is_cut: "truth" },
});
const ITEM_PARTS = paired({ call: { id: "whole", name: "text", arguments: "object" }, failed: { kind: "text", message: "text" } });
const { optional: OPTIONAL_PARTS } = paired({
  optional: { line: "whole", column: "whole", end_column: "whole", hint: "text", signature: "text", exception: "text", refused: "text" },
});
/** What the items of a message may have. @type {Record<string, string[]>} */
const ITEM_NAMES = {
  call: [...ITEM_PARTS.call.map(([name]) => name), "refused"],
  failed: [...ITEM_PARTS.failed, ...OPTIONAL_PARTS].map(([name]) => name),
};
/** @type {Record<PartType, (value: any) => boolean>} */
const FITS = {
  whole: (value) => isNumber(value) && isWhole(value),
  text: (value) => typeof value === "string",
  object: isObject,
  list: Array.isArray,
  truth: (value) => typeof value === "boolean",
  any: () => true,
};

/**
 * A message of a worker, its shape checked.
 *
 * @param {unknown} text
 * @param {number} limitBytes
 * @returns {WorkerMessage}
 * @throws {FrameError}
 */
export function decode(text, limitBytes) {
  if (typeof text !== "string") throw new FrameError("a message that is not text");
  const isSmall = text.length * 3 <= limitBytes; // as no character takes more
  if (!isSmall && (text.length > limitBytes || byteLength(text) > limitBytes)) {
    throw new FrameError(`a message of more than ${grouped(limitBytes)} bytes`);
  }
  const count = partCount(text);
  if (count > MOST_PARTS) throw new FrameError(`a message with more than ${grouped(MOST_PARTS)} parts`);
  const message = parsed(text);
  const kind = field(message, "type");
  const parts = typeof kind === "string" && Object.hasOwn(PARTS, kind) ? PARTS[kind] : undefined;
  if (parts === undefined) throw new FrameError("a message of an unknown type");
  hold(message, parts, kind);
  if (kind === "call" && count > MOST_CALL_PARTS) {
    throw new FrameError(`a call message with more than ${grouped(MOST_CALL_PARTS)} parts`);
  }
  return shaped(message, kind);
}

/** What a message holds in memory, about: 50,000 empty lists are 0.15 MB of JSON and 3 MB of memory; 0 for a small one. @param {string} text */
export function weightOf(text) {
  if (text.length * 3 <= SMALL_BYTES) return 0; // as no character takes more
  const bytes = byteLength(text);
  if (bytes <= SMALL_BYTES) return 0;
  let commas = 0;
  for (let place = text.indexOf(","); place >= 0 && commas < MOST_CALL_PARTS; place = text.indexOf(",", place + 1)) commas += 1;
  return bytes + PART_BYTES * commas;
}

/** An upper bound of the parts of a JSON text; the commas of a text in it are none. @param {string} text */
function partCount(text) {
  let count = 0;
  for (let place = 0; place < text.length; place += 1) {
    const code = text.charCodeAt(place);
    if (code === 0x22) place = endOfString(text, place);
    else if (code === 0x2c || code === 0x5b || code === 0x7b) count += 1;
  }
  return count;
}

/** Where a string of a JSON text ends. @param {string} text @param {number} start Of its first quote. */
function endOfString(text, start) {
  let place = start + 1;
  while (place < text.length && text.charCodeAt(place) !== 0x22) place += text.charCodeAt(place) === 0x5c ? 2 : 1;
  return place;
}

/** @param {string} text */
function parsed(text) {
  let message;
  try {
    message = parse(text);
  } catch {
    throw new FrameError("a message that is not JSON");
  }
  // Half a character, escaped: no text of an outcome could be written out.
  if (hasLoneSurrogate(text) || (/\\ud[89a-f]/i.test(text) && hasHalf(message))) throw new FrameError("a message that is not JSON");
  if (!isObject(message)) throw new FrameError("a message that is not an object");
  if (isDeep(message, DEPTH)) throw new FrameError(`a message that is nested deeper than ${DEPTH}`);
  return message;
}

/** Whether a text somewhere in a value has half of a surrogate pair. @param {any} message */
function hasHalf(message) {
  const waiting = [message];
  while (waiting.length > 0) {
    const item = waiting.pop();
    if (typeof item === "string" && hasLoneSurrogate(item)) return true;
    if (Array.isArray(item)) for (const one of item) waiting.push(one);
    else if (isObject(item)) for (const [key, one] of entries(item)) waiting.push(key, one);
  }
  return false;
}

/** @param {any} part @param {Parts} types @param {string} kind */
function hold(part, types, kind) {
  for (const [name, type] of types) {
    const value = field(part, name);
    if (value === undefined) throw new FrameError(`a ${kind} message without ${name}`);
    if (!FITS[type](value)) throw new FrameError(`a ${kind} message with ${name} of the wrong type`);
  }
  for (const [name, type] of OPTIONAL_PARTS) {
    const value = field(part, name) ?? null;
    if (value !== null && !FITS[type](value)) throw new FrameError(`a ${kind} message with ${name} of the wrong type`);
  }
}

/** The message with its own parts only, numbers as plain ones. @param {any} message @param {string} kind @returns {any} */
function shaped(message, kind) {
  if (kind === "need") {
    const names = field(message, "names");
    if (names.length > MOST_NAMES || names.some((/** @type {unknown} */ name) => typeof name !== "string")) {
      throw new FrameError(`a need message with more than ${grouped(MOST_NAMES)} names, or one that is not text`);
    }
  }
  /** @type {Record<string, any>} */
  const made = { type: kind };
  for (const [name, type] of PARTS[kind]) {
    const value = field(message, name);
    made[name] = type === "whole" ? numeric(value) : value;
  }
  if (kind === "done") made.timings = timings(message);
  if (kind in ITEM_PARTS) made[kind === "call" ? "calls" : "errors"] = items(made, kind);
  return made;
}

/** @param {any} made @param {string} kind */
function items(made, kind) {
  return made[kind === "call" ? "calls" : "errors"].map((/** @type {any} */ item) => {
    if (!isObject(item)) throw new FrameError(`a ${kind} message with an item that is not an object`);
    hold(item, ITEM_PARTS[kind], kind);
    /** @type {Record<string, any>} */
    const own = {};
    for (const name of ITEM_NAMES[kind]) {
      const value = field(item, name) ?? null;
      own[name] = isNumber(value) ? numeric(value) : value;
    }
    return own;
  });
}

/** What an outcome shows beside value and text can be no way past their limits. @param {any} message */
function timings(message) {
  const given = field(message, "timings") ?? {};
  if (!isObject(given) || entries(given).some(([name]) => name !== "review_us" && name !== "run_us")) {
    throw new FrameError("a message with timings that nobody takes");
  }
  for (const [name, value] of entries(given)) if (!isNumber(value)) throw new FrameError(`a done message with ${name} of the wrong type`);
  return plain(given);
}
