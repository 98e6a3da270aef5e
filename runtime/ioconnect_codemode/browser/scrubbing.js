/**
 * Scrubbing: the masked values of one run, and the texts and values without them.
 *
 * 1. Under a masked key a value is masked whatever it is: in a value, in a printed dict, JSON text or dataclass.
 * 2. Elsewhere a text of nine letters and digits or more is found inside any text, ignoring case, separators and escapes;
 *    and the beginning of a longer one, from 32 on: what is shown of a long text is mostly its beginning.
 * 3. One of four to eight is found as a whole word; a number of six digits or more as a whole number, however grouped.
 * 4. A text that is a number is found as a number too; one that is a date or a time in ISO 8601 as Python prints it, and a
 *    date as people write it: `2 March 1975`, `02.03.1975`, `03/02/1975`.
 * 5. What is shorter, a small number, a truth value or a choice is masked under its key only.
 */

import { escaped, folded, isPrintable, length, repr, slice, strip } from "./text.js";
import { entries, fromEntries, isNumber, isObject, isWhole, jsonKind, numeric, shownNumber, JsonNumber, floatText } from "./values.js";

export const MASKED = "***";
const LONG = 9;
const PART = 32;
const SHORT = 4;
const DIGITS = 6;
const MARGIN = 512; // characters behind a cut that are looked at too, so that a value across it is found
const WORD = /[\p{L}\p{N}]+/gu;
const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d\d):?(\d\d))?)?$/;
const DECIMAL = /^[+-]?\d{1,30}(\.\d{1,30})?$/;
const MONTHS = "january february march april may june july august september october november december".split(" ");
const GROUPING = new Set(",._'’\u00a0\u202f");
// A run of backslashes is matched in one way only: a snippet may print what it likes, and nothing is gone through twice.
const LITERAL = String.raw`(\\+(["'])(?:[^\\\n]|\\+(?!\5|\\))*\\+\5|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|-?\d[\d.eE+-]*|[\p{L}\p{N}_]+)`;

/** The masked values that a run has seen. */
export class MaskedValues {
  /** @param {{anywhere: Set<string>, names: Map<string, Set<string>>}} known Keys under which everything is masked; wire key to the names that a snippet may give it. */
  constructor({ anywhere, names }) {
    this.anywhere = anywhere;
    this.names = names;
    /** @type {Set<string>} The masked fields that came, `Client.taxId` or `*.iban`. */
    this.fields = new Set();
    /** How many values have been masked in what left. */
    this.count = 0;
    /** @type {Map<string, Set<string>>} */
    this.byKey = new Map();
    /** @type {Set<string>} */
    this.texts = new Set();
    /** @type {Map<string, any>} */
    this.numbers = new Map();
    /** @type {Patterns | null} */
    this.made = null;
  }

  /** Notes a masked value; of a list or an object, everything in it. @param {string} key @param {any} value @param {string} label @param {boolean} isChoice */
  add(key, value, label, isChoice) {
    if (value === null || value === MASKED) return;
    this.fields.add(label);
    this.made = null;
    /** @type {[string, any][]} */
    const waiting = [[key, value]];
    while (waiting.length > 0) {
      const [inner, item] = /** @type {[string, any]} */ (waiting.pop());
      if (Array.isArray(item)) for (const one of item) waiting.push([inner, one]);
      else if (isObject(item)) for (const pair of entries(item)) waiting.push(pair);
      else if (item !== null) this.#note(new Set([key, inner]), item, isChoice);
    }
  }

