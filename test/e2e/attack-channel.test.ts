import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { reachChannels, sendAll, takeAim, watchCall, type Watched } from './harness/hostile.ts';
import type { Person } from './harness/person.ts';
import { CallStage } from './harness/seen.ts';
import { until } from './harness/until.ts';

const stage = CallStage.set();

/** A member with a real connection to everyone, whose page sends what it likes over it. */
async function besiege(room: string): Promise<Watched & { readonly hostile: Person }> {
  let hostile: Person | undefined;
  const pair = await watchCall(stage, room, async ({ page }) => {
    // With the chat open everything that comes is also drawn.
    await page.getByRole('button', { name: /^Chat/ }).click();
    await page.getByRole('textbox', { name: 'Write a message' }).waitFor();
    hostile = await stage.enter(room, 'Hostile', 'autojoin', { first: reachChannels });
    await hostile.hasState('joined');
    await takeAim(hostile, 'Victim');
  });
  return { ...pair, hostile: hostile! };
}

/** The victim still hears the friend, by the chat, and is heard. */
async function canTalk({ victim, friend }: Watched): Promise<void> {
  await friend.run((element) => element.sendMessage('Are you there?'), undefined);
  const log = victim.page.getByRole('log', { name: 'Chat' });
  await log.getByText('Are you there?').last().waitFor();
  await victim.run((element) => element.sendMessage('Here I am'), undefined);
  await until(
    () => friend.run((e) => e.messages.some(({ text }) => text === 'Here I am'), undefined),
    'the answer',
  );
}

async function unhurt(t: TestContext, attacked: Watched): Promise<void> {
  await canTalk(attacked);
  t.diagnostic(await attacked.isUnhurt());
}

/** What one caller is listened to grows with time, so that an attack has to take some. */
const pause = (person: Person, milliseconds: number): Promise<unknown> =>
  person.page.evaluate((time) => new Promise((resolve) => setTimeout(resolve, time)), milliseconds);

const deep = '['.repeat(60_000) + ']'.repeat(60_000);
const presence = (fields: object): string =>
  JSON.stringify({
    ...{ kind: 'presence', version: 1, name: 'Hostile §', microphone: true, camera: true },
    ...{ screen: false, screenAudio: false, handRaised: false, ...fields },
  });
const entry = (fields: object): object => ({
  ...{ id: 'entry-§', author: 'somebody-else', name: 'Victim', text: 'x', time: 0, clock: 0 },
  ...fields,
});
const MALFORMED = [
  ...['', '{', 'null', '[]', '7', '"text"', '\u0000\uffff\ud800', deep, `{"a":${deep}}`],
  '{"__proto__":{"kind":"leave"}}',
  '{"kind":"__proto__"}',
  '{"kind":{"toString":1}}',
  '{"kind":"chat","entry":null,"isPrivate":1}',
  '{"kind":"chat-have","ids":{"length":3}}',
  `{"kind":"chat-have","ids":${JSON.stringify(Array(5_000).fill('aaaaaaaa'))}}`,
  `{"kind":"chat-history","entries":${deep}}`,
  JSON.stringify({ kind: 'chat', entry: entry({ text: 'x'.repeat(100_000) }), isPrivate: false }),
  JSON.stringify({ kind: 'chat', entry: entry({ clock: 1e308 }), isPrivate: false }),
  presence({ name: 'x'.repeat(100_000) }),
  presence({ name: { toString: 1 } }),
  presence({ version: -1 }),
  '{"kind":"signal","signal":null}',
  `{"kind":"signal","signal":{"kind":"description","round":1,"type":"rollback","sdp":"x","sources":[]}}`,
  `{"kind":"signal","signal":{"kind":"description","round":1,"type":"offer","sdp":"v=0","sources":[["0"]]}}`,
  'x'.repeat(262_144),
];

test('a member sends what is no message, is too large or too deep, and bytes, over the data channel', async (t) => {
  const attacked = await besiege(stage.room());
  const { victim, hostile } = attacked;
  const names = (): Promise<string[]> =>
    victim.run((e) => e.participants.map(({ name }) => name), undefined);
  const before = await names();
  await sendAll(hostile, MALFORMED, 10);
  await hostile.page.evaluate(() => {
    const { channel, connection } = globalThis.reach;
    for (let n = 0; n < 100; n++) channel.send(new Uint8Array(20_000));
    // Channels that nobody has asked for, and what comes over them.
    for (let n = 0; n < 100; n++) {
      const other = connection.createDataChannel(`video-call ${String(n)}`);
      other.onopen = () => {
        for (let m = 0; m < 20; m++) other.send('{"kind":"leave"}'.padEnd(10_000));
      };
    }
  });
  assert.deepEqual(await names(), before);
  await unhurt(t, attacked);
  assert.deepEqual(await victim.run((e) => e.messages.map(({ text }) => text), undefined), [
    'Are you there?',
    'Here I am',
  ]);
});

