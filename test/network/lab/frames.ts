import type { TestContext } from 'node:test';
import type { Caller } from '../../e2e/harness/person.ts';
import { until } from '../../e2e/harness/until.ts';

declare global {
  /** When newly decoded frames of a track were found: milliseconds since 1970, looked for every 50 ms. */
  var frameTimes: { readonly at: number; readonly track: string }[];
}

/** Runs in any page that calls, before everything else, after `watched` is there. */
export function watchFrames(): void {
  globalThis.frameTimes = [];
  const known = new Map<string, number>();
  let isLooking = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    try {
      for (const reference of globalThis.watched.connections) {
        const connection = reference.deref();
        if (!connection || connection.connectionState === 'closed') continue;
        const report = await connection.getStats();
        report.forEach((entry: Record<string, unknown>) => {
          if (entry['type'] !== 'inbound-rtp' || entry['kind'] !== 'video') return;
          const track = String(entry['trackIdentifier']);
          const frames = Number(entry['framesDecoded'] ?? 0);
          if (frames > (known.get(track) ?? 0)) frameTimes.push({ at: Date.now(), track });
          known.set(track, frames);
        });
      }
    } finally {
      isLooking = false;
    }
  };
  setInterval(() => void look(), 50);
}

/** Of everybody, or of the present camera of one participant. */
async function times(person: Caller, name: string | undefined): Promise<number[]> {
  const seen = await person.page.evaluate(() => globalThis.frameTimes);
  if (name === undefined) return seen.map(({ at }) => at);
  const tracks = await person.run(
    (element, wanted) =>
      element.participants
        .filter((one) => !one.isLocal && one.name === wanted)
        .flatMap((one) => one.stream.getVideoTracks().map(({ id }) => id)),
    name,
  );
  return seen.filter(({ track }) => tracks.includes(track)).map(({ at }) => at);
}

/**
 * The longest time without a newly decoded frame of anybody, or of the one with this name, of those that overlap the time
 * since then; in seconds.
 */
export async function gap(person: Caller, since: number, name?: string): Promise<number> {
  const all = [...(await times(person, name)), Date.now()];
  let longest = 0;
  for (const [index, at] of all.entries())
    if (at > since) longest = Math.max(longest, at - (all[index - 1] ?? since));
  return longest / 1_000;
}

/** Waits until frames are decoded one after the other, all after `since`. */
export async function flows(
  person: Caller,
  since: number,
  timeout: number,
  name?: string,
): Promise<void> {
  await until(
    async () => (await times(person, name)).filter((at) => at > since).length >= 5,
    `frames${name === undefined ? '' : ` of ${name}`}`,
    timeout,
  );
}

/** Waits until both get frames again, and tells how long each had none; the longer one is the answer. */
export async function recovered(
  t: TestContext,
  people: readonly [Caller, Caller],
  what: string,
  began: number,
  ended: number,
  timeout: number,
): Promise<number> {
  await Promise.all(people.map((person) => flows(person, ended, timeout)));
  const gaps = await Promise.all(people.map((person) => gap(person, began)));
  t.diagnostic(`gap, ${what}: ${gaps.map((one) => one.toFixed(2)).join(' and ')} s`);
  return Math.max(...gaps);
}
