import assert from 'node:assert/strict';
import { deflateRawSync } from 'node:zlib';
import { newId, until, withPatience } from '../helpers.ts';
import { ORIGIN, type Arena } from './arena.ts';
import { hostileText } from './frames.ts';
import { BINARY, CLOSE, frame, PING, PONG, Raw, TEXT, upgradeRequest } from './raw.ts';

/** Until so many hostile frames have been handled: on a server that closes hardly anybody for them. */
export async function volume(arena: Arena, frames: number): Promise<void> {
  const handled = (): Promise<number> => arena.counter('frames_total');
  const goal = (await handled()) + frames;
  // What was on its way to a socket that was closed is lost.
  for (let left = frames; left > 0; left = goal - (await handled())) await send(arena, left);
}

async function send(arena: Arena, frames: number): Promise<void> {
  const SOCKETS = 40;
  const BATCH = 100;
  let left = frames;
  const work = async (n: number): Promise<void> => {
    const place = arena.place(`127.201.${n}.7`);
    let raw = await arena.socket(place);
    while (left > 0) {
      const count = Math.min(BATCH, left);
      left -= count;
      const batch = Array.from({ length: count }, () =>
        frame(hostileText(arena.random, arena.targets)),
      );
      // Whoever leaves its room is closed after a while: then somebody else goes on.
      if (raw.isClosed) raw = await arena.socket(place);
      await raw.push(Buffer.concat(batch));
    }
    // Answered after everything before it has been handled.
    const handled = raw.hears('424242');
    raw.write(frame('{"type":"ROOM-PING","n":424242}'));
    await withPatience(handled, 'the last frame to be handled');
    raw.end();
  };
  await Promise.all(Array.from({ length: SOCKETS }, (_, n) => work(n)));
}

const bomb = deflateRawSync(Buffer.alloc(10 * 1024 * 1024));
const half = Buffer.alloc(70_000, 'x');
const join = (room: string): Buffer =>
  frame(JSON.stringify({ type: 'ROOM-JOIN', version: 1, room }));

/** What one socket sends, and the codes with which it must be closed. */
const OFFENCES: Readonly<Record<string, readonly [(arena: Arena) => Buffer, ...number[]]>> = {
  'bytes that are no UTF-8': [() => frame(Buffer.from([0x7b, 0xc3, 0x28])), 1007],
  'UTF-8 that is cut off': [() => frame(Buffer.from([0xe2, 0x82])), 1007],
  'a frame that is too large': [() => frame(Buffer.alloc(131_073, 'x')), 1009],
  'a frame of an impossible size': [() => frame('x', { length: 2n ** 62n }), 1009, 1002],
  'fragments of a message that is too large': [
    () => Buffer.concat([frame(half, { isLast: false }), frame(half, { opcode: 0 })]),
    1009,
  ],
  'a thousand fragments': [
    () =>
      Buffer.concat([
        frame('x', { isLast: false }),
        ...Array.from({ length: 999 }, () => frame('x', { opcode: 0, isLast: false })),
      ]),
    1008,
  ],
  'a compressed bomb': [() => frame(bomb, { reserved: 4 }), 1002],
  'a reserved bit': [() => frame('x', { reserved: 1 }), 1002],
  'a reserved opcode': [() => frame('x', { opcode: 11 }), 1002],
  'a frame without a mask': [() => frame('x', { isMasked: false }), 1002],
  'a control frame that is too long': [() => frame(Buffer.alloc(200), { opcode: PING }), 1002],
  'a continuation of nothing': [() => frame('x', { opcode: 0 }), 1002],
  'a close with a code that does not exist': [
    () => frame(Buffer.from([0x03, 0xec]), { opcode: CLOSE }),
    1002,
  ],
  'a flood of hostile frames': [
    (arena) =>
      Buffer.concat(
        Array.from({ length: 1_200 }, () => frame(hostileText(arena.random, arena.targets))),
      ),
    1008,
  ],
  'a flood of frames that are in order': [
    () => Buffer.concat(Array<Buffer>(1_200).fill(frame('{"type":"HEARTBEAT"}'))),
    1008,
  ],
  'a flood of joins': [
    (arena) => Buffer.concat(Array.from({ length: 60 }, () => join(arena.random.text(8)))),
    1008,
  ],
  'a flood of large frames': [
    () => Buffer.concat(Array<Buffer>(50).fill(frame(`{"x":"${'x'.repeat(100_000)}"}`))),
    1008,
  ],
  'a flood of pongs': [
    () => Buffer.concat(Array<Buffer>(1_200).fill(frame('', { opcode: PONG }))),
    1008,
  ],
  'a flood of bytes': [
    () => Buffer.concat(Array<Buffer>(30).fill(frame('{}', { opcode: BINARY }))),
    1008,
  ],
};