  /** @param {Set<string>} keys @param {any} value @param {boolean} isChoice */
  #note(keys, value, isChoice) {
    const token = tokenOf(value);
    for (const key of keys) {
      for (const name of [key, ...(this.names.get(key) ?? [])]) {
        const tokens = this.byKey.get(name) ?? new Set();
        this.byKey.set(name, tokens.add(token));
      }
    }
    if (typeof value === "string") {
      if (!isChoice) this.texts.add(value);
    } else if (isNumber(value)) this.numbers.set(tokenOf(value), value);
  }

  /** Whether a value is masked by the key that it stands under. @param {string | null} key @param {any} value */
  isMasked(key, value) {
    if (key === null || value === null || value === MASKED) return false;
    if (this.anywhere.has(key)) return true;
    return !Array.isArray(value) && !isObject(value) && (this.byKey.get(key)?.has(tokenOf(value)) ?? false);
  }

  /** A value without the masked ones. @param {any} value @param {string | null} [key] The key that it stands under. @returns {any} */
  value(value, key = null) {
    if (this.isMasked(key, value)) {
      this.count += 1;
      return MASKED;
    }
    switch (jsonKind(value)) {
      case "string":
        return this.text(value);
      case "array":
        return value.map((/** @type {any} */ item) => this.value(item, key));
      case "object":
        return this.#object(value);
      case "integer":
      case "number":
        return this.#number(value);
      default:
        return value;
    }
  }

  /** A text without the masked values. @param {string} text @param {boolean} [isCut] It is the beginning of a longer one: the beginning of a value at its end is masked too. */
  text(text, isCut = false) {
    if (this.byKey.size === 0 && this.anywhere.size === 0) return text;
    if (this.texts.has(text) && length(lettersOf(text)) >= SHORT) {
      this.count += 1;
      return MASKED; // as a whole, with the signs around it
    }
    const patterns = this.#patterns();
    const shown = patterns.keys === null ? text : text.replace(patterns.keys, (...found) => this.#underKey(found));
    const spans = patterns.spans(shown, isCut);
    if (spans.length === 0) return shown;
    this.count += spans.length;
    let made = "";
    let end = 0;
    for (const [start, stop] of spans) {
      made += shown.slice(end, start) + MASKED;
      end = stop;
    }
    return made + shown.slice(end);
  }

  /** At most so many characters of a text, without the masked values. @param {string} text @param {number} characters @param {boolean} [isCut] */
  beginning(text, characters, isCut = false) {
    if (length(text) <= characters) return this.text(text, isCut);
    return slice(this.text(slice(text, 0, characters + MARGIN), true), 0, characters);
  }

  /** @param {any} value */
  #object(value) {
    /** @type {Map<string, any>} */
    const shown = new Map();
    for (const [key, item] of entries(value)) {
      let name = this.text(key);
      if (name !== key && shown.has(name)) name = `${name} ${[...shown.keys()].filter((one) => one.startsWith(name)).length + 1}`;
      shown.set(name, this.value(item, key));
    }
    return fromEntries([...shown]);
  }

  /** @param {any} value */
  #number(value) {
    if (significant(value) < DIGITS) return value;
    if (!this.numbers.has(tokenOf(value)) && this.#patterns().spans(shownNumber(value)).length === 0) return value;
    this.count += 1;
    return MASKED;
  }

  /** @param {any[]} found */
  #underKey([whole, quote, key, between, literal]) {
    if (literal === "None" || literal === "null" || literal.includes(MASKED)) return whole;
    if (!this.anywhere.has(key) && !this.byKey.get(key)?.has(tokenOfLiteral(literal))) return whole;
    this.count += 1;
    const around = quoteOf(literal) || quote;
    return `${quote}${key}${quote}${between}${around}${MASKED}${around}`;
  }

  #patterns() {
    this.made ??= new Patterns(this.texts, this.numbers.values(), new Set([...this.anywhere, ...this.byKey.keys()]));
    return this.made;
  }
}

