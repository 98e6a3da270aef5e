/**
 * Approval: what a person is asked about a call, and what follows.
 *
 * The question is in our own words, made from the function, its app, its effect and its arguments: a person can't be asked
 * to read code, and a text that came from elsewhere must not ask for itself. Of a long argument both ends are shown and how
 * long it is.
 */

import { clearAlarm, setAlarm } from "./alarms.js";
import { say } from "./messages.js";
import { cut, grouped, isPrintable, length, slice, unitsEscaped } from "./text.js";
import { entries, plain, spaced } from "./values.js";

/** @typedef {import("./manifest.js").Capability} Capability */
/**
 * @typedef {object} ApprovalRequest
 * @property {string} capability Full Python name.
 * @property {Record<string, any>} arguments By parameter name, as they will be sent; whole, and not masked as in the sentence.
 * @property {string} effect
 * @property {string} sentence The question in our own words, bounded, on one line.
 * @property {number} expires_s Seconds until it counts as refused.
 */
/** @typedef {(request: ApprovalRequest) => Promise<boolean> | boolean} OnApproval */

const ARGUMENT_CHARACTERS = 80;
const ARGUMENTS_CHARACTERS = 240;
const ENDING_CHARACTERS = 20; // of an argument that is cut
const APP_CHARACTERS = 60;
const APPS = 3;
// Letters, signs and marks that nothing is seen of: fillers, the blank of braille, joiners, variation selectors.
const UNSEEN =
  /\u{34f}|[\u{115f}\u{1160}\u{17b4}\u{17b5}\u{180b}-\u{180f}\u{2800}\u{3164}\u{ffa0}]|[\u{fe00}-\u{fe0f}]|[\u{e0100}-\u{e01ef}]/u;

/** The question about one call. @param {string} name @param {Capability} entry @param {any} given @param {any} shown @param {number} expiresS @returns {ApprovalRequest} */
export function requestOf(name, entry, given, shown, expiresS) {
  const app = entry.apps.slice(0, APPS).map((one) => harmless(one, APP_CHARACTERS)).join(" or ") || "an app";
  const sentence = say("approval_needed", entry.effect, { app, call: callText(name, shown) });
  return { capability: name, arguments: plain(given), effect: entry.effect, sentence, expires_s: expiresS };
}

/** Has a person asked; null where nobody answered in time. Anything but `true` refuses. @param {OnApproval} onApproval @param {ApprovalRequest} request @returns {Promise<boolean | null>} */
export async function ask(onApproval, request) {
  /** @type {number | null} */
  let alarm = null;
  const expired = new Promise((done) => {
    alarm = setAlarm(() => done(null), request.expires_s * 1000);
  });
  try {
    const said = Promise.resolve(onApproval(request)).then((answer) => answer === true);
    return await Promise.race([said, expired]);
  } finally {
    clearAlarm(alarm);
  }
}

/** A call as text, bounded and on one line. @param {string} name @param {any} given */
export function callText(name, given) {
  /** @type {string[]} */
  const shown = [];
  let room = ARGUMENTS_CHARACTERS;
  const fields = entries(given);
  for (const [key, value] of fields) {
    const part = `${harmless(key, 40)}=${argument(spaced(value))}`;
    room -= length(part);
    if (room < 0) {
      shown.push(`and ${fields.length - shown.length} more`);
      break;
    }
    shown.push(part);
  }
  return `${name}(${shown.join(", ")})`;
}

/** @param {string} text */
function argument(text) {
  const size = length(text);
  if (size <= ARGUMENT_CHARACTERS) return harmless(text, ARGUMENT_CHARACTERS);
  const begin = cut(text, ARGUMENT_CHARACTERS - ENDING_CHARACTERS - 3);
  return `${visible(begin)}...${visible(slice(text, size - ENDING_CHARACTERS, size))} (${grouped(size)} characters)`;
}

/** A text of somebody else's, bounded; what is not plainly visible is an escape. @param {string} text @param {number} characters */
export function harmless(text, characters) {
  const short = length(text) <= characters ? text : `${cut(text, characters - 3)}...`;
  return visible(short);
}

/** @param {string} text */
function visible(text) {
  return [...text].map((one) => (isPrintable(one) && !UNSEEN.test(one) ? one : unitsEscaped(one))).join("");
}
