import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { test } from 'node:test';
import { noRedis, TestRedis } from '../server/redis.ts';
import { CallStage, eventsSince, happened, now, perceiveEachOther } from './harness/seen.ts';
import { TestServer } from './harness/server.ts';
import { until } from './harness/until.ts';
import { onlyJoined, watchFrames } from './harness/watch-frames.ts';

const stage = CallStage.set();

/** What stands before the nodes: takes each connection to the first of them that lives. */
async function startFront(...nodes: readonly TestServer[]): Promise<{ url: string; stop(): void }> {
  const open = new Set<Socket>();
  const join = (client: Socket, [node, ...others]: readonly TestServer[]): void => {
    if (!node) {
      client.destroy();
      return;
    }
    const server = connect(node.port, '127.0.0.1');
    open.add(server);
    server.once('connect', () => {
      server.removeAllListeners('error');
      for (const [from, to] of [
        [client, server],
        [server, client],
      ] as const) {
        from.on('error', () => to.destroy());
        from.on('close', () => to.destroy());
        from.pipe(to);
      }
    });
    server.once('error', () => {
      join(client, others);
    });
  };
  const front = createServer((client) => {
    open.add(client);
    client.on('error', () => client.destroy());
    join(client, nodes);
  }).listen(0, '127.0.0.1');
  await once(front, 'listening');
  return {
    url: `http://localhost:${(front.address() as AddressInfo).port}/`,
    stop() {
      front.close();
      for (const socket of open) socket.destroy();
    },
  };
}

test(
  'two callers at two nodes; the one that has the room is killed: media goes on, both are back, and a third one joins',
  { skip: noRedis },
  async () => {
    const redis = await TestRedis.start();
    const nodes = await Promise.all([1, 2].map(() => TestServer.start('--redis', redis.url)));
    const [a, b] = nodes as [TestServer, TestServer];
    const fronts = [await startFront(a, b), await startFront(b, a)] as const;
    try {
      for (const node of nodes)
        await until(async () => (await fetch(`${node.url}readyz`)).ok, 'the node to have Redis');
      const room = stage.room();
      const at = (n: 0 | 1): string => `server="${fronts[n].url}"`;
      // Who comes first brings the room to the node.
      const ann = await stage.join(room, 'Ann', at(0));
      const bob = await stage.join(room, 'Bob', at(1));
      await perceiveEachOther({ Ann: ann, Bob: bob });
      const people = [ann, bob];
      const since = await Promise.all(people.map(now));
      const framesOf = await Promise.all(people.map(watchFrames));

      await a.down('SIGKILL');
      await happened(ann, { type: 'state-change', value: 'reconnecting' }, { since: since[0]! });
      const back = { type: 'state-change', value: 'joined' };
      await happened(ann, back, { since: since[0]!, timeout: 10_000 });

      const cem = await stage.join(room, 'Cem', at(0));
      await perceiveEachOther({ Ann: ann, Bob: bob, Cem: cem });
      const id = await cem.id();
      for (const [index, person] of people.entries())
        await onlyJoined(person, framesOf[index]!, since[index]!, id);
      // Bob's node lives, so Bob has noticed nothing.
      assert.deepEqual(await eventsSince(bob, since[1]!, 'state-change'), []);
    } finally {
      await stage.clear();
      for (const front of fronts) front.stop();
      for (const node of nodes) await node.down();
      await redis.stop();
    }
  },
);
