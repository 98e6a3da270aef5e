/**
 * Timers for deadlines: in time in a page that nobody sees, too.
 *
 * A browser lets the timers of a hidden page wait for up to a second, later for up to a minute; those of its workers go on.
 * While the page is hidden and an alarm is set, a worker has timers beside the page's own: whichever comes first counts.
 */

import { ownWorker } from "./own_worker.js";

/** @typedef {{postMessage: (message: any) => void, onmessage: any, terminate: () => void}} AlarmWorker */
/** @typedef {{act: () => void, at: number, timer: any}} Alarm */
/** @typedef {{hidden: boolean, addEventListener: (type: string, told: () => void) => void, removeEventListener: (type: string, told: () => void) => void}} Page */

export class Alarms {
  #page;
  #start;
  #lastId = 0;
  /** @type {Map<number, Alarm>} */
  #open = new Map();
  /** @type {Map<number, Alarm>} Those that nobody waits for just now. */
  #resting = new Map();
  /** @type {AlarmWorker | null} */
  #worker = null;
  #looked = () => this.#look();

  /** @param {Page | null} page Null where there is none, as in a worker. @param {() => AlarmWorker} start */
  constructor(page, start) {
    this.#page = page;
    this.#start = start;
  }

  /** Has something done after so many milliseconds, once; gives what `clear` takes. @param {() => void} act @param {number} ms */
  set(act, ms) {
    const id = ++this.#lastId;
    this.#add(id, { act, at: performance.now() + ms, timer: setTimeout(() => this.#ring(id), ms) });
    return id;
  }

  /** @param {number | null} id */
  clear(id) {
    const alarm = this.#taken(id);
    if (alarm !== undefined) clearTimeout(alarm.timer);
  }

  /**
   * Lets an alarm rest: nobody waits for it, so it may be late, and holds no worker and no process. It is there to be
   * woken, in the place of another one.
   * @param {number | null} id
   */
  rest(id) {
    const alarm = this.#taken(id);
    if (alarm === undefined) return;
    alarm.timer.unref?.(); // a number in a browser
    this.#resting.set(/** @type {number} */ (id), alarm);
  }

  /** @param {number | null} id */
  wake(id) {
    const alarm = this.#taken(id);
    if (alarm === undefined) return;
    alarm.timer.ref?.();
    this.#add(/** @type {number} */ (id), alarm);
  }

  /** @param {number} id @param {Alarm} alarm */
  #add(id, alarm) {
    this.#open.set(id, alarm);
    if (this.#open.size === 1) this.#page?.addEventListener("visibilitychange", this.#looked);
    if (this.#page?.hidden) this.#ask(id, Math.max(0, alarm.at - performance.now()));
  }

  /** @param {number | null} id @returns {Alarm | undefined} One that is there no more. */
  #taken(id) {
    if (id === null) return undefined;
    const resting = this.#resting.get(id);
    if (resting !== undefined) {
      this.#resting.delete(id);
      return resting;
    }
    const alarm = this.#open.get(id);
    if (!this.#open.delete(id) || this.#open.size > 0) return alarm;
    this.#page?.removeEventListener("visibilitychange", this.#looked);
    this.#endWorker();
    return alarm;
  }

  /** @param {number} id */
  #ring(id) {
    const alarm = this.#taken(id);
    clearTimeout(alarm?.timer);
    alarm?.act();
  }

  /** The page was hidden, or is seen again. */
  #look() {
    if (!this.#page?.hidden) this.#endWorker();
    else for (const [id, { at }] of this.#open) this.#ask(id, Math.max(0, at - performance.now()));
  }

  /** @param {number} id @param {number} ms */
  #ask(id, ms) {
    if (this.#worker === null) {
      this.#worker = this.#start();
      this.#worker.onmessage = (/** @type {{data: number}} */ { data }) => this.#ring(data);
    }
    this.#worker.postMessage([id, Math.ceil(ms)]);
  }

  #endWorker() {
    this.#worker?.terminate();
    this.#worker = null;
  }
}

const alarms = new Alarms(globalThis.document ?? null, () => /** @type {AlarmWorker} */ (ownWorker("alarm_worker.js")));

/** Has something done after so many milliseconds; gives what `clearAlarm` takes. @param {() => void} act @param {number} ms */
export function setAlarm(act, ms) {
  return alarms.set(act, ms);
}

/** @param {number | null} id */
export function clearAlarm(id) {
  alarms.clear(id);
}

/** Lets an alarm rest that nobody waits for. @param {number | null} id */
export function restAlarm(id) {
  alarms.rest(id);
}

/** @param {number | null} id */
export function wakeAlarm(id) {
  alarms.wake(id);
}
