import { limited, type Log } from '../log.ts';
import { LEASE, type Redis } from './redis.ts';

/** From one beat to the next: a node misses three before it counts as dead. */
const BEAT = 750;
/** Redis is away when our own beat has not come back for so long. */
const QUIET = 2_000;
/** After Redis was away everyone gets so long to say what is theirs, before anybody takes a room. */
const SETTLING = 1_000;

export interface PulseOptions {
  readonly redis: Pick<Redis, 'beat' | 'dead'>;
  readonly log: Log;
  /** Sends this node a beat of its own. */
  readonly sendBeat: () => Promise<void>;
  /** The nodes whose end concerns this one. */
  readonly others: () => readonly string[];
  readonly onDead: (node: string) => void;
  /** Messages get through again, but some from and to others may have been lost. */
  readonly onGap: () => void;
}

/** Says that this node lives, hears whether others do, and knows whether messages get through. */
export class Pulse {
  readonly #options: PulseOptions;
  readonly #log: Log;
  #isUp = false;
  /** When Redis came (back); undefined before its first time. */
  #upAt: number | undefined;
  #claimsFrom = 0;
  #heardAt = 0;
  #hasGap = false;
  #startedAt = 0;
  /** It has been said that Redis was not there from the start. */
  #isKnownMissed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PulseOptions) {
    this.#options = options;
    this.#log = limited(options.log);
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Whether Redis is likely to know all who live, and what is theirs. */
  get isSettled(): boolean {
    return this.#isUp && performance.now() >= this.#claimsFrom;
  }

  start(): void {
    this.#startedAt = performance.now();
    this.#timer = setInterval(() => {
      void this.#beat();
    }, BEAT);
    void this.#beat();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Our own beat has come back: Redis hears us, and we hear it. */
  heard(): void {
    this.#heardAt = performance.now();
    if (this.#isUp || this.#timer === undefined) return;
    const isFirst = this.#upAt === undefined;
    this.#isUp = true;
    this.#upAt = this.#heardAt;
    this.#log(isFirst ? 'Redis is there' : 'Redis is back');
    // There is nothing of before.
    if (isFirst) return;
    this.#claimsFrom = this.#upAt + SETTLING;
    if (!this.#hasGap) return;
    this.#hasGap = false;
    this.#options.onGap();
  }

  /** Messages may be lost from now on, until our own beat comes back. */
  broken(error: unknown): void {
    this.#hasGap = true;
    const isMissed = this.#upAt === undefined && performance.now() - this.#startedAt > QUIET;
    if (!this.#isUp && (!isMissed || this.#isKnownMissed)) return;
    this.#isUp = false;
    this.#isKnownMissed = true;
    this.#log('Redis is away', { error: nameOf(error) }, 'warn');
  }

  async #beat(): Promise<void> {
    const { redis, sendBeat, others, onDead } = this.#options;
    const now = performance.now();
    if (this.#isUp && now - this.#heardAt > QUIET) this.broken(new Error('nothing comes back'));
    try {
      // Others took us for dead, and may have taken our rooms.
      if (!(await redis.beat())) this.broken(new Error('the lease had run out'));
      await sendBeat();
      // Who has said nothing yet since Redis was away is not dead for that.
      if (!this.#isUp || now - (this.#upAt ?? now) < LEASE) return;
      for (const node of await redis.dead(others())) {
        this.#log('a node is gone', {}, 'warn');
        onDead(node);
      }
    } catch (error) {
      this.broken(error);
    }
  }
}

/** Neither addresses nor passwords, which what the library says may have. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  // Redis says in capitals what it is: WRONGPASS, LOADING.
  const said = /^[A-Z]{4,}(?= )/.exec(error.message)?.[0];
  return said ?? (error as NodeJS.ErrnoException).code ?? error.name;
}
