/**
 * The runs of one opened package: their turns, their workers, and runs that wait for approval.
 *
 * Nothing but wrong use of the API is thrown; what a snippet, an app or a worker does wrong is an outcome.
 */

import { Admission } from "./admission.js";
import { Ahead } from "./ahead.js";
import { Egress } from "./egress.js";
import { UsageError } from "./errors.js";
import { KEYWORDS, RESERVED } from "./language.js";
import { Masks } from "./masking.js";
import { say, sayState } from "./messages.js";
import { Outcome, errorOf, stateOf } from "./outcome.js";
import { PausedRuns } from "./paused.js";
import { Run } from "./run.js";
import { RunLog } from "./run_log.js";
import { gate } from "./source.js";
import { cut, isIdentifier, repr, shortNumber, slice } from "./text.js";
import { jsonCopy } from "./transport.js";

/** @typedef {import("./engine.js").Engine} Engine */
/** @typedef {import("./calls.js").Setting} Setting */
/** @typedef {{egress: Egress, audited: import("./audit.js").AuditedRun | null, isApproved: boolean, signal?: AbortSignal}} Performing */
/** @typedef {{inputs?: Record<string, any>, dryRun?: boolean, onlyReview?: boolean, signal?: AbortSignal}} RunOptions */

const RUNS_AT_ONCE = 8; // a worker has 30 to 50 MB

export class Session {
  /**
   * @param {object} parts
   * @param {import("./manifest.js").Manifest} parts.manifest The catalog as policy leaves it.
   * @param {import("./policy.js").Policy} parts.policy
   * @param {import("./admission.js").Findings} parts.validation
   * @param {Engine} parts.engine
   * @param {Setting["carry"]} parts.carry
   * @param {Setting["onApproval"]} [parts.onApproval] Without it a run that needs approval is paused.
   * @param {Setting["onCall"]} [parts.onCall]
   * @param {Setting["audit"]} [parts.audit]
   */
  constructor({ manifest, policy, validation, engine, carry, onApproval = null, onCall = () => {}, audit = null }) {
    this.manifest = manifest;
    this.policy = policy;
    this.engine = engine;
    this.paused = new PausedRuns(policy.approval.expires_s);
    const masks = policy.mask.length > 0 ? new Masks(policy.mask, manifest) : null;
    /** @type {Setting} */
    this.setting = {
      manifest,
      policy,
      admission: new Admission(manifest, policy, validation),
      carry,
      masks,
      paused: this.paused,
      onApproval,
      onCall,
      audit,
      ahead: new Ahead(manifest, masks?.ofRecords() ?? {}, (lesson) => engine.teach(lesson)),
    };
    /** @type {Set<Run>} */
    this.runs = new Set();
    this.free = RUNS_AT_ONCE;
    /** @type {(() => void)[]} */
    this.queue = [];
    this.isClosed = false;
  }

  /** Runs a snippet, or only reviews and checks it, and gives its outcome. @param {string} code @param {RunOptions} [options] @returns {Promise<Outcome>} */
  async run(code, { inputs = {}, dryRun = false, onlyReview = false, signal } = {}) {
    if (this.isClosed) throw new UsageError("Code Mode was disposed of; create it again");
    if (typeof code !== "string") throw new UsageError(`code must be text, not ${typeof code}`);
    const checked = this.#checkedInputs(inputs);
    const limitBytes = this.policy.limits.code_bytes;
    const source = gate(code, limitBytes);
    const opening = {
      source: "code" in source ? source.code : slice(code, 0, limitBytes),
      inputs: checked,
      startedNs: BigInt(Date.now()) * 1_000_000n,
      seed: crypto.getRandomValues(new BigUint64Array(1))[0],
      onlyReview,
      isDryRun: dryRun,
    };
    const keepsAnswers = this.policy.approval.ask.length > 0 && this.setting.onApproval === null && !dryRun;
    return this.#watched(new RunLog(opening, { keepsAnswers }), { signal, refused: "code" in source ? null : refused(source) });
  }

  /** Goes on with a run that waits for approval. @param {string} approvalId @param {boolean} approved @returns {Promise<Outcome>} */
  async resume(approvalId, approved) {
    if (this.isClosed) throw new UsageError("Code Mode was disposed of; create it again");
    const paused = this.paused.take(approvalId);
    if (!("log" in paused)) {
      const log = new RunLog(paused.opening, { keepsAnswers: false });
      return this.#watched(log, { resumes: paused.runId, refused: this.#expired(paused) });
    }
    return this.#watched(paused.log, { isApproved: approved === true, resumes: paused.runId });
  }

  /** Ends the runs under way, each with an outcome that says so. */
  close() {
    this.isClosed = true;
    for (const run of [...this.runs]) run.endEarly();
    this.paused.close();
  }

  /**
   * Performs a run, and records it.
   * @param {RunLog} log
   * @param {{isApproved?: boolean, signal?: AbortSignal, resumes?: string | null, refused?: Outcome | null}} options
   */
  async #watched(log, { isApproved = false, signal, resumes = null, refused = null }) {
    const started = performance.now();
    const { audit, masks } = this.setting;
    const egress = new Egress({ limitCharacters: this.policy.limits.value_characters, masks });
    const audited = audit === null ? null : audit.begun(log.opening, egress, resumes);
    const made = refused ?? (await this.#inTurn(log, { egress, audited, isApproved, signal }));
    const outcome = this.#timed(made, started);
    if (audit === null || audited === null) return outcome;
    try {
      await audit.runEnded(audited, outcome);
      return outcome;
    } catch (error) {
      const { catalog, elapsed_s } = outcome;
      let { calls } = outcome;
      const waitsUnder = outcome.error?.approval_id ?? null;
      if (waitsUnder !== null) {
        this.paused.forget(waitsUnder); // nobody is told of it
        log.giveUpHeld();
        calls = log.records();
      }
      return unrecorded(/** @type {Error} */ (error), calls).with({ catalog, elapsed_s });
    }
  }

