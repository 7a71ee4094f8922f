import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { DEFAULTS } from '../../server/config-settings.ts';
import { DEFAULT_TIMINGS } from '../../server/limits.ts';
import { Client, newId, offer, startServer, until, type TestServer } from './helpers.ts';

describe('a lost socket', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer({ config: { awayGrace: 0.3 } });
  });
  after(() => server.stop());

  it('shows as away at once, and as gone after the grace', async () => {
    const room = newId();
    const stays = await Client.member(server, room);
    const goes = await Client.member(server, room);
    await stays.take('ROOM-JOINED');
    await goes.crash();
    await stays.take('ROOM-PRESENCE', { id: goes.id, away: true });
    await stays.take('ROOM-LEFT', { id: goes.id, reason: 'timeout' });
    assert.deepEqual(stays.types(), []);
  });

  it('that is closed politely, but without LEAVE, is no different', async () => {
    const room = newId();
    const stays = await Client.member(server, room);
    const goes = await Client.member(server, room);
    goes.socket.close(1001);
    await stays.take('ROOM-PRESENCE', { id: goes.id, away: true });
    await stays.take('ROOM-LEFT', { id: goes.id, reason: 'timeout' });
  });
});

describe('coming back', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer({ config: { awayGrace: 60 }, timings: { closeWithin: 500 } });
  });
  after(() => server.stop());

  it('within the grace is told as presence, with the same place in the order', async () => {
    const room = newId();
    const goes = await Client.member(server, room);
    const stays = await Client.member(server, room);
    await goes.crash();
    await stays.take('ROOM-PRESENCE', { id: goes.id, away: true });
    const newcomer = await Client.connect(server);
    assert.deepEqual((await newcomer.join(room))['members'], [
      { id: goes.id, away: true, role: 'moderator' },
      { id: stays.id, away: false },
    ]);
    const back = await Client.connect(server, goes);
    assert.deepEqual((await back.join(room))['members'], [
      { id: stays.id, away: false },
      { id: newcomer.id, away: false },
    ]);
    await stays.take('ROOM-PRESENCE', { id: goes.id, away: false });
    await newcomer.take('ROOM-PRESENCE', { id: goes.id, away: false });
    await stays.settled();
    assert.deepEqual(stays.types(), ['ROOM-JOINED']);
  });

  it('while away nothing is delivered, and the sender is told', async () => {
    const room = newId();
    const stays = await Client.member(server, room);
    const goes = await Client.member(server, room);
    await goes.crash();
    await stays.take('ROOM-PRESENCE', { id: goes.id, away: true });
    const link = newId();
    stays.send({ type: 'ROOM-SIGNAL', dst: goes.id, link, signal: { kind: 'bye' } });
    await stays.take('ROOM-UNDELIVERED', { dst: goes.id, link });
    stays.send(offer(goes.id, { connectionId: link }));
    await stays.take('ROOM-UNDELIVERED', { dst: goes.id, link });
    // Nothing was kept for it either.
    const back = await Client.connect(server, goes);
    await back.settled();
    assert.deepEqual(back.types(), []);
    // A socket is not enough: it has to join, so that both sides know the same roster.
    stays.send({ type: 'ROOM-SIGNAL', dst: goes.id, link, signal: { kind: 'bye' } });
    await stays.take('ROOM-UNDELIVERED', { dst: goes.id, link });
  });

  it('before the old socket was found dead opens at once, and nobody sees anything', async () => {
    const room = newId();
    const old = await Client.member(server, room);
    const other = await Client.member(server, room);
    const link = newId();
    for (let n = 0; n < 5; n++) {
      const fresh = await Client.connect(server, old);
      assert.deepEqual((await fresh.join(room))['members'], [{ id: other.id, away: false }]);
      other.send({ type: 'ROOM-SIGNAL', dst: old.id, link, signal: { kind: 'bye' } });
      await fresh.take('ROOM-SIGNAL', { src: other.id, link });
    }
    assert.equal((await old.closed).code, 1006);
    await other.settled();
    assert.deepEqual(other.types(), []);
  });

  it('is refused to someone else, with the socket open as well as away', async () => {
    const room = newId();
    const owner = await Client.member(server, room);
    const other = await Client.member(server, room);
    const thief = Client.open(server, { id: owner.id });
    await thief.take('ID-TAKEN');
    assert.equal((await thief.closed).code, 1008);
    await owner.crash();
    await other.take('ROOM-PRESENCE', { id: owner.id, away: true });
    const second = Client.open(server, { id: owner.id });
    await second.take('ID-TAKEN');
    await second.closed;
    assert.deepEqual(second.types(), []);
    // The owner still may.
    await (await Client.connect(server, owner)).join(room);
    await other.take('ROOM-PRESENCE', { id: owner.id, away: false });
  });

  it('with an id that has left is allowed to anyone: nobody knows it any more', async () => {
    const client = await Client.member(server, newId());
    client.send({ type: 'ROOM-LEAVE' });
    await client.settled();
    client.socket.close();
    await client.closed;
    await Client.connect(server, { id: client.id });
  });
});

