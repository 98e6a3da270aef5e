// A real FDC3 desktop agent (@finos/fdc3-web-impl) without io.Connect, with real apps (@finos/fdc3-agent-proxy).
//
//   node fdc3_agent.mjs
//
// FDC3 names no way for a native process to reach an agent; here its messages travel as they are over a WebSocket, one a frame,
// from WCP4ValidateAppIdentity on. Prints {"ready": true, "url": "ws://127.0.0.1:..."} and ends when standard input closes.

import { randomUUID } from 'node:crypto';
import { register } from 'node:module';

import { WebSocket, WebSocketServer } from 'ws';

import { endWithParent, sayReady } from './process.mjs';

register('./fdc3_loader.mjs', import.meta.url);
console.log = console.error; // the packages print to it, and standard output is for the ready line
const { BasicDirectory, ChannelType, DefaultFDC3Server, State } = await import('@finos/fdc3-web-impl');
const proxy = await import('@finos/fdc3-agent-proxy');

const addressOf = (appId) => `https://apps.example/${appId}`;

function app(appId, title, listensFor = {}) {
  return { appId, title, name: title, type: 'web', details: { url: addressOf(appId) }, interop: { intents: { listensFor } } };
}

const contact = { contexts: ['fdc3.contact'] };
const directory = new BasicDirectory([
  app('crm', 'Clients', {
    ViewContact: { displayName: 'View contact', resultType: 'fdc3.contact', ...contact },
    StartCall: { displayName: 'Call', ...contact },
    ViewNews: { resultType: 'channel', ...contact },
    StartChat: contact,
  }),
  app('charts', 'Charts', { ViewChart: { displayName: 'View chart', contexts: ['fdc3.instrument'] } }),
  app('orders', 'Orders', { ViewOrders: { contexts: ['fdc3.instrument'] } }),
  app('blotter', 'Blotter', { ViewOrders: { contexts: ['fdc3.instrument'] } }),
  app('codemode', 'Code Mode'),
]);

/** What each app handles, once it runs. */
const HANDLERS = {
  crm: {
    ViewContact: async (context, metadata) => ({ ...context, id: { email: 'amelia.reid@example.com' }, raisedBy: metadata?.source?.appId }),
    StartCall: async () => {},
    ViewNews: async (context, metadata, agent) => agent.getOrCreateChannel('news'),
    StartChat: () => new Promise(() => {}), // never answers
  },
  charts: { ViewChart: async (context) => ({ type: 'fdc3.chart', instruments: [context], style: 'line' }) },
  orders: { ViewOrders: async () => ({ type: 'fdc3.orderList', orders: [] }) },
};

/** What the agent leaves to its host: identities, sockets, and starting apps. */
class Host {
  constructor() {
    this.sockets = new Map();
    this.instances = new Map();
    this.expected = new Map(); // instances that are being opened, by app
  }

  createUUID = () => randomUUID();
  post = async (message, instanceId) => this.sockets.get(instanceId)?.send(JSON.stringify(message));
  setFDC3Server = () => {};
  setInstanceDetails = (id, details) => this.instances.set(id, details);
  getInstanceDetails = (id) => this.instances.get(id);
  setAppState = async (id, state) => Object.assign(this.instances.get(id) ?? {}, { state });
  getAllApps = async () => [...this.instances.values()];
  getConnectedApps = async () => [...this.instances.values()].filter(({ state }) => state === State.Connected);
  isAppConnected = async (id) => this.instances.get(id)?.state === State.Connected;
  log = () => {};
  provider = () => 'test-agent';
  providerVersion = () => '1';
  fdc3Version = () => '2.2';
  // A user would be asked here. The messages of a caller that names an app leave nothing to ask.
  narrowIntents = async (raiser, intents) => intents;

  async open(appId) {
    if (directory.retrieveAppsById(appId).length === 0) throw new Error('AppNotFound');
    const instanceId = randomUUID();
    this.expected.set(appId, instanceId);
    setTimeout(() => start(appId), 20); // an app comes up after it was opened
    return instanceId;
  }
}

