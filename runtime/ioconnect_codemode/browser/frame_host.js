// @ts-check
/**
 * The page's side of the frame: opens it, gives it bytes, has it start and end workers.
 *
 * @typedef {object} WorkerOptions
 * @property {boolean} suspends Whether to wait by suspending Python.
 * @property {boolean} restores Whether to start from a snapshot.
 * @property {boolean} makes Whether to give a snapshot before it serves.
 * @property {number} memoryBytes The most that Python's memory may grow to.
 * @property {string} hashSeed What the hashes of its Python start from, where it does not restore.
 */

import { EngineError } from "./engine_error.js";

const OPENS_WITHIN_MS = 30_000;
const BEAT_MS = 1_000;
const TAKEN_OUT = "the page has taken it out";
const MOST_MISSED = 5; // ticks of a page that runs: one that was frozen or asleep has not missed any
/** Rendered, in sight and not seen: a browser gives the process of a hidden frame, its workers too, a lower priority. */
const UNSEEN = {
  position: "fixed",
  right: "0",
  bottom: "0",
  width: "1px",
  height: "1px",
  border: "0",
  opacity: "0",
  pointerEvents: "none",
};

export class Frame {
  #element;
  #port;
  /** @type {Map<number, (reason: string) => void>} Who is told that a worker has crashed. */
  #workers = new Map();
  #lastId = 0;
  /** @type {((held: {held: boolean, reason?: string, lost?: string}) => void)[]} Who waits for parts to be held, in order. */
  #onHeld = [];
  #beat;
  #missed = 0;
  /** @type {string | null} Why it is lost. */
  #why = null;

  /** @param {HTMLIFrameElement} element @param {MessagePort} port */
  constructor(element, port) {
    this.#element = element;
    this.#port = port;
    element.onload = () => this.#lose("it was loaded again"); // somebody has moved it in the page
    port.onmessage = ({ data }) => {
      this.#missed = 0;
      if ("held" in data) this.#onHeld.shift()?.(data);
      else if ("crashed" in data) this.#workers.get(data.crashed)?.(data.reason);
    };
    this.#beat = setInterval(() => this.#tick(), BEAT_MS);
  }

