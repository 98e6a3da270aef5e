/**
 * Everything that the page's side throws.
 *
 *     CodeModeError
 *       UsageError          the API was used wrongly
 *       PackageError        a generated package can't be read, or its parts do not fit together
 *       PolicyError         a policy can't be enforced
 *       FrameError          a message of a worker breaks the protocol
 *       CallError           a call gave no answer; a snippet can catch these
 *         AppError            the app answered with an error of its own
 *         ArgumentError       the arguments can't travel; nothing was sent
 *         DeniedError         the call was refused; nothing was sent
 *         UnavailableError    no running app offers it, it left, or it did not answer in time
 *
 * `kind` is the word of an outcome's error. Nothing but wrong use of the API is thrown by `execute`.
 */

export class CodeModeError extends Error {
  kind = "internal";

  /** @param {string} [message] @param {ErrorOptions} [options] */
  constructor(message, options) {
    super(message, options);
    this.name = new.target.name;
  }
}

export class UsageError extends CodeModeError {}

export class PackageError extends CodeModeError {}

export class PolicyError extends CodeModeError {}

export class FrameError extends CodeModeError {
  kind = "worker_lost";
}

export class CallError extends CodeModeError {}

export class AppError extends CallError {
  kind = "app_error";
}

export class ArgumentError extends CallError {
  kind = "argument";
}

export class DeniedError extends CallError {
  kind = "denied";
}

export class UnavailableError extends CallError {
  kind = "app_unavailable";

  /**
   * @param {string} message
   * @param {object} [known]
   * @param {boolean} [known.wasSent] The call may have reached an app: then what the app has done is not known.
   * @param {boolean} [known.isRunning] An app that offers it runs, as far as that is known.
   * @param {readonly string[]} [known.choices] The apps that the user has to choose from; empty where there is nothing to choose.
   */
  constructor(message, { wasSent = true, isRunning = true, choices = [] } = {}) {
    super(message);
    this.wasSent = wasSent;
    this.isRunning = isRunning;
    this.choices = choices;
  }
}
