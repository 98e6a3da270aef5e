// @ts-check
/** The calls of a run as a timeline: live while it runs, with the outcome's own words when it is over. */

import { byId, duration, fill, h, size } from "./dom.js";

/** @typedef {import("./recorder.js").Passed} Passed */
/** @typedef {{name: string, effect: string, state: string, elapsed_ms: number, bytes: number}} Call */

const MOST = 60;

/** Nothing has run yet. */
export function showNoCalls() {
  byId("calls-note").textContent = "";
  fill(byId("calls"), h("p.empty", {}, "Every call of a run appears here: what it was, what it does to the world, how long it took."));
}

/** While a run goes on. @param {readonly Passed[]} passed @param {(wire: string) => {name: string, effect: string} | undefined} named */
export function showPassing(passed, named) {
  const now = Math.max(1, ...passed.map((one) => one.endedMs ?? one.startedMs));
  const rows = passed.slice(-MOST).map((one) => {
    const { name, effect } = named(one.wire) ?? { name: one.wire, effect: "unknown" };
    const state = one.endedMs === null ? "running" : "finished";
    return row({ name, effect, state, elapsed_ms: (one.endedMs ?? now) - one.startedMs, bytes: one.answer.length }, one.startedMs, now);
  });
  byId("calls-note").textContent = `${passed.length} so far`;
  fill(byId("calls"), ...rows);
}

/**
 * When it is over.
 * @param {readonly Call[]} calls @param {readonly Passed[]} passed @param {(name: string) => string | undefined} wireOf
 */
export function showCalls(calls, passed, wireOf) {
  const whole = Math.max(1, ...passed.map((one) => one.endedMs ?? one.startedMs));
  const waiting = [...passed];
  const rows = calls.slice(0, MOST).map((call) => {
    const place = waiting.findIndex((one) => one.wire === wireOf(call.name));
    const [one] = place < 0 ? [] : waiting.splice(place, 1);
    return row(call, one?.startedMs ?? null, whole);
  });
  byId("calls-note").textContent = calls.length === 0 ? "none" : `${calls.length} ${calls.length === 1 ? "call" : "calls"}`;
  if (calls.length > MOST) rows.push(h("p.small", {}, `and ${calls.length - MOST} more`));
  fill(byId("calls"), ...(rows.length > 0 ? rows : [h("p.empty", {}, "No app was called.")]));
}

/** @param {Call} call @param {number | null} start Since the run began; null where nothing reached the page's apps. @param {number} whole */
function row({ name, effect, state, elapsed_ms, bytes }, start, whole) {
  const isBad = !["finished", "running"].includes(state);
  const place = { "--from": `${((start ?? 0) / whole) * 100}%`, "--part": `${(elapsed_ms / whole) * 100}%` };
  const marked = isBad ? `is-bad` : `is-${effect}`;
  return h(
    "div.call",
    {},
    h("code", { title: name }, name),
    h(`span.effect.is-${effect}`, {}, effect),
    h("div.lane", {}, start === null ? null : h(`span.${marked}`, { style: place })),
    h("p.note", {}, h(isBad ? "span.state.is-bad" : "span.state", {}, state), h("span", {}, `${duration(elapsed_ms)} · ${size(bytes)}`)),
  );
}

