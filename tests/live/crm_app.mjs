// A CRM on the real io.Connect client (@interopio/core): what it registers is what apps of a wealth desk register.
//
//   node crm_app.mjs --url ws://127.0.0.1:8385 [--user dev] [--application crm]
//
// Prints {"ready": true, "application": "crm"} once everything is registered, and ends when standard input closes.

import { parseArgs } from 'node:util';

import core from '@interopio/core';

import { makeClients } from './clients.mjs';
import { endWithParent, sayReady } from './process.mjs';

const { values: options } = parseArgs({
  options: {
    url: { type: 'string' },
    user: { type: 'string', default: 'dev' }, // the gateway shows a peer only the peers of the same user
    application: { type: 'string', default: 'crm' },
  },
});

const clients = makeClients();
const notes = [];

function clientOf(id) {
  const found = clients.find((client) => client.id === id);
  if (!found) throw new Error(`There is no client ${id}`);
  return found;
}

// io.Intelligence's form of a tool: both schemas are JSON text inside the flags.
function tool(name, inputSchema, outputSchema) {
  return {
    ioIntelMCPTool: { name, inputSchema: JSON.stringify(inputSchema), outputSchema: JSON.stringify(outputSchema) },
  };
}

const CLIENT_SCHEMA = {
  type: 'object',
  title: 'Client',
  properties: {
    id: { type: 'string', description: 'Client id, such as CL-10024' },
    name: { type: 'string', description: 'Full name' },
    adviser: { type: 'string', description: 'Name of the adviser' },
    email: { type: 'string' },
    phone: { type: ['string', 'null'] },
    segment: { type: 'string', enum: ['private', 'retail'] },
    country: { type: 'string', description: 'ISO 3166 alpha-2' },
    assets: { type: 'number', description: 'Assets under management, EUR' },
  },
  required: ['id', 'name', 'adviser', 'email', 'phone', 'segment', 'country', 'assets'],
};
const CLIENT_SIGNATURE =
  'Composite: {String id, String name, String adviser, String email, String? phone, String segment, String country, Double assets}';

const METHODS = [
  {
    definition: {
      name: 'CRM.FindClients',
      description: 'Clients whose name contains the text.',
      displayName: 'Find clients',
      objectTypes: ['Client'],
      flags: tool(
        'find_clients',
        {
          type: 'object',
          properties: {
            name: { type: 'string', description: 'Part of a name, in any case; empty for every client' },
            limit: { type: 'integer', minimum: 1, maximum: 500, description: 'The most clients to answer' },
          },
          required: ['name'],
          additionalProperties: false,
        },
        { type: 'array', items: CLIENT_SCHEMA },
      ),
    },
    handler: ({ name, limit = 500 }) =>
      clients.filter((client) => client.name.toLowerCase().includes(name.toLowerCase())).slice(0, limit),
  },
  {
    definition: {
      name: 'CRM.GetClient',
      description: 'One client, by id.',
      accepts: 'String clientId',
      returns: `${CLIENT_SIGNATURE} client`,
    },
    handler: ({ clientId }) => ({ client: clientOf(clientId) }),
  },
  {
    definition: { name: 'getAdvisers' },
    handler: () => ({ advisers: [...new Set(clients.map((client) => client.adviser))].sort() }),
  },
  {
    definition: {
      name: 'CRM.AddNote',
      description: 'Adds a note to a client.',
      accepts: 'String clientId, String text, String[]? tags',
      returns: 'String noteId, DateTime createdAt',
    },
    handler: ({ clientId, text, tags = [] }) => {
      const note = { noteId: `N-${notes.length + 1}`, clientId: clientOf(clientId).id, text, tags, createdAt: new Date() };
      notes.push(note);
      return { noteId: note.noteId, createdAt: note.createdAt };
    },
  },
  {
    definition: {
      name: 'CRM.ListNotes',
      description: 'The notes on a client.',
      accepts: 'String clientId',
      returns: 'Composite: {String noteId, String text, String[] tags, DateTime createdAt}[] notes',
    },
    handler: ({ clientId }) => ({ notes: notes.filter((note) => note.clientId === clientId) }),
  },
  {
    definition: { name: 'CRM.CountClients', description: 'How many clients there are.', returns: 'Int count' },
    handler: () => clients.length,
  },
  {
    definition: { name: 'CRM.HasOpenTasks', description: 'Whether a client has open tasks.', accepts: 'String clientId' },
    handler: () => false,
  },
  {
    definition: { name: 'CRM.NextReview', description: 'When a client is reviewed next.', returns: 'DateTime date' },
    handler: () => new Date(Date.UTC(2026, 10, 22, 10)),
  },
  {
    definition: {
      name: 'Tick42.FDC3.Intents.ViewProfile',
      flags: { intent: { contextTypes: ['fdc3.contact'], displayName: 'View profile', description: 'Shows a client.' } },
    },
    handler: ({ type, data }) => ({ shown: data.name, type }),
  },
  {
    // What @interopio/fdc3 registers for an FDC3 listener: contexts come and go wrapped.
    definition: {
      name: 'Tick42.FDC3.Intents.FindContact',
      flags: { intent: { contextTypes: ['fdc3.contact'], displayName: 'Find contact' } },
    },
    handler: ({ data }) => {
      const client = clients.find((candidate) => candidate.name === data.name);
      if (!client) return { fdc3error: { message: 'IntentHandlerRejected', reason: 'No such contact' } };
      const payload = { type: 'fdc3.contact', name: client.name, id: { email: client.email } };
      return { fdc3intentContext: { contextType: 'fdc3.contact', payload } };
    },
  },
  {
    definition: { name: 'CRM.Test.Echo', description: 'Answers its arguments.' },
    handler: (given) => given,
  },
  {
    definition: { name: 'CRM.Test.Throw', description: 'Fails with the text it was given.', accepts: 'String text' },
    handler: ({ text }) => {
      throw new Error(text);
    },
  },
  {
    definition: { name: 'CRM.Test.Hang', description: 'Never answers.' },
    handler: () => new Promise(() => {}),
  },
  {
    definition: { name: 'CRM.Test.Exit', description: 'Ends this app without an answer.' },
    handler: () => process.exit(3),
  },
  {
    definition: {
      name: 'CRM.Test.BadShape',
      description: 'Declares a client and answers something else.',
      flags: tool('bad_shape', { type: 'object', properties: {} }, CLIENT_SCHEMA),
    },
    handler: () => ({ id: 12, name: ['Amelia', 'Reid'], adviser: null }),
  },
];

const io = await core({
  application: options.application,
  gateway: { ws: options.url, reconnectAttempts: 0 },
  auth: { username: options.user, password: '' },
  logger: 'off',
});
for (const { definition, handler } of METHODS) await io.interop.register(definition, handler);
const prices = await io.interop.createStream({
  name: 'CRM.Prices',
  description: 'Prices of an instrument, as they change.',
  accepts: 'String isin',
  returns: 'String isin, Double price',
});
prices.push({ isin: 'US0378331005', price: 187.2 });
await io.interop.createStream(
  { name: 'CRM.Ticks', accepts: 'String isin', returns: 'Double price' },
  { subscriptionAddedHandler: (subscription) => [100, 101, 102, 103].forEach((price) => subscription.push({ price })) },
);
endWithParent();
sayReady({ application: options.application });
