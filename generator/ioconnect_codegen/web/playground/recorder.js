// @ts-check
/**
 * What passes between the page and its apps during a run: when, how much, whether it held. The page's own record, for
 * the timeline and the counts; an outcome says only how long a call took.
 */

/**
 * @typedef {object} Passed
 * @property {string} wire
 * @property {number} startedMs Since the run began.
 * @property {number | null} endedMs
 * @property {string} sent The arguments, as JSON.
 * @property {string} answer The answer, as JSON; "" until it is there.
 * @property {number} records Items of the lists at the answer's top.
 */

export class Recorder {
  /** @type {Passed[]} */
  passed = [];
  /** Told whenever something has passed. */
  onChange = () => {};
  #began = 0;

  begin() {
    this.#began = performance.now();
    this.passed = [];
  }

  /**
   * Pass a call on and write down when and how much.
   * @template Answer
   * @param {string} wire @param {unknown} args @param {() => Answer | Promise<Answer>} call
   * @returns {Promise<Answer>}
   */
  async pass(wire, args, call) {
    /** @type {Passed} */
    const one = { wire, startedMs: this.#now(), endedMs: null, sent: JSON.stringify(args), answer: "", records: 0 };
    this.passed.push(one);
    this.onChange();
    try {
      const answer = await call();
      one.answer = JSON.stringify(answer) ?? "null";
      one.records = recordsOf(answer);
      return answer;
    } finally {
      one.endedMs = this.#now();
      this.onChange();
    }
  }

  #now() {
    return performance.now() - this.#began;
  }
}

/** @param {unknown} answer */
function recordsOf(answer) {
  if (Array.isArray(answer)) return answer.length;
  const lists = answer !== null && typeof answer === "object" ? Object.values(answer).filter(Array.isArray) : [];
  return lists.length > 0 ? lists.reduce((sum, list) => sum + list.length, 0) : 1;
}
