import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import type { Peer } from 'peerjs';
import { Client, newId } from '../server/helpers.ts';
import { makeOffer } from './harness/hostile.ts';
import type { Person } from './harness/person.ts';
import { areInCall, Stage } from './harness/stage.ts';
import { until } from './harness/until.ts';

declare global {
  /** PeerJS as anybody can get it, and one client made with it. */
  var peerjs: { readonly Peer: typeof Peer };
  var stranger: Peer;
  var answered: string[];
}

const stage = Stage.set();
const PEERJS = fileURLToPath(
  new URL('../../node_modules/peerjs/dist/peerjs.min.js', import.meta.url),
);

const connections = (person: Person): Promise<number> =>
  person.page.evaluate(() => watched.connections.length);

/** Two in a call, and what is true of them as long as nothing disturbs it. */
async function calm(room: string): Promise<{
  readonly victim: Person;
  readonly friend: Person;
  /** Nothing has happened to their call: same connection and socket, no trouble, and media goes on. */
  isUnhurt(): Promise<void>;
}> {
  const victim = await stage.caller(room, 'name="Victim"');
  const friend = await stage.caller(room, 'name="Friend"');
  await areInCall(victim, friend);
  const both = [victim, friend];
  const ids = await Promise.all(both.map((one) => one.id()));
  for (const person of both)
    await person.run((element) => {
      globalThis.answered = [];
      element.addEventListener('state-change', ({ state }) => answered.push(state));
      element.addEventListener('connection-change', ({ participant }) =>
        answered.push(`${participant.id} ${participant.connection}`),
      );
    }, undefined);
  return {
    victim,
    friend,
    async isUnhurt() {
      await Promise.all([victim.receives(1), friend.receives(1)]);
      for (const [index, person] of both.entries()) {
        const other = ids[1 - index]!;
        const told = await person.page.evaluate(() => answered);
        // A machine that has no time for anybody may well say "reconnecting" for an instant.
        assert.deepEqual(
          told.filter((text) => !text.includes(' ') || text === `${other} failed`),
          [],
          'no trouble with the server, and not with the other one',
        );
        const state = await person.page.evaluate(
          () => watched.connections[0]?.deref()?.connectionState,
        );
        assert.equal(state, 'connected', 'the connection that they began with');
        assert.equal(person.sockets.length, 1);
        assert.deepEqual(person.pageErrors, []);
      }
    },
  };
}

/** Resolves when everything that the server had to tell the victim before now has arrived there. */
async function settled(victim: Person, room: string): Promise<void> {
  const messenger = await Client.member(stage.server, room);
  await until(() => victim.frames.some((frame) => frame.includes(messenger.id)), 'the messenger');
  messenger.send({ type: 'ROOM-LEAVE' });
  await messenger.settled();
  await until(
    () =>
      victim.run((element, id) => element.participants.every((one) => one.id !== id), messenger.id),
    'the messenger to be gone',
  );
  await messenger.crash();
}

/** A page with PeerJS, connected to our server under an id of its own. */
async function makeStranger(): Promise<Person> {
  const page = await stage.visit('');
  await page.page.addScriptTag({ path: PEERJS });
  await page.page.evaluate(
    async ([port, id, token]) => {
      globalThis.stranger = new peerjs.Peer(id, { host: 'localhost', port, path: '/', token });
      stranger.on('error', () => undefined);
      await new Promise((resolve) => stranger.on('open', resolve));
    },
    [stage.server.port, newId(), newId()] as const,
  );
  return page;
}

/** Does to `id` all that PeerJS can do. */
async function call(stranger: Person, id: string): Promise<void> {
  await stranger.page.evaluate(async (victim) => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    globalThis.answered = [];
    for (let turn = 0; turn < 3; turn++) {
      const call = globalThis.stranger.call(victim, stream);
      call.on('stream', () => answered.push('media'));
      const data = globalThis.stranger.connect(victim);
      data.on('open', () => answered.push('data'));
    }
  }, id);
}

