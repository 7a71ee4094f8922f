import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import {
  Client,
  newId,
  offer,
  startServer,
  until,
  type StartOptions,
  type TestServer,
} from './helpers.ts';
import { noRedis, TestRedis } from './redis.ts';

const isReady = async (server: TestServer): Promise<boolean> =>
  (await fetch(`${server.url}readyz`)).ok;

describe('two nodes with one Redis', { skip: noRedis }, () => {
  let redis: TestRedis;
  let nodes: TestServer[] = [];
  before(async () => {
    redis = await TestRedis.start();
  });
  after(() => redis.stop());
  afterEach(async () => {
    for (const { process, stop } of nodes)
      if (process.exitCode === null && process.signalCode === null) await stop();
    nodes = [];
  });

  async function start(options: StartOptions = {}): Promise<TestServer> {
    const node = await startServer({ ...options, config: { redis: redis.url, ...options.config } });
    nodes.push(node);
    await until(() => isReady(node), 'the node to have Redis');
    return node;
  }
  const pair = async (options: StartOptions = {}): Promise<[TestServer, TestServer]> =>
    Promise.all([start(options), start(options)]);

  it('members of one room see and call each other, whatever node they are at', async () => {
    const [a, b] = await pair();
    const room = newId();
    const ann = await Client.member(a, room);
    const bob = await Client.connect(b);
    const { members } = await bob.join(room);
    assert.deepEqual(members, [{ id: ann.id, away: false }]);
    await ann.take('ROOM-JOINED', { id: bob.id });
    bob.send(offer(ann.id));
    await ann.take('OFFER', { src: bob.id });
    ann.send(offer(bob.id, {}, 'ANSWER'));
    await bob.take('ANSWER', { src: ann.id });
    const link = newId();
    bob.send({ type: 'ROOM-SIGNAL', dst: ann.id, link, signal: { kind: 'ask' } });
    await ann.take('ROOM-SIGNAL', { src: bob.id, link });
    ann.send({ type: 'ROOM-SIGNAL', dst: bob.id, link, signal: { kind: 'grant' } });
    await bob.take('ROOM-SIGNAL', { src: ann.id, link });
    bob.send({ type: 'ROOM-LEAVE' });
    await ann.take('ROOM-LEFT', { id: bob.id, reason: 'left' });
    await Promise.all([ann.settled(), bob.settled()]);
    assert.deepEqual([ann.types(), bob.types()], [[], []]);
  });

  it('a node is killed without warning: all others are together again within ten seconds', async () => {
    const [a, b] = await pair();
    const room = newId();
    const ann = await Client.member(a, room);
    const bob = await Client.member(b, room);
    const cat = await Client.member(b, room);
    await bob.take('ROOM-JOINED', { id: cat.id });
    const killedAt = performance.now();
    a.kill();
    await ann.closed;
    // On the sockets that they have.
    await Promise.all([bob.take('ROOM-WELCOME'), cat.take('ROOM-WELCOME')]);
    const back = await Client.member(b, room, ann);
    await Promise.all([bob, cat].map((other) => other.take('ROOM-JOINED', { id: ann.id })));
    assert.ok(performance.now() - killedAt < 10_000);
    bob.send(offer(back.id));
    await back.take('OFFER', { src: bob.id });
    cat.send(offer(bob.id));
    await bob.take('OFFER', { src: cat.id });
  });
});