describe('a machine that vanishes', () => {
  const { pingEvery, deadAfter, checkEvery } = DEFAULT_TIMINGS;

  it('is away within 8 seconds and gone within 20 by default, after two pings', () => {
    assert.ok(deadAfter + checkEvery <= 8_000);
    assert.ok(deadAfter + checkEvery + DEFAULTS.awayGrace * 1_000 < 20_000);
    assert.ok(2 * (pingEvery + checkEvery) <= deadAfter);
  });

  it('is so at a tenth of these times', async () => {
    const timings = {
      pingEvery: pingEvery / 10,
      deadAfter: deadAfter / 10,
      checkEvery: checkEvery / 10,
    };
    const server = await startServer({ config: { awayGrace: DEFAULTS.awayGrace / 10 }, timings });
    const room = newId();
    const stays = await Client.member(server, room);
    const vanishes = await Client.member(server, room);
    await stays.take('ROOM-JOINED');
    vanishes.socket.pause();
    const vanishedAt = performance.now();
    await stays.take('ROOM-PRESENCE', { id: vanishes.id, away: true });
    const away = performance.now() - vanishedAt;
    await stays.take('ROOM-LEFT', { id: vanishes.id, reason: 'timeout' });
    const left = performance.now() - vanishedAt;
    assert.ok(away > 500 && away < 1_200, `away after ${away} ms instead of 800`);
    assert.ok(left > away + 1_000 && left < 2_600, `gone after ${left} ms instead of 2,000`);
    vanishes.socket.terminate();
    await server.stop();
  });
});

describe('liveness', () => {
  let server: TestServer;
  before(async () => {
    const timings = { pingEvery: 100, deadAfter: 2_000, checkEvery: 50, joinWithin: 1_500 };
    server = await startServer({ timings });
  });
  after(() => server.stop());

  it('ends a socket that answers no pings, and keeps the one that does', async () => {
    const room = newId();
    const alive = await Client.member(server, room);
    const halfOpen = await Client.member(server, room, { options: { autoPong: false } });
    await alive.take('ROOM-PRESENCE', { id: halfOpen.id, away: true });
    assert.equal((await halfOpen.closed).code, 1006);
    await alive.settled();
  });

  it('pings only those who are silent', async () => {
    const client = await Client.member(server, newId());
    let pings = 0;
    client.socket.on('ping', () => (pings += 1));
    const chatter = setInterval(() => {
      client.send({ type: 'ROOM-PING', n: 1 });
    }, 20);
    await new Promise((resolve) => setTimeout(resolve, 700));
    clearInterval(chatter);
    // A busy machine may hold the chatter up now and then.
    assert.ok(pings <= 2, `${pings} pings`);
    await until(() => pings > 2, 'pings in the silence');
  });

  it('ends a socket that does not join, also after it has left', async () => {
    const never = await Client.connect(server);
    const left = await Client.member(server, newId());
    left.send({ type: 'ROOM-LEAVE' });
    assert.deepEqual(await never.closed, { code: 1008, reason: 'no ROOM-JOIN in time' });
    assert.equal((await left.closed).code, 1008);
  });

  it('keeps the socket of a member', async () => {
    const other = await Client.member(server, newId());
    const never = await Client.connect(server);
    await never.closed;
    assert.equal(other.socket.readyState, WebSocket.OPEN);
    await other.settled();
  });
});
