import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ServerConfig } from '../../../server/config.ts';
import { DEFAULT_LIMITS, type ServerLimits } from '../../../server/limits.ts';
import {
  Client,
  health,
  newId,
  startServer,
  until,
  withPatience,
  type Frame,
  type TestServer,
} from '../helpers.ts';
import type { Targets } from './frames.ts';
import type { Random } from './random.ts';
import { Raw, type Place } from './raw.ts';

/** The only origin whose pages may use the attacked server. */
export const ORIGIN = 'https://good.example';

/** What honest members on the attacked server saw, and what it cost the server. */
export interface Aftermath {
  /** Milliseconds of each echo of the bystanders. */
  readonly latencies: readonly number[];
  readonly heapBefore: number;
  readonly heapAfter: number;
  /** Frames that the server has counted. */
  readonly frames: number;
}

/** A server under attack, and two honest members on it. */
export class Arena {
  readonly random: Random;
  readonly server: TestServer;
  readonly targets: Targets;
  /** Sockets by the code with which the server closed them. */
  readonly codes = new Map<number, number>();

  constructor(random: Random, server: TestServer, targets: Targets) {
    this.random = random;
    this.server = server;
    this.targets = targets;
  }

  /** Somewhere on the loopback network. */
  place(from = `127.${this.random.below(200) + 1}.${this.random.below(250)}.7`): Place {
    return { port: this.server.port, from };
  }

  /** A socket of an allowed page. */
  async socket(place = this.place()): Promise<Raw> {
    const [raw, status] = await Raw.webSocket(place, newId(), newId(), [`Origin: ${ORIGIN}`]);
    assert.equal(status, 101);
    return raw;
  }

  /** Waits until the server has closed the socket, with one of these codes. */
  async expectClose(raw: Raw, what: string, ...codes: readonly number[]): Promise<void> {
    await withPatience(raw.closed, `the server to close on ${what}`);
    assert.ok(raw.code !== undefined && codes.includes(raw.code), `${what}: ${raw.code}`);
    this.codes.set(raw.code, (this.codes.get(raw.code) ?? 0) + 1);
  }

  async counter(name: string): Promise<number> {
    const text = await (await fetch(`${this.server.url}metrics`)).text();
    const line = text.split('\n').find((one) => one.startsWith(`video_call_${name} `));
    return Number(line?.split(' ')[1] ?? 0);
  }
}

/** Attacks a fresh server while two members talk on it, and then looks what is left. */
export async function attacked(
  random: Random,
  options: { readonly config?: Partial<ServerConfig>; readonly limits?: Partial<ServerLimits> },
  warmUp: (arena: Arena) => Promise<void>,
  attack: (arena: Arena) => Promise<void>,
): Promise<Aftermath> {
  const server = await startServer({
    config: {
      allowOrigins: [ORIGIN],
      // Nobody is a proxy: attackers count by the addresses that they have.
      trustProxy: 0,
      metrics: true,
      awayGrace: 1,
      ...options.config,
      limits: { ...DEFAULT_LIMITS, ...options.limits },
    },
    timings: { closeWithin: 1_000 },
  });
  const room = newId();
  const bystanders = fork(
    fileURLToPath(new URL('bystander.ts', import.meta.url)),
    [server.url, room, ORIGIN],
    { execArgv: ['--import', 'tsx'] },
  );
  try {
    const [ready] = (await withPatience(once(bystanders, 'message'), 'the bystanders')) as [
      { ids: string[] },
    ];
    const targets = { victims: ready.ids, unknown: Array.from({ length: 20 }, newId), room };
    const arena = new Arena(random, server, targets);
    // What is loaded and compiled once belongs to the start.
    await warmUp(arena);
    await until(async () => (await health(server, ORIGIN)).members === 2, 'the bystanders alone');
    const heapBefore = await server.heap();

    await attack(arena);

    assert.equal(server.process.exitCode, null, 'the server lives');
    await until(
      async () => (await health(server, ORIGIN)).members === 2,
      'the attackers to be gone',
    );
    await until(async () => (await arena.counter('connections')) === 2, 'their sockets, too');
    // Nothing was kept for ids that nobody had, or for those that come after.
    for (const id of targets.unknown) {
      const heir = await Client.connect(server, { id, options: { headers: { origin: ORIGIN } } });
      await heir.settled();
      assert.deepEqual(heir.types(), []);
      await heir.crash();
    }
    const frames = await arena.counter('frames_total');
    const heapAfter = await server.heap();
    const told = withPatience(once(bystanders, 'message'), 'the bystanders to end');
    bystanders.send('end');
    const [{ latencies, strange }] = (await told) as [{ latencies: number[]; strange: Frame[] }];
    assert.deepEqual(strange, [], 'nothing reached the bystanders');
    assert.equal(await server.stop(), 0);
    return { latencies, heapBefore, heapAfter, frames };
  } finally {
    bystanders.kill('SIGKILL');
    server.kill();
  }
}
