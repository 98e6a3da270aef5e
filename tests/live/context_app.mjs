// An app on the real io.Connect client that shares a context, and shows what it sees of any.
//
//   node context_app.mjs --url ws://127.0.0.1:8385 [--user dev]
//
// Prints {"ready": true, "application": "desk"} once everything is there, and ends when standard input closes.

import { parseArgs } from 'node:util';

import core from '@interopio/core';

import { endWithParent, sayReady } from './process.mjs';

const { values: options } = parseArgs({ options: { url: { type: 'string' }, user: { type: 'string', default: 'dev' } } });

const io = await core({
  application: 'desk',
  gateway: { ws: options.url, reconnectAttempts: 0 },
  auth: { username: options.user, password: '' },
  logger: 'off',
});
await io.contexts.set('desk.selection', { client: { id: 'CL-10317', name: 'Amelia Reid' }, since: new Date(0) });
// A channel is a context of a reserved name; a platform makes these.
await io.contexts.set('___channel___Red', { name: 'Red', meta: { color: 'red' }, data: { isin: 'US0378331005' } });
await io.interop.register({ name: 'Desk.Seen' }, ({ name }) => io.contexts.get(name));
endWithParent();
sayReady({ application: 'desk' });