test('a member floods with presence, chat, history and questions for it', async (t) => {
  const attacked = await besiege(stage.room());
  const { victim, hostile } = attacked;
  const [own, ids] = await Promise.all([
    hostile.id(),
    victim.run((e) => e.participants.map(({ id }) => id), undefined),
  ]);
  const text = 'https://a.example/ '.repeat(420);
  const history = (author: string): string =>
    JSON.stringify({
      kind: 'chat-history',
      entries: Array.from({ length: 15 }, (_, n) => entry({ id: `h${String(n)}-§`, author, text })),
    });
  const questions = '{"kind":"chat-have","ids":[]}';
  // Not faster than it is listened to, so that all of it is.
  for (let round = 0; round < 12; round++) {
    await sendAll(hostile, [presence({}), presence({ camera: false, handRaised: true })], 10);
    const chat = { kind: 'chat', entry: entry({ author: own, text }), isPrivate: false };
    await sendAll(hostile, [JSON.stringify(chat), history('left-long-ago')], 5);
    await sendAll(hostile, [history(own), questions], 5);
    // In the name of those who are here.
    await sendAll(hostile, ids.filter((id) => id !== own).map(history));
    await pause(victim, 400);
  }
  // And once as fast as it can.
  await sendAll(hostile, [presence({}), history(own), questions], 120);
  const forged = await victim.run(
    (e, [self, other]) =>
      e.messages.filter(
        ({ from, text: said }) => [self, other].includes(from) && said.startsWith('http'),
      ).length,
    ids,
  );
  assert.equal(forged, 0, 'nobody speaks for somebody who is here');
  await unhurt(t, attacked);
});

test('a member sends descriptions with false maps, hundreds of sections, and thousands of candidates', async (t) => {
  const attacked = await besiege(stage.room());
  const { victim, hostile } = attacked;
  // Its own element makes the offers and sends them.
  await hostile.page.evaluate(async () => {
    const { connection } = globalThis.reach;
    const codecs = RTCRtpReceiver.getCapabilities('video')!.codecs;
    const [codec] = codecs.filter(({ mimeType }) => mimeType === 'video/VP8');
    for (let n = 0; n < 100; n++) {
      connection.addTransceiver('video').setCodecPreferences([codec!]);
      // An offer now and then, and not only one of all of them.
      if (n % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
  const offer = await hostile.page.evaluate(
    () => globalThis.reach.connection.currentLocalDescription?.sdp ?? '',
  );
  const signal = (body: object): string => JSON.stringify({ kind: 'signal', signal: body });
  const description = (type: string, sources: unknown): string =>
    signal({ kind: 'description', type, round: 1, sdp: offer, sources });
  const maps = [
    [],
    ['screen', 'camera', 'microphone'].map((source) => ['0', source]),
    Array.from({ length: 32 }, (_, n) => [String(n), 'camera']),
    ['__proto__', 'constructor'].map((mid) => [mid, 'screen']),
  ];
  const candidate = signal({
    ...{ kind: 'candidate', candidate: 'candidate:1 1 udp 2122260223 127.0.0.1 9 typ host' },
    ...{ sdpMid: '0', sdpMLineIndex: 0, usernameFragment: null },
  });
  const turns = ['ask', 'grant', 'bye'].map((kind) => signal({ kind }));
  for (let round = 0; round < 3; round++) {
    await sendAll(
      hostile,
      maps.flatMap((map) => [description('offer', map), description('answer', map)]),
      8,
    );
    await sendAll(hostile, [candidate], 2_000);
    await sendAll(hostile, turns, 50);
    await pause(victim, 1_000);
  }
  const sections = await victim.page.evaluate(() =>
    globalThis.watched.connections.map((one) => one.deref()?.getTransceivers().length ?? 0),
  );
  assert.ok(Math.max(...sections) <= 32, sections.join(' '));
  await unhurt(t, attacked);
});
