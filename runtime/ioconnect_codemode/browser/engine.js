// @ts-check
/**
 * The engine: workers that run snippets in Python on WebAssembly, as the page sees them.
 *
 * The page fetches the assets, holds them to their digests and gives their bytes to a frame of an opaque origin that
 * can reach nothing (`frame.html`). The frame starts workers; each has a port of its own to the page. A worker serves
 * one run, as on the desktop, and speaks the messages of `frames.schema.json`. Nothing it says is trusted.
 *
 * @typedef {object} Asset
 * @property {string} path Where it is, relative to `baseUrl`; a name with its digest in it can be cached for ever.
 * @property {string} sha256 In hexadecimal.
 * @property {number} bytes
 *
 * @typedef {object} AssetManifest What the engine needs of `assets.json`; other keys are others' business.
 * @property {1} version
 * @property {string} pyodide Version of Pyodide.
 * @property {Record<string, Asset>} files By logical name: `frame.html`, `worker.js`, `pyodide.mjs`,
 *   `pyodide.asm.mjs`, `pyodide.asm.wasm`, and `library.zip`, the modules of Python.
 *
 * @typedef {object} Assets
 * @property {string} baseUrl Folder of the assets; of the page's own origin.
 * @property {AssetManifest} manifest
 *
 * @typedef {object} Progress
 * @property {"assets" | "python" | "ready"} step Fetching, starting Python, done.
 * @property {number} loadedBytes
 * @property {number} totalBytes
 *
 * @typedef {object} Layers What holds in this browser.
 * @property {boolean} jspi Whether calls suspend Python; without it a run is gone through again after each answer.
 * @property {boolean} snapshot Whether workers start from a snapshot of memory.
 * @property {number} mostCalls How many calls a run may make here: infinite with JSPI, 200 without.
 * @property {Record<string, string>} worker What a worker said of its own layers: `on`, or `off: ` and why.
 *
 * @typedef {"crashed" | "memory" | "ended"} EndReason `ended`: by itself, after `done` or `failed`.
 *
 * @typedef {object} Worker One worker, for one run. A message is a JSON text from it, a plain object to it: `run`,
 *   `stubs` (with the source text of stub modules as `modules`), `reply`, `warm`, `learn`. Numbers beyond 2^53 may be `BigInt`.
 * @property {(message: Record<string, unknown>) => number} send Gives the length of what was sent, in characters.
 * @property {((text: string) => void) | null} onMessage Told each message in order, `ready` first; those that came
 *   before it was set are told when it is.
 * @property {((reason: EndReason) => void) | null} onEnd Told once, unless `kill` was called before.
 * @property {() => void} kill Ends it at once; nothing is told after this.
 *
 * @typedef {object} Engine
 * @property {() => Promise<Worker>} take Gives a worker that nobody has used and that has said `ready`.
 * @property {Layers} layers
 * @property {(lesson: Record<string, unknown>) => void} teach Has spares learn of a catalog, a message `learn`, from now on:
 *   a run that names its key need not ask for what is in it. A worker that comes too soon has learnt nothing.
 * @property {() => void} dispose Ends all workers and takes the frame away.
 */

import { checkManifest, fetchAsset, assetUrl } from "./assets.js";
import { EngineError } from "./engine_error.js";
import { Frame, noWebAssembly } from "./frame_host.js";
import { dropSnapshot, keepSnapshot, readSnapshot, snapshotKey } from "./snapshots.js";
import { EngineWorker } from "./engine_worker.js";

export { EngineError };

const LEAST_MEMORY_BYTES = 64 * 1024 * 1024;
const MOST_CALLS_WITHOUT_JSPI = 200;
const REFILL_AFTER_MS = 100; // the spare's start takes 0.2 s of a processor: the run that has begun goes first
const REHEARSES_AFTER_MS = 20; // who waits for a worker takes it before
const REHEARSALS = 16; // of some milliseconds each; after one of them a run takes a quarter longer than after these

/**
 * Start an engine: one a page, for as long as the page wants to run snippets.
 *
 * @param {object} options
 * @param {Assets} options.assets
 * @param {{ memoryBytes: number }} options.limits
 * @param {(progress: Progress) => void} [options.onProgress]
 * @param {readonly ("jspi" | "snapshot")[]} [options.without] What to do without though the browser has it.
 * @param {AbortSignal} [options.signal] Gives the start up: nothing of it is left behind.
 * @returns {Promise<Engine>}
 * @throws {EngineError} And the reason of the signal.
 */
