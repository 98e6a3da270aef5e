// The adapters over small stand-ins of an io.Connect client and of an FDC3 agent; the real ones are in tests/browser.

import assert from "node:assert/strict";
import { test } from "node:test";
import { at } from "./given.mjs";

const { ofIo } = await at("io.js");
const { ofFdc3 } = await at("fdc3.js");
const { carrier, ofInvoke } = await at("transport.js");
const METHOD = { kind: "method", name: "CRM.FindClients", apps: ["crm"] };
const INTENT = { kind: "intent", name: "ShowClient", apps: ["crm"] };
const FDC3 = { kind: "fdc3_intent", name: "ViewContact", apps: ["crm"] };

const call = (adapter, route, args = {}, timeoutS = 1) => carrier(adapter)(route, args, { timeoutS, signal: new AbortController().signal });

/** A client with these methods and handlers. */
function io({ methods = [], answer = () => ({}), find = [], raise = () => ({}), contexts = {}, events = [] } = {}) {
  const asked = [];
  return {
    asked,
    interop: {
      methods: ({ name }) => methods.filter((one) => one.name.startsWith(name)),
      invoke: async (...given) => (asked.push(given), { returned: await answer(...given) }),
      subscribe: async (...given) => {
        asked.push(given);
        return {
          onData: (told) => events.forEach((data) => queueMicrotask(() => told({ data }))),
          onClosed() {},
          close: () => asked.push("closed"),
        };
      },
    },
    intents: { find: async () => find, raise: async (...given) => (asked.push(given), { result: await raise(...given) }) },
    contexts: { all: () => Object.keys(contexts), get: async (name) => contexts[name], set: async (...given) => void asked.push(given), update: async (...given) => void asked.push(given) },
    channels: { all: async () => ["Red", "Blue"], get: async (name) => ({ name, data: { a: 1 } }), publish: async (...given) => void asked.push(given) },
  };
}

test("a method is called as it is registered, with the time that is left", async () => {
  const client = io({ methods: [{ name: "CRM.FindClients" }, { name: "CRM.FindClientsToo" }], answer: () => ({ clients: [1] }) });
  assert.deepEqual(await call(ofIo(client), METHOD, { name: "Ann" }), { clients: [1] });
  const [method, args, target, options] = client.asked[0];
  assert.deepEqual([method.name, args, target, options.methodResponseTimeoutMs], ["CRM.FindClients", { name: "Ann" }, "best", 1000]);
});

test("of two methods with one name, the one with the signature of the definitions is called", async () => {
  const methods = [{ name: "CRM.FindClients", accepts: "String a", returns: "" }, { name: "CRM.FindClients", accepts: "String b", returns: "Int n" }];
  const client = io({ methods });
  await call(ofIo(client), { ...METHOD, accepts: "String b", returns: "Int n" });
  assert.equal(client.asked[0][0], methods[1]);
  await assert.rejects(call(ofIo(client), { ...METHOD, accepts: "String c" }), /another signature than in the definitions/);
});

test("named apps and all apps are called, and each answers for itself", async () => {
  const servers = [{ application: "crm", instance: "1" }, { application: "CRM2", instance: "2" }];
  const methods = [{ name: METHOD.name, getServers: () => servers }];
  const client = io({ methods });
  await call(ofIo(client), { ...METHOD, target: "crm2" });
  assert.equal(client.asked[0][2], servers[1]);
  await assert.rejects(call(ofIo(client), { ...METHOD, target: "nobody" }), /No running app or instance "nobody" offers the method "CRM.FindClients"; offered by: crm, CRM2/);
  client.interop.invoke = async () => ({
    all_return_values: [{ executed_by: servers[0], returned: { _value: 1 } }],
    all_errors: [{ executed_by: servers[1], message: "busy" }],
  });
  assert.deepEqual(await call(ofIo(client), { ...METHOD, target: "all" }), [{ target: "1", value: 1 }, { target: "2", error: "busy" }]);
  const both = await call(ofIo(client), { ...METHOD, target: ["crm", "CRM2"] });
  assert.deepEqual(both.map(({ target }) => target), ["crm", "CRM2"]);
});

test("an app that is about to come is waited for", async () => {
  const methods = [];
  setTimeout(() => methods.push({ name: METHOD.name }), 20);
  assert.deepEqual(await call(ofIo(io({ methods })), { ...METHOD, waitForS: 5 }), {});
  await assert.rejects(call(ofIo(io()), { ...METHOD, waitForS: 0.01 }), { name: "UnavailableError" });
});

for (const [what, answer, value] of [
  ["a list", { _value: [1, 2] }, [1, 2]],
  ["a text", { _value: "x" }, "x"],
  ["an object with a field of that name", { _value: 1, b: 2 }, { _value: 1, b: 2 }],
  ["nothing", undefined, null],
  ["a date", { when: new Date(1500) }, { when: "1970-01-01T00:00:01.500Z" }],
]) {
  test(`an answer that is ${what} is made plain`, async () => {
    const client = io({ methods: [{ name: METHOD.name }], answer: () => answer });
    assert.deepEqual(await call(ofIo(client), METHOD), value);
  });
}

