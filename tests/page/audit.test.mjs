// The audit of a page: what its records say, in which order they come, and what follows where nobody takes them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { after, at, calls, done, sessionOf } from "./given.mjs";

const { ArgumentError } = await at("errors.js");
const FIND = ["crm.find_clients", { name: "Ann", segment: null }]; // a worker names what is left out, too
const NOTE = ["crm.add_note", { client_id: "1", text: "t" }];
const STOP = { audit: { arguments: "names" } };
const GO_ON = { audit: { arguments: "names", on_failure: "go_on" } };
const ASKS = { effects: { "crm.add_note": "write", "crm.find_clients": "read" }, approval: { ask: ["write"] } };

/** A store for records, which fails for those that `fails` names. */
function store(fails = () => false) {
  const kept = [];
  const onAudit = async (record) => {
    await null;
    if (fails(record, kept.length)) throw new DOMException("client CL-1 does not fit", "QuotaExceededError");
    kept.push(record);
  };
  return { kept, audit: { onAudit, principal: "ann" } };
}

/** Runs one snippet a script, with the apps' calls noted. */
async function runs(scripts, { policy = STOP, audit, ...options }, code = "1") {
  const made = [];
  const invoke = (name) => (made.push(name), []);
  const given = sessionOf({ scripts, policy, audit, invoke, ...options });
  try {
    const outcomes = [];
    for (const _ of scripts) outcomes.push(await given.session.run(code));
    return { outcomes, outcome: outcomes[0], made, ...given };
  } finally {
    given.validation.close();
  }
}

const kinds = (kept) => kept.map(({ type, state, call }) => [type, state ?? null, call ?? null]);

test("where a failure stops runs each call that is no read has a record before it is sent", async () => {
  const { kept, audit } = store();
  const { outcome } = await runs([[calls(1, NOTE), after(1, done("over"))]], { audit });
  assert.equal(outcome.value, "over");
  assert.deepEqual(kinds(kept), [["sending", null, 1], ["call", "finished", 1], ["run", null, null]]);
  const [sending, call, run] = kept;
  assert.deepEqual(Object.keys(sending), ["type", "at", "run", "who", "call", "capability", "effect", "arguments"]);
  assert.deepEqual([sending.who, sending.capability, sending.effect, sending.arguments], ["ann", "crm.add_note", "write", ["client_id", "text"]]);
  assert.deepEqual([call.run, call.error, call.answer_bytes], [run.run, null, 2]);
  assert.deepEqual([run.ok, run.error, run.calls, run.resumes, run.kind], [true, null, { finished: 1 }, null, "run"]);
  assert.deepEqual(run.left, { kind: "value", bytes: outcome.text().length, printed_bytes: 0, value_bytes: null, masked_fields: [], masked: 0 });
});

test("a read has its record behind it, and nothing leaves where that is not taken", async () => {
  const good = store();
  await runs([[calls(1, FIND), after(1, done("over"))]], good);
  assert.deepEqual(kinds(good.kept), [["call", "finished", 1], ["run", null, null]]);
  assert.deepEqual([good.kept[0].effect, good.kept[0].arguments], ["read", ["name"]]);
  const full = store(() => true);
  const { outcome, made } = await runs([[calls(1, FIND), after(1, done("secret"))]], full);
  assert.deepEqual([made.length, outcome.error.kind, outcome.error.state], [1, "internal", "1 call finished (1 read)"]);
  assert.doesNotMatch(outcome.text(), /secret|CL-1/);
});

test("nothing is sent and nothing leaves where its record is not taken", async () => {
  const { kept, audit } = store(() => true);
  const { outcome, made } = await runs([[calls(1, NOTE), after(1, done("secret"))]], { audit });
  assert.deepEqual(made, []);
  assert.deepEqual(kept, []);
  assert.deepEqual([outcome.error.kind, outcome.error.state], ["internal", "no calls were made"]);
  assert.equal(outcome.error.message, "the run could not be recorded, and was ended: the audit can't be written: QuotaExceededError");
  assert.doesNotMatch(outcome.text(), /secret|CL-1/);
});

test("an outcome whose record is not taken does not leave", async () => {
  const { audit } = store(({ type }) => type === "run");
  const { outcome, made } = await runs([[calls(1, FIND), after(1, done("secret"))]], { audit });
  assert.deepEqual([made.length, outcome.ok, outcome.value, outcome.error.state], [1, false, null, "1 call finished (1 read)"]);
  assert.doesNotMatch(outcome.text(), /secret/);
});

test("a run whose question could not be recorded waits for nobody", async () => {
  const { audit } = store(({ type }) => type === "run");
  const given = sessionOf({ scripts: [[calls(1, NOTE)]], policy: { ...ASKS, ...STOP }, audit });
  const { error, calls: listed } = await given.session.run("1");
  given.validation.close();
  assert.deepEqual([error.kind, error.approval_id, error.state], ["internal", null, "no calls were made"]);
  assert.deepEqual([listed[0].state, given.session.paused.runs.size], ["refused", 0]);
});

test("the end of a call that was not taken comes with the next record that is", async () => {
  let isFull = false;
  const { kept, audit } = store(({ type }) => isFull || (type === "call" && kept.length === 1 && (isFull = true)));
  const given = sessionOf({ scripts: [[calls(1, NOTE), after(1, done("over"))], [done(2)]], policy: STOP, audit, invoke: () => [] });
  assert.equal((await given.session.run("1")).error.kind, "internal");
  isFull = false;
  kept.push({ type: "what was full has room again" });
  assert.equal((await given.session.run("2")).value, 2);
  given.validation.close();
  assert.deepEqual(kept.map(({ type, state, missing }) => [type, state ?? missing ?? null]), [
    ["sending", null],
    ["what was full has room again", null],
    ["gap", 1], // the record of the first run
    ["call", "finished"],
    ["run", null],
  ]);
});

