/** Runs that wait for a person's approval, with their logs, in memory and for a time. */

import { clearAlarm, setAlarm } from "./alarms.js";
import { UsageError } from "./errors.js";
import { repr } from "./text.js";

/** @typedef {{log: import("./run_log.js").RunLog, requests: import("./approval.js").ApprovalRequest[], runId: string | null}} Paused `runId` is its name in the audit. */
/** @typedef {{runId: string | null, opening: import("./run_log.js").Opening, capabilities: string[], calls: import("./outcome.js").CallRecord[]}} Expired */

const MOST = 32;
const EXPIRED = 256; // of an expired run the snippet, names and states are kept, so that whoever answers late is told

/** The runs of one page that wait for approval, each under an id that is used once. */
export class PausedRuns {
  /** @param {number} expiresS */
  constructor(expiresS) {
    this.expiresS = expiresS;
    /** @type {Map<string, {paused: Paused, alarm: number}>} */
    this.runs = new Map();
    /** @type {Map<string, Expired>} */
    this.expired = new Map();
  }

  get hasRoom() {
    return this.runs.size < MOST;
  }

  /** Keeps a run until it is answered for, or expires; gives its id. @param {Paused} paused */
  keep(paused) {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    const id = btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
    const alarm = setAlarm(() => this.#expire(id), this.expiresS * 1000);
    this.runs.set(id, { paused, alarm });
    return id;
  }

  /** What the person is asked. @param {string} id */
  requests(id) {
    const found = this.runs.get(id);
    if (found === undefined) throw new UsageError(unknown(id));
    return found.paused.requests;
  }

  /** The run that waits under an id, which is used up by that. @param {string} id @returns {Paused | Expired} */
  take(id) {
    const found = this.runs.get(id);
    if (found !== undefined) {
      clearAlarm(found.alarm);
      this.runs.delete(id);
      return found.paused;
    }
    const expired = this.expired.get(id);
    if (expired === undefined) throw new UsageError(unknown(id));
    this.expired.delete(id);
    return expired;
  }

  /** Forgets a run, if it waits. @param {string} id */
  forget(id) {
    clearAlarm(this.runs.get(id)?.alarm ?? null);
    this.runs.delete(id);
    this.expired.delete(id);
  }

  /** Forgets all of them. */
  close() {
    for (const { alarm } of this.runs.values()) clearAlarm(alarm);
    this.runs.clear();
    this.expired.clear();
  }

  /** @param {string} id */
  #expire(id) {
    const { paused } = /** @type {{paused: Paused}} */ (this.runs.get(id));
    this.runs.delete(id);
    const { opening } = paused.log;
    paused.log.giveUpHeld();
    const inputs = Object.fromEntries(Object.keys(opening.inputs).map((name) => [name, null]));
    this.expired.set(id, {
      runId: paused.runId,
      opening: { ...opening, inputs },
      capabilities: [...new Set(paused.requests.map((request) => request.capability))],
      calls: paused.log.records(),
    });
    const [oldest] = this.expired.keys();
    if (this.expired.size > EXPIRED) this.expired.delete(oldest);
  }
}

/** @param {unknown} id */
function unknown(id) {
  return `no run waits for approval under ${repr(String(id).slice(0, 40))}: each id is used once, in the page that gave it`;
}
