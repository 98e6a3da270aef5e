/**
 * Calls through an FDC3 2.2 `DesktopAgent`: intents, and user channels. Interop methods of io.Connect are not there.
 *
 * The target is chosen here, among instances that run: an agent's own resolver may ask the user, or start an app.
 */

import { AppError, ArgumentError } from "./errors.js";
import { appError } from "./transport.js";
import { hasSeveralAnswers } from "./admission.js";
import { appLeft, isForAPerson, noAnswer, notOffered, notSupported, targetNotThere } from "./unavailable.js";

/** @typedef {import("./admission.js").Route} Route */
/** @typedef {import("./transport.js").CallContext} CallContext */
/** @typedef {import("./transport.js").Adapter} Adapter */

/** FDC3 2.2, "ResolveError" and "OpenError": nothing has reached an app. */
const NOT_THERE = new Set(["NoAppsFound", "TargetAppUnavailable", "TargetInstanceUnavailable", "ResolverUnavailable", "DesktopAgentNotFound"]);

/** The adapter of a desktop agent. @param {any} agent What `getAgent()` gives. @returns {Adapter} */
export function ofFdc3(agent) {
  return async (route, args, context) => {
    switch (/** @type {string} */ (route.kind)) {
      case "intent":
      case "fdc3_intent":
        return raised(agent, route, args, context);
      case "context":
        return ofChannels(agent, route, args);
      default:
        throw notSupported(route, "an FDC3 desktop agent has intents and channels only");
    }
  };
}

/** @param {any} agent @param {Route} route @param {any} args @param {CallContext} context */
async function raised(agent, route, args, { timeoutS }) {
  if (typeof args.type !== "string") throw new ArgumentError('An FDC3 context needs its type, such as "fdc3.contact". Nothing was sent.');
  const target = await targetOf(agent, route, args);
  let result;
  try {
    const resolution = await agent.raiseIntent(route.name, args, target);
    result = await resolution.getResult();
  } catch (error) {
    throw failure(route, error, timeoutS, target.appId);
  }
  if (typeof result?.broadcast === "function") throw new AppError("The app answered with a channel, which can't be given to a snippet.");
  return result ?? null;
}

/** The instance that is to get an intent: one that the agent names, else a running one of an app that handles it. @param {any} agent @param {Route} route @param {any} context */
async function targetOf(agent, route, context) {
  let apps;
  try {
    ({ apps } = await agent.findIntent(route.name, context));
  } catch (error) {
    throw failure(route, error, 0, null);
  }
  if (hasSeveralAnswers(route)) throw notSupported(route, "an FDC3 intent has one target");
  const wanted = route.target === undefined || route.target === "best" ? null : String(route.target);
  if (wanted !== null) apps = apps.filter((/** @type {any} */ one) => one.instanceId === wanted || one.appId === wanted);
  if (wanted !== null && apps.length === 0) throw targetNotThere(route, wanted, []);
  const instance = apps.find((/** @type {any} */ one) => one.instanceId);
  if (instance !== undefined) return identifier(instance);
  for (const { appId } of apps) {
    const [running] = await agent.findInstances({ appId }).catch(() => []);
    if (running !== undefined) return identifier(running);
  }
  const declared = [...new Set(/** @type {string[]} */ (apps.map((/** @type {any} */ one) => one.appId)))];
  throw wanted === null && declared.length > 1 ? isForAPerson(route, declared) : notOffered(route);
}

/** @param {any} app */
function identifier({ appId, instanceId }) {
  return { appId, instanceId };
}

/** @param {any} agent @param {Route} route @param {any} args */
async function ofChannels(agent, route, { name, data }) {
  const channels = await agent.getUserChannels();
  const names = channels.map((/** @type {any} */ one) => one.displayMetadata?.name ?? one.id);
  if (route.name === "channels.list") return names.sort();
  if (route.name !== "channels.get" && route.name !== "channels.publish") throw notSupported(route, "an FDC3 desktop agent has channels only");
  const channel = channels.find((/** @type {any} */ one) => one.id === name || one.displayMetadata?.name === name);
  if (channel === undefined) throw new AppError(`There is no channel "${String(name).slice(0, 80)}"; there is: ${names.slice(0, 10).join(", ") || "none"}.`);
  if (route.name === "channels.get") return channel.getCurrentContext();
  if (typeof data?.type !== "string") throw new ArgumentError('An FDC3 context needs its type, such as "fdc3.contact". Nothing was sent.');
  await channel.broadcast(data);
  return null;
}

/** @param {Route} route @param {any} error @param {number} timeoutS @param {string | null} app */
function failure(route, error, timeoutS, app) {
  const text = String(error?.message ?? error ?? "");
  if (NOT_THERE.has(text)) return notOffered(route);
  if (text === "ApiTimeout" || /\btime(?:d ?)?out\b/i.test(text)) return noAnswer(route, timeoutS);
  if (text === "IntentDeliveryFailed") return appLeft(route, app);
  return appError(error);
}
