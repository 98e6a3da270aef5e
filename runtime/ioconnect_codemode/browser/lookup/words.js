/** Text -> the tokens that a search compares: words without their endings, and phrases; the road that `lookup/words.py` takes. */

const WORD = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\p{Nd}+|[^\P{Alphabetic}A-Za-z]+|[^\P{N}\d]+/gu;
const PLAIN = /^[\0-\x7f]*$/;
export const SAME = 0.9;
const RELATED = 0.4;
const SHORTEST_STEM = 3;
/** @type {[string, string][]} */
const ENDINGS = [
  ["ibility", "ible"], ["ability", "able"], ["ations", "ate"], ["ation", "ate"], ["ments", ""], ["ment", ""],
  ["ings", ""], ["ing", ""], ["ions", ""], ["ion", ""], ["ied", "y"], ["ed", ""], ["als", ""], ["ally", ""],
  ["al", ""], ["ly", ""], ["isation", "ise"], ["ization", "ise"], ["ise", "is"], ["ize", "is"],
];
/** @type {Record<string, number>} */
const LONGER = { al: 5, als: 5, ion: 4, ions: 4, ly: 4, ment: 5, ments: 5 };
const WHOLE = new Set(["news", "always", "series", "species"]);

/**
 * @typedef {object} Vocabulary The curated words, by token.
 * @property {Set<string>} ignored Words that say nothing of what is looked for.
 * @property {Set<string>} verbs Words that say what is done, and not with what, without their endings.
 * @property {Map<string, string[][]>} phrases First stem of a phrase to the phrases that begin with it, longest first.
 * @property {Map<string, Map<string, number>>} alternatives Token to the tokens that may stand in its place, with their worth.
 */

/** Splits text at separators, at camel case and around digits; lower case, without accents. @param {string} text @returns {string[]} */
export function words(text) {
  const plain = PLAIN.test(text) ? text : text.normalize("NFKD").replace(/\p{Mn}/gu, "");
  return (plain.match(WORD) ?? []).map((word) => word.toLowerCase());
}

/** A word without its ending: `clients` and `client`, `allocation` and `allocated` are one. @param {string} word */
export function stem(word) {
  if (!PLAIN.test(word) || word.length <= SHORTEST_STEM || WHOLE.has(word)) return word;
  let found = singular(word);
  for (const [ending, instead] of ENDINGS) {
    if (found.endsWith(ending) && found.length - ending.length >= (LONGER[ending] ?? SHORTEST_STEM)) {
      found = found.slice(0, found.length - ending.length) + instead;
      break;
    }
  }
  const last = found.at(-1) ?? "";
  if (found.length > SHORTEST_STEM && last === found.at(-2) && !"aeiousl".includes(last)) found = found.slice(0, -1);
  return found.endsWith("e") && found.length > SHORTEST_STEM ? found.slice(0, -1) : found;
}

/** @param {string} word */
function singular(word) {
  if (word.endsWith("ies") && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:ches|shes|sses|xes)$/.test(word)) return word.slice(0, -2);
  return word.endsWith("s") && !/(?:ss|us|is)$/.test(word) ? word.slice(0, -1) : word;
}

/** The tokens of text in their order, ignored words left out; a phrase comes after its words. @param {string} text @param {Vocabulary} vocabulary */
export function tokens(text, vocabulary) {
  const found = words(text);
  const stems = found.map(stem);
  const kept = stems.filter((_, place) => [...found[place]].length > 1 && !vocabulary.ignored.has(found[place]));
  return [...kept, ...phrasesIn(stems, vocabulary).map(([start, end]) => stems.slice(start, end).join(" "))];
}

/** Where curated phrases begin and end, the longest at each place. @param {string[]} stems @param {Vocabulary} vocabulary @returns {[number, number][]} */
export function phrasesIn(stems, { phrases }) {
  /** @type {[number, number][]} */
  const found = [];
  stems.forEach((one, start) => {
    const phrase = (phrases.get(one) ?? []).find((words) => words.every((word, at) => stems[start + at] === word));
    if (phrase !== undefined) found.push([start, start + phrase.length]);
  });
  return found;
}

/** The curated words of `search_words.json`. @param {{ignored: string[], verbs: string[], same: string[][], related: string[][]}} data @returns {Vocabulary} */
export function vocabularyOf(data) {
  /** @type {Map<string, Map<string, number>>} */
  const alternatives = new Map();
  /** @type {Map<string, Map<string, string[]>>} */
  const phrases = new Map();
  const groups = [...data.same.map((group) => ({ group, worth: SAME })), ...data.related.map((group) => ({ group, worth: RELATED }))];
  for (const { group, worth } of groups) {
    const stemmed = group.map((text) => words(text).map(stem));
    for (const one of stemmed) {
      const text = one.join(" ");
      if (one.length > 1) got(phrases, one[0], () => new Map()).set(text, one);
      const known = got(alternatives, text, () => new Map());
      for (const other of stemmed.map((words) => words.join(" "))) if (other !== text && !known.has(other)) known.set(other, worth);
    }
  }
  return {
    ignored: new Set(data.ignored.flatMap((line) => line.split(/\s+/).filter((word) => word !== ""))),
    verbs: new Set(data.verbs.flatMap((line) => line.split(/\s+/).filter((word) => word !== "").map(stem))),
    phrases: new Map([...phrases].map(([first, found]) => [first, [...found.values()].sort(longestFirst)])),
    alternatives,
  };
}

/** @param {string[]} one @param {string[]} other */
function longestFirst(one, other) {
  return other.length - one.length || (one.join("\0") < other.join("\0") ? -1 : 1);
}

/** @template Key, Value @param {Map<Key, Value>} map @param {Key} key @param {() => Value} make @returns {Value} */
function got(map, key, make) {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
