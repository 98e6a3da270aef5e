/** The texts of `UnavailableError`: what was the matter, and what to do; one function a cause, in the desktop's words. */

import { UnavailableError } from "./errors.js";
import { cut, length, shortNumber } from "./text.js";

/** @typedef {import("./admission.js").Route} Route */

const SHOWN_CHARACTERS = 200;
const SHOWN_APPLICATIONS = 5;

/** No running app offers the method, or handles the intent. @param {Route} route */
export function notOffered(route) {
  const verb = route.kind === "method" || route.kind === "stream" ? "offers" : "handles";
  return new UnavailableError(`No running app ${verb} the ${named(route)}. Start an app that ${verb} it.`, { wasSent: false, isRunning: false });
}

/** The name is there, the signature of the definitions is not. @param {Route} route */
export function signatureChanged(route) {
  const text = `The ${named(route)} is offered with another signature than in the definitions; generate them anew.`;
  return new UnavailableError(text, { wasSent: false });
}

/** Apps offer it, and the one that was named is not among them. @param {Route} route @param {string} target @param {string[]} offering */
export function targetNotThere(route, target, offering) {
  const shown = offering.slice(0, 5).map(bounded).join(", ") || "apps without a name";
  const text = `No running app or instance "${bounded(target)}" offers the ${named(route)}; offered by: ${shown}.`;
  return new UnavailableError(text, { wasSent: false, isRunning: false });
}

/** An intent has no handler that runs, and several apps declare it; a page starts none. @param {Route} route @param {readonly string[]} applications */
export function isForAPerson(route, applications) {
  const choices = applications.slice(0, SHOWN_APPLICATIONS).map(bounded);
  const shown = choices.map((name) => `"${name}"`).join(", ");
  const text =
    `No running app handles the ${named(route)}, and ${applications.length} apps declare it: ${shown}. Which of them is ` +
    "for the user to choose: ask, then start it and raise the intent again.";
  return new UnavailableError(text, { wasSent: false, isRunning: false, choices });
}

/** The platform of the page can't do this at all. @param {Route} route @param {string} what */
export function notSupported(route, what) {
  return new UnavailableError(`The ${named(route)} can't be reached from this page: ${what}.`, { wasSent: false });
}

/** The app went away during the call. @param {Route} route @param {string | null} app */
export function appLeft(route, app) {
  const who = app ? `app "${bounded(app)}"` : "app";
  return new UnavailableError(
    `The ${who} left before it answered the ${named(route)}. What it has done is not known: look before you repeat the call.`,
  );
}

/** The time is over. @param {Route} route @param {number} timeoutS */
export function noAnswer(route, timeoutS) {
  return new UnavailableError(
    `The ${named(route)} did not answer within ${shortNumber(timeoutS)} s. The app was not stopped and may still finish: ` +
      "look before you repeat the call.",
  );
}

/** @param {Route} route */
function named(route) {
  if (/** @type {string} */ (route.kind) === "context") return `shared contexts (${bounded(route.name)})`;
  const what = route.kind === "method" || route.kind === "stream" ? route.kind : "intent";
  return `${what} "${bounded(route.name)}"`;
}

/** @param {string} text */
function bounded(text) {
  const short = text.trim().replace(/\.+$/, "");
  return length(short) <= SHOWN_CHARACTERS ? short : `${cut(short, SHOWN_CHARACTERS - 1)}…`;
}
