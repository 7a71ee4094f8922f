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
