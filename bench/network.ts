import { loadavg } from 'node:os';
import { obstacle } from '../test/network/lab/obstacle.mjs';
import { Lab } from '../test/network/lab/lab.ts';
import {
  busySource,
  capped,
  loses,
  SIZE,
  type Cap,
  type Condition,
  type Loss,
} from './lib/conditions.ts';
import { FAULTS, PATIENCE, type Fault, type Scene, type Seen } from './lib/faults.ts';
import { elementInLab, PLAIN_ORIGIN, plainInLab, type LabSide } from './lib/lab-sides.ts';
import { median } from './lib/numbers.ts';
import { table } from './lib/table.ts';
import type { Options } from './run.ts';

/** Whoever has never come back in so many runs will not in the others. */
const HOPELESS = 2;

/** What faults and bad networks do to a call: the element beside a page by hand with PeerJS. */
export async function measureNetwork({ runs, isQuick, only }: Options): Promise<string> {
  const why = obstacle();
  if (why !== undefined) return `Not measured here: ${why}.`;
  const count = runs ?? (isQuick ? 1 : 5);
  const isWanted = (name: string): boolean => only === undefined || name.includes(only);
  const loads: number[] = [];
  const parts = [
    await measureFaults(
      FAULTS.filter(({ name }) => isWanted(name)),
      count,
      loads,
    ),
    await measureConditions(isWanted, count, loads),
  ];
  const range = `${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}`;
  return `${parts.filter(Boolean).join('\n\n')}\n\nLoad during the runs: ${range}.`;
}

const say = (...words: unknown[]): void => {
  process.stderr.write(`${words.join(' ')}\n`);
};

/** Runs something in a lab that has both kinds of page. */
async function inLab<T>(
  options: ConstructorParameters<typeof Lab>[0],
  task: (scenes: readonly Scene[]) => Promise<T>,
): Promise<T> {
  const lab = new Lab({ ...options, turn: true, origins: [PLAIN_ORIGIN] });
  const plain = plainInLab(lab);
  try {
    await lab.up();
    await plain.server.up();
    return await task([
      { lab, side: elementInLab(lab), isOurs: true },
      { lab, side: plain, isOurs: false },
    ]);
  } finally {
    await plain.server.down();
    await lab.down();
  }
}

/** One run; every fault is mended afterwards. A run that could not even begin is made once more. */
async function once<T>(scene: Scene, run: (scene: Scene) => Promise<T>): Promise<T> {
  for (let isFirst = true; ; isFirst = false)
    try {
      return await run(scene);
    } catch (error) {
      say(scene.side.name, error);
      if (!isFirst) throw error;
    } finally {
      await scene.lab.clear();
      await scene.side.server.up();
    }
}

type Seens = ReadonlyMap<LabSide, Seen[]>;

async function measureFaults(
  faults: readonly Fault[],
  count: number,
  loads: number[],
): Promise<string> {
  if (faults.length === 0) return '';
  const all = await inLab({}, async (scenes) => {
    const results: [Fault, Seens][] = [];
    for (const fault of faults) {
      const seens = new Map(scenes.map(({ side }) => [side, [] as Seen[]]));
      for (let n = 0; n < count; n++)
        for (const scene of scenes) {
          const before = seens.get(scene.side)!;
          if (before.length >= HOPELESS && before.every(isHopeless)) continue;
          const seen = await once(scene, fault.run);
          before.push(seen);
          loads.push(loadavg()[0] ?? 0);
          say(fault.name, '|', scene.side.name, '|', JSON.stringify(seen), '| load', loads.at(-1));
        }
      results.push([fault, seens]);
    }
    return results;
  });
  const [, first] = all[0]!;
  const names = [...first.keys()].map(({ name }) => name);
  return [
    'Seconds; the gap is the longest time without a decoded frame at either side. "never" is not within',
    `${PATIENCE} s; for coming back to the server, a newcomer, and words of the plain page, not within 20 s.`,
    '',
    table(
      ['', 'to reach', ...names.flatMap((name) => [`${name}: median`, 'worst', 'runs'])],
      all.flatMap(([{ name, targets }, seens]) =>
        Object.entries(targets).map(([key, target]) => [
          key === 'gap' ? name : `${name}: ${key}`,
          target,
          ...[...seens.values()].flatMap((list) => cells(list.flatMap((seen) => seen[key] ?? []))),
        ]),
      ),
    ),
  ].join('\n');
}

