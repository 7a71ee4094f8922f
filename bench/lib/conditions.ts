import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gap } from '../../test/network/lab/frames.ts';
import { busyCamera, reception, type Reception } from '../../test/network/lab/media.ts';
import { pair, takes, type Scene } from './faults.ts';

/** What the busy camera gives. */
export const SIZE = { width: 640, height: 360, frameRate: 30 } as const;
/** Seconds of each measurement; and before it, for what the beginning of the condition does. */
const MEASURED = 10;
const ONSET = 4;
/** A second that is as good as one without the condition. */
const NORMAL = 0.9;
/** Share of the camera's lines that a tile has at least. */
const LARGE = 0.75;
/** As long as a busy machine may need to send the full picture at first. */
const WARM_UP = 40;
/** Not waited for any longer. */
const PATIENCE = 40;

export interface Camera {
  readonly flag: string;
  readonly description: string;
  remove(): void;
}

/** A camera whose picture costs bandwidth: made by ffmpeg, or without it the noise of the tests. */
export function busySource(): Camera {
  const folder = mkdtempSync(join(tmpdir(), 'video-call-bench-'));
  const file = join(folder, 'busy.mjpeg');
  const picture = `testsrc2=size=${SIZE.width}x${SIZE.height}:rate=${SIZE.frameRate},noise=alls=18:allf=t`;
  const args = ['-f', 'lavfi', '-i', picture, '-t', '6', '-pix_fmt', 'yuvj420p', '-q:v', '5', file];
  try {
    execFileSync('ffmpeg', ['-loglevel', 'error', ...args], { stdio: ['ignore', 'ignore', 2] });
  } catch {
    rmSync(folder, { recursive: true });
    const { flag, remove } = busyCamera();
    return { flag, description: 'moving noise, 320×180 at 10 (no ffmpeg here)', remove };
  }
  return {
    flag: `--use-file-for-fake-video-capture=${file}`,
    description: `ffmpeg's ${picture}`,
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}

export interface Condition {
  readonly name: string;
  readonly framesShare: number;
  readonly frozen: number;
  /** Seconds after its end. */
  readonly normal: number;
}
export interface Loss extends Condition {
  readonly concealed: number;
}
export interface Cap extends Condition {
  readonly framesPerSecond: number;
  readonly roundTrip: number;
  readonly height: number;
  /** The longest time without a frame since the cap began. */
  readonly gap: number;
}

/** Packets lost in both directions; both sides are looked at, and the worse one counts. */
export async function loses(scene: Scene): Promise<Loss[]> {
  const people = await pair(scene);
  await sleep(3_000);
  const look = (seconds: number): Promise<Reception[]> =>
    Promise.all(people.map((person) => reception(person, seconds)));
  const clean = await look(5);
  const share = (seen: readonly Reception[]): number =>
    Math.min(...seen.map((one, n) => one.framesPerSecond / (clean[n]?.framesPerSecond ?? NaN)));
  const worst = (seen: readonly Reception[], key: 'frozen' | 'concealed'): number =>
    Math.max(...seen.map((one) => one[key]));
  const rows: Loss[] = [];
  for (const lost of [5, 10, 20]) {
    scene.lab.internet.loss('a', lost / 100);
    await sleep(1_000);
    const seen = await look(MEASURED);
    scene.lab.internet.loss('a', 0);
    const normal = await takes(
      async () => {
        const now = await look(1);
        return share(now) >= NORMAL && worst(now, 'frozen') === 0 && worst(now, 'concealed') < 0.02;
      },
      Date.now(),
      PATIENCE,
    );
    rows.push({
      name: `loss ${lost} %`,
      framesShare: share(seen),
      frozen: worst(seen, 'frozen'),
      concealed: worst(seen, 'concealed'),
      normal,
    });
  }
  return rows;
}

/** The way out of home a takes only so much; the one who receives is looked at, and has no picture of its own. */
export async function capped(scene: Scene): Promise<Cap[]> {
  const [sender, receiver] = await pair(scene, {}, { isCameraOff: true });
  // As it is at its best: no larger than its tile.
  let clean: Pick<Reception, 'height' | 'framesPerSecond'> = {
    height: LARGE * SIZE.height,
    framesPerSecond: SIZE.frameRate,
  };
  const isFull = async (): Promise<boolean> => {
    const now = await reception(receiver, 1);
    return now.height >= clean.height && now.framesPerSecond >= NORMAL * clean.framesPerSecond;
  };
  await takes(isFull, Date.now(), WARM_UP);
  clean = await reception(receiver, 4);
  const rows: Cap[] = [];
  for (const kilobits of [2_000, 1_000, 500, 200]) {
    await takes(isFull, Date.now(), WARM_UP);
    const began = Date.now();
    scene.lab.internet.uplink('a', kilobits);
    await sleep(ONSET * 1_000);
    const [seen, sent] = await Promise.all([
      reception(receiver, MEASURED),
      reception(sender, MEASURED),
    ]);
    const whole = await gap(receiver, began);
    scene.lab.internet.heal();
    rows.push({
      name: `uplink ${kilobits} kbit/s`,
      framesShare: seen.framesPerSecond / clean.framesPerSecond,
      framesPerSecond: seen.framesPerSecond,
      frozen: seen.frozen,
      roundTrip: sent.roundTrip,
      height: seen.height,
      gap: whole,
      normal: await takes(isFull, Date.now(), PATIENCE),
    });
  }
  return rows;
}
