// @ts-check
/** A person is asked about a call, in the page's own words and with the arguments as they will be sent. */

import { byId, fill, h } from "./dom.js";

/**
 * Ask. Closing the question in any way but by "Allow once" refuses the call.
 * @param {{capability: string, arguments: Record<string, unknown>, effect: string, sentence: string}} request
 * @param {AbortSignal} [signal] Takes the question away, which refuses.
 * @returns {Promise<boolean>}
 */
export function askApproval(request, signal) {
  const dialog = byId("approval");
  const rows = Object.entries(request.arguments ?? {}).map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, JSON.stringify(value))));
  return new Promise((resolve) => {
    const close = () => dialog.close("");
    dialog.onclose = () => {
      signal?.removeEventListener("abort", close);
      resolve(dialog.returnValue === "allow");
    };
    const refuse = h("button.quiet", { type: "button", onclick: close }, "Refuse");
    fill(
      dialog,
      h(
        "div.inner",
        {},
        h("h2", { id: "approval-title" }, "Allow this call?"),
        h("p", {}, request.sentence),
        h("table", {}, h("tbody", {}, h("tr", {}, h("th", { scope: "row" }, "effect"), h("td", {}, h(`span.effect.is-${request.effect}`, {}, request.effect))), ...rows)),
        h("div.ask", {}, refuse, h("button.primary", { type: "button", onclick: () => dialog.close("allow") }, "Allow once")),
      ),
    );
    signal?.addEventListener("abort", close);
    dialog.returnValue = "";
    dialog.showModal();
    refuse.focus();
  });
}
