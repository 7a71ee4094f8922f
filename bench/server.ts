import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Line, textFrame } from './lib/line.ts';
import { median, percentile } from './lib/numbers.ts';
import { table } from './lib/table.ts';
import type { Options } from './run.ts';

const ORIGIN = 'https://bench.example';
const ROOM_SIZE = 4;
/** Sockets that are being opened at once. */
const AT_ONCE = 200;
/** Members who have a frame under way at the same time when the server is to be busy all the time. */
const UNDER_WAY = 1_000;
/** Frames a second when the time of one is measured: far below what either server can do. */
const PACE = 2_000;
const CANDIDATE =
  'candidate:1467250027 1 udp 2122260223 192.168.1.57 46243 typ host generation 0 ufrag EsAw network-id 1';
const SDP = `v=0\r\n${'a=rtpmap:96 VP8/90000\r\n'.repeat(130)}`;

interface Kind {
  readonly name: string;
  readonly script: string;
  readonly joins: boolean;
  readonly candidate: (dst: string, link: string) => object;
}
const offer = (dst: string, link: string): object => ({
  type: 'OFFER',
  dst,
  payload: { sdp: { type: 'offer', sdp: SDP }, type: 'media', connectionId: link },
});
const ice = {
  candidate: CANDIDATE,
  sdpMid: '0',
  sdpMLineIndex: 0,
  usernameFragment: 'EsAw',
};
const OURS: Kind = {
  name: 'ours, everything on',
  script: 'our-server.mjs',
  joins: true,
  candidate: (dst, link) => ({
    type: 'ROOM-SIGNAL',
    dst,
    link,
    signal: { kind: 'candidate', ...ice },
  }),
};
const STOCK: Kind = {
  name: 'stock `peer`',
  script: 'stock-server.mjs',
  joins: false,
  candidate: (dst, link) => ({
    type: 'CANDIDATE',
    dst,
    payload: { candidate: ice, type: 'media', connectionId: link },
  }),
};

