// @ts-check
/** Code Mode as the playground opens it: a package and its policy, and handlers in this page in the place of apps. */

import { Recorder } from "./recorder.js";

const SITE = new URL("../", import.meta.url);
const OWN = new URL("./", import.meta.url);

/**
 * @typedef {object} Capability What the catalog says of a function.
 * @property {string} wire
 * @property {"read" | "write" | "destructive" | "unknown"} effect
 * @property {string} summary
 * @property {{name: string, type: string, required: boolean}[]} parameters
 */

/**
 * @typedef {object} Session
 * @property {any} codeMode What `createCodeMode` gave.
 * @property {Recorder} recorder
 * @property {unknown[]} tools Every function as a tool of its own, in the form that models are given.
 */

/** What the folder holds: its packages, and the one that the desk answers for. @returns {Promise<{packages: string[], desk: string}>} */
export function readSettings() {
  return readJson(new URL("settings.json", OWN));
}

/**
 * Open a package.
 * @param {string} name @param {boolean} isDesk Whether the desk's apps answer for it.
 * @param {Record<string, unknown>} hooks `onProgress`, `onApproval`, `onCall`.
 * @returns {Promise<Session>}
 */
export async function openSession(name, isDesk, hooks) {
  const folder = new URL(`packages/${name}/`, SITE);
  const recorder = new Recorder();
  const handlers = isDesk ? await deskHandlers() : {};
  const { createCodeMode } = await import(new URL("codemode.js", SITE).href);
  const codeMode = await createCodeMode({
    package: folder.href,
    invoke: (/** @type {string} */ wire, /** @type {any} */ args) => recorder.pass(wire, args, () => answer(handlers, wire, args)),
    onAudit: (/** @type {unknown} */ record) => void recorder.audited.push(record),
    ...hooks,
  });
  return { codeMode, recorder, tools: await toolsOf(codeMode.catalog, folder) };
}

async function deskHandlers() {
  const [{ makeHandlers }, data] = await Promise.all([import("./desk/desk.js"), readJson(new URL("desk/desk.json", OWN))]);
  return makeHandlers(data);
}

/** @param {Record<string, (args: any) => any>} handlers @param {string} wire @param {any} args */
function answer(handlers, wire, args) {
  const handler = Object.hasOwn(handlers, wire) ? handlers[wire] : undefined;
  if (handler === undefined) throw new Error("no app in this page answers; the playground has the wealth desk's apps only");
  return handler(args);
}

/** @param {{capabilities: Map<string, any>, namespaces: Map<string, unknown>}} catalog @param {URL} folder */
async function toolsOf({ capabilities, namespaces }, folder) {
  const { files } = await readJson(new URL("manifest.json", folder));
  const schemasOf = (/** @type {string} */ name) => readJson(new URL(`schemas/${name}.${files[`schemas/${name}.json`]?.slice(0, 12)}.json`, folder));
  const read = [...namespaces.keys()].map(async (name) => [name, await schemasOf(name).catch(() => ({}))]);
  const schemas = Object.fromEntries(await Promise.all(read));
  return [...capabilities].map(([name, { summary, input_schema }]) => {
    const [namespace, ...rest] = name.split(".");
    const parameters = schemas[namespace][rest.join(".")]?.input_schema ?? input_schema ?? {};
    return { type: "function", function: { name: name.replaceAll(".", "_"), description: summary, parameters } };
  });
}

/** @param {URL} url @returns {Promise<any>} */
async function readJson(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname} is not there: status ${response.status}; build the folder again with \`codemode web build\``);
  return response.json();
}
