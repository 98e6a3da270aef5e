/**
 * The audit of a page: who ran what, what it called, and what left the page, one record a run and one a call.
 *
 * A record has the fields of a line of the desktop's audit, in its order; a page gives it to whoever keeps it (`onAudit`),
 * one after another, the next one when the one before is taken. What is not taken stops the run where policy says so
 * (`on_failure = "stop"`, the default): each call that is no read then has a record before it is sent (`sending`), and an
 * outcome is given when its record is taken. With `go_on` the console has the failure. Either way the next record that is
 * taken comes behind a `gap` with the count of those that are missing; the end of a call that was not taken is kept and
 * comes again with it.
 */

import { clearAlarm, setAlarm } from "./alarms.js";
import { length, byteLength, cut } from "./text.js";
import { canonical, entries, plain } from "./values.js";

/** @typedef {{arguments: "hash" | "names" | "full", on_failure: "stop" | "go_on"}} AuditRules */
/** @typedef {import("./codemode.d.ts").AuditRecord} AuditRecord */
/** @typedef {import("./frames.js").Call} Call */
/**
 * @typedef {object} AuditedRun What the records of a run say of it.
 * @property {string} id Sixteen hexadecimal digits, another one for each run.
 * @property {number} startedMs
 * @property {import("./run_log.js").Opening} opening
 * @property {import("./egress.js").Egress} egress
 * @property {string | null} resumes The run that it goes on with after an approval.
 */
/** @typedef {{call: Call, given: any, at: number, shown: Promise<any> | null}} AuditedCall The arguments are those that are, or would be, sent. */

export const USUAL_RULES = /** @type {const} */ ({ arguments: "hash", on_failure: "stop" });
export const KEY_BYTES = 32;
const TAKEN_WITHIN_MS = 10_000;
const MOST_KEPT = 1_000; // calls' ends, for a store that is full for a while
const HASH_DIGITS = 32; // 128 bits: no two calls agree by accident
const REASON_CHARACTERS = 60;

/** A record was not taken, and policy says that the run must not go on. */
export class UnrecordedError extends Error {}

export class Audit {
  #rules;
  #manifest;
  #principal;
  #key;
  #onAudit;
  #missing = 0;
  /** @type {AuditRecord[]} Ends of calls that were not taken. */
  #ends = [];
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();

  /**
   * @param {object} parts
   * @param {AuditRules} parts.rules
   * @param {import("./manifest.js").Manifest} parts.manifest The catalog as policy leaves it.
   * @param {(record: AuditRecord) => unknown} parts.onAudit Takes a record; what it throws, or rejects with, is a failure.
   * @param {string | null} [parts.principal] Who runs the snippets, in the page's words.
   * @param {Uint8Array} [parts.key] Under which arguments are hashed; one of its own where none is given.
   */
  constructor({ rules, manifest, onAudit, principal = null, key = crypto.getRandomValues(new Uint8Array(KEY_BYTES)) }) {
    this.#rules = rules;
    this.#manifest = manifest;
    this.#principal = principal;
    this.#onAudit = onAudit;
    this.#key = crypto.subtle.importKey("raw", key.slice(), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    this.#key.catch(() => {}); // told where it is used
  }

  /** Whether a call of an effect has a record before it is sent: a read changes nothing, and its answer stays here. @param {string} effect */
  hearsStart(effect) {
    return this.#stops && effect !== "read";
  }

