import assert from 'node:assert/strict';
import type { CallError } from '../../../src/call/errors.ts';
import type { Participant } from '../../../src/call/state.ts';
import type { VideoCallElement } from '../../../src/video-call.ts';
import type { Person } from './person.ts';
import { Stage, type VisitOptions } from './stage.ts';

/** An event of a `<video-call>`, by the clock of its page. */
export interface SeenEvent {
  readonly type: string;
  /** `performance.now()`. */
  readonly at: number;
  /** Of the participant that it is about, if any. */
  readonly id: string;
  readonly name: string;
  /** What the event is about as it was then: `on`, `connected`, a state … */
  readonly value: string;
}

/** What has arrived over all connections for one track, as the browser counts it. */
interface TrackCount {
  readonly frames: number;
  readonly energy: number;
}

/** Kept by the init script, for the tests that run in the page. */
interface Seen {
  readonly events: SeenEvent[];
  /** Every element of the page that fits, in shadow roots too. */
  deep(selector: string): Element[];
  /** By the id of the received track. */
  counts(): Promise<Map<string, TrackCount>>;
  /** Keys of the tiles on the screen: participant ids, with " screen" behind those of screens. */
  tiles(): string[];
  /** Each time that the tiles changed, since the page was opened. */
  readonly tileChanges: { readonly at: number; readonly keys: readonly string[] }[];
}
declare global {
  var seen: Seen;
  /** The picture that cameras then give; set before `observe` runs to have another than its small one. */
  var cameraSize:
    { readonly width: number; readonly height: number; readonly frameRate: number } | undefined;
}

/** A stage for tests that look closely: pages note every event and every tile, and have a small camera. */
export class CallStage extends Stage {
  override async visitUrl(url: string, options: VisitOptions = {}): Promise<Person> {
    return super.visitUrl(url, { first: observe, ...options });
  }

  /** Somebody at the lobby of a room. */
  async enter(
    room: string,
    name: string,
    attributes = '',
    options: VisitOptions = {},
  ): Promise<Person> {
    const body = `<video-call room="${room}" name="${name}" ${attributes}></video-call>`;
    return this.visit(body, options);
  }

  /** Somebody who has joined without the lobby. */
  async join(
    room: string,
    name: string,
    attributes = '',
    options: VisitOptions = {},
  ): Promise<Person> {
    const person = await this.enter(room, name, `autojoin ${attributes}`, options);
    await person.hasState('joined');
    return person;
  }
}

/** Runs in the page before everything else. */
export function observe(): void {
  const events: SeenEvent[] = [];
  const note = (event: Event): void => {
    const { type } = event;
    const about = event as Partial<{
      participant: Participant;
      state: string;
      emoji: string;
      error: CallError;
    }>;
    const participant = about.participant;
    const key = /^(microphone|camera|screen|connection)(-share)?-change$/.exec(type)?.[1];
    const value =
      participant?.[key as 'microphone' | 'connection'] ??
      about.state ??
      about.emoji ??
      about.error?.code ??
      '';
    events.push({
      type,
      at: performance.now(),
      id: participant?.id ?? '',
      name: participant?.name ?? '',
      value,
    });
  };
  // The events do not bubble, but they are captured on their way down.
  for (const type of [
    'state-change joined left participant-joined participant-left microphone-change camera-change',
    'screen-share-change connection-change chat-message reaction call-error device-change',
  ].flatMap((line) => line.split(' ')))
    document.addEventListener(type, note, true);

  const within = (root: ParentNode, selector: string): Element[] => [
    ...root.querySelectorAll(selector),
    ...[...root.querySelectorAll('*')].flatMap(({ shadowRoot }) =>
      shadowRoot ? within(shadowRoot, selector) : [],
    ),
  ];
  const deep = (selector: string): Element[] => within(document, selector);
  const tiles = (): string[] =>
    deep('video-call-tile').map((tile) => tile.getAttribute('data-key') ?? '');

  const tileChanges: { at: number; keys: string[] }[] = [];
  const look = (): void => {
    const keys = tiles();
    if (keys.join() !== (tileChanges.at(-1)?.keys ?? []).join())
      tileChanges.push({ at: performance.now(), keys });
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);

  const counts = async (): Promise<Map<string, TrackCount>> => {
    const found = new Map<string, TrackCount>();
    for (const reference of globalThis.watched.connections) {
      const connection = reference.deref();
      if (!connection || connection.connectionState === 'closed') continue;
      (await connection.getStats()).forEach((entry: Record<string, unknown>) => {
        if (entry['type'] !== 'inbound-rtp') return;
        found.set(String(entry['trackIdentifier']), {
          frames: Number(entry['framesDecoded'] ?? 0),
          energy: Number(entry['totalAudioEnergy'] ?? 0),
        });
      });
    }
    return found;
  };
  globalThis.seen = { events, deep, counts, tiles, tileChanges };

  // A small, slow picture: one machine encodes and decodes for everybody in the test.
  globalThis.cameraSize ??= { width: 320, height: 180, frameRate: 10 };
  const { getUserMedia } = MediaDevices.prototype;
  MediaDevices.prototype.getUserMedia = function (constraints = {}) {
    const { video } = constraints;
    if (!video) return getUserMedia.call(this, constraints);
    const wishes = video === true ? {} : video;
    const sized = { ...wishes, ...globalThis.cameraSize };
    return getUserMedia.call(this, { ...constraints, video: sized });
  };
}

