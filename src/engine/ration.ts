import type { Signal } from '../protocol/signal.ts';

/** How much one side listens to the other: `burst` at once, `perSecond` after that. */
export class Ration {
  readonly #burst: number;
  readonly #perSecond: number;
  #left: number;
  #filledAt = performance.now();

  constructor(burst: number, perSecond: number) {
    this.#burst = this.#left = burst;
    this.#perSecond = perSecond;
  }

  /** Takes one, or so many; false when there are not enough left. */
  take(count = 1): boolean {
    const now = performance.now();
    const fresh = ((now - this.#filledAt) / 1_000) * this.#perSecond;
    this.#left = Math.min(this.#burst, this.#left + fresh);
    this.#filledAt = now;
    if (this.#left < count) return false;
    this.#left -= count;
    return true;
  }
}

/**
 * What one participant may make us do. Browsers have about 500 connections to give, closed ones included until they are
 * collected; each description costs an answer, and each candidate is an address that is tried. Honest callers stay far
 * below, and whatever of theirs is not heard they say again.
 */
export class PeerRation {
  /** New connections: its calls, and its BYEs, which ask for a call of ours. */
  readonly #calls = new Ration(4, 0.5);
  readonly #descriptions = new Ration(30, 5);
  readonly #candidates = new Ration(300, 30);

  mayCall(): boolean {
    return this.#calls.take();
  }

  maySay({ kind }: Signal): boolean {
    if (kind === 'bye') return this.mayCall();
    return (kind === 'description' ? this.#descriptions : this.#candidates).take();
  }
}
