/** Workers of the page's own, on a page that requires trusted types for the addresses of scripts as well. */

import { EngineError } from "./engine_error.js";

const POLICY = "ioconnect-codemode"; // the name that such a page allows
/** @typedef {{createScriptURL: (url: string) => any}} Policy Gives what the browser takes as an address. */

/** @type {Policy} */
const UNTYPED = { createScriptURL: (url) => url };
/** Made once: a page may allow a name for one policy only. @type {Policy | null} */
let policy = null;

/** Starts one. @param {"alarm_worker.js" | "schema_worker.js"} name @returns {Worker} @throws {EngineError} The page doesn't allow it. */
export function ownWorker(name) {
  const address = new URL(`./${name}`, import.meta.url).href;
  try {
    return new Worker(madeOnce().createScriptURL(address), { type: "module" });
  } catch (error) {
    const mend = `allow \`trusted-types ${POLICY}\` in the page's own policy`;
    throw new EngineError("worker_failed", `this page lets no worker start: ${/** @type {Error} */ (error).message}; ${mend}`, { cause: error });
  }
}

/** Finds out before anything is called. @throws {EngineError} The page requires trusted types, and doesn't allow ours. */
export function checkOwnWorkers() {
  if (madeOnce() === UNTYPED && "trustedTypes" in globalThis) ownWorker("alarm_worker.js").terminate();
}

function madeOnce() {
  policy ??= made(/** @type {any} */ (globalThis).trustedTypes);
  return policy;
}

/** @param {{createPolicy: (name: string, rules: Policy) => Policy} | undefined} types @returns {Policy} */
function made(types) {
  try {
    return types?.createPolicy(POLICY, { createScriptURL: UNTYPED.createScriptURL }) ?? UNTYPED;
  } catch {
    return UNTYPED; // the page doesn't allow the name; whether it requires types is seen at a worker
  }
}
