import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { movingCamera } from './lib/camera.ts';
import { chart } from './lib/chart.ts';
import { call, type Figures, type Places } from './lib/mesh-call.ts';
import { targets } from './lib/mesh-targets.ts';
import { median } from './lib/numbers.ts';
import { elementSide, plainSide, type Side } from './lib/sides.ts';
import { table } from './lib/table.ts';
import type { Options } from './run.ts';

const PEOPLE = [2, 3, 4, 6, 8, 12];
/** Seconds. The browser begins with small pictures: that of the plain page is whole after 45 s and more. */
const SETTLE = 60;
const QUICK_SETTLE = 20;
/** Processors that the host may keep from a call that counts; with more, it is made again at most so many times. */
const STOLEN = 0.1;
const AGAIN = 2;
const CAP = { maxBitrate: 500_000, scaleResolutionDownBy: 2 };
const PICTURE = fileURLToPath(new URL('mesh.svg', import.meta.url));

/** Of one side, by the number of people: the runs. */
export type Results = Map<number, Figures[]>;

/**
 * What a call of so many costs each of them and shows them: the element against the page by hand, which sends the camera
 * as it is, and the same page with a fixed cap. Each call is in a browser of its own; whoever begins changes.
 */
export async function measureMesh(options: Options): Promise<string> {
  const { runs, isQuick, only = '', people, writes } = options;
  const count = runs ?? (isQuick ? 1 : 3);
  const sizes = people ?? (isQuick ? [2, 4] : PEOPLE);
  const time = {
    settle: options.settle ?? (isQuick ? QUICK_SETTLE : SETTLE),
    window: isQuick ? 10 : 20,
  };
  const camera = movingCamera();
  const all = [
    await elementSide(),
    await plainSide(),
    await plainSide('plain, capped', { cap: Object.values(CAP).join(' ') }),
  ];
  const sides = all.filter(({ name }) => name.includes(only));
  /** So many were too many. */
  const limits = new Map<Side, number>();
  const cameras = new Map<number, string>();
  const results = new Map<Side, Results>(sides.map((side) => [side, new Map()]));
  try {
    const layouts = new Map<number, Places>();
    for (let n = 0; n < count; n++)
      for (const size of sizes)
        // The element goes first in the first run: the others have their tiles where it has them.
        for (let turn = 0; turn < sides.length; turn++) {
          const side = sides[(turn + n) % sides.length]!;
          const places = layouts.get(size) ?? [...layouts.values()].at(-1);
          if (size >= (limits.get(side) ?? Infinity)) continue;
          process.stderr.write(`${size} people, ${side.name}: `);
          const plan = { ...time, people: size, cameraFlag: camera.flag, places };
          let seen = await call(side, plan);
          for (let again = 0; again < AGAIN && seen && seen.figures.stolen > STOLEN; again++) {
            process.stderr.write(
              `${seen.figures.stolen.toFixed(2)} processors were stolen; again: `,
            );
            seen = await call(side, plan);
          }
          if (!seen) {
            process.stderr.write('the pages do not answer\n');
            limits.set(side, size);
            continue;
          }
          if (side === all[0]) layouts.set(size, seen.places);
          if (side === all[1] || !cameras.has(size)) cameras.set(size, seen.camera);
          const of = results.get(side)!;
          of.set(size, [...(of.get(size) ?? []), seen.figures]);
          process.stderr.write(`${JSON.stringify(seen.figures)}\n`);
        }
  } finally {
    camera.remove();
    for (const side of all) await side.stop();
  }

  if (writes) writeFileSync(PICTURE, picture(results));
  const others = [...results.values()]
    .flatMap((of) => [...of.values()].flat())
    .map(({ otherCores }) => otherCores);
  return [
    `The camera: ${camera.description}; the pages get`,
    `${[...cameras].map(([size, given]) => `${given} in a call of ${size}`).join(', ')}. The cap is maxBitrate`,
    `${CAP.maxBitrate} and scaleResolutionDownBy ${CAP.scaleResolutionDownBy}, set once through setParameters. Medians of ${count} runs; ${time.window} s each,`,
    `after ${time.settle} s. Everything else on the machine took ${median(others).toFixed(2)} processors (most ${Math.max(...others).toFixed(2)}).`,
    `A call from which the host kept more than ${STOLEN} processors was made again, at most ${AGAIN} times.`,
    ...[...limits].map(
      ([{ name }, size]) =>
        `**${name}: ${size} people were too many for this machine; the pages no longer answered.**`,
    ),
    '',
    'What it costs; uplink, pixels and frames are of one participant, processors of the whole browser, of all else, and what the host of\nthis virtual machine kept from it:',
    '',
    report(results, COSTS),
    '',
    'What they get; of all tiles on all pages:',
    '',
    report(results, GAINS),
    '',
    'What is to be reached:',
    '',
    targets(results.get(all[0]!), results.get(all[1]!)),
  ].join('\n');
}

interface Column {
  readonly title: string;
  readonly show: (of: (key: keyof Figures) => number) => string;
}
const fixed = (key: keyof Figures, digits: number, factor = 1): Column['show'] => {
  return (of) => (Number.isFinite(of(key)) ? (of(key) * factor).toFixed(digits) : '–');
};
const COSTS: readonly Column[] = [
  { title: 'uplink, kbit/s', show: fixed('uplink', 0, 1e-3) },
  { title: 'Mpixel/s encoded', show: fixed('pixels', 1, 1e-6) },
  { title: 'processors', show: fixed('cores', 2) },
  { title: 'others', show: fixed('otherCores', 2) },
  { title: 'stolen', show: fixed('stolen', 2) },
  { title: 'CPU s per 1,000 frames', show: fixed('cost', 2) },
  { title: 'connections', show: fixed('connected', 0) },
  { title: 'heard from', show: fixed('heard', 0) },
  { title: 'audio lost, %', show: fixed('lost', 2, 100) },
];
const GAINS: readonly Column[] = [
  { title: 'tiles', show: fixed('tiles', 0) },
  { title: 'frames/s', show: fixed('rate', 1) },
  { title: 'worst tile', show: fixed('worstRate', 1) },
  { title: 'at its pixel size, %', show: fixed('sharp', 0, 100) },
  { title: 'freezes a minute', show: fixed('freezes', 1) },
  { title: 'frozen, %', show: fixed('frozen', 1, 100) },
];

export const medianOf =
  (runs: readonly Figures[]) =>
  (key: keyof Figures): number =>
    median(runs.map((figures) => figures[key]));

function report(results: ReadonlyMap<Side, Results>, columns: readonly Column[]): string {
  const sizes = [...new Set([...results.values()].flatMap((of) => [...of.keys()]))];
  return table(
    ['people', '', ...columns.map(({ title }) => title)],
    sizes.flatMap((size) =>
      [...results].map(([{ name }, of]) => [
        `${size}`,
        name,
        ...columns.map(({ show }) => show(medianOf(of.get(size) ?? []))),
      ]),
    ),
  );
}

const picture = (results: ReadonlyMap<Side, Results>): string =>
  chart(
    'Processor seconds for 1,000 frames drawn',
    'people in the call',
    [...results].map(([{ name }, of]) => ({
      name: name.replaceAll('`', ''),
      points: [...of].map(([size, runs]) => [size, medianOf(runs)('cost')] as const),
    })),
  );
