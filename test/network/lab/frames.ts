import type { TestContext } from 'node:test';
import type { Person } from '../../e2e/harness/person.ts';
import { until } from '../../e2e/harness/until.ts';

declare global {
  /** When newly decoded frames of somebody were found: milliseconds since 1970, looked for every 50 ms. */
  var frameTimes: { readonly at: number; readonly id: string }[];
}

/** Runs in the page before everything else. */
export function watchFrames(): void {
  globalThis.frameTimes = [];
  const known = new Map<string, number>();
  let isLooking = false;
  const look = async (): Promise<void> => {
    const element = document.querySelector('video-call');
    if (isLooking || element?.getStats === undefined) return;
    isLooking = true;
    try {
      for (const { id, framesDecoded } of await element.getStats()) {
        // A new connection counts from zero.
        if (framesDecoded > 0 && framesDecoded !== known.get(id))
          globalThis.frameTimes.push({ at: Date.now(), id });
        known.set(id, framesDecoded);
      }
    } finally {
      isLooking = false;
    }
  };
  setInterval(() => void look(), 50);
}

async function times(person: Person, name: string | undefined): Promise<number[]> {
  const id = await person.run(
    (element, wanted) =>
      element.participants.find(
        (one) => !one.isLocal && (wanted === undefined || one.name === wanted),
      )?.id,
    name,
  );
  const seen = await person.page.evaluate(() => globalThis.frameTimes);
  return seen.filter((frame) => frame.id === id).map(({ at }) => at);
}

/** The longest time without a newly decoded frame of the other one, of those that overlap the time since then; in seconds. */
export async function gap(person: Person, since: number, name?: string): Promise<number> {
  const all = [...(await times(person, name)), Date.now()];
  let longest = 0;
  for (const [index, at] of all.entries())
    if (at > since) longest = Math.max(longest, at - (all[index - 1] ?? since));
  return longest / 1_000;
}

/** Waits until frames of the other one are decoded one after the other, all after `since`. */
export async function flows(
  person: Person,
  since: number,
  timeout: number,
  name?: string,
): Promise<void> {
  await until(
    async () => (await times(person, name)).filter((at) => at > since).length >= 5,
    `frames at ${await person.run((element) => element.localParticipant?.name ?? '?', undefined)}`,
    timeout,
  );
}

/** Waits until both get frames again, and tells how long each had none; the longer one is the answer. */
export async function recovered(
  t: TestContext,
  people: readonly [Person, Person],
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
