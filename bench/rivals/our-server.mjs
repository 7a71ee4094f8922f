/** Our server as it is deployed, with everything switched on, and limits that are counted but not reached. */
import { createServer } from 'node:net';
import { once } from 'node:events';

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
  ...['--join-within', '120', '--frames-per-second', '1000000', '--bytes-per-second', '999999999'],
);
process.argv.splice(2, 2);
await import('../../build/server/main.js');
for (;;) {
  const isUp = await fetch(`http://127.0.0.1:${port}/readyz`, {
    headers: { origin: process.argv[9] },
  }).then(
    ({ ok }) => ok,
    () => false,
  );
  if (isUp) break;
}
process.send?.({ port });
