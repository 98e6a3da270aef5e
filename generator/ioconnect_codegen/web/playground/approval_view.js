// @ts-check
/** A person is asked about a call, in the page's own words and with the arguments as they will be sent. */

import { byId, fill, h } from "./dom.js";

const LONGEST_MS = 2 ** 31 - 1; // a browser's timers know no more

/** @typedef {{capability: string, arguments: Record<string, unknown>, effect: string, sentence: string, expires_s: number}} Request */

/** The question before; calls that are made side by side are asked about in turn. @type {Promise<unknown>} */
let before = Promise.resolve();

/**
 * Ask. Closing the question in any way but by "Allow once" refuses the call, and so does its time when it is over.
 * @param {Request} request
 * @returns {Promise<boolean>}
 */
export function askApproval(request) {
  const endsMs = performance.now() + request.expires_s * 1000;
  const asked = before.then(() => (performance.now() < endsMs ? ask(request, endsMs) : false));
  before = asked;
  return asked;
}

/** The time of day of a moment of this page's. @param {number} ms */
function clock(ms) {
  return new Date(performance.timeOrigin + ms).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

/** @param {Request} request @param {number} endsMs @returns {Promise<boolean>} */
function ask(request, endsMs) {
  const dialog = byId("approval");
  const rows = Object.entries(request.arguments ?? {}).map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, JSON.stringify(value))));
  const refuse = h("button.quiet", { type: "button", onclick: () => dialog.close("") }, "Refuse");
  fill(
    dialog,
    h(
      "div.inner",
      {},
      h("h2", { id: "approval-title" }, "Allow this call?"),
      h(
        "div.asked",
        { tabIndex: 0, role: "region", "aria-label": "The call" },
        h("p", {}, `The snippet wants to ${request.sentence}`),
        h("table", {}, h("tbody", {}, h("tr", {}, h("th", { scope: "row" }, "effect"), h("td", {}, h(`span.effect.is-${request.effect}`, {}, request.effect))), ...rows)),
      ),
      h("div.ask", {}, h("p.note", {}, `Counts as refused at ${clock(endsMs)}`), refuse, h("button.primary", { type: "button", onclick: () => dialog.close("allow") }, "Allow once")),
    ),
  );
  return new Promise((resolve) => {
    const timer = setTimeout(() => dialog.close(""), Math.min(endsMs - performance.now(), LONGEST_MS));
    dialog.onclose = () => {
      clearTimeout(timer);
      resolve(dialog.returnValue === "allow");
    };
    dialog.returnValue = "";
    dialog.showModal();
    refuse.focus();
  });
}
