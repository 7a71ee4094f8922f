/** Our server as it is deployed, with everything switched on, and limits that are counted but not reached. */
import { once } from 'node:events';
import { get } from 'node:http';
import { createServer } from 'node:net';

const probe = createServer().listen(0, '127.0.0.1');
await once(probe, 'listening');
const { port } = probe.address();
probe.close();
await once(probe, 'close');
process.argv.push(
  ...['--port', String(port), '--host', '127.0.0.1', '--stun-port', 'off'],
  ...['--allow-origin', process.argv[2], '--webhook-url', process.argv[3]],
  ...['--webhook-secret', '0123456789abcdef', '--metrics-port', '0', '--log-format', 'json'],
  ...['--connections-per-address', '1000000', '--joins-per-address', '1000000'],
  // All come from this machine, where proxies are trusted unless told otherwise, and their streams not counted.
  ...['--trust-proxy', '0'],
  ...['--join-within', '120', '--frames-per-second', '1000000', '--bytes-per-second', '999999999'],
);
process.argv.splice(2, 2);
await import('../../build/server/main.js');
for (;;) {
  // Not by `fetch`, which would be ten megabytes of what is measured here.
  const isUp = await new Promise((resolve) => {
    get({ host: '127.0.0.1', port, path: '/readyz', agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on('error', () => resolve(false));
  });
  if (isUp) break;
}
process.send?.({ port });
