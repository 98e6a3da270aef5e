/**
 * Text that a pattern matches, for stand-ins: the shortest that a plain reading of the pattern leads to.
 *
 * The pattern is read, not run: it may be hostile. Whether the text fits is for the validator to say.
 */

const MOST_CHARACTERS = 1_000;
const CANDIDATES = "a0A1b-_. /:@";
const CLASSES = { d: /\d/, D: /\D/, s: /\s/, S: /\S/, w: /\w/, W: /\W/ };
const CONTROLS = { n: "\n", r: "\r", t: "\t", f: "\f", v: "\v", 0: "\0" };

/** The pattern has a part that this room doesn't know, or asks for very much text. */
class TooHard extends Error {}

/** A text in which the pattern is found; null where none is easily made. @param {string} pattern @returns {string | null} */
export function textLike(pattern) {
  try {
    return new Reader(pattern).whole();
  } catch (error) {
    if (error instanceof TooHard || error instanceof RangeError) return null;
    throw error;
  }
}

class Reader {
  /** @param {string} pattern */
  constructor(pattern) {
    this.characters = [...pattern];
    this.place = 0;
    /** @type {string[]} */
    this.groups = [];
    /** @type {Map<string, string>} */
    this.names = new Map();
  }

  whole() {
    const text = this.choice();
    if (this.place < this.characters.length) throw new TooHard();
    return text;
  }

  /** @param {string} one */
  takes(one) {
    if (this.characters[this.place] !== one) return false;
    this.place += 1;
    return true;
  }

  next() {
    if (this.place >= this.characters.length) throw new TooHard();
    this.place += 1;
    return this.characters[this.place - 1];
  }

  /** Alternatives: the first one; the others are read over. @returns {string} */
  choice() {
    const first = this.sequence();
    while (this.takes("|")) this.sequence();
    return first;
  }

  sequence() {
    let text = "";
    while (this.place < this.characters.length && !"|)".includes(this.characters[this.place])) {
      text += this.repeated();
      if (text.length > MOST_CHARACTERS) throw new TooHard();
    }
    return text;
  }

  repeated() {
    const one = this.one();
    let least = 1;
    if (this.takes("*") || this.takes("?")) least = 0;
    else if (!this.takes("+")) {
      const found = /^\{(\d+)(?:,\d*)?\}/.exec(this.characters.slice(this.place, this.place + 24).join(""));
      if (found === null) return one;
      least = Number(found[1]);
      this.place += found[0].length;
    }
    this.takes("?");
    if (least * one.length > MOST_CHARACTERS) throw new TooHard();
    return one.repeat(least);
  }

  one() {
    const one = this.next();
    if (one === "^" || one === "$") return "";
    if (one === ".") return "a";
    if (one === "(") return this.group();
    if (one === "[") return this.set();
    if (one === "\\") return this.escape();
    return one;
  }

  group() {
    let name = null;
    let isKept = true;
    if (this.takes("?")) {
      if (this.takes(":")) isKept = false;
      else if (this.takes("!")) return this.lookAway();
      else if (this.takes("P") || this.characters[this.place] === "<") name = this.name();
      else throw new TooHard();
    }
    const number = isKept ? this.groups.push("") - 1 : -1;
    const text = this.choice();
    if (!this.takes(")")) throw new TooHard();
    if (number >= 0) this.groups[number] = text;
    if (name !== null) this.names.set(name, text);
    return text;
  }

  lookAway() {
    this.choice();
    if (!this.takes(")")) throw new TooHard();
    return "";
  }

  name() {
    if (!this.takes("<")) throw new TooHard();
    if (this.characters[this.place] === "!" || this.characters[this.place] === "=") throw new TooHard();
    let name = "";
    for (let one = this.next(); one !== ">"; one = this.next()) name += one;
    return name;
  }

  escape() {
    const one = this.next();
    if (one in CLASSES) return oneOf((candidate) => CLASSES[/** @type {keyof typeof CLASSES} */ (one)].test(candidate), []);
    if (one === "b" || one === "B" || one === "A" || one === "Z" || one === "z") return "";
    if (/[1-9]/.test(one)) return this.groups[Number(one) - 1] ?? "";
    if (one === "k") return this.names.get(this.name()) ?? "";
    return this.character(one);
  }

  /** @param {string} one The character behind a backslash. */
  character(one) {
    if (one in CONTROLS) return CONTROLS[/** @type {keyof typeof CONTROLS} */ (one)];
    if (one === "x") return this.coded(2);
    if (one === "u") return this.coded(4);
    if (/[a-z]/i.test(one)) throw new TooHard();
    return one;
  }

  /** @param {number} digits */
  coded(digits) {
    const text = this.characters.slice(this.place, this.place + digits).join("");
    if (!/^[\da-f]+$/i.test(text)) throw new TooHard();
    this.place += digits;
    return String.fromCharCode(Number.parseInt(text, 16));
  }

  /** A character of a class: the first of a few plain ones that fits, else the first that the class names. */
  set() {
    const isNegated = this.takes("^");
    /** @type {((candidate: string) => boolean)[]} */
    const tests = [];
    /** @type {string[]} */
    const named = [];
    for (let isFirst = true; isFirst || this.characters[this.place] !== "]"; isFirst = false) {
      const low = this.member(tests);
      if (low === null) continue;
      const isRange = this.characters[this.place] === "-" && this.characters[this.place + 1] !== "]";
      if (isRange) this.place += 1;
      const high = isRange ? this.member(tests) : low;
      if (high === null) throw new TooHard();
      tests.push((candidate) => candidate >= low && candidate <= high);
      named.push(low);
    }
    this.place += 1;
    return oneOf((candidate) => tests.some((test) => test(candidate)) !== isNegated, isNegated ? [] : named);
  }

  /** A character of a class; null where it is a class itself, which is put among the tests. @param {((candidate: string) => boolean)[]} tests */
  member(tests) {
    const one = this.next();
    if (one !== "\\") return one;
    const inner = this.next();
    if (!(inner in CLASSES)) return inner === "b" ? "\b" : this.character(inner);
    tests.push((candidate) => CLASSES[/** @type {keyof typeof CLASSES} */ (inner)].test(candidate));
    return null;
  }
}

/** @param {(candidate: string) => boolean} fits @param {string[]} named */
function oneOf(fits, named) {
  const found = [...CANDIDATES].find(fits) ?? named[0];
  if (found === undefined) throw new TooHard();
  return found;
}
