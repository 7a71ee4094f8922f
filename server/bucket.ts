/**
 * When a token bucket will be full again after `count` tokens are taken from one that is so at `fullAt`. It is all that need be
 * known of a bucket (the generic cell rate algorithm): it has enough while that is no further away than a burst takes.
 */
export function fullAfter(fullAt: number, count: number, perSecond: number, now: number): number {
  return Math.max(fullAt, now) + (count * 1_000) / perSecond;
}

/** A token bucket: `burst` at once, `perSecond` after that. The clock is in milliseconds and never goes back. */
export class Bucket {
  readonly #burst: number;
  readonly #perMillisecond: number;
  #left: number;
  #filledAt: number;

  constructor(burst: number, perSecond: number, now = performance.now()) {
    this.#burst = burst;
    this.#perMillisecond = perSecond / 1_000;
    this.#left = burst;
    this.#filledAt = now;
  }

  /** Takes `count` tokens; false, and nothing taken, when there are not so many. */
  take(count = 1, now = performance.now()): boolean {
    this.#left = Math.min(this.#burst, this.#left + (now - this.#filledAt) * this.#perMillisecond);
    this.#filledAt = now;
    if (this.#left < count) return false;
    this.#left -= count;
    return true;
  }
}
