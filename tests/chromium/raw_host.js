// The page's side of a raw worker: a function that takes a job and gives its answer, both as JSON texts.

import { openEngine } from "/t/host.js";

/** A raw worker in the engine's frame. */
export async function isolatedRaw() {
  const { engine } = await openEngine({ without: ["snapshot"] });
  const worker = await engine.take();
  return asking((text) => worker.send(JSON.parse(text)), (told) => (worker.onMessage = told));
}

/** The same script as a worker of the page's own origin, started with the same parts. */
export async function plainRaw() {
  const { files } = await (await fetch("/assets/assets.json")).json();
  const bytes = async (name) => (await fetch(`/assets/${files[name].path}`)).arrayBuffer();
  const moduleUrl = async (name) =>
    `data:text/javascript;charset=utf-8,${encodeURIComponent(new TextDecoder().decode(await bytes(name)))}`;
  const worker = new Worker("/t/raw_worker.js", { type: "module" });
  const { port1, port2 } = new MessageChannel();
  const start = {
    suspends: true,
    restores: false,
    makes: false,
    memoryBytes: 2 ** 29,
    hashSeed: "7",
  };
  const ready = new Promise((resolve) => (port1.onmessage = ({ data }) => data.started && resolve()));
  worker.postMessage(start, [port2]);
  worker.postMessage({ modules: { loader: await moduleUrl("pyodide.mjs"), python: await moduleUrl("pyodide.asm.mjs") } });
  worker.postMessage({ wasm: await WebAssembly.compile(await bytes("pyodide.asm.wasm")) });
  worker.postMessage({ memory: await bytes("library.zip") });
  await ready;
  return asking((text) => port1.postMessage(text), (told) => (port1.onmessage = ({ data }) => told(data)));
}

function asking(send, listen) {
  let answered = () => {};
  listen((text) => JSON.parse(text).type === "answer" && answered(text));
  return (job) =>
    new Promise((resolve) => {
      answered = resolve;
      send(job);
    });
}
