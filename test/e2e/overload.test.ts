import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Person } from './harness/person.ts';
import { Stage } from './harness/stage.ts';
import { until } from './harness/until.ts';

const stage = Stage.set();

/**
 * In the page, before its scripts: whether this machine keeps up is for the test to say. The encoders and the browser that runs
 * the tests say what is true of their machine at the moment, which is another one each time.
 */
function decideLoad(): void {
  Reflect.deleteProperty(globalThis, 'PressureObserver');
  const getStats = RTCRtpSender.prototype.getStats;
  RTCRtpSender.prototype.getStats = async function () {
    const report = await getStats.call(this);
    const isOverloaded = document.documentElement.hasAttribute('data-overloaded');
    const entries = [...report] as [string, Record<string, unknown>][];
    const frames = entries.find(([, { type }]) => type === 'media-source')?.[1]['frames'];
    const said = isOverloaded
      ? { qualityLimitationReason: 'cpu' }
      : { qualityLimitationReason: 'none', framesEncoded: frames };
    return new Map(
      entries.map(([id, entry]) => [
        id,
        entry['type'] === 'outbound-rtp' ? { ...entry, ...said } : entry,
      ]),
    );
  };
}

interface Seen {
  readonly name: string;
  readonly isStopped: boolean;
  readonly frames: number;
  readonly energy: number;
}

/** What is seen and heard of each other. */
const others = (person: Person): Promise<Seen[]> =>
  person.run(async (element) => {
    const stats = await element.getStats();
    return element.participants
      .filter(({ isLocal }) => !isLocal)
      .map(({ id, name, isVideoStopped }) => {
        const { framesDecoded = 0, audioEnergy = 0 } = stats.find((one) => one.id === id) ?? {};
        return { name, isStopped: isVideoStopped, frames: framesDecoded, energy: audioEnergy };
      });
  }, undefined);

/** Waits until everybody is heard, and frames of exactly `count` others arrive meanwhile; answers with who is not seen. */
async function sees(person: Person, count: number): Promise<string[]> {
  let before = await others(person);
  let unseen: string[] = [];
  await until(
    async () => {
      const now = await others(person);
      const growing = (key: 'frames' | 'energy'): Seen[] =>
        now.filter((one, n) => one[key] > (before[n]?.[key] ?? Infinity));
      // The fake microphones beep about once a second.
      if (now.length === before.length && growing('energy').length < now.length) return false;
      const seen = growing('frames');
      before = now;
      unseen = now.filter(({ isStopped }) => isStopped).map(({ name }) => name);
      if (seen.length !== count || unseen.length !== now.length - count) return false;
      return seen.every(({ name }) => !unseen.includes(name));
    },
    `${String(count)} pictures and everybody's sound`,
    60_000,
  );
  return unseen;
}

test('a machine that cannot keep up sees those who speak, hears everybody, says why, and recovers', async () => {
  const room = stage.room();
  const join = (name: string): Promise<Person> =>
    stage.visit(`<video-call room="${room}" name="${name}" autojoin></video-call>`, {
      first: decideLoad,
    });
  const ann = await join('Ann');
  const rest = await Promise.all(['Bob', 'Cem', 'Dan'].map(join));
  await Promise.all([ann, ...rest].map((person) => sees(person, 3)));

  await ann.page.evaluate(() => {
    document.documentElement.toggleAttribute('data-overloaded', true);
  });
  const [unseen] = await sees(ann, 2);
  const notice = ann.page.getByText('only those who speak are shown');
  await notice.waitFor();
  // Whoever the caller asks for is seen at once.
  await ann.run(async (element, name) => {
    const wanted = element.participants.find((one) => one.name === name)!;
    await element.receiveVideo(wanted.id, true);
  }, unseen);
  await until(
    async () => (await others(ann)).some(({ name, isStopped }) => name === unseen && !isStopped),
    'the one who was asked for',
  );
  assert.equal((await others(ann)).filter(({ isStopped }) => isStopped).length, 1);

  await ann.page.evaluate(() => {
    document.documentElement.toggleAttribute('data-overloaded', false);
  });
  await sees(ann, 3);
  await notice.waitFor({ state: 'hidden' });
  await Promise.all(rest.map((person) => sees(person, 3)));
});
