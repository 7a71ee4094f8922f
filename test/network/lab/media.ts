import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Person } from '../../e2e/harness/person.ts';

/** How the only other one is received. */
export interface Reception {
  readonly framesPerSecond: number;
  readonly videoKilobits: number;
  /** Share of the time in which the picture stood still, as the browser defines a freeze. */
  readonly frozen: number;
  /** Share of the sound that was made up for what had not arrived. */
  readonly concealed: number;
  readonly audioPacketsPerSecond: number;
  readonly height: number;
  /** Of the pictures that this side sends, through every queue on the way there; in seconds, NaN when not measured. */
  readonly roundTrip: number;
}

/** Runs in the page: sums over the received streams, and what the others report of the sent ones, of open connections. */
async function count(): Promise<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const reference of globalThis.watched.connections) {
    const connection = reference.deref();
    if (!connection || connection.connectionState === 'closed') continue;
    (await connection.getStats()).forEach((entry: Record<string, unknown>) => {
      const place = { 'inbound-rtp': '', 'remote-inbound-rtp': 'sent ' }[String(entry['type'])];
      if (place === undefined) return;
      for (const [field, value] of Object.entries(entry))
        if (typeof value === 'number') {
          const key = `${place}${String(entry['kind'])} ${field}`;
          sums[key] = (sums[key] ?? 0) + value;
        }
    });
  }
  return sums;
}

/** What is received in the next so many seconds. */
export async function reception(person: Person, seconds: number): Promise<Reception> {
  const began = Date.now();
  const before = await person.page.evaluate(count);
  await wait(seconds * 1_000);
  const after = await person.page.evaluate(count);
  const took = (Date.now() - began) / 1_000;
  const since = (key: string): number => (after[key] ?? 0) - (before[key] ?? 0);
  return {
    framesPerSecond: since('video framesDecoded') / took,
    videoKilobits: (since('video bytesReceived') * 8) / took / 1_000,
    frozen: since('video totalFreezesDuration') / took,
    concealed: since('audio concealedSamples') / Math.max(1, since('audio totalSamplesReceived')),
    audioPacketsPerSecond: since('audio packetsReceived') / took,
    height: after['video frameHeight'] ?? 0,
    roundTrip:
      since('sent video totalRoundTripTime') / since('sent video roundTripTimeMeasurements'),
  };
}

export function inWords(seen: Reception): string {
  return [
    `${seen.framesPerSecond.toFixed(1)} frames/s`,
    `video ${seen.videoKilobits.toFixed(0)} kbit/s`,
    `frozen ${(seen.frozen * 100).toFixed(1)} %`,
    `audio concealed ${(seen.concealed * 100).toFixed(1)} %`,
  ].join(', ');
}

const WIDTH = 320;
const HEIGHT = 180;

/**
 * A camera that needs bandwidth, which the browser's own fake does not: a file of moving noise. Answers with the browser's
 * flag; `remove` deletes the file.
 */
export function busyCamera(): { readonly flag: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'video-call-camera-'));
  const file = join(folder, 'busy.y4m');
  const parts = [Buffer.from(`YUV4MPEG2 W${String(WIDTH)} H${String(HEIGHT)} F10:1 Ip C420jpeg\n`)];
  let seed = 1;
  const random = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
  for (let frame = 0; frame < 40; frame++) {
    const luma = Buffer.alloc(WIDTH * HEIGHT);
    // Squares of four pixels over a gradient that moves.
    for (let y = 0; y < HEIGHT; y += 4)
      for (let x = 0; x < WIDTH; x += 4) {
        const value = Math.floor(60 + ((x + y + 6 * frame) % 120) + 60 * random());
        for (let line = y; line < Math.min(y + 4, HEIGHT); line++)
          luma.fill(value, line * WIDTH + x, line * WIDTH + x + 4);
      }
    parts.push(Buffer.from('FRAME\n'), luma, Buffer.alloc((WIDTH * HEIGHT) / 2, 128));
  }
  writeFileSync(file, Buffer.concat(parts));
  return {
    flag: `--use-file-for-fake-video-capture=${file}`,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
