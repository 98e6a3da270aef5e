// A run that is given up, or whose session is closed, at every moment of it: it ends at once, once, and leaves no worker.

import assert from "node:assert/strict";
import { test } from "node:test";
import { after, calls, done, sessionOf } from "./given.mjs";

const FIND = ["crm.find_clients", { name: "Ann" }];
const TURNS = 40; // of the queue of promises; behind them come milliseconds
const MOMENTS = [...Array.from({ length: TURNS / 2 }, (_, place) => 2 * place), ...Array.from({ length: 8 }, (_, place) => TURNS + place)];
const ENDS = {
  "given up": [({ abort }) => abort.abort(), "whoever asked for the run has given it up"],
  closed: [({ session }) => session.close(), "the session was closed while the snippet was running"],
};
const SCENES = {
  "that calls an app": {},
  "whose app does not answer": { invoke: () => new Promise(() => {}) },
  "that a person is asked about": { policy: { effects: { "crm.find_clients": "write" }, approval: { ask: ["write"] } }, onApproval: () => new Promise((go) => setTimeout(go, 3, true)) },
  "that is paused": { policy: { effects: { "crm.find_clients": "write" }, approval: { ask: ["write"] } } },
  "that is recorded": { policy: { audit: {} }, audit: { onAudit: () => new Promise((go) => setTimeout(go, 1)) } },
};

for (const [end, [act, message]] of Object.entries(ENDS)) {
  for (const [scene, given] of Object.entries(SCENES)) {
    test(`a run ${scene} and is ${end} at any moment ends at once, once, and leaves no worker`, async () => {
      const seen = new Set();
      for (const moment of MOMENTS) {
        const sent = [];
        const invoke = given.invoke ?? ((name) => (sent.push(name), []));
        const { session, workers, validation } = sessionOf({ scripts: [[calls(1, FIND), after(1, done("over"))]], ...given, invoke });
        const abort = new AbortController();
        const running = session.run("1", { signal: abort.signal });
        for (let step = 0; step < moment; step += 1) await (step < TURNS ? null : new Promise((go) => setTimeout(go, 1)));
        act({ abort, session });
        const sentBefore = sent.length;
        const { ok, error } = await running;
        seen.add(ok ? "ok" : error.message);
        await new Promise((go) => setImmediate(go));
        assert.ok(ok || error.kind === "approval_needed" || error.message === message, error?.message);
        assert.ok(workers.every((worker) => worker.isKilled));
        if (!ok) assert.equal(sent.length, sentBefore);
        session.close();
        validation.close();
      }
      assert.ok(seen.has(message));
    });
  }
}
