/** From a worker's last message to the outcome. The message is not trusted: it is held to what the page knows. */

import { callText } from "./approval.js";
import { CUT_CHARACTERS } from "./egress.js";
import { sayOutcome, sayState } from "./messages.js";
import { Outcome, errorOf, located, stateOf } from "./outcome.js";
import { cut, grouped, length } from "./text.js";

/** @typedef {import("./frames.js").Done} Done */
/** @typedef {import("./frames.js").Failed} Failed */
/** @typedef {import("./outcome.js").CallRecord} CallRecord */
/**
 * @typedef {object} Known What the page knows of a run when its worker says that it is over.
 * @property {string} source
 * @property {boolean} onlyReview
 * @property {Readonly<import("./limits.js").Limits>} limits
 * @property {CallRecord[]} calls
 * @property {string[]} notes
 * @property {Map<string, import("./admission.js").Refusal>} refusals
 * @property {import("./egress.js").Egress} egress
 */

const MOST_ERRORS = 5;
const MOST_CALLS = 10; // shown as text; the list of calls has all of them
const BEFORE_RUNNING = new Set(["syntax", "not_allowed", "unknown_name", "type_error"]);
const FROM_A_WORKER = new Set([
  ...BEFORE_RUNNING,
  ...["argument", "result_shape", "app_error", "app_unavailable", "denied", "snippet_error", "memory", "output_limit"],
]);

/** The outcome of a snippet that ran to its end. @param {Done} message @param {Known} known */
export function done(message, known) {
  let [printed, notes] = printedOf(message, known);
  let value = message.value;
  const valueIsPrinted = value === null && printed !== "";
  if (valueIsPrinted) [value, printed] = [printed, ""];
  const hasChanged = known.calls.some((call) => call.effect !== "read" && call.state === "finished");
  if (value === null && !known.onlyReview && !(message.has_value && hasChanged)) {
    notes = [...notes, sayOutcome(message.has_value ? "none_value_hint" : "no_value_hint")];
  }
  const [shown, truncated] = known.egress.value(value);
  // who wants the value sends another snippet: the changes are made already
  if (hasChanged && (truncated !== null || !(message.has_value || valueIsPrinted))) notes = [...notes, stateOf(known.calls)];
  return new Outcome({ ok: true, exact: shown, printed, truncated, notes, valueIsPrinted, timings: message.timings });
}

/** The outcome of a snippet that was refused or raised; null where the worker says what can't be. @param {Failed} message @param {Known} known */
export function failed(message, known) {
  const problems = message.errors.slice(0, MOST_ERRORS);
  const isPossible = problems.every(({ kind }) => FROM_A_WORKER.has(kind) && !(known.calls.length > 0 && BEFORE_RUNNING.has(kind)));
  if (problems.length === 0 || !isPossible) return null;
  const [first, ...others] = problems.map((one) => errorFrom(one, known));
  const [printed, notes] = printedOf(message, known);
  return new Outcome({ ok: false, error: located({ ...first, others }, known.source), printed, notes });
}

/** What a dry run did not call, with arguments, and which of it counts as a write only because nobody knows. @param {CallRecord[]} calls */
export function dryRunNotes(calls) {
  const leftOut = calls.filter((call) => call.state === "not_called");
  if (leftOut.length === 0) return [sayOutcome("dry_run_nothing")];
  const shown = leftOut.slice(0, MOST_CALLS).map(textOf);
  const more = leftOut.length > shown.length ? [`${leftOut.length - shown.length} more`] : [];
  const notes = [...shown, ...more].map((names) => sayOutcome("dry_run", { names }));
  const unknown = [...new Set(leftOut.filter((call) => call.effect === "unknown").map((call) => call.name))];
  if (unknown.length > 0) notes.push(sayOutcome("unknown_effect_note", { names: unknown.slice(0, MOST_CALLS).join(", ") }));
  return notes;
}

/** @param {CallRecord} call */
function textOf(call) {
  return call.arguments !== null && typeof call.arguments === "object" ? callText(call.name, call.arguments) : call.name;
}

/** @param {import("./frames.js").Problem} problem @param {Known} known */
function errorFrom(problem, known) {
  const refusal = known.refusals.get(cut(problem.message, CUT_CHARACTERS));
  const ran = known.calls.length > 0 || !BEFORE_RUNNING.has(problem.kind);
  return errorOf({
    kind: problem.kind,
    message: known.egress.text(problem.message, CUT_CHARACTERS),
    line: problem.line ?? null,
    column: problem.column ?? null,
    end_column: problem.end_column ?? null,
    signature: refusal?.signature || short(problem.signature) || null,
    hint: refusal?.hint || short(problem.hint) || null,
    state: ran ? stateOf(known.calls) : sayState("nothing_was_run"),
  });
}

/** The printed text, bounded, and the notes with what is to be said of it. @param {Done | Failed} message @param {Known} known @returns {[string, string[]]} */
function printedOf(message, known) {
  const limit = known.limits.printed_characters;
  const isCut = message.printed_is_cut || length(message.printed) > limit;
  const notes = isCut ? [...known.notes, sayOutcome("printed_is_cut", { limit: grouped(limit) })] : known.notes;
  return [known.egress.text(message.printed, limit, message.printed_is_cut), notes];
}

/** @param {string | null | undefined} text */
function short(text) {
  return text === null || text === undefined ? null : cut(text, CUT_CHARACTERS);
}
