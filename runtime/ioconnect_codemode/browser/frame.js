// @ts-check
// The script of frame.html: the document around the workers, of an opaque origin and with a policy that lets nothing
// out, which its workers inherit. It takes bytes from the page, compiles once, starts and ends workers. It never reads
// what a worker says: each worker has a port of its own to the page.

/** @type {any} What every worker gets. */
let shared = null;
/** @type {Map<number, Worker>} */
const workers = new Map();

/** @param {string} text @param {string} name Shown in stack traces in place of the whole URL. */
const moduleUrl = (text, name) =>
  `data:text/javascript;charset=utf-8,${encodeURIComponent(`${text}\n//# sourceURL=codemode/${name}`)}`;

/** @param {any} message @param {MessagePort} page */
async function hold({ texts, wasm, library, archives, snapshot }, page) {
  try {
    shared = {
      ...shared,
      loader: shared?.loader ?? moduleUrl(texts.loader, "pyodide.mjs"),
      python: shared?.python ?? moduleUrl(texts.python, "pyodide.asm.mjs"),
      worker: shared?.worker ?? moduleUrl(texts.worker, "worker.js"),
      wasm: shared?.wasm ?? (await WebAssembly.compile(wasm)),
      library: library ?? shared?.library ?? new ArrayBuffer(0),
      archives: archives ?? shared?.archives ?? [],
      snapshot: snapshot ?? null,
    };
    page.postMessage({ held: true });
  } catch (error) {
    page.postMessage({ held: false, reason: String(error) });
  }
}

/** @param {any} message @param {MessagePort} page @param {MessagePort} port */
function start({ id, makes, suspends, memoryBytes, hashSeed }, page, port) {
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

addEventListener("message", ({ source, data, ports: [page] }) => {
  if (source !== parent || data !== "codemode") return;
  page.onmessage = ({ data: message, ports: [port] }) => {
    if (message.type === "hold") hold(message, page);
    else if (message.type === "start") start(message, page, port);
    else if (message.type === "end") {
      workers.get(message.id)?.terminate();
      workers.delete(message.id);
    }
  };
  page.postMessage({ open: true });
}, { once: true });
