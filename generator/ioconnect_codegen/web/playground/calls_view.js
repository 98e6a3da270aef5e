// @ts-check
/** The calls of a run as a timeline, while it runs and when it is over. */

import { byId, duration, fill, h, size } from "./dom.js";

/** @typedef {{id: number, name: string, effect: string, state: string, atMs: number, elapsedMs: number, bytes: number}} CallEvent */

const MOST = 60;
const REDRAWN_MS = 500; // a call that waits grows
const GOOD = ["finished", "started"];
const NOT_SENT = ["refused", "not_called", "held"];

export class CallsView {
  /** The last that was told of each call, by its id. @type {Map<number, CallEvent>} */
  #calls = new Map();
  #began = 0;
  #frame = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /** Nothing has run yet. */
  clear() {
    clearInterval(this.#timer);
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#calls.clear();
    byId("calls-note").textContent = "";
    fill(byId("calls"), h("p.empty", {}, "Every call of a run appears here: what it does to the world, when it was made, how long it took."));
  }

  begin() {
    this.#calls.clear();
    this.#began = performance.now();
    this.#timer = setInterval(() => this.#draw(), REDRAWN_MS);
    this.#draw();
  }

  /** @param {CallEvent} event */
  told(event) {
    this.#calls.set(event.id, event);
    this.#frame ||= requestAnimationFrame(() => this.#draw()); // a run may make a thousand calls in a second, and waits for the page
  }

  /** The run is over: what has not ended by now never gave an answer. @param {{name: string, state: string, elapsed_ms: number}[]} calls Of the outcome. */
  end(calls) {
    clearInterval(this.#timer);
    const events = [...this.#calls.values()].sort((one, other) => one.id - other.id);
    events.forEach((event, index) => {
      const known = calls[index]?.name === event.name ? calls[index] : null;
      if (known) this.#calls.set(event.id, { ...event, state: known.state, elapsedMs: known.elapsed_ms });
    });
    this.#draw();
  }

  #draw() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const now = performance.now() - this.#began;
    const events = [...this.#calls.values()].sort((one, other) => one.id - other.id);
    /** @param {CallEvent} event */
    const end = ({ state, atMs, elapsedMs }) => (state === "started" ? now : atMs + elapsedMs);
    const first = Math.min(now, ...events.map(({ atMs }) => atMs));
    const whole = Math.max(0.1, ...events.map((event) => end(event) - first));
    const rows = events.slice(0, MOST).map((event) => row(event, (event.atMs - first) / whole, (end(event) - event.atMs) / whole));
    if (events.length > MOST) rows.push(h("p.small", { role: "listitem" }, `and ${events.length - MOST} more`));
    byId("calls-note").textContent = events.length === 0 ? "none" : `${events.length} in ${duration(whole)}`;
    fill(byId("calls"), rows.length > 0 ? h("div", { role: "list", "aria-labelledby": "calls-title" }, ...rows) : h("p.empty", {}, "No app has been called."));
  }
}

/** @param {CallEvent} event @param {number} from Of the whole. @param {number} part Of the whole. */
function row({ name, effect, state, elapsedMs, bytes }, from, part) {
  const isBad = !GOOD.includes(state);
  const place = { "--from": `${Math.min(98, from * 100)}%`, "--part": `${part * 100}%` };
  const said = state === "started" ? "waiting" : state.replaceAll("_", " ");
  return h(
    "div.call",
    { role: "listitem" },
    h("code", { title: name }, name),
    h(`span.effect.is-${effect}`, {}, effect),
    h("div.lane", {}, h(isBad ? "span.is-bad" : `span.is-${effect}`, { style: place })),
    h("p.note", {}, h(isBad ? "span.state.is-bad" : "span.state", {}, said), h("span", {}, state === "started" || NOT_SENT.includes(state) ? "" : `${duration(elapsedMs)} · ${size(bytes)}`)),
  );
}