test("a method that no app offers was sent nothing, and nothing runs that offers it", async () => {
  await assert.rejects(call(ofIo(io()), METHOD), { name: "UnavailableError", wasSent: false, isRunning: false });
});

test("an app's error is its own; one that does not answer may have acted", async () => {
  const methods = [{ name: METHOD.name }];
  const failing = io({ methods, answer: () => Promise.reject({ message: "no client Zed" }) });
  await assert.rejects(call(ofIo(failing), METHOD), { name: "AppError", message: "no client Zed" });
  const late = io({ methods, answer: () => Promise.reject({ message: "Invocation timeout (1000 ms) reached" }) });
  await assert.rejects(call(ofIo(late), METHOD), { name: "UnavailableError", wasSent: true });
  const hanging = io({ methods, answer: () => new Promise(() => {}) });
  await assert.rejects(call(ofIo(hanging), METHOD, {}, 0.02), { name: "UnavailableError", wasSent: true });
});

test("an intent is raised at an instance that runs, the one that takes the context first", async () => {
  const handlers = [
    { type: "app", applicationName: "crm" },
    { type: "instance", instanceId: "a" },
    { type: "instance", instanceId: "b", contextTypes: ["client"] },
  ];
  const client = io({ find: [{ name: "ShowClient", handlers }], raise: () => ({ shown: true }) });
  assert.deepEqual(await call(ofIo(client), INTENT, { type: "client", data: { id: 1 } }), { shown: true });
  const [request] = client.asked[0];
  assert.deepEqual(request, { intent: "ShowClient", context: { type: "client", data: { id: 1 } }, target: { instance: "b" }, timeout: 1000 });
});

test("an intent of several apps, none of which runs, is for the user to decide", async () => {
  const handlers = ["chart", "chart", "blotter"].map((applicationName) => ({ type: "app", applicationName }));
  const choices = ["chart", "blotter"];
  const told = { name: "UnavailableError", wasSent: false, isRunning: false, choices };
  const client = io({ find: [{ name: "ShowClient", handlers }] });
  await assert.rejects(call(ofIo(client), INTENT, { type: "client" }), { ...told, message: /2 apps declare it: "chart", "blotter"\. Which of them/ });
  assert.deepEqual(client.asked, []);
  const agent = { findIntent: async () => ({ apps: choices.map((appId) => ({ appId })) }), findInstances: async () => [] };
  await assert.rejects(call(ofFdc3(agent), FDC3, { type: "fdc3.contact" }), told);
});

test("an intent does not start an app", async () => {
  const client = io({ find: [{ name: "ShowClient", handlers: [{ type: "app", applicationName: "crm" }] }] });
  await assert.rejects(call(ofIo(client), INTENT, { type: "client" }), { name: "UnavailableError", isRunning: false });
  assert.deepEqual(client.asked, []);
});

test("an FDC3 context travels as io.Connect's FDC3 library sends it, and its result comes back plain", async () => {
  const result = { fdc3intentContext: { payload: { type: "fdc3.contact", name: "Ann" } } };
  const client = io({ find: [{ name: "ViewContact", handlers: [{ type: "instance", instanceId: "a" }] }], raise: () => result });
  assert.deepEqual(await call(ofIo(client), FDC3, { type: "fdc3.contact", name: "A" }), { type: "fdc3.contact", name: "Ann" });
  assert.deepEqual(client.asked[0][0].context, { type: "fdc3.contact", data: { type: "fdc3.contact", name: "A" } });
  await assert.rejects(call(ofIo(client), FDC3, { name: "A" }), { name: "ArgumentError" });
  const failing = io({ find: [{ name: "ViewContact", handlers: [{ type: "instance", instanceId: "a" }] }], raise: () => ({ fdc3error: { message: "Rejected", reason: "busy" } }) });
  await assert.rejects(call(ofIo(failing), FDC3, { type: "t" }), { name: "AppError", message: "Rejected: busy" });
});

test("a stream gives its first events, or what has come when the time is over", async () => {
  const route = { kind: "stream", name: "Ticks", apps: [], take: 2, takeForS: 0.03 };
  const methods = [{ name: "Ticks", supportsStreaming: true }];
  const client = io({ methods, events: [{ p: 1 }, { _value: 5 }, { p: 3 }] });
  assert.deepEqual(await call(ofIo(client), route), [{ p: 1 }, 5]);
  assert.equal(client.asked.at(-1), "closed");
  assert.deepEqual(await call(ofIo(io({ methods, events: [{ p: 1 }] })), route), [{ p: 1 }]);
});

