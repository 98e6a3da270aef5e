/** What the worker for JSON Schemas does with the messages of `validation.js`. */

import { compiler } from "./schemas.js";

/**
 * Answers checks: `{id, key, schema?, value}` is answered with `{id, findings}` or, where the schema can't be used, `{id, problem}`.
 *
 * @param {{postMessage: (message: any) => void, onmessage: any}} port
 * @param {import("./schemas.js").SchemaLibrary} library
 */
export function serve(port, library) {
  const compile = compiler(library);
  /** @type {Map<number, any>} */
  const compiled = new Map();
  port.onmessage = (/** @type {{data: any}} */ { data }) => {
    try {
      if (data.schema !== undefined) compiled.set(data.key, compile(data.schema));
      port.postMessage({ id: data.id, findings: compiled.get(data.key).findings(data.value) });
    } catch (error) {
      const reason = String(/** @type {any} */ (error)?.message ?? error).split("\n", 1)[0];
      port.postMessage({ id: data.id, problem: reason.slice(0, 120) });
    }
  };
  port.postMessage({ id: 0 });
}
