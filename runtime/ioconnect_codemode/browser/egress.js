/**
 * Egress: what of a run leaves the page, bounded and without masked values.
 *
 * Masked values are taken out before anything is cut, so that no cut leaves half of one. A value that is too large is
 * replaced by its beginning, how much there is, and how to narrow it.
 */

import { sayOutcome } from "./messages.js";
import { MASKED } from "./scrubbing.js";
import { byteLength, counted, cut, length, slice } from "./text.js";
import { compact, entries, field, fromEntries, isObject } from "./values.js";

/** @typedef {import("./masking.js").Masks} Masks */
/** @typedef {import("./scrubbing.js").MaskedValues} MaskedValues */
/** @typedef {{bytes: number, limit_bytes: number, preview: any, hint: string}} Truncation */

const PREVIEW_CHARACTERS = 1_000;
const NAME_CHARACTERS = 40;
/** Where a run cuts the texts of apps and workers: one of that length may end within a masked value. */
export const CUT_CHARACTERS = 500;
const CUT = "...";
const SIZES = [
  { items: 3, fields: 20, characters: 80, levels: 4 },
  { items: 2, fields: 12, characters: 40, levels: 3 },
  { items: 1, fields: 8, characters: 24, levels: 2 },
];

/** The way out of one run. */
export class Egress {
  /** @param {{limitCharacters: number, masks?: Masks | null}} options */
  constructor({ limitCharacters, masks = null }) {
    this.limitCharacters = limitCharacters;
    this.masks = masks;
    /** @type {MaskedValues | null} */
    this.masked = masks?.start() ?? null;
  }

  /** The record types that the worker masks where they are printed or returned, with their keys. */
  get recordMasks() {
    return this.masks?.ofRecords() ?? {};
  }

  /** Notes what is masked in the inputs of the run. @param {any} inputs */
  takeInputs(inputs) {
    if (this.masked !== null) this.masks?.collectLoose(inputs, this.masked);
  }

  /** Notes what is masked in an answer, before the snippet gets it. @param {string} capability @param {any} answer */
  takeAnswer(capability, answer) {
    if (this.masked !== null) this.masks?.collect(capability, answer, this.masked);
  }

  /** The arguments of a call as they may be shown. @param {import("./manifest.js").Parameter[]} parameters @param {any} given */
  arguments(parameters, given) {
    const { masked } = this;
    if (masked === null) return given;
    this.masks?.collectArguments(parameters, given, masked);
    return fromEntries(entries(given).map(([name, value]) => [name, masked.value(value, name)]));
  }

  /** The value if it may leave as a whole, else its preview. @param {any} value @returns {[any, Truncation | null]} */
  value(value) {
    let text = compact(value);
    let shown = value;
    if (this.masked !== null && length(text) <= this.limitCharacters) {
      shown = this.masked.value(value);
      text = compact(shown);
    }
    return length(text) <= this.limitCharacters ? [shown, null] : [null, this.#truncated(shown, byteLength(text))];
  }

  /** At most so many characters of a text, which may itself be the beginning of a longer one. @param {string} text @param {number} limit @param {boolean} [isCut] */
  text(text, limit, isCut = false) {
    return this.masked === null ? cut(text, limit) : this.masked.beginning(text, limit, isCut);
  }

  /** The outcome without masked values; its value has been through `value` before. @param {import("./outcome.js").Outcome} outcome */
  outcome(outcome) {
    const { masked } = this;
    if (masked === null) return outcome;
    return outcome.with({
      calls: outcome.calls.map((call) => ({ ...call, name: masked.text(call.name) })),
      error: outcome.error === null ? null : scrubbedError(outcome.error, masked),
      notes: outcome.notes.map((note) => scrubbedNote(note, masked)),
      printed: masked.text(outcome.printed),
    });
  }

  /** @param {any} value @param {number} size @returns {Truncation} */
  #truncated(value, size) {
    const characters = Math.min(this.limitCharacters, PREVIEW_CHARACTERS);
    let preview = new Preview(this.masked).of(value, characters);
    // An administrator's small limit holds for previews too.
    if (length(compact(preview)) > characters) preview = typeof value === "string" ? "" : null;
    const hint = `${this.#amount(value, preview, size)}\n${sayOutcome("hint", { text: sayOutcome("truncated_hint") })}`;
    return { bytes: size, limit_bytes: this.limitCharacters, preview, hint };
  }

  /** @param {any} value @param {any} preview @param {number} size */
  #amount(value, preview, size) {
    const amounts = { bytes: size, limit_bytes: this.limitCharacters };
    if (Array.isArray(value) && Array.isArray(preview)) {
      return sayOutcome("truncated_list", { count: value.length, shown: preview.length, ...amounts });
    }
    const fields = isObject(value) ? entries(value) : [];
    if (fields.length === 0) return sayOutcome("truncated", amounts);
    let [largest, most] = ["", -1];
    for (const [name, item] of fields) {
      const characters = length(compact(item));
      if (characters > most) [largest, most] = [name, characters];
    }
    return sayOutcome("truncated_object", { count: fields.length, name: this.text(largest, NAME_CHARACTERS), ...amounts });
  }
}