export async function createEngine({ assets, limits, onProgress = () => {}, without = [], signal }) {
  signal?.throwIfAborted();
  if (!globalThis.crypto?.subtle) {
    const mend = "serve it over https, or from localhost";
    throw new EngineError("insecure_page", `this page can't check the digests of what it loads; ${mend}`);
  }
  if (typeof WebAssembly !== "object") throw noWebAssembly();
  checkManifest(assets);
  const suspends = "Suspending" in WebAssembly && !without.includes("jspi");
  const engine = new RunningEngine(assets, limits.memoryBytes, suspends, onProgress);
  const giveUp = () => engine.dispose();
  signal?.addEventListener("abort", giveUp);
  try {
    await engine.open(!without.includes("snapshot"));
    signal?.throwIfAborted();
  } catch (error) {
    engine.dispose();
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", giveUp);
  }
  return engine;
}

/** @implements {Engine} */
class RunningEngine {
  /** @type {Layers} */
  layers;
  #assets;
  #memoryBytes;
  #suspends;
  #onProgress;
  #progress = { loadedBytes: 0, totalBytes: 0 };
  /** @type {Frame | null} */
  #frame = null;
  #hashSeed = String(1 + (crypto.getRandomValues(new Uint32Array(1))[0] % 0xfffffffe));
  /** @type {string | null} */
  #snapshotKey = null;
  #hasColdParts = false;
  /** @type {EngineWorker | null} One that has begun before it was asked for. */
  #first = null;
  /** Workers start from a snapshot that the frame holds, or was asked to hold. */
  #restores = false;
  /** @type {Promise<EngineWorker>[]} */
  #spares = [];
  /** @type {Set<EngineWorker>} */
  #workers = new Set();
  /** @type {Set<EngineWorker>} Those of them that can learn. */
  #rehearsed = new Set();
  /** @type {Record<string, unknown> | null} */
  #lesson = null;
  #isDisposed = false;
  #disposing = new AbortController();
  #mayUseSnapshot = true;
  /** @type {Promise<void> | null} */
  #opening = null;

  /**
   * @param {Assets} assets
   * @param {number} memoryBytes
   * @param {boolean} suspends
   * @param {(progress: Progress) => void} onProgress
   */
  constructor(assets, memoryBytes, suspends, onProgress) {
    this.#assets = assets;
    this.#memoryBytes = Math.max(memoryBytes, LEAST_MEMORY_BYTES);
    this.#suspends = suspends;
    this.#onProgress = onProgress;
    const mostCalls = suspends ? Infinity : MOST_CALLS_WITHOUT_JSPI;
    this.layers = { jspi: suspends, snapshot: false, mostCalls, worker: {} };
  }