/** Sends what can be forged with the socket of PeerJS. */
async function forge(stranger: Person, id: string): Promise<void> {
  await stranger.page.evaluate(async (victim) => {
    const { socket } = globalThis.stranger;
    const connectionId = 'forged-connection';
    const sdp = { type: 'offer', sdp: 'v=0\r\n' };
    for (const frame of [
      { type: 'OFFER', src: victim, payload: { sdp, type: 'media', connectionId } },
      { type: 'OFFER', payload: { sdp, type: 'data', connectionId, label: 'x', reliable: true } },
      { type: 'ANSWER', payload: { sdp: { ...sdp, type: 'answer' }, type: 'media', connectionId } },
      { type: 'CANDIDATE', payload: { candidate: {}, type: 'media', connectionId } },
      { type: 'LEAVE', src: victim, payload: null },
      { type: 'EXPIRE', src: victim, payload: null },
      { type: 'ROOM-SIGNAL', link: connectionId, signal: { kind: 'bye' } },
      { type: 'ROOM-LEFT', id: victim, reason: 'left' },
      { type: 'ROOM-JOINED', id: 'somebody-new' },
      { type: 'ROOM-CLOSING', retryAfter: 1 },
    ])
      socket.send({ ...frame, dst: victim });
    // The server has handled all of it when it answers this.
    await new Promise<void>((resolve) => {
      socket.on('message', (frame: { readonly type: string }) => {
        if (frame.type === 'ROOM-PONG') resolve();
      });
      socket.send({ type: 'ROOM-PING', n: 1 });
    });
  }, id);
}

test('a PeerJS client that is in no room, or in another one, reaches nobody', async () => {
  const room = stage.room();
  const { victim, friend, isUnhurt } = await calm(room);
  const before = [await connections(victim), await connections(friend)];
  const strangers = [await makeStranger(), await makeStranger()];
  await strangers[1]!.page.evaluate((other) => {
    globalThis.stranger.socket.send({ type: 'ROOM-JOIN', version: 1, room: other });
  }, stage.room());
  for (const stranger of strangers)
    for (const person of [victim, friend]) {
      const id = await person.id();
      await call(stranger, id);
      const offers = (): number =>
        stranger.frames.filter((frame) => frame.includes('"OFFER"') && frame.includes(id)).length;
      await until(() => offers() >= 6, 'its offers, of media and of data');
      await forge(stranger, id);
    }
  await settled(victim, room);
  await settled(friend, room);

  for (const stranger of strangers) {
    const id = await stranger.page.evaluate(() => globalThis.stranger.id);
    for (const person of [victim, friend])
      assert.deepEqual(
        person.frames.filter((frame) => frame.includes(id) || frame.includes('forged-connection')),
        [],
        'nothing of it arrives',
      );
    assert.deepEqual(await stranger.page.evaluate(() => answered), []);
    assert.deepEqual(
      stranger.frames.filter(
        (frame) => /"type":"(ANSWER|CANDIDATE)"/.test(frame) && frame.includes('"src":'),
      ),
      [],
    );
  }
  assert.deepEqual([await friend.openConnections(), await victim.openConnections()], [1, 1]);
  assert.ok((await connections(victim)) >= before[0]!);
  assert.equal(await victim.run((element) => element.participants.length, undefined), 2);
  await isUnhurt();
});

test('a member that calls again and again gets one connection at a time, and no data connection', async () => {
  const room = stage.room();
  const { victim, isUnhurt } = await calm(room);
  const stranger = await makeStranger();
  await stranger.page.evaluate((name) => {
    globalThis.stranger.socket.send({ type: 'ROOM-JOIN', version: 1, room: name });
  }, room);
  await victim.sees(3);
  await call(stranger, await victim.id());
  // It is a member: its media call is taken.
  await until(() => stranger.page.evaluate(() => answered.includes('media')), 'an answer');
  await forge(stranger, await victim.id());
  await until(async () => (await victim.openConnections()) === 2, 'one connection for each');
  const open = await stranger.page.evaluate(() => answered);
  assert.ok(!open.includes('data'), 'no data connection was made');
  assert.equal(await victim.openConnections(), 2);
  await isUnhurt();
  await stranger.close();
  await victim.sees(2, 30_000);
  await until(async () => (await victim.openConnections()) === 1, 'the end of the stranger');
  await isUnhurt();
});

