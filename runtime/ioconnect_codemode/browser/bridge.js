/**
 * The state machine of a run, on the page's side: messages in, what they mean out.
 *
 * 1. Everything that decides which message may come when is in this file, as the table `ALLOWED`.
 * 2. The worker is not trusted: a message out of turn, a second `need`, a call or wait whose id is not the next one, or
 *    anything after the end is a `FrameError`; the run is over and the worker is killed.
 * 3. Each call gets exactly one reply; a reply to a call that has one, or never was, is a defect of the page.
 * 4. What the calls weigh that wait for their reply is counted, small ones left out.
 * 5. A worker waits for one time at once: a new wait takes the place of the one before it. It reads behind each wait, so
 *    it has waited at most once more than it has been told something.
 *
 *     STARTING --ready--> IDLE --run sent--> RUNNING --call--> WAITING --all replied--> RUNNING --done, failed--> OVER
 */

import { FrameError } from "./errors.js";
import { PROTOCOL } from "./frames.js";

/** @typedef {import("./frames.js").WorkerMessage} WorkerMessage */
/** @typedef {"starting" | "idle" | "running" | "waiting" | "over"} State */

const LONGEST_US = 86_400 * 1e6; // no run lasts a day
/** @type {Record<State, string[]>} */
const ALLOWED = {
  starting: ["ready"],
  idle: [],
  running: ["need", "call", "wait", "done", "failed"],
  waiting: ["call", "wait", "done", "failed"],
  over: [],
};

/** One worker's run as the page sees it. */
export class Conversation {
  constructor() {
    /** @type {State} */
    this.state = "starting";
    /** @type {Set<number>} */
    this.open = new Set();
    this.lastId = 0;
    this.hasAsked = false;
    this.lastWait = 0;
    this.waits = false;
    this.told = 0;
    /** @type {Map<number, number>} */
    this.weights = new Map();
    this.waitingBytes = 0;
  }

  /** How many calls wait for their reply. */
  get pending() {
    return this.open.size;
  }

  /** Notes that the run has been sent. */
  runSent() {
    if (this.state !== "idle") throw new FrameError(`a run sent to a worker that is ${this.state}`);
    this.state = "running";
  }

  /** Takes a message of the worker; throws where it is not allowed now. @param {WorkerMessage} message @param {number} [weight] Bytes that its calls hold. */
  receive(message, weight = 0) {
    if (!ALLOWED[this.state].includes(message.type)) throw new FrameError(`a ${message.type} message while ${this.state}`);
    switch (message.type) {
      case "ready":
        if (message.protocol !== PROTOCOL) throw new FrameError(`worker protocol ${message.protocol}, page protocol ${PROTOCOL}`);
        this.state = "idle";
        break;
      case "need":
        if (this.hasAsked || this.lastId > 0) throw new FrameError("a need message after the first one, or after a call");
        this.hasAsked = true;
        break;
      case "call":
        this.#calls(message.calls, weight);
        break;
      case "wait":
        if (message.id !== this.lastWait + 1) throw new FrameError(`wait id ${message.id} after ${this.lastWait}`);
        if (message.for_us < 0) throw new FrameError("a wait for less than no time");
        if (message.id > this.told + 1) throw new FrameError(`wait id ${message.id} of a worker that has been told ${this.told} things`);
        this.lastWait = message.id;
        this.waits = true;
        break;
      default:
        this.state = "over";
        this.open.clear();
    }
  }

  /** How long a wait is, in seconds. @param {number} forUs */
  static seconds(forUs) {
    return Math.min(forUs, LONGEST_US) / 1e6;
  }

  /** Notes that a call has got its reply. @param {number} id */
  replied(id) {
    if (!this.open.delete(id)) throw new FrameError(`a reply to call ${id}, which is not pending`);
    this.told += 1;
    this.waitingBytes -= this.weights.get(id) ?? 0;
    this.weights.delete(id);
    if (this.open.size === 0 && this.state === "waiting") this.state = "running";
  }

  /** Notes that the worker has been told that its time is over. @param {number} number */
  woken(number) {
    if (!this.waits || number !== this.lastWait) throw new FrameError(`a wake for wait ${number}, which is not open`);
    this.waits = false;
    this.told += 1;
  }

  /** @param {import("./frames.js").Call[]} calls @param {number} weight */
  #calls(calls, weight) {
    if (calls.length === 0) throw new FrameError("a call message without calls");
    for (const { id } of calls) {
      if (id !== this.lastId + 1) throw new FrameError(`call id ${id} after ${this.lastId}`);
      this.lastId = id;
      this.open.add(id);
      if (weight === 0) continue;
      const own = Math.floor(weight / calls.length);
      this.weights.set(id, own);
      this.waitingBytes += own;
    }
    this.state = "waiting";
  }
}
