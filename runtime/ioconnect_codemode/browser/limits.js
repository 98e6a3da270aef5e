/** Limits of a run, with the desktop's names and defaults; all are enforced by the page. */

import { UsageError } from "./errors.js";
import { grouped } from "./text.js";

/**
 * @typedef {object} Limits
 * @property {number} timeout_s Seconds the snippet itself may run; waiting for apps doesn't count.
 * @property {number} total_s Seconds from the start to the outcome, waiting for apps included.
 * @property {number} call_timeout_s Seconds one call may wait for its app.
 * @property {number} memory_bytes What the worker's WebAssembly memory may grow to.
 * @property {number} calls Calls in one run.
 * @property {number} calls_at_once Calls that may wait for apps at the same time.
 * @property {number} call_bytes Size of one message of the worker.
 * @property {number} value_characters Size of a value, as compact JSON, that leaves as a whole.
 * @property {number} printed_characters
 * @property {number} code_bytes Size of a snippet, in UTF-8.
 */

const DAY_S = 86_400;
const MIB = 1024 * 1024;

/** @type {Readonly<Limits>} */
export const DEFAULT_LIMITS = Object.freeze({
  timeout_s: 10,
  total_s: 60,
  call_timeout_s: 30,
  memory_bytes: 512 * MIB,
  calls: 1000,
  calls_at_once: 32,
  call_bytes: 8 * MIB,
  value_characters: 20_000,
  printed_characters: 4_000,
  code_bytes: 64 * 1024,
});

/** @type {Record<string, [number, number]>} */
const RANGES = { memory_bytes: [64 * MIB, 2 ** 40], call_bytes: [4_096, 2 ** 31] };

/**
 * Limits with some of them changed.
 *
 * @param {Readonly<Limits>} limits
 * @param {Partial<Limits>} changes
 * @returns {Readonly<Limits>}
 * @throws {UsageError} There is no such limit, or the value can't be one.
 */
export function limitsWith(limits, changes) {
  for (const [name, value] of Object.entries(changes)) hold(name, value);
  return Object.freeze({ ...limits, ...changes });
}

/** @param {string} name */
export function isLimit(name) {
  return Object.hasOwn(DEFAULT_LIMITS, name);
}

/** @param {string} name @param {unknown} value */
function hold(name, value) {
  if (!isLimit(name)) throw new UsageError(`there is no limit ${name.slice(0, 80)}; there are ${Object.keys(DEFAULT_LIMITS).join(", ")}`);
  const isSeconds = name.endsWith("_s");
  const isNumber = typeof value === "number" && Number.isFinite(value) && (isSeconds || Number.isInteger(value));
  if (!isNumber || value <= 0) {
    throw new UsageError(`${name} must be a ${isSeconds ? "number" : "whole number"} above 0, not ${shown(value)}`);
  }
  const [lowest, highest] = RANGES[name] ?? [0, isSeconds ? DAY_S : 2 ** 40];
  if (value < lowest || value > highest) {
    throw new UsageError(`${name} must be from ${grouped(lowest)} to ${grouped(highest)}, not ${shown(value)}`);
  }
}

/** @param {unknown} value */
function shown(value) {
  return String(JSON.stringify(value) ?? value).slice(0, 40);
}