const host = new Host();
const userChannel = (id, name, color) => ({ id, type: ChannelType.user, context: [], displayMetadata: { name, color } });
const channels = [userChannel('fdc3.channel.1', 'Channel 1', 'red'), userChannel('fdc3.channel.2', 'Channel 2', 'blue')];
const server = new DefaultFDC3Server(host, directory, channels, true, 5000, 5000);
const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
await new Promise((resolve) => sockets.on('listening', resolve));
const url = `ws://127.0.0.1:${sockets.address().port}`;

sockets.on('connection', (socket) => {
  let instanceId;

  function admit(message) {
    const known = directory.allApps.find(({ details }) => details.url === message.payload?.identityUrl);
    if (!known) {
      const failed = { type: 'WCP5ValidateAppIdentityFailedResponse', meta: message.meta, payload: { message: 'not in the app directory' } };
      socket.send(JSON.stringify(failed), () => socket.close(1008));
      return false;
    }
    instanceId = host.expected.get(known.appId) ?? randomUUID();
    host.expected.delete(known.appId);
    host.sockets.set(instanceId, socket);
    host.setInstanceDetails(instanceId, { appId: known.appId, instanceId, state: State.Pending });
    return true;
  }

  socket.on('message', (data) => {
    const message = JSON.parse(data);
    if (!instanceId && (message.type !== 'WCP4ValidateAppIdentity' || !admit(message))) return;
    server.receive(message, instanceId);
  });
  socket.on('close', () => {
    if (!instanceId) return;
    server.cleanup(instanceId);
    host.sockets.delete(instanceId);
    host.instances.delete(instanceId);
  });
});

/** The standard's own client over a WebSocket. */
class Messaging extends proxy.AbstractMessaging {
  constructor(socket, identity) {
    super(identity);
    this.socket = socket;
    this.listeners = new Map();
    socket.on('message', (data) => {
      const message = JSON.parse(data);
      for (const listener of [...this.listeners.values()]) if (listener.filter(message)) listener.action(message);
    });
  }

  createUUID = () => randomUUID();
  post = async (message) => this.socket.send(JSON.stringify(message));
  register = (listener) => this.listeners.set(listener.id, listener);
  unregister = (id) => this.listeners.delete(id);
  createMeta = () => ({ requestUuid: randomUUID(), timestamp: new Date(), source: this.getAppIdentifier() });
  disconnect = async () => this.socket.close();
}

/** Starts an app: it connects, and handles what it declares. */
async function start(appId) {
  // An event that comes right behind an answer is for the listener that the answer lets the client add.
  const socket = new WebSocket(url, { allowSynchronousEvents: false });
  await new Promise((resolve) => socket.on('open', resolve));
  const hello = {
    type: 'WCP4ValidateAppIdentity',
    meta: { connectionAttemptUuid: randomUUID(), timestamp: new Date() },
    payload: { identityUrl: addressOf(appId), actualUrl: addressOf(appId) },
  };
  socket.send(JSON.stringify(hello));
  const { payload } = JSON.parse(await new Promise((resolve) => socket.once('message', resolve)));
  const messaging = new Messaging(socket, { appId, instanceId: payload.instanceId });
  const nothing = { connect: async () => {}, disconnect: async () => {} };
  const selector = { ...nothing, setChannelChangeCallback: () => {}, updateChannel: async () => {} };
  const resolver = { ...nothing, chooseIntent: async () => undefined };
  const heartbeat = new proxy.DefaultHeartbeatSupport(messaging);
  const agent = new proxy.DesktopAgentProxy(
    heartbeat,
    new proxy.DefaultChannelSupport(messaging, selector, 5000),
    new proxy.DefaultIntentSupport(messaging, resolver, 5000, 15000),
    new proxy.DefaultAppSupport(messaging, 5000, 15000),
    [heartbeat],
    1, // errors only
  );
  await agent.connect();
  for (const [intent, handler] of Object.entries(HANDLERS[appId] ?? {})) {
    await agent.addIntentListener(intent, (context, metadata) => handler(context, metadata, agent));
  }
}

await start('crm');
endWithParent();
sayReady({ url });
