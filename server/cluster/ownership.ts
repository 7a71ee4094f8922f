import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from './redis.ts';

/** Milliseconds for which a JOIN waits for Redis; a client gives up after eight seconds. */
const CLAIM_WITHIN = 4_000;
const CLAIM_AGAIN = 100;
/** Claims that are under way at once when all are made anew. */
const AT_ONCE = 200;

export interface OwnershipOptions {
  readonly node: string;
  readonly redis: Pick<Redis, 'claim' | 'release'>;
  /** Whether Redis can be asked, and is likely to know all who live. */
  readonly mayClaim: () => boolean;
  /** Whether anyone is in the room, or about to be, as far as this node knows. */
  readonly isInUse: (room: string) => boolean;
  /** Another node has a room that was ours. */
  readonly onLost: (room: string) => void;
}

/** Which rooms are this node's. Each has one owner, in whose memory its whole truth lives. */
export class Ownership {
  readonly #options: OwnershipOptions;
  readonly #owned = new Set<string>();
  /** Claims that are not settled yet. */
  readonly #claims = new Map<string, number>();

  constructor(options: OwnershipOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#owned.size;
  }

  owns(room: string): boolean {
    return this.#owned.has(room);
  }

  /** The node that has the room, which is this one from now on if nobody has it; undefined when Redis does not tell in time. */
  async locate(room: string): Promise<string | undefined> {
    const { redis, node, mayClaim } = this.#options;
    this.#claims.set(room, (this.#claims.get(room) ?? 0) + 1);
    try {
      const deadline = performance.now() + CLAIM_WITHIN;
      while (performance.now() < deadline) {
        if (this.#owned.has(room)) return node;
        const owner = mayClaim() ? await redis.claim(room).catch(() => undefined) : undefined;
        if (owner === node) this.#owned.add(room);
        if (owner !== undefined) return owner;
        await sleep(CLAIM_AGAIN);
      }
      return undefined;
    } finally {
      // Whoever asked brings a member into it first.
      setImmediate(() => {
        const left = (this.#claims.get(room) ?? 1) - 1;
        if (left > 0) this.#claims.set(room, left);
        else this.#claims.delete(room);
        this.check(room);
      });
    }
  }

  /** Somebody has come into a room here that was given up meanwhile: it is ours again, or they go where it is. */
  async adopt(room: string): Promise<void> {
    const { node, onLost } = this.#options;
    if (!this.#owned.has(room) && (await this.locate(room)) !== node) onLost(room);
  }

  /** Gives a room back that nobody is in. */
  check(room: string): void {
    if (!this.#owned.has(room) || this.#claims.has(room) || this.#options.isInUse(room)) return;
    this.#owned.delete(room);
    this.#release(room);
  }

  /** Another node thinks that a room is ours. If Redis thinks so too, it is wrong: an answer to a claim was lost. */
  deny(room: string): void {
    if (!this.#owned.has(room) && !this.#claims.has(room)) this.#release(room);
  }

  /** Asks about all of our rooms again: after a silence others may have taken them, and Redis forgets those that nobody asks for. */
  async claimAgain(): Promise<void> {
    const { redis, node, onLost } = this.#options;
    const rooms = [...this.#owned];
    for (let at = 0; at < rooms.length; at += AT_ONCE)
      await Promise.all(
        rooms.slice(at, at + AT_ONCE).map(async (room) => {
          if ((await redis.claim(room)) === node) {
            // It may have become empty meanwhile, and its key with it.
            if (!this.#owned.has(room)) this.#release(room);
          } else if (this.#owned.delete(room)) onLost(room);
        }),
      );
  }

  releaseAll(): void {
    for (const room of this.#owned) this.#release(room);
    this.#owned.clear();
  }

  #release(room: string): void {
    // Without Redis it stays there until somebody asks for the room, or for a day.
    void this.#options.redis.release(room).catch(() => undefined);
  }
}
