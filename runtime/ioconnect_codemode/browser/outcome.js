/**
 * What goes back to the model: value or error, printed text, call log, all bounded; the text that it reads.
 *
 * A failed run's text is at most 800 characters, and each of its parts has a bound of its own, so that a long message
 * can't push signature and hint out; `state` says what has happened to the world, and never to try again.
 */

import { sayOutcome, sayState } from "./messages.js";
import { cut, indentation, isPrintable, length, oneLine, slice, stripEnd, visible, width } from "./text.js";
import { compact, plain } from "./values.js";

/** @typedef {"finished" | "failed" | "refused" | "unfinished" | "held" | "not_called"} CallState */
/** @typedef {{name: string, effect: string, state: CallState, elapsed_ms: number, bytes: number, arguments?: any}} CallRecord */
/**
 * @typedef {object} OutcomeError
 * @property {string} kind
 * @property {string} message
 * @property {number | null} line From 1.
 * @property {number | null} column From 1, in characters.
 * @property {number | null} end_column
 * @property {string | null} source That line of the snippet, or the part of it around the column.
 * @property {number} source_column Column of the first character of `source`.
 * @property {string | null} signature
 * @property {string | null} hint
 * @property {string} state
 * @property {string | null} approval_id
 * @property {OutcomeError[]} others
 */

const ERROR_CHARACTERS = 800;
const MESSAGE_CHARACTERS = 200;
const STATE_CHARACTERS = 370;
const HINT_CHARACTERS = 140;
const SIGNATURE_CHARACTERS = 160;
const SOURCE_CHARACTERS = 90;
const LINE_CHARACTERS = 110;
const NAMES_CHARACTERS = 60;
const OTHERS = 5;

/** @type {Omit<OutcomeError, "kind" | "message">} */
const NO_PLACE = { line: null, column: null, end_column: null, source: null, source_column: 1, signature: null, hint: null, state: "", approval_id: null, others: [] };

/** An error of a run. @param {{kind: string, message: string} & Partial<OutcomeError>} parts @returns {OutcomeError} */
export function errorOf(parts) {
  const { message, hint = null } = parts;
  return { ...NO_PLACE, ...parts, message: visible(message), hint: hint === null ? null : visible(hint) };
}

/** The outcome of a run. */
export class Outcome {
  /** @param {Partial<Outcome> & {ok: boolean}} parts */
  constructor(parts) {
    /** The snippet ran to its end. @type {boolean} */
    this.ok = parts.ok;
    /** Its value as it came, exact; `value` is the nearest plain one. @type {any} */
    this.exact = parts.exact ?? null;
    /** @type {string} */
    this.printed = parts.printed ?? "";
    /** @type {CallRecord[]} */
    this.calls = parts.calls ?? [];
    /** @type {OutcomeError | null} */
    this.error = parts.error ?? null;
    /** @type {import("./egress.js").Truncation | null} */
    this.truncated = parts.truncated ?? null;
    /** @type {string} */
    this.catalog = parts.catalog ?? "";
    /** @type {number} */
    this.elapsed_s = parts.elapsed_s ?? 0;
    /** @type {string[]} */
    this.notes = parts.notes ?? [];
    /** The value is the printed text of a snippet without a value of its own; not part of the JSON. @type {boolean} */
    this.valueIsPrinted = parts.valueIsPrinted ?? false;
    /** The worker's own clocks: `review_us`, `run_us`; not part of the JSON. @type {Record<string, number>} */
    this.timings = parts.timings ?? {};
    /** Its value as plain JSON; null too where it is truncated or the run failed. @type {any} */
    this.value = plain(this.exact);
  }

  /** The outcome with some of it changed. @param {Partial<Outcome>} changes */
  with(changes) {
    return new Outcome({ ...this, ...changes });
  }

  /** The outcome as JSON, with the fields of the desktop's. */
  toJSON() {
    return {
      ok: this.ok,
      value: this.value,
      printed: this.printed,
      calls: this.calls,
      error: this.error === null ? null : errorJson(this.error),
      truncated: this.truncated === null ? null : { ...this.truncated, preview: plain(this.truncated.preview) },
      catalog: this.catalog,
      elapsed_s: this.elapsed_s,
      notes: this.notes,
    };
  }