interface Result {
  readonly connects: number;
  readonly bytesPerSocket: number;
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
  } finally {
    webhooks.close();
  }
  return report(results, sockets, loads);
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
    const first = await open(port, 40);
    if (kind.joins) await join(first);
    for (const { stream } of first) stream.destroy();
    await sleep(1_000);
    const before = await memory(server);

    const start = performance.now();
    lines.push(...(await open(port, sockets)));
    const connects = sockets / ((performance.now() - start) / 1_000);
    if (kind.joins) await join(lines);
    // What joining has started, webhooks among it, is none of what follows.
    await webhooks.quiet();
    await sleep(3_000);
    const bytesPerSocket = ((await memory(server)) - before) / sockets;

    const relay = new Relay(kind, lines);
    await relay.busy(2);
    const usedBefore = processorTime(server);
    const relayed = await relay.busy(seconds);
    const cpu = ((processorTime(server) - usedBefore) / (relayed * seconds)) * 1e6;
    const latencies = await relay.paced(seconds);
    return {
      connects,
      bytesPerSocket,
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

/** Opens sockets, each until the OPEN of PeerServer has come. */
async function open(port: number, count: number): Promise<Line[]> {
  const lines: Line[] = [];
  let begun = 0;
  const work = async (): Promise<void> => {
    while (begun < count) {
      const n = begun++;
      const line = new Line(port, ORIGIN, randomUUID(), `127.0.${n % 20}.1`);
      lines[n] = line;
      await line.heard('"OPEN"');
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return lines;
}

/** Rooms of four. */
async function join(lines: readonly Line[]): Promise<void> {
  for (let n = 0; n < lines.length; n += AT_ONCE)
    await Promise.all(
      lines.slice(n, n + AT_ONCE).map(async (line, m) => {
        const room = `room-${Math.floor((n + m) / ROOM_SIZE)}`;
        const welcome = line.heard('ROOM-WELCOME');
        line.stream.write(textFrame(JSON.stringify({ type: 'ROOM-JOIN', version: 1, room })));
        await welcome;
      }),
    );
}

async function memory(server: ChildProcess): Promise<number> {
  server.send('memory');
  const [{ rss }] = (await once(server, 'message')) as [{ rss: number }];
  return rss;
}

/** Seconds that the processors have worked for it. */
function processorTime({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  const TICKS = 100;
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Every member sends to the next one in its room, and has one frame under way at most. */
class Relay {
  readonly #lines: readonly Line[];
  readonly #frames: readonly (readonly [candidate: Buffer, offer: Buffer])[];
  readonly #sentAt: Float64Array;
  #sent = 0;

  constructor(kind: Kind, lines: readonly Line[]) {
    this.#lines = lines;
    this.#sentAt = new Float64Array(lines.length);
    const link = randomUUID();
    this.#frames = lines.map((_, n) => {
      const dst = lines[nextOf(n)]!.id;
      return [
        textFrame(JSON.stringify(kind.candidate(dst, link))),
        textFrame(JSON.stringify(offer(dst, link))),
      ];
    });
  }

  /** As many frames as the server can take; how many arrived in a second. */
  async busy(seconds: number): Promise<number> {
    let arrived = 0;
    let isOver = false;
    this.#listen((sender) => {
      arrived++;
      if (!isOver) this.#send(sender);
    });
    const start = performance.now();
    for (let n = 0; n < Math.min(UNDER_WAY, this.#lines.length); n++) this.#send(n);
    await sleep(seconds * 1_000);
    const perSecond = arrived / ((performance.now() - start) / 1_000);
    isOver = true;
    // What is under way still arrives, and is none of the next measurement.
    await sleep(500);
    return perSecond;
  }

  /** A steady stream of frames; how many milliseconds each took. */
  async paced(seconds: number): Promise<number[]> {
    const latencies: number[] = [];
    this.#sentAt.fill(0);
    this.#listen((sender) => {
      latencies.push(performance.now() - this.#sentAt[sender]!);
      this.#sentAt[sender] = 0;
    });
    const start = performance.now();
    let turn = 0;
    for (let n = 0; n < PACE * seconds;) {
      const due = Math.min(((performance.now() - start) / 1_000) * PACE, PACE * seconds);
      for (; n < due; n++) {
        turn = (turn + 1) % this.#lines.length;
        if (this.#sentAt[turn] === 0) this.#send(turn);
      }
      await sleep(1);
    }
    await sleep(500);
    return latencies;
  }

  #listen(onArrival: (sender: number) => void): void {
    this.#lines.forEach((_, sender) => {
      this.#lines[nextOf(sender)]!.onText = () => {
        onArrival(sender);
      };
    });
  }

  #send(sender: number): void {
    const [candidate, description] = this.#frames[sender]!;
    this.#sentAt[sender] = performance.now();
    this.#lines[sender]!.stream.write(this.#sent++ % 10 === 9 ? description : candidate);
  }
}

const nextOf = (n: number): number => ROOM_SIZE * Math.floor(n / ROOM_SIZE) + ((n + 1) % ROOM_SIZE);

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
        row('connections held per GiB', ({ bytesPerSocket }) => 2 ** 30 / bytesPerSocket, 0),
        row('kB for each', ({ bytesPerSocket }) => bytesPerSocket / 1_024, 2, true),
        row('connects a second', ({ connects }) => connects, 0),
        row('relayed frames a second', ({ relayed }) => relayed, 0),
        row('processor µs for each', ({ cpu }) => cpu, 1, true),
        row(`ms at ${PACE} a second, median`, ({ p50 }) => p50, 2, true),
        row(`ms at ${PACE} a second, p99`, ({ p99 }) => p99, 2, true),
      ],
    ),
    '',
    'Targets: at least 0.95 of the relayed frames, at most 1.15 of the memory. The sockets are opened and fed by one other process',
    `on the same machine, with as little work for each frame as possible. Load during the runs: ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}.`,
  ].join('\n');
}
