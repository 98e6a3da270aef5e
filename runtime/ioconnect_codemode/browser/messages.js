/** The message table, `messages.json`: every text of an outcome and of a look-up, the one that Python reads too. */

/**
 * @typedef {object} MessageTable
 * @property {Record<string, {stage: string, exception: string | null, texts: Record<string, string>}>} kinds
 * @property {Record<string, string>} state
 * @property {Record<string, string>} outcome
 * @property {Record<string, string>} lookup
 */

/** @type {MessageTable | null} */
let table = null;

/** Takes the table; everything that says something needs it. @param {MessageTable} read */
export function useMessages(read) {
  table = read;
}

/** A text of an error kind. @param {string} kind @param {string} text @param {Record<string, unknown>} [values] */
export function say(kind, text, values = {}) {
  return filled(known().kinds[kind].texts[text], values);
}

/** A text about what has happened. @param {string} text @param {Record<string, unknown>} [values] */
export function sayState(text, values = {}) {
  return filled(known().state[text], values);
}

/** A text of the outcome as a whole. @param {string} text @param {Record<string, unknown>} [values] */
export function sayOutcome(text, values = {}) {
  return filled(known().outcome[text], values);
}

/** A text of a list or of definitions. @param {string} text @param {Record<string, unknown>} [values] */
export function sayLookup(text, values = {}) {
  return filled(known().lookup[text], values);
}

function known() {
  if (table === null) throw new Error("the message table has not been read");
  return table;
}

/** @param {string} text @param {Record<string, unknown>} values */
function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => {
    if (!(name in values)) throw new Error(`the text "${text}" needs a value for ${name}`);
    return String(values[name]);
  });
}
