/**
 * A run on the page's side: one worker, its calls, its deadlines, its end.
 *
 * Time has three parts. The run's own time goes on while no call waits; it has a limit. The total goes on from the first
 * message to the outcome, except while a person is asked; it has a limit too. The clock of the snippet shows the total as
 * it was when the page last spoke.
 */

import { KEY } from "./ahead.js";
import { Conversation } from "./bridge.js";
import { RunCalls } from "./calls.js";
import { done, dryRunNotes, failed } from "./ending.js";
import { FrameError, PackageError } from "./errors.js";
import { decode, weightOf } from "./frames.js";
import { SAFE_MODULES } from "./language.js";
import { stubsMessage } from "./lookup/needs.js";
import { say } from "./messages.js";
import { Outcome, errorOf, stateOf } from "./outcome.js";
import { Divergence, Replay } from "./replay.js";
import { Stopwatch } from "./stopwatch.js";
import { grouped, shortNumber } from "./text.js";
import { entries, plain } from "./values.js";

/** @typedef {import("./calls.js").Setting} Setting */
/** @typedef {import("./run_log.js").RunLog} RunLog */
/** @typedef {import("./engine.js").Worker} Worker */

const WAITING_BYTES = 64 * 1024 * 1024; // of calls that wait for their answers; at least two of the largest messages

/** The message that starts a worker's only run. @param {RunLog["opening"]} opening @param {import("./policy.js").Policy} policy @param {Record<string, string[]>} masks */
export function runMessage(opening, policy, masks) {
  const { limits, facades } = policy;
  const isEveryFacade = facades.length === SAFE_MODULES.length && facades.every((name, at) => name === SAFE_MODULES[at]);
  return {
    type: "run",
    code: opening.source,
    inputs: opening.inputs,
    only_review: opening.onlyReview,
    started_ns: opening.startedNs,
    seed: opening.seed,
    ahead: KEY,
    ...(isEveryFacade ? {} : { facades: [...facades] }),
    ...(Object.keys(masks).length > 0 ? { masks } : {}),
    limits: { printed_characters: limits.printed_characters, memory_bytes: limits.memory_bytes, frame_bytes: limits.call_bytes },
  };
}

export class Run {
  /**
   * @param {Setting} setting
   * @param {Worker} worker Ready, and never used.
   * @param {RunLog} log Of a new run empty, else that of a run that was paused.
   * @param {import("./egress.js").Egress} egress
   * @param {{isApproved?: boolean, audited?: import("./audit.js").AuditedRun | null}} [options] What a person has said of the calls that are held in the log; the run as the audit knows it.
   */
  constructor(setting, worker, log, egress, { isApproved = false, audited = null } = {}) {
    this.setting = setting;
    this.worker = worker;
    this.log = log;
    this.egress = egress;
    this.isApproved = isApproved;
    this.limits = setting.policy.limits;
    this.mostWaitingBytes = Math.max(WAITING_BYTES, 2 * this.limits.call_bytes);
    this.conversation = new Conversation();
    this.audited = audited;
    this.calls = new RunCalls(setting, log, this, egress, audited);
    this.replay = log.calls.size > 0 ? new Replay(log) : null;
    this.isOver = false;
    this.isPausing = false;
    this.abort = new AbortController();
    this.signal = this.abort.signal;
    this.peopleAsked = 0;
    this.ownTime = new Stopwatch(this.limits.timeout_s, () => this.#outOfTime("run", this.limits.timeout_s));
    this.total = new Stopwatch(this.limits.total_s, () => this.#outOfTime("total", this.limits.total_s));
    /** @type {Stopwatch | null} */
    this.wait = null;
    /** @type {(outcome: Outcome) => void} */
    this.settle = () => {};
    /** @type {Promise<Outcome>} */
    this.outcome = new Promise((settle) => {
      this.settle = settle;
    });
  }

  /** Has the snippet run and gives its outcome. @returns {Promise<Outcome>} */
  perform() {
    this.egress.takeInputs(this.log.opening.inputs);
    this.worker.onEnd = (reason) => this.#lost(reason);
    this.worker.onMessage = (text) => this.#receive(text);
    return this.outcome;
  }

  /** Ends the run because whoever holds it is closed, or has given it up. @param {"closed" | "given_up"} [why] */
  endEarly(why = "closed") {
    this.#end("worker_lost", say("worker_lost", why), null);
  }

  // -- messages of the worker

  /** @param {unknown} text */
  #receive(text) {
    if (this.isOver || this.isPausing) return;
    try {
      const message = decode(text, this.limits.call_bytes);
      this.conversation.receive(message, message.type === "call" ? weightOf(/** @type {string} */ (text)) : 0);
      switch (message.type) {
        case "ready":
          this.#start();
          break;
        case "need":
          this.#need(message.names);
          break;
        case "call":
          this.#take(message.calls);
          break;
        case "wait":
          this.#waits(message.id, Conversation.seconds(message.for_us));
          break;
        default:
          this.#ended(message);
      }
      this.#setClocks();
    } catch (error) {
      this.#failed(error);
    }
  }

  #start() {
    this.conversation.runSent();
    this.worker.send(runMessage(this.log.opening, this.setting.policy, this.egress.recordMasks));
  }