/** What is looked for in texts. */
class Patterns {
  /** @param {Iterable<string>} texts @param {Iterable<any>} numbers @param {Set<string>} keys */
  constructor(texts, numbers, keys) {
    const forms = new Set();
    const values = [...numbers];
    for (const text of texts) {
      for (const form of [...formsOf(text), ...formsOfTime(text, values)]) forms.add(form);
      if (DECIMAL.test(text)) values.push(new JsonNumber(text.includes(".") ? floatText(Number(text)) : BigInt(text.replace("+", "")).toString()));
    }
    /** Long values: letters and digits only, in lower case. */
    this.long = new Set([...forms].filter((one) => one.length >= LONG));
    this.short = new Set([...forms].filter((one) => one.length >= SHORT && one.length < LONG));
    this.numbers = new Set(values.flatMap(numberForms));
    this.lengths = lengthsOf(this.short);
    this.digits = lengthsOf(this.numbers);
    /** First nine characters of the long values. */
    this.starts = new Set([...this.long].map((one) => one.slice(0, LONG)));
    this.sorted = [...this.long].sort();
    this.longest = lengthsOf(this.long)[0] ?? 0;
    const either = [...keys].sort((one, other) => other.length - one.length).map(literalPattern).join("|");
    /** Finds a masked key and the literal after it. */
    this.keys = either === "" ? null : new RegExp(String.raw`(?<![\p{L}\p{N}_\\-])(\\*["']?)(${either})\1(\s*[:=]\s*)${LITERAL}`, "gu");
  }

  /** Where masked values stand, in order, without overlaps. @param {string} text @param {boolean} [isCut] @returns {[number, number][]} */
  spans(text, isCut = false) {
    if (this.long.size === 0 && this.short.size === 0 && this.numbers.size === 0) return [];
    const plain = new Plain(text);
    const found = [...this.#longSpans(plain), ...this.#wholeSpans(plain)];
    const start = isCut ? this.#unfinished(plain.letters) : -1;
    if (start >= 0) found.push([plain.place(start), text.length]);
    return joined(found);
  }

  /** @param {Plain} plain @returns {[number, number][]} */
  #longSpans(plain) {
    const { letters } = plain;
    /** @type {[number, number][]} */
    const found = [];
    if (this.long.size === 0) return found;
    for (let place = 0; place <= letters.length - LONG; place += 1) {
      const size = this.starts.has(letters.slice(place, place + LONG)) ? this.#lengthAt(letters, place) : 0;
      if (size === 0) continue;
      found.push([plain.place(place), plain.place(place + size - 1) + 1]);
      place += size - 1;
    }
    return found;
  }

  /** The length of the long value that stands there, or of as much of its beginning as tells; 0 for none. @param {string} letters @param {number} place */
  #lengthAt(letters, place) {
    const there = letters.slice(place, place + this.longest);
    const index = this.#indexFrom(there);
    const sizes = this.sorted.slice(Math.max(0, index - 1), index + 1).map((one) => sharedSize(there, one));
    const shared = Math.max(...sizes);
    if (shared >= PART) return shared;
    for (let size = shared; size >= LONG; size -= 1) if (this.long.has(there.slice(0, size))) return size;
    return 0;
  }

  /** @param {Plain} plain @returns {[number, number][]} */
  #wholeSpans(plain) {
    /** @type {[number, number][]} */
    const found = [];
    if (this.lengths.length === 0 && this.digits.length === 0) return found;
    const ends = new Map(plain.ends.map((end, index) => [end, index]));
    plain.starts.forEach((start, first) => {
      for (const [lengths, values, gaps] of /** @type {const} */ ([[this.digits, this.numbers, GROUPING], [this.lengths, this.short, null]])) {
        const padded = gaps === null ? 0 : plain.zeros(first);
        for (const begin of padded > 0 ? [start, start + padded] : [start]) {
          for (const size of lengths) {
            const last = ends.get(begin + size);
            if (last === undefined || !values.has(plain.letters.slice(begin, begin + size))) continue;
            let isWhole = true;
            for (let index = first; index < last && isWhole; index += 1) isWhole = plain.isGap(index, gaps);
            if (isWhole) found.push([plain.place(start), plain.place(begin + size - 1) + 1]);
          }
        }
      }
    });
    return found;
  }

  /** Where the beginning of a long value starts that the text's end cuts, or -1. @param {string} letters */
  #unfinished(letters) {
    for (let size = Math.min(this.longest - 1, letters.length); size >= SHORT; size -= 1) {
      const end = letters.slice(letters.length - size);
      if (this.sorted[this.#indexFrom(end)]?.startsWith(end)) return letters.length - size;
    }
    return -1;
  }

  /** Where the first value stands that is not before a text. @param {string} text */
  #indexFrom(text) {
    let low = 0;
    let high = this.sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sorted[middle] < text) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** How many characters two texts have in common at their beginnings. @param {string} one @param {string} other */
