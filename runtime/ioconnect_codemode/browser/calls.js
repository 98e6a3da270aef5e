/**
 * The calls of one run: admitted, approved or held, performed side by side, answered once.
 *
 * A call goes one way: it is refused, it is held for a person, it is stood in for, or it is sent to its app and its answer
 * judged. Each way ends in one reply and one entry of the log.
 */

import { hasSeveralAnswers, refusal } from "./admission.js";
import { ask, requestOf } from "./approval.js";
import { CUT_CHARACTERS, cutNote, shortened } from "./egress.js";
import { AppError, ArgumentError, CallError, DeniedError, UnavailableError } from "./errors.js";
import { say } from "./messages.js";
import { asks } from "./policy.js";
import { cut, shortNumber } from "./text.js";
import { jsonBytes, put } from "./values.js";

/** @typedef {import("./frames.js").Call} Call */
/** @typedef {import("./admission.js").Admitted} Admitted */
/** @typedef {import("./admission.js").Refusal} Refusal */
/** @typedef {import("./admission.js").Route} Route */
/** @typedef {import("./outcome.js").CallState} CallState */
/**
 * @typedef {object} Setting What the runs of one opened package share.
 * @property {import("./manifest.js").Manifest} manifest The catalog as policy leaves it.
 * @property {import("./policy.js").Policy} policy
 * @property {import("./admission.js").Admission} admission
 * @property {(route: Route, args: Record<string, any>, options: {timeoutS: number, signal: AbortSignal}) => Promise<any>} carry Carries a call to its app; gives plain JSON.
 * @property {import("./masking.js").Masks | null} masks
 * @property {import("./paused.js").PausedRuns} paused
 * @property {import("./approval.js").OnApproval | null} onApproval
 * @property {(event: CallEvent) => void} onCall Told of each call when it comes and when it has ended.
 * @property {import("./audit.js").Audit | null} audit
 * @property {import("./ahead.js").Ahead} ahead
 */
/** @typedef {{id: number, name: string, effect: string, state: CallState | "started", atMs: number, elapsedMs: number, bytes: number}} CallEvent */
/**
 * @typedef {object} Host What the calls of a run need of the run.
 * @property {boolean} isOver
 * @property {AbortSignal} signal Aborted when it is over.
 * @property {(reply: import("./run_log.js").Reply, size: number) => void} reply
 * @property {() => void} personAsked
 * @property {() => void} personAnswered
 * @property {(error: Error) => void} stop Ends it because a call can't be recorded.
 * @property {(error: unknown) => void} fault
 */

export const START = "platform.start_application";
const NAME_CHARACTERS = 120;
const APPS_TOLD = 5; // of those that declare a capability
const ERRORS_TOLD = 3; // of several apps that were called at once
const ARGUMENTS_CHARACTERS = 500; // of a call that a dry run did not make, in the outcome
const SHOWN_WAITS = 2; // calls that wait; the message of an error has 200 characters

export class RunCalls {
  /** @param {Setting} setting @param {import("./run_log.js").RunLog} log @param {Host} host @param {import("./egress.js").Egress} egress @param {import("./audit.js").AuditedRun | null} [audited] */
  constructor(setting, log, host, egress, audited = null) {
    this.setting = setting;
    this.log = log;
    this.host = host;
    this.egress = egress;
    this.audited = audited;
    /** @type {Map<number, import("./audit.js").AuditedCall>} Calls whose end is still to be recorded. */
    this.unrecorded = new Map();
    /** @type {Map<number, import("./approval.js").ApprovalRequest>} */
    this.held = new Map();
    this.startedMs = performance.now();
    this.free = setting.policy.limits.calls_at_once;
    /** @type {(() => void)[]} */
    this.queue = [];
    this.underWay = 0;
    /** @type {(() => void) | null} */
    this.onIdle = null;
  }

  /** What a person is to be asked about calls that are held, in the order of the calls: one takes longer to look at than another. */
  get requests() {
    return [...this.held].sort(([one], [other]) => one - other).map(([, request]) => request);
  }

  /** Takes a call of the worker; what becomes of it is replied, now or later. Settles when it is admitted, refused or held. @param {Call} call @param {{isApproved?: boolean}} [options] */
  async take(call, { isApproved = false } = {}) {
    const { admission, manifest, policy, onApproval } = this.setting;
    const effect = manifest.capabilities.get(call.name)?.effect ?? "unknown";
    this.underWay += 1; // from here on: a run that is paused waits for what is still being admitted
    try {
      if (!this.log.calls.has(call.id)) this.#add(call, effect);
      else this.log.call(call.id).state = "refused"; // it was held
      this.#watch(call);
      const admitted = await admission.admit(call.name, call.arguments, call.refused);
      if (this.host.isOver) return;
      const isAsked = !isApproved && asks(policy, call.name, effect);
      if (admitted.isRefused) this.#refuse(call, admitted, "refused");
      else if (this.log.opening.isDryRun && (isAsked || effect !== "read")) await this.#standIn(call, admitted);
      else if (isAsked && onApproval === null) this.#hold(call, admitted);
      else this.#begin(call, admitted, isAsked);
    } catch (error) {
      this.host.fault(error);
    } finally {
      this.#over();
    }
  }

