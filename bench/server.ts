import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Line } from './lib/line.ts';
import { median, percentile } from './lib/numbers.ts';
import {
  join,
  open,
  ORIGIN,
  OURS,
  PACE,
  processorTime,
  Relay,
  ROOM_SIZE,
  STOCK,
  type Kind,
} from './lib/relay.ts';
import { table } from './lib/table.ts';
import { measureNodes } from './nodes.ts';
import type { Options } from './run.ts';

interface Result {
  readonly connects: number;
  /** What the process holds for each socket beyond what it held without: when all have joined, and after all frames. */
  readonly joined: number;
  readonly used: number;
  /** Bytes of the process after all frames. */
  readonly whole: number;
  readonly relayed: number;
  /** Microseconds of the server's processor time for one relayed frame. */
  readonly cpu: number;
  readonly p50: number;
  readonly p99: number;
}

/**
 * Our server against the one that it is built on: each alone in a fresh process, in turn, with the same sockets, rooms and
 * frames. Nine of ten frames are candidates, one is an offer of 3 kB, as in the beginning of a call.
 */
export async function measureServer({ runs, isQuick }: Options): Promise<string> {
  const count = runs ?? (isQuick ? 1 : 5);
  const sockets = isQuick ? 400 : 5_000;
  const seconds = isQuick ? 2 : 8;
  const webhooks = await Sink.open();
  const results = new Map<Kind, Result[]>([
    [OURS, []],
    [STOCK, []],
  ]);
  const loads: number[] = [];
  try {
    for (let n = 0; n < count; n++)
      for (const kind of n % 2 === 0 ? [OURS, STOCK] : [STOCK, OURS]) {
        const result = await measure(kind, webhooks, sockets, seconds);
        results.get(kind)!.push(result);
        loads.push(loadavg()[0] ?? 0);
        console.error(kind.name, result);
      }
    return `${report(results, sockets, loads)}\n\n${await measureNodes(webhooks, { runs, isQuick })}`;
  } finally {
    webhooks.close();
  }
}

async function measure(
  kind: Kind,
  webhooks: Sink,
  sockets: number,
  seconds: number,
): Promise<Result> {
  const rival = (file: string): string => fileURLToPath(new URL(`rivals/${file}`, import.meta.url));
  const server = fork(rival(kind.script), [ORIGIN, webhooks.url], {
    execArgv: ['--expose-gc', '--import', rival('memory.mjs')],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [{ port }] = (await once(server, 'message')) as [{ port: number }];
  const lines: Line[] = [];
  try {
    // The first sockets bring what every server loads once.
    const first = await open(() => port, 40);
    if (kind.joins) await join(first);
    for (const { stream } of first) stream.destroy();
    await sleep(1_000);
    const before = await memory(server);

    const start = performance.now();
    lines.push(...(await open(() => port, sockets)));
    const connects = sockets / ((performance.now() - start) / 1_000);
    if (kind.joins) await join(lines);
    // What joining has started, webhooks among it, is none of what follows.
    await webhooks.quiet();
    await sleep(3_000);
    const joined = ((await memory(server)) - before) / sockets;

    const relay = new Relay(kind, lines);
    await relay.busy(2);
    const usedBefore = processorTime(server);
    const relayed = await relay.busy(seconds);
    const cpu = ((processorTime(server) - usedBefore) / (relayed * seconds)) * 1e6;
    const latencies = await relay.paced(seconds);
    const whole = await memory(server);
    return {
      connects,
      joined,
      used: (whole - before) / sockets,
      whole,
      relayed,
      cpu,
      p50: percentile(latencies, 50),
      p99: percentile(latencies, 99),
    };
  } finally {
    for (const { stream } of lines) stream.destroy();
    const exit = once(server, 'exit');
    server.kill('SIGKILL');
    await exit;
  }
}

/** Takes webhooks. */
class Sink {
  readonly #server: Server;
  #lastAt = 0;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#lastAt = performance.now();
      request.resume();
      response.writeHead(204).end();
    });
  }

  static async open(): Promise<Sink> {
    const sink = new Sink();
    sink.#server.listen(0, '127.0.0.1');
    await once(sink.#server, 'listening');
    return sink;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Resolves when none has come for a second. */
  async quiet(): Promise<void> {
    while (performance.now() - this.#lastAt < 1_000) await sleep(100);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

async function memory(server: ChildProcess): Promise<number> {
  server.send('memory');
  const [{ rss }] = (await once(server, 'message')) as [{ rss: number }];
  return rss;
}

function report(
  results: ReadonlyMap<Kind, readonly Result[]>,
  sockets: number,
  loads: readonly number[],
): string {
  const ours = results.get(OURS)!;
  const stock = results.get(STOCK)!;
  const row = (
    name: string,
    value: (result: Result) => number,
    digits: number,
    isLessBetter = false,
  ): string[] => {
    const [one, other] = [median(ours.map(value)), median(stock.map(value))];
    const range = (all: readonly Result[]): string => {
      const values = all.map(value);
      return `${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)}`;
    };
    return [
      name,
      one.toFixed(digits),
      range(ours),
      other.toFixed(digits),
      range(stock),
      `${(one / other).toFixed(2)}${isLessBetter ? ' (less is better)' : ''}`,
    ];
  };
  return [
    `${sockets} sockets in rooms of ${ROOM_SIZE}, ${ours.length} runs of each in turn; medians, and from least to most.`,
    'Ours has origins, limits, metrics, logs and webhooks switched on, and everybody is a member of a room.',
    '',
    table(
      ['', OURS.name, 'range', STOCK.name, 'range', 'ratio'],
      [
        row('kB for each socket, when all have joined', ({ joined }) => joined / 1_024, 2, true),
        row('kB for each socket, after all frames', ({ used }) => used / 1_024, 2, true),
        row('connections held per GiB, after all frames', ({ used }) => 2 ** 30 / used, 0),
        row('MB of the process, after all frames', ({ whole }) => whole / 2 ** 20, 1, true),
        row('connects a second', ({ connects }) => connects, 0),
        row('relayed frames a second', ({ relayed }) => relayed, 0),
        row('processor µs for each', ({ cpu }) => cpu, 1, true),
        row(`ms at ${PACE} a second, median`, ({ p50 }) => p50, 2, true),
        row(`ms at ${PACE} a second, p99`, ({ p99 }) => p99, 2, true),
      ],
    ),
    '',
    'Targets: at least 0.95 of the relayed frames, at most 1.15 of the memory. The sockets are opened and fed by one other process',
    'on the same machine, with as little work for each frame as possible. Where that is what is busy, or others are, the frames',
    `say how often each was let run, and the processor time is what they cost. Load during the runs: ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}.`,
  ].join('\n');
}