function sharedSize(one, other) {
  const most = Math.min(one.length, other.length);
  let size = 0;
  while (size < most && one[size] === other[size]) size += 1;
  return size;
}

/** A text as its letters and digits in lower case, and where each of them stands in it; places are UTF-16 units here. */
class Plain {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
    /** @type {[number, number][]} */
    this.words = [];
    /** @type {number[]} */
    this.starts = [];
    /** @type {number[]} */
    this.ends = [];
    let count = 0;
    const parts = [];
    for (const found of text.matchAll(WORD)) {
      const size = found[0].length;
      this.words.push([found.index, found.index + size]);
      this.starts.push(count);
      count += size;
      this.ends.push(count);
      parts.push(found[0]);
    }
    this.letters = lower(parts.join(""));
  }

  /** The place in the text of a letter. @param {number} letter */
  place(letter) {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle] <= letter) low = middle + 1;
      else high = middle;
    }
    return this.words[low - 1][0] + letter - this.starts[low - 1];
  }

  /** How many zeros a word begins with: a number may be written with some before it. @param {number} word */
  zeros(word) {
    const letters = this.letters.slice(this.starts[word], this.ends[word]);
    return letters.length - letters.replace(/^0+/, "").length;
  }

  /** Whether one character, of those given, stands between a word and the next; a comma may have a blank behind it. @param {number} word @param {Set<string> | null} signs */
  isGap(word, signs) {
    const gap = this.text.slice(this.words[word][1], this.words[word + 1][0]);
    return signs === null && gap.length === 2 ? gap === ", " : gap.length === 1 && (signs === null || signs.has(gap));
  }
}

/** A text in lower case, unit by unit: no place may move. @param {string} text */
function lower(text) {
  const whole = text.toLowerCase();
  if (whole.length === text.length) return whole;
  return [...text].map((one) => (one.toLowerCase().length === one.length ? one.toLowerCase() : one)).join("");
}

/** @param {string} text */
function lettersOf(text) {
  return lower((text.match(WORD) ?? []).join(""));
}

