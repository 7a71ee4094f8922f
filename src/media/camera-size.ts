import { cameraConstraints } from './capture.ts';

/** Lines that a camera is opened with. Each change may interrupt it for a moment, so there are few. */
const SIZES = [360, 720];
/** Milliseconds that fewer lines must have been enough. */
const LAZILY = 10_000;

/** Opens a camera no larger than anybody needs its picture: what is not captured is not scaled down for each of the others. */
export class CameraSize {
  readonly #track: MediaStreamTrack;
  readonly #onChange: () => void;
  #lines = Math.max(...SIZES);
  #lessSince = 0;

  constructor(track: MediaStreamTrack, onChange: () => void) {
    this.#track = track;
    this.#onChange = onChange;
  }

  /** So many lines are of use now. To be told again and again. */
  need(lines: number): void {
    const fitting = SIZES.find((size) => size >= lines) ?? this.#lines;
    const { width = 0, height = 0 } = this.#track.getSettings();
    const now = performance.now();
    if (fitting >= this.#lines || Math.min(width, height) <= fitting) this.#lessSince = 0;
    else this.#lessSince ||= now;
    if (fitting > this.#lines || (this.#lessSince > 0 && now - this.#lessSince > LAZILY))
      void this.#open(fitting);
  }

  async #open(lines: number): Promise<void> {
    this.#lines = lines;
    this.#lessSince = 0;
    try {
      await this.#track.applyConstraints(cameraConstraints(lines));
      this.#onChange();
    } catch {
      // It has gone, or it cannot do that: what it gives is sent, smaller if need be.
    }
  }
}
