import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createToken, type TokenClaims } from '../../server/create-token.ts';
import { publishes } from '../../server/publishing.ts';
import { LIMITS } from '../../src/protocol/limits.ts';
import { isServerFrame } from '../../src/protocol/room.ts';
import { Client, newId, offer, startServer, type Frame, type TestServer } from './helpers.ts';

const SECRET = 'a-secret-of-at-least-32-characters';

describe('in an open room', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer({ config: { awayGrace: 0.5, roomCapacity: 4 } });
  });
  after(() => server.stop());

  /** The moderator and another member, with nothing left to take. */
  async function pair(room = newId()): Promise<[Client, Client, string]> {
    const ada = await Client.member(server, room);
    const ben = await Client.member(server, room);
    await ada.take('ROOM-JOINED', { id: ben.id });
    return [ada, ben, room];
  }

  it('the first member moderates, and hands over to who is there the longest', async () => {
    const [ada, ben, room] = await pair();
    const cem = await Client.member(server, room);
    ada.send({ type: 'ROOM-LEAVE' });
    for (const client of [ben, cem])
      await client.take('ROOM-PRESENCE', { id: ben.id, role: 'moderator', away: false });
    assert.equal(await cem.moderate('lock', { on: true }), 'not-moderator');
    assert.equal(await ben.moderate('lock', { on: true }), undefined);
  });

  it('a moderator who is away comes back as one, and one who does not is replaced', async () => {
    const [ada, ben, room] = await pair();
    await ada.crash();
    await ben.take('ROOM-PRESENCE', { id: ada.id, away: true, role: 'moderator' });
    const back = await Client.connect(server, { id: ada.id, token: ada.token });
    assert.equal((await back.join(room))['role'], 'moderator');
    await back.crash();
    await ben.take('ROOM-LEFT', { id: ada.id, reason: 'timeout' });
    await ben.take('ROOM-PRESENCE', { id: ben.id, role: 'moderator' });
  });

  it('removes a member, who does not come back under that id', async () => {
    const [ada, ben, room] = await pair();
    const cem = await Client.member(server, room);
    assert.equal(await ada.moderate('remove', { id: ben.id }), undefined);
    assert.equal((await ben.take('ROOM-ERROR'))['code'], 'removed');
    assert.equal((await ben.closed).code, 1008);
    for (const client of [ada, cem])
      await client.take('ROOM-LEFT', { id: ben.id, reason: 'removed' });
    const again = await Client.connect(server, { id: ben.id, token: ben.token });
    assert.equal(await again.refused(room), 'removed');
  });

  it('reaches nobody any more who was removed, nor do they reach anyone', async () => {
    const [ada, ben] = await pair();
    await ada.moderate('remove', { id: ben.id });
    const ghost = await Client.connect(server, { id: ben.id, token: ben.token });
    ghost.send(offer(ada.id));
    ghost.send({
      type: 'ROOM-SIGNAL',
      dst: ada.id,
      link: newId(),
      signal: { kind: 'bye' },
    });
    await ghost.take('ROOM-UNDELIVERED');
    await ghost.take('ROOM-UNDELIVERED');
    await ada.settled();
    assert.deepEqual(ada.types(), ['ROOM-LEFT']);
  });

  it('asks a member to be quiet, and has nothing to make it talk', async () => {
    const [ada, ben] = await pair();
    assert.equal(await ada.moderate('mute', { id: ben.id }), undefined);
    await ben.take('ROOM-MUTE');
    ada.send({ type: 'ROOM-MODERATE', action: 'unmute', id: ben.id });
    await ada.settled();
    await ben.settled();
    assert.deepEqual([ada.types(), ben.types()], [[], []]);
  });

  it('a locked room is knocked at; who is admitted is a member like any other', async () => {
    const [ada, ben, room] = await pair();
    assert.equal(await ada.moderate('lock', { on: true }), undefined);
    for (const client of [ada, ben]) await client.take('ROOM-DOOR', { locked: true });
    const cem = await Client.connect(server);
    cem.ask(room);
    await cem.take('ROOM-WAITING');
    await ada.settled();
    assert.deepEqual(ada.types(), []);
    cem.send({ type: 'ROOM-KNOCK', name: ' Cem ' });
    const door = await ada.take('ROOM-DOOR');
    assert.ok(isServerFrame(door));
    assert.deepEqual(door.waiting, [{ id: cem.id, name: 'Cem' }]);
    // Only moderators are told who waits.
    await ben.settled();
    assert.deepEqual(ben.types(), []);
    assert.equal(await ada.moderate('admit', { id: cem.id }), undefined);
    const welcome = await cem.take('ROOM-WELCOME');
    assert.equal(welcome['locked'], true);
    assert.deepEqual((await ada.take('ROOM-DOOR'))['waiting'], undefined);
    await ben.take('ROOM-JOINED', { id: cem.id });
  });

  it('who waits reaches nobody and is reached by nobody', async () => {
    const [ada, , room] = await pair();
    await ada.moderate('lock', { on: true });
    const cem = await Client.connect(server);
    cem.ask(room);
    await cem.take('ROOM-WAITING');
    cem.send({ type: 'ROOM-KNOCK', name: 'Cem' });
    await ada.take('ROOM-DOOR', { locked: true });
    cem.send(offer(ada.id));
    await cem.take('ROOM-UNDELIVERED');
    ada.send(offer(cem.id));
    await ada.take('ROOM-UNDELIVERED');
    assert.equal(await cem.moderate('admit', { id: cem.id }), 'not-moderator');
    assert.equal(await ada.moderate('mute', { id: cem.id }), 'participant-unknown');
    assert.equal(await ada.moderate('remove', { id: cem.id }), 'participant-unknown');
  });

  it('who is refused is told, and does not get to knock again', async () => {
    const [ada, , room] = await pair();
    await ada.moderate('lock', { on: true });
    const cem = await Client.connect(server);
    cem.ask(room);
    await cem.take('ROOM-WAITING');
    // Before it has knocked nobody knows of it.
    assert.equal(await ada.moderate('refuse', { id: cem.id }), 'participant-unknown');
    cem.send({ type: 'ROOM-KNOCK', name: '' });
    await ada.take('ROOM-DOOR', {});
    await ada.settled();
    assert.equal(await ada.moderate('refuse', { id: cem.id }), undefined);
    assert.equal((await cem.take('ROOM-ERROR'))['code'], 'join-refused');
    await cem.closed;
    const again = await Client.connect(server, { id: cem.id, token: cem.token });
    assert.equal(await again.refused(room), 'removed');
  });

  it('who gives up waiting is taken from the list', async () => {
    const [ada, , room] = await pair();
    await ada.moderate('lock', { on: true });
    for (const end of ['leave', 'crash']) {
      const cem = await Client.connect(server);
      cem.ask(room);
      cem.send({ type: 'ROOM-KNOCK', name: end });
      await ada.take('ROOM-DOOR', { locked: true });
      await ada.settled();
      if (end === 'crash') await cem.crash();
      else cem.send({ type: 'ROOM-LEAVE' });
      let door: Frame;
      do door = await ada.take('ROOM-DOOR');
      while (door['waiting'] !== undefined);
      assert.equal(await ada.moderate('admit', { id: cem.id }), 'participant-unknown');
    }
  });

  it('unlocking lets all in who wait', async () => {
    const [ada, , room] = await pair();
    await ada.moderate('lock', { on: true });
    const waiting = await Promise.all([1, 2].map(() => Client.connect(server)));
    for (const client of waiting) {
      client.ask(room);
      await client.take('ROOM-WAITING');
    }
    await ada.moderate('lock', { on: false });
    for (const client of waiting)
      assert.equal((await client.take('ROOM-WELCOME'))['locked'], undefined);
  });

  it('who waits at an unlocked room that is full comes in, one for each who leaves', async () => {
    const [ada, ben, room] = await pair();
    const others = [await Client.member(server, room), await Client.member(server, room)];
    assert.equal(await ada.moderate('lock', { on: true }), undefined);
    const waiting = [await Client.connect(server), await Client.connect(server)] as const;
    for (const client of waiting) {
      client.ask(room);
      await client.take('ROOM-WAITING');
    }
    assert.equal(await ada.moderate('lock', { on: false }), undefined);
    const [cem, dan] = waiting;
    ben.send({ type: 'ROOM-LEAVE' });
    assert.equal((await cem.take('ROOM-WELCOME'))['locked'], undefined);
    await dan.settled();
    assert.deepEqual(dan.types(), []);
    await others[0]!.crash();
    await dan.take('ROOM-WELCOME');
    // Nobody comes into a locked one by that.
    assert.equal(await ada.moderate('lock', { on: true }), undefined);
    const eve = await Client.connect(server);
    eve.ask(room);
    await eve.take('ROOM-WAITING');
    cem.send({ type: 'ROOM-LEAVE' });
    await cem.settled();
    await eve.settled();
    assert.deepEqual(eve.types(), []);
  });

  it('who waits at a full room when the call ends for all is not let in for that', async () => {
    const [ada, , room] = await pair();
    for (let n = 0; n < 2; n++) await Client.member(server, room);
    assert.equal(await ada.moderate('lock', { on: true }), undefined);
    const cem = await Client.connect(server);
    cem.ask(room);
    await cem.take('ROOM-WAITING');
    assert.equal(await ada.moderate('lock', { on: false }), undefined);
    assert.equal(await ada.moderate('end'), undefined);
    await cem.closed;
    assert.deepEqual(
      cem.frames.map(({ type, code }) => [type, code]),
      [['ROOM-ERROR', 'call-ended']],
    );
  });

  it('an empty room is unlocked: who waits comes in, the first as its moderator', async () => {
    const room = newId();
    const ada = await Client.member(server, room);
    await ada.moderate('lock', { on: true });
    const [ben, cem] = [await Client.connect(server), await Client.connect(server)];
    for (const client of [ben, cem]) {
      client.ask(room);
      await client.take('ROOM-WAITING');
    }
    ada.send({ type: 'ROOM-LEAVE' });
    assert.equal((await ben.take('ROOM-WELCOME'))['role'], 'moderator');
    assert.equal((await cem.take('ROOM-WELCOME'))['role'], undefined);
  });

  it('the next moderator is told who waits', async () => {
    const [ada, ben, room] = await pair();
    await ada.moderate('lock', { on: true });
    const cem = await Client.connect(server);
    cem.ask(room);
    cem.send({ type: 'ROOM-KNOCK', name: 'Cem' });
    await cem.take('ROOM-WAITING');
    await cem.settled();
    await ben.settled();
    ben.frames.length = 0;
    ada.send({ type: 'ROOM-LEAVE' });
    const door = await ben.take('ROOM-DOOR');
    assert.deepEqual(door['waiting'], [{ id: cem.id, name: 'Cem' }]);
  });

  it('ends for all: members and who waits', async () => {
    const [ada, ben, room] = await pair();
    await ada.moderate('lock', { on: true });
    const cem = await Client.connect(server);
    cem.ask(room);
    await cem.take('ROOM-WAITING');
    assert.equal(await ada.moderate('end'), undefined);
    for (const client of [ben, cem]) {
      assert.equal((await client.take('ROOM-ERROR'))['code'], 'call-ended');
      await client.closed;
    }
    await ada.take('ROOM-LEFT', { id: ben.id, reason: 'removed' });
  });

  it('does nothing for who is no moderator, in another room, or in none', async () => {
    const [ada, ben] = await pair();
    const [eve] = await pair();
    const nobody = await Client.connect(server);
    const actions: [string, Frame][] = [
      ['mute', { id: ada.id }],
      ['remove', { id: ada.id }],
      ['admit', { id: ada.id }],
      ['refuse', { id: ada.id }],
      ['lock', { on: true }],
      ['end', {}],
    ];
    for (const [action, fields] of actions)
      for (const client of [ben, nobody])
        assert.equal(await client.moderate(action, fields), 'not-moderator', action);
    // A moderator of another room knows nobody here.
    for (const [action, fields] of actions.slice(0, 4))
      assert.equal(await eve.moderate(action, fields), 'participant-unknown', action);
    await ada.settled();
    assert.deepEqual(ada.types(), []);
    // Nobody turns itself out, so that a room does not lose its moderator by a slip.
    assert.equal(await ada.moderate('remove', { id: ada.id }), 'participant-unknown');
  });

  it('closes on who goes on trying', async () => {
    const [, ben] = await pair();
    for (let n = 0; n < 40; n++) ben.send({ type: 'ROOM-MODERATE', action: 'end' });
    assert.equal((await ben.closed).code, 1008);
  });

  it('believes no frame of the server that a client sends', async () => {
    const [ada, ben] = await pair();
    for (const frame of [
      { type: 'ROOM-PRESENCE', id: ben.id, away: false, role: 'moderator' },
      { type: 'ROOM-JOINED', id: newId() },
      { type: 'ROOM-LEFT', id: ada.id, reason: 'removed' },
      { type: 'ROOM-MUTE', id: ada.id },
      { type: 'ROOM-MUTE', dst: ada.id },
      { type: 'ROOM-DOOR', locked: true },
      { type: 'ROOM-ERROR', code: 'removed', detail: '' },
      { type: 'ROOM-MODERATE', action: 'lock', on: 'yes' },
      { type: 'ROOM-MODERATE', action: 'mute', id: [ada.id] },
      { type: 'ROOM-MODERATE', action: '__proto__', id: ada.id },
      { type: 'ROOM-KNOCK', name: 'x'.repeat(LIMITS.name + 1) },
      { type: 'ROOM-KNOCK', name: 'not waiting' },
    ])
      ben.send(frame);
    assert.equal(await ben.moderate('lock', { on: true }), 'not-moderator');
    await ada.settled();
    assert.deepEqual(ada.types(), []);
  });

  it('gives the room back to its moderator when the server has forgotten it', async () => {
    const room = newId();
    const host = newId();
    const ben = await Client.member(server, room, {}, { host });
    const eve = await Client.connect(server);
    assert.equal((await eve.join(room, { host: eve.id }))['role'], undefined);
    const ada = await Client.connect(server, { id: host });
    assert.equal((await ada.join(room, { host }))['role'], 'moderator');
    await ben.take('ROOM-PRESENCE', { id: ben.id, away: false });
    assert.equal(await ben.moderate('lock', { on: true }), 'not-moderator');
    assert.equal(await ada.moderate('lock', { on: true }), undefined);
  });
});

