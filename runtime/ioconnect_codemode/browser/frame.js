// @ts-check
// The script of frame.html: the document around the workers, of an opaque origin and with a policy that lets nothing
// out, which its workers inherit. It takes bytes from the page, compiles once, starts and ends workers. It never reads
// what a worker says: each worker has a port of its own to the page.

/** URL of what a worker begins with. */
let workerUrl = "";
/** @type {Record<string, PromiseWithResolvers<any>>} What workers go on with; one can begin before that is here. */
const parts = { modules: Promise.withResolvers(), wasm: Promise.withResolvers(), library: Promise.withResolvers(), snapshot: Promise.withResolvers() };
/** Settled when what was given last is held. */
let holding = Promise.resolve();
/** @type {Map<number, Worker>} */
const workers = new Map();

/**
 * Give a module as a URL. Only what must be is escaped: to escape all that may be takes several times as long.
 * @param {string} text
 * @param {string} name Shown in stack traces in place of the whole URL.
 */
const moduleUrl = (text, name) =>
  `data:text/javascript;charset=utf-8,${`${text}\n//# sourceURL=codemode/${name}`.replace(/[^ -"$&-~]+/g, encodeURIComponent)}`;

/** Take Pyodide's own modules. @param {any} message */
function take({ loader, python }) {
  parts.modules.resolve({ loader: moduleUrl(loader, "pyodide.mjs"), python: moduleUrl(parsedOnce(python), "pyodide.asm.mjs") });
}

/**
 * Give the text of pyodide.asm.mjs, which is one large function, in brackets: a browser then makes it ready to run as it
 * reads it, and does not read it a second time when it is called.
 * @param {string} text
 */
function parsedOnce(text) {
  const found = /^async function (\w+)\((.*)(export default \1;\s*)$/s.exec(text);
  return found ? `const ${found[1]} = (async function (${found[2]}); ${found[3]}` : text;
}

/** Hold what the page gives; null for what is there no more. @param {any} message @param {MessagePort} page */
async function hold({ type, ...given }, page) {
  try {
    for (const [name, bytes] of Object.entries(given)) {
      const part = name === "wasm" ? await WebAssembly.compile(bytes) : bytes;
      if (part !== null) parts[name].resolve(part); // of whoever waits for it
      parts[name] = Promise.withResolvers();
      if (part !== null) parts[name].resolve(part);
    }
    page.postMessage({ held: true });
  } catch (error) {
    page.postMessage({ held: false, reason: String(error) });
  }
}

/** @param {any} message @param {MessagePort} page @param {MessagePort} port */
function begin({ type, id, ...options }, page, port) {
  const worker = new Worker(workerUrl, { type: "module" });
  workers.set(id, worker);
  worker.onerror = (event) => {
    event.preventDefault();
    page.postMessage({ crashed: id, reason: String(event.message ?? "the worker could not be loaded") });
  };
  worker.postMessage(options, [port]);
  void parts.modules.promise.then((modules) => worker.postMessage({ modules }));
  void parts.wasm.promise.then((wasm) => worker.postMessage({ wasm }));
  void memoryFor(options).then(
    (memory) => worker.postMessage({ memory }, [memory]),
    (error) => page.postMessage({ crashed: id, reason: String(error) }),
  );
}

/** Read what a worker's memory is made of, for this worker alone. @param {any} options @returns {Promise<ArrayBuffer>} */
async function memoryFor({ restores }) {
  return (await parts[restores ? "snapshot" : "library"].promise).arrayBuffer();
}

/** @param {number} id */
function end(id) {
  workers.get(id)?.terminate();
  workers.delete(id);
}

addEventListener("message", ({ source, data, ports: [page] }) => {
  if (source !== parent || data !== "codemode") return;
  page.onmessage = ({ data: message, ports: [port] }) => {
    if (message.type === "worker") workerUrl = moduleUrl(message.text, "worker.js");
    else if (message.type === "modules") take(message);
    else if (message.type === "hold") holding = holding.then(() => hold(message, page));
    else if (message.type === "begin") begin(message, page, port);
    else if (message.type === "end") end(message.id);
    else if (message.type === "beat") page.postMessage({ beats: true });
  };
  page.postMessage({ open: true });
}, { once: true });
