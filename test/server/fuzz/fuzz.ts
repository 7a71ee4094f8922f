import { percentile } from '../../../bench/lib/numbers.ts';
import { attacked, type Aftermath, type Arena } from './arena.ts';
import {
  crowd,
  dawdlers,
  floodMember,
  foreignPages,
  hijacks,
  offences,
  requests,
  volume,
} from './attacks.ts';
import { Random } from './random.ts';

export interface FuzzOptions {
  readonly seed: number;
  /** Hostile frames that the server handles one by one. */
  readonly frames: number;
  /** Rounds of every offence, and attempts to speak for others. */
  readonly rounds: number;
  readonly hijacks: number;
}
export interface FuzzReport {
  readonly volume: Aftermath;
  readonly limits: Aftermath;
  readonly codes: ReadonlyMap<number, number>;
}

/** Attacks two servers: one that lets everything come in, so that all of it is handled, and one as it is by default. */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const random = new Random(options.seed);
  const codes = new Map<number, number>();
  const generous = {
    config: { joinsPerAddress: 1_000_000 },
    limits: {
      framesPerSecond: 1e9,
      bytesPerSecond: 1e12,
      invalidBurst: 1e9,
      bufferedBytes: 2 ** 26,
    },
  };
  const first = await attacked(
    random,
    generous,
    (arena) => volume(arena, 3_000),
    (arena) => volume(arena, options.frames),
  );
  const second = await attacked(
    random,
    { config: { connectionsPerAddress: 100 } },
    async (arena) => {
      await requests(arena);
      await offences(arena);
    },
    async (arena: Arena) => {
      const areGone = await dawdlers(arena);
      await foreignPages(arena);
      await requests(arena);
      await crowd(arena, 100);
      for (let round = 0; round < options.rounds; round++) {
        await offences(arena);
        await floodMember(arena);
      }
      await hijacks(arena, options.hijacks);
      await areGone();
      for (const [code, count] of arena.codes) codes.set(code, count);
    },
  );
  return { volume: first, limits: second, codes };
}

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`;

/** The figures for people. */
export function inWords({ volume: first, limits, codes }: FuzzReport): string {
  const heap = ({ heapBefore, heapAfter }: Aftermath): string =>
    `${megabytes(heapBefore)} before, ${megabytes(heapAfter)} after (${(heapAfter / heapBefore).toFixed(3)})`;
  const echo = ({ latencies }: Aftermath): string =>
    [50, 99, 100].map((percent) => percentile(latencies, percent).toFixed(1)).join(' / ');
  const sorted = [...codes].sort(([one], [other]) => one - other);
  return [
    `frames handled   ${String(first.frames + limits.frames)}`,
    `closed with      ${sorted.map(([code, count]) => `${String(code)}: ${String(count)}`).join(', ')}`,
    `echo of others   median / p99 / most: ${echo(first)} ms; with limits ${echo(limits)} ms`,
    `heap             ${heap(first)}; with limits ${heap(limits)}`,
  ].join('\n');
}
