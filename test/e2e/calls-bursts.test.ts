import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Person } from './harness/person.ts';
import { CallStage } from './harness/seen.ts';

const stage = CallStage.set();

interface Round {
  readonly room: string;
  /** People in the room, this one included. */
  readonly count: number;
  /** How the page gets there: by another room for its element, by `join()`, or by a new element. */
  readonly way: 'move' | 'join' | 'new';
}
interface Outcome {
  /** What has not arrived in time; empty when all is well. */
  readonly missing: string;
  readonly openConnections: number;
  /** Everyone that was ever in the list during the round. */
  readonly joined: number;
}

/** In the page: goes to the room and waits for everyone's picture and sound. */
async function play({ room, count, way }: Round): Promise<Outcome> {
  let element = document.querySelector('video-call')!;
  if (way === 'move') element.room = room;
  else if (way === 'join') {
    await element.leave();
    element.room = room;
    void element.join();
  } else {
    element.remove();
    element = document.createElement('video-call');
    Object.assign(element, { room, autojoin: true });
    document.body.append(element);
  }
  const from = performance.now();

  const openConnections = (): number =>
    globalThis.watched.connections.filter((reference) => {
      const connection = reference.deref();
      return connection !== undefined && connection.connectionState !== 'closed';
    }).length;
  const look = async (): Promise<string> => {
    const others = element.participants.filter(({ isLocal }) => !isLocal);
    const connected = others.filter(({ connection }) => connection === 'connected');
    if (element.state !== 'joined') return element.state;
    if (others.length !== count - 1) return `${String(others.length)} others`;
    if (connected.length !== count - 1) return `${String(connected.length)} connected`;
    const stats = await element.getStats();
    const media = stats.map((one) => ({
      frames: one.framesDecoded,
      energy: one.audioEnergy,
      bytes: one.bytesReceived,
    }));
    if (media.filter(({ frames, energy }) => frames >= 3 && energy > 0).length !== count - 1)
      return JSON.stringify(media);
    const tiles = seen.tiles().length;
    return tiles === count ? '' : `${String(tiles)} tiles`;
  };
  let missing = 'not looked';
  while (missing !== '' && performance.now() - from < 30_000) {
    missing = await look();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const joined = seen.events.filter(
    ({ type, at }) => type === 'participant-joined' && at >= from,
  ).length;
  return { missing, openConnections: openConnections(), joined };
}

async function burst(people: readonly Person[], rounds: number): Promise<void> {
  const count = people.length;
  const good: Outcome = { missing: '', openConnections: count - 1, joined: count - 1 };
  const failures: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const room = stage.room();
    const way = (['move', 'join', 'new'] as const)[round % 3]!;
    const outcomes = await Promise.all(
      people.map((person) => person.page.evaluate(play, { room, count, way })),
    );
    for (const [index, outcome] of outcomes.entries())
      if (JSON.stringify(outcome) !== JSON.stringify(good))
        failures.push(`${room} (${way}), person ${String(index)}: ${JSON.stringify(outcome)}`);
  }
  assert.deepEqual(failures, []);
  for (const person of people) assert.deepEqual(person.pageErrors, []);
}

for (const [rounds, count] of [
  [24, 2],
  [6, 4],
] as const)
  test(`${String(rounds)} times ${String(count)} people join in the same instant: one connection for each pair`, async () => {
    const room = stage.room();
    const people: Person[] = [];
    for (let index = 0; index < count; index++)
      people.push(await stage.join(room, `Person ${String(index)}`));
    await burst(people, rounds);
  });

/** Runs in the page before everything else: answers take longer than anybody waits for the first one. */
function answerSlowly(): void {
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    override async setLocalDescription(description?: RTCLocalSessionDescriptionInit) {
      if (this.signalingState === 'have-remote-offer')
        await new Promise((resolve) => setTimeout(resolve, 8_000));
      await super.setLocalDescription(description);
    }
  };
}

test('machines that are far too busy come together: each attempt has more time than the one before', async () => {
  const room = stage.room();
  const [ann, bob] = await Promise.all(
    ['Ann', 'Bob'].map((name) => stage.enter(room, name, 'autojoin', { first: answerSlowly })),
  );
  await Promise.all([ann!, bob!].map((person) => person.receives(1, { timeout: 60_000 })));
});
