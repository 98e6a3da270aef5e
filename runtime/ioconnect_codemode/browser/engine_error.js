// @ts-check

export const BUILD_AGAIN = "build the folder again with `codemode web build` and serve it whole";
/** What mends a page whose files are not there: it may be of an earlier build than those that are served by now. */
export const LOAD_AGAIN = `load the page again; if that does not mend it, ${BUILD_AGAIN}`;

/**
 * Why the engine can't start or go on. The page lives on; the sentence says how to mend it.
 *
 * @typedef {"no_webassembly" | "insecure_page" | "wrong_manifest" | "missing_asset" | "tampered_asset"
 *   | "frame_blocked" | "not_isolated" | "worker_failed" | "disposed"} EngineErrorCode
 */
export class EngineError extends Error {
  name = "EngineError";

  /** @param {EngineErrorCode} code Stable. @param {string} message @param {ErrorOptions} [options] */
  constructor(code, message, options) {
    super(message, options);
    this.code = code;
  }
}
