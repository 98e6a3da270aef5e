// @ts-check

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