  /** The outcome as the model reads it. */
  text() {
    if (this.error !== null) return this.#failedText(this.error);
    const parts = [];
    if (this.truncated !== null) parts.push(compact(this.truncated.preview), this.truncated.hint);
    else parts.push(this.valueIsPrinted ? withoutLineEnds(String(this.exact)) : compact(this.exact));
    if (this.printed !== "") parts.push(withoutLineEnds(this.printed));
    const count = this.calls.length;
    const counted = sayOutcome(count === 1 ? "calls_one" : "calls_many", { count, catalog: this.catalog });
    return [...parts, ...this.notes, counted].join("\n");
  }

  /** The error, then as much of notes and of the end of the printed text as there is room for. @param {OutcomeError} error */
  #failedText(error) {
    let text = errorText(error);
    for (const note of this.notes) if (length(text) + length(note) < ERROR_CHARACTERS) text += `\n${note}`;
    const printed = withoutLineEnds(this.printed.replace(/^\n+/, ""));
    const room = ERROR_CHARACTERS - length(text) - "\nprinted: ...".length;
    if (printed === "" || room < LINE_CHARACTERS) return text;
    const size = length(printed);
    return `${text}\nprinted: ${size <= room ? printed : `...${slice(printed, size - room)}`}`;
  }
}

/** @param {OutcomeError} error @returns {Record<string, any>} */
function errorJson({ kind, message, line, column, source, signature, hint, state, approval_id, others }) {
  const document = { kind, message, line, column, source, signature, hint, state };
  return {
    ...document,
    ...(approval_id === null ? {} : { approval_id }),
    ...(others.length === 0 ? {} : { others: others.map(errorJson) }),
  };
}

/** The error as the model reads it, at most 800 characters. @param {OutcomeError} error */
function errorText(error) {
  const below = [];
  if (error.signature) below.push(bounded(error.signature, SIGNATURE_CHARACTERS));
  if (error.hint) below.push(sayOutcome("hint", { text: bounded(error.hint, HINT_CHARACTERS) }));
  const lines = [...above(error, ERROR_CHARACTERS - length(["", ...below].join("\n"))), ...below];
  return [...lines, ...othersText(error.others, ERROR_CHARACTERS - length(lines.join("\n")))].join("\n");
}

/** What a failed run has done to the world. @param {CallRecord[]} calls */
export function stateOf(calls) {
  const sent = calls.filter((call) => call.state !== "refused" && call.state !== "not_called");
  if (sent.length === 0) return sayState("no_calls");
  const finished = sent.filter((call) => call.state === "finished");
  const parts = finished.length > 0 ? [finishedText(finished)] : [];
  for (const state of ["failed", "unfinished", "held"]) {
    const count = sent.filter((call) => call.state === state).length;
    if (count > 0) parts.push(sayState(state, { count }));
  }
  // An app that answered with an error may be asked again.
  const acted = sent.filter((call) => call.state !== "failed" && call.state !== "held");
  const changing = [...new Set(acted.filter((call) => call.effect !== "read").map((call) => call.name))];
  const text = parts.join(", ");
  return changing.length > 0 ? sayState("do_not_repeat", { state: text, names: listed(changing) }) : text;
}

/** The error with the source line it points at. @param {OutcomeError} error @param {string} code @returns {OutcomeError} */
export function located(error, code) {
  const others = error.others.slice(0, OTHERS - 1).map((other) => located(other, code));
  const lines = code.split("\n");
  if (error.line === null || error.line < 1 || error.line > lines.length) {
    return { ...error, line: null, column: null, end_column: null, others };
  }
  const source = lines[error.line - 1];
  if (error.column === null) return { ...error, end_column: null, source: shownSource(source, 0), others };
  const column = Math.min(Math.max(error.column, 1), length(source) + 1);
  const start = column <= Math.floor((SOURCE_CHARACTERS * 2) / 3) ? 0 : column - Math.floor(SOURCE_CHARACTERS / 2);
  return { ...error, column, source: shownSource(source, start), source_column: start + 1, others };
}

/** A part of a source line; what would move the caret or the terminal's cursor is a question mark. @param {string} source @param {number} start */
function shownSource(source, start) {
  const part = stripEnd(slice(source, start, start + SOURCE_CHARACTERS));
  return [...part].map((one) => (isPrintable(one) || one === "\t" ? one : "?")).join("");
}

