/** A token bucket: `burst` at once, `perSecond` after that. The clock is in milliseconds and never goes back. */
export class Bucket {
  readonly #burst: number;
  readonly #perMillisecond: number;
  readonly #now: () => number;
  #left: number;
  #filledAt: number;

  constructor(burst: number, perSecond: number, now: () => number = () => performance.now()) {
    this.#burst = burst;
    this.#perMillisecond = perSecond / 1_000;
    this.#now = now;
    this.#left = burst;
    this.#filledAt = now();
  }

  /** Takes `count` tokens; false, and nothing taken, when there are not so many. */
  take(count = 1): boolean {
    const now = this.#now();
    this.#left = Math.min(this.#burst, this.#left + (now - this.#filledAt) * this.#perMillisecond);
    this.#filledAt = now;
    if (this.#left < count) return false;
    this.#left -= count;
    return true;
  }
}
