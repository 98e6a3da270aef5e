/** Names that a name may be a slip of, by the measure of Python's difflib, so that both languages guess the same. */

import { cut, folded } from "./text.js";

const NAME_CHARACTERS = 120; // comparing takes time in proportion
const POPULAR_FROM = 200;

/**
 * The known names nearest to one, nearest first; equal but for case counts as equal.
 *
 * @param {string} name
 * @param {Iterable<string>} known
 * @param {{most?: number, cutoff?: number}} [options]
 */
export function nearest(name, known, { most = 1, cutoff = 0.6 } = {}) {
  const asked = new Likeness(folded(cut(name, NAME_CHARACTERS)));
  /** @type {Map<string, string>} */
  const candidates = new Map();
  for (const one of known) candidates.set(folded(one), one);
  /** @type {{score: number, text: string}[]} */
  const found = [];
  for (const text of candidates.keys()) {
    if (asked.mayReach(text, cutoff)) {
      const score = asked.to(text);
      if (score >= cutoff) found.push({ score, text });
    }
  }
  found.sort((one, other) => other.score - one.score || (one.text < other.text ? 1 : -1));
  return found.slice(0, most).map((one) => /** @type {string} */ (candidates.get(one.text)));
}

/** How alike texts are to one text: twice what they share, over what they have. */
class Likeness {
  /** @param {string} text */
  constructor(text) {
    this.text = [...text];
    /** @type {Map<string, number[]>} */
    this.places = new Map();
    this.text.forEach((one, place) => {
      const places = this.places.get(one);
      if (places) places.push(place);
      else this.places.set(one, [place]);
    });
    /** @type {Map<string, number>} */
    this.counts = new Map([...this.places].map(([one, places]) => [one, places.length]));
    if (this.text.length >= POPULAR_FROM) {
      const most = Math.floor(this.text.length / 100) + 1;
      for (const [one, places] of this.places) if (places.length > most) this.places.delete(one);
    }
  }

  /** Whether a text can be so alike at all. @param {string} other @param {number} cutoff */
  mayReach(other, cutoff) {
    const letters = [...other];
    const total = letters.length + this.text.length;
    if (total === 0) return true;
    if ((2 * Math.min(letters.length, this.text.length)) / total < cutoff) return false;
    const left = new Map(this.counts);
    let shared = 0;
    for (const one of letters) {
      const count = left.get(one) ?? 0;
      left.set(one, count - 1);
      if (count > 0) shared += 1;
    }
    return (2 * shared) / total >= cutoff;
  }

  /** @param {string} other */
  to(other) {
    const letters = [...other];
    const total = letters.length + this.text.length;
    if (total === 0) return 1;
    let shared = 0;
    const waiting = [[0, letters.length, 0, this.text.length]];
    while (waiting.length > 0) {
      const [low, high, start, end] = /** @type {number[]} */ (waiting.pop());
      const [at, place, size] = this.#longest(letters, low, high, start, end);
      if (size === 0) continue;
      shared += size;
      if (low < at && start < place) waiting.push([low, at, start, place]);
      if (at + size < high && place + size < end) waiting.push([at + size, high, place + size, end]);
    }
    return (2 * shared) / total;
  }

  /**
   * The longest run that both have there, the first of equally long ones.
   *
   * @param {string[]} letters @param {number} low @param {number} high @param {number} start @param {number} end
   */
  #longest(letters, low, high, start, end) {
    let [at, place, size] = [low, start, 0];
    /** @type {Map<number, number>} */
    let lengths = new Map();
    for (let one = low; one < high; one += 1) {
      /** @type {Map<number, number>} */
      const now = new Map();
      for (const other of this.places.get(letters[one]) ?? []) {
        if (other < start) continue;
        if (other >= end) break;
        const length = (lengths.get(other - 1) ?? 0) + 1;
        now.set(other, length);
        if (length > size) [at, place, size] = [one - length + 1, other - length + 1, length];
      }
      lengths = now;
    }
    while (at > low && place > start && letters[at - 1] === this.text[place - 1]) [at, place, size] = [at - 1, place - 1, size + 1];
    while (at + size < high && place + size < end && letters[at + size] === this.text[place + size]) size += 1;
    return [at, place, size];
  }
}
