import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shardOf } from '../../src/signaling/server-address.ts';
import { Client, health, newId, offer, startServer, until, type TestServer } from './helpers.ts';
import { noNginx, startNginx } from './nginx.ts';
import { noRedis, TestRedis } from './redis.ts';

interface Site {
  readonly url: string;
  readonly nodes: readonly [TestServer, TestServer];
}

/** Two nodes behind nginx with deploy/nginx-upstream.conf. */
async function withSite(
  redis: string | undefined,
  use: (site: Site) => Promise<void>,
): Promise<void> {
  const config = { path: '/calls/', ...(redis !== undefined && { redis }) };
  const nodes = await Promise.all([startServer({ config }), startServer({ config })]);
  const [one, other] = nodes;
  const nginx = await startNginx([one.port, other.port]);
  try {
    for (const node of nodes)
      await until(async () => (await fetch(`${node.url}readyz`)).ok, 'the node to be ready');
    await use({ url: `http://127.0.0.1:${nginx.port}/calls/`, nodes });
  } finally {
    await nginx.stop();
    for (const { process, stop } of nodes) if (process.signalCode === null) await stop();
  }
}

const enter = (site: Site, room: string, who = {}): Promise<Client> =>
  Client.member(site, room, { ...who, shard: shardOf(room) });

describe('room affinity with nginx and deploy/nginx-upstream.conf', { skip: noNginx }, () => {
  it('everyone of a room comes to the same node, without Redis, and rooms are spread over all', async () => {
    await withSite(undefined, async (site) => {
      const rooms = Array.from({ length: 40 }, () => newId());
      await Promise.all(
        rooms.map(async (room) => {
          const ann = await enter(site, room);
          const bob = await enter(site, room);
          await ann.take('ROOM-JOINED', { id: bob.id });
          bob.send(offer(ann.id));
          await ann.take('OFFER', { src: bob.id });
        }),
      );
      const counts = await Promise.all(site.nodes.map(async (node) => (await health(node)).rooms));
      assert.equal(counts[0]! + counts[1]!, rooms.length);
      for (const count of counts) assert.ok(count >= 5, `rooms are at ${counts.join(' and ')}`);
    });
  });

  for (const kind of ['without Redis', 'with Redis'] as const)
    it(
      `a node is killed, ${kind}: its callers meet again at the other one`,
      {
        skip: kind === 'with Redis' && noRedis,
      },
      async () => {
        const redis = kind === 'with Redis' ? await TestRedis.start() : undefined;
        try {
          await withSite(redis?.url, async (site) => {
            const rooms = Array.from({ length: 10 }, () => newId());
            const calls = await Promise.all(
              rooms.map(
                async (room) => [await enter(site, room), await enter(site, room)] as const,
              ),
            );
            const [one] = site.nodes;
            one.kill();
            await Promise.all(
              calls.map(async ([ann, bob], n) => {
                const isHit = await Promise.race([
                  ann.closed.then(() => true),
                  ann.settled().then(() => false),
                ]);
                if (!isHit) return;
                await bob.closed;
                const [first, second] = [
                  await enter(site, rooms[n]!, ann),
                  await enter(site, rooms[n]!, bob),
                ];
                await first.take('ROOM-JOINED', { id: second.id });
                second.send(offer(first.id));
                await first.take('OFFER', { src: second.id });
              }),
            );
          });
        } finally {
          await redis?.stop();
        }
      },
    );
});