  /** Answers a call that a person has refused. @param {Call} call */
  deny(call) {
    this.#watch(call);
    this.#refuse(call, denied("refused", call.name), "refused");
  }

  /** Acts when every call under way has its answer. @param {() => void} act */
  whenIdle(act) {
    if (this.underWay === 0) act();
    else this.onIdle = act;
  }

  /** Records the calls that have not ended: the run is over. */
  close() {
    for (const id of [...this.unrecorded.keys()]) this.#record(id, null);
  }

  // -- the ways of a call

  /** @param {Call} call @param {Admitted} admitted */
  #hold(call, admitted) {
    if (!this.log.isWhole) this.#refuse(call, denied("too_much_to_keep", admitted.name), "refused");
    else if (!this.setting.paused.hasRoom) this.#refuse(call, denied("too_many_wait", admitted.name), "refused");
    else {
      this.log.call(call.id).state = "held";
      this.held.set(call.id, this.#request(admitted));
    }
  }

  /** @param {Call} call @param {Admitted} admitted */
  async #standIn(call, admitted) {
    const shown = this.egress.arguments(admitted.entry.parameters, admitted.given);
    this.log.call(call.id).arguments = shortened(shown, ARGUMENTS_CHARACTERS);
    const value = await this.setting.admission.standIn(admitted);
    if (!hasSeveralAnswers(admitted.route)) this.#answer(call, "not_called", value, 0);
    else {
      const answers = Object.fromEntries(this.setting.admission.targets(admitted).map((target) => [target, value]));
      this.#answer(call, "not_called", answers, 0, true);
    }
  }

  /** @param {Call} call @param {Admitted} admitted @param {boolean} isAsked */
  #begin(call, admitted, isAsked) {
    this.underWay += 1;
    this.#perform(call, admitted, isAsked)
      .catch((error) => this.host.fault(error)) // a defect of who asks, or of ours, must not hang the run
      .finally(() => this.#over());
  }

  /** One less is under way. */
  #over() {
    this.underWay -= 1;
    if (this.underWay > 0 || this.onIdle === null) return;
    const act = this.onIdle;
    this.onIdle = null;
    act();
  }

  /** @param {Call} call @param {Admitted} admitted @param {boolean} isAsked */
  async #perform(call, admitted, isAsked) {
    const no = isAsked ? await this.#asked(admitted) : null;
    if (this.host.isOver) return;
    if (no !== null) {
      this.#refuse(call, no, "refused");
      return;
    }
    if (this.free > 0) this.free -= 1;
    else await new Promise((go) => this.queue.push(/** @type {() => void} */ (go)));
    try {
      if (!this.host.isOver) await this.#send(call, admitted);
    } finally {
      const next = this.queue.shift();
      if (next === undefined) this.free += 1;
      else next();
    }
  }

  /** @param {Call} call @param {Admitted} admitted */
  async #send(call, admitted) {
    if (this.audited !== null && !(await this.#isRecorded(call, this.audited))) return;
    this.log.call(call.id).state = "unfinished";
    const started = performance.now();
    const elapsed = () => Math.round((performance.now() - started) * 1000) / 1000;
    let value;
    try {
      const { call_timeout_s: timeoutS } = this.setting.policy.limits;
      value = await this.setting.carry(admitted.route, admitted.arguments, { timeoutS, signal: this.host.signal });
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      const canStart = this.setting.manifest.capabilities.has(START);
      this.#refuse(call, refusalOf(error, admitted, canStart), stateAfter(error), elapsed());
      return;
    }
    const elapsedMs = elapsed();
    if (this.host.isOver) return;
    const isByTarget = hasSeveralAnswers(admitted.route);
    const [answers, errors] = isByTarget ? byTarget(value) : [{ "": value }, {}];
    for (const [target, answer] of Object.entries(answers)) {
      const judged = await this.setting.admission.judge(admitted, answer, inOneLine(cut(target, NAME_CHARACTERS)));
      if (this.host.isOver) return;
      if (judged !== null && typeof judged === "object") {
        this.#refuse(call, judged, "finished", elapsedMs);
        return;
      }
      this.#note(judged);
      this.egress.takeAnswer(admitted.name, answer);
    }
    this.#noteErrors(admitted.name, Object.entries(errors));
    this.#answer(call, "finished", isByTarget ? answers : value, elapsedMs, isByTarget);
  }

  /** Whether it is recorded that a call is about to be sent, where policy wants that; where it can't be, the run is ended. @param {Call} call @param {import("./audit.js").AuditedRun} run */
  async #isRecorded(call, run) {
    const { audit } = this.setting;
    const audited = this.unrecorded.get(call.id);
    const { effect } = this.log.call(call.id);
    if (!audit?.hearsStart(effect) || audited === undefined) return true;
    try {
      await audit.sending(run, audited, effect);
    } catch (error) {
      this.host.stop(/** @type {Error} */ (error));
    }
    return !this.host.isOver;
  }

  /** @param {string} name @param {[string, string][]} errors */
  #noteErrors(name, errors) {
    for (const [target, error] of errors.slice(0, ERRORS_TOLD)) {
      this.#note(say("app_error", "of_target_note", { function: name, app: inOneLine(target), reason: inOneLine(error) }));
    }
    const count = errors.length - ERRORS_TOLD;
    if (count > 0) this.#note(say("app_error", "of_more_targets_note", { function: name, count }));
  }

  /** @param {string | null} text */
  #note(text) {
    if (text !== null && !this.log.notes.includes(text)) this.log.notes.push(text);
  }

  /** Has a person asked; gives why the call isn't made. @param {Admitted} admitted */
  async #asked(admitted) {
    this.host.personAsked();
    let said;
    try {
      said = await ask(/** @type {import("./approval.js").OnApproval} */ (this.setting.onApproval), this.#request(admitted));
    } finally {
      this.host.personAnswered();
    }
    if (said === null) return denied("expired", admitted.name, { timeout_s: shortNumber(this.setting.policy.approval.expires_s) });
    return said ? null : denied("refused", admitted.name);
  }

  /** Notes how long calls have waited that have no answer as the run ends, and names the longest; empty for none. */
  noteWaits() {
    const nowMs = performance.now() - this.startedMs;
    const waiting = [...this.log.calls.values()].filter((call) => call.state === "unfinished" && call.elapsedMs === 0);
    for (const call of waiting) call.elapsedMs = Math.round(Math.max(0.001, nowMs - call.startedMs) * 1000) / 1000;
    waiting.sort((one, other) => other.elapsedMs - one.elapsedMs);
    const shown = waiting.slice(0, SHOWN_WAITS).map(({ name, elapsedMs }) => `${name} for ${elapsedMs < 1_000 ? "less than 1 s" : `${Math.floor(elapsedMs / 1_000)} s`}`);
    return [...shown, ...(waiting.length > shown.length ? [`${waiting.length - shown.length} more`] : [])].join(", ");
  }

  // -- what every way ends in

  /** @param {Call} call @param {string} effect */
  #add(call, effect) {
    const name = cut(call.name, NAME_CHARACTERS);
    const startedMs = performance.now() - this.startedMs;
    // "refused" until it is sent: nothing has been done while it is looked at, or waits for a person or for its turn
    this.log.calls.set(call.id, { name, effect, startedMs, digest: this.log.digest(call), state: "refused", elapsedMs: 0, bytes: 0 });
    this.#tell(call.id, "started");
  }

  /** @param {Call} call @param {CallState} state @param {any} value @param {number} elapsedMs @param {boolean} [isByTarget] */
  #answer(call, state, value, elapsedMs, isByTarget = false) {
    if (this.host.isOver) return;
    const bytes = jsonBytes(value);
    this.host.reply({ id: call.id, ok: true, value, ...(isByTarget ? { by_target: true } : {}) }, bytes);
    this.#ended(call, { state, elapsedMs, bytes });
  }

  /** @param {Call} call @param {Refusal} refused @param {CallState} state @param {number} [elapsedMs] */
  #refuse(call, refused, state, elapsedMs = 0) {
    if (this.host.isOver) return;
    const message = cut(refused.message, CUT_CHARACTERS);
    this.log.refusals.set(message, refused);
    this.host.reply({ id: call.id, ok: false, kind: refused.kind, message }, message.length);
    this.#ended(call, { state, elapsedMs, bytes: 0 }, refused.kind);
  }

  /** @param {Call} call @param {{state: CallState, elapsedMs: number, bytes: number}} end @param {string | null} [errorKind] */
  #ended(call, end, errorKind = null) {
    Object.assign(this.log.call(call.id), end);
    this.#tell(call.id, end.state);
    if (this.audited !== null) this.#record(call.id, errorKind);
  }

  /** Has the end of a call recorded when it comes. @param {Call} call */
  #watch(call) {
    const { admission, audit } = this.setting;
    if (this.audited === null || audit === null) return;
    this.unrecorded.set(call.id, audit.called(call, admission.given(call.name, call.arguments)));
  }

  /** @param {number} id @param {string | null} errorKind */
  #record(id, errorKind) {
    const audited = this.unrecorded.get(id);
    if (audited === undefined || this.audited === null) return;
    this.unrecorded.delete(id);
    this.setting.audit?.callEnded(this.audited, audited, this.log.call(id), errorKind);
  }

  /** @param {number} id @param {CallEvent["state"]} state */
  #tell(id, state) {
    const { name, effect, startedMs, elapsedMs, bytes } = this.log.call(id);
    this.setting.onCall({ id, name, effect, state, atMs: startedMs, elapsedMs, bytes });
  }

  /** @param {Admitted} admitted */
  #request(admitted) {
    const shown = this.egress.arguments(admitted.entry.parameters, admitted.given);
    return requestOf(admitted.name, admitted.entry, admitted.given, shown, this.setting.policy.approval.expires_s);
  }
}

