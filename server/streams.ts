import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { addressKey, OpenPerAddress, trusts, type TrustProxy } from './addresses.ts';
import type { Tally } from './tally.ts';

/** Beside its WebSockets an address may load pages, and scripts of pages. */
const FOR_PAGES = 100;

/**
 * Bounds the TCP connections of each address. Who opens many and says nothing on them is seen by nobody else, and would keep
 * others out. Proxies have as many as they need: whom they speak for is known only from their requests.
 */
export function limitStreams(
  server: Server,
  trust: TrustProxy,
  connectionsPerAddress: number,
  tally: Tally,
): void {
  const isTrusted = trusts(trust);
  const open = new OpenPerAddress(connectionsPerAddress + FOR_PAGES);
  const addresses = new WeakMap<Socket, string>();
  // One for all: a closure for each would be as large as all else that is kept here.
  function onClose(this: Socket): void {
    open.closed(addresses.get(this) ?? '');
  }
  server.on('connection', (stream: Socket) => {
    const direct = stream.remoteAddress ?? '';
    if (isTrusted(direct, 0)) return;
    const address = addressKey(direct);
    if (open.limit(address)) {
      tally.refuse('streams-per-address');
      stream.destroy();
      return;
    }
    open.opened(address);
    addresses.set(stream, address);
    stream.on('close', onClose);
  });
}
