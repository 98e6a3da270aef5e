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
 *   `pyodide.asm.mjs`, `pyodide.asm.wasm`, `python_stdlib.zip`, `runtime.zip`, and the wheels.
 * @property {string[]} wheels Logical names of the wheels.
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
 *   `stubs` (with the source text of stub modules as `modules`), `reply`, `warm`. Numbers beyond 2^53 may be `BigInt`.
 * @property {(message: Record<string, unknown>) => number} send Gives the length of what was sent, in characters.
 * @property {((text: string) => void) | null} onMessage Told each message in order, `ready` first; those that came
 *   before it was set are told when it is.
 * @property {((reason: EndReason) => void) | null} onEnd Told once, unless `kill` was called before.
 * @property {() => void} kill Ends it at once; nothing is told after this.
 *
 * @typedef {object} Engine
 * @property {() => Promise<Worker>} take Gives a worker that nobody has used and that has said `ready`.
 * @property {Layers} layers
 * @property {() => void} dispose Ends all workers and takes the frame away.
 */
export {};
