/**
 * From a call to an app and back: any function of the page's own, held to JSON and to a time.
 *
 * An adapter gives `(route, args) => answer` and throws what `errors.js` has; everything else that it throws is the app's
 * own error.
 */

import { hasSeveralAnswers } from "./admission.js";
import { clearAlarm, restAlarm, setAlarm, wakeAlarm } from "./alarms.js";
import { AppError, CallError } from "./errors.js";
import { noAnswer } from "./unavailable.js";
import { plain, put } from "./values.js";

/** @typedef {import("./admission.js").Route} Route */
/** @typedef {{route: Route, timeoutS: number, signal: AbortSignal}} CallContext */
/** @typedef {(route: Route, args: Record<string, any>, context: CallContext) => Promise<any>} Adapter */

/**
 * @typedef {object} InvokeCall What a page's own function is told besides name and arguments.
 * @property {Route["kind"]} kind
 * @property {string[]} apps The apps that declare it.
 * @property {number} timeoutS After this the answer counts as missing.
 * @property {AbortSignal} signal Aborted when the time, or the run, is over.
 * @property {string} [target] Which of several apps, by its name or instance; asked once for each that is named.
 * @property {number} [take] Of a stream: how many events are the answer.
 * @property {number} [takeForS] Of a stream: after how many seconds the answer is what has come.
 */
/** @typedef {(name: string, args: Record<string, any>, call: InvokeCall) => any} Invoke */

const DATE = /^#T42_DATE#(-?\d{1,16})$/;
const ERROR_CHARACTERS = 2_000;
const MOST_ITEMS = 10_000_000; // a list may say that it has four thousand million and hold none

/** Carries calls by an adapter. @param {Adapter} adapter */
export function carrier(adapter) {
  const deadlines = new Deadlines();
  /** @param {Route} route @param {Record<string, any>} args @param {{timeoutS: number, signal: AbortSignal}} options */
  return async (route, args, { timeoutS, signal }) => {
    const end = new CallEnd();
    let fail = (/** @type {Error} */ _) => {};
    const late = new Promise((_, reject) => {
      fail = reject;
    });
    const deadline = deadlines.add(timeoutS, () => fail(noAnswer(route, timeoutS)));
    const giveUp = () => fail(new AppError("the run is over"));
    signal.addEventListener("abort", giveUp);
    try {
      const answer = await Promise.race([adapter(route, args, { route, timeoutS, get signal() { return end.signal; } }), late]);
      return jsonCopy(answer);
    } catch (error) {
      throw isCallError(error) ? error : appError(error);
    } finally {
      deadlines.drop(deadline);
      signal.removeEventListener("abort", giveUp);
      end.come();
    }
  };
}

/** The end of a call; few apps ask for its signal, which takes longer to make than the rest of a call. */
class CallEnd {
  /** @type {AbortController | null} */
  #controller = null;
  #hasCome = false;

  get signal() {
    this.#controller ??= new AbortController();
    if (this.#hasCome) this.#controller.abort();
    return this.#controller.signal;
  }

  come() {
    this.#hasCome = true;
    this.#controller?.abort();
  }
}

/** Moments after which answers count as missing, with one alarm: to set and clear one for each call takes long. */
class Deadlines {
  /** @type {Set<{at: number, act: () => void}>} */
  #open = new Set();
  /** @type {number | null} */
  #alarm = null;
  #alarmAt = Infinity;

