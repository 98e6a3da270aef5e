// @ts-check
/**
 * What a task costs in tokens with Code Mode, and with every capability as a tool of its own: an estimate.
 *
 * No tokenizer is in the page. The characters of the real texts are divided by what the o200k vocabulary takes on the
 * wealth desk's texts, each text counted once; a test counts those again.
 */

/** Characters of one token, in definitions and in data. */
export const CHARACTERS = { definitions: 4.2, data: 3.2 };

/** @typedef {{definitions: number, calls: number, results: number}} Spent */

/** @param {Spent} spent */
export function total({ definitions, calls, results }) {
  return definitions + calls + results;
}

/**
 * Code Mode: the three tools, what list and get gave for the functions used, the snippet, the outcome.
 * @param {{specs: unknown, listed: string, defined: string, code: string, told: string}} texts
 * @returns {Spent}
 */
export function ofCodeMode({ specs, listed, defined, code, told }) {
  return {
    definitions: definitions(JSON.stringify(specs) + listed + defined),
    calls: data(JSON.stringify({ code })),
    results: data(told),
  };
}

/**
 * Tool calling: every capability as a tool, every call with its arguments, every answer in full.
 * @param {unknown[]} tools @param {readonly import("./recorder.js").Passed[]} passed
 * @returns {Spent}
 */
export function ofToolCalling(tools, passed) {
  return {
    definitions: definitions(JSON.stringify(tools)),
    calls: passed.reduce((sum, one) => sum + data(JSON.stringify({ name: one.name, arguments: "" }) + one.sent), 0),
    results: passed.reduce((sum, one) => sum + data(one.answer), 0),
  };
}

/** @param {string} text */
function definitions(text) {
  return text.length / CHARACTERS.definitions;
}

/** @param {string} text */
function data(text) {
  return text.length / CHARACTERS.data;
}