  /** @param {string[]} names */
  #need(names) {
    stubsMessage(this.setting.manifest, names).then(
      (message) => {
        if (this.isOver) return;
        this.worker.send(message);
        void this.setting.ahead.named(Object.keys(message.namespaces));
      },
      (error) => this.#failed(error),
    );
  }

  /** @param {import("./frames.js").Call[]} calls */
  #take(calls) {
    if (this.conversation.waitingBytes > this.mostWaitingBytes) {
      this.#end("call_limit", say("call_limit", "bytes", { limit: grouped(this.mostWaitingBytes) }), say("call_limit", "bytes_hint"));
      return;
    }
    if (this.replay !== null) {
      for (const call of calls) this.replay.take(call);
      this.#goThroughLog();
      return;
    }
    const taken = [];
    for (const call of calls) {
      if (this.log.calls.size >= this.limits.calls) {
        this.#end("call_limit", say("call_limit", "count", { limit: this.limits.calls }), say("call_limit", "fewer_hint"));
        return;
      }
      taken.push(this.calls.take(call));
    }
    this.#pauseAfter(taken);
  }

  /** Pauses the run where one of these calls is held for a person. @param {Promise<void>[]} taken */
  #pauseAfter(taken) {
    Promise.all(taken).then(() => {
      if (this.calls.requests.length > 0 && !this.isPausing && !this.isOver) this.#pause();
    });
  }

  /** Sends what the log says is next; behind its end, goes on with the calls that were held. */
  #goThroughLog() {
    const { replay } = this;
    if (replay === null) return;
    for (let entry = replay.due(); entry !== null; entry = replay.due()) {
      if ("reply" in entry) {
        const { reply } = entry;
        const answers = !reply.ok ? [] : reply.by_target ? entries(reply.value).map(([, answer]) => answer) : [reply.value];
        for (const answer of answers) this.egress.takeAnswer(this.log.call(reply.id).name, answer);
        this.conversation.replied(reply.id);
        this.#send([reply], entry.elapsedUs);
      } else this.#sendWake(entry.number, entry.elapsedUs);
    }
    if (!replay.isOver) return;
    this.replay = null;
    this.ownTime.goOnFrom(this.log.ownS);
    this.total.goOnFrom(this.log.totalS);
    const held = replay.held();
    if (this.isApproved) this.#pauseAfter(held.map((call) => this.calls.take(call, { isApproved: true })));
    else for (const call of held) this.calls.deny(call);
  }

  /** @param {string} reason */
  #lost(reason) {
    if (this.isPausing) return;
    if (reason === "memory") {
      const limit = Math.floor(this.limits.memory_bytes / (1024 * 1024));
      this.#end("memory", say("memory", "used_up", { limit }), say("memory", "less_hint"));
    } else this.#end("worker_lost", say("worker_lost", "ended"), say("worker_lost", "variables_hint"));
  }

  /** @param {unknown} error */
  #failed(error) {
    if (error instanceof FrameError) this.#brokeProtocol();
    else if (error instanceof Divergence) this.#diverged();
    else this.fault(error);
  }

  #brokeProtocol() {
    this.#end("worker_lost", say("worker_lost", "broke_protocol"), say("worker_lost", "variables_hint"));
  }

  #diverged() {
    this.#end("internal", say("internal", "diverged"), say("internal", "diverged_hint"));
  }

  // -- what its calls need

  /** Sends a reply and logs it. @param {import("./run_log.js").Reply} reply @param {number} size */
  reply(reply, size) {
    if (this.isOver) return;
    const elapsedUs = this.#elapsedUs();
    if (!this.isPausing) {
      this.conversation.replied(reply.id);
      this.#setClocks();
      this.#send([reply], elapsedUs);
    }
    this.log.add({ reply, elapsedUs }, size);
  }

  /** Lets time stand still while a person is asked. */
  personAsked() {
    this.peopleAsked += 1;
    this.#setClocks();
  }

  /** Lets time go on when nobody is asked any more. */
  personAnswered() {
    this.peopleAsked -= 1;
    this.#setClocks();
  }

  /** Ends the run because a call can't be recorded. @param {Error} error */
  stop(error) {
    const reason = say("internal", "audit", { reason: error.message });
    this.#end("internal", say("internal", "unrecorded", { reason }), say("internal", "unrecorded_hint"));
  }

  /** Ends the run: what is wrong with the package is told; a defect of the page's side the console has under the reference that the outcome names. @param {unknown} error */
  fault(error) {
    if (this.isOver) return;
    if (error instanceof PackageError) {
      console.error("Code Mode:", error);
      this.#end("internal", say("internal", "package", { reason: error.message }), say("internal", "package_hint"));
      return;
    }
    const reference = Array.from(crypto.getRandomValues(new Uint8Array(4)), (one) => one.toString(16).padStart(2, "0")).join("");
    console.error(`Code Mode fault ${reference}`, error);
    this.#end("internal", say("internal", "fault", { reference }), say("internal", "report_hint", { reference }));
  }

  // -- messages to the worker

  /** @param {import("./run_log.js").Reply[]} replies @param {number} elapsedUs @param {number} [woken] */
  #send(replies, elapsedUs, woken) {
    this.worker.send({ type: "reply", elapsed_us: elapsedUs, replies, ...(woken === undefined ? {} : { woken }) });
  }

  /** @param {number} number @param {number} forS */
  #waits(number, forS) {
    this.#dropWait();
    this.wait = new Stopwatch(forS, () => this.#wake(number));
    if (this.replay !== null) {
      this.replay.lastWait = number;
      this.#goThroughLog();
    }
  }

  /** @param {number} number */
  #wake(number) {
    const elapsedUs = this.#elapsedUs();
    this.#sendWake(number, elapsedUs);
    this.log.add({ number, elapsedUs });
  }

  /** @param {number} number @param {number} elapsedUs */
  #sendWake(number, elapsedUs) {
    this.#dropWait();
    this.conversation.woken(number);
    this.#send([], elapsedUs, number);
  }

  #dropWait() {
    this.wait?.close();
    this.wait = null;
  }

  // -- the clocks

  #elapsedUs() {
    return Math.floor(this.total.passedS * 1e6);
  }

  #setClocks() {
    const isStopped = this.isOver || this.peopleAsked > 0;
    const waitsForApps = this.replay === null && this.conversation.pending > 0;
    this.ownTime.set(isStopped || this.isPausing || waitsForApps);
    this.total.set(isStopped);
    this.wait?.set(isStopped || this.replay !== null);
  }

  /** @param {string} budget @param {number} limitS */
  #outOfTime(budget, limitS) {
    if (this.isOver) return;
    // In a replay it waits for an answer that its log doesn't have there.
    if (this.replay !== null) this.#diverged();
    else {
      const names = this.calls.noteWaits();
      const message = say("timeout", names === "" ? budget : "waiting", { timeout_s: shortNumber(limitS), names });
      this.#end("timeout", message, say("timeout", `${budget}_hint`));
    }
  }

  // -- the end

  /** Kills the worker, and when the calls under way have their answers, says what a person is to be asked. */
  #pause() {
    this.isPausing = true;
    this.#dropWait();
    this.#setClocks();
    this.worker.kill();
    this.calls.whenIdle(() => this.#needApproval());
  }

  #needApproval() {
    if (this.isOver) return;
    const { requests } = this.calls;
    if (!this.log.isWhole) {
      this.#end("denied", say("denied", "too_much_to_keep", { function: requests[0].capability }), null);
      return;
    }
    this.log.ownS = this.ownTime.passedS;
    this.log.totalS = this.total.passedS;
    const error = errorOf({
      kind: "approval_needed",
      message: requests.map((request) => request.sentence).join("; "),
      hint: say("approval_needed", "wait_hint"),
      state: stateOf(this.log.records()),
      approval_id: this.setting.paused.keep({ log: this.log, requests, runId: this.audited?.id ?? null }),
    });
    this.#finish(new Outcome({ ok: false, error, notes: [...this.log.notes] }));
  }

  /** @param {import("./frames.js").Done | import("./frames.js").Failed} message */
  #ended(message) {
    if (this.replay !== null) throw new Divergence();
    const { source, onlyReview } = this.log.opening;
    const { limits, egress } = this;
    const { notes, refusals } = this.log;
    const known = { source, onlyReview, limits, calls: this.log.records(), notes, refusals, egress };
    const outcome = message.type === "done" ? done(message, known) : failed(message, known);
    if (outcome === null) this.#brokeProtocol();
    else this.#finish(outcome);
  }

  /** Ends the run from the page's side: the worker is killed before the outcome is given. @param {string} kind @param {string} message @param {string | null} hint */
  #end(kind, message, hint) {
    if (this.isOver) return;
    this.worker.kill();
    this.log.giveUpHeld();
    const error = errorOf({ kind, message, hint, state: stateOf(this.log.records()) });
    this.#finish(new Outcome({ ok: false, error, notes: [...this.log.notes] }));
  }

  /** @param {Outcome} outcome */
  #finish(outcome) {
    if (this.isOver) return;
    this.isOver = true;
    this.#dropWait();
    this.ownTime.close();
    this.total.close();
    this.abort.abort();
    this.worker.kill(); // also where it says that it is over: one that snippets have taken over may say so and go on
    this.calls.noteWaits();
    this.calls.close();
    const calls = this.log.records();
    const hasRun = outcome.ok || calls.length > 0;
    const notes = this.log.opening.isDryRun && hasRun ? [...dryRunNotes(calls), ...outcome.notes] : outcome.notes;
    const shown = calls.map((call) => ("arguments" in call ? { ...call, arguments: plain(call.arguments) } : call));
    this.settle(this.egress.outcome(outcome.with({ calls: shown, notes })));
  }
}
