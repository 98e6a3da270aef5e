// @ts-check
/** Code Mode as the playground opens it: a package, its policy, and handlers in this page in the place of apps. */

import { readEnvironment, readJson } from "./environment.js";
import { Recorder } from "./recorder.js";

const SITE = new URL("../", import.meta.url);
const OWN = new URL("./", import.meta.url);

/**
 * @typedef {object} Session
 * @property {any} codeMode What `createCodeMode` gave.
 * @property {import("./environment.js").Environment} environment
 * @property {Recorder} recorder
 */

/** What the folder holds: its packages, and the one that the desk answers for. @returns {Promise<{packages: string[], desk: string}>} */
export function readSettings() {
  return readJson(new URL("settings.json", OWN));
}

/**
 * Open a package.
 * @param {string} name @param {boolean} isDesk Whether the desk's apps answer for it.
 * @param {{onProgress: (progress: any) => void, onApproval: (request: any, signal?: AbortSignal) => Promise<boolean>}} hooks
 * @returns {Promise<Session>}
 */
export async function openSession(name, isDesk, hooks) {
  const folder = new URL(`packages/${name}/`, SITE);
  const policy = await readJson(new URL("policy.json", folder));
  const handlers = isDesk ? await deskHandlers() : {};
  const recorder = new Recorder();
  const { createCodeMode } = await import(new URL("codemode.js", SITE).href);
  const codeMode = await createCodeMode({
    package: folder.href,
    policy,
    invoke: (/** @type {any} */ route, /** @type {any} */ args) => {
      const wire = route.kind === "intent" ? `intent:${route.name}` : route.name;
      return recorder.pass(route.name, args, () => answer(handlers, wire, args));
    },
    ...hooks,
  });
  const environment = await readEnvironment(folder, policy);
  return { codeMode, environment, recorder };
}

async function deskHandlers() {
  const [{ makeHandlers }, data] = await Promise.all([import("./desk/desk.js"), readJson(new URL("desk/desk.json", OWN))]);
  return makeHandlers(data);
}

/** @param {Record<string, (args: any) => any>} handlers @param {string} wire @param {any} args */
function answer(handlers, wire, args) {
  const handler = Object.hasOwn(handlers, wire) ? handlers[wire] : undefined;
  if (handler === undefined) throw new Error("no app of this page answers; the playground has the wealth desk's apps only");
  return handler(args);
}
