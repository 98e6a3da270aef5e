// @ts-check
/**
 * One worker as the page sees it.
 *
 * @import { EndReason, Worker } from "./engine.js"
 * @import { Frame, WorkerOptions } from "./frame_host.js"
 */

import { EngineError } from "./engine_error.js";

const STARTS_WITHIN_MS = 60_000; // a cold start takes 2 s, and 10 s where all processors are busy
const RESTORED_WITHIN_MS = 15_000; // 0.3 s, 3 s where they are busy: memory that is spoilt may never say that it is
const BETWEEN_REHEARSALS_MS = 5;
const REHEARSED = ""; // what a worker says after each
const MUST_HOLD = ["opaque_origin", "no_network", "no_eval"];

/** @implements {Worker} */
export class EngineWorker {
  isOver = false;
  isTaken = false;
  #isReady = false;
  #port;
  #end;
  /** @type {any} */
  #startTimer = null;
  /** @type {(() => void)[]} */
  #whenOver = [];
  /** @type {PromiseWithResolvers<Record<string, string>>} */
  #started = Promise.withResolvers();
  /** @type {PromiseWithResolvers<ArrayBuffer>} */
  #snapshot = Promise.withResolvers();
  /** @type {string[]} Texts that nobody has been told yet. */
  #texts = [];
  /** @type {((text: string) => void) | null} */
  #onMessage = null;
  /** @type {((reason: EndReason) => void) | null} */
  #onEnd = null;
  /** @type {EndReason | null} Why it ended, until somebody has been told. */
  #untold = null;
  /** Of a rehearsal under way: itself and those that follow. */
  #rehearsalsLeft = 0;
  /** @type {(() => void) | null} Done when it has rehearsed. */
  #whenRehearsed = null;

  /** @param {Frame} frame @param {WorkerOptions} options */
  constructor(frame, options) {
    const { port, end } = frame.begin(options, (reason) => this.#ended("crashed", reason));
    this.#port = port;
    this.restores = options.restores;
    this.#end = end;
    for (const { promise } of [this.#started, this.#snapshot]) promise.catch(() => {});
    port.onmessage = ({ data }) => this.#take(data);
  }

  /** End it unless it is ready soon, now that the frame holds, or was asked to hold, what it needs. */
  expect() {
    if (this.isOver || this.#isReady) return;
    const withinMs = this.restores ? RESTORED_WITHIN_MS : STARTS_WITHIN_MS;
    this.#startTimer = setTimeout(() => this.#ended("crashed", `it took more than ${withinMs / 1000} s`), withinMs);
  }

  /** Its layers, when it is ready. */
  get started() {
    return this.#started.promise;
  }

  /** The memory that it gives, where it was started to make a snapshot. */
  get snapshot() {
    return this.#snapshot.promise;
  }

  get onMessage() {
    return this.#onMessage;
  }

  set onMessage(told) {
    this.#onMessage = told;
    while (this.#onMessage && this.#texts.length > 0) this.#onMessage(/** @type {string} */ (this.#texts.shift()));
    this.#tellEnd();
  }

  get onEnd() {
    return this.#onEnd;
  }

  set onEnd(told) {
    this.#onEnd = told;
    this.#tellEnd();
  }

  /** @param {Record<string, unknown>} message */
  send(message) {
    const text = written(message);
    if (!this.isOver) this.#port.postMessage(text);
    return text.length;
  }

  /**
   * Have it go through what most runs go through, so many times or until somebody has taken it: what has not run often
   * is slow. One follows another when the worker says that it is done, so that a run waits for one of them at most.
   * @param {number} times
   * @param {() => void} then Done when it has, and nobody has taken it.
   */
  rehearse(times, then) {
    if (this.isTaken || this.isOver) return;
    if (times === 0) {
      then();
      return;
    }
    this.#rehearsalsLeft = times;
    this.#whenRehearsed = then;
    this.send({ type: "warm" });
  }

  /** Have it learn of a catalog, in the place of what it has learnt before. @param {Record<string, unknown>} lesson */
  learn(lesson) {
    if (!this.isTaken) this.send(lesson);
  }

  kill() {
    this.#onMessage = this.#onEnd = null;
    this.#over("it was ended");
  }

  /** Have something done when it is over, however it ends. @param {() => void} act */
  whenOver(act) {
    if (this.isOver) act();
    else this.#whenOver.push(act);
  }

  /** Take what came through the port: texts are for the page, objects for the engine. @param {unknown} data */
  #take(data) {
    if (this.isOver) return;
    if (data === REHEARSED && this.#rehearsalsLeft > 0) {
      const left = this.#rehearsalsLeft - 1;
      this.#rehearsalsLeft = 0; // another such text is a message like any other
      const then = /** @type {() => void} */ (this.#whenRehearsed);
      setTimeout(() => this.rehearse(left, then), BETWEEN_REHEARSALS_MS);
      return;
    }
    if (typeof data === "string") {
      if (this.#onMessage && this.#texts.length === 0) this.#onMessage(data);
      else this.#texts.push(data);
      return;
    }
    /** @type {any} */
    const told = data ?? {};
    if (told.ended) this.#ended(told.ended === "ended" || told.ended === "memory" ? told.ended : "crashed", told.failed);
    else if (this.#isReady) this.#ended("crashed", "it says what only a start has to say");
    else if (told.snapshot instanceof ArrayBuffer) this.#snapshot.resolve(told.snapshot);
    else if (told.started) this.#start();
  }

  /** It is ready, before anything foreign has run in it: what it says of its layers can be believed. */
  #start() {
    this.#isReady = true;
    clearTimeout(this.#startTimer);
    const { layers } = JSON.parse(this.#texts[0]);
    const lacking = MUST_HOLD.filter((name) => layers[name] !== "on");
    if (lacking.length === 0) {
      this.#started.resolve(layers);
      return;
    }
    const mend = "serve frame.html as it was built, and have nothing on the way change it";
    const message = `a worker could reach out (${lacking.join(", ")} not in force), so no snippet is run; ${mend}`;
    this.#started.reject(new EngineError("not_isolated", message));
  }

  /** @param {EndReason} reason @param {unknown} [details] */
  #ended(reason, details) {
    if (this.isOver) return;
    this.#untold = reason;
    this.#over(typeof details === "string" ? details.slice(0, 500) : reason);
    this.#tellEnd();
  }

  /** @param {string} details */
  #over(details) {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.#startTimer);
    this.#end();
    const mend = "load the page again; if that does not mend it, build its assets again with `codemode web build`";
    const error = new EngineError("worker_failed", `a worker did not start: ${details}; ${mend}`);
    this.#started.reject(error);
    this.#snapshot.reject(error);
    for (const act of this.#whenOver.splice(0)) act();
  }

  #tellEnd() {
    if (!this.#onEnd || !this.#untold || this.#texts.length > 0) return;
    const [told, reason] = [this.#onEnd, this.#untold];
    this.#untold = null;
    told(reason);
  }
}

/** A message as JSON; a function that looks at each value is asked only where there is a BigInt, which JSON refuses. @param {Record<string, unknown>} message */
function written(message) {
  try {
    return JSON.stringify(message);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return JSON.stringify(message, sendable);
  }
}

/** Numbers of any size travel as they are. @param {string} _ @param {unknown} value */
function sendable(_, value) {
  if (typeof value !== "bigint") return value;
  return "rawJSON" in JSON ? /** @type {any} */ (JSON).rawJSON(String(value)) : Number(value);
}
