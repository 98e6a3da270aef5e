// @ts-check
/** The catalog: browsed by namespace, searched as a model searches, each function with the text that a model reads. */

import { byId, fill, grouped, h, sentence } from "./dom.js";
import { coloured } from "./highlight.js";

/** @typedef {import("./session.js").Capability} Capability */

const SHOWN = 40;
const ROWS = "summary, .name";

export class CatalogView {
  /** Told which call to put into the snippet. @type {(text: string) => void} */
  onInsert = () => {};

  #names = byId("names");
  #query = byId("query");
  #insert = byId("insert");
  #chosen = "";
  #onFocus = (/** @type {FocusEvent} */ { currentTarget }) => this.#stopAt(currentTarget);
  #asked = 0;

  /** Before there is a catalog. */
  static wait() {
    byId("query").disabled = true;
    const rows = Array.from({ length: 9 }, (_, index) => h("span.ghost", { style: { "--part": `${40 + ((index * 37) % 45)}%` } }));
    fill(byId("names"), h("p.hidden", {}, "Loading the catalog"), ...rows);
  }

  /** There will be none. */
  static giveUp() {
    fill(byId("names"), h("p.empty", {}, "The catalog is there once Code Mode has started."));
  }

  /** @param {any} codeMode */
  constructor(codeMode) {
    this.codeMode = codeMode;
    /** @type {Map<string, Capability>} */
    this.capabilities = codeMode.catalog.capabilities;
    /** @type {Map<string, {summary: string, capabilities: string[]}>} */
    this.namespaces = codeMode.catalog.namespaces;
    this.#query.disabled = false;
    this.#query.oninput = () => this.search(this.#query.value.trim()).catch((error) => this.#failed(error));
    this.#query.onkeydown = (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "ArrowDown") this.#step(event, -1, 0);
    };
    this.#names.onkeydown = (/** @type {KeyboardEvent} */ event) => this.#walk(event);
    this.#insert.onclick = () => this.onInsert(callOf(this.#chosen, this.#capability(this.#chosen)));
  }

  async search(/** @type {string} */ query) {
    const asked = ++this.#asked;
    if (query === "") return this.browse();
    const text = await this.codeMode.list(query, { limit: SHOWN });
    if (asked !== this.#asked) return undefined; // typing went on
    const found = namesIn(text).filter((name) => this.capabilities.has(name));
    byId("catalog-count").textContent = `${found.length} found`;
    if (found.length === 0) return fill(this.#names, h("p.empty", {}, "Nothing in the catalog answers to that."));
    fill(this.#names, ...found.map((name) => this.#row(name, name)));
    return this.#stopAt(this.#names.firstElementChild);
  }

  browse() {
    byId("catalog-count").textContent = `${grouped(this.capabilities.size)} functions, ${this.namespaces.size} namespaces`;
    fill(this.#names, ...[...this.namespaces].map(([namespace, group], index) => this.#group(namespace, group, index === 0)));
    this.#stopAt(this.#names.querySelector(ROWS));
  }

  /** The package can't be read any more: the rest of the page lives on. @param {any} error */
  #failed(error) {
    byId("catalog-count").textContent = "";
    fill(this.#names, h("p.empty", { role: "alert" }, sentence(error?.message ?? String(error))));
  }

  /** A namespace, with its rows from when it is opened first: a desk may have ten thousand. @param {string} namespace @param {{summary: string, capabilities: string[]}} group @param {boolean} isOpen */
  #group(namespace, { summary, capabilities }, isOpen) {
    const heading = h("summary", { title: summary || null, tabIndex: -1, onfocus: this.#onFocus }, namespace, h("small", {}, String(capabilities.length)));
    const group = h("details", { open: isOpen, "data-namespace": namespace, ontoggle: () => this.#fillOpened(group) }, heading);
    this.#fillOpened(group);
    return group;
  }

  /** @param {HTMLDetailsElement} group */
  #fillOpened(group) {
    if (!group.open || group.childElementCount > 1) return;
    const namespace = String(group.dataset.namespace);
    const names = this.namespaces.get(namespace)?.capabilities ?? [];
    group.append(...names.map((name) => this.#row(`${namespace}.${name}`, name)));
  }

  /** Show a function's definition. @param {string} name */
  async choose(name) {
    this.#chosen = name;
    for (const row of this.#names.querySelectorAll(".name")) row.setAttribute("aria-pressed", String(row.dataset.name === name));
    const [text, isRead] = await this.codeMode.get([name], { detail: "full" }).then(
      (/** @type {string} */ read) => [read, true],
      (/** @type {any} */ error) => [sentence(error?.message ?? String(error)), false],
    );
    if (this.#chosen !== name) return;
    byId("definition-pane").classList.remove("is-empty");
    fill(byId("definition"), ...(isRead ? coloured(text) : [text]));
    byId("definition").scrollTop = byId("definition").scrollHeight; // the function stands after the types that it uses
    this.#insert.hidden = false;
  }

  /** @param {string} name @returns {Capability} */
  #capability(name) {
    return /** @type {Capability} */ (this.capabilities.get(name));
  }

  /** @param {string} name @param {string} shown */
  #row(name, shown) {
    const { effect, summary } = this.#capability(name);
    return h(
      shown === name ? "button.name.is-found" : "button.name",
      {
        type: "button",
        title: summary || name,
        "data-name": name,
        "aria-pressed": String(this.#chosen === name),
        tabIndex: -1,
        onfocus: this.#onFocus,
        onclick: () => this.choose(name),
      },
      h("code", {}, shown),
      h(`span.effect.is-${effect}`, {}, effect),
    );
  }

  /** Keys move among the rows, of which one is reached by Tab: a desk may have thousands. @param {KeyboardEvent} event */
  #walk(event) {
    const row = /** @type {Element} */ (event.target).closest(ROWS);
    const group = row?.tagName === "SUMMARY" ? /** @type {HTMLDetailsElement} */ (row.parentElement) : null;
    const steps = /** @type {Record<string, [number, number]>} */ ({ ArrowDown: [0, 1], ArrowUp: [0, -1], Home: [-1, 0], End: [Infinity, 0] });
    if (row === null) return;
    if (event.key in steps) this.#step(event, ...steps[event.key], row);
    else if (group && (event.key === "ArrowRight" || event.key === "ArrowLeft")) {
      event.preventDefault();
      group.open = event.key === "ArrowRight";
      this.#fillOpened(group);
    }
  }

  /** Go to a row by its place, or by so many from another one. @param {KeyboardEvent} event @param {number} at -1 for the first. @param {number} by @param {Element | null} [from] */
  #step(event, at, by, from = null) {
    const rows = [...this.#names.querySelectorAll(ROWS)].filter((row) => row.checkVisibility());
    const to = by === 0 ? Math.max(0, at) : rows.indexOf(from) + by;
    event.preventDefault();
    if (to < 0) this.#query.focus();
    else rows[Math.min(to, rows.length - 1)]?.focus();
  }

  /** Have one row reached by Tab. @param {any} row */
  #stopAt(row) {
    if (row === null) return;
    for (const other of this.#names.querySelectorAll('[tabindex="0"]')) other.tabIndex = -1;
    row.tabIndex = 0;
  }
}

/** The names of a list's lines, in order. @param {string} text */
export function namesIn(text) {
  return text.split("\n").flatMap((line) => /^\s*([A-Za-z_]\w*\.\w+)\(/.exec(line)?.[1] ?? []);
}

/** A call with its required arguments left open. @param {string} name @param {Capability} capability */
function callOf(name, { parameters }) {
  const required = parameters.filter((one) => one.required).map((one) => `${one.name}=${one.type === "str" ? '""' : "..."}`);
  return `${name}(${required.join(", ")})`;
}
