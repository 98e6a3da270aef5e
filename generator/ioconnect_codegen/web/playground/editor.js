// @ts-check
/**
 * The snippet editor: a plain text area over a coloured copy of its text, with line numbers and findings in place.
 *
 * The text area is what is edited, so that selection, undo, spelling, screen readers and every key work as the browser
 * does them; Tab leaves it as it leaves any field. Only Enter is ours: the new line is indented like the one before.
 */

import { fill, h } from "./dom.js";
import { pieces } from "./highlight.js";

/**
 * @typedef {object} Finding
 * @property {string} kind
 * @property {string} message
 * @property {number | null} line From 1.
 * @property {number | null} column From 1, in characters.
 * @property {number | null} [end_column]
 * @property {string | null} [hint]
 */

export class Editor {
  /** Told after each change of the text. @type {(text: string) => void} */
  onChange = () => {};

  /** @type {Finding[]} */
  #findings = [];

  /** @param {HTMLTextAreaElement} area @param {HTMLElement} copy @param {HTMLElement} numbers */
  constructor(area, copy, numbers) {
    this.area = area;
    this.copy = copy;
    this.numbers = numbers;
    area.addEventListener("input", () => this.#changed());
    area.addEventListener("keydown", (event) => this.#indent(event));
  }

  get text() {
    return this.area.value;
  }

  set text(text) {
    this.area.value = text;
    this.#changed();
  }

  /** Put a text at the cursor. @param {string} text */
  insert(text) {
    this.area.focus();
    this.area.setRangeText(text, this.area.selectionStart, this.area.selectionEnd, "end");
    this.#changed();
  }

  /** Show findings; they go with the next change. @param {Finding[]} findings */
  show(findings) {
    this.#findings = findings;
    this.#draw();
  }

  /** Put the cursor where a finding is. @param {Finding} finding */
  go({ line, column }) {
    const lines = this.text.split("\n");
    const before = lines.slice(0, (line ?? 1) - 1).reduce((sum, one) => sum + one.length + 1, 0);
    const start = before + units(lines[(line ?? 1) - 1] ?? "", (column ?? 1) - 1);
    this.area.focus();
    this.area.setSelectionRange(start, start);
  }

  #changed() {
    this.#findings = [];
    this.#draw();
    this.onChange(this.text);
  }

  #draw() {
    const marks = this.#findings.flatMap((one) => marked(this.text, one));
    const lines = this.text.split("\n");
    fill(this.copy, ...drawn(this.text, marks), "\n");
    const bad = new Set(this.#findings.map((one) => one.line));
    fill(this.numbers, ...lines.map((_, index) => h(bad.has(index + 1) ? "span.is-bad" : "span", {}, String(index + 1))));
    this.area.style.setProperty("height", "0");
    this.area.style.setProperty("height", `${this.area.scrollHeight}px`);
    this.area.style.setProperty("width", "0");
    this.area.style.setProperty("width", `max(100%, ${this.area.scrollWidth}px)`);
  }

  /** @param {KeyboardEvent} event */
  #indent(event) {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing) return;
    const before = this.text.slice(0, this.area.selectionStart);
    const line = before.slice(before.lastIndexOf("\n") + 1);
    const indent = /^ */.exec(line)?.[0] ?? "";
    event.preventDefault();
    this.insert(`\n${indent}${line.trimEnd().endsWith(":") ? "    " : ""}`);
  }
}

/**
 * The range of a finding: as far as it says, else the word, text or number that begins at its column, else one character.
 * @param {string} text @param {Finding} finding
 * @returns {[number, number][]}
 */
function marked(text, { line, column, end_column: end }) {
  if (line === null) return [];
  const lines = text.split("\n");
  if (line > lines.length) return [];
  const begin = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const inLine = lines[line - 1];
  const start = begin + units(inLine, (column ?? 1) - 1);
  if (end != null && column != null && end > column) return [[start, begin + units(inLine, end - 1)]];
  const word = pieces(text).find((one) => one.kind !== "" && one.start <= start && start < one.start + one.text.length);
  const plain = /^\w+/.exec(text.slice(start))?.[0].length ?? 1;
  return [[start, Math.min(word ? word.start + word.text.length : start + plain, begin + inLine.length)]];
}

/** How many units of a text its first characters take: one beyond the basic plane takes two. @param {string} text @param {number} characters */
function units(text, characters) {
  return [...text].slice(0, Math.max(0, characters)).join("").length;
}

/** @param {string} text @param {[number, number][]} marks */
function drawn(text, marks) {
  return pieces(text).flatMap(({ kind, text: piece, start }) => {
    const cuts = new Set([0, piece.length]);
    for (const range of marks) for (const at of range) if (at > start && at < start + piece.length) cuts.add(at - start);
    const places = [...cuts].sort((one, other) => one - other);
    return places.slice(0, -1).map((from, index) => {
      const part = piece.slice(from, places[index + 1]);
      const isBad = marks.some(([first, last]) => start + from >= first && start + from < last);
      const names = [kind && `py-${kind}`, isBad && "is-bad"].filter(Boolean).join(" ");
      return names === "" ? part : h("span", { className: names }, part);
    });
  });
}
