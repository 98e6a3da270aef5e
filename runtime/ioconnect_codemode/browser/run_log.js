/**
 * The log of one run: what it started from, what it called, and what it was told, in order; in memory only.
 *
 * The outcome's list of calls, a dry run's report and what a page is told come from it, and after an approval a new worker
 * is driven by it: a worker is a function of what it is sent. Answers are kept only where the run may have to be gone
 * through again, and only up to a limit; past it the log is not whole any more.
 */

import { canonical } from "./values.js";

/** @typedef {import("./outcome.js").CallState} CallState */
/** @typedef {{name: string, effect: string, startedMs: number, digest: string, state: CallState, elapsedMs: number, bytes: number, arguments?: any}} LoggedCall */
/** @typedef {{id: number, ok: true, value: any, by_target?: true} | {id: number, ok: false, kind: string, message: string}} Reply */
/** @typedef {{reply: Reply, elapsedUs: number} | {number: number, elapsedUs: number}} Sent */
/**
 * @typedef {object} Opening What a run starts from.
 * @property {string} source
 * @property {Record<string, any>} inputs
 * @property {bigint} startedNs What its clock starts at, in nanoseconds since 1970.
 * @property {bigint} seed What its random numbers start from.
 * @property {boolean} onlyReview It is reviewed and checked, and not run.
 * @property {boolean} isDryRun Writes are replaced by stand-ins.
 */

const MOST_CHARACTERS = 32 * 1024 * 1024;
const ENTRY_CHARACTERS = 64;
const SHOWN_ARGUMENTS = 50; // calls of a dry run whose arguments are shown

export class RunLog {
  /** @param {Opening} opening @param {{keepsAnswers: boolean}} options */
  constructor(opening, { keepsAnswers }) {
    this.opening = opening;
    this.keepsAnswers = keepsAnswers;
    /** @type {Map<number, LoggedCall>} By number, from 1, in order. */
    this.calls = new Map();
    /** @type {Sent[]} What the worker was sent behind the stubs. */
    this.sent = [];
    /** @type {string[]} What the outcome says besides. */
    this.notes = [];
    /** @type {Map<string, import("./admission.js").Refusal>} Why calls were refused, by the text that the snippet got. */
    this.refusals = new Map();
    /** Seconds of its own time, and of its total, that the run had used when it was last paused. */
    this.ownS = 0;
    this.totalS = 0;
    this.characters = 0;
  }

  /** Whether everything is there that going through it again needs. */
  get isWhole() {
    return this.keepsAnswers && this.characters <= MOST_CHARACTERS;
  }

  /** @param {number} id @returns {LoggedCall} */
  call(id) {
    return /** @type {LoggedCall} */ (this.calls.get(id));
  }

  /** What a call is compared by when it comes again; empty where the run won't be gone through again. @param {import("./frames.js").Call} call */
  digest(call) {
    if (!this.isWhole) return "";
    const text = digest(call);
    this.#count(text.length);
    return this.isWhole ? text : "";
  }

  /** Logs a message that has been sent. @param {Sent} entry @param {number} [size] */
  add(entry, size = 0) {
    if (!this.isWhole) return;
    this.sent.push(entry);
    this.#count(size + ENTRY_CHARACTERS);
  }

  /** Notes that the run is over: what was held will not be sent any more. */
  giveUpHeld() {
    for (const call of this.calls.values()) if (call.state === "held") call.state = "refused";
  }

  /** The calls as the outcome lists them. @returns {import("./outcome.js").CallRecord[]} */
  records() {
    return [...this.calls].map(([number, { name, effect, state, elapsedMs, bytes, arguments: shown }]) => ({
      name,
      effect,
      state,
      elapsed_ms: elapsedMs,
      bytes,
      ...(shown !== undefined && number <= SHOWN_ARGUMENTS ? { arguments: shown } : {}),
    }));
  }

  /** @param {number} size */
  #count(size) {
    this.characters += size;
    if (this.characters <= MOST_CHARACTERS) return;
    this.sent = [];
    for (const call of this.calls.values()) call.digest = "";
  }
}

/** Name and arguments as one text: keys sorted, 1 apart from 1.0 and true. @param {import("./frames.js").Call} call */
export function digest(call) {
  return canonical([call.name, call.arguments]);
}
