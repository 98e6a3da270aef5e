// An app that does what standard input tells it, line by line, on the real io.Connect client (@interopio/core).
//
//   node told_app.mjs --url ws://127.0.0.1:8385 [--user dev] [--application told]
//
// A line is {"register": [{"definition": {...}, "does": {...}}]}, {"unregister": ["Name"]} or {"stream": {...}}; each is answered with
// {"done": true} once the gateway knows. `does` says how a method behaves: {"answer": x}, {"echo": true}, {"throw": "text"},
// {"hang": true}, {"after_ms": 50, "answer": x}, {"size": 5000000}, {"leave": true}, {"starts": [{"definition": ..., "does": ...}]}: as
// io.Connect Desktop starts an app, whose methods are these.

import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

import core from '@interopio/core';

import { endWithParent, sayReady } from './process.mjs';

const { values: options } = parseArgs({
  options: {
    url: { type: 'string' },
    user: { type: 'string', default: 'dev' },
    application: { type: 'string', default: 'told' },
  },
});

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const never = () => new Promise(() => {});
const calls = {};

function behaviour(name, does) {
  return async (given) => {
    calls[name] = (calls[name] ?? 0) + 1;
    if (does.leave) process.exit(3);
    if (does.hang) return never();
    if (does.after_ms) await sleep(does.after_ms);
    if (does.throw) throw new Error(does.throw);
    if (does.starts) {
      setTimeout(() => obey({ register: does.starts }), 50); // an app registers after it has been started
      return { Id: io.interop.instance.instance };
    }
    if (does.size) return { text: 'x'.repeat(does.size) };
    if (does.count) return { calls: calls[does.count] ?? 0 };
    return does.echo ? given : does.answer;
  };
}

const io = await core({
  application: options.application,
  gateway: { ws: options.url, reconnectInterval: 100, reconnectAttempts: 600 },
  auth: { username: options.user, password: '' },
  logger: 'off',
});

async function obey({ register = [], unregister = [], stream }) {
  await Promise.all(register.map(({ definition, does }) => io.interop.register(definition, behaviour(definition.name, does))));
  for (const name of unregister) io.interop.unregister({ name });
  if (stream) {
    const { definition, every_ms, events, closes } = stream;
    const made = await io.interop.createStream(definition, {
      subscriptionRequestHandler: (request) => (stream.rejects ? request.reject(stream.rejects) : request.accept()),
      subscriptionAddedHandler: async (subscription) => {
        for (const event of events) {
          await sleep(every_ms);
          subscription.push(event);
        }
        if (closes) subscription.close();
      },
    });
    void made;
  }
}

createInterface({ input: process.stdin }).on('line', async (line) => {
  await obey(JSON.parse(line));
  process.stdout.write(`${JSON.stringify({ done: true })}\n`);
});
endWithParent();
sayReady({ application: options.application });