  /** Fetch everything and have a first worker ready. @param {boolean} mayUseSnapshot */
  async open(mayUseSnapshot) {
    this.#mayUseSnapshot = mayUseSnapshot;
    const { baseUrl, manifest } = this.#assets;
    this.#snapshotKey = mayUseSnapshot ? await snapshotKey(manifest, this.#suspends) : null;
    const reading = this.#snapshotKey ? readSnapshot(this.#snapshotKey) : Promise.resolve(null);
    const frame = Frame.open(assetUrl(baseUrl, manifest.files["frame.html"]), this.#fetch(["frame.html"]), this.#disposing.signal);
    const parts = Promise.all([frame, this.#fetch(["worker.js"]), reading]);
    const begun = parts.then(([opened, [script], snapshot]) => this.#beginFirst(opened, text(script), snapshot !== null));
    const loaded = Promise.all([frame, this.#fetch(["pyodide.mjs", "pyodide.asm.mjs"])]);
    const modules = loaded.then(([opened, [loader, python]]) => opened.takeModules({ loader: text(loader), python: text(python) }));
    const wasm = Promise.all([frame, this.#fetch(["pyodide.asm.wasm"])]).then(([opened, [bytes]]) => opened.hold({ wasm: bytes }, [bytes]));
    const memory = reading.then((snapshot) => this.#giveMemory(frame, snapshot));
    const [snapshot] = await this.#all([reading, begun, modules, wasm, memory], frame);
    this.#report("python");
    await this.#start(snapshot !== null);
    this.#report("ready");
  }

  /** Give the frame what Python's memory is made of. @param {Promise<Frame>} frame @param {import("./snapshots.js").Snapshot | null} snapshot */
  async #giveMemory(frame, snapshot) {
    this.#restores = snapshot !== null;
    if (snapshot) this.#hashSeed = snapshot.hashSeed;
    const parts = snapshot ? { snapshot: snapshot.memory } : await this.#coldParts();
    await (await frame).hold(parts);
  }

  /**
   * Begin a first worker while what it loads is on its way.
   * @param {Frame} frame
   * @param {string} script
   * @param {boolean} restores
   */
  #beginFirst(frame, script, restores) {
    if (this.#isDisposed) return;
    frame.takeWorker(script);
    this.#first = this.#begin(frame, { restores, makes: !restores && this.#snapshotKey !== null });
  }

  /**
   * Wait for parts and for the frame; where a part is not to be had, the frame is not left behind.
   * @template {unknown[]} T
   * @param {[...{ [K in keyof T]: Promise<T[K]> }]} parts
   * @param {Promise<Frame>} frame
   * @returns {Promise<T>}
   */
  async #all(parts, frame) {
    try {
      const [, ...found] = await Promise.all([frame, ...parts]);
      return /** @type {any} */ (found);
    } finally {
      this.#frame = await frame.catch(() => null);
      if (this.#isDisposed) this.#frame?.close();
    }
  }

  /** @param {{ mayTryAgain?: boolean }} [options] Where its frame is lost while somebody waits for a worker. @returns {Promise<EngineWorker>} */
  async take({ mayTryAgain = true } = {}) {
    this.#refuseWhenDisposed();
    if (this.#frame?.isLost ?? true) await this.#openedAgain();
    const frame = this.#frame;
    const taking = this.#spares.shift() ?? this.#newWorker();
    const worker = await taking.catch((error) => {
      if (mayTryAgain && frame?.isLost) return null;
      throw error;
    });
    if (worker === null) return this.take({ mayTryAgain: false });
    if (worker.isOver) return this.take(); // it crashed while it waited
    worker.isTaken = true;
    this.#refill(worker);
    return worker;
  }

  /** Open another frame in the place of one that is lost, once for all who wait. */
  #openedAgain() {
    this.#opening ??= this.#openAgain().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #openAgain() {
    if (this.#frame) console.warn(`Code Mode: the frame of the workers is lost: ${this.#frame.why}; another one is opened`);
    this.#frame?.close();
    this.#first?.kill();
    this.#first = null;
    this.#spares = [];
    this.#hasColdParts = false;
    this.#progress = { loadedBytes: 0, totalBytes: 0 };
    try {
      await this.open(this.#mayUseSnapshot);
    } catch (error) {
      this.#frame?.close();
      this.#frame = null;
      this.#refuseWhenDisposed();
      throw error;
    }
    this.#refuseWhenDisposed();
  }

  /** @param {Record<string, unknown>} lesson */
  teach(lesson) {
    this.#lesson = lesson;
    for (const worker of this.#rehearsed) worker.learn(lesson);
  }

  dispose() {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#disposing.abort();
    for (const worker of this.#workers) worker.kill();
    this.#frame?.close();
  }

  // -- starting --------------------------------------------------------------------------------------------------

  /**
   * Have a first spare: from the snapshot that was kept, else cold, with a snapshot for those that follow, else just cold.
   * @param {boolean} hasSnapshot
   */
  async #start(hasSnapshot) {
    const key = this.#snapshotKey;
    const first = key ? [() => this.#addFirst(key)] : [];
    for (const add of hasSnapshot ? [() => this.#addSpare(), ...first] : first) {
      try {
        await add();
        this.layers.snapshot = true;
        return;
      } catch (error) {
        if (this.#isDisposed || (error instanceof EngineError && error.code !== "worker_failed")) throw error;
        this.#restores = false;
        await dropSnapshot(/** @type {string} */ (key));
        await this.#held({ ...(await this.#coldParts()), snapshot: null });
      }
    }
    await this.#addSpare();
  }

  async #addSpare() {
    const worker = await this.#newWorker();
    this.#spares.push(Promise.resolve(worker));
  }

  /** Give the frame what its workers need. @param {Record<string, unknown>} parts */
  async #held(parts) {
    await this.#frame?.hold(parts);
  }

  /** Have a first spare that gives a snapshot; keep it, and have further workers start from it. @param {string} key */
  async #addFirst(key) {
    const worker = this.#newEngineWorker({ makes: true });
    const [snapshot] = await Promise.all([worker.snapshot, this.#readied(worker)]);
    const memory = new Blob([snapshot]);
    this.#spares.push(Promise.resolve(worker));
    void keepSnapshot(key, { memory, hashSeed: this.#hashSeed });
    this.#quiet(this.#held({ snapshot: memory })); // who asks for a worker before it is held waits in the frame
    this.#restores = true;
  }

  /** @returns {Promise<EngineWorker>} */
  async #newWorker() {
    return this.#readied(this.#newEngineWorker({ makes: false }));
  }

  /** Wait until a worker is ready; one that does not get there is ended. @param {EngineWorker} worker */
  async #readied(worker) {
    try {
      this.layers.worker = await worker.started;
      setTimeout(() => worker.rehearse(REHEARSALS, () => this.#hasRehearsed(worker)), REHEARSES_AFTER_MS);
      return worker;
    } catch (error) {
      worker.kill();
      this.#refuseWhenDisposed();
      throw error;
    }
  }

  /** @param {EngineWorker} worker */
  #hasRehearsed(worker) {
    this.#rehearsed.add(worker);
    worker.whenOver(() => this.#rehearsed.delete(worker));
    if (this.#lesson) worker.learn(this.#lesson);
  }

  /** @param {{ makes: boolean }} options */
  #newEngineWorker({ makes }) {
    if (!this.#frame) throw disposed();
    const restores = this.#restores && !makes;
    if (this.#first?.restores !== restores) this.#first?.kill(); // the snapshot that was found was not whole
    const worker = this.#first?.isOver === false ? this.#first : this.#begin(this.#frame, { restores, makes });
    this.#first = null;
    worker.expect();
    return worker;
  }

  /** @param {Frame} frame @param {{ restores: boolean, makes: boolean }} options */
  #begin(frame, { restores, makes }) {
    const [memoryBytes, hashSeed, suspends] = [this.#memoryBytes, this.#hashSeed, this.#suspends];
    const worker = new EngineWorker(frame, { suspends, restores, makes, memoryBytes, hashSeed });
    this.#workers.add(worker);
    worker.whenOver(() => this.#workers.delete(worker));
    return worker;
  }

  /** Have a spare again: when a worker has ended, or when it has run for a while. @param {EngineWorker} taken */
  #refill(taken) {
    let isDone = false;
    const refill = () => {
      clearTimeout(timer);
      if (isDone || this.#isDisposed) return;
      isDone = true;
      if (this.#spares.length === 0) this.#spares.push(this.#quiet(this.#newWorker()));
    };
    const timer = setTimeout(refill, REFILL_AFTER_MS);
    taken.whenOver(refill);
  }

  /** Give a promise whose failure is told to whoever takes it, and to nobody before. @template T @param {Promise<T>} promise */
  #quiet(promise) {
    promise.catch(() => {});
    return promise;
  }

  // -- assets ----------------------------------------------------------------------------------------------------

  /** Fetch what only a cold start needs. */
  async #coldParts() {
    if (this.#hasColdParts) return {};
    const [library] = await this.#fetch(["library.zip"]);
    this.#hasColdParts = true;
    return { library: new Blob([library]) };
  }

  /** @param {readonly string[]} names @returns {Promise<ArrayBuffer[]>} */
  #fetch(names) {
    const { files } = this.#assets.manifest;
    this.#progress.totalBytes += names.reduce((sum, name) => sum + files[name].bytes, 0);
    const onBytes = (/** @type {number} */ bytes) => {
      this.#progress.loadedBytes += bytes;
      this.#report("assets");
    };
    return this.#quiet(Promise.all(names.map((name) => fetchAsset(this.#assets, name, onBytes, this.#disposing.signal))));
  }

  /** @param {Progress["step"]} step */
  #report(step) {
    if (!this.#isDisposed) this.#onProgress({ step, ...this.#progress });
  }

  #refuseWhenDisposed() {
    if (this.#isDisposed) throw disposed();
  }
}

function disposed() {
  return new EngineError("disposed", "this engine was disposed of; create another one");
}

/** @param {ArrayBuffer} bytes */
function text(bytes) {
  return new TextDecoder().decode(bytes);
}