/** Every way to be closed, each from an address of its own. */
export async function offences(arena: Arena): Promise<void> {
  const offend = async ([what, [make, ...codes]]: (typeof all)[number]): Promise<void> => {
    const raw = await arena.socket();
    await raw.push(make(arena));
    await arena.expectClose(raw, what, ...codes);
  };
  const all = Object.entries(OFFENCES);
  await Promise.all(all.map(offend));
}

/** Speaks in the name of others, or to those whom it must not reach. What arrives the bystanders will tell. */
export async function hijacks(arena: Arena, attempts: number): Promise<void> {
  for (let n = 0; n < attempts; n += 10 * HIJACKS)
    await Promise.all(Array.from({ length: 10 }, () => hijack(arena)));
}

/** Attempts of one `hijack`. */
const HIJACKS = 20;

async function hijack(arena: Arena): Promise<void> {
  const { random, targets } = arena;
  // Another session of a victim, whose token would have to be guessed.
  const [thief, status] = await Raw.webSocket(
    arena.place(),
    random.pick(targets.victims),
    newId(),
    [`Origin: ${ORIGIN}`],
  );
  assert.equal(status, 101);
  await arena.expectClose(thief, 'a stolen id', 1008);
  assert.deepEqual(thief.texts, ['{"type":"ID-TAKEN","payload":{"msg":"ID is taken"}}']);

  // From another room, whose name is nearly right.
  const stranger = await arena.socket();
  stranger.write(join(`${targets.room}${random.text(8)}`));
  await until(() => stranger.texts.some((text) => text.includes('WELCOME')), 'the welcome', 2);
  assert.match(stranger.texts.at(-1)!, /"members":\[\]/);
  const asked = newId();
  for (const dst of [...targets.victims, random.pick(targets.unknown)]) {
    const src = random.pick(targets.victims);
    for (const aimed of [
      { type: 'ROOM-SIGNAL', src, dst, link: asked, signal: { kind: 'bye' } },
      {
        type: 'OFFER',
        src,
        dst,
        payload: { sdp: { type: 'offer', sdp: 'x' }, type: 'media', connectionId: asked },
      },
      {
        type: 'ANSWER',
        src,
        dst,
        payload: { sdp: { type: 'answer', sdp: 'x' }, type: 'media', connectionId: asked },
      },
      { type: 'CANDIDATE', src, dst, payload: { connectionId: asked } },
      { type: 'LEAVE', src, dst },
      { type: 'EXPIRE', src, dst },
    ])
      stranger.write(frame(JSON.stringify(aimed)));
  }
  stranger.write(frame('{"type":"ROOM-PING","n":1}'));
  await until(() => stranger.texts.some((text) => text.includes('PONG')), 'the pong', 2);
  // The same for an id that exists as for one that does not, so ids cannot be found by asking.
  const answers = stranger.texts.filter((text) => text.includes(asked));
  assert.equal(answers.length, 6);
  assert.ok(answers.every((text) => text.startsWith('{"type":"ROOM-UNDELIVERED"')));
  stranger.end();
}

/** Pages of other sites. */
export async function foreignPages(arena: Arena): Promise<void> {
  for (const origin of ['https://evil.example', `${ORIGIN}.evil.example`, 'null', 'file://', '']) {
    const headers = origin === '' ? [] : [`Origin: ${origin}`];
    const [raw, status] = await Raw.webSocket(arena.place(), newId(), newId(), headers);
    assert.equal(status, 403, origin);
    raw.end();
  }
}

/** More connections than one address may have; others come in meanwhile. */
export async function crowd(arena: Arena, most: number): Promise<void> {
  const place = arena.place('127.202.1.7');
  const crowded = await Promise.all(
    Array.from({ length: most + 30 }, () =>
      Raw.webSocket(place, newId(), newId(), [`Origin: ${ORIGIN}`]),
    ),
  );
  const count = (wanted: number): number =>
    crowded.filter(([, status]) => status === wanted).length;
  assert.equal(count(101), most);
  assert.equal(count(429), 30);
  (await arena.socket()).end();
  for (const [raw] of crowded) raw.end();
}

