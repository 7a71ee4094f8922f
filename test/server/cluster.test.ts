import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
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
import { noRedis, RedisLine, TestRedis } from './redis.ts';

const isReady = async (server: TestServer): Promise<boolean> =>
  (await fetch(`${server.url}readyz`)).ok;
const metricsOf = async (server: TestServer): Promise<string> =>
  (await fetch(`${server.url}metrics`)).text();

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
  /** Ann is in a room of the first node, which thereby owns it; Bob is in it by the second. */
  async function two(options: StartOptions = {}) {
    const [a, b] = await pair(options);
    const room = newId();
    const ann = await Client.member(a, room);
    const bob = await Client.member(b, room);
    await ann.take('ROOM-JOINED', { id: bob.id });
    return { a, b, room, ann, bob };
  }
  /** And Cat, by the second. */
  async function three(options: StartOptions = {}) {
    const met = await two(options);
    const cat = await Client.member(met.b, met.room);
    await Promise.all([met.ann, met.bob].map((one) => one.take('ROOM-JOINED', { id: cat.id })));
    return { ...met, cat };
  }

  it('members of one room see and call each other, whatever node they are at', async () => {
    const [a, b] = await pair();
    const room = newId();
    const ann = await Client.member(a, room);
    const bob = await Client.connect(b);
    const { members } = await bob.join(room);
    assert.deepEqual(members, [{ id: ann.id, away: false, role: 'moderator' }]);
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
    const { a, b, room, ann, bob, cat } = await three();
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

  it('who moderated before a node was killed does so after it', async () => {
    const [a, b] = await pair();
    const room = newId();
    const ann = await Client.member(a, room);
    // The first one at this node, and so the first that it brings to a new owner, but not the first in the room.
    const cat = await Client.connect(b);
    const bob = await Client.member(b, room);
    await cat.join(room);
    ann.send({ type: 'ROOM-LEAVE' });
    for (const one of [bob, cat])
      await one.take('ROOM-PRESENCE', { id: bob.id, role: 'moderator' });
    a.kill();
    await Promise.all([bob.take('ROOM-WELCOME'), cat.take('ROOM-WELCOME')]);
    const dan = await Client.connect(b);
    await until(async () => {
      const { members } = await dan.join(room);
      const roles = (members as { id: string; role?: string }[]).map(({ id, role }) => [id, role]);
      return roles.length === 2 && new Map(roles as [string, string][]).get(bob.id) === 'moderator';
    }, 'Bob to be the moderator');
    bob.send({ type: 'ROOM-MODERATE', action: 'lock', on: true });
    await bob.take('ROOM-RESULT');
    // Who has to knock does so at the node that has the room.
    const c = await start();
    const eve = await Client.connect(c);
    eve.send({ type: 'ROOM-JOIN', version: 1, room });
    await eve.take('ROOM-WAITING');
    eve.send({ type: 'ROOM-KNOCK', name: 'Eve' });
    await until(() => JSON.stringify(bob.frames).includes('"name":"Eve"'), 'the knock');
    bob.send({ type: 'ROOM-MODERATE', action: 'admit', id: eve.id });
    await eve.take('ROOM-WELCOME');
    // ICE servers are told before joining, too.
    const fay = await Client.connect(c);
    fay.send({ type: 'ROOM-PROBE' });
    await fay.take('ROOM-ICE');
    fay.send({ type: 'ROOM-JOIN', version: 1, room });
    await fay.take('ROOM-WAITING');
  });

  it('a room that was locked before its node was killed is locked after it, for the same people', async () => {
    const [a, b] = await pair();
    const room = newId();
    const ann = await Client.member(a, room);
    // Who waits has been at this node for longer than who is in, and would be brought first.
    const eve = await Client.connect(b);
    const bob = await Client.member(b, room);
    await ann.take('ROOM-JOINED', { id: bob.id });
    assert.equal(await ann.moderate('lock', { on: true }), undefined);
    await bob.take('ROOM-DOOR', { locked: true });
    eve.ask(room);
    await eve.take('ROOM-WAITING');
    a.kill();
    const welcome = await bob.take('ROOM-WELCOME');
    assert.deepEqual([welcome['members'], welcome['locked']], [[], true]);
    await eve.take('ROOM-WAITING');
    const back = await Client.connect(b, ann);
    const again = await back.join(room, { host: ann.id, locked: true });
    assert.equal(again['locked'], true);
    const newcomer = await Client.connect(b);
    newcomer.ask(room);
    await newcomer.take('ROOM-WAITING');
    assert.ok(!eve.types().includes('ROOM-WELCOME'));
  });

  it('a locked room goes on through the loss of one owner after the other, with its moderator and its members', async () => {
    const [a, b] = await pair({ config: { metrics: true } });
    const c = await start({ config: { metrics: true } });
    const room = newId();
    const ann = await Client.member(a, room);
    const met = [
      { node: b, member: await Client.member(b, room) },
      { node: c, member: await Client.member(c, room) },
    ];
    assert.equal(await ann.moderate('lock', { on: true }), undefined);
    for (const { member } of met) await member.take('ROOM-DOOR', { locked: true });
    await a.stop();
    for (const { member } of met) await member.take('ROOM-WELCOME', { locked: true });
    const isOwner = /^video_call_owned_rooms 1$/m.test(await metricsOf(b));
    const [owner, other] = isOwner ? met : met.toReversed();
    // The one who was first moderates until the old moderator is back.
    const back = await Client.connect(other!.node, ann);
    const welcome = await back.join(room, { host: ann.id, locked: true });
    assert.equal(welcome['role'], 'moderator');
    for (const { member } of met) await member.take('ROOM-JOINED', { id: ann.id });
    await Promise.all(met.map(({ member }) => member.settled()));
    await owner!.node.stop();
    for (const one of [other!.member, back]) await one.take('ROOM-WELCOME', { locked: true });
    await Promise.all([other!.member, back].map((one) => one.settled()));
    for (const one of [other!.member, back]) assert.ok(!one.types().includes('ROOM-WAITING'));
    assert.equal(await back.moderate('lock', { on: false }), undefined);
  });

  it('someone whose socket is lost is away, and is back at whatever node', async () => {
    const { a, b, room, ann, bob, cat } = await three();
    await bob.crash();
    for (const one of [ann, cat]) await one.take('ROOM-PRESENCE', { id: bob.id, away: true });
    const back = await Client.connect(a, bob);
    const { members } = await back.join(room);
    assert.deepEqual(members, [
      { id: ann.id, away: false, role: 'moderator' },
      { id: cat.id, away: false },
    ]);
    for (const one of [ann, cat]) await one.take('ROOM-PRESENCE', { id: bob.id, away: false });
    // And so is someone whose old socket nobody knows to be dead: nobody else notices.
    const again = await Client.member(b, room, back);
    assert.equal((await back.closed).code, 1006);
    cat.send(offer(again.id));
    await again.take('OFFER', { src: cat.id });
    await Promise.all([ann, cat].map((one) => one.settled()));
    for (const one of [ann, cat]) assert.ok(!one.types().includes('ROOM-PRESENCE'));
  });

  it('an id is its owner’s at every node', async () => {
    const [a, b] = await pair();
    const room = newId();
    const ann = await Client.member(a, room);
    const bob = await Client.member(a, room);
    // Somebody else with an id that is in use, and with one whose owner is away.
    await bob.crash();
    await ann.take('ROOM-PRESENCE', { id: bob.id, away: true });
    for (const { id } of [ann, bob]) {
      const thief = await Client.connect(b, { id });
      thief.send({ type: 'ROOM-JOIN', version: 1, room });
      await thief.take('ID-TAKEN');
      assert.equal((await thief.closed).code, 1008);
      assert.deepEqual(thief.types(), []);
    }
    await ann.settled();
    await Client.member(b, room, bob);
    await ann.take('ROOM-PRESENCE', { id: bob.id, away: false });
  });

  it('somebody who uses the id of a member in another room keeps the member from nothing', async () => {
    const { a, b, room, ann, bob } = await two();
    const eve = await Client.member(b, newId(), { id: ann.id });
    // At the node of the room it is taken.
    const thief = await Client.connect(a, { id: bob.id });
    thief.ask(room);
    await thief.take('ID-TAKEN');
    assert.equal((await thief.closed).code, 1008);
    await ann.crash();
    await bob.take('ROOM-PRESENCE', { id: ann.id, away: true });
    const back = await Client.member(b, room, ann);
    await bob.take('ROOM-PRESENCE', { id: ann.id, away: false });
    bob.send(offer(ann.id));
    await back.take('OFFER', { src: bob.id });
    await eve.settled();
    assert.deepEqual(eve.types(), []);
  });

  it('forty who join at once over both nodes: each two meet once, and there is room for as many as there should be', async () => {
    const [a, b] = await pair({ config: { roomCapacity: 25 } });
    const rooms = [newId(), newId()];
    for (const room of rooms) {
      const all = await Promise.all(
        Array.from({ length: 40 }, (_, n) => Client.connect(n % 2 === 0 ? a : b)),
      );
      for (const client of all) client.send({ type: 'ROOM-JOIN', version: 1, room });
      const welcomes = new Map<string, string[]>();
      const refused = await Promise.all(
        all.map(async (client) => {
          const isAnswered = (): boolean =>
            client.types().some((type) => type === 'ROOM-WELCOME' || type === 'ROOM-ERROR');
          await until(isAnswered, 'an answer');
          if (!client.types().includes('ROOM-WELCOME')) {
            await client.take('ROOM-ERROR', { code: 'room-full' });
            return true;
          }
          const { members } = await client.take('ROOM-WELCOME');
          welcomes.set(
            client.id,
            (members as { id: string }[]).map(({ id }) => id),
          );
          return false;
        }),
      );
      assert.equal(refused.filter(Boolean).length, 15);
      const inside = all.filter(({ id }) => welcomes.has(id));
      for (const one of inside) {
        const found = new Set(welcomes.get(one.id));
        for (const { id } of inside)
          if (id !== one.id && !found.has(id)) await one.take('ROOM-JOINED', { id });
      }
      await Promise.all(inside.map((one) => one.settled()));
      for (const one of inside) assert.ok(!one.types().includes('ROOM-JOINED'), 'met twice');
      for (const one of all) one.socket.close();
    }
  });

  it('who goes to a room at another node leaves the first one, if the other lets it in', async () => {
    const [a, b] = await pair({ config: { roomCapacity: 2 } });
    const [here, there, full] = [newId(), newId(), newId()];
    const ann = await Client.member(a, here);
    const bob = await Client.member(b, there);
    for (const node of [b, b]) await Client.member(node, full);
    const cat = await Client.member(a, here);
    await ann.take('ROOM-JOINED', { id: cat.id });
    cat.send({ type: 'ROOM-JOIN', version: 1, room: full });
    await cat.take('ROOM-ERROR', { code: 'room-full' });
    cat.send(offer(ann.id));
    await ann.take('OFFER', { src: cat.id });
    // What is said behind the JOIN is said in the other room.
    cat.send({ type: 'ROOM-JOIN', version: 1, room: there });
    cat.send(offer(bob.id));
    cat.send(offer(ann.id, { connectionId: 'to-who-is-not-here' }));
    await cat.take('ROOM-WELCOME', { room: there });
    await bob.take('ROOM-JOINED', { id: cat.id });
    await bob.take('OFFER', { src: cat.id });
    await cat.take('ROOM-UNDELIVERED', { link: 'to-who-is-not-here' });
    await ann.take('ROOM-LEFT', { id: cat.id, reason: 'left' });
    await Promise.all([ann, bob, cat].map((one) => one.settled()));
    assert.deepEqual([ann.types(), bob.types(), cat.types()], [[], [], []]);
  });

  it('a node that only hands sockets over is killed: those behind it are away, and come back at another', async () => {
    const { a, b, room, ann, bob } = await two({ config: { awayGrace: 30 } });
    b.kill();
    await bob.closed;
    await ann.take('ROOM-PRESENCE', { id: bob.id, away: true });
    await Client.member(a, room, bob);
    await ann.take('ROOM-PRESENCE', { id: bob.id, away: false });
    assert.ok(!ann.types().includes('ROOM-LEFT'));
  });

  it('a node that is stopped: its own clients are told, those elsewhere stay connected and are together at once', async () => {
    const { a, b, room, ann, bob, cat } = await three();
    const elsewhere = newId();
    const dan = await Client.member(b, elsewhere);
    const eve = await Client.member(a, elsewhere);
    await dan.take('ROOM-JOINED', { id: eve.id });
    assert.equal(await a.stop(), 0);
    for (const one of [ann, eve]) {
      assert.equal((await one.closed).code, 1012);
      await one.take('ROOM-CLOSING');
    }
    await Promise.all([bob.take('ROOM-WELCOME'), cat.take('ROOM-WELCOME')]);
    assert.deepEqual(
      [bob, cat].map((one) => one.types().filter((type) => type === 'ROOM-CLOSING')),
      [[], []],
    );
    await dan.take('ROOM-PRESENCE', { id: eve.id, away: true });
    await Client.member(b, room, ann);
    await Promise.all([bob, cat].map((one) => one.take('ROOM-JOINED', { id: ann.id })));
  });

  it('a node that drains takes no sockets, and its rooms take newcomers from other nodes', async () => {
    const [a, b] = await Promise.all([start({ config: { drain: 600 } }), start()]);
    const room = newId();
    const ann = await Client.member(a, room);
    const bob = await Client.member(b, room);
    await ann.take('ROOM-JOINED', { id: bob.id });
    a.process.send('stop');
    await until(async () => !(await isReady(a)), 'the node to drain');
    const late = Client.open(a);
    const [, response] = (await once(late.socket, 'unexpected-response')) as [
      unknown,
      IncomingMessage,
    ];
    assert.equal(response.statusCode, 503);
    const cat = await Client.member(b, room);
    for (const one of [ann, bob]) await one.take('ROOM-JOINED', { id: cat.id });
    cat.send(offer(ann.id));
    await ann.take('OFFER', { src: cat.id });
  });

  for (const data of ['kept', 'lost'] as const)
    it(`Redis is killed and comes back with its data ${data}: calls go on, joins wait, and all are one again`, async () => {
      const { a, b, room, ann, bob, cat } = await three({ config: { awayGrace: 60 } });
      const home = newId();
      const dan = await Client.member(b, home);
      await redis.down({ data });
      for (const node of [a, b]) await until(async () => !(await isReady(node)), 'no Redis');

      // Everyone's own path is well, and nobody waits for what cannot be delivered.
      await Promise.all([ann, bob, cat, dan].map((one) => one.settled()));
      bob.send(offer(ann.id));
      await bob.take('ROOM-UNDELIVERED', { dst: ann.id });
      // Rooms of this node go on as they are, and take newcomers.
      const eve = await Client.member(a, room);
      await ann.take('ROOM-JOINED', { id: eve.id });
      await Client.member(b, home);
      await dan.take('ROOM-JOINED');
      // Others are told, in the end, to try again.
      const fay = await Client.connect(b);
      fay.send({ type: 'ROOM-JOIN', version: 1, room });
      await cat.crash();
      assert.equal((await fay.closed).code, 1013);
      assert.equal(bob.socket.readyState, bob.socket.OPEN);

      await redis.up();
      for (const node of [a, b]) await until(() => isReady(node), 'Redis to be there');
      const { members } = await bob.take('ROOM-WELCOME');
      assert.deepEqual(
        new Set((members as { id: string }[]).map(({ id }) => id)),
        new Set([ann.id, cat.id, eve.id]),
      );
      // What happened meanwhile is made good.
      await ann.take('ROOM-PRESENCE', { id: cat.id, away: true });
      const back = await Client.member(b, room, fay);
      for (const one of [ann, bob, eve]) await one.take('ROOM-JOINED', { id: fay.id });
      bob.send(offer(ann.id));
      await ann.take('OFFER', { src: bob.id });
      ann.send(offer(back.id));
      await back.take('OFFER', { src: ann.id });
      await Promise.all([ann, bob, eve].map((one) => one.settled()));
      for (const one of [ann, bob, eve]) {
        assert.ok(!one.types().includes('ROOM-LEFT'));
        assert.ok(!one.types().includes('ROOM-JOINED'));
      }
    });

  it('who goes while its node is without Redis is gone when it has it again, also as the last one there', async () => {
    const line = await RedisLine.to(redis);
    const [a, b] = await Promise.all([
      start({ config: { awayGrace: 1 } }),
      start({ config: { metrics: true, redis: line.url } }),
    ]);
    const room = newId();
    const ann = await Client.member(a, room);
    const bob = await Client.member(b, room);
    await ann.take('ROOM-JOINED', { id: bob.id });
    line.cut();
    await until(async () => !(await isReady(b)), 'no Redis');
    await bob.crash();
    await until(
      async () => /^video_call_connections 0$/m.test(await metricsOf(b)),
      'the node to notice',
    );
    line.mend();
    await ann.take('ROOM-LEFT', { id: bob.id, reason: 'timeout' });
    await b.stop();
    line.close();
  });

  it('a node that is there before Redis works, is ready when Redis comes, and counts what it forwards', async () => {
    await redis.down({ data: 'lost' });
    const a = await startServer({ config: { redis: redis.url, metrics: true } });
    nodes.push(a);
    const ready = await fetch(`${a.url}readyz`);
    assert.equal(ready.status, 503);
    assert.deepEqual(await ready.json(), { status: 'redis-away' });
    assert.equal((await fetch(`${a.url}healthz`)).status, 200);
    assert.match(await metricsOf(a), /^video_call_redis_up 0$/m);
    await redis.up();
    const b = await start();
    await until(() => isReady(a), 'Redis to be there');
    const room = newId();
    const ann = await Client.member(a, room);
    const bob = await Client.member(b, room);
    await ann.take('ROOM-JOINED', { id: bob.id });
    const text = await metricsOf(a);
    assert.match(text, /^video_call_redis_up 1$/m);
    assert.match(text, /^video_call_owned_rooms 1$/m);
    assert.match(text, /^video_call_guests 1$/m);
    assert.match(text, /^video_call_forwarded_total\{direction="received"\} [1-9]/m);
    assert.match(text, /^video_call_members 2$/m);
    assert.match(text, /^video_call_connections 1$/m);
  });

  it('two nodes that both think to own a room: all are at one of them in the end', async () => {
    const { a, room, ann, bob } = await two();
    // The owner sleeps for longer than its lease, and does not know that it has.
    a.process.kill('SIGSTOP');
    try {
      assert.deepEqual((await bob.take('ROOM-WELCOME'))['members'], []);
    } finally {
      a.process.kill('SIGCONT');
    }
    const { members } = await ann.take('ROOM-WELCOME');
    assert.deepEqual(
      (members as { id: string }[]).map(({ id }) => id),
      [bob.id],
    );
    await bob.take('ROOM-JOINED', { id: ann.id });
    ann.send(offer(bob.id));
    await bob.take('OFFER', { src: ann.id });
    const owner = await redis.ask('GET', keyOf(room));
    const cat = await Client.member(a, room);
    for (const one of [ann, bob]) await one.take('ROOM-JOINED', { id: cat.id });
    assert.equal(await redis.ask('GET', keyOf(room)), owner);
  });

  it('Redis knows whose a room is for as long as somebody is in it', async () => {
    const { room } = await two({ timings: { claimEvery: 50 } });
    const left = async (): Promise<number> =>
      Number((await redis.ask('PTTL', keyOf(room))).slice(1));
    await redis.ask('PEXPIRE', keyOf(room), '60000');
    await until(async () => (await left()) > 60_000, 'the room to be kept for longer');
  });

  it('who floods a node is closed there, and nobody else', async () => {
    const { ann, bob, cat } = await three({ limits: { framesPerSecond: 20 } });
    const signal = { kind: 'ask' };
    for (let n = 0; n < 2_000; n++)
      cat.send({ type: 'ROOM-SIGNAL', dst: ann.id, link: newId(), signal });
    assert.equal((await cat.closed).code, 1008);
    await ann.take('ROOM-PRESENCE', { id: cat.id, away: true });
    assert.ok(ann.types().filter((type) => type === 'ROOM-SIGNAL').length <= 100);
    await Promise.all([ann.settled(), bob.settled()]);
    bob.send(offer(ann.id));
    await ann.take('OFFER', { src: bob.id });
  });

  it('a JOIN that is hidden from the node it comes to opens no second room', async () => {
    const [a, b] = await pair();
    const room = newId();
    const ann = await Client.member(a, room);
    const eve = await Client.member(b, newId());
    const hidden = JSON.stringify({ type: 'ROOM-JOIN', version: 1, room });
    for (let n = 0; n < 3; n++) eve.socket.send(hidden.replace('ROOM-J', String.raw`\u0052OOM-J`));
    const other = await Client.connect(b);
    other.socket.send(hidden.replace('ROOM-J', String.raw`\u0052OOM-J`));
    await Promise.all([eve.settled(), other.settled()]);
    const bob = await Client.member(b, room);
    await ann.take('ROOM-JOINED', { id: bob.id });
  });

  it('what no node says is ignored, and an empty room leaves nothing in Redis', async () => {
    const { room, ann, bob } = await two();
    const node = (await redis.ask('GET', keyOf(room))).split('\r\n')[1]!;
    const nonsense = [
      '',
      '{',
      '[]',
      '["x"]',
      `["${newId()}"]`,
      `["${newId()}",["open",1,["a","b","c","d"]]]`,
      `["${newId()}",["text",1,{}]]`,
      `["${newId()}",["close",1,1,""]]`,
      `["${newId()}",["send",1,"x"],["constructor"],["__proto__",1]]`,
      `["${newId()}",["gone",1],["end",1],["elsewhere",1],["sync",[]]]`,
      `["${newId()}",["text",1,"{}"]]`,
    ];
    for (const text of nonsense) await redis.ask('PUBLISH', `video-call:to:${node}`, text);
    bob.send(offer(ann.id));
    await ann.take('OFFER', { src: bob.id });
    for (const one of [ann, bob]) {
      one.send({ type: 'ROOM-LEAVE' });
      await one.settled();
    }
    await until(async () => (await redis.ask('EXISTS', keyOf(room))).startsWith(':0'), 'no key');
    // Neither names nor members are in it.
    assert.doesNotMatch(await redis.ask('KEYS', '*'), new RegExp(`${room}|${ann.id}`));
  });
});

const keyOf = (room: string): string =>
  `video-call:room:${createHash('sha256').update(room).digest('hex')}`;
