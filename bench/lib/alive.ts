import { setTimeout as sleep } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright-core';
import { bytes } from './numbers.ts';
import { table } from './table.ts';

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
export function watchAlive(): void {
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

export type Counts = Readonly<Record<string, number>>;

/** Chromium itself holds on to some of what is done with, such as answers of getUserMedia, for ten seconds and more. */
export const SETTLE = 20;

/** Collects the garbage for a while, and counts what is left. */
export async function countAlive(page: Page, cdp: CDPSession): Promise<Counts> {
  for (let second = 0; second < SETTLE; second++) {
    await sleep(1_000);
    await cdp.send('HeapProfiler.collectGarbage');
  }
  // A snapshot is made of what can be reached, after collections that look at no stack: those above may leave whole trees behind.
  await cdp.send('HeapProfiler.takeHeapSnapshot');
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

/** What has grown between two counts. */
export const growth = (before: Counts, after: Counts): string =>
  table(
    ['', 'before', 'after', 'growth'],
    Object.entries(after).map(([name, last]) => {
      const first = before[name] ?? NaN;
      return [name, bytes(first), bytes(last), bytes(last - first)];
    }),
  );