  /** @param {RunLog} log @param {Performing} performing */
  async #inTurn(log, performing) {
    if (!(await this.#turn(performing.signal))) return ended(say("worker_lost", "given_up"), log);
    try {
      return await this.#performed(log, performing);
    } finally {
      const next = this.queue.shift();
      if (next === undefined) this.free += 1;
      else next();
    }
  }

  /** Waits for a turn; false where the run is given up before. @param {AbortSignal} [signal] @returns {boolean | Promise<unknown>} */
  #turn(signal) {
    if (signal?.aborted) return false;
    if (this.free > 0) {
      this.free -= 1;
      return true;
    }
    let go = () => {};
    const turn = new Promise((come) => {
      go = () => come(true);
      this.queue.push(go);
    });
    return unlessAborted(turn, signal, () => {
      this.queue = this.queue.filter((other) => other !== go);
    });
  }

  /** @param {RunLog} log @param {Performing} performing */
  async #performed(log, { egress, audited, isApproved, signal }) {
    if (this.isClosed) return ended(say("worker_lost", "closed"), log);
    const taking = this.engine.take();
    let worker;
    try {
      worker = await unlessAborted(taking, signal, () => void taking.then((late) => late.kill(), () => {}));
    } catch (error) {
      return ended(this.isClosed ? say("worker_lost", "closed") : cut(String(/** @type {any} */ (error)?.message ?? error), 300), log);
    }
    if (worker === null || this.isClosed || signal?.aborted) {
      worker?.kill();
      return ended(say("worker_lost", this.isClosed ? "closed" : "given_up"), log);
    }
    const run = new Run(this.setting, worker, log, egress, { isApproved, audited });
    const giveUp = () => run.endEarly("given_up");
    this.runs.add(run);
    signal?.addEventListener("abort", giveUp);
    try {
      return await run.perform();
    } finally {
      this.runs.delete(run);
      signal?.removeEventListener("abort", giveUp);
    }
  }

  /** @param {unknown} inputs @returns {Record<string, any>} */
  #checkedInputs(inputs) {
    if (inputs === null || typeof inputs !== "object" || Array.isArray(inputs)) throw new UsageError("inputs must be an object: JSON values by name");
    for (const name of Object.keys(inputs)) {
      if (!isIdentifier(name) || KEYWORDS.has(name) || name.startsWith("_")) {
        throw new UsageError(`an input needs an identifier without a leading underscore as its name, not ${repr(name)}`);
      }
      if (RESERVED.has(name) || this.manifest.namespaces.has(name)) {
        throw new UsageError(`the input ${repr(name)} would hide a name of the snippet's; give it another name`);
      }
    }
    try {
      return jsonCopy(inputs);
    } catch (error) {
      throw new UsageError(`inputs must be JSON values: ${/** @type {Error} */ (error).message}`);
    }
  }

  /** @param {import("./paused.js").Expired} expired */
  #expired({ capabilities, calls }) {
    const values = { function: capabilities.join(", "), timeout_s: shortNumber(this.policy.approval.expires_s) };
    const message = say("denied", "expired", values);
    const error = errorOf({ kind: "denied", message, hint: say("denied", "not_resumed_hint"), state: stateOf(calls) });
    return new Outcome({ ok: false, error, calls, catalog: this.manifest.digest });
  }

  /** @param {Outcome} outcome @param {number} started */
  #timed(outcome, started) {
    const elapsed = Math.round((performance.now() - started) * 1000) / 1e6;
    return outcome.with({ catalog: this.manifest.digest, elapsed_s: elapsed });
  }
}

/**
 * What a promise gives, or null as soon as the signal is aborted, when `giveUp` is called.
 * @template T
 * @param {Promise<T>} promise
 * @param {AbortSignal | undefined} signal
 * @param {() => void} giveUp
 * @returns {Promise<T | null>}
 */
function unlessAborted(promise, signal, giveUp) {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const aborted = () => {
      giveUp();
      resolve(null);
    };
    signal.addEventListener("abort", aborted, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", aborted));
  });
}

/** The outcome of a run that was not performed, or not to its end. @param {string} message @param {RunLog} log */
function ended(message, log) {
  log.giveUpHeld();
  return endedAfter(log.records(), { kind: "worker_lost", message, hint: null });
}

/** @param {import("./outcome.js").CallRecord[]} calls @param {{kind: string, message: string, hint: string | null}} why */
function endedAfter(calls, { kind, message, hint }) {
  const state = calls.length > 0 ? stateOf(calls) : sayState("nothing_was_run");
  return new Outcome({ ok: false, error: errorOf({ kind, message, hint, state }), calls });
}

/** The outcome of a text that is no snippet. @param {{message: string, hint: string | null}} source */
function refused({ message, hint }) {
  return new Outcome({ ok: false, error: errorOf({ kind: "syntax", message, hint, state: sayState("nothing_was_run") }) });
}

/** What is given in the place of an outcome that could not be recorded. @param {Error} error @param {import("./outcome.js").CallRecord[]} calls */
function unrecorded(error, calls) {
  const message = say("internal", "unrecorded", { reason: say("internal", "audit", { reason: error.message }) });
  return endedAfter(calls, { kind: "internal", message, hint: say("internal", "unrecorded_hint") });
}