test('malformed, oversized and flooding frames neither stop the server nor disturb a call', async () => {
  const room = stage.room();
  const { victim, friend, isUnhurt } = await calm(room);
  const target = await victim.id();
  const counted = await victim.received();
  const deep = '['.repeat(20_000) + ']'.repeat(20_000);
  const texts = [
    '',
    '{',
    'null',
    '[]',
    '0',
    '"text"',
    '{"type":null}',
    '{"type":"__proto__"}',
    '{"__proto__":{"type":"OFFER"}}',
    '{"type":"OFFER"}',
    `{"type":"OFFER","dst":${JSON.stringify(target)},"payload":null}`,
    '{"type":"ROOM-JOIN"}',
    `{"type":"ROOM-JOIN","version":1e309,"room":"x"}`,
    `{"type":"ROOM-SIGNAL","dst":${JSON.stringify(target)}}`,
    `{"type":"ROOM-SIGNAL","dst":"${target}","link":"${newId()}","signal":${deep}}`,
    `{"type":"ROOM-SIGNAL","dst":"${target}","link":"${newId()}","signal":{"kind":"bye","more":${deep}}}`,
    `{"type":"OFFER","dst":"${target}","payload":{"type":"media","connectionId":${deep}}}`,
    `{"type":"HEARTBEAT","payload":${deep}}`,
    '{"type":"constructor","dst":"toString"}',
    '\u0000\uFFFF',
  ];
  const clients: Client[] = [];
  const client = async (): Promise<Client> => {
    const one = await Client.connect(stage.server);
    clients.push(one);
    return one;
  };
  const send = (one: Client, data: string | Buffer): void => {
    if (one.socket.readyState === one.socket.OPEN) one.socket.send(data, () => undefined);
  };

  const malformed = await client();
  for (const text of texts) send(malformed, text);
  send(malformed, Buffer.from([0, 159, 146, 150]));
  // One frame beyond every limit ends its sender.
  for (const size of [200_000, 5_000_000]) {
    const oversized = await client();
    send(oversized, 'x'.repeat(size));
    await oversized.closed;
  }
  // As fast as they can, each in its own way.
  const floods: readonly ((one: Client) => string)[] = [
    () => '{"type":"HEARTBEAT"}',
    () => '{',
    () => JSON.stringify({ type: 'ROOM-JOIN', version: 1, room: `flood ${newId()}` }),
    () => JSON.stringify({ type: 'OFFER', dst: target, payload: { sdp: 'x'.repeat(10_000) } }),
    ({ id }) => JSON.stringify({ type: 'ROOM-SIGNAL', dst: target, link: id, signal: {} }),
  ];
  for (const flood of floods) {
    const one = await client();
    for (let turn = 0; turn < 3_000; turn++) send(one, flood(one));
    await one.closed;
  }
  // Sockets that come and go, and some that only come.
  for (let turn = 0; turn < 50; turn++) void Client.open(stage.server).crash();

  await settled(victim, room);
  const health = (await (await fetch(`${stage.server.url}healthz`)).json()) as { status: string };
  assert.equal(health.status, 'ok');
  const now = await victim.received();
  for (const [id, { framesDecoded }] of counted)
    assert.ok((now.get(id)?.framesDecoded ?? 0) > framesDecoded, 'frames went on');
  assert.equal(await connections(victim), await connections(friend));
  await isUnhurt();
  for (const one of clients) one.socket.terminate();
});

