/**
 * A run that is gone through again: its log against what the new worker asks for.
 *
 * 1. A call must be the logged one of its number: the same name, the same arguments. Anything else is a `Divergence`.
 * 2. Logged messages are due in their order, each as soon as what it answers has been asked for again.
 * 3. Nothing is sent to an app before every logged call has come again and every logged message has been sent.
 */

import { digest } from "./run_log.js";

/** @typedef {import("./run_log.js").Sent} Sent */
/** @typedef {import("./frames.js").Call} Call */

/** A run doesn't repeat itself. */
export class Divergence extends Error {}

export class Replay {
  /** @param {import("./run_log.js").RunLog} log */
  constructor(log) {
    this.log = log;
    this.unsent = [...log.sent];
    this.answers = new Set(log.sent.flatMap((entry) => ("reply" in entry ? [entry.reply.id] : [])));
    this.lastCall = 0;
    this.lastWait = 0;
    /** @type {Call[]} */
    this.waiting = [];
  }

  /** Whether the run is where it was paused. */
  get isOver() {
    return this.lastCall === this.log.calls.size && this.unsent.length === 0;
  }

  /** Holds a call to the log. @param {Call} call */
  take(call) {
    const logged = this.log.calls.get(call.id);
    if (logged === undefined || digest(call) !== logged.digest) throw new Divergence();
    this.lastCall = call.id;
    if (!this.answers.has(call.id)) this.waiting.push(call);
  }

  /** The next message if it is due; counts as sent. @returns {Sent | null} */
  due() {
    const [entry] = this.unsent;
    if (entry === undefined) return null;
    const hasCome = "reply" in entry ? entry.reply.id <= this.lastCall : entry.number <= this.lastWait;
    return hasCome ? /** @type {Sent} */ (this.unsent.shift()) : null;
  }

  /** The calls that wait for what the person has said, once. */
  held() {
    return this.waiting.splice(0);
  }
}