describe('in a room with a waiting room', () => {
  let server: TestServer;
  const token = (claims: Omit<TokenClaims, 'room'> = {}): Promise<string> =>
    createToken(SECRET, { room: '*', ...claims });
  before(async () => {
    const keys = { kind: 'secret', secret: { kind: 'text', text: SECRET } } as const;
    server = await startServer({
      config: { access: { keys, audience: undefined }, waitingRoom: true, roomCapacity: 3 },
      timings: { joinWithin: 600 },
    });
  });
  after(() => server.stop());

  it('waits for a moderator, longer than a socket may be idle, and with the name of the token', async () => {
    const room = newId();
    const ben = await Client.connect(server);
    ben.ask(room, { token: await token({ name: 'Ben' }) });
    await ben.take('ROOM-WAITING');
    ben.send({ type: 'ROOM-KNOCK', name: 'Your boss' });
    const idle = await Client.connect(server);
    // The one that asks for nothing is closed meanwhile.
    assert.equal((await idle.closed).code, 1008);
    await ben.settled();
    const ada = await Client.connect(server);
    const welcome = await ada.join(room, { token: await token({ role: 'moderator' }) });
    assert.deepEqual(welcome['waiting'], [{ id: ben.id, name: 'Ben' }]);
    assert.equal(await ada.moderate('admit', { id: ben.id }), undefined);
    assert.equal((await ben.take('ROOM-WELCOME'))['name'], 'Ben');
  });

  it('goes on waiting while the room is full', async () => {
    const room = newId();
    const moderator = { token: await token({ role: 'moderator' }) };
    const ada = await Client.member(server, room, {}, moderator);
    const two = await Client.member(server, room, {}, moderator);
    await Client.member(server, room, {}, moderator);
    const ben = await Client.connect(server);
    ben.ask(room, { token: await token() });
    await ben.take('ROOM-WAITING');
    ben.send({ type: 'ROOM-KNOCK', name: 'Ben' });
    await ben.settled();
    assert.equal(await ada.moderate('admit', { id: ben.id }), 'room-full');
    two.send({ type: 'ROOM-LEAVE' });
    await two.settled();
    assert.equal(await ada.moderate('admit', { id: ben.id }), undefined);
    await ben.take('ROOM-WELCOME');
  });

  it('lets in who need not knock, and keeps a removed user out with whatever token', async () => {
    const room = newId();
    const ada = await Client.member(
      server,
      room,
      {},
      { token: await token({ role: 'moderator', user: 'ada' }) },
    );
    const ben = await Client.member(
      server,
      room,
      {},
      { token: await token({ knock: false, user: 'ben' }) },
    );
    assert.equal(await ada.moderate('remove', { id: ben.id }), undefined);
    const again = await Client.connect(server);
    const other = await token({ role: 'moderator', user: 'ben' });
    assert.equal(await again.refused(room, { token: other }), 'removed');
  });

  it('a viewer can neither offer nor answer to publish; what it may send arrives', async () => {
    const room = newId();
    const ada = await Client.member(
      server,
      room,
      {},
      { token: await token({ role: 'moderator' }) },
    );
    const viewer = await Client.member(
      server,
      room,
      {},
      { token: await token({ role: 'viewer', knock: false }) },
    );
    await ada.take('ROOM-JOINED', { role: 'viewer' });
    const describe = (direction: string): string =>
      `v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=${direction}\r\nm=application 9 x\r\n`;
    const link = newId();
    const send = (direction: string): void => {
      for (const type of ['OFFER', 'ANSWER'] as const)
        viewer.send(
          offer(
            ada.id,
            { sdp: { type: type.toLowerCase(), sdp: describe(direction) }, connectionId: link },
            type,
          ),
        );
      viewer.send({
        type: 'ROOM-SIGNAL',
        dst: ada.id,
        link,
        signal: {
          kind: 'description',
          round: 1,
          type: 'offer',
          sdp: describe(direction),
          sources: [],
        },
      });
    };
    send('sendrecv');
    send('sendonly');
    await viewer.settled();
    await ada.settled();
    assert.deepEqual(ada.types(), []);
    send('recvonly');
    await viewer.settled();
    await ada.settled();
    assert.deepEqual(ada.types(), ['OFFER', 'ANSWER', 'ROOM-SIGNAL']);
  });
});

describe('publishes', () => {
  const audio = 'm=audio 9 UDP/TLS/RTP/SAVPF 111';
  for (const [name, lines, expected] of [
    ['nothing', ['v=0'], false],
    ['data only', ['m=application 9 UDP/DTLS/SCTP x'], false],
    ['a section without a direction', [audio], true],
    ['sendrecv', [audio, 'a=sendrecv'], true],
    ['sendonly', [audio, 'a=sendonly'], true],
    ['recvonly', [audio, 'a=recvonly'], false],
    ['inactive', [audio, 'a=inactive'], false],
    ['a direction of the session', ['a=recvonly', audio], false],
    ['a section against the session', ['a=recvonly', audio, 'a=sendonly'], true],
    ['the second section', [audio, 'a=recvonly', 'm=video 9 x 96', 'a=sendonly'], true],
    ['a bundled section', [audio, 'a=recvonly', 'm=video 0 x 96', 'a=sendrecv'], true],
  ] as const)
    for (const end of ['\r\n', '\n'])
      it(`${JSON.stringify(end)} ${name}: ${String(expected)}`, () => {
        assert.equal(publishes(lines.join(end)), expected);
      });
});