const TRAVERSALS = [
  '/../package.json',
  '/..%2fpackage.json',
  '/%2e%2e/package.json',
  '/%252e%252e/package.json',
  '/..%5cpackage.json',
  '/chunks/..%c0%af../package.json',
  '/....//package.json',
  '//etc/passwd',
  '/%00/../package.json',
  '/.git/config',
  '/.env',
  '/node_modules/ws/package.json',
  '/build/server/main.js',
  'http://127.0.0.1/../package.json',
];
const ENUMERATIONS = ['/peerjs/peers', '/peerjs/peerjs/peers', '/peerjs/id', '/peers', '/rooms'];
const BROKEN_REQUESTS = [
  'GET / HTTP/9.9\r\n\r\n',
  'G\u0000T / HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET / HTTP/1.1\r\n\r\n',
  `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
  `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
  'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzzzz\r\n',
  'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\u0016\u0003\u0001\u0002\u0000\u0001\u0000',
];

/** Plain HTTP, of which only what is meant to be there may be had. */
export async function requests(arena: Arena): Promise<void> {
  const id = newId();
  const twice = `/peerjs?key=peerjs&id=${id}&token=${newId()}&id=${arena.targets.victims[0]!}`;
  const asked = [
    ...[...TRAVERSALS, ...ENUMERATIONS].map(
      (path) => `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    ),
    ...[twice, '/socket', '/peerjs', `/peerjs?key=x&id=${id}&token=${id}`].map((path) =>
      upgradeRequest(path, [`Origin: ${ORIGIN}`]),
    ),
    ...BROKEN_REQUESTS,
  ];
  for (const text of asked) {
    const raw = new Raw(arena.place());
    let answer = '';
    raw.stream.on('data', (data: Buffer) => (answer += data.toString('latin1')));
    raw.stream.end(text, 'latin1');
    await withPatience(raw.closed, `the end of ${JSON.stringify(text.slice(0, 80))}`);
    // An answer is a refusal, or there is none.
    assert.match(answer, /^($|HTTP\/1\.1 4\d\d )/, text.slice(0, 80));
    assert.doesNotMatch(answer, /video-call-element|root:|HTTP\/1\.1 2/);
  }
}

/** Those who cost the server something just by being there; each is ended by it. Resolves with what waits for that. */
export async function dawdlers(arena: Arena): Promise<() => Promise<void>> {
  const rawsBy: Record<string, Raw[]> = { silent: [], headless: [], slow: [], deaf: [], idle: [] };
  const tricklers: NodeJS.Timeout[] = [];
  for (let n = 0; n < 10; n++) {
    rawsBy['silent']!.push(new Raw(arena.place()));
    const headless = new Raw(arena.place());
    const head = upgradeRequest('/peerjs');
    let at = 0;
    tricklers.push(setInterval(() => headless.write(head.charAt(at++ % 20)), 200));
    rawsBy['headless']!.push(headless);
    // A frame that is never whole.
    const slow = await arena.socket();
    slow.write(frame('{', { length: 100_000n }));
    tricklers.push(setInterval(() => slow.write(' '), 200));
    rawsBy['slow']!.push(slow);
    const deaf = await arena.socket();
    deaf.write(join(arena.random.text(8)));
    deaf.stream.pause();
    rawsBy['deaf']!.push(deaf);
    rawsBy['idle']!.push(await arena.socket());
  }
  return async () => {
    for (const [kind, raws] of Object.entries(rawsBy)) {
      // It reads again to notice its end; what the server has sent meanwhile is little.
      if (kind === 'deaf')
        await until(async () => (await arena.counter('members')) === 2, 'the deaf to be gone', 100);
      for (const raw of raws) {
        raw.stream.resume();
        await withPatience(raw.closed, `the end of the ${kind}`);
      }
    }
    for (const trickler of tricklers) clearInterval(trickler);
    // Whoever is in no room is told so.
    for (const raw of rawsBy['idle']!) assert.equal(raw.code, 1008);
  };
}

/** A member that reads nothing, to whom another one sends a lot; and text frames for one that has gone. */
export async function floodMember(arena: Arena): Promise<void> {
  const room = arena.random.text(12);
  const [deafId, loudId] = [newId(), newId()];
  const origin = [`Origin: ${ORIGIN}`];
  const [deaf] = await Raw.webSocket(arena.place(), deafId, newId(), origin);
  deaf.write(join(room));
  const [loud] = await Raw.webSocket(arena.place(), loudId, newId(), origin);
  loud.write(join(room));
  await until(() => loud.texts.some((text) => text.includes(deafId)), 'the two to meet', 2);
  deaf.stream.pause();
  const payload = {
    sdp: { type: 'offer', sdp: 'x'.repeat(60_000) },
    type: 'media',
    connectionId: newId(),
  };
  const offer = frame(JSON.stringify({ type: 'OFFER', dst: deafId, payload }), { opcode: TEXT });
  await loud.push(Buffer.concat(Array<Buffer>(200).fill(offer)));
  await arena.expectClose(loud, 'a flood of offers', 1008);
  deaf.end();
}
