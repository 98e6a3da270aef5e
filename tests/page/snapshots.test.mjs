// What a page keeps of a worker's memory: whatever its store does, a page that has nothing kept starts cold and goes on.

import assert from "node:assert/strict";
import { test } from "node:test";
import { at } from "./given.mjs";

globalThis.location = { origin: "http://127.0.0.1", href: "http://127.0.0.1/" };
Promise.withResolvers ??= function withResolvers() { // every browser that the page runs in has it, Node from 22 on
  const made = {};
  made.promise = new this((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
};
const { dropSnapshot, keepSnapshot, readSnapshot, snapshotKey } = await at("snapshots.js");
const { EngineWorker } = await at("engine_worker.js");
const { FILES } = await at("assets.js");

const KEY = "http://127.0.0.1/codemode-snapshot/a";
const SNAPSHOT = { memory: new Blob([new Uint8Array([1, 2, 3, 4])]), hashSeed: "7" };

/** Cache Storage with one store in memory, which fails where a test says so. */
function storage({ fails = {} } = {}) {
  const kept = new Map();
  const acts = {
    keys: async () => [...kept.keys()].map((url) => ({ url })),
    match: async (key) => kept.get(key)?.clone(),
    put: async (key, response) => void kept.set(key, response),
    delete: async (key) => kept.delete(key.url ?? key),
  };
  const store = Object.fromEntries(Object.entries(acts).map(([name, act]) => [name, fails[name] ?? act]));
  return { kept, open: fails.open ?? (async () => store) };
}

const refused = (name) => () => Promise.reject(new DOMException("no", name));

test("what was kept is read again, with the seed of its hashes", async () => {
  globalThis.caches = storage();
  await keepSnapshot(KEY, SNAPSHOT);
  const { memory, hashSeed } = await readSnapshot(KEY);
  assert.deepEqual([...new Uint8Array(await memory.arrayBuffer())], [1, 2, 3, 4]);
  assert.equal(hashSeed, SNAPSHOT.hashSeed);
  assert.equal(await readSnapshot(`${KEY}b`), null);
});

const DENIED = {
  "a page without storage": undefined,
  "a store that is refused": storage({ fails: { open: refused("SecurityError") } }),
  "a store that can't be read": storage({ fails: { match: refused("UnknownError"), keys: refused("UnknownError"), delete: refused("UnknownError") } }),
  "a store that is full": storage({ fails: { put: refused("QuotaExceededError") } }),
};

for (const [what, caches] of Object.entries(DENIED)) {
  test(`${what} counts as empty, and nothing is thrown`, async () => {
    globalThis.caches = caches;
    await keepSnapshot(KEY, SNAPSHOT);
    assert.equal(await readSnapshot(KEY), null);
    await dropSnapshot(KEY);
  });
}

test("a store that never answers is waited for no longer than it may take", async () => {
  globalThis.caches = storage({ fails: { open: () => new Promise(() => {}) } });
  assert.equal(await readSnapshot(KEY, { withinMs: 1 }), null);
});

test("a snapshot that was cut off counts as none", async () => {
  globalThis.caches = storage();
  await keepSnapshot(KEY, SNAPSHOT);
  const { headers } = caches.kept.get(KEY);
  caches.kept.set(KEY, new Response(new Uint8Array([1, 2]), { headers }));
  assert.equal(await readSnapshot(KEY), null);
});

test("a snapshot with a seed that Python doesn't take counts as none", async () => {
  globalThis.caches = storage();
  for (const hashSeed of ["", "-5", "x", "4294967296", "1; 2"]) {
    await keepSnapshot(KEY, { ...SNAPSHOT, hashSeed });
    assert.equal(await readSnapshot(KEY), null, hashSeed);
  }
});

test("two versions are kept, and no third", async () => {
  globalThis.caches = storage();
  for (const version of ["a", "b", "c"]) await keepSnapshot(`${KEY}${version}`, SNAPSHOT);
  assert.deepEqual([...caches.kept.keys()], [`${KEY}b`, `${KEY}c`]);
});

test("where there is room for one only, it is that of the version that runs", async () => {
  const store = storage();
  const put = async (key, response) => {
    if (store.kept.size > 0) throw new DOMException("no", "QuotaExceededError");
    store.kept.set(key, response);
  };
  globalThis.caches = { open: async () => Object.assign(await store.open(), { put }) };
  await keepSnapshot(`${KEY}old`, SNAPSHOT);
  await keepSnapshot(`${KEY}new`, SNAPSHOT);
  assert.deepEqual([await readSnapshot(`${KEY}old`), await readSnapshot(`${KEY}new`)], [null, SNAPSHOT]);
});

test("another version, another file and another way to wait have another key", async () => {
  const files = (changed) => Object.fromEntries(FILES.map((name) => [name, { sha256: name === changed ? "x" : name }]));
  const manifest = { pyodide: "1", files: files(null) };
  const keys = [
    await snapshotKey(manifest, true),
    await snapshotKey(manifest, false),
    await snapshotKey({ ...manifest, pyodide: "2" }, true),
    ...(await Promise.all(FILES.filter((name) => name !== "frame.html").map((name) => snapshotKey({ ...manifest, files: files(name) }, true)))),
  ];
  assert.equal(new Set(keys).size, keys.length);
  assert.equal(await snapshotKey({ ...manifest }, true), keys[0]);
});

test("a worker of kept memory that never says it is ready is given up sooner than one that starts cold", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { port1 } = new MessageChannel();
  const frame = { begin: () => ({ port: port1, end: () => {} }) };
  const [restored, cold] = [true, false].map((restores) => new EngineWorker(frame, { restores }));
  for (const worker of [restored, cold]) worker.expect();
  t.mock.timers.tick(15_000);
  await assert.rejects(restored.started, { code: "worker_failed", message: /it took more than 15 s/ });
  assert.deepEqual([restored.isOver, cold.isOver], [true, false]);
  t.mock.timers.tick(45_000);
  await assert.rejects(cold.started, { message: /it took more than 60 s/ });
  port1.close();
});