/** A text that a note ends in, bounded: one that is cut says so, and may end within a masked value. @param {string} text @param {number} characters */
export function cutNote(text, characters) {
  return length(text) <= characters ? text : `${cut(text, characters - CUT.length)}${CUT}`;
}

/** @param {string} note @param {MaskedValues} masked */
function scrubbedNote(note, masked) {
  return note.endsWith(CUT) ? `${masked.text(note.slice(0, -CUT.length), true)}${CUT}` : masked.text(note);
}

/** An error without masked values; its source line is the snippet's own and stays. @param {import("./outcome.js").OutcomeError} error @param {MaskedValues} masked @returns {import("./outcome.js").OutcomeError} */
function scrubbedError(error, masked) {
  return {
    ...error,
    message: scrubbed(error.message, masked),
    hint: error.hint === null ? null : scrubbed(error.hint, masked),
    signature: error.signature === null ? null : scrubbed(error.signature, masked),
    others: error.others.map((other) => scrubbedError(other, masked)),
  };
}

/** @param {string} text @param {MaskedValues} masked */
function scrubbed(text, masked) {
  return masked.text(text, length(text) >= CUT_CHARACTERS);
}

/** A value with long texts cut and the first items of lists and objects, as so many characters of JSON. @param {any} value @param {number} characters */
export function shortened(value, characters) {
  return new Preview(null).ofItem(value, characters);
}

/** Makes the beginning of a value, as many characters of JSON as may be: of a list, its first items. */
class Preview {
  /** @param {MaskedValues | null} masked */
  constructor(masked) {
    this.masked = masked;
  }

  /** @param {any} value @param {number} characters @returns {any} */
  of(value, characters) {
    if (typeof value === "string") return cutText(this.#text(value, characters), characters);
    if (!Array.isArray(value)) return this.ofItem(value, characters);
    const shown = [];
    let room = characters - "[]".length;
    for (const item of value) {
      const standIn = this.ofItem(item, characters);
      room -= length(compact(standIn)) + 1;
      if (room < 0 && shown.length > 0) break;
      shown.push(standIn);
    }
    return shown;
  }

  /** The fullest stand-in that fits; the beginning of its JSON where none does. @param {any} value @param {number} characters */
  ofItem(value, characters) {
    for (const size of SIZES) {
      const short = this.#sized(value, size);
      if (length(compact(short)) <= characters) return short;
    }
    return `${slice(compact(this.#sized(value, SIZES[2])), 0, Math.floor(characters / 2))}...`;
  }

  /** @param {any} value @param {typeof SIZES[0]} size */
  #sized(value, size) {
    const short = this.#short(value, size, null, 0);
    return this.masked === null ? short : this.masked.value(short);
  }

  /** A small stand-in: long text cut, the first items of lists and objects, and how many more there are. @param {any} value @param {typeof SIZES[0]} size @param {string | null} key @param {number} level @returns {any} */
  #short(value, size, key, level) {
    if (this.masked?.isMasked(key, value)) return MASKED;
    if (typeof value === "string") return length(value) > size.characters ? `${this.#text(value, size.characters - 3)}...` : value;
    if (Array.isArray(value)) {
      if (level >= size.levels && value.length > 0) return `[${counted(value.length, "item")}]`;
      const first = value.slice(0, size.items).map((item) => this.#short(item, size, key, level + 1));
      return value.length > size.items ? [...first, `... ${value.length - size.items} more`] : first;
    }
    if (!isObject(value)) return value;
    const fields = entries(value);
    if (level >= size.levels && fields.length > 0) return `{${counted(fields.length, "field")}}`;
    /** @type {Map<string, any>} */
    const shown = new Map();
    for (const [name] of fields.slice(0, size.fields)) {
      shown.set(this.#text(name, size.characters), this.#short(field(value, name), size, name, level + 1));
    }
    if (fields.length > size.fields) shown.set("...", `${fields.length - size.fields} more`);
    return fromEntries([...shown]);
  }

  /** @param {string} text @param {number} characters */
  #text(text, characters) {
    return this.masked === null ? cut(text, characters) : this.masked.beginning(text, characters);
  }
}

/** The longest beginning of a text whose JSON has at most so many characters. @param {string} value @param {number} characters */
function cutText(value, characters) {
  let kept = cut(value, Math.max(0, characters - '""'.length));
  for (let size = length(compact(kept)); kept !== "" && size > characters; size = length(compact(kept))) {
    kept = slice(kept, 0, Math.max(0, length(kept) - Math.max(1, Math.floor((size - characters) / 6))));
  }
  return kept;
}
