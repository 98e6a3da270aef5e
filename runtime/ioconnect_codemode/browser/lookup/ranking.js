/**
 * A question -> the capabilities that answer it, best first; as `lookup/ranking.py` ranks.
 *
 * Every word of the question, or phrase, is a concept: the word itself and what may stand in its place. A capability has of
 * a concept what its best token gives; what it has of all concepts adds up, and having something of more of them counts on
 * top. A word that neither the catalog nor the curated list has is taken for a slip.
 */

import { cut } from "../text.js";
import { meant } from "./slips.js";
import { SAME, phrasesIn, stem, words } from "./words.js";

/** @typedef {import("./index.js").Index} Index */
/** @typedef {Map<string, number>} Concept Token of the catalog to its worth, 0 to 1. */

const QUESTION_LIMIT = 32;
const QUESTION_CHARACTERS = 1_000;
const COMMON = 250;
const COMMON_RELATED = 100;
const OF_A_PHRASE = 0.35;
const OF_A_SLIP = 0.5;
const LEAST = 0.2;
const FIRST = 3;
const LEAST_BEHIND = 0.5;
const COVERAGE = 0.5;

/** How many of the ranked ones are worth a line that a model reads. @param {[string, number][]} found */
export function outstanding(found) {
  return Math.max(Math.min(found.length, FIRST), strong(found));
}

/** How many of the ranked ones are nearly as good as the best. @param {[string, number][]} found */
export function strong(found) {
  const best = found.length > 0 ? found[0][1] : 0;
  return found.filter(([, score]) => score >= LEAST_BEHIND * best).length;
}

/** The capabilities that have something of a question, best first, with scores; equal ones in the catalog's order. @param {Index} index @param {string} question @returns {[string, number][]} */
export function ranked(index, question) {
  /** @type {Map<number, number>} */
  const scores = new Map();
  /** @type {Map<number, number>} */
  const covered = new Map();
  let total = 0;
  const asked = concepts(index, question).map((concept) => ({ concept, size: sum([...concept.keys()].map((token) => index.count(token))) }));
  for (const { concept } of asked.sort((one, other) => one.size - other.size)) {
    const rarity = rarityOf(index, concept);
    const worth = rarity * Math.max(...concept.values());
    total += worth;
    for (const [place, score] of scoresOf(index, concept, rarity, scores)) {
      scores.set(place, (scores.get(place) ?? 0) + score);
      covered.set(place, (covered.get(place) ?? 0) + worth);
    }
  }
  let best = 0;
  for (const [place, score] of scores) {
    const whole = score * (1 - COVERAGE + (COVERAGE * /** @type {number} */ (covered.get(place))) / total);
    scores.set(place, whole);
    best = Math.max(best, whole);
  }
  const found = [...scores].filter(([, score]) => score >= LEAST * best);
  return found.sort((one, other) => other[1] - one[1] || one[0] - other[0]).map(([place, score]) => [index.names[place], score]);
}

/** What a question is made of; a word that leads to nothing in the catalog is left out. @param {Index} index @param {string} question @returns {Concept[]} */
function concepts(index, question) {
  const { vocabulary } = index;
  const asked = words(cut(question, QUESTION_CHARACTERS)).slice(0, QUESTION_LIMIT);
  const stems = asked.map(stem);
  const phrases = longest(phrasesIn(stems, vocabulary));
  const isInside = (/** @type {number} */ place) => phrases.some(([start, end]) => place >= start && place < end);
  const found = phrases.map(([start, end]) => meanings(index, stems.slice(start, end).join(" ")));
  for (let place = 0; place + 1 < stems.length; place += 1) found.push(joined(index, stems[place] + stems[place + 1]));
  asked.forEach((word, place) => {
    if (vocabulary.ignored.has(word) || [...word].length <= 1) return;
    const known = meanings(index, stems[place], isInside(place) ? OF_A_PHRASE : 1);
    found.push(known.size > 0 || isInside(place) ? known : slips(index, stems[place]));
  });
  return found.filter((one) => one.size > 0);
}

/** Leaves out phrases that begin inside another. @param {[number, number][]} phrases */
function longest(phrases) {
  let last = 0;
  return phrases.filter(([start, end]) => {
    if (start < last) return false;
    last = end;
    return true;
  });
}

/** @param {Index} index @param {string} token @param {number} [worth] @returns {Concept} */
function meanings(index, token, worth = 1) {
  /** @type {Concept} */
  const found = new Map();
  for (const [other, weight] of index.vocabulary.alternatives.get(token) ?? []) if (index.postings.has(other)) found.set(other, weight * worth);
  if (index.postings.has(token)) found.set(token, worth);
  return found;
}

/** The word that a catalog writes as one: `watch list` is its `watchlist`. @param {Index} index @param {string} word @returns {Concept} */
function joined(index, word) {
  const token = stem(word);
  return new Map(index.postings.has(token) ? [[token, 1]] : []);
}

/** @param {Index} index @param {string} word @returns {Concept} */
function slips(index, word) {
  /** @type {Concept} */
  const found = new Map();
  if (/^\p{Nd}+$/u.test(word)) return found;
  for (const one of meant(word, index.known)) {
    for (const [token, worth] of meanings(index, one, OF_A_SLIP)) found.set(token, Math.max(worth, found.get(token) ?? 0));
  }
  return found;
}

/** How much a concept tells capabilities apart, counted over the tokens that mean the same. @param {Index} index @param {Concept} concept */
function rarityOf(index, concept) {
  const most = Math.max(...concept.values());
  return index.rarity(sum([...concept].filter(([, worth]) => worth >= most * SAME).map(([token]) => index.count(token))));
}

/** What each capability has of a concept: its best token's. @param {Index} index @param {Concept} concept @param {number} rarity @param {Map<number, number>} soFar */
function scoresOf(index, concept, rarity, soFar) {
  /** @type {Map<number, number>} */
  const best = new Map();
  for (const [token, worth] of concept) {
    const postings = /** @type {Map<number, number>} */ (index.postings.get(token));
    const factor = worth * Math.min(rarity, index.rarity(postings.size));
    const isCommon = postings.size > (worth >= SAME ? COMMON : COMMON_RELATED) && soFar.size > 0;
    for (const [place, weight] of postings) {
      if (isCommon && !soFar.has(place)) continue;
      const score = factor * weight;
      if (score > (best.get(place) ?? 0)) best.set(place, score);
    }
  }
  return best;
}

/** @param {number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
