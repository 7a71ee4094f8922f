import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { createToken } from '../../server/create-token.ts';
import { Client, newId, startServer, type StartOptions, type TestServer } from './helpers.ts';

const SECRET = 'a-secret-of-at-least-32-characters';

/** Members say what they were told before the server was restarted. */
describe('a locked room after a restart', () => {
  let servers: TestServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    servers = [];
  });
  async function start(options: StartOptions = {}): Promise<TestServer> {
    const server = await startServer(options);
    servers.push(server);
    return server;
  }
  const tokens: StartOptions = {
    config: {
      access: {
        keys: { kind: 'secret', secret: { kind: 'text', text: SECRET } },
        audience: undefined,
      },
    },
  };

  it('is locked when the first member is back, whoever that is, and members come in', async () => {
    const server = await start();
    const [room, host] = [newId(), newId()];
    const ben = await Client.connect(server);
    const first = await ben.join(room, { host, locked: true });
    assert.deepEqual([first['locked'], first['role']], [true, 'moderator']);
    const eve = await Client.connect(server);
    eve.ask(room, { host: eve.id, locked: true });
    await eve.take('ROOM-WAITING');
    const cem = await Client.connect(server);
    assert.equal((await cem.join(room, { host, locked: true }))['locked'], true);
    const ada = await Client.connect(server, { id: host });
    assert.equal((await ada.join(room, { host, locked: true }))['role'], 'moderator');
    await eve.settled();
    assert.deepEqual(eve.types(), []);
  });

  it('is locked again by its moderator when a newcomer was faster', async () => {
    const server = await start();
    const [room, host] = [newId(), newId()];
    const eve = await Client.member(server, room);
    const ben = await Client.member(server, room, {}, { host, locked: true });
    const ada = await Client.connect(server, { id: host });
    const welcome = await ada.join(room, { host, locked: true });
    assert.deepEqual([welcome['locked'], welcome['role']], [true, 'moderator']);
    for (const one of [eve, ben]) await one.take('ROOM-DOOR', { locked: true });
    assert.equal(await eve.moderate('lock', { on: false }), 'not-moderator');
    assert.equal(await ada.moderate('remove', { id: eve.id }), undefined);
  });

  it('is not entered by who waited at it and is faster than its members', async () => {
    const server = await start();
    const [room, host] = [newId(), newId()];
    const eve = await Client.connect(server);
    eve.ask(room, { locked: true });
    await eve.take('ROOM-WAITING');
    eve.send({ type: 'ROOM-KNOCK', name: 'Eve' });
    await eve.settled();
    const ada = await Client.connect(server, { id: host });
    const welcome = await ada.join(room, { host, locked: true });
    assert.deepEqual([welcome['members'], welcome['waiting']], [[], [{ id: eve.id, name: 'Eve' }]]);
    assert.equal(await ada.moderate('admit', { id: eve.id }), undefined);
    await eve.take('ROOM-WELCOME');
  });

  it('is a new one for who waited at it when nobody comes back, or when it is open', async () => {
    const server = await start({ timings: { returnWithin: 300 } });
    const eve = await Client.connect(server);
    eve.ask(newId(), { locked: true });
    await eve.take('ROOM-WAITING');
    assert.equal((await eve.take('ROOM-WELCOME'))['role'], 'moderator');
    const other = await start();
    const room = newId();
    const fay = await Client.connect(other);
    fay.ask(room, { locked: true });
    await fay.take('ROOM-WAITING');
    await Client.member(other, room);
    await fay.take('ROOM-WELCOME');
  });

  it('is locked by who moderates by token, and members who waited for that come in', async () => {
    const server = await start({ config: { ...tokens.config, waitingRoom: true } });
    const [room, host] = [newId(), newId()];
    const member = await createToken(SECRET, { room });
    const ben = await Client.connect(server);
    ben.ask(room, { token: member, host, locked: true });
    await ben.take('ROOM-WAITING');
    const token = await createToken(SECRET, { room, role: 'moderator' });
    const ada = await Client.connect(server, { id: host });
    assert.equal((await ada.join(room, { token, host, locked: true }))['locked'], true);
    assert.equal((await ben.take('ROOM-WELCOME'))['locked'], true);
    const eve = await Client.connect(server);
    eve.ask(room, { token: member });
    await eve.take('ROOM-WAITING');
  });

  it('is not what a member makes of a room that runs', async () => {
    const server = await start(tokens);
    const room = newId();
    const token = await createToken(SECRET, { room });
    const ben = await Client.member(server, room, {}, { token });
    const eve = await Client.connect(server);
    assert.equal(
      (await eve.join(room, { token, host: eve.id, locked: true }))['locked'],
      undefined,
    );
    assert.equal(
      (await eve.join(room, { token, host: ben.id, locked: true }))['locked'],
      undefined,
    );
    await ben.settled();
    assert.deepEqual(ben.types(), ['ROOM-JOINED']);
  });
});
