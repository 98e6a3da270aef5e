// @ts-check
// The script of frame.html: the document around the workers, of an opaque origin and with a policy that lets nothing
// out, which its workers inherit. It takes bytes from the page, compiles once, starts and ends workers. It never reads
// what a worker says: each worker has a port of its own to the page.

/** @type {any} What every worker gets. */
let shared = null;
/** Settled when what was given last is held: a worker can be asked for before. */
let holding = Promise.resolve();
/** @type {Map<number, Worker>} */
const workers = new Map();
/** @type {Set<number>} Workers that were ended before they had begun. */
const unwanted = new Set();

/** @param {string} text @param {string} name Shown in stack traces in place of the whole URL. */
const moduleUrl = (text, name) =>
  `data:text/javascript;charset=utf-8,${encodeURIComponent(`${text}\n//# sourceURL=codemode/${name}`)}`;

/** @param {any} message @param {MessagePort} page */
async function hold({ texts, wasm, library, archives, snapshot }, page) {
  try {
    const compiling = shared?.wasm ?? WebAssembly.compile(wasm);
    shared = {
      ...shared,
      loader: shared?.loader ?? moduleUrl(texts.loader, "pyodide.mjs"),
      python: shared?.python ?? moduleUrl(texts.python, "pyodide.asm.mjs"),
      worker: shared?.worker ?? moduleUrl(texts.worker, "worker.js"),
      library: library ?? shared?.library ?? new ArrayBuffer(0),
      archives: archives ?? shared?.archives ?? [],
      snapshot: snapshot ?? null,
      wasm: await compiling,
    };
    page.postMessage({ held: true });
  } catch (error) {
    page.postMessage({ held: false, reason: String(error) });
  }
}

/** @param {any} message @param {MessagePort} page @param {MessagePort} port */
function start({ id, makes, suspends, memoryBytes, hashSeed }, page, port) {
  if (unwanted.delete(id) || !shared) return;
  const worker = new Worker(shared.worker, { type: "module" });
  workers.set(id, worker);
  worker.onerror = (event) => {
    event.preventDefault();
    page.postMessage({ crashed: id, reason: String(event.message ?? "the worker could not be loaded") });
  };
  const { worker: _, ...given } = shared;
  const memory = given.snapshot && !makes ? { library: new ArrayBuffer(0), archives: [] } : { snapshot: null };
  worker.postMessage({ ...given, ...memory, makes, suspends, memoryBytes, hashSeed }, [port]);
}

/** @param {number} id */
function end(id) {
  const worker = workers.get(id);
  if (worker) worker.terminate();
  else unwanted.add(id);
  workers.delete(id);
}

addEventListener("message", ({ source, data, ports: [page] }) => {
  if (source !== parent || data !== "codemode") return;
  page.onmessage = ({ data: message, ports: [port] }) => {
    if (message.type === "hold") holding = holding.then(() => hold(message, page));
    else if (message.type === "start") void holding.then(() => start(message, page, port));
    else if (message.type === "end") end(message.id);
    else if (message.type === "beat") page.postMessage({ beats: true });
  };
  page.postMessage({ open: true });
}, { once: true });
