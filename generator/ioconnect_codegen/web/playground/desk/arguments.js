// @ts-check
/** Reading arguments as apps do: each reader gives the value in the asked type, or says plainly what is wrong. */

/** @typedef {Record<string, any>} Arguments */

/** A text that has to be there. @param {Arguments} args @param {string} key @returns {string} */
export function text(args, key) {
  const value = args[key];
  if (typeof value !== "string" || value === "") throw new Error(`${key} is missing`);
  return value;
}

/** A text, or null where it is absent or null. @param {Arguments} args @param {string} key */
export function textOrNull(args, key) {
  return args[key] == null ? null : text(args, key);
}

/** The texts of a list, none where it is absent. @param {Arguments} args @param {string} key @returns {string[]} */
export function texts(args, key) {
  return Array.isArray(args[key]) ? args[key].filter((one) => typeof one === "string") : [];
}

/** A number that has to be there. @param {Arguments} args @param {string} key @returns {number} */
export function number(args, key) {
  if (typeof args[key] !== "number") throw new Error(`${key} is no number`);
  return args[key];
}

/** A number, or null where it is absent or null. @param {Arguments} args @param {string} key */
export function numberOrNull(args, key) {
  return args[key] == null ? null : number(args, key);
}

/** A whole number. @param {Arguments} args @param {string} key @param {number} fallback */
export function count(args, key, fallback) {
  return args[key] == null ? fallback : Math.trunc(number(args, key));
}

/** A day as `2026-03-16`, from ISO text or milliseconds since 1970; null where it is absent. @param {Arguments} args @param {string} key */
export function day(args, key) {
  const value = args[key];
  if (typeof value === "number") return new Date(value).toISOString().slice(0, 10);
  return value == null ? null : text(args, key).slice(0, 10);
}

/** A JSON object of the fields that have a value: apps leave absent ones out. @param {Record<string, any>} fields */
export function record(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null));
}

/**
 * Rounds as Python does: to the nearest, and from the exact middle to the even digit.
 * @param {number} value @param {number} digits
 */
export function rounded(value, digits) {
  const doubled = value * 2 * 10 ** digits;
  // Only multiples of a power of two lie exactly in the middle of two decimals.
  const isMiddle = Number.isInteger(value * 2 ** (digits + 1)) && Number.isInteger(doubled) && Math.abs(doubled % 2) === 1;
  if (!isMiddle) return Number(value.toFixed(digits));
  const below = Math.floor(doubled / 2);
  return (below % 2 === 0 ? below : below + 1) / 10 ** digits;
}