  /** Nothing tells a page that the process of a frame has ended, or that somebody has taken it out: its workers are lost with it. */
  #tick() {
    this.#missed += 1;
    if (!this.#element.isConnected) this.#lose(TAKEN_OUT);
    else if (this.#missed <= MOST_MISSED) this.#port.postMessage({ type: "beat" });
    else this.#lose("the process of the frame has ended, or does not answer");
  }

  /** Whether no worker can be started in it: its process has ended, or the page has taken it out. */
  get isLost() {
    return this.#why !== null || !this.#element.isConnected;
  }

  /** Why it is lost. */
  get why() {
    return this.#why ?? TAKEN_OUT;
  }

  /** @param {string} reason */
  #lose(reason) {
    this.#why ??= reason;
    clearInterval(this.#beat);
    for (const told of this.#onHeld.splice(0)) told({ held: false, lost: reason });
    for (const onCrash of [...this.#workers.values()]) onCrash(reason);
  }

  /**
   * Open the frame. It is told nothing, and is taken out, where its file is not the one that it must be.
   * @param {string} url
   * @param {Promise<unknown>} checked
   * @param {AbortSignal} signal
   * @returns {Promise<Frame>}
   * @throws {EngineError} `frame_blocked`, and what `checked` throws; the reason of the signal
   */
  static async open(url, checked, signal) {
    signal.throwIfAborted();
    const element = document.createElement("iframe");
    element.setAttribute("sandbox", "allow-scripts");
    element.setAttribute("aria-hidden", "true");
    element.tabIndex = -1;
    Object.assign(element.style, UNSEEN);
    element.title = "Code Mode worker";
    element.src = url;
    const { port1, port2 } = new MessageChannel();
    const { promise: opened, resolve, reject } = Promise.withResolvers();
    const timer = setTimeout(() => reject(blocked(url)), OPENS_WITHIN_MS);
    /** @param {SecurityPolicyViolationEvent} event */
    const violated = (event) => {
      if (event.effectiveDirective === "frame-src" && event.blockedURI === url) reject(blocked(url));
    };
    const givenUp = () => reject(signal.reason);
    const disturbed = (/** @type {string} */ how) => reject(new EngineError("frame_blocked", `the frame at ${url} ${how} while it opened; leave it where it is in the page`));
    const watch = setInterval(() => element.isConnected || disturbed("was taken out of the page"), BEAT_MS);
    opened.catch(() => {}); // where it was not waited for
    port1.onmessage = resolve;
    element.onload = () => {
      element.onload = () => disturbed("was loaded again"); // a port is given once
      checked.then(() => element.contentWindow?.postMessage("codemode", "*", [port2]), reject);
    };
    checked.catch(reject);
    document.addEventListener("securitypolicyviolation", violated);
    signal.addEventListener("abort", givenUp);
    try {
      (document.body ?? document.documentElement).append(element);
      await opened;
      return new Frame(element, port1);
    } catch (error) {
      port1.close();
      element.remove();
      throw error;
    } finally {
      clearTimeout(timer);
      clearInterval(watch);
      document.removeEventListener("securitypolicyviolation", violated);
      signal.removeEventListener("abort", givenUp);
    }
  }

  /**
   * Give it what its workers need. Blobs are read in the frame, for each worker: no other copy of their bytes is kept.
   * @param {Record<string, unknown>} parts
   * @param {Transferable[]} [moved]
   * @throws {EngineError} `no_webassembly`, `worker_failed`
   */
  async hold(parts, moved = []) {
    const { held, reason, lost } = await new Promise((resolve) => {
      if (this.isLost) resolve({ held: false, lost: "the frame is lost" });
      this.#onHeld.push(resolve);
      this.#port.postMessage({ type: "hold", ...parts }, moved);
    });
    if (lost) throw new EngineError("worker_failed", `no worker can be started: ${lost}; load the page again`);
    if (!held) throw noWebAssembly(reason);
  }

  /** Give it what its workers begin with. @param {string} text */
  takeWorker(text) {
    this.#port.postMessage({ type: "worker", text });
  }

  /** Give it what they load next. @param {{ loader: string, python: string }} texts */
  takeModules(texts) {
    this.#port.postMessage({ type: "modules", ...texts });
  }

  /**
   * Begin a worker; it goes on as far as what the frame holds lets it.
   * @param {WorkerOptions} options
   * @param {(reason: string) => void} onCrash
   * @returns {{ port: MessagePort, end: () => void }}
   */
  begin(options, onCrash) {
    const id = ++this.#lastId;
    const { port1, port2 } = new MessageChannel();
    this.#workers.set(id, onCrash);
    this.#port.postMessage({ type: "begin", id, ...options }, [port2]);
    const end = () => {
      if (!this.#workers.delete(id)) return;
      this.#port.postMessage({ type: "end", id });
      port1.close();
    };
    return { port: port1, end };
  }

  close() {
    this.#lose(this.#element.isConnected ? "it was closed" : TAKEN_OUT);
    this.#port.close();
    this.#workers.clear();
    this.#element.remove();
  }
}

/** @param {string} [reason] */
export function noWebAssembly(reason) {
  const because = reason ? `: ${reason.slice(0, 200)}` : "";
  const mend = "allow it in the browser (a policy may have switched it off), or run Code Mode on the desktop";
  return new EngineError("no_webassembly", `this browser does not run WebAssembly${because}; ${mend}`);
}

/** @param {string} url */
function blocked(url) {
  const mend = "serve it without X-Frame-Options and with no policy but its own, and allow `frame-src 'self'` in the page's own policy";
  return new EngineError("frame_blocked", `the frame at ${url} did not open; ${mend}`);
}
