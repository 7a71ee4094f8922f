import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { PROTOCOL_VERSION } from '../../src/protocol/limits.ts';
import { isServerFrame } from '../../src/protocol/room.ts';
import {
  Client,
  health,
  newId,
  startServer,
  until,
  type Frame,
  type TestServer,
} from './helpers.ts';

const idsOf = (welcome: Frame): string[] =>
  (welcome['members'] as readonly { id: string }[]).map(({ id }) => id);

describe('membership', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.stop());

  it('welcomes with everyone who is there, and tells them', async () => {
    const room = newId();
    const first = await Client.connect(server);
    const welcome = await first.join(room);
    assert.deepEqual(welcome, {
      type: 'ROOM-WELCOME',
      version: PROTOCOL_VERSION,
      room,
      members: [],
      role: 'moderator',
      iceServers: [],
      iceTtl: 0,
      capacity: 16,
    });
    const second = await Client.connect(server);
    assert.deepEqual((await second.join(room))['members'], [
      { id: first.id, away: false, role: 'moderator' },
    ]);
    await first.take('ROOM-JOINED', { id: second.id });
    const third = await Client.connect(server);
    assert.deepEqual(idsOf(await third.join(room)), [first.id, second.id]);
    await second.take('ROOM-JOINED', { id: third.id });
    await first.settled();
    assert.deepEqual(first.types(), ['ROOM-JOINED']);
  });

  it('sends what the guard of the client takes', async () => {
    const room = newId();
    const client = await Client.connect(server);
    assert.ok(isServerFrame(await client.join(room)));
    const other = await Client.member(server, room);
    assert.ok(isServerFrame(await client.take('ROOM-JOINED')));
    client.send({ type: 'ROOM-JOIN', version: 99, room });
    assert.ok(isServerFrame(await client.take('ROOM-ERROR')));
    other.send({ type: 'ROOM-LEAVE' });
    assert.ok(isServerFrame(await client.take('ROOM-LEFT')));
  });

  it('joins again without telling anyone', async () => {
    const room = newId();
    const one = await Client.member(server, room);
    const other = await Client.member(server, room);
    await one.take('ROOM-JOINED');
    assert.deepEqual(idsOf(await other.join(room)), [one.id]);
    await one.settled();
    assert.deepEqual(one.types(), []);
  });

  it('leaves at once, and a second time without effect', async () => {
    const room = newId();
    const one = await Client.member(server, room);
    const other = await Client.member(server, room);
    other.send({ type: 'ROOM-LEAVE' });
    other.send({ type: 'ROOM-LEAVE' });
    await one.take('ROOM-LEFT', { id: other.id, reason: 'left' });
    await other.settled();
    other.socket.close();
    await other.closed;
    await one.settled();
    assert.deepEqual(one.types(), ['ROOM-JOINED']);
  });

  it('leaves the old room when joining another', async () => {
    const [oldRoom, newRoom] = [newId(), newId()];
    const stays = await Client.member(server, oldRoom);
    const moves = await Client.member(server, oldRoom);
    const waits = await Client.member(server, newRoom);
    assert.deepEqual(idsOf(await moves.join(newRoom)), [waits.id]);
    await stays.take('ROOM-LEFT', { id: moves.id, reason: 'left' });
    await waits.take('ROOM-JOINED', { id: moves.id });
  });

  it('names what is wrong with a join, and lets the client try again', async () => {
    const client = await Client.connect(server);
    const join = async (version: number, room: string): Promise<unknown> => {
      client.send({ type: 'ROOM-JOIN', version, room });
      return (await client.take('ROOM-ERROR'))['code'];
    };
    assert.equal(await join(PROTOCOL_VERSION + 1, 'x'), 'version-unsupported');
    for (const room of ['', ' x', 'x ', 'a\nb', 'x\u0000', 'x'.repeat(201), 'x'.repeat(10_000)])
      assert.equal(await join(PROTOCOL_VERSION, room), 'room-invalid');
    assert.equal((await client.join(newId()))['type'], 'ROOM-WELCOME');
  });

  it('takes rooms of any script', async () => {
    for (const room of ['😀', 'غرفة', '<b>room</b>', '__proto__', 'x'.repeat(200)]) {
      const client = await Client.connect(server);
      assert.equal((await client.join(room))['room'], room);
    }
  });

  it('answers each ping with its number', async () => {
    const client = await Client.connect(server);
    for (const n of [0, 7, 7, Number.MAX_SAFE_INTEGER]) client.send({ type: 'ROOM-PING', n });
    await until(() => client.frames.length === 4, 'four pongs');
    assert.deepEqual(
      client.frames.map((frame) => frame['n']),
      [0, 7, 7, Number.MAX_SAFE_INTEGER],
    );
  });

  it('says in every pair of 50 simultaneous joins of 2 exactly once who was first', async () => {
    await Promise.all(Array.from({ length: 50 }, () => simultaneous(2)));
  });

  it('does so in 10 joins of 4', async () => {
    await Promise.all(Array.from({ length: 10 }, () => simultaneous(4)));
  });

  /** Each pair must have one member that finds the other in its WELCOME, and one that hears JOINED. */
  async function simultaneous(size: number): Promise<void> {
    const room = newId();
    const clients = await Promise.all(Array.from({ length: size }, () => Client.connect(server)));
    const welcomes = await Promise.all(clients.map((client) => client.join(room)));
    await Promise.all(clients.map((client) => client.settled()));
    clients.forEach((client, index) => {
      const found = idsOf(welcomes[index]!);
      const told = client.frames.filter(({ type }) => type === 'ROOM-JOINED').map(({ id }) => id);
      const everyoneElse = clients.filter((other) => other !== client).map(({ id }) => id);
      assert.deepEqual([...found, ...told].sort(), everyoneElse.sort());
    });
    for (const client of clients) client.socket.close();
  }
});

