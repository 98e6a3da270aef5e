/**
 * Text as Python counts, cuts and shows it, so that both languages say the same of the same snippet.
 *
 * Lengths and places are in characters (code points), as in Python, never in UTF-16 units.
 */

const SURROGATE = /[\ud800-\udfff]/;
const BLANKS = "\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const BLANK_RUN = new RegExp(`[${BLANKS}]+`);
const BLANK_START = new RegExp(`^[${BLANKS}]+`);
const BLANK_END = new RegExp(`[${BLANKS}]+$`);
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Zs}]/u;
const HIDDEN_BUT_BLANK = /(?! )[\p{C}\p{Zl}\p{Zp}\p{Zs}]/u;
/** @type {Record<string, string>} */
const SHORT_JSON = { "\b": "\\b", "\f": "\\f", "\r": "\\r" };
const IDENTIFIER = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;
const SHORT_ESCAPES = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };

/** How many characters a text has. @param {string} text */
export function length(text) {
  if (!SURROGATE.test(text)) return text.length;
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** The characters from `start` up to `end`; both count from 0. @param {string} text @param {number} start @param {number} [end] */
export function slice(text, start, end) {
  if (!SURROGATE.test(text)) return text.slice(start, end);
  return [...text].slice(start, end).join("");
}

/** At most so many characters. @param {string} text @param {number} most */
export function cut(text, most) {
  return text.length <= most ? text : slice(text, 0, most);
}

/** A text on one line: runs of blanks are one blank. @param {string} text */
export function oneLine(text) {
  return strip(text).split(BLANK_RUN).join(" ");
}

/** @param {string} text */
export function strip(text) {
  return stripEnd(text.replace(BLANK_START, ""));
}

/** @param {string} text */
export function stripEnd(text) {
  return text.replace(BLANK_END, "");
}

/** How much of a line is indentation. @param {string} text */
export function indentation(text) {
  return length(text) - length(text.replace(BLANK_START, ""));
}

/** Whether a character is plainly visible, or the blank. @param {string} character */
export function isPrintable(character) {
  return character === " " || !HIDDEN.test(character);
}

/**
 * A text of somebody else's with escapes, as JSON has them, for what a reader would not see: controls of terminals, marks
 * that turn the direction of writing, and what ends a line but for the line feed. A text of JSON stays one.
 * @param {string} text
 */
export function visible(text) {
  if (!HIDDEN_BUT_BLANK.test(text)) return text;
  return Array.from(text, (one) => (isSeen(one) ? one : SHORT_JSON[one] ?? unitsEscaped(one))).join("");
}

/** @param {string} character */
function isSeen(character) {
  return isPrintable(character) || character === "\n" || character === "\t" || (character > "\x9f" && /\p{Zs}/u.test(character));
}

/** A character as JSON escapes it, without the short forms. @param {string} character */
export function unitsEscaped(character) {
  return character.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
}

/** @param {string} text */
export function isIdentifier(text) {
  return IDENTIFIER.test(text);
}

/** Lower case for comparing: folds what has more than one small form. @param {string} text */
export function folded(text) {
  return text.toUpperCase().toLowerCase().replaceAll("ς", "σ");
}

/** A text as a Python literal. @param {string} text */
export function repr(text) {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let made = "";
  for (const one of text) {
    if (one === quote) made += `\\${one}`;
    else if (one in SHORT_ESCAPES) made += SHORT_ESCAPES[/** @type {keyof typeof SHORT_ESCAPES} */ (one)];
    else made += isPrintable(one) ? one : escaped(one);
  }
  return quote + made + quote;
}

/** A character as Python escapes it. @param {string} character */
export function escaped(character) {
  const code = /** @type {number} */ (character.codePointAt(0));
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, "0")}`;
  return `\\U${code.toString(16).padStart(8, "0")}`;
}

/** A whole number with commas: 20,000. @param {number} value */
export function grouped(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** How many there are: `1 item`, `2 items`. @param {number} count @param {string} noun */
export function counted(count, noun) {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** A number of seconds as a person writes it: 10, 0.5. @param {number} value */
export function shortNumber(value) {
  return String(Number(value.toPrecision(6)));
}

/** How many columns of a terminal a character takes. @param {string} character */
export function width(character) {
  if (/\p{Mn}/u.test(character)) return 0;
  return isWide(/** @type {number} */ (character.codePointAt(0))) ? 2 : 1;
}

/** How many bytes a text has in UTF-8. @param {string} text */
export function byteLength(text) {
  let count = text.length;
  for (let place = 0; place < text.length; place += 1) {
    const unit = text.charCodeAt(place);
    if (unit > 0x7f) count += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return count;
}

/** Whether half of a surrogate pair stands alone in a text. @param {string} text */
export function hasLoneSurrogate(text) {
  return SURROGATE.test(text) && /\p{Cs}/u.test(text);
}

/** The East Asian wide and full-width characters, as pairs of first and last (Unicode 14.0.0, `EastAsianWidth`). */
const WIDE = [
  0x1100, 0x115f, 0x231a, 0x231b, 0x2329, 0x232a, 0x23e9, 0x23ec, 0x23f0, 0x23f0, 0x23f3, 0x23f3, 0x25fd, 0x25fe,
  0x2614, 0x2615, 0x2648, 0x2653, 0x267f, 0x267f, 0x2693, 0x2693, 0x26a1, 0x26a1, 0x26aa, 0x26ab, 0x26bd, 0x26be,
  0x26c4, 0x26c5, 0x26ce, 0x26ce, 0x26d4, 0x26d4, 0x26ea, 0x26ea, 0x26f2, 0x26f3, 0x26f5, 0x26f5, 0x26fa, 0x26fa,
  0x26fd, 0x26fd, 0x2705, 0x2705, 0x270a, 0x270b, 0x2728, 0x2728, 0x274c, 0x274c, 0x274e, 0x274e, 0x2753, 0x2755,
  0x2757, 0x2757, 0x2795, 0x2797, 0x27b0, 0x27b0, 0x27bf, 0x27bf, 0x2b1b, 0x2b1c, 0x2b50, 0x2b50, 0x2b55, 0x2b55,
  0x2e80, 0x303e, 0x3041, 0x3247, 0x3250, 0x4dbf, 0x4e00, 0xa4c6, 0xa960, 0xa97c, 0xac00, 0xd7a3, 0xf900, 0xfad9,
  0xfe10, 0xfe19, 0xfe30, 0xfe6b, 0xff01, 0xff60, 0xffe0, 0xffe6, 0x16fe0, 0x1b2fb, 0x1f004, 0x1f004, 0x1f0cf,
  0x1f0cf, 0x1f18e, 0x1f18e, 0x1f191, 0x1f19a, 0x1f200, 0x1f320, 0x1f32d, 0x1f335, 0x1f337, 0x1f37c, 0x1f37e,
  0x1f393, 0x1f3a0, 0x1f3ca, 0x1f3cf, 0x1f3d3, 0x1f3e0, 0x1f3f0, 0x1f3f4, 0x1f3f4, 0x1f3f8, 0x1f43e, 0x1f440,
  0x1f440, 0x1f442, 0x1f4fc, 0x1f4ff, 0x1f53d, 0x1f54b, 0x1f54e, 0x1f550, 0x1f567, 0x1f57a, 0x1f57a, 0x1f595,
  0x1f596, 0x1f5a4, 0x1f5a4, 0x1f5fb, 0x1f64f, 0x1f680, 0x1f6c5, 0x1f6cc, 0x1f6cc, 0x1f6d0, 0x1f6d2, 0x1f6d5,
  0x1f6df, 0x1f6eb, 0x1f6ec, 0x1f6f4, 0x1f6fc, 0x1f7e0, 0x1f7f0, 0x1f90c, 0x1f93a, 0x1f93c, 0x1f945, 0x1f947,
  0x1f9ff, 0x1fa70, 0x1faf6, 0x20000, 0x3134a,
];

/** @param {number} code */
function isWide(code) {
  if (code < WIDE[0]) return false;
  let low = 0;
  let high = WIDE.length / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (code < WIDE[2 * middle]) high = middle - 1;
    else if (code > WIDE[2 * middle + 1]) low = middle + 1;
    else return true;
  }
  return false;
}