test("shared contexts and channels are read and changed by name", async () => {
  const client = io({ contexts: { theme: { dark: true }, ___platform: {} } });
  const route = (name) => ({ kind: "context", name, apps: [] });
  assert.deepEqual(await call(ofIo(client), route("contexts.list")), ["theme"]);
  assert.deepEqual(await call(ofIo(client), route("contexts.get"), { name: "theme" }), { dark: true });
  await assert.rejects(call(ofIo(client), route("contexts.get"), { name: "gone" }), /There is no shared context "gone"; there is: theme/);
  await assert.rejects(call(ofIo(client), route("contexts.set"), { name: "___platform", data: {} }), /is a context of the platform/);
  await assert.rejects(call(ofIo(client), route("contexts.update"), { name: "theme", data: [] }), /is an object/);
  assert.equal(await call(ofIo(client), route("contexts.update"), { name: "theme", data: { a: 1 } }), null);
  assert.deepEqual(await call(ofIo(client), route("channels.list")), ["Blue", "Red"]);
  await call(ofIo(client), route("channels.publish"), { name: "Red", data: { a: 1 } });
  assert.deepEqual(client.asked.at(-1), [{ a: 1 }, "Red"]);
});

/** An agent that lists these apps. */
function agent({ apps = [], instances = {}, result = () => undefined } = {}) {
  const asked = [];
  return {
    asked,
    findIntent: async () => ({ intent: { name: "ViewContact" }, apps }),
    findInstances: async ({ appId }) => instances[appId] ?? [],
    raiseIntent: async (...given) => (asked.push(given), { getResult: async () => result() }),
    getUserChannels: async () => [{ id: "red", displayMetadata: { name: "Red" }, broadcast: async (given) => void asked.push(given), getCurrentContext: async () => null }],
  };
}

test("an FDC3 intent goes to an instance that runs, whoever names it", async () => {
  const listed = agent({ apps: [{ appId: "x" }, { appId: "crm", instanceId: "1", title: "CRM" }], result: () => ({ type: "fdc3.contact" }) });
  assert.deepEqual(await call(ofFdc3(listed), FDC3, { type: "fdc3.contact" }), { type: "fdc3.contact" });
  assert.deepEqual(listed.asked[0], ["ViewContact", { type: "fdc3.contact" }, { appId: "crm", instanceId: "1" }]);
  const found = agent({ apps: [{ appId: "crm" }], instances: { crm: [{ appId: "crm", instanceId: "7" }] } });
  assert.equal(await call(ofFdc3(found), FDC3, { type: "fdc3.contact" }), null);
  assert.deepEqual(found.asked[0][2], { appId: "crm", instanceId: "7" });
  await assert.rejects(call(ofFdc3(agent({ apps: [{ appId: "crm" }] })), FDC3, { type: "t" }), { name: "UnavailableError", isRunning: false });
});

test("an FDC3 agent's errors are told apart", async () => {
  const failing = (message) => agent({ apps: [{ appId: "crm", instanceId: "1" }], result: () => Promise.reject(new Error(message)) });
  await assert.rejects(call(ofFdc3(failing("IntentHandlerRejected")), FDC3, { type: "t" }), { name: "AppError", message: "IntentHandlerRejected" });
  await assert.rejects(call(ofFdc3(failing("NoAppsFound")), FDC3, { type: "t" }), { name: "UnavailableError", wasSent: false });
  await assert.rejects(call(ofFdc3(failing("IntentDeliveryFailed")), FDC3, { type: "t" }), { name: "UnavailableError", wasSent: true });
});

test("a channel is no answer, and an interop method is not there", async () => {
  const channel = agent({ apps: [{ appId: "crm", instanceId: "1" }], result: () => ({ broadcast() {} }) });
  await assert.rejects(call(ofFdc3(channel), FDC3, { type: "t" }), /a channel, which can't be given to a snippet/);
  await assert.rejects(call(ofFdc3(channel), METHOD), { name: "UnavailableError", wasSent: false });
});

test("a page's own function is asked once for each app that is named", async () => {
  const invoke = (_name, _args, { target }) => `from ${target}`;
  const both = await call(ofInvoke(invoke), { ...METHOD, target: ["a", "b"] });
  assert.deepEqual(both, [{ target: "a", value: "from a" }, { target: "b", value: "from b" }]);
  assert.deepEqual(await call(ofInvoke(invoke), { ...METHOD, target: "all" }), [{ target: "page", value: "from page" }]);
});

test("a page's own function is told the names of the desktop's handlers", async () => {
  const asked = [];
  const invoke = (name, args, { kind, timeoutS }) => (asked.push([name, args, kind, timeoutS]), [1, 2, 3]);
  await call(ofInvoke(invoke), METHOD, { a: 1 });
  await call(ofInvoke(invoke), INTENT, {});
  assert.deepEqual(asked.map(([name]) => name), ["CRM.FindClients", "intent:ShowClient"]);
  assert.deepEqual(await call(ofInvoke(invoke), { kind: "stream", name: "Ticks", apps: [], take: 2, takeForS: 1 }), [1, 2]);
});