/** The results and the errors of several apps, by the names of the targets. @param {any} answer @returns {[Record<string, any>, Record<string, string>]} */
function byTarget(answer) {
  /** @type {Record<string, any>} */
  const results = {};
  /** @type {Record<string, string>} */
  const errors = {};
  for (const one of Array.isArray(answer) ? answer : []) {
    if (one !== null && typeof one === "object" && "value" in one) put(results, String(one.target), one.value);
    else if (one !== null && typeof one === "object" && "error" in one) put(errors, cut(String(one.target), NAME_CHARACTERS), cutNote(String(one.error), NAME_CHARACTERS));
  }
  return [results, errors];
}

/** Where a call stands that gave no answer: an app that may have acted has not finished. @param {CallError} error @returns {CallState} */
function stateAfter(error) {
  if (error instanceof UnavailableError) return error.wasSent ? "unfinished" : "refused";
  return error instanceof ArgumentError || error instanceof DeniedError ? "refused" : "failed";
}

/** @param {string} text @param {string} name @param {Record<string, string>} [values] */
function denied(text, name, values = {}) {
  return refusal("denied", say("denied", text, { function: name, ...values }), null, say("denied", "final_hint"));
}

/** @param {CallError} error @param {Admitted} admitted @param {boolean} canStart */
function refusalOf(error, { name, entry }, canStart) {
  const message = cut(error.message, CUT_CHARACTERS);
  if (error instanceof AppError) {
    const app = entry.apps.slice(0, 3).join(" or ") || "the app";
    const reason = inOneLine(message);
    const text = say("app_error", reason === "" ? "without_text" : "answered", { function: name, app, reason });
    return refusal(error.kind, text, entry.signature, say("app_error", "uncaught_hint"));
  }
  let hint = null;
  if (error instanceof UnavailableError && error.wasSent && entry.effect !== "read") hint = say("app_unavailable", "effect_unknown_hint");
  else if (error instanceof UnavailableError && error.choices.length > 0) hint = choiceHint(error.choices, canStart);
  else if (error instanceof UnavailableError && !error.isRunning && entry.apps.length > 0) hint = startHint(entry.apps, canStart);
  return refusal(error.kind, `${name}: ${message}`, entry.signature, hint);
}

/** An app's own words without what would begin a line, or hide one, in the message that they go into. @param {string} text */
function inOneLine(text) {
  return text.replace(/(?! )[\p{C}\p{Z}]/gu, " ").trim();
}

/** How the app that the user chooses is started. @param {readonly string[]} choices @param {boolean} canStart */
function choiceHint(choices, canStart) {
  const apps = choices.map((app) => JSON.stringify(cut(app, NAME_CHARACTERS))).join(", ");
  return say("app_unavailable", canStart ? "choice_start_hint" : "choice_not_running_hint", { apps, function: START });
}

/** How an app that declares a capability is started; names are the apps' own words, so they are shown as literals. @param {string[]} apps @param {boolean} canStart */
function startHint(apps, canStart) {
  const shown = apps.slice(0, APPS_TOLD).map((app) => JSON.stringify(cut(app, NAME_CHARACTERS)));
  const values = { app: shown[0], function: START };
  if (apps.length === 1) return say("app_unavailable", canStart ? "start_hint" : "not_running_hint", values);
  const named = shown.join(", ") + (apps.length > shown.length ? ", ..." : "");
  return say("app_unavailable", canStart ? "start_one_hint" : "none_running_hint", { ...values, apps: named, count: String(apps.length) });
}
