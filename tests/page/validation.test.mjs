// Schemas under a deadline: a hostile pattern costs its own check, never the page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { at, validationOf } from "./given.mjs";

const { ArgumentCheck } = await at("arguments.js");
const { PackageError } = await at("errors.js");
const HOSTILE = { type: "string", pattern: "^(a+)+$" };
const EVIL = `${"a".repeat(60)}b`;

test("a pattern without end is given up at the deadline, and the page's own time goes on", async () => {
  const validation = validationOf({ deadlineMs: 300 });
  await validation.findings({ type: "string", pattern: "^x$" }, "x", "crm.f"); // the worker is there
  let ticks = 0;
  const timer = setInterval(() => (ticks += 1), 10);
  const found = await validation.findings(HOSTILE, EVIL, "crm.f");
  clearInterval(timer);
  assert.deepEqual(found, [{ path: "$", expected: "a value that can be checked within 0.3 s", got: "another" }]);
  assert.ok(ticks > 5);
  validation.close();
});

test("checks that wait behind it are done by another worker", async () => {
  const validation = validationOf({ deadlineMs: 300 });
  const all = await Promise.all([
    validation.findings(HOSTILE, EVIL, "crm.f"),
    validation.findings({ type: "string", pattern: "^x$" }, "y", "crm.g"),
    validation.findings(HOSTILE, "aaa", "crm.f"),
  ]);
  assert.deepEqual(all.map((found) => found.length), [1, 1, 0]);
  assert.equal(validation.started.count, 2);
  validation.close();
});

test("a value that surely fits needs no worker", () => {
  const validation = validationOf();
  assert.deepEqual(validation.findings({ type: "string" }, "x", "crm.f"), []);
  assert.equal(validation.started.count, 0);
  validation.close();
});

test("branches that lead to branches without end are not followed in the page", async () => {
  const levels = Array.from({ length: 60 }, (_, at) => [`l${at}`, { anyOf: [{ $ref: `#/$defs/l${at + 1}` }, { $ref: `#/$defs/l${at + 1}` }] }]);
  const schema = { $ref: "#/$defs/l0", $defs: { ...Object.fromEntries(levels), l60: { type: "string" } } };
  const validation = validationOf({ deadlineMs: 300 });
  assert.deepEqual(validation.findings(schema, "x", "crm.f"), []); // the first branch of each
  const found = await validation.findings(schema, 1, "crm.f");
  assert.deepEqual(found, [{ path: "$", expected: "a value that can be checked within 0.3 s", got: "another" }]);
  validation.close();
});

test("references that lead in a long circle are left to the worker", async () => {
  const circle = Array.from({ length: 400 }, (_, at) => [`c${at}`, { $ref: `#/$defs/c${(at + 1) % 400}` }]);
  const validation = validationOf({ deadlineMs: 300 });
  const found = await validation.findings({ $ref: "#/$defs/c0", $defs: Object.fromEntries(circle) }, 1, "crm.f");
  assert.equal(found.length, 1);
  validation.close();
});

test("a schema that leads outside itself can't be used", async () => {
  const validation = validationOf();
  await assert.rejects(async () => validation.findings({ $ref: "https://example.com/schema" }, 1, "crm.f"), PackageError);
  await assert.rejects(async () => validation.findings({ $ref: "https://example.com/schema" }, 1, "crm.f"), PackageError);
  validation.close();
});

test("a value nested without end is refused, not walked", async () => {
  let value = 1;
  for (let level = 0; level < 50_000; level += 1) value = [value];
  const validation = validationOf();
  assert.equal((await validation.findings({}, value, "crm.f"))[0].expected, "at most 200 levels");
  validation.close();
});

test("a worker that can't be started is told, and nothing hangs", async () => {
  const { Validation } = await at("validation.js");
  const broken = () => {
    const made = { postMessage() {}, terminate() {}, onmessage: null, onerror: null };
    queueMicrotask(() => made.onerror(new Error("blocked")));
    return made;
  };
  const validation = new Validation(broken);
  await assert.rejects(async () => validation.findings({ pattern: "x" }, "y", "crm.f"), PackageError);
});

test("closing ends the checks under way", async () => {
  const validation = validationOf({ deadlineMs: 5_000 });
  const running = assert.rejects(async () => validation.findings(HOSTILE, EVIL, "crm.f"), PackageError);
  setTimeout(() => validation.close(), 20);
  await running;
});

const ENTRY = { parameters: [{ name: "x", key: "x", type: "L0", required: true, nullable: false }] };
const REFUSED = [{ problem: "type", parameter: "x", path: "", expected: "L0", got: "a value that takes too long to check" }];

/** A type by levels, each an alias of the next. @param {(level: number) => string} typeAt */
function checkOf(typeAt, levels = 60, last = "str") {
  const types = Array.from({ length: levels }, (_, level) => [`L${level}`, { kind: "alias", type: typeAt(level) }]);
  return new ArgumentCheck(new Map([...types, [`L${levels}`, { kind: "alias", type: last }]]));
}

test("a type whose branches lead to branches without end is given up, and the argument refused", () => {
  const check = checkOf((level) => `L${level + 1} | L${level + 1}`);
  assert.deepEqual(check.mismatches(ENTRY, { x: "fits the first of each" }), []);
  assert.deepEqual(check.mismatches(ENTRY, { x: 1 }), REFUSED);
});

test("what fits the first branch of such a type is sent as it is", () => {
  const check = checkOf((level) => `L${level + 1} | L${level + 1}`, 60, "dict[str, str]");
  assert.deepEqual(check.mismatches(ENTRY, { x: { a: "b" } }), []);
  assert.deepEqual(check.given(ENTRY, { x: { a: "b" } }), { x: { a: "b" } });
});

test("a type that is itself is given up, and the argument refused", () => {
  assert.deepEqual(checkOf(() => "L0").mismatches(ENTRY, { x: 1 }), REFUSED);
});