test('a hostile member gets one connection, whatever it sends, and the others talk on', async () => {
  const room = stage.room();
  const { victim, isUnhurt } = await calm(room);
  const target = await victim.id();
  const sdp = await makeOffer(await stage.visit(''));
  const offer = (link: string): unknown => ({
    type: 'OFFER',
    dst: target,
    payload: { sdp: { type: 'offer', sdp }, type: 'media', connectionId: link },
  });
  const signal = (link: string, body: unknown): unknown => ({
    type: 'ROOM-SIGNAL',
    dst: target,
    link,
    signal: body,
  });
  const candidate = (port: number): unknown => ({
    kind: 'candidate',
    candidate: `candidate:1 1 udp 2122260223 127.0.0.1 ${String(port)} typ host`,
    sdpMid: '0',
    sdpMLineIndex: 0,
    usernameFragment: null,
  });
  const description = (type: 'offer' | 'answer', round: number, text: string): unknown => ({
    kind: 'description',
    type,
    round,
    sdp: text,
    sources: [],
  });
  const big = `v=0\r\n${'a=x\r\n'.repeat(12_000)}`;
  const others = await victim.run((e) => e.participants.map(({ id }) => id), undefined);

  let most = 0;
  const look = async (): Promise<void> => {
    most = Math.max(most, await victim.openConnections());
  };
  const hostiles: Client[] = [];
  // Three of them, one after the other: more offers than a browser has connections to give.
  for (let turn = 0; turn < 3; turn++) {
    const hostile = await Client.member(stage.server, room);
    hostiles.push(hostile);
    let link = '';
    for (let one = 0; one < 200; one++) {
      link = newId();
      hostile.send(offer(link));
      // The same one again, which PeerJS would end its call for.
      if (one % 20 === 0) hostile.send(offer(link));
      if (one % 50 === 0) await look();
    }
    await hostile.settled();
    await look();
    for (let port = 1; port <= 250; port++) hostile.send(signal(link, candidate(port)));
    for (let round = 0; round < 20; round++) {
      hostile.send(signal(link, description('offer', round, sdp)));
      hostile.send(signal(link, description('answer', round, sdp)));
      hostile.send(signal(newId(), description('offer', round, sdp)));
    }
    for (let round = 0; round < 4; round++) {
      hostile.send(signal(link, description('offer', 1_000 + round, big)));
      hostile.send(signal(newId(), { kind: 'bye' }));
    }
    for (const id of others)
      hostile.send({ ...(signal(link, { kind: 'bye' }) as object), dst: id, src: target });
    if (hostile.socket.readyState === hostile.socket.OPEN)
      await Promise.race([hostile.settled(), hostile.closed]);
    await look();
  }
  assert.ok(most <= 1 + hostiles.length, `${String(most)} connections at once`);
  await isUnhurt();

  for (const { socket } of hostiles) socket.terminate();
  await victim.sees(2, 60_000);
  await until(async () => (await victim.openConnections()) === 1, 'the end of the hostile ones');
  await isUnhurt();
  // And whoever comes now is received like before.
  const late = await stage.caller(room);
  await late.receives(2);
  await victim.receives(2);
});

test('a browser that has no connections left says whom it cannot reach, and goes on when it has', async () => {
  const room = stage.room();
  const friend = await stage.caller(room, 'name="Friend"');
  const person = await stage.visit(`<video-call room="${room}"></video-call>`);
  await person.page.evaluate(() => {
    const Real = globalThis.RTCPeerConnection;
    const none = function (): never {
      throw new DOMException('Cannot create so many PeerConnections', 'UnknownError');
    };
    globalThis.RTCPeerConnection = none as unknown as typeof RTCPeerConnection;
    Object.assign(globalThis, { giveBack: () => (globalThis.RTCPeerConnection = Real) });
  });
  await person.join();
  await Promise.all([person.sees(2), friend.sees(2)]);
  const words = /No connection to .*A firewall may be in the way/;
  await person.page.getByText(words).waitFor({ timeout: 60_000 });
  assert.deepEqual(person.pageErrors, []);
  await person.page.evaluate(() => {
    (globalThis as unknown as { giveBack: () => void }).giveBack();
  });
  await Promise.all([
    person.receives(1, { timeout: 60_000 }),
    friend.receives(1, { timeout: 60_000 }),
  ]);
  await person.page.getByText(words).waitFor({ state: 'detached' });
  assert.equal(await person.openConnections(), 1);
  assert.deepEqual(person.pageErrors, []);
});
