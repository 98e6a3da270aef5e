/**
 * Calls to io.Connect through the page's own `io` (or `glue`) object: interop, streams, intents, shared contexts, channels.
 *
 * Answers are made plain as the desktop's gateway transport makes them: `{_value: x}` is x, dates are ISO 8601 texts. What
 * an app answers with `false`, 0, "" or null has become `{}` before it leaves the app; nobody can tell them apart.
 */

import { clearAlarm, setAlarm } from "./alarms.js";
import { AppError, ArgumentError, CallError } from "./errors.js";
import { appError } from "./transport.js";
import { hasSeveralAnswers } from "./admission.js";
import { appLeft, isForAPerson, noAnswer, notOffered, notSupported, signatureChanged, targetNotThere } from "./unavailable.js";

/** @typedef {import("./admission.js").Route} Route */
/** @typedef {import("./transport.js").CallContext} CallContext */
/** @typedef {import("./transport.js").Adapter} Adapter */

const LOOK_AGAIN_MS = 50;
const HIDDEN = "___"; // contexts of windows, instances and channels: the platform's own

/** The adapter of an io.Connect client: @interopio/browser, @interopio/desktop or their predecessors. @param {any} io @returns {Adapter} */
export function ofIo(io) {
  return async (route, args, context) => {
    switch (/** @type {string} */ (route.kind)) {
      case "method":
        return invoked(io, route, args, context);
      case "stream":
        return taken(io, route, args, context);
      case "context":
        return ofContexts(io, route, args);
      default:
        return raised(io, route, args, context);
    }
  };
}

/** @param {any} io @param {Route} route @param {any} args @param {CallContext} context */
async function invoked(io, route, args, { timeoutS }) {
  const method = await awaited(io, route, false);
  const target = targetOf(route, method);
  const options = { methodResponseTimeoutMs: timeoutS * 1000, waitTimeoutMs: timeoutS * 1000 };
  try {
    const result = await io.interop.invoke(method, args, target, options);
    return hasSeveralAnswers(route) ? answersOf(route, result) : unwrapped(result.returned);
  } catch (error) {
    throw failure(route, error, timeoutS);
  }
}

/** The method, waited for as long as the call says where no app offers it yet. @param {any} io @param {Route} route @param {boolean} isStream */
async function awaited(io, route, isStream) {
  const until = performance.now() + (route.waitForS ?? 0) * 1000;
  for (;;) {
    try {
      return offered(io, route, isStream);
    } catch (error) {
      if (performance.now() >= until) throw error;
      await new Promise((go) => setAlarm(() => go(undefined), LOOK_AGAIN_MS));
    }
  }
}

/** Which servers are called: what the platform knows by that word, or those that are named. @param {Route} route @param {any} method @returns {any} */
function targetOf({ target = "best", ...route }, method) {
  if (target === "best" || target === "all" || target === "skipMine") return target;
  const servers = method.getServers();
  const named = [target].flat().map((name) => {
    const found = servers.find((/** @type {any} */ one) => one.instance === name) ?? servers.find((/** @type {any} */ one) => isApp(one, name));
    const offering = servers.map((/** @type {any} */ one) => one.applicationName ?? one.application ?? one.instance);
    if (found === undefined) throw targetNotThere(route, name, [...new Set(/** @type {string[]} */ (offering))]);
    return found;
  });
  return Array.isArray(target) ? named : named[0];
}

/** @param {any} server @param {string} name */
function isApp(server, name) {
  return [server.applicationName, server.application].some((one) => one?.toLowerCase() === name.toLowerCase());
}

/** What several apps answered, by the names that were given, or by their instances. @param {Route} route @param {any} result */
function answersOf({ target }, { all_return_values: values = [], all_errors: errors = [] }) {
  /** @param {any} server */
  const nameOf = (server) => {
    const names = Array.isArray(target) ? target : [];
    return names.find((name) => server?.instance === name || isApp(server ?? {}, name)) ?? server?.instance ?? server?.application ?? "app";
  };
  const answered = values.map((/** @type {any} */ one) => ({ target: nameOf(one.executed_by), value: unwrapped(one.returned) ?? null }));
  return [...answered, ...errors.map((/** @type {any} */ one) => ({ target: nameOf(one.executed_by), error: String(one.message ?? one.error ?? one.name) }))];
}

