import { CEILINGS, planCamera } from './picture-plan.ts';

/** What this machine and its path have shown that they can do. */
export interface Means {
  /** Milliseconds that encoding takes, for a million pixels. */
  readonly encodeTime: number;
  /** Bits a second that all links together take at most; Infinity as long as no limit has been met. */
  readonly uplink: number;
}

/** People in a call, the caller included, that this machine can take part in: at each quality. */
export interface Capacity {
  /** With 720 lines and 30 frames a second of each. */
  readonly high: number;
  /** 360 lines, 20 frames. */
  readonly medium: number;
  /** 180 lines, 15 frames. */
  readonly low: number;
}

/**
 * For each picture sent, one is received: decoding and drawing it, and capturing, come with the encoding. So many times its
 * time is what a call takes in all where nothing is done by a graphics card ("npm run bench -- mesh": 7 to 8).
 */
const IN_ALL = 8;
/** Share of the processors' time that a call may take: the rest is the page's and everybody else's. */
const SHARE = 0.75;
/** Bits a second of the sound, with its headers. */
const SOUND = 50_000;

/** `most`: the people that a room takes. `processors`: `navigator.hardwareConcurrency`. */
export function capacityOf(
  { encodeTime, uplink }: Means,
  processors: number,
  most: number,
): Capacity {
  const fit = (quality: keyof Capacity): number => {
    const { lines, frameRate } = CEILINGS[quality];
    const source = { width: (lines * 16) / 9, height: lines, frameRate };
    const { bitrate } = planCamera(source, undefined, quality, 0);
    const time = encodeTime * ((source.width * lines * frameRate) / 1e6) * IN_ALL;
    const links = Math.min((processors * 1_000 * SHARE) / time, uplink / (bitrate + SOUND));
    return Math.min(most, 1 + Math.floor(links));
  };
  return { high: fit('high'), medium: fit('medium'), low: fit('low') };
}
