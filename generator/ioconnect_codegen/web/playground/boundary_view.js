// @ts-check
/** What a run took in and what it gave away, in bytes and in tokens. */

import { byId, fill, grouped, h, size } from "./dom.js";
import { total } from "./tokens.js";

/** @typedef {import("./recorder.js").Passed} Passed */
/** @typedef {import("./tokens.js").Spent} Spent */

/** Nothing has run yet. */
export function showNoBoundary() {
  fill(byId("boundary"), h("p.empty", {}, "Records stay in the page. Only the outcome's text would go to a model."));
  fill(byId("tokens"), h("p.empty", {}, "What the same task costs with every function as a tool of its own."));
}

/** @param {readonly Passed[]} passed @param {string} told The text that a model would read. @param {readonly unknown[]} audited The records of the run. */
export function showBoundary(passed, told, audited) {
  const stayed = passed.reduce((sum, one) => sum + bytesOf(one.answer), 0);
  const records = passed.reduce((sum, one) => sum + one.records, 0);
  const left = bytesOf(told);
  const most = Math.max(stayed, left, 1);
  fill(
    byId("boundary"),
    h(
      "div.bars",
      {},
      bar("Stayed in this page", size(stayed), stayed / most, passed.length === 0 ? "no app has answered" : `${counted(records, "record")} from ${counted(passed.length, "call")}`, false),
      bar("Goes to the model", size(left), left / most, null, true),
    ),
    h("div.left", {}, h("p.note", {}, "Exactly this:"), h("pre", { tabIndex: 0, role: "region", "aria-label": "The text that left" }, told)),
    h(
      "details.left",
      {},
      h("summary", {}, `Audit: ${counted(audited.length, "record")}`),
      h("pre", { tabIndex: 0, role: "region", "aria-label": "Records of the audit" }, audited.map((record) => JSON.stringify(record)).join("\n")),
    ),
  );
}

/** @param {Spent} ours @param {Spent} theirs */
export function showTokens(ours, theirs) {
  const [mine, other] = [total(ours), total(theirs)];
  const most = Math.max(mine, other);
  const times = other / mine;
  const keys = /** @type {const} */ (["definitions", "calls", "results"]);
  const cells = (/** @type {string} */ tag, /** @type {string} */ name, /** @type {number} */ one, /** @type {number} */ two) =>
    h("tr", {}, h(tag, tag === "th" ? { scope: "row" } : {}, name), h("td", {}, grouped(one)), h("td", {}, grouped(two)));
  fill(
    byId("tokens"),
    h(
      "div.bars",
      {},
      bar("Every function a tool", grouped(other), other / most, null, false),
      bar("Code Mode", grouped(mine), mine / most, times >= 1.05 ? `${times >= 10 ? Math.round(times) : times.toFixed(1)} times fewer` : null, true),
    ),
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, h("td"), h("th", { scope: "col" }, "tools"), h("th", { scope: "col" }, "code"))),
      h("tbody", {}, ...keys.map((key) => cells("th", key, theirs[key], ours[key]))),
    ),
    h("p.small", {}, "Counted in characters: the real texts, each once, by what an o200k token holds of such texts."),
  );
}

/** @param {string} text */
function bytesOf(text) {
  return new TextEncoder().encode(text).length;
}

/** @param {number} count @param {string} noun */
function counted(count, noun) {
  return `${grouped(count)} ${count === 1 ? noun : `${noun}s`}`;
}

/** @param {string} name @param {string} value @param {number} part @param {string | null} note @param {boolean} isOurs */
function bar(name, value, part, note, isOurs) {
  return h(
    isOurs ? "div.bar.is-ours" : "div.bar",
    {},
    h("span", {}, name),
    h("b", {}, value),
    h("div.track", {}, part > 0 && h("span", { style: { "--part": `${part * 100}%` } })),
    note && h("p.note", {}, note),
  );
}
