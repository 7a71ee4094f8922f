import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type CDPSession, type Page } from 'playwright-core';
import { CALL_FLAGS, findBrowser } from '../scripts/lib/browser.mjs';
import { bytes } from './lib/numbers.ts';
import { visit, when } from './lib/pages.ts';
import { elementSide } from './lib/sides.ts';
import { table } from './lib/table.ts';
import type { Options } from './run.ts';

const ROOM = 'leaks';
/** Cycles before the first count: code is compiled, caches are filled. */
const WARM_UP = 3;

/** Everything of a kind that the page has made or been given, for as long as it is alive. */
interface Alive {
  readonly connections: WeakRef<RTCPeerConnection>[];
  readonly channels: WeakRef<RTCDataChannel>[];
  readonly tracks: WeakRef<MediaStreamTrack>[];
  readonly streams: WeakRef<MediaStream>[];
  readonly sockets: WeakRef<WebSocket>[];
  readonly audio: WeakRef<AudioContext>[];
  readonly elements: WeakRef<Element>[];
}
declare global {
  var alive: Alive;
}

/** Runs in the page before everything else. */
function watch(): void {
  const alive: Alive = {
    connections: [],
    channels: [],
    tracks: [],
    streams: [],
    sockets: [],
    audio: [],
    elements: [],
  };
  globalThis.alive = alive;
  const note = <T extends WeakKey>(list: WeakRef<T>[], one: T): T => {
    list.push(new WeakRef(one));
    return one;
  };
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      note(alive.connections, this);
      this.addEventListener('track', ({ track }) => note(alive.tracks, track));
    }

    override createDataChannel(label: string, options?: RTCDataChannelInit): RTCDataChannel {
      return note(alive.channels, super.createDataChannel(label, options));
    }
  };
  globalThis.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      note(alive.sockets, this);
    }
  };
  globalThis.MediaStream = class extends MediaStream {
    constructor(from: MediaStream | MediaStreamTrack[] = []) {
      super(from as MediaStreamTrack[]);
      note(alive.streams, this);
    }
  };
  globalThis.AudioContext = class extends AudioContext {
    constructor(options?: AudioContextOptions) {
      super(options);
      note(alive.audio, this);
    }
  };
  const { getUserMedia } = MediaDevices.prototype;
  MediaDevices.prototype.getUserMedia = async function (constraints) {
    const stream = note(alive.streams, await getUserMedia.call(this, constraints));
    for (const track of stream.getTracks()) note(alive.tracks, track);
    return stream;
  };
  const { attachShadow } = Element.prototype;
  Element.prototype.attachShadow = function (options) {
    note(alive.elements, this);
    return attachShadow.call(this, options);
  };
}

type Counts = Readonly<Record<string, number>>;

/** Chromium itself holds on to some of what is done with, such as answers of getUserMedia, for ten seconds and more. */
const SETTLE = 20;

/** Collects the garbage for a while, and counts what is left. */
async function count(page: Page, cdp: CDPSession): Promise<Counts> {
  for (let second = 0; second < SETTLE; second++) {
    await sleep(1_000);
    await cdp.send('HeapProfiler.collectGarbage');
  }
  const { nodes, documents, jsEventListeners } = await cdp.send('Memory.getDOMCounters');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  const objects = await page.evaluate(() => {
    const left = <T extends WeakKey>(list: readonly WeakRef<T>[]): T[] =>
      list.flatMap((reference) => reference.deref() ?? []);
    const connections = left(alive.connections);
    const tracks = left(alive.tracks);
    return {
      RTCPeerConnections: connections.length,
      'of these not closed': connections.filter(({ signalingState }) => signalingState !== 'closed')
        .length,
      'data channels': left(alive.channels).length,
      tracks: tracks.length,
      'of these live': tracks.filter(({ readyState }) => readyState === 'live').length,
      MediaStreams: left(alive.streams).length,
      WebSockets: left(alive.sockets).length,
      AudioContexts: left(alive.audio).length,
      'elements with a shadow root': left(alive.elements).length,
    };
  });
  return {
    ...objects,
    'DOM nodes': nodes,
    documents,
    'event listeners': jsEventListeners,
    'heap, bytes': usedSize,
  };
}

/** What joining and leaving leaves behind in a page, and in the page of somebody who stays in the room. */
export async function measureLeaks({ runs, isQuick }: Options): Promise<string> {
  const cycles = runs ?? (isQuick ? 5 : 25);
  const browser = await chromium.launch({
    executablePath: findBrowser()!,
    args: [...CALL_FLAGS, '--js-flags=--expose-gc'],
  });
  const side = await elementSide();
  try {
    const stays = await visit(browser, side.url(ROOM, true), watch);
    await side.alone(stays);
    const comes = await visit(browser, side.url(ROOM, false), watch);
    await side.ready(comes);
    const pages = [comes, stays];
    const sessions = await Promise.all(pages.map((page) => page.context().newCDPSession(page)));
    const countBoth = (): Promise<Counts[]> =>
      Promise.all(pages.map((page, index) => count(page, sessions[index]!)));

    const cycle = async (): Promise<void> => {
      await comes.evaluate(() => document.querySelector('video-call')!.join());
      for (const page of pages) await receives(page);
      await side.leave(comes);
      await side.alone(stays);
    };
    for (let n = 0; n < WARM_UP; n++) await cycle();
    const before = await countBoth();
    for (let n = 0; n < cycles; n++) {
      await cycle();
      process.stderr.write(`\r${n + 1}/${cycles} `);
    }
    process.stderr.write('\r');
    const after = await countBoth();
    const names = Object.keys(after[0] ?? {});
    return [
      `Alive after ${WARM_UP} joins and leaves (before) and ${cycles} more (after), with the garbage collected for ${SETTLE} s; in the page`,
      'that comes and goes, which shows that it has left, and in the page that stays in the room, alone again:',
      '',
      table(
        ['', 'comes: before', 'after', 'growth', 'stays: before', 'after', 'growth'],
        names.map((name) => [
          name,
          ...before.flatMap((counts, index) => {
            const [first = 0, last = 0] = [counts[name], after[index]?.[name]];
            return [bytes(first), bytes(last), bytes(last - first)];
          }),
        ]),
      ),
    ].join('\n');
  } finally {
    await browser.close();
    await side.stop();
  }
}

/** Waits until the picture of the one other participant moves. */
async function receives(page: Page): Promise<void> {
  await when(
    page,
    async () => {
      const stats = (await document.querySelector('video-call')?.getStats()) ?? [];
      return stats.length === 1 && (stats[0]?.framesDecoded ?? 0) > 2;
    },
    undefined,
  );
}