  /** @param {number} seconds @param {() => void} act */
  add(seconds, act) {
    const deadline = { at: performance.now() + seconds * 1000, act };
    this.#open.add(deadline);
    if (deadline.at < this.#alarmAt) this.#set(deadline.at);
    else if (this.#open.size === 1) wakeAlarm(this.#alarm);
    return deadline;
  }

  /** @param {{at: number, act: () => void}} deadline */
  drop(deadline) {
    this.#open.delete(deadline);
    if (this.#open.size === 0) restAlarm(this.#alarm);
  }

  /** @param {number} at */
  #set(at) {
    clearAlarm(this.#alarm);
    this.#alarmAt = at;
    this.#alarm = setAlarm(() => this.#look(), Math.max(0, Math.ceil(at - performance.now())));
  }

  #look() {
    this.#alarm = null;
    this.#alarmAt = Infinity;
    const now = performance.now();
    let next = Infinity;
    for (const deadline of [...this.#open]) {
      if (deadline.at > now) next = Math.min(next, deadline.at);
      else {
        this.#open.delete(deadline);
        deadline.act();
      }
    }
    if (next < Infinity) this.#set(next);
  }
}

/** The adapter of a page's own function: `invoke(name, args, call)`; an intent's name is `intent:<Name>`. @param {Invoke} invoke @returns {Adapter} */
export function ofInvoke(invoke) {
  const one = once(invoke);
  return async (route, args, context) => {
    if (!hasSeveralAnswers(route)) return one(route, args, context);
    // It is asked once for each app that is named; where all are meant, it answers for them as one.
    const names = Array.isArray(route.target) ? route.target : ["page"];
    const answers = names.map(async (name) => ({ target: name, value: (await one({ ...route, target: name }, args, context)) ?? null }));
    return Promise.all(answers);
  };
}

/** @param {Invoke} invoke @returns {Adapter} */
function once(invoke) {
  return async (route, args, context) => {
    const name = route.kind === "method" || route.kind === "stream" ? route.name : `${route.kind === "context" ? "context" : "intent"}:${route.name}`;
    const { kind, apps, take, takeForS, target } = route;
    const further = { ...(take === undefined ? {} : { take, takeForS }), ...(target === undefined ? {} : { target: String(target) }) };
    const call = { kind, apps, timeoutS: context.timeoutS, get signal() { return context.signal; }, ...further };
    const answer = await invoke(name, plain(args), call);
    if (kind !== "stream") return answer;
    if (!Array.isArray(answer)) throw new AppError("the function of a stream gives a list of its events");
    return answer.slice(0, take);
  };
}

/** Whether what was thrown says itself what kind of end it is. What an app throws may fail when it is looked at. @param {unknown} error */
function isCallError(error) {
  try {
    return error instanceof CallError;
  } catch {
    return false;
  }
}

/** An app's error with its own text, bounded. @param {unknown} error */
export function appError(error) {
  let said = null;
  try {
    said = typeof error === "string" ? error : /** @type {any} */ (error)?.message;
  } catch {
    // What an app throws may fail itself when it is looked at.
  }
  if (typeof said !== "string" || said.trim() === "") return new AppError("The app failed and gave no reason.");
  return new AppError(said.length > ERROR_CHARACTERS ? `${said.slice(0, ERROR_CHARACTERS - 1)}…` : said);
}

/**
 * A copy of a value as plain JSON: dates are ISO 8601 texts in UTC, `undefined` is null in a list and left out of an object.
 *
 * @param {any} value
 * @throws {AppError} Some part has no JSON form; the message names its path and type.
 */
export function jsonCopy(value) {
  try {
    return copied(value === undefined ? null : value, "$", []);
  } catch (error) {
    if (error instanceof RangeError) throw new AppError("the answer is no JSON value: it is nested too deep");
    throw error;
  }
}

/** @param {any} value @param {string} path @param {any[]} outer @returns {any} */
function copied(value, path, outer) {
  switch (typeof value) {
    case "string":
      return value.startsWith("#T42_DATE#") ? dateText(value) : value;
    case "boolean":
      return value;
    case "number":
      if (Number.isFinite(value)) return Object.is(value, -0) ? 0 : value;
      throw new AppError(`the answer is no JSON value: ${path} is ${value}`);
    case "object":
      break;
    default:
      throw new AppError(`the answer is no JSON value: ${path} is a ${typeof value}`);
  }
  if (value === null) return null;
  if (value instanceof Date) return isoText(value, path);
  if (outer.includes(value)) throw new AppError(`the answer is no JSON value: ${path} contains itself`);
  outer.push(value);
  const made = Array.isArray(value) ? copiedList(value, path, outer) : copiedObject(value, path, outer);
  outer.pop();
  return made;
}

/** A list of our own, whatever methods the other one has. @param {any[]} value @param {string} path @param {any[]} outer */
function copiedList(value, path, outer) {
  const { length } = value;
  if (length > MOST_ITEMS) throw new AppError(`the answer is no JSON value: ${path} has ${length} items`);
  const made = [];
  for (let at = 0; at < length; at += 1) {
    const item = value[at];
    made.push(item === undefined ? null : copied(item, `${path}[${at}]`, outer));
  }
  return made;
}

/** @param {any} value @param {string} path @param {any[]} outer */
function copiedObject(value, path, outer) {
  const form = Object.getPrototypeOf(value);
  const isPlain = form === null || form === Object.prototype || Object.getPrototypeOf(form) === null; // of any realm
  if (!isPlain && (value instanceof Map || value instanceof Set || ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof Promise)) {
    throw new AppError(`the answer is no JSON value: ${path} is a ${form.constructor.name}`);
  }
  const made = {};
  for (const key of Object.keys(value)) {
    const item = value[key];
    if (item !== undefined) put(made, key, copied(item, `${path}.${key}`, outer));
  }
  return made;
}

/** @param {string} text */
function dateText(text) {
  const found = DATE.exec(text);
  const moment = found === null ? null : new Date(Number(found[1]));
  return moment === null || Number.isNaN(moment.getTime()) ? text : isoText(moment, "$");
}

/** @param {Date} moment @param {string} path */
function isoText(moment, path) {
  if (Number.isNaN(moment.getTime())) throw new AppError(`the answer is no JSON value: ${path} is an invalid date`);
  return moment.toISOString().replace(".000Z", "Z");
}
