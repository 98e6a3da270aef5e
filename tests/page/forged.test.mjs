// A worker that snippets have taken over may say anything at any time: each message at each state of the page's side.

import assert from "node:assert/strict";
import { test } from "node:test";
import { READY, after, at, calls, done, sessionOf } from "./given.mjs";

const { Conversation } = await at("bridge.js");
const FIND = ["crm.find_clients", { name: "Ann" }];
const NOTE = ["crm.add_note", { client_id: "1", text: "t" }];
const ASKS = { approval: { ask: ["write"] } };
const failed = { type: "failed", errors: [{ kind: "snippet_error", message: "m" }], printed: "", printed_is_cut: false };

/** Everything that there is to say, by a name; `call` and `wait` as the next of their numbers. */
const said = (call, wait) => ({
  ready: READY,
  need: { type: "need", names: ["crm"] },
  call: calls(call, FIND),
  "a call of another number": calls(call + 1, FIND),
  "a call of the last number": calls(call - 1, FIND),
  "no call": { type: "call", calls: [] },
  wait: { type: "wait", id: wait, for_us: 10 ** 9 },
  "a wait of another number": { type: "wait", id: wait + 1, for_us: 1 },
  done: done("forged"),
  failed,
  warm: { type: "warm" },
  learn: { type: "learn", key: "catalog" },
  run: { type: "run", code: "1" },
  stubs: { type: "stubs" },
  reply: { type: "reply", elapsed_us: 0, replies: [] },
  "an unknown type": { type: "shell" },
  "the name of a member of every object": { type: "constructor" },
  nothing: "",
  "no object": "[]",
});

const ANY = ["call", "wait", "done", "failed"];
/** @type {Record<string, {lead: any[], allowed: string[], next?: [number, number], given?: any}>} */
const STATES = {
  "its run has been sent": { lead: [], allowed: ["need", ...ANY] },
  "its names have been answered": { lead: [said(1, 1).need, (worker) => (worker.sent.length > 1 ? null : undefined)], allowed: ANY },
  "a call is under way": { lead: [calls(1, FIND)], allowed: ANY, next: [2, 1], given: { invoke: () => new Promise(() => {}) } },
  "a call has been answered": { lead: [calls(1, FIND), after(1, null)], allowed: ANY, next: [2, 1] },
  "it waits, told of nothing since": { lead: [said(1, 1).wait], allowed: ["need", "call", "done", "failed"], next: [1, 2] },
};

for (const [state, { lead, allowed, next = [1, 1], given = {} }] of Object.entries(STATES)) {
  for (const [name, message] of Object.entries(said(...next))) {
    const isAllowed = allowed.includes(name);
    test(`${name}, when ${state}, ${isAllowed ? "is taken" : "ends the worker"}`, async () => {
      const sent = [];
      const invoke = given.invoke ?? ((method) => (sent.push(method), []));
      const before = lead.some((one) => one?.type === "call") ? 1 : 0;
      const { session, workers, validation } = sessionOf({ scripts: [[...lead, message, isAllowed ? done("over") : calls(next[0], NOTE)]], invoke });
      const outcome = await session.run("1");
      await new Promise((resolve) => setImmediate(resolve));
      session.close();
      validation.close();
      assert.equal(outcome.error?.message === "the worker broke the protocol and was ended", !isAllowed);
      assert.equal(workers[0].isKilled, true);
      assert.ok(!sent.includes("CRM.AddNote"));
      if (!isAllowed) assert.ok(outcome.calls.length <= before);
    });
  }
}

for (const name of Object.keys(said(1, 1))) {
  test(`${name}, before it is ready, ${name === "ready" ? "is taken" : "is out of turn"}`, () => {
    const message = said(1, 1)[name];
    const receive = () => new Conversation().receive(typeof message === "string" ? { type: message } : message);
    if (name === "ready") receive();
    else assert.throws(receive, { name: "FrameError" });
  });

  for (const [state, options, kind] of [["is over", { scripts: [[done("first")]] }, undefined], ["waits for approval", { scripts: [[calls(1, NOTE)]], policy: ASKS }, "approval_needed"]]) {
    test(`${name}, when the run ${state}, changes nothing and reaches no app`, async () => {
      const sent = [];
      const { session, workers, validation } = sessionOf({ ...options, invoke: (method) => (sent.push(method), []) });
      let told = null;
      const running = session.run("1");
      while (told === null) {
        await null;
        told = workers[0]?.told ?? null;
      }
      const outcome = await running;
      const text = JSON.stringify(outcome.toJSON());
      const message = said(2, 1)[name];
      told(typeof message === "string" ? message : JSON.stringify(message)); // as a port would that was not closed
      await new Promise((resolve) => setImmediate(resolve));
      session.close();
      validation.close();
      assert.equal(outcome.error?.kind, kind);
      assert.equal(JSON.stringify(outcome.toJSON()), text);
      assert.deepEqual([sent, workers[0].isKilled], [[], true]);
    });
  }
}