  get #stops() {
    return this.#rules.on_failure === "stop";
  }

  /** A run that begins. @param {import("./run_log.js").Opening} opening @param {import("./egress.js").Egress} egress @param {string | null} resumes @returns {AuditedRun} */
  begun(opening, egress, resumes) {
    return { id: hex(crypto.getRandomValues(new Uint8Array(8))), startedMs: Date.now(), opening, egress, resumes };
  }

  /** A call that the worker has made. @param {Call} call @param {any} given Its arguments, without what would not be sent. @returns {AuditedCall} */
  called(call, given) {
    return { call, given, at: Date.now(), shown: null };
  }

  /** Records that a call is about to be sent. @param {AuditedRun} run @param {AuditedCall} audited @param {string} effect @throws {UnrecordedError} */
  async sending(run, audited, effect) {
    const shown = this.#shown(run, audited);
    await this.#recorded(async () => this.#call("sending", Date.now(), run, audited, effect, await shown), false);
  }

  /**
   * Records the end of a call; nobody waits for it.
   * @param {AuditedRun} run
   * @param {AuditedCall} audited
   * @param {import("./run_log.js").LoggedCall} logged
   * @param {string | null} errorKind
   */
  callEnded(run, audited, { effect, state, elapsedMs, bytes }, errorKind) {
    const shown = this.#shown(run, audited);
    const end = { state, error: errorKind, ms: elapsedMs, answer_bytes: bytes };
    const made = async () => ({ ...this.#call("call", audited.at, run, audited, effect, await shown), ...end });
    this.#recorded(made, true).catch(() => {}); // kept or counted: the run's next record fails too, or says what is missing
  }

  /** Records the end of a run, behind all that was to be recorded of it. @param {AuditedRun} run @param {import("./outcome.js").Outcome} outcome @throws {UnrecordedError} */
  async runEnded(run, outcome) {
    const left = leftBy(outcome, run.egress);
    await this.#recorded(async () => this.#run(run, outcome, await sha256(run.opening.source), left), false);
  }

  // -- what a record says

  /** @param {"sending" | "call"} type @param {number} at @param {AuditedRun} run @param {AuditedCall} audited @param {string} effect @param {any} shown @returns {any} */
  #call(type, at, run, { call }, effect, shown) {
    const isKnown = this.#manifest.capabilities.has(call.name); // another name is a worker's word: without masked values
    const capability = isKnown ? call.name : run.egress.text(call.name, length(call.name));
    return { type, at: utc(at), run: run.id, who: this.#principal, call: call.id, capability, effect, arguments: shown };
  }

  /** What is kept of a call's arguments: masked values as they are known now, a hash when it is made. @param {AuditedRun} run @param {AuditedCall} audited */
  #shown(run, audited) {
    audited.shown ??= this.#rules.arguments === "hash" ? this.#hash(audited) : this.#arguments(run, audited);
    audited.shown.catch(() => {});
    return audited.shown;
  }

  /** @param {AuditedRun} run @param {AuditedCall} audited */
  async #arguments(run, { call, given }) {
    const entry = this.#manifest.capabilities.get(call.name);
    const isFull = this.#rules.arguments === "full" && entry !== undefined; // of nothing in the catalog nothing says what is masked
    if (isFull) return plain(run.egress.arguments(entry.parameters, given));
    const known = new Set(entry?.parameters.map((one) => one.name));
    const names = entries(given).map(([name]) => name);
    const kept = names.filter((name) => known.has(name)).sort();
    const others = names.length - kept.length;
    return others > 0 ? [...kept, `${others} unknown`] : kept;
  }

  /** HMAC-SHA256 of the arguments' canonical JSON. @param {AuditedCall} audited */
  async #hash({ given }) {
    const text = canonical(given);
    const signed = await crypto.subtle.sign("HMAC", await this.#key, new TextEncoder().encode(text));
    return hex(new Uint8Array(signed)).slice(0, HASH_DIGITS);
  }

  /** @param {AuditedRun} run @param {import("./outcome.js").Outcome} outcome @param {string} snippet @param {any} left @returns {any} */
  #run({ id, startedMs, opening, resumes }, outcome, snippet, left) {
    /** @type {Record<string, number>} */
    const calls = {};
    for (const { state } of outcome.calls) calls[state] = (calls[state] ?? 0) + 1;
    return {
      type: "run",
      at: utc(startedMs),
      run: id,
      who: this.#principal,
      catalog: outcome.catalog,
      snippet,
      inputs: Object.keys(opening.inputs).sort(),
      kind: opening.onlyReview ? "review" : opening.isDryRun ? "dry_run" : "run",
      resumes,
      ok: outcome.ok,
      error: outcome.error?.kind ?? null,
      ms: Math.round(outcome.elapsed_s * 1e6) / 1000,
      calls,
      left,
    };
  }

  // -- giving it to the page

  /** Has a record taken behind those before it. @param {() => Promise<AuditRecord>} make @param {boolean} isEnd The end of a call: kept where it is not taken. */
  async #recorded(make, isEnd) {
    const turn = this.#last.then(() => this.#give(make, isEnd));
    this.#last = turn.catch(() => {});
    try {
      await turn;
    } catch (error) {
      if (this.#stops) throw new UnrecordedError(reasonOf(error), { cause: error });
    }
  }

  /** @param {() => Promise<AuditRecord>} make @param {boolean} isEnd */
  async #give(make, isEnd) {
    /** @type {AuditRecord | null} */
    let record = null;
    try {
      record = await make();
      if (this.#missing > 0) {
        await this.#taken({ type: "gap", at: utc(Date.now()), who: this.#principal, missing: this.#missing });
        this.#missing = 0;
      }
      for (; this.#ends.length > 0; this.#ends.shift()) await this.#taken(this.#ends[0]);
      await this.#taken(record);
    } catch (error) {
      this.#failed(isEnd ? record : null, error);
      throw error;
    }
  }

  /** @param {AuditRecord} record */
  async #taken(record) {
    /** @type {number | null} */
    let alarm = null;
    const tooLate = new Promise((_, reject) => {
      alarm = setAlarm(() => reject(new NotTaken()), TAKEN_WITHIN_MS);
    });
    try {
      await Promise.race([this.#onAudit(record), tooLate]);
    } finally {
      clearAlarm(alarm);
    }
  }

  /** @param {AuditRecord | null} end @param {unknown} error */
  #failed(end, error) {
    const isKept = end !== null && this.#stops && this.#ends.length < MOST_KEPT;
    if (isKept) this.#ends.push(end);
    if (!this.#stops && this.#missing === 0) {
      console.error(`Code Mode: the audit can't be written: ${reasonOf(error)}; the run goes on, as policy says`, error);
    }
    if (!isKept) this.#missing += 1;
  }
}

class NotTaken extends Error {
  name = `not taken within ${TAKEN_WITHIN_MS / 1000} s`;
}

/** The kind of a failure; its text may be anything, and an outcome leaves the page. @param {unknown} error */
function reasonOf(error) {
  return cut(error instanceof Error ? error.name : "onAudit failed", REASON_CHARACTERS);
}

/** What of a run left the page: what kind, how much, whether it was cut, which masked fields had come. @param {import("./outcome.js").Outcome} outcome @param {import("./egress.js").Egress} egress */
function leftBy(outcome, { masked }) {
  let kind = outcome.error !== null ? "error" : outcome.truncated !== null ? "preview" : "value";
  if (kind === "value" && outcome.exact === null) kind = "nothing";
  else if (outcome.valueIsPrinted) kind = "printed";
  return {
    kind,
    bytes: byteLength(outcome.text()),
    printed_bytes: byteLength(outcome.printed),
    value_bytes: outcome.truncated?.bytes ?? null,
    masked_fields: masked === null ? [] : [...masked.fields].sort(),
    masked: masked?.count ?? 0,
  };
}

/** @param {number} ms Since 1970. */
function utc(ms) {
  return new Date(ms).toISOString();
}

/** @param {Uint8Array} bytes */
function hex(bytes) {
  return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
}

/** @param {string} text */
async function sha256(text) {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));
}
