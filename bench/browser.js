// What bench/browser.py measures in the page. Times are those of the page's clock, in milliseconds.

const root = (await (await fetch("/bench.json")).json()).modules;
const { createEngine } = await import(`${root}engine.js`);
const { createCodeMode } = await import("/codemode.js");
const MEMORY_BYTES = 512 * 1024 * 1024;
const LIMITS = { printed_characters: 4000, memory_bytes: MEMORY_BYTES, frame_bytes: 8 * 1024 * 1024 };
const ASSETS = { baseUrl: root, manifest: await (await fetch(`${root}assets.json`)).json() };

const engineOf = () => createEngine({ assets: ASSETS, limits: { memoryBytes: MEMORY_BYTES } });

/** From the page's wish to a worker that has said `ready`. */
export async function start() {
  const begun = performance.now();
  const engine = await engineOf();
  await engine.take();
  const took = performance.now() - begun;
  const { snapshot } = engine.layers;
  engine.dispose();
  return { took, snapshot };
}

/** A first visit that lasts: its snapshot is kept while the page is used. */
export async function visit() {
  const engine = await engineOf();
  await engine.take();
  await new Promise((resolve) => setTimeout(resolve, 3000));
  engine.dispose();
}

/** What the next worker takes while the page stays: it begins when the one before it is ended, and no other one beside it. */
export async function further(count) {
  const engine = await engineOf();
  (await engine.take()).kill();
  const times = [];
  for (let round = 0; round < count; round++) {
    const begun = performance.now();
    (await engine.take()).kill();
    times.push(performance.now() - begun);
  }
  engine.dispose();
  return times;
}

const run = (worker, code) =>
  new Promise((resolve) => {
    const begun = performance.now();
    worker.onEnd = () => {};
    worker.onMessage = (text) => {
      const message = JSON.parse(text);
      if (message.type === "need") worker.send({ type: "stubs" });
      if (message.type === "done" || message.type === "failed") resolve({ took: performance.now() - begun, message });
    };
    worker.send({ type: "run", code, inputs: {}, limits: LIMITS, started_ns: 1, seed: 7 });
  });

/** A run in a worker that waits: from the message to the result. */
export async function warmRuns(count) {
  const engine = await engineOf();
  const times = [];
  for (let round = 0; round < count; round++) times.push((await run(await spare(engine), "1 + 1")).took);
  engine.dispose();
  return times;
}

/** Wait until the start of a spare is over, and what it goes through before it is taken. */
const rest = () => new Promise((resolve) => setTimeout(resolve, 1200));

/** Give a worker that has rested, while no other one starts. */
async function spare(engine) {
  await rest();
  const worker = await engine.take();
  await rest();
  return worker;
}

/** Control after the deadline, and the next run. */
export async function kills(count) {
  const engine = await engineOf();
  const found = [];
  for (let round = 0; round < count; round++) {
    const worker = await engine.take();
    worker.onMessage = worker.onEnd = () => {};
    worker.send({ type: "run", code: "while True: pass", inputs: {}, limits: LIMITS });
    const deadline = performance.now() + 1000;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    worker.kill();
    const back = performance.now() - deadline;
    await run(await engine.take(), "1 + 1");
    found.push({ back, next: performance.now() - deadline - back });
  }
  engine.dispose();
  return found;
}

/** Milliseconds that a message takes to whoever answers at a port, and back. */
async function trips(port, count) {
  const times = [];
  for (let round = 0; round < count; round++) {
    const begun = performance.now();
    for (let trip = 0; trip < 200; trip++) {
      await new Promise((resolve) => {
        port.onmessage = resolve;
        port.postMessage("x".repeat(200));
      });
    }
    times.push((performance.now() - begun) / 200);
  }
  return times;
}

/** To an ordinary worker of the page. */
export async function roundTrips(count) {
  const worker = new Worker("/echo.js");
  const times = await trips(worker, count);
  worker.terminate();
  return times;
}

const ECHO = "onmessage = ({ ports: [port] }) => { port.onmessage = ({ data }) => port.postMessage(data); };";
const AROUND_ECHO = `<script>
  addEventListener("message", ({ ports: [port] }) => {
    const worker = new Worker("data:text/javascript,${encodeURIComponent(ECHO)}");
    worker.postMessage(0, [port]);
  });
</script>`;

/** To a worker in a frame of an opaque origin, where ours are: the least that a call can take on this machine now. */
export async function framedTrips(count) {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.srcdoc = AROUND_ECHO;
  document.body.append(frame);
  await new Promise((resolve) => (frame.onload = resolve));
  const { port1, port2 } = new MessageChannel();
  frame.contentWindow.postMessage(0, "*", [port2]);
  const times = await trips(port1, count);
  frame.remove();
  return times;
}

/** Processor time of a snippet, as its worker measured it. */
export async function cpu(code, count) {
  const engine = await engineOf();
  const times = [];
  for (let round = 0; round < count; round++) {
    const { message } = await run(await engine.take(), code);
    times.push(message.timings.run_us / 1000);
  }
  engine.dispose();
  return times;
}

/** Give the outcomes' times of snippets over the desk: `records` clients, each checked in full. */
export async function desk(codes, records, count) {
  const client = { ...(await (await fetch("/bench.json")).json()).client };
  const items = Array.from({ length: records }, (_, place) => ({ ...client, id: `CL-${10000 + place}`, name: `Client ${place}` }));
  items[records - 7].name = "Amelia Reid";
  const answers = { "CRM.ListClients": { items, total: records, offset: 0 }, "CRM.GetClient": client };
  const codeMode = await createCodeMode({
    package: "/packages/wealth_desk/",
    invoke: async (name) => answers[name],
    limits: { calls: 100_000 },
    policy: { results: { check: "strict" } },
  });
  const found = {};
  for (let round = 0; round < count; round++) {
    for (const [name, code] of Object.entries(codes)) {
      await rest();
      const begun = performance.now();
      const outcome = await codeMode.execute(code);
      const took = performance.now() - begun;
      if (!outcome.ok) throw new Error(outcome.text());
      (found[name] ??= []).push({ took, value: outcome.value });
    }
  }
  codeMode.dispose();
  return found;
}
