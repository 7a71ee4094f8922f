import { cameraConstraints } from './capture.ts';

/** What is of use of a camera's picture. */
export interface CameraNeed {
  readonly lines: number;
  /** Frames a second. */
  readonly frameRate: number;
}

/** Lines that a camera is opened with. Each change may interrupt it for a moment, so there are few. */
const SIZES = [360, 720];
/** A picture may have so many times the lines of the camera before more are opened: nobody sees that. */
const TOLERANCE = 1.1;
/** Milliseconds that less must have been enough. */
const LAZILY = 10_000;

/** Opens a camera no larger than anybody needs its picture: what is not captured is not scaled down for each of the others. */
export class CameraSize {
  readonly #track: MediaStreamTrack;
  readonly #onChange: () => void;
  #open: CameraNeed = { lines: 720, frameRate: 30 };
  #lessSince = 0;

  constructor(track: MediaStreamTrack, onChange: () => void) {
    this.#track = track;
    this.#onChange = onChange;
  }

  /** What is of use now. To be told again and again. */
  need({ lines, frameRate }: CameraNeed): void {
    const now = performance.now();
    const fitting: CameraNeed = {
      lines: SIZES.find((size) => size * TOLERANCE >= lines) ?? 720,
      frameRate: Math.min(30, frameRate),
    };
    const isMore = fitting.lines > this.#open.lines || fitting.frameRate > this.#open.frameRate;
    const isSame = fitting.lines === this.#open.lines && fitting.frameRate === this.#open.frameRate;
    if (isSame || isMore) this.#lessSince = 0;
    else this.#lessSince ||= now;
    if (isMore || (this.#lessSince > 0 && now - this.#lessSince > LAZILY)) void this.#set(fitting);
  }

  async #set(need: CameraNeed): Promise<void> {
    const { width = 0, height = 0 } = this.#track.getSettings();
    // A camera that has less than that by itself is not asked for more.
    const isSmall = Math.min(width, height) < Math.min(need.lines, this.#open.lines);
    this.#open = need;
    this.#lessSince = 0;
    if (isSmall) return;
    try {
      await this.#track.applyConstraints(cameraConstraints(need.lines, need.frameRate));
      this.#onChange();
    } catch {
      // It has gone, or it cannot do that: what it gives is sent, smaller if need be.
    }
  }
}