/** The method as a running app registers it; of two with one name, the one with the signature of the definitions. @param {any} io @param {Route} route @param {boolean} isStream */
function offered(io, route, isStream) {
  const named = io.interop.methods({ name: route.name }).filter((/** @type {any} */ one) => one.name === route.name);
  if (named.length === 0) throw notOffered(route);
  const fitting = named.filter((/** @type {any} */ one) => hasSignature(one, route) && Boolean(one.supportsStreaming) === isStream);
  if (fitting.length === 0) throw signatureChanged(route);
  return fitting[0];
}

/** @param {any} method @param {Route} route */
function hasSignature(method, { accepts, returns }) {
  return (accepts === undefined || (method.accepts ?? "") === accepts) && (returns === undefined || (method.returns ?? "") === returns);
}

/** The events of a stream: as many as asked for, or what has come when the time is over. @param {any} io @param {Route} route @param {any} args @param {CallContext} context @returns {Promise<any[]>} */
async function taken(io, route, args, { timeoutS }) {
  const method = await awaited(io, route, true);
  const { take = 10, takeForS = 5 } = route;
  let subscription;
  try {
    const target = targetOf(route, method);
    subscription = await io.interop.subscribe(method, { arguments: args, target, waitTimeoutMs: timeoutS * 1000 });
  } catch (error) {
    throw failure(route, error, timeoutS);
  }
  /** @type {any[]} */
  const events = [];
  await new Promise((done) => {
    const alarm = setAlarm(() => done(undefined), takeForS * 1000);
    const end = () => {
      clearAlarm(alarm);
      done(undefined);
    };
    subscription.onData(({ data }) => {
      if (events.length < take) events.push(unwrapped(data));
      if (events.length >= take) end();
    });
    subscription.onClosed?.(end);
  });
  subscription.close();
  return events;
}

/** Raises an intent at an app that runs: an app is never started by it. @param {any} io @param {Route} route @param {any} args @param {CallContext} context */
async function raised(io, route, args, { timeoutS }) {
  const isFdc3 = route.kind === "fdc3_intent";
  if (isFdc3 && typeof args.type !== "string") throw new ArgumentError('An FDC3 context needs its type, such as "fdc3.contact". Nothing was sent.');
  const context = isFdc3 ? { type: args.type, data: args } : args;
  const handler = await handlerOf(io, route, context.type);
  try {
    const { result } = await io.intents.raise({ intent: route.name, context, target: { instance: handler.instanceId }, timeout: timeoutS * 1000 });
    return isFdc3 ? fdc3Result(unwrapped(result)) : unwrapped(result);
  } catch (error) {
    throw error instanceof CallError ? error : failure(route, error, timeoutS);
  }
}

/** @param {any} io @param {Route} route @param {unknown} contextType */
async function handlerOf(io, route, contextType) {
  const found = await io.intents.find(route.name);
  const handlers = found.filter((/** @type {any} */ one) => one.name === route.name).flatMap((/** @type {any} */ one) => one.handlers ?? []);
  if (hasSeveralAnswers(route)) throw notSupported(route, "an intent has one target");
  const all = handlers.filter((/** @type {any} */ one) => one.type === "instance" && one.instanceId);
  const wanted = route.target === undefined || route.target === "best" ? null : String(route.target);
  const declared = [...new Set(/** @type {string[]} */ (handlers.map((/** @type {any} */ one) => one.applicationName).filter((/** @type {unknown} */ one) => typeof one === "string")))];
  if (all.length === 0) throw wanted === null && declared.length > 1 ? isForAPerson(route, declared) : notOffered(route);
  const running = wanted === null ? all : all.filter((/** @type {any} */ one) => one.instanceId === wanted || isApp({ application: one.applicationName }, wanted));
  if (running.length === 0) throw targetNotThere(route, String(wanted), all.map((/** @type {any} */ one) => one.applicationName ?? one.instanceId));
  const fitting = running.filter((/** @type {any} */ one) => (one.contextTypes ?? []).includes(contextType));
  return fitting[0] ?? running[0];
}