describe('capacity', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer({ config: { roomCapacity: 2, awayGrace: 4.5 } });
  });
  after(() => server.stop());

  it('refuses one more than the room takes, and admits it when someone leaves', async () => {
    const room = newId();
    const one = await Client.member(server, room);
    await Client.member(server, room);
    const third = await Client.connect(server);
    third.send({ type: 'ROOM-JOIN', version: PROTOCOL_VERSION, room });
    const error = await third.take('ROOM-ERROR');
    assert.equal(error['code'], 'room-full');
    assert.match(String(error['detail']), /2 members/);
    one.send({ type: 'ROOM-LEAVE' });
    await one.settled();
    assert.equal((await third.join(room))['capacity'], 2);
  });

  it('does not fill up by joins of the same member', async () => {
    const room = newId();
    const client = await Client.member(server, room);
    for (let n = 0; n < 5; n++) await client.join(room);
    await Client.member(server, room);
  });

  it('gives the place of someone who has been away for a while to a newcomer', async () => {
    const room = newId();
    const stays = await Client.member(server, room);
    const goes = await Client.member(server, room);
    await stays.take('ROOM-JOINED');
    await goes.crash();
    await stays.take('ROOM-PRESENCE', { id: goes.id, away: true });
    const comes = await Client.connect(server);
    // Refused until a third of the grace has passed; the grace itself ends later.
    let welcome: Frame | undefined;
    let wasTimeout = false;
    await until(
      async () => {
        wasTimeout = stays.types().includes('ROOM-LEFT');
        comes.send({ type: 'ROOM-JOIN', version: PROTOCOL_VERSION, room });
        await comes.settled();
        welcome = comes.frames.find(({ type }) => type === 'ROOM-WELCOME');
        return welcome !== undefined;
      },
      'the place',
      100,
    );
    assert.equal(wasTimeout, false);
    assert.deepEqual(idsOf(welcome!), [stays.id]);
    await stays.settled();
    assert.deepEqual(stays.types(), ['ROOM-LEFT', 'ROOM-JOINED']);
    // Whoever lost the place is told when it comes back.
    const back = await Client.connect(server, { id: goes.id, token: goes.token });
    back.send({ type: 'ROOM-JOIN', version: PROTOCOL_VERSION, room });
    assert.equal((await back.take('ROOM-ERROR'))['code'], 'room-full');
  });
});

describe('the count of rooms and members', () => {
  it('goes back to zero', async () => {
    const server = await startServer({ config: { awayGrace: 0.05 } });
    const clients = await Promise.all(['x', 'x', 'y'].map((room) => Client.member(server, room)));
    const { uptime, ...counts } = await health(server);
    assert.deepEqual(counts, { status: 'ok', rooms: 2, members: 3 });
    assert.ok(uptime >= 0);
    clients[0]!.send({ type: 'ROOM-LEAVE' });
    for (const client of clients) client.socket.close();
    await until(async () => (await health(server)).members === 0, 'an empty server');
    assert.equal((await health(server)).rooms, 0);
    await server.stop();
  });
});