/** The forms that a text may leave in: as it is, and as JSON, Python and changes of case write it. @param {string} text */
function formsOf(text) {
  if (/^[ -~]*$/.test(text) && !/[\\"']/.test(text)) return [lettersOf(text)];
  const unicode = JSON.stringify(text).replace(/[^\0-~]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const ascii = [...repr(text)].map((one) => (one > "~" ? escaped(one) : one)).join("");
  const shown = [...text].map((one) => (isPrintable(one) ? one : escaped(one))).join("");
  return [text, text.toUpperCase(), text.toLowerCase(), folded(text), JSON.stringify(text), unicode, repr(text), ascii, shown].map(lettersOf);
}

/** The forms of a date or a time besides its own; its seconds and milliseconds since 1970 go to the numbers. @param {string} text @param {any[]} numbers */
function formsOfTime(text, numbers) {
  const found = ISO.exec(text);
  if (found === null) return [];
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((part) => Number(part ?? 0));
  const local = new Date(0);
  local.setUTCFullYear(year, month - 1, day);
  local.setUTCHours(hour, minute, second, Number((found[7] ?? "0").padEnd(3, "0").slice(0, 3)));
  if (year === 0 || local.getUTCMonth() !== month - 1 || local.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) return [];
  const offset = found[8] === undefined ? 0 : Number(`${found[8]}1`) * (Number(found[9]) * 60 + Number(found[10]));
  const moment = new Date(local.getTime() - offset * 60_000);
  if (moment.getUTCFullYear() < 1 || moment.getUTCFullYear() > 9999) return [];
  if (found[4] !== undefined) numbers.push(Math.floor(moment.getTime() / 1000), moment.getTime());
  return [local, moment].flatMap(formsOfMoment);
}

/** @param {Date} moment */
function formsOfMoment(moment) {
  const [year, month, day] = [String(moment.getUTCFullYear()).padStart(4, "0"), moment.getUTCMonth(), moment.getUTCDate()];
  const [hour, minute, second] = [moment.getUTCHours(), moment.getUTCMinutes(), moment.getUTCSeconds()];
  const two = (/** @type {number} */ one) => String(one).padStart(2, "0");
  const date = `${year}${two(month + 1)}${two(day)}`;
  const times = [`${two(hour)}${two(minute)}`, `${two(hour)}${two(minute)}${two(second)}`];
  const forms = ["", "t"].flatMap((sign) => times.map((time) => `${date}${sign}${time}`));
  forms.push(`datetimedatetime${Number(year)}${month + 1}${day}${hour}${minute}${second || ""}`);
  forms.push(`${MONTHS[month].slice(0, 3)}${day}${times[1]}${year}`); // as `ctime` has it
  if (hour || minute || second || moment.getUTCMilliseconds()) return forms;
  for (const name of [MONTHS[month], MONTHS[month].slice(0, 3)]) {
    for (const one of [two(day), String(day)]) forms.push(`${one}${name}${year}`, `${name}${one}${year}`);
  }
  forms.push(date, `${two(day)}${two(month + 1)}${year}`, `${two(month + 1)}${two(day)}${year}`);
  return [...forms, `datetimedate${Number(year)}${month + 1}${day}`];
}

/** @param {any} value */
function numberForms(value) {
  if (significant(value) < DIGITS) return [];
  const written = [shownNumber(value)];
  const number = numeric(value);
  if (!isWhole(value) || Math.abs(number) >= 2 ** 53) {
    written.push(...[0, 1, 2, 6].map((places) => number.toFixed(places)), BigInt(Math.trunc(number)).toString());
  }
  return written.map(lettersOf).filter((one) => one.length >= DIGITS);
}

/** How many digits a number has; 5.0 has one. @param {any} value */
function significant(value) {
  const number = numeric(value);
  if (Number.isInteger(number) && !isWhole(value)) return BigInt(number).toString().replace("-", "").length;
  return shownNumber(value).replace(/^[-0.]+/, "").split("e")[0].replace(".", "").length;
}

/** A value as it is compared under a key: truth values are no numbers, 5.0 is 5, case and edges don't count. @param {any} value */
function tokenOf(value) {
  if (typeof value === "string") return `'${folded(strip(value))}`;
  if (typeof value === "boolean") return String(value);
  const number = numeric(value);
  return Number.isInteger(number) && !isWhole(value) ? BigInt(number).toString() : shownNumber(value);
}

/** What a literal in a text begins with: its quotation mark and the backslashes before it. @param {string} literal */
function quoteOf(literal) {
  return /^\\*["']/.exec(literal)?.[0] ?? "";
}

/** @param {string} literal */
function tokenOfLiteral(literal) {
  const quote = quoteOf(literal);
  if (quote !== "") return tokenOf(unescaped(literal.slice(quote.length, literal.length - quote.length)));
  if (/^(?:True|False|true|false)$/.test(literal)) return literal.toLowerCase();
  const number = /^-?\d/.test(literal) ? Number(literal) : Number.NaN;
  return Number.isNaN(number) ? tokenOf(literal) : tokenOf(number);
}

/** @param {string} text */
function unescaped(text) {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text.replaceAll("\\", "");
  }
}

/** @param {string} text */
function literalPattern(text) {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** @param {Iterable<string>} values */
function lengthsOf(values) {
  return [...new Set([...values].map((one) => one.length))].sort((one, other) => other - one);
}

/** @param {[number, number][]} spans @returns {[number, number][]} */
function joined(spans) {
  /** @type {[number, number][]} */
  const made = [];
  for (const [start, end] of spans.sort((one, other) => one[0] - other[0] || one[1] - other[1])) {
    const last = made.at(-1);
    if (last !== undefined && start < last[1]) last[1] = Math.max(end, last[1]);
    else made.push([start, end]);
  }
  return made;
}