/** What a person should see and hear of another one. */
export interface Wanted {
  readonly name: string;
  /** A moving picture, or the initials. */
  readonly video?: boolean;
  readonly audio?: boolean;
  readonly screen?: boolean;
}

/**
 * Waits until all of it is really there: frames are decoded and shown, and they are not all the same; the sound has energy
 * and plays. Somebody without video is shown as initials.
 */
export async function perceives(
  person: Person,
  wanted: readonly Wanted[],
  { index = 0, timeout = 30_000 } = {},
): Promise<void> {
  const missing = await person.run(
    perceive,
    wanted.map((one) => ({ video: true, audio: true, screen: false, ...one, timeout })),
    index,
  );
  assert.deepEqual(missing, [], 'seen and heard');
}

/** Waits until all of these, by name, see and hear all others. */
export async function perceiveEachOther(people: Readonly<Record<string, Person>>): Promise<void> {
  const names = Object.keys(people);
  await Promise.all(
    Object.entries(people).map(([own, person]) =>
      perceives(
        person,
        names.filter((name) => name !== own).map((name) => ({ name })),
      ),
    ),
  );
}

/** In the page: answers with what has not arrived in time. */
async function perceive(
  element: VideoCallElement,
  wanted: readonly (Required<Wanted> & { readonly timeout: number })[],
): Promise<string[]> {
  interface Counter {
    readonly what: string;
    /** Grows as long as media arrives. */
    readonly value: number;
  }
  const first = new Map<string, number>();
  const pictures = new Map<string, Set<string>>();
  const canvas = document.createElement('canvas');
  canvas.width = 32;
  canvas.height = 18;
  const paper = canvas.getContext('2d', { willReadFrequently: true })!;

  const picture = (key: string): Counter[] => {
    const tile = seen.deep('video-call-tile').find((one) => one.getAttribute('data-key') === key);
    const video = tile?.shadowRoot?.querySelector('video');
    if (!video || video.paused || video.clientWidth === 0) return [{ what: `tile`, value: 0 }];
    paper.drawImage(video, 0, 0, 32, 18);
    const known = pictures.get(key) ?? new Set();
    pictures.set(key, known.add(canvas.toDataURL()));
    return [
      { what: 'frames shown', value: video.getVideoPlaybackQuality().totalVideoFrames },
      { what: 'different pictures', value: known.size },
    ];
  };
  const sound = (stream: MediaStream): Counter[] => {
    const sinks = seen.deep('audio') as HTMLAudioElement[];
    const [track] = stream.getAudioTracks();
    const sink = sinks.find(
      ({ srcObject }) =>
        srcObject instanceof MediaStream && srcObject.getAudioTracks().includes(track!),
    );
    const plays = sink !== undefined && !sink.paused && !sink.muted && sink.volume > 0;
    return [{ what: 'sound played', value: plays ? sink.currentTime : 0 }];
  };

  const look = async (): Promise<string[]> => {
    const counts = await seen.counts();
    const track = (found: MediaStreamTrack | undefined, what: 'frames' | 'energy'): Counter => ({
      what,
      value: (found?.readyState === 'live' ? counts.get(found.id)?.[what] : 0) ?? 0,
    });
    return wanted.flatMap(({ name, video, audio, screen }) => {
      const found = element.participants.filter((one) => one.name === name && !one.isLocal);
      const one = found[0];
      if (!one || found.length > 1) return [`${name}: ${String(found.length)} participants`];
      const { id, stream, screenStream } = one;
      const counters: Counter[] = [];
      if (video) counters.push(track(stream.getVideoTracks()[0], 'frames'), ...picture(id));
      if (audio) counters.push(track(stream.getAudioTracks()[0], 'energy'), ...sound(stream));
      if (screen && screenStream)
        counters.push(
          track(screenStream.getVideoTracks()[0], 'frames'),
          track(screenStream.getAudioTracks()[0], 'energy'),
          ...picture(`${id} screen`),
          ...sound(screenStream),
        );
      const problems = counters.flatMap(({ what, value }, position) => {
        const key = `${name} ${String(position)} ${what}`;
        // A sink that had to be started again begins at 0.
        const before = Math.min(first.get(key) ?? value, value);
        first.set(key, before);
        return value > before ? [] : [`${key}: ${String(value)}`];
      });
      const tile = seen.deep('video-call-tile').find((it) => it.getAttribute('data-key') === id);
      if (!tile) problems.push(`${name}: no tile`);
      const shown = tile?.shadowRoot?.querySelector('video');
      if (!video && shown && shown.videoWidth > 0) problems.push(`${name}: a picture`);
      if (!video && !tile?.shadowRoot?.querySelector('[part~=avatar]')?.textContent.trim())
        problems.push(`${name}: no initials`);
      if (screen !== (screenStream !== undefined)) problems.push(`${name}: screen`);
      if (one.connection !== 'connected') problems.push(`${name}: ${one.connection}`);
      return problems;
    });
  };
  const deadline = performance.now() + (wanted[0]?.timeout ?? 0);
  for (;;) {
    const missing = await look();
    if (missing.length === 0 || performance.now() > deadline) return missing;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Waits until an event has been fired since `since` (of the page's clock), and answers with it. */
export async function happened(
  person: Person,
  wanted: Partial<Pick<SeenEvent, 'type' | 'name' | 'id' | 'value'>>,
  { since = 0, timeout = 15_000 } = {},
): Promise<SeenEvent> {
  const handle = await person.page.waitForFunction(
    ([fields, from]) =>
      seen.events.find(
        (event) =>
          event.at >= from &&
          Object.entries(fields).every(([key, value]) => event[key as 'type'] === value),
      ),
    [wanted, since] as const,
    { timeout, polling: 20 },
  );
  return (await handle.jsonValue())!;
}

/** The clock of the person's page, to which the events' times belong. */
export async function now(person: Person): Promise<number> {
  return person.page.evaluate(() => performance.now());
}

/** The events since then whose type is one of these. */
export async function eventsSince(
  person: Person,
  since: number,
  ...types: string[]
): Promise<SeenEvent[]> {
  const events = await person.page.evaluate(() => seen.events);
  return events.filter(({ type, at }) => at >= since && types.includes(type));
}

/** Waits until nothing more arrives of a participant for longer than the fake microphone pauses between two beeps. */
export async function fallsSilent(
  person: Person,
  name: string,
  what: keyof TrackCount,
  timeout = 15_000,
): Promise<void> {
  const grows = await person.run(
    async (element, wanted) => {
      const total = async (): Promise<number> => {
        const one = element.participants.find((other) => other.name === wanted.name);
        const counts = await seen.counts();
        return (one?.stream.getTracks() ?? [])
          .map(({ id }) => counts.get(id)?.[wanted.what] ?? 0)
          .reduce((sum, value) => sum + value, 0);
      };
      const from = performance.now();
      let value = await total();
      let since = performance.now();
      while (performance.now() - since < 1_500) {
        if (performance.now() - from > wanted.timeout) return value;
        const next = await total();
        // A beep has a tenth; what is made up for lost packets is next to nothing.
        if (next > value + 1e-3) {
          since = performance.now();
          value = next;
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return undefined;
    },
    { name, what, timeout },
  );
  assert.equal(grows, undefined, `${what} of ${name} still grows`);
}
