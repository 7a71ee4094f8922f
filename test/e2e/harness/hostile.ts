import assert from 'node:assert/strict';
import type { Person } from './person.ts';
import { type CallStage, eventsSince, now, perceiveEachOther } from './seen.ts';
import { until } from './until.ts';
import { watchFrames } from './watch-frames.ts';

/** What a modified page has of its calls. */
interface Reach {
  readonly connection: RTCPeerConnection;
  readonly channel: RTCDataChannel;
}
declare global {
  var reached: Reach[];
  /** The link to the victim. */
  var reach: Reach;
}

/** Runs in the page of a hostile member before everything else: its connections and their channels are within reach. */
export function reachChannels(): void {
  globalThis.reached = [];
  const { createDataChannel } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.createDataChannel = function (label, options) {
    const channel = createDataChannel.call(this, label, options);
    if (options?.negotiated === true) reached.push({ connection: this, channel });
    return channel;
  };
}

/** A real description: a page that takes it makes a real connection. */
export async function makeOffer({ page }: Person): Promise<string> {
  return page.evaluate(async () => {
    const connection = new RTCPeerConnection();
    connection.addTransceiver('audio');
    const { sdp = '' } = await connection.createOffer();
    connection.close();
    return sdp;
  });
}

/** After this `reach` is there: what the hostile page has of its link to `name`. */
export async function takeAim(hostile: Person, name: string): Promise<void> {
  await until(
    () =>
      hostile.run((element, wanted) => {
        const victim = element.participants.find((one) => one.name === wanted);
        const ids = victim?.stream.getTracks().map(({ id }) => id) ?? [];
        const found = reached.find(
          ({ connection, channel }) =>
            channel.readyState === 'open' &&
            connection.getReceivers().some(({ track }) => ids.includes(track.id)),
        );
        if (found) globalThis.reach = found;
        return found !== undefined;
      }, name),
    `the channel to ${name}`,
  );
}

/** Sends all of it, `times` times, as fast as the other side takes it; `§` is another number each time. */
export async function sendAll(
  hostile: Person,
  texts: readonly string[],
  times = 1,
): Promise<number> {
  return hostile.page.evaluate(
    async ([all, count]) => {
      const { channel } = globalThis.reach;
      channel.bufferedAmountLowThreshold = 1_000_000;
      let n = 0;
      for (let turn = 0; turn < count; turn++)
        for (const text of all) {
          if (channel.readyState !== 'open') return n;
          if (channel.bufferedAmount > 4_000_000)
            await new Promise((resolve) => {
              channel.addEventListener('bufferedamountlow', resolve, { once: true });
            });
          channel.send(text.replaceAll('§', String(n++).padStart(8, '0')));
        }
      return n;
    },
    [texts, times] as const,
  );
}

/** Bytes of the page's heap in use after collections. */
export async function heapOf(person: Person): Promise<number> {
  const cdp = await person.context.newCDPSession(person.page);
  // The second time takes what only the first one has set free.
  for (let turn = 0; turn < 3; turn++) await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  await cdp.detach();
  return usedSize;
}

export interface Watched {
  readonly victim: Person;
  readonly friend: Person;
  /**
   * Their call has not noticed: pictures went on, no word of trouble between the two or with the server, one connection for each
   * participant, and the heap is what it was, 2 MB more or less. Answers with the figures.
   */
  isUnhurt(): Promise<string>;
}

/** Two in a call, watched as soon as `prepare` has brought the others. */
export async function watchCall(
  stage: CallStage,
  room: string,
  prepare?: (victim: Person) => Promise<void>,
): Promise<Watched> {
  const victim = await stage.join(room, 'Victim');
  const friend = await stage.join(room, 'Friend');
  const both = [victim, friend] as const;
  const areWell = async (): Promise<void> => {
    await perceiveEachOther({ Victim: victim, Friend: friend });
  };
  await areWell();
  const ids = await Promise.all(both.map((one) => one.id()));
  // Of these two: somebody who means harm may well take its own picture away.
  const longest = await Promise.all(both.map(watchFrames));
  await prepare?.(victim);
  const first = await heapOf(victim);
  const since = await Promise.all(both.map(now));
  return {
    victim,
    friend,
    async isUnhurt() {
      const gaps = await Promise.all(longest.map((one) => one()));
      // Ten pictures a second are sent; a machine with other work to do may show fewer.
      for (const gap of gaps) assert.ok(gap < 2_000, `no new picture for ${gap.toFixed(0)} ms`);
      for (const [index, person] of both.entries()) {
        const events = await eventsSince(
          person,
          since[index]!,
          ...['participant-left', 'state-change', 'connection-change', 'call-error'],
        );
        const trouble = events.filter(
          ({ type, id }) => type === 'state-change' || ids.includes(id),
        );
        assert.deepEqual(trouble, []);
        assert.equal(person.sockets.length, 1);
        assert.deepEqual(person.pageErrors, []);
      }
      await areWell();
      const others = await victim.run((e) => e.participants.length - 1, undefined);
      const open = await victim.openConnections();
      assert.ok(open <= others, `${String(open)} connections for ${String(others)} others`);
      // What the test has noted of thousands of messages is not the element's.
      await victim.page.evaluate(() => {
        seen.events.splice(0);
      });
      let last = Infinity;
      await until(async () => {
        last = await heapOf(victim);
        return last - first < 2 * 2 ** 20;
      }, 'the heap').catch(() => undefined);
      const megabytes = ((last - first) / 2 ** 20).toFixed(2);
      assert.ok(last - first < 2 * 2 ** 20, `the heap has grown by ${megabytes} MB`);
      return `heap ${megabytes} MB more, longest without a new picture ${Math.max(...gaps).toFixed(0)} ms`;
    },
  };
}