test("with go_on the run goes on and the gap shows", async () => {
  const said = console.error;
  const told = [];
  console.error = (text) => told.push(text);
  try {
    let isFull = true;
    const { kept, audit } = store(() => isFull);
    const given = sessionOf({ scripts: [[calls(1, FIND), after(1, done("over"))], [done(2)]], policy: GO_ON, audit, invoke: () => [] });
    assert.equal((await given.session.run("1")).value, "over");
    isFull = false;
    assert.equal((await given.session.run("2")).value, 2);
    given.validation.close();
    assert.deepEqual(kept.map(({ type, missing }) => [type, missing]), [["gap", 2], ["run", undefined]]);
    assert.deepEqual(told, ["Code Mode: the audit can't be written: QuotaExceededError; the run goes on, as policy says"]);
  } finally {
    console.error = said;
  }
});

test("records come one after another, also of calls made side by side", async () => {
  const kept = [];
  let underWay = 0;
  const onAudit = async (record) => {
    underWay += 1;
    assert.equal(underWay, 1);
    await new Promise((go) => setImmediate(go));
    kept.push(record);
    underWay -= 1;
  };
  await runs([[calls(1, NOTE, NOTE, NOTE), after(3, done(1))]], { audit: { onAudit } });
  assert.deepEqual(kept.map(({ type }) => type).sort(), ["call", "call", "call", "run", "sending", "sending", "sending"]);
  assert.equal(kept.at(-1).type, "run");
  for (const id of [1, 2, 3]) assert.deepEqual(kept.filter(({ call }) => call === id).map(({ type }) => type), ["sending", "call"]);
});

test("calls that are refused, stood in for or cut off are recorded too", async () => {
  const refused = store();
  await runs([[calls(1, ["crm.nothing", { "a masked value": 1 }]), after(1, done(1))]], { audit: refused.audit });
  assert.deepEqual(refused.kept.map(({ type, state, error, capability, arguments: shown }) => [type, state, error, capability, shown]), [
    ["call", "refused", "denied", "crm.nothing", ["1 unknown"]],
    ["run", undefined, null, undefined, undefined],
  ]);
  const failed = store();
  const notSent = () => Promise.reject(new ArgumentError("x"));
  await runs([[calls(1, NOTE), after(1, done(1))]], { audit: failed.audit, invoke: notSent });
  assert.deepEqual(kinds(failed.kept).slice(0, 2), [["sending", null, 1], ["call", "refused", 1]]);
  const cutOff = store();
  await runs([[calls(1, FIND), done(1)]], { audit: cutOff.audit, invoke: () => new Promise(() => {}) });
  assert.deepEqual(kinds(cutOff.kept).at(-1), ["run", null, null]);
});

test("a run that is resumed names the one before", async () => {
  const { kept, audit } = store();
  const policy = { ...ASKS, ...STOP };
  const given = sessionOf({ scripts: [[calls(1, NOTE)], [calls(1, NOTE), after(1, done("done"))]], policy, audit, invoke: () => [] });
  const { error } = await given.session.run("1");
  assert.equal((await given.session.resume(error.approval_id, true)).value, "done");
  given.validation.close();
  assert.deepEqual(kinds(kept), [
    ["call", "held", 1],
    ["run", null, null],
    ["sending", null, 1],
    ["call", "finished", 1],
    ["run", null, null],
  ]);
  assert.deepEqual([kept[1].error, kept[1].resumes, kept[4].resumes], ["approval_needed", null, kept[1].run]);
  assert.notEqual(kept[4].run, kept[1].run);
});

test("an approval that comes too late has a record, of the snippet and the names alone", async () => {
  const { kept, audit } = store();
  const policy = { ...ASKS, ...STOP, approval: { ask: ["write"], expires_s: 0.02 } };
  const given = sessionOf({ scripts: [[calls(1, NOTE)]], policy, audit, invoke: () => [] });
  const { error } = await given.session.run("1", { inputs: { client: "CL-1" } });
  await new Promise((go) => setTimeout(go, 60));
  assert.equal((await given.session.resume(error.approval_id, true)).error.kind, "denied");
  given.validation.close();
  const [, before, late] = kept;
  assert.deepEqual([late.type, late.error, late.resumes, late.calls], ["run", "denied", before.run, { refused: 1 }]);
  assert.deepEqual([late.snippet, late.inputs], [before.snippet, ["client"]]);
});

test("a text that is no snippet, a review and a dry run have a record", async () => {
  const { kept, audit } = store();
  const given = sessionOf({ scripts: [[done(1)], [done(1)]], policy: STOP, audit });
  await given.session.run("\0");
  await given.session.run("1", { onlyReview: true });
  await given.session.run("1", { dryRun: true, inputs: { b: 1, a: 2 } });
  given.validation.close();
  assert.deepEqual(kept.map(({ kind, error, inputs }) => [kind, error, inputs]), [
    ["run", "syntax", []],
    ["review", null, []],
    ["dry_run", null, ["a", "b"]],
  ]);
});

test("a page that is left while a run goes on has its record", async () => {
  const { kept, audit } = store();
  const given = sessionOf({ scripts: [[]], policy: STOP, audit });
  const running = given.session.run("1");
  await null;
  given.session.close();
  assert.equal((await running).error.kind, "worker_lost");
  given.validation.close();
  assert.deepEqual(kept.map(({ type, error }) => [type, error]), [["run", "worker_lost"]]);
});