const isHopeless = (seen: Seen): boolean =>
  Object.values(seen).every((value) => value === Infinity);

function cells(values: readonly (number | boolean)[]): string[] {
  if (values.length === 0) return ['–', '–', '0'];
  const times = values.filter((value) => typeof value === 'number');
  if (times.length === 0) {
    const yes = values.filter(Boolean).length;
    return [`${yes} of ${values.length}`, '', `${values.length}`];
  }
  const inSeconds = (value: number): string =>
    value === Infinity ? 'never' : Number.isNaN(value) ? '–' : value.toFixed(1);
  return [inSeconds(median(times)), inSeconds(Math.max(...times)), `${times.length}`];
}

const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;
const inSeconds = (value: number): string => (value === Infinity ? 'never' : value.toFixed(1));

/** How one figure of a condition is shown, whether its worst is the largest, and what is to be reached. */
interface Column<T> {
  readonly title: string;
  readonly value: (row: T) => number;
  readonly show: (value: number) => string;
  readonly isLeastWorst?: boolean;
}

const LOSS: readonly Column<Loss>[] = [
  { title: 'frames, of clean', value: (row) => row.framesShare, show: percent, isLeastWorst: true },
  { title: 'frozen', value: (row) => row.frozen, show: percent },
  { title: 'audio concealed', value: (row) => row.concealed, show: percent },
  { title: 'normal after, s', value: (row) => row.normal, show: inSeconds },
];
const CAP: readonly Column<Cap>[] = [
  {
    title: 'frames/s',
    value: (row) => row.framesPerSecond,
    show: (value) => value.toFixed(1),
    isLeastWorst: true,
  },
  {
    title: 'round trip, ms',
    value: (row) => row.roundTrip * 1_000,
    show: (value) => value.toFixed(0),
  },
  { title: 'frozen', value: (row) => row.frozen, show: percent },
  {
    title: 'lines',
    value: (row) => row.height,
    show: (value) => value.toFixed(0),
    isLeastWorst: true,
  },
  { title: 'gap at first, s', value: (row) => row.gap, show: inSeconds },
  { title: 'full size after, s', value: (row) => row.normal, show: inSeconds },
];

async function measureConditions(
  isWanted: (name: string) => boolean,
  count: number,
  loads: number[],
): Promise<string> {
  if (!isWanted('loss') && !isWanted('uplink')) return '';
  const camera = busySource();
  try {
    return await inLab({ browser: [camera.flag], camera: SIZE }, async (scenes) => {
      const measure = async <T extends Condition>(
        run: (scene: Scene) => Promise<T[]>,
        columns: readonly Column<T>[],
      ): Promise<string> => {
        const seen: { readonly side: LabSide; readonly row: T }[] = [];
        for (let n = 0; n < count; n++)
          for (const scene of scenes) {
            for (const row of await once(scene, run)) {
              seen.push({ side: scene.side, row });
              say(scene.side.name, JSON.stringify(row));
            }
            loads.push(loadavg()[0] ?? 0);
            say('load', loads.at(-1));
          }
        const names = [...new Set(seen.map(({ row }) => row.name))];
        return table(
          ['median / worst', '', ...columns.map(({ title }) => title)],
          names.flatMap((name) =>
            scenes.map(({ side }) => {
              const rows = seen.filter((one) => one.side === side && one.row.name === name);
              return [
                name,
                side.name,
                ...columns.map(({ value, show, isLeastWorst = false }) => {
                  const values = rows
                    .map(({ row }) => value(row))
                    .filter((it) => !Number.isNaN(it));
                  const worst = isLeastWorst ? Math.min(...values) : Math.max(...values);
                  return `${show(median(values))} / ${show(worst)}`;
                }),
              ];
            }),
          ),
        );
      };
      const parts = [`The camera: ${camera.description}. ${count} runs each.`];
      if (isWanted('loss')) parts.push(await measure(loses, LOSS));
      if (isWanted('uplink')) parts.push(await measure(capped, CAP));
      return parts.join('\n\n');
    });
  } finally {
    camera.remove();
  }
}