/** The context inside an FDC3 handler's result; a result that is no context as it is. @param {any} result */
function fdc3Result(result) {
  const context = result?.fdc3intentContext;
  if (context !== null && typeof context === "object" && "payload" in context) return context.payload;
  if (result?.fdc3error === undefined) return result;
  const { message, reason } = Object(result.fdc3error);
  throw appError([message ?? result.fdc3error, reason].filter((part) => typeof part === "string").join(": "));
}

/** @param {any} io @param {Route} route @param {any} args */
async function ofContexts(io, route, { name, data }) {
  const needsName = !route.name.endsWith(".list");
  if (needsName && (typeof name !== "string" || name === "")) {
    throw new ArgumentError("The name of a shared context or a channel is a text that is not empty.");
  }
  if (["contexts.set", "contexts.update", "channels.publish"].includes(route.name) && (data === null || typeof data !== "object" || Array.isArray(data))) {
    throw new ArgumentError("The data of a shared context is an object.");
  }
  switch (route.name) {
    case "contexts.list":
      return known(io);
    case "contexts.get":
      if (!known(io).includes(name)) throw missing("shared context", name, known(io));
      return io.contexts.get(name);
    case "contexts.set":
    case "contexts.update":
      if (name.startsWith(HIDDEN)) throw new ArgumentError(`"${name.slice(0, 80)}" is a context of the platform; a channel has its own functions.`);
      await (route.name === "contexts.set" ? io.contexts.set(name, data) : io.contexts.update(name, data));
      return null;
    default:
      return ofChannels(io, route, name, data);
  }
}

/** @param {any} io @param {Route} route @param {string} name @param {any} data */
async function ofChannels(io, route, name, data) {
  if (!route.name.startsWith("channels.")) throw notSupported(route, "a page's client has shared contexts and channels only");
  if (!io.channels) throw notSupported(route, "this page's client has no channels");
  const channels = [...(await io.channels.all())].sort();
  if (route.name === "channels.list") return channels;
  if (!channels.includes(name)) throw missing("channel", name, channels);
  if (route.name === "channels.get") return io.channels.get(name);
  if (route.name !== "channels.publish") throw new ArgumentError(`There is no operation '${route.name.slice(0, 80)}' on shared contexts.`);
  await io.channels.publish(data, name);
  return null;
}

/** @param {any} io @returns {string[]} */
function known(io) {
  return io.contexts.all().filter((/** @type {string} */ one) => !one.startsWith(HIDDEN)).sort();
}

/** @param {string} kind @param {string} name @param {string[]} names */
function missing(kind, name, names) {
  return new AppError(`There is no ${kind} "${name.slice(0, 80)}"; there is: ${names.slice(0, 10).join(", ") || "none"}.`);
}

/** @param {any} value */
function unwrapped(value) {
  const isWrapped = value !== null && typeof value === "object" && "_value" in value && Object.keys(value).length === 1;
  return isWrapped ? value._value : value;
}

/** @param {Route} route @param {any} error @param {number} timeoutS */
function failure(route, error, timeoutS) {
  const text = String(error?.message ?? error ?? "");
  if (/\btime(?:d ?)?-?out\b/i.test(text) && /invocation|response|wait|intent|raise/i.test(text)) return noAnswer(route, timeoutS);
  if (/peer has left|server .*removed|has left/i.test(text)) return appLeft(route, error?.executed_by?.application ?? null);
  if (/can(?:'|no)t find (?:a )?method|no available servers|could not find a server/i.test(text)) return notOffered(route);
  return appError(error);
}
