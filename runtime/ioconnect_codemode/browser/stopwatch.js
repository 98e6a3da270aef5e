/** Time that can stand still: the budgets of a run, and what its snippet sleeps. */

import { clearAlarm, setAlarm } from "./alarms.js";

/** Seconds, counted while it runs; at its limit it acts once. */
export class Stopwatch {
  /** @param {number} limitS @param {() => void} act */
  constructor(limitS, act) {
    this.limitS = limitS;
    this.act = act;
    this.passedBefore = 0;
    /** @type {number | null} */
    this.since = null;
    /** @type {number | null} */
    this.timer = null;
  }

  /** Seconds that it has run. */
  get passedS() {
    return this.since === null ? this.passedBefore : this.passedBefore + (performance.now() - this.since) / 1000;
  }

  /** Lets it go on, or stand still. @param {boolean} isToStand */
  set(isToStand) {
    if (isToStand && this.since !== null) {
      this.passedBefore = this.passedS;
      this.since = null;
    } else if (!isToStand && this.since === null) {
      this.since = performance.now();
      if (this.timer === null) this.#setTimer();
    }
  }

  /** Has run so many seconds, whatever was counted. @param {number} seconds */
  goOnFrom(seconds) {
    this.passedBefore = seconds;
    if (this.since !== null) this.since = performance.now();
    if (this.timer === null) return;
    clearAlarm(this.timer); // it may come too late now
    this.#setTimer();
  }

  /** Stands still for good. */
  close() {
    this.set(true);
    clearAlarm(this.timer);
    this.timer = null;
  }

  // A timer that comes too early for what has been counted sets the next one: clocks stop and go on twice a call.
  #setTimer() {
    this.timer = setAlarm(() => this.#look(), Math.max(0, Math.ceil((this.limitS - this.passedS) * 1000)));
  }

  #look() {
    this.timer = null;
    if (this.since === null) return;
    if (this.passedS < this.limitS) this.#setTimer();
    else this.act();
  }
}
