import { mkdtempSync, openSync, closeSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Camera } from './conditions.ts';

export const SOURCE = { width: 1_280, height: 720, frameRate: 30 } as const;
/** Three seconds; everything in the picture is back where it was after them, so that the loop has no cut. */
const FRAMES = 90;
/** The camera is held by hand: so many pixels around the picture come into view. */
const MARGIN = 32;
const NOISE = 1;

/** Brightness and two colours, these of half the width and height, as in I420. */
interface Picture {
  readonly width: number;
  readonly height: number;
  readonly planes: readonly [Uint8Array, Uint8Array, Uint8Array];
}

/** The same numbers in every run. */
function randomizer(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A wall of boxes of all sizes with a grain, such as shelves have: edges everywhere. */
function wall(width: number, height: number, boxes: number, random: () => number): Picture {
  const planes = [0, 1, 1].map((shift) =>
    new Uint8Array((width >> shift) * (height >> shift)).fill(128),
  );
  for (let box = 0; box < boxes; box++) {
    const size = 8 + 160 * random() ** 3;
    const [x, y] = [random() * width - size / 2, random() * height - size / 2];
    const colour = [50 + 150 * random(), 108 + 40 * random(), 108 + 40 * random()];
    planes.forEach((plane, index) => {
      const half = index === 0 ? 1 : 2;
      const line = width / half;
      const [left, right] = [Math.max(0, x), Math.min(width, x + size)].map((at) => at / half);
      for (let row = Math.max(0, y) / half; row < Math.min(height, y + size / 2) / half; row++)
        plane.fill(
          colour[index]!,
          (row | 0) * line + (left! | 0),
          (row | 0) * line + Math.max(left!, right!),
        );
    });
  }
  const [luma, ...colours] = planes as [Uint8Array, Uint8Array, Uint8Array];
  for (let n = 0; n < luma.length; n++) luma[n] = luma[n]! + 10 * random();
  return { width, height, planes: [luma, ...colours] };
}

/** Copies the part of `from` at an even place in it to where `rows` of the picture say. */
function copy(
  from: Picture,
  fromX: number,
  fromY: number,
  to: Picture,
  rows: Iterable<readonly [y: number, left: number, right: number]>,
): void {
  for (const [y, left, right] of rows)
    to.planes.forEach((plane, index) => {
      if (index > 0 && y % 2 === 1) return;
      const half = index === 0 ? 1 : 2;
      const source = ((y + fromY) / half) * (from.width / half) + fromX / half;
      const part = from.planes[index]!.subarray(source + left / half, source + right / half);
      plane.set(part, (y / half) * (to.width / half) + left / half);
    });
}

const even = (value: number): number => 2 * Math.round(value / 2);

/** What of an ellipse is in the picture: its rows. */
function* ellipse(x: number, y: number, a: number, b: number): Generator<[number, number, number]> {
  for (let row = Math.max(0, even(y - b)); row < Math.min(SOURCE.height, y + b); row++) {
    const reach = a * Math.sqrt(Math.max(0, 1 - ((row - y) / b) ** 2));
    const [left, right] = [Math.max(0, even(x - reach)), Math.min(SOURCE.width, even(x + reach))];
    if (right > left) yield [row, left, right];
  }
}

/**
 * A camera whose picture costs something to encode, as that of a person in a room does and the browser's own fake does
 * not: somebody who moves in front of shelves, two things that are waved about, a hand that holds the camera, and noise.
 */
export function movingCamera(): Camera {
  const folder = mkdtempSync(join(tmpdir(), 'video-call-bench-'));
  const file = join(folder, 'moving.y4m');
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  // It is large: not even an interrupted bench leaves it behind.
  process.once('exit', remove);
  const { width, height, frameRate } = SOURCE;
  const random = randomizer(7);
  const room = wall(width + 2 * MARGIN, height + 2 * MARGIN, 900, random);
  const person = wall(width + 4 * MARGIN, height + 4 * MARGIN, 2_500, random);
  const noise = Int8Array.from({ length: width * height + 65_536 }, () =>
    Math.round((random() + random() - 1) * 2 * NOISE),
  );
  const output = openSync(file, 'w');
  writeSync(output, `YUV4MPEG2 W${width} H${height} F${frameRate}:1 Ip C420jpeg\n`);
  const bytes = Buffer.alloc(width * height * 1.5);
  const [end, area] = [width * height, (width * height) / 4];
  const picture: Picture = {
    width,
    height,
    planes: [bytes.subarray(0, end), bytes.subarray(end, end + area), bytes.subarray(end + area)],
  };
  const whole = Array.from({ length: height }, (_, y) => [y, 0, width] as const);
  for (let frame = 0; frame < FRAMES; frame++) {
    const turn = (times: number, shift = 0): number =>
      Math.sin(((2 * Math.PI * frame) / FRAMES) * times + shift);
    copy(
      room,
      even(MARGIN * (1 + 0.3 * turn(1))),
      even(MARGIN * (1 + 0.15 * turn(2))),
      picture,
      whole,
    );
    const [x, y] = [640 + 50 * turn(1, 1), 330 + 16 * turn(2, 2)];
    // What is on it moves with it.
    const [onX, onY] = [even(2 * MARGIN - 50 * turn(1, 1)), even(2 * MARGIN - 16 * turn(2, 2))];
    copy(person, onX, onY, picture, ellipse(x, y + 400, 300, 260));
    copy(person, onX, onY, picture, ellipse(x, y, 130, 180));
    for (const side of [1, -1])
      copy(
        person,
        even(2 * MARGIN * (1 + turn(1, side))),
        even(2 * MARGIN * (1 + turn(1, side))),
        picture,
        ellipse(640 + side * 380 + 60 * turn(2, side), 420 + 120 * turn(1, 2 * side), 70, 70),
      );
    const luma = picture.planes[0];
    const at = Math.floor(random() * 65_536);
    for (let n = 0; n < end; n++) luma[n] = luma[n]! + noise[at + n]!;
    writeSync(output, 'FRAME\n');
    writeSync(output, bytes);
  }
  closeSync(output);
  return {
    flag: `--use-file-for-fake-video-capture=${file}`,
    description: `${width}×${height} at ${frameRate}, somebody who moves in front of shelves, the camera held by hand, noise`,
    remove,
  };
}
