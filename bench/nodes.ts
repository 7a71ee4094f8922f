import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { noRedis, TestRedis } from '../test/server/redis.ts';
import type { Line } from './lib/line.ts';
import { median, percentile } from './lib/numbers.ts';
import { join, open, ORIGIN, OURS, PACE, processorTime, Relay, ROOM_SIZE } from './lib/relay.ts';
import { table } from './lib/table.ts';
import type { Options } from './run.ts';

/** Who takes them: `quiet` resolves when none has come for a while. */
interface Webhooks {
  readonly url: string;
  quiet(): Promise<void>;
}

interface Way {
  readonly name: string;
  readonly nodes: 1 | 2;
  readonly hasRedis: boolean;
  /** At which node the n-th socket is. */
  readonly nodeOf: (n: number) => number;
}
const WAYS: readonly Way[] = [
  { name: 'one node, no Redis', nodes: 1, hasRedis: false, nodeOf: () => 0 },
  { name: 'one node, Redis', nodes: 1, hasRedis: true, nodeOf: () => 0 },
  {
    name: 'two nodes, each room at one (affinity)',
    nodes: 2,
    hasRedis: true,
    nodeOf: (n) => Math.floor(n / ROOM_SIZE) % 2,
  },
  // The next one in the room is always at the other node.
  { name: 'two nodes, every frame across', nodes: 2, hasRedis: true, nodeOf: (n) => n % 2 },
];

interface Result {
  readonly relayed: number;
  /** Seconds of processor time for 1,000 relayed frames: of all nodes, and of Redis. */
  readonly nodes: number;
  readonly redis: number;
  readonly p50: number;
  readonly p99: number;
}

/** The same rooms and frames with one node and with two that share a Redis. */
export async function measureNodes(
  webhooks: Webhooks,
  { runs, isQuick }: Pick<Options, 'runs' | 'isQuick'>,
): Promise<string> {
  if (noRedis !== false) return `Several nodes were not measured: ${noRedis}.`;
  const count = runs ?? (isQuick ? 1 : 3);
  const sockets = isQuick ? 400 : 2_000;
  const seconds = isQuick ? 2 : 6;
  const results = new Map<Way, Result[]>(WAYS.map((way) => [way, []]));
  const loads: number[] = [];
  const redis = await TestRedis.start();
  try {
    for (let n = 0; n < count; n++)
      for (const way of WAYS) {
        const result = await measure(way, redis, webhooks, sockets, seconds);
        results.get(way)!.push(result);
        loads.push(loadavg()[0] ?? 0);
        console.error(way.name, result);
      }
  } finally {
    await redis.stop();
  }
  return report(results, sockets, loads);
}

async function measure(
  way: Way,
  redis: TestRedis,
  webhooks: Webhooks,
  sockets: number,
  seconds: number,
): Promise<Result> {
  const nodes: ChildProcess[] = [];
  let lines: Line[] = [];
  try {
    const ports: number[] = [];
    for (let n = 0; n < way.nodes; n++) {
      const script = fileURLToPath(new URL('rivals/our-server.mjs', import.meta.url));
      const node = fork(script, [ORIGIN, webhooks.url], {
        env: { ...process.env, ...(way.hasRedis && { REDIS_URL: redis.url }) },
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      nodes.push(node);
      const [{ port }] = (await once(node, 'message')) as [{ port: number }];
      ports.push(port);
    }
    lines = await open((n) => ports[way.nodeOf(n)]!, sockets);
    await join(lines);
    await webhooks.quiet();
    const relay = new Relay(OURS, lines);
    await relay.busy(2);
    const used = (): [nodes: number, redis: number] => [
      nodes.map(processorTime).reduce((sum, time) => sum + time),
      processorTime(redis),
    ];
    const [nodesBefore, redisBefore] = used();
    const relayed = await relay.busy(seconds);
    const [nodesAfter, redisAfter] = used();
    const thousands = (relayed * seconds) / 1_000;
    const latencies = await relay.paced(seconds);
    return {
      relayed,
      nodes: (nodesAfter - nodesBefore) / thousands,
      redis: (redisAfter - redisBefore) / thousands,
      p50: percentile(latencies, 50),
      p99: percentile(latencies, 99),
    };
  } finally {
    for (const { stream } of lines) stream.destroy();
    for (const node of nodes) {
      const exit = once(node, 'exit');
      node.kill('SIGKILL');
      await exit;
    }
    await sleep(500);
  }
}

function report(
  results: ReadonlyMap<Way, readonly Result[]>,
  sockets: number,
  loads: readonly number[],
): string {
  const rows = [...results].map(([{ name }, all]) => {
    const of = (value: (result: Result) => number, digits: number): string =>
      median(all.map(value)).toFixed(digits);
    return [
      name,
      of(({ relayed }) => relayed, 0),
      of(({ nodes }) => nodes, 4),
      of(({ redis }) => redis, 4),
      of(({ p50 }) => p50, 2),
      of(({ p99 }) => p99, 2),
    ];
  });
  const runs = [...results.values()][0]?.length ?? 0;
  return [
    `${sockets} sockets in rooms of ${ROOM_SIZE}, ${runs} runs of each in turn; medians. Processor seconds are for 1,000 relayed frames.`,
    '',
    table(['', 'relayed a second', 'nodes, s', 'Redis, s', `ms at ${PACE}/s, median`, 'p99'], rows),
    '',
    `Nodes, Redis and who feeds them share this machine: that two nodes relay more than one shows only where each has a core of its own. Load during the runs: ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}.`,
  ].join('\n');
}
