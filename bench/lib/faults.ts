import { setTimeout as sleep } from 'node:timers/promises';
import type { Person } from '../../test/e2e/harness/person.ts';
import { until } from '../../test/e2e/harness/until.ts';
import { flows, gap } from '../../test/network/lab/frames.ts';
import type { Lab } from '../../test/network/lab/lab.ts';
import { remember } from '../../test/network/lab/tiles.ts';
import type { LabSide, Visit } from './lab-sides.ts';

/** Longer nobody is waited for. */
export const PATIENCE = 60;
/** After the first frames: candidate pairs are still compared, and pictures grow. */
const SETTLE = 2_000;

export interface Scene {
  readonly lab: Lab;
  readonly side: LabSide;
  readonly isOurs: boolean;
}

/** What one run has seen: seconds, `Infinity` for never; or whether something was so. */
export type Seen = Readonly<Record<string, number | boolean>>;

export interface Fault {
  readonly name: string;
  /** What to reach, by the names in `Seen`. */
  readonly targets: Readonly<Record<string, string>>;
  run(scene: Scene): Promise<Seen>;
}

type Pair = readonly [Person, Person];

/** Two callers, each in a home of its own, who have been in a call for a moment. */
export async function pair(
  { lab, side }: Scene,
  one: Visit = {},
  other = one,
  room = lab.room(),
): Promise<Pair> {
  const began = Date.now();
  const a = await side.visit('a', room, one);
  await until(() => side.isRegistered(a), 'the first caller');
  const b = await side.visit('b', room, other);
  if (other.isCameraOff !== true) await flows(a, began, 20_000);
  await flows(b, began, 20_000);
  await sleep(SETTLE);
  return [a, b];
}

const seconds = (since: number): number => (Date.now() - since) / 1_000;

/** How many seconds it takes until it is so; Infinity when that does not happen. */
export async function takes(
  check: () => Promise<unknown>,
  since = Date.now(),
  patience = PATIENCE,
): Promise<number> {
  while (seconds(since) < patience) {
    if (await check()) return seconds(since);
    await sleep(50);
  }
  return Infinity;
}

/** The longest time without a frame at either side since `began`, once frames flow again after `ended`. */
async function longest(people: Pair, began: number, ended: number): Promise<number> {
  try {
    await Promise.all(people.map((person) => flows(person, ended, PATIENCE * 1_000)));
  } catch {
    return Infinity;
  }
  return Math.max(...(await Promise.all(people.map((person) => gap(person, began)))));
}

/** A fault of so many seconds; the gap is counted from its end on when it lasts. */
function outage(
  name: string,
  target: string,
  lasts: number,
  begin: (scene: Scene) => void | Promise<void>,
  end: (scene: Scene) => void | Promise<void> = () => undefined,
  visit: Visit = {},
): Fault {
  return {
    name,
    targets: { gap: target },
    run: async (scene) => {
      const people = await pair(scene, visit);
      const began = Date.now();
      await begin(scene);
      await sleep(Math.max(0, began + lasts * 1_000 - Date.now()));
      await end(scene);
      return { gap: Math.max(0, (await longest(people, began, Date.now())) - lasts) };
    },
  };
}

export const FAULTS: readonly Fault[] = [
  {
    name: 'server killed for 10 s',
    targets: { gap: '0.5', 'all registered again': '5', 'a newcomer has all media': '3' },
    run: async (scene) => {
      const { lab, side } = scene;
      const room = lab.room();
      const people = await pair(scene, {}, {}, room);
      // The page of the newcomer is open, and waits for its button.
      const newcomer = await side.visit('c', room, { waits: true });
      await side.ready(newcomer);
      const began = Date.now();
      await side.server.down();
      await sleep(began + 10_000 - Date.now());
      await side.server.up();
      const back = Date.now();
      const isBack = async (): Promise<boolean> =>
        (await Promise.all(people.map((person) => side.isRegistered(person)))).every(Boolean);
      const registered = await takes(isBack, back, 20);
      const whole = await longest(people, began, Date.now());
      const clicked = Date.now();
      await newcomer.page.getByRole('button', { name: /^join/i }).click();
      const hasMedia = await takes(
        async () => {
          const tracks = await Promise.all(
            [newcomer, ...people].map((one) => tracksSince(one, clicked)),
          );
          return tracks.every((count) => count === 2);
        },
        clicked,
        20,
      );
      return {
        gap: whole,
        'all registered again': registered,
        'a newcomer has all media': hasMedia,
      };
    },
  },
  {
    name: 'address change',
    targets: { gap: '4', 'same tile, nobody came or left': 'always' },
    run: async (scene) => {
      const people = await pair(scene);
      const same = scene.isOurs ? await Promise.all(people.map((one) => remember(one))) : [];
      const began = Date.now();
      scene.lab.internet.readdress('a', 77);
      const whole = await longest(people, began, Date.now());
      if (!scene.isOurs) return { gap: whole };
      const isSame = await Promise.all(same.map((check) => check())).then(
        () => true,
        () => false,
      );
      return { gap: whole, 'same tile, nobody came or left': isSame };
    },
  },
  outage(
    'address change, the server down for 8 s: after its return',
    '8',
    8,
    async ({ lab, side }) => {
      await side.server.down();
      lab.internet.readdress('a', 77);
    },
    ({ side }) => side.server.up(),
  ),
  ...[3, 20].map((lasts) =>
    outage(
      `link down for ${lasts} s: after its return`,
      '5',
      lasts,
      ({ lab }) => lab.internet.link('a', false),
      ({ lab }) => lab.internet.link('a', true),
    ),
  ),
  outage('direct path lost, relays left', '10', 0, ({ lab }) => lab.internet.blockDirect('a')),
  outage(
    'coturn restarted, relay only',
    '6',
    0,
    async ({ lab }) => {
      await lab.turn?.down();
      await lab.turn?.up();
    },
    undefined,
    { isRelayed: true },
  ),
  {
    name: 'no path at all',
    targets: { 'both are told': '20' },
    run: async ({ lab, side }) => {
      lab.internet.blockUdp('a');
      await lab.turn?.down();
      const room = lab.room();
      const a = await side.visit('a', room);
      await until(() => side.isRegistered(a), 'the first caller');
      const b = await side.visit('b', room);
      const began = Date.now();
      const told = await takes(
        async () => (await side.isTold(a)) && (await side.isTold(b)),
        began,
        side.name === 'plain PeerJS' ? 20 : PATIENCE,
      );
      return { 'both are told': told };
    },
  },
];

/** How many tracks there are of which frames were decoded since then. */
async function tracksSince(person: Person, since: number): Promise<number> {
  const seen = await person.page.evaluate(() => globalThis.frameTimes);
  return new Set(seen.filter(({ at }) => at > since).map(({ track }) => track)).size;
}
