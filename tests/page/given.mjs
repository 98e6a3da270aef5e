// What the page's own tests stand on: a package, a worker that says what a test has it say, and a validator in a thread.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

export const { BROWSER, SCHEMAS, VALIDATOR, PACKAGE, WEALTH_DESK } = process.env;
export const at = (name) => import(pathToFileURL(`${BROWSER}/${name}`).href);

const { useMessages } = await at("messages.js");
useMessages(JSON.parse(readFileSync(`${SCHEMAS}/messages.json`, "utf8")));
const { Audit } = await at("audit.js");
const { Session } = await at("session.js");
const { Manifest } = await at("manifest.js");
const { applied, readPolicy } = await at("policy.js");
const { limitsWith } = await at("limits.js");
const { carrier, ofInvoke } = await at("transport.js");
const { Validation } = await at("validation.js");

export const READY = { type: "ready", protocol: 1, python: "3.14.2", layers: {} };

/** A message that ends a run with a value. */
export const done = (value, further = {}) => ({ type: "done", value, has_value: true, printed: "", printed_is_cut: false, ...further });

/** A message that asks for calls; ids count from `first`. */
export const calls = (first, ...asked) => ({
  type: "call",
  calls: asked.map(([name, args], place) => ({ id: first + place, name, arguments: args })),
});

/** A worker that says what its script says: a list of messages, or of functions from what it was sent to a message. */
export class FakeWorker {
  constructor(script) {
    this.script = [...script];
    this.sent = [];
    this.isKilled = false;
    this.onEnd = null;
    this.told = null;
  }

  set onMessage(told) {
    this.told = told;
    if (told) queueMicrotask(() => this.say(READY));
  }

  get onMessage() {
    return this.told;
  }

  send(message) {
    this.sent.push(structuredClone(message));
    queueMicrotask(() => this.go());
    return 1;
  }

  /** Goes on with its script: a step waits until it has something to say. */
  go() {
    while (this.script.length > 0 && !this.isKilled) {
      const [step] = this.script;
      const message = typeof step === "function" ? step(this) : step;
      if (message === undefined) return;
      this.script.shift();
      if (message !== null) this.say(message);
    }
  }

  say(message) {
    this.told?.(typeof message === "string" ? message : JSON.stringify(message));
  }

  kill() {
    this.isKilled = true;
    this.told = null;
    this.onEnd = null;
  }

  /** All replies that it has got. */
  get replies() {
    return this.sent.filter((one) => one.type === "reply").flatMap((one) => one.replies);
  }
}

/** A step that waits for so many replies, then says something. */
export const after = (count, message) => (worker) => (worker.replies.length >= count ? (typeof message === "function" ? message(worker) : message) : undefined);

/** A session over workers with these scripts, in turn. */
export function sessionOf({ scripts, invoke = () => null, policy = {}, limits = {}, onApproval = null, onCall, spoilt = () => {}, audit = null, folder = PACKAGE, carry = carrier(ofInvoke(invoke)) } = {}) {
  const read = readPolicy(policy);
  const enforced = { ...read, limits: limitsWith(read.limits, limits) };
  const files = async (path) => spoilt(path) ?? readFileSync(`${folder}/${path}`, "utf8");
  const manifest = applied(enforced, Manifest.of(JSON.parse(readFileSync(`${folder}/manifest.json`, "utf8")), files));
  const workers = [];
  const lessons = [];
  const waiting = [...scripts];
  const engine = {
    async take() {
      const script = waiting.shift();
      if (script instanceof Error) throw script;
      const worker = new FakeWorker(script);
      workers.push(worker);
      return worker;
    },
    teach: (lesson) => void lessons.push(lesson),
  };
  const validation = validationOf();
  const audited = audit === null ? null : new Audit({ rules: enforced.audit, manifest, ...audit });
  const session = new Session({ manifest, policy: enforced, validation, engine, carry, onApproval, onCall, audit: audited });
  return { session, workers, validation, lessons };
}

/** The validator in a thread of Node, which has the page's service. */
export function validationOf(options = {}) {
  const started = { count: 0 };
  const validation = new Validation(() => {
    started.count += 1;
    return threadWorker();
  }, options);
  validation.started = started;
  return validation;
}

const SOURCE = `
  import { parentPort, workerData } from "node:worker_threads";
  const { serve } = await import(workerData.service);
  const library = await import(workerData.validator);
  const port = { postMessage: (message) => parentPort.postMessage(message), onmessage: null };
  parentPort.on("message", (data) => port.onmessage({ data }));
  serve(port, library);
`;

function threadWorker() {
  const url = new URL(`data:text/javascript,${encodeURIComponent(SOURCE)}`);
  const workerData = { service: pathToFileURL(`${BROWSER}/schema_service.js`).href, validator: pathToFileURL(VALIDATOR).href };
  const thread = new Worker(url, { workerData });
  const made = { onmessage: null, onerror: null, postMessage: (message) => thread.postMessage(message), terminate: () => void thread.terminate() };
  thread.on("message", (data) => made.onmessage?.({ data }));
  thread.on("error", (error) => made.onerror?.(error));
  return made;
}