/** Heading, source and message; where room is short the message is cut, then the source is left out. @param {OutcomeError} error @param {number} room */
function above(error, room) {
  for (const [source, characters] of /** @type {[string | null, number][]} */ ([[error.source, MESSAGE_CHARACTERS], [error.source, 100], [null, 100]])) {
    const lines = [heading(error, characters), ...excerpt({ ...error, source }, characters)];
    if (length(lines.join("\n")) <= room) return lines;
  }
  return [heading(error, 50), ...excerpt({ ...error, source: null }, 50)];
}

/** @param {OutcomeError} error @param {number} characters */
function heading(error, characters) {
  const { kind, line } = error;
  const state = bounded(error.state, STATE_CHARACTERS);
  if (line === null) return `${sayOutcome("error", { kind, state })}: ${bounded(error.message, characters)}`;
  return sayOutcome("error_at", { kind, line, column: firstColumn(error), state });
}

/** The column that the error points at; that of the first word where only the line is known. @param {OutcomeError} error */
function firstColumn(error) {
  return error.column ?? indentation(error.source ?? "") + 1;
}

/** The source line and the caret's line, with the message behind the caret where there is room. @param {OutcomeError} error @param {number} characters */
function excerpt(error, characters) {
  if (error.line === null) return [];
  const message = bounded(error.message, characters);
  if (error.source === null) return [message];
  const prefix = `  ${error.line} | `;
  const start = firstColumn(error) - error.source_column;
  const end = error.end_column === null ? length(error.source) : error.end_column - error.source_column;
  const marked = slice(error.source, start, Math.max(end, start + 1)) || " ";
  const carets = "^".repeat(Math.max(1, [...marked].reduce((sum, one) => sum + width(one), 0)));
  const before = [...slice(error.source, 0, start)].map((one) => (one === "\t" ? "\t" : " ".repeat(width(one)))).join("");
  const pointer = `${" ".repeat(prefix.length - 2)}| ${before}${carets}`;
  if (length(pointer) + length(message) < LINE_CHARACTERS) return [prefix + error.source, `${pointer} ${message}`];
  return [prefix + error.source, pointer, message];
}

/** One line for each further error, as many as there is room for. @param {OutcomeError[]} others @param {number} room */
function othersText(others, room) {
  /** @type {string[]} */
  const lines = [];
  let left = room;
  for (const [index, other] of others.entries()) {
    const place = other.line ? `also at line ${other.line}, column ${firstColumn(other)}: ` : "also: ";
    const line = bounded(`${place}${other.message}${other.hint ? `; ${other.hint}` : ""}`, LINE_CHARACTERS);
    left -= length(line) + 1;
    if (left < (index === others.length - 1 ? 0 : "\nand 4 more".length)) return [...lines, `and ${others.length - index} more`];
    lines.push(line);
  }
  return lines;
}

/** A text on one line and of bounded length. @param {string} text @param {number} characters */
function bounded(text, characters) {
  const line = oneLine(text);
  return length(line) <= characters ? line : `${cut(line, characters - 3)}...`;
}

/** @param {CallRecord[]} calls */
function finishedText(calls) {
  /** @type {Map<string, string[]>} */
  const counts = new Map();
  for (const { effect, name } of calls) counts.set(effect, [...(counts.get(effect) ?? []), name]);
  const parts = [...counts].map(([effect, names]) =>
    effect === "read"
      ? sayState("reads", { count: names.length })
      : sayState("changes", { count: names.length, effect, names: listed([...new Set(names)]) }),
  );
  return sayState(calls.length === 1 ? "finished_one" : "finished_many", { count: calls.length, effects: parts.join(", ") });
}

/** Names joined up to a length; the first is always there. @param {string[]} names */
function listed(names) {
  let text = bounded(names[0], NAMES_CHARACTERS);
  for (const name of names.slice(1)) {
    if (length(text) + length(name) > NAMES_CHARACTERS) return `${text}, ...`;
    text = `${text}, ${name}`;
  }
  return text;
}

/** @param {string} text */
function withoutLineEnds(text) {
  return text.replace(/\n+$/, "");
}
