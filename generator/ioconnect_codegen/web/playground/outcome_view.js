// @ts-check
/** What a run gave: the value or the error, what was printed, and the text that a model would read. */

import { byId, duration, fill, h, sentence } from "./dom.js";
import { coloured } from "./highlight.js";

/** @typedef {Record<string, any>} Outcome */

const badge = byId("verdict");
const tabs = byId("tabs");
const result = byId("result");

/** Before the first run. */
export function showNoOutcome() {
  badge.hidden = true;
  withoutTabs();
  fill(
    result,
    h(
      "div.hints",
      {},
      h("p", {}, "Run the snippet: it is checked first, then it runs in Python on WebAssembly, in a frame that can reach nothing."),
      h("p", {}, "Each call comes back to this page, which checks it before an app is asked. The wealth desk's apps are in this page; their clients, portfolios and orders are made up."),
    ),
  );
}

/** While it runs. */
export function showRunning() {
  verdict("is-busy", "running");
  withoutTabs();
  fill(result, h("div.hints", {}, h("p", {}, "The snippet is checked, then it runs. Esc stops it.")));
}

/** Something around the run failed, not the run. @param {string} title @param {string} message @param {(() => void) | null} again */
export function showProblem(title, message, again) {
  verdict("is-bad", "not started");
  withoutTabs();
  fill(result, h("div.problem", { role: "alert" }, h("strong", {}, title), h("p", {}, sentence(message)), again && h("button.quiet", { type: "button", onclick: again }, "Try again")));
}

/** @param {Outcome} outcome @param {string} told @param {boolean} isStopped The person has ended the run. */
export function showOutcome(outcome, told, isStopped) {
  if (outcome.ok) verdict(outcome.truncated ? "is-warn" : "is-good", `${outcome.truncated ? "shortened" : "finished"} in ${duration(outcome.elapsed_s * 1000)}`);
  else if (isStopped) verdict("is-warn", `stopped after ${duration(outcome.elapsed_s * 1000)}`);
  else verdict("is-bad", outcome.error.kind);
  const views = [
    { name: outcome.ok ? "Value" : "Error", draw: () => (outcome.ok ? valueOf(outcome) : errorOf(outcome.error)) },
    ...(outcome.printed ? [{ name: "Printed", draw: () => [h("pre", {}, outcome.printed)] }] : []),
    ...(outcome.notes?.length > 0 ? [{ name: "Notes", draw: () => outcome.notes.map((/** @type {string} */ note) => h("p", {}, note)) }] : []),
    { name: "As the model reads it", draw: () => [h("pre", {}, told)] },
  ];
  showTabs(views);
}

function withoutTabs() {
  tabs.hidden = true;
  result.setAttribute("role", "region");
  result.removeAttribute("aria-labelledby"); // it has a name of its own
}

/** @param {string} kind @param {string} text */
function verdict(kind, text) {
  badge.className = `badge ${kind}`;
  badge.textContent = text;
  badge.hidden = false;
}

/** Tabs with the arrow keys, as the pattern of ARIA has them. @param {{name: string, draw: () => any[]}[]} views */
function showTabs(views) {
  const buttons = views.map(({ name }, index) =>
    h("button", {
      type: "button",
      role: "tab",
      id: `tab-${index}`,
      "aria-controls": "result",
      textContent: name,
      onclick: () => choose(index),
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
        if (by === 0) return;
        const next = (index + by + views.length) % views.length;
        choose(next);
        buttons[next].focus();
      },
    }),
  );
  /** @param {number} chosen */
  const choose = (chosen) => {
    buttons.forEach((button, index) => {
      button.setAttribute("aria-selected", String(index === chosen));
      button.tabIndex = index === chosen ? 0 : -1;
    });
    result.setAttribute("role", "tabpanel");
    result.setAttribute("aria-labelledby", `tab-${chosen}`);
    fill(result, ...views[chosen].draw());
    result.scrollTop = 0;
  };
  fill(tabs, ...buttons);
  tabs.hidden = false;
  choose(0);
}

/** @param {Outcome} outcome */
function valueOf({ value, truncated }) {
  if (truncated) {
    const said = `${truncated.bytes.toLocaleString("en")} bytes are more than the ${truncated.limit_bytes.toLocaleString("en")} that may leave the machine. A preview:`;
    return [h("p.note", {}, said), h("pre", {}, written(truncated.preview))];
  }
  if (typeof value === "string") return [h("pre.answer", {}, value)];
  return [h(value === null || typeof value !== "object" ? "pre.answer" : "pre", {}, ...coloured(written(value)))];
}

/** @param {unknown} value */
function written(value) {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

/** @param {any} error */
function errorOf({ kind, message, line, column, end_column: end, source, source_column: first = 1, signature, hint, state, others }) {
  const place = line === null ? null : `line ${line}${column === null ? "" : `, column ${column}`}`;
  const caret = source && column ? `\n${" ".repeat(Math.max(0, column - first))}${"^".repeat(Math.max(1, (end ?? 0) - column))}` : "";
  const facts = { Kind: kind, Where: place, Signature: signature, Hint: hint, State: state };
  const also = (others ?? []).map((/** @type {any} */ one) => h("dd", {}, `line ${one.line}: ${one.message}${one.hint ? `; ${one.hint}` : ""}`));
  return [
    h("p", { className: "answer" }, message),
    source && h("pre.quote", {}, source + caret),
    h(
      "dl",
      {},
      ...Object.entries(facts).flatMap(([name, value]) => (value ? [h("dt", {}, name), h("dd", {}, String(value))] : [])),
      ...(also.length > 0 ? [h("dt", {}, "Also"), ...also.flatMap((/** @type {Node} */ one, /** @type {number} */ index) => (index === 0 ? [one] : [h("dt", {}), one]))] : []),
    ),
  ];
}
