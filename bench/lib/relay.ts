import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Line, textFrame } from './line.ts';

export const ORIGIN = 'https://bench.example';
export const ROOM_SIZE = 4;
/** Sockets that are being opened at once. */
const AT_ONCE = 200;
/** Members who have a frame under way at the same time when the server is to be busy all the time. */
const UNDER_WAY = 1_000;
/** Frames a second when the time of one is measured: far below what either server can do. */
export const PACE = 2_000;
const CANDIDATE =
  'candidate:1467250027 1 udp 2122260223 192.168.1.57 46243 typ host generation 0 ufrag EsAw network-id 1';
const SDP = `v=0\r\n${'a=rtpmap:96 VP8/90000\r\n'.repeat(130)}`;

export interface Kind {
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
export const OURS: Kind = {
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
export const STOCK: Kind = {
  name: 'stock `peer`',
  script: 'stock-server.mjs',
  joins: false,
  candidate: (dst, link) => ({
    type: 'CANDIDATE',
    dst,
    payload: { candidate: ice, type: 'media', connectionId: link },
  }),
};

/** Opens sockets, each until the OPEN of PeerServer has come. */
export async function open(portOf: (n: number) => number, count: number): Promise<Line[]> {
  const lines: Line[] = [];
  let begun = 0;
  const work = async (): Promise<void> => {
    while (begun < count) {
      const n = begun++;
      const line = new Line(portOf(n), ORIGIN, randomUUID(), `127.0.${n % 20}.1`);
      lines[n] = line;
      await line.heard('"OPEN"');
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return lines;
}

/** Rooms of four. */
export async function join(lines: readonly Line[]): Promise<void> {
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

/** Seconds that the processors have worked for it. */
export function processorTime({ pid }: { readonly pid?: number | undefined }): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  const TICKS = 100;
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Every member sends to the next one in its room, and has one frame under way at most. */
export class Relay {
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
      this.#lines[nextOf(sender)]!.onText = (text) => {
        if (isRelayed(text)) onArrival(sender);
      };
    });
  }

  #send(sender: number): void {
    const [candidate, description] = this.#frames[sender]!;
    this.#sentAt[sender] = performance.now();
    this.#lines[sender]!.stream.write(this.#sent++ % 10 === 9 ? description : candidate);
  }
}

/** Not what the server says by itself: of a frame that came back undelivered the figures would be wrong. */
function isRelayed(text: Buffer): boolean {
  const [first, ofRoom] = [text[9], text[14]];
  const isUndelivered = first === 0x52 && ofRoom === 0x55;
  if (isUndelivered) throw new Error('a frame was not delivered');
  // OFFER, CANDIDATE, ROOM-SIGNAL.
  return first === 0x4f || first === 0x43 || ofRoom === 0x53;
}

const nextOf = (n: number): number => ROOM_SIZE * Math.floor(n / ROOM_SIZE) + ((n + 1) % ROOM_SIZE);
