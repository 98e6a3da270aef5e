// @ts-check
/** What passes between the page and its apps during a run: the arguments and answers themselves, to count their size. */

/**
 * @typedef {object} Passed
 * @property {string} name Of the method or intent.
 * @property {string} sent The arguments, as JSON.
 * @property {string} answer The answer, as JSON; "" where there is none.
 * @property {number} records Items of the lists at the answer's top.
 */

export class Recorder {
  /** @type {Passed[]} */
  passed = [];
  /** @type {unknown[]} The records of the audit. */
  audited = [];

  clear() {
    this.passed = [];
    this.audited = [];
  }

  /**
   * Have a call answered and write down what went and came.
   * @param {string} name @param {unknown} args @param {() => unknown} call
   */
  async pass(name, args, call) {
    /** @type {Passed} */
    const one = { name, sent: JSON.stringify(args), answer: "", records: 0 };
    this.passed.push(one);
    const answer = await call();
    one.answer = JSON.stringify(answer) ?? "null";
    one.records = recordsOf(answer);
    return answer;
  }
}

/** @param {unknown} answer */
function recordsOf(answer) {
  if (Array.isArray(answer)) return answer.length;
  const lists = answer !== null && typeof answer === "object" ? Object.values(answer).filter(Array.isArray) : [];
  return lists.length > 0 ? lists.reduce((sum, list) => sum + list.length, 0) : 1;
}
