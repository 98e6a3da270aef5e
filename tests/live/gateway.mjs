// A real gateway (@glue42/gateway-ws) on the loopback interface.
//
//   node gateway.mjs [--port 8385] [--origin http://127.0.0.1:80]...
//
// Port 0, the default, takes a free one. Web pages are let in from the origins that are named.
//
// Prints {"ready": true, "url": "ws://127.0.0.1:..."} and ends when standard input closes.

import net from 'node:net';
import { parseArgs } from 'node:util';

import gatewayWs from '@glue42/gateway-ws';

import { endWithParent, sayReady } from './process.mjs';

const { values: options } = parseArgs({
  options: { port: { type: 'string', default: '0' }, origin: { type: 'string', multiple: true, default: [] } },
});

/**
 * Holds the next listening socket of this process to the loopback interface and resolves to its port.
 *
 * The gateway takes a port and nothing else: it would listen on every interface and not tell which port it got.
 */
function listenOnLoopbackOnly() {
  const { listen } = net.Server.prototype;
  return new Promise((resolve) => {
    net.Server.prototype.listen = function listenOnLoopback(where, ...rest) {
      net.Server.prototype.listen = listen;
      const port = typeof where === 'object' ? where.port : where;
      const callback = rest.findLast((argument) => typeof argument === 'function');
      this.once('listening', () => resolve(this.address().port));
      return listen.call(this, { port, host: '127.0.0.1' }, callback);
    };
  });
}

const listening = listenOnLoopbackOnly();
gatewayWs.configure_logging({ level: 'warn', appender: (entry) => process.stderr.write(`${entry.output}\n`) });
const gateway = gatewayWs.create({
  port: Number(options.port),
  // Native peers send no Origin; web pages are refused, but for those that are named.
  security: { origin_filters: { missing: 'whitelist', non_matched: 'blacklist', whitelist: options.origin } },
});
await gateway.start();
endWithParent();
sayReady({ url: `ws://127.0.0.1:${await listening}` });
