// @ts-check
/** The catalog: browsed by namespace, searched as a model searches, each function with the text that a model reads. */

import { byId, fill, h } from "./dom.js";
import { coloured } from "./highlight.js";

/** @typedef {import("./environment.js").Entry} Entry */

const SHOWN = 40;

export class CatalogView {
  /** Told which call to put into the snippet. @type {(text: string) => void} */
  onInsert = () => {};

  #names = byId("names");
  #query = byId("query");
  #insert = byId("insert");
  /** @type {Entry | null} */
  #chosen = null;
  #asked = 0;

  /** @param {import("./environment.js").Environment} environment @param {any} codeMode */
  constructor(environment, codeMode) {
    this.environment = environment;
    this.codeMode = codeMode;
    this.#query.oninput = () => this.search(this.#query.value.trim());
    this.#query.onkeydown = (/** @type {KeyboardEvent} */ event) => event.key === "ArrowDown" && this.#step(event, null, 1);
    this.#insert.onclick = () => this.#chosen && this.onInsert(callOf(this.#chosen));
  }

  async search(/** @type {string} */ query) {
    const asked = ++this.#asked;
    if (query === "") return this.browse();
    const text = await this.codeMode.list(query, { limit: SHOWN });
    if (asked !== this.#asked) return undefined; // typing went on
    const found = namesIn(text).flatMap((name) => this.environment.entries.get(name) ?? []);
    byId("catalog-count").textContent = `${found.length} found`;
    if (found.length === 0) return fill(this.#names, h("p.empty", {}, "Nothing in the catalog answers to that."));
    return fill(this.#names, ...found.map((one) => this.#row(one, one.name)));
  }

  browse() {
    const namespaces = this.environment.namespaces;
    byId("catalog-count").textContent = `${this.environment.entries.size} functions, ${namespaces.size} namespaces`;
    const groups = [...namespaces].map(([name, entries], index) =>
      h(
        "details",
        { open: index === 0 },
        h("summary", { title: this.environment.summaries.get(name) || null }, name, h("small", {}, String(entries.length))),
        ...entries.map((one) => this.#row(one, one.name.slice(name.length + 1))),
      ),
    );
    fill(this.#names, ...groups);
  }

  /** Show a function's definition. @param {Entry} entry */
  async choose(entry) {
    this.#chosen = entry;
    for (const row of this.#names.querySelectorAll(".name")) row.setAttribute("aria-pressed", String(row.dataset.name === entry.name));
    const text = await this.codeMode.get([entry.name], { detail: "full" });
    if (this.#chosen !== entry) return;
    fill(byId("definition"), ...coloured(text));
    byId("definition").scrollTop = 0;
    this.#insert.hidden = false;
  }

  /** @param {Entry} entry @param {string} shown */
  #row(entry, shown) {
    return h(
      shown === entry.name ? "button.name.is-found" : "button.name",
      {
        type: "button",
        title: entry.summary || entry.name,
        "data-name": entry.name,
        "aria-pressed": String(this.#chosen === entry),
        onclick: () => this.choose(entry),
        onkeydown: (/** @type {KeyboardEvent} */ event) => {
          if (event.key === "ArrowDown") this.#step(event, event.currentTarget, 1);
          if (event.key === "ArrowUp") this.#step(event, event.currentTarget, -1);
        },
      },
      h("code", {}, shown),
      h(`span.effect.is-${entry.effect}`, {}, entry.effect),
    );
  }

  /** Move among the rows with the arrow keys. @param {KeyboardEvent} event @param {EventTarget | null} from @param {number} by */
  #step(event, from, by) {
    const rows = [...this.#names.querySelectorAll("summary, .name")].filter((row) => row.checkVisibility());
    const to = from === null ? 0 : rows.indexOf(/** @type {any} */ (from)) + by;
    event.preventDefault();
    if (to < 0) this.#query.focus();
    else rows[Math.min(to, rows.length - 1)]?.focus();
  }
}

/** The names of a list's lines, in order. @param {string} text */
export function namesIn(text) {
  return text.split("\n").flatMap((line) => /^\s*([A-Za-z_]\w*\.\w+)\(/.exec(line)?.[1] ?? []);
}

/** A call with its required arguments left open. @param {Entry} entry */
function callOf({ name, parameters }) {
  const required = parameters.filter((one) => one.required).map((one) => `${one.name}=${one.type === "str" ? '""' : "..."}`);
  return `${name}(${required.join(", ")})`;
}
