/**
 * Checks against JSON Schemas, as the page asks for them: a quick yes in the page, else the worker's word, under a deadline.
 *
 * A schema's pattern may be hostile. The worker has one check at a time; where it doesn't answer in time it is ended, the
 * value counts as not fitting, and the next check gets a new worker. The page itself never runs a schema's pattern.
 */

import { clearAlarm, setAlarm } from "./alarms.js";
import { LOAD_AGAIN } from "./engine_error.js";
import { PackageError } from "./errors.js";
import { fitsForSure } from "./quick.js";
import { isDeep } from "./values.js";

/** @typedef {import("./findings.js").Finding} Finding */
/** @typedef {{postMessage: (message: any) => void, onmessage: any, onerror: any, terminate: () => void}} SchemaWorker */
/** @typedef {{schema: any, value: any, name: string, done: (findings: Finding[]) => void, failed: (error: Error) => void}} Check */

const DEADLINE_MS = 2_000; // 10,000 records of 12 fields take the validator a quarter of a second
const START_MS = 20_000;
const LEVELS = 200;

export class Validation {
  /** @param {() => SchemaWorker} start Starts a worker. @param {{deadlineMs?: number}} [options] */
  constructor(start, { deadlineMs = DEADLINE_MS } = {}) {
    this.start = start;
    this.deadlineMs = deadlineMs;
    /** @type {Check[]} */
    this.waiting = [];
    /** @type {Check | null} */
    this.current = null;
    /** @type {SchemaWorker | null} */
    this.worker = null;
    this.isReady = false;
    /** @type {Map<any, number>} */
    this.keys = new Map();
    /** @type {Set<number>} */
    this.sent = new Set();
    this.lastId = 0;
    /** @type {number | null} */
    this.alarm = null;
    this.isClosed = false;
  }

  /**
   * The first places where a value doesn't fit; none where it fits.
   *
   * @param {any} schema The package's own object: it is kept by identity.
   * @param {any} value Plain.
   * @param {string} name The capability, for the error.
   * @returns {Promise<Finding[]> | Finding[]}
   * @throws {PackageError} The schema can't be used.
   */
  findings(schema, value, name) {
    if (isDeep(value, LEVELS)) return [{ path: "$", expected: `at most ${LEVELS} levels`, got: "more" }];
    if (fitsForSure(schema, value)) return [];
    return new Promise((done, failed) => {
      this.waiting.push({ schema, value, name, done, failed });
      this.#next();
    });
  }

  /** Ends the worker; checks under way fail. */
  close() {
    this.isClosed = true;
    clearAlarm(this.alarm);
    this.worker?.terminate();
    const open = this.current === null ? this.waiting : [this.current, ...this.waiting];
    this.waiting = [];
    this.current = null;
    for (const check of open) check.failed(new PackageError("the page has closed Code Mode"));
  }

  #next() {
    if (this.current !== null || this.waiting.length === 0 || this.isClosed) return;
    if (this.worker === null) this.#begin();
    if (!this.isReady) return;
    const check = /** @type {Check} */ (this.waiting.shift());
    this.current = check;
    const key = this.keys.get(check.schema) ?? this.keys.size + 1;
    this.keys.set(check.schema, key);
    this.lastId += 1;
    const message = { id: this.lastId, key, value: check.value, schema: this.sent.has(key) ? undefined : check.schema };
    this.alarm = setAlarm(() => this.#tooLong(), this.deadlineMs);
    this.sent.add(key);
    /** @type {SchemaWorker} */ (this.worker).postMessage(message);
  }

  #begin() {
    const worker = this.start();
    this.worker = worker;
    this.isReady = false;
    worker.onmessage = (/** @type {{data: any}} */ { data }) => this.#answered(worker, data);
    worker.onerror = () => this.#lost(worker, `the worker for schemas can't be started; ${LOAD_AGAIN}`);
    this.alarm = setAlarm(() => this.#lost(worker, `the worker for schemas did not start; ${LOAD_AGAIN}`), START_MS);
  }

  /** @param {SchemaWorker} worker @param {any} answer */
  #answered(worker, answer) {
    if (worker !== this.worker) return;
    clearAlarm(this.alarm);
    if (answer.id === 0) {
      this.isReady = true;
    } else if (this.current !== null && answer.id === this.lastId) {
      const check = this.current;
      this.current = null;
      if (answer.problem === undefined) check.done(answer.findings);
      else {
        this.sent.delete(/** @type {number} */ (this.keys.get(check.schema)));
        check.failed(new PackageError(`the schema of ${check.name} can't be used: ${answer.problem}; \`codemode generate\` makes it anew`));
      }
    }
    this.#next();
  }

  #tooLong() {
    const check = /** @type {Check} */ (this.current);
    this.#drop();
    check.done([{ path: "$", expected: `a value that can be checked within ${this.deadlineMs / 1000} s`, got: "another" }]);
    this.#next();
  }

  /** @param {SchemaWorker} worker @param {string} problem */
  #lost(worker, problem) {
    if (worker !== this.worker) return;
    const open = this.current === null ? this.waiting.splice(0) : [this.current, ...this.waiting.splice(0)];
    this.#drop();
    for (const check of open) check.failed(new PackageError(problem));
  }

  #drop() {
    clearAlarm(this.alarm);
    this.worker?.terminate();
    this.worker = null;
    this.isReady = false;
    this.current = null;
    this.sent.clear();
  }
}
