import assert from 'node:assert/strict';
import { eventsSince } from './seen.ts';
import type { Person } from './person.ts';

/** Watches the pictures that a person is shown; answers with the longest time without a new one, in milliseconds. */
export async function watchFrames(person: Person): Promise<() => Promise<number>> {
  await person.page.evaluate(() => {
    const watches: { longest: number; last: number }[] = [];
    Object.assign(globalThis, { watches });
    for (const found of seen.deep('video-call-tile')) {
      const video = found.shadowRoot?.querySelector('video');
      if (!video) throw new Error('a tile without a picture');
      const watch = { longest: 0, last: performance.now() };
      watches.push(watch);
      const count = (): void => {
        const at = performance.now();
        watch.longest = Math.max(watch.longest, at - watch.last);
        watch.last = at;
        video.requestVideoFrameCallback(count);
      };
      video.requestVideoFrameCallback(count);
    }
  });
  return () =>
    person.page.evaluate(() => {
      const { watches } = globalThis as unknown as { watches: { longest: number; last: number }[] };
      return Math.max(
        ...watches.map(({ longest, last }) => Math.max(longest, performance.now() - last)),
      );
    });
}

/** Pictures went on, as `longest` of `watchFrames` has it, and of who is in the call only the joining of `id` was told, and no error. */
export async function onlyJoined(
  person: Person,
  longest: () => Promise<number>,
  since: number,
  id: string,
): Promise<void> {
  // Ten pictures a second are sent; a machine with other work to do may show fewer.
  const time = await longest();
  assert.ok(time < 2_000, `no new picture for ${String(time)} ms`);
  const events = await eventsSince(
    person,
    since,
    ...['participant-joined', 'participant-left', 'joined', 'left', 'call-error'],
  );
  assert.deepEqual(
    events.map((event) => [event.type, event.id]),
    [['participant-joined', id]],
  );
}
