import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { addressKey, trusts, type TrustProxy } from './addresses.ts';
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
  const most = connectionsPerAddress + FOR_PAGES;
  const open = new Map<string, number>();
  const addresses = new WeakMap<Socket, string>();
  // One for all: a closure for each would be as large as all else that is kept here.
  function onClose(this: Socket): void {
    const address = addresses.get(this) ?? '';
    const left = (open.get(address) ?? 0) - 1;
    if (left > 0) open.set(address, left);
    else open.delete(address);
  }
  server.on('connection', (stream: Socket) => {
    const direct = stream.remoteAddress ?? '';
    if (isTrusted(direct, 0)) return;
    const address = addressKey(direct);
    const count = (open.get(address) ?? 0) + 1;
    if (count > most) {
      tally.refuse('streams-per-address');
      stream.destroy();
      return;
    }
    open.set(address, count);
    addresses.set(stream, address);
    stream.on('close', onClose);
  });
}
