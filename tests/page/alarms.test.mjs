// Alarms in a page that is hidden and seen again: its own timers are late there, those of its worker are not.

import assert from "node:assert/strict";
import { test } from "node:test";
import { at } from "./given.mjs";

const { Alarms } = await at("alarms.js");
const LATE_MS = 600_000; // a timer of a hidden page, as far as these tests wait

/** Alarms of a page, and the workers that they have started. */
function alarmsOf({ hidden }) {
  const page = Object.assign(new EventTarget(), { hidden, listeners: 0 });
  const { addEventListener, removeEventListener } = page;
  page.addEventListener = (...given) => ((page.listeners += 1), addEventListener.apply(page, given));
  page.removeEventListener = (...given) => ((page.listeners -= 1), removeEventListener.apply(page, given));
  const workers = [];
  const alarms = new Alarms(page, () => {
    const worker = { asked: [], isEnded: false, onmessage: null, postMessage: (message) => worker.asked.push(message), terminate: () => (worker.isEnded = true) };
    workers.push(worker);
    return worker;
  });
  const turn = (isHidden) => {
    page.hidden = isHidden;
    page.dispatchEvent(new Event("visibilitychange"));
  };
  return { alarms, workers, page, turn };
}

test("an alarm of a page that is seen rings by the page's own timer", async () => {
  const { alarms, workers, page } = alarmsOf({ hidden: false });
  await new Promise((ring) => alarms.set(ring, 1));
  assert.deepEqual([workers.length, page.listeners], [0, 0]);
});

test("an alarm of a hidden page rings when its worker says so, once, and the worker is ended", () => {
  const { alarms, workers, page } = alarmsOf({ hidden: true });
  let rung = 0;
  const id = alarms.set(() => (rung += 1), LATE_MS);
  const [worker] = workers;
  assert.deepEqual(worker.asked, [[id, LATE_MS]]);
  worker.onmessage({ data: id });
  worker.onmessage({ data: id });
  assert.deepEqual([rung, worker.isEnded, page.listeners], [1, true, 0]);
});

test("alarms that are set when the page is hidden go on in one worker, with what is left of their time", () => {
  const { alarms, workers, turn } = alarmsOf({ hidden: false });
  const rung = [];
  const [first, second] = [alarms.set(() => rung.push("first"), LATE_MS), alarms.set(() => rung.push("second"), 2 * LATE_MS)];
  assert.equal(workers.length, 0);
  turn(true);
  const [worker] = workers;
  assert.deepEqual(worker.asked.map(([id]) => id), [first, second]);
  assert.ok(worker.asked[0][1] <= LATE_MS && worker.asked[0][1] > LATE_MS / 2);
  worker.onmessage({ data: first });
  assert.deepEqual([rung, worker.isEnded], [["first"], false]);
  turn(false);
  assert.equal(worker.isEnded, true);
  alarms.clear(second);
});

test("an alarm that is cleared does not ring, and whatever else a worker says rings nothing", () => {
  const { alarms, workers } = alarmsOf({ hidden: true });
  let rung = 0;
  const [one, other] = [alarms.set(() => (rung += 1), LATE_MS), alarms.set(() => (rung += 1), LATE_MS)];
  alarms.clear(one);
  for (const data of [one, 0, null, "x", { id: other }]) workers[0].onmessage({ data });
  assert.equal(rung, 0);
  alarms.clear(other);
  alarms.clear(other);
  assert.equal(workers[0].isEnded, true);
});

test("an alarm may set the next one, in the worker that is there or in another", () => {
  const { alarms, workers } = alarmsOf({ hidden: true });
  const rung = [];
  const first = alarms.set(() => (rung.push("first"), alarms.set(() => rung.push("second"), LATE_MS)), LATE_MS);
  workers[0].onmessage({ data: first });
  const [, another] = workers;
  another.onmessage({ data: another.asked[0][0] });
  assert.deepEqual([rung, workers.map(({ isEnded }) => isEnded)], [["first", "second"], [true, true]]);
});

test("where there is no page an alarm is a timer", async () => {
  await new Promise((ring) => new Alarms(null, () => assert.fail("a worker")).set(ring, 1));
});

test("an alarm that rests holds no worker and no listener, and is as good as new when it is woken", () => {
  const { alarms, workers, page } = alarmsOf({ hidden: true });
  let rung = 0;
  const id = alarms.set(() => (rung += 1), LATE_MS);
  alarms.rest(id);
  alarms.rest(id);
  workers[0].onmessage({ data: 0 });
  assert.deepEqual([page.listeners, workers.map(({ isEnded }) => isEnded)], [0, [true]]);
  alarms.wake(id);
  assert.equal(page.listeners, 1);
  const [[again, ms]] = workers[1].asked;
  assert.ok(again === id && ms <= LATE_MS);
  workers[1].onmessage({ data: id });
  assert.deepEqual([rung, page.listeners, workers[1].isEnded], [1, 0, true]);
  alarms.wake(id);
  alarms.rest(id);
  assert.equal(page.listeners, 0);
});

test("an alarm that is cleared while it rests does not ring", async () => {
  const { alarms } = alarmsOf({ hidden: false });
  const id = alarms.set(() => assert.fail("it rang"), 1);
  alarms.rest(id);
  alarms.clear(id);
  await new Promise((ring) => alarms.set(ring, 5));
});
