import type { PictureView } from '../protocol/channel.ts';

/** Lines and frames a second that a caller is willing to send and ask for at most; `auto` sets no limit of its own. */
export const CEILINGS = {
  auto: { lines: 720, frameRate: 30 },
  high: { lines: 720, frameRate: 30 },
  medium: { lines: 360, frameRate: 20 },
  low: { lines: 180, frameRate: 15 },
} as const;
export type QualityCeiling = keyof typeof CEILINGS;

/** Importance, where all cannot have all: screens, what is looked at, the rest. */
export const SCREEN = 0;
const MAIN = 1;
const SMALL = 2;
export const RANKS = 3;

/** A picture as the device gives it. */
export interface PictureSource {
  readonly width: number;
  readonly height: number;
  readonly frameRate: number;
}

/** What one other is sent of a picture. */
export interface PicturePlan {
  /** False: nobody sees it, and nothing is encoded. */
  readonly isActive: boolean;
  /** The picture is this many times smaller than its source, each way. */
  readonly scale: number;
  /** Its lines then, or its columns where it is upright. */
  readonly lines: number;
  /** Frames a second at most. */
  readonly frameRate: number;
  /** Bits a second at most. */
  readonly bitrate: number;
}

/**
 * What gives way when this machine is overloaded, in this order: small pictures lose frames, then size; then large ones
 * lose frames, then size. At the last level only those who speak are seen. Index: `SendingRules.load`.
 */
const RELIEF = {
  [SMALL]: { frameRate: [30, 20, 18, 15, 12, 12], scale: [1, 1, 1, 1.5, 2, 2] },
  [MAIN]: { frameRate: [30, 30, 30, 20, 15, 15], scale: [1, 1, 1, 1, 1.5, 1.5] },
} as const;
export const LAST_LEVEL = 5;
/** Before pictures are left out, which makes sense only where there are several. */
export const LAST_LEVEL_OF_PICTURES = 4;
/** Up to here only small pictures lose frames: what the browser's word for a busy machine can do, while our encoders keep up. */
export const LAST_LEVEL_OF_FRAMES = 2;

/** The sizes that are sent: each change costs a whole picture, so there are few. */
const SCALES = [1, 1.25, 1.5, 2, 2.5, 3, 4, 6, 8];
/** A picture may be smaller than its box by this: nobody sees that. */
const TOLERANCE = 0.9;

/** Bits a second for 1280×720 at 30 frames: what browsers give it when nobody tells them. */
const FULL_BITRATE = 2_500_000;
const FULL_PIXELS = 1_280 * 720 * 30;
/**
 * With fewer pixels it takes fewer bits, but more of them a pixel. What is looked at may take nearly what the browser would
 * give it; of the others there are many.
 */
const EXPONENT = { [MAIN]: 0.4, [SMALL]: 0.75 };
/** What loses size to relieve the machine loses more bits than that: packets cost time as well. */
const THRIFT = 0.6;

/** Lines and frames a second of a camera's picture that are of use to one other, at this load. */
export function useOf(
  view: PictureView | undefined,
  ceiling: QualityCeiling,
  load: number,
): { readonly lines: number; readonly frameRate: number } {
  const { lines, frameRate } = CEILINGS[ceiling];
  // Cameras are wide, and boxes may be wider.
  const wanted = view ? Math.max(view.height, (view.width * 9) / 16) : lines;
  return { lines: Math.min(lines, wanted), frameRate: rateFor(view, frameRate, load) };
}

/** What to send of a camera's picture that is drawn like this; without a view, all of it. */
export function planCamera(
  source: PictureSource,
  view: PictureView | undefined,
  ceiling: QualityCeiling,
  load: number,
): PicturePlan {
  const { lines, frameRate } = CEILINGS[ceiling];
  // It covers its box: the larger of both ratios counts.
  const shown = view ? Math.max(view.width / source.width, view.height / source.height) : 1;
  const scale = fitting(Math.min(shown, lines / Math.min(source.width, source.height)));
  const relief = RELIEF[rankOf(view)].scale[load] ?? 1;
  return plan(
    source,
    shown > 0,
    scale * relief,
    rateFor(view, frameRate, load),
    EXPONENT[rankOf(view)],
    relief ** -THRIFT,
  );
}

/** The same for a shared screen. Text is to stay sharp: neither the ceiling nor the load touches it. */
export function planScreen(source: PictureSource, view: PictureView | undefined): PicturePlan {
  // It is shown whole: the smaller of both ratios counts.
  const shown = view ? Math.min(view.width / source.width, view.height / source.height) : 1;
  return plan(source, shown > 0, fitting(shown), source.frameRate, EXPONENT[MAIN]);
}

/** Of a camera. */
export const rankOf = (view: PictureView | undefined): typeof SMALL | typeof MAIN =>
  view?.isMain === false ? SMALL : MAIN;

const rateFor = (view: PictureView | undefined, most: number, load: number): number =>
  Math.min(view?.frameRate ?? most, most, RELIEF[rankOf(view)].frameRate[load] ?? most);

const fitting = (share: number): number =>
  SCALES.findLast((scale) => scale * share * TOLERANCE <= 1) ?? 1;

function plan(
  source: PictureSource,
  isActive: boolean,
  scale: number,
  frameRate: number,
  exponent: number,
  bits = 1,
): PicturePlan {
  const pixels = (source.width * source.height * frameRate) / scale ** 2;
  const share = Math.min(1, pixels / FULL_PIXELS);
  return {
    isActive,
    scale,
    lines: Math.min(source.width, source.height) / scale,
    frameRate,
    bitrate: Math.round(FULL_BITRATE * bits * share ** exponent),
  };
}
