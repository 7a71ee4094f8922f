import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CDPSession } from 'playwright-core';
import type { Person } from './harness/person.ts';
import { areInCall, Stage } from './harness/stage.ts';
import { until } from './harness/until.ts';

declare global {
  var tracks: WeakRef<MediaStreamTrack>[];
  var contexts: AudioContext[];
}

const stage = Stage.set();

/** Keeps hold of nothing but what is to be counted. */
function watchTracks(): void {
  globalThis.tracks = [];
  globalThis.contexts = [];
  const { mediaDevices } = navigator;
  const original = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await original(constraints);
    tracks.push(...stream.getTracks().map((track) => new WeakRef(track)));
    return stream;
  };
  const { AudioContext } = globalThis;
  globalThis.AudioContext = class extends AudioContext {
    constructor(options?: AudioContextOptions) {
      super(options);
      contexts.push(this);
    }
  };
}

interface Counts {
  readonly nodes: number;
  readonly listeners: number;
  readonly heap: number;
  /** Connections that exist, closed ones too. */
  readonly connections: number;
  readonly liveTracks: number;
  readonly audioContexts: number;
}

async function count(person: Person, cdp: CDPSession): Promise<Counts> {
  // The second time takes what only the first one has set free.
  for (let turn = 0; turn < 3; turn++) await cdp.send('HeapProfiler.collectGarbage');
  const dom = await cdp.send('Memory.getDOMCounters');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  const inPage = await person.page.evaluate(() => ({
    connections: watched.connections.filter((one) => one.deref() !== undefined).length,
    liveTracks: tracks.filter((one) => one.deref()?.readyState === 'live').length,
    audioContexts: contexts.filter(({ state }) => state !== 'closed').length,
  }));
  return { nodes: dom.nodes, listeners: dom.jsEventListeners, heap: usedSize, ...inPage };
}

const ROUNDS = 15;

for (const how of ['joins and leaves', 'elements that come and go'] as const)
  test(`after ${String(ROUNDS)} ${how} nothing of them is left`, async () => {
    const room = stage.room();
    const friend = await stage.caller(room);
    const person = await stage.visit(
      how === 'joins and leaves' ? `<video-call room="${room}"></video-call>` : '',
      {
        first: watchTracks,
      },
    );
    await person.page.evaluate(() =>
      customElements.whenDefined('video-call').then(() => undefined),
    );
    const cdp = await person.context.newCDPSession(person.page);
    const round = async (): Promise<void> => {
      if (how === 'joins and leaves') await person.run((element) => element.join(), undefined);
      else
        await person.page.evaluate((name) => {
          const call = document.createElement('video-call');
          call.room = name;
          call.autojoin = true;
          document.body.append(call);
        }, room);
      await Promise.all([person.sees(2), friend.sees(2)]);
      // Something has arrived: the connection was a real one, and so is what it leaves behind.
      await until(
        async () =>
          [...(await person.received()).values()].some(({ framesDecoded }) => framesDecoded > 0),
        'a frame',
      );
      if (how === 'joins and leaves') await person.run((element) => element.leave(), undefined);
      else await person.page.evaluate(() => document.querySelector('video-call')?.remove());
      await friend.sees(1);
      await until(async () => (await person.openConnections()) === 0, 'the end');
    };
    // Everything that is made once has been made after this.
    for (let turn = 0; turn < 3; turn++) await round();
    const first = await count(person, cdp);
    for (let turn = 0; turn < ROUNDS; turn++) await round();
    const made = await person.page.evaluate(() => watched.connections.length);
    assert.ok(made >= ROUNDS + 3, `${String(made)} connections`);

    // Timers of the last round may still hold on to it. At rest there is less than one of anything for each round.
    let last = first;
    const isClean = (): boolean =>
      last.connections + last.liveTracks + last.audioContexts === 0 &&
      last.nodes - first.nodes < ROUNDS &&
      last.listeners - first.listeners < ROUNDS &&
      last.heap - first.heap < ROUNDS * 40_000;
    await until(
      async () => {
        last = await count(person, cdp);
        return isClean();
      },
      'a clean page',
      40_000,
    ).catch(() => undefined);
    assert.ok(isClean(), JSON.stringify([first, last]));

    // The friend, who stayed, has kept nothing of them either.
    const staying = await friend.context.newCDPSession(friend.page);
    let kept = Infinity;
    await until(async () => {
      await staying.send('HeapProfiler.collectGarbage');
      kept = await friend.page.evaluate(
        () => watched.connections.filter((one) => one.deref() !== undefined).length,
      );
      return kept === 0;
    }, "the friend's connections to be collected").catch(() => undefined);
    // The browser's own work may hold on to the last one for as long as the page has nothing else to do.
    assert.ok(kept <= 1, `the friend's connections that are still there: ${String(kept)}`);
    assert.deepEqual(person.pageErrors, []);
    assert.deepEqual(friend.pageErrors, []);

    // And it still works.
    await (how === 'joins and leaves'
      ? person.run((element) => element.join(), undefined)
      : person.page.evaluate((name) => {
          document.body.innerHTML = `<video-call room="${name}" autojoin></video-call>`;
        }, room));
    await areInCall(person, friend);
  });
