// The calls of bench/live.py from io.Connect's own client, on the same gateway and app: prints one line of JSON.
//
//   node bench_client.mjs --url ws://127.0.0.1:8385 --user dev --calls 1000
//   node bench_client.mjs --url ws://127.0.0.1:8385 --user dev --discover 2000     how soon it knows so many methods

import { parseArgs } from 'node:util';

import core from '@interopio/core';

const { values: options } = parseArgs({
  options: { url: { type: 'string' }, user: { type: 'string' }, calls: { type: 'string' }, discover: { type: 'string' } },
});
const begun = performance.now();
const io = await core({
  application: 'bench',
  gateway: { ws: options.url, reconnectAttempts: 0 },
  auth: { username: options.user, password: '' },
  logger: 'off',
});

if (options.discover) {
  const knows = () => io.interop.methods().filter(({ name }) => name.startsWith('Desk')).length >= Number(options.discover);
  while (!knows()) await new Promise((done) => setTimeout(done, 1));
  process.stdout.write(`${JSON.stringify({ discovery_s: (performance.now() - begun) / 1000 })}\n`);
  process.exit(0);
}

async function measure(name, given, calls, atOnce) {
  const latencies = [];
  let left = calls;
  const started = performance.now();
  const used = process.cpuUsage();
  const one = async () => {
    while (left-- > 0) {
      const begun = performance.now();
      await io.interop.invoke(name, given);
      latencies.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  const elapsed = performance.now() - started;
  const { user, system } = process.cpuUsage(used);
  latencies.sort((a, b) => a - b);
  return { calls_per_s: (calls / elapsed) * 1000, median_ms: latencies[calls >> 1], p99_ms: latencies[Math.floor(calls * 0.99)], cpu_us: (user + system) / calls };
}

while (!io.interop.methods().some((method) => method.name === 'CRM.Test.Echo')) await new Promise((done) => setTimeout(done, 10));
const calls = Number(options.calls);
const echo = { text: 'hello' };
await measure('CRM.Test.Echo', echo, 200, 10);
const found = {};
for (const atOnce of [1, 10, 100]) found[`echo, ${atOnce} at once`] = await measure('CRM.Test.Echo', echo, calls, atOnce);
found['500 clients, 1 at once'] = await measure('CRM.FindClients', { name: '' }, calls / 10, 1);
process.stdout.write(`${JSON.stringify(found)}\n`);
process.exit(0);
