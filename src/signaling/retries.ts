/** A server that has not answered for so long, from the start of the connection to the WELCOME, is out of reach. */
const CONNECT_WITHIN = 8_000;
/** In its first moments a new network takes no connections yet. The server has no part in that, so no jitter is needed. */
const QUICK_TRIES = 4;
const QUICK_DELAY = 400;

/**
 * How long to wait before trying the server again, in milliseconds. Full jitter over five seconds from the first try on:
 * when a server with hundreds of callers restarts, they all notice in the same instant and must not come back in one.
 * Media does not need the server, so nobody notices the wait. After ten failures the tries become rarer.
 */
function reconnectDelay(attempt: number): number {
  const longest = attempt < 10 ? 5_000 : 15_000;
  return 100 + Math.random() * (longest - 100);
}

/** When a server that was lost is tried again, and how long each try may take. */
export class Retries {
  readonly #connect: () => void;
  readonly #onTimeout: () => void;
  #attempt = 0;
  /** How many failures more are followed by another try at once. */
  #quickTries = 0;
  #connectTimer: ReturnType<typeof setTimeout> | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  /** Milliseconds that a server which announced its restart asked for. */
  retryAfter = 0;

  constructor(connect: () => void, onTimeout: () => void) {
    this.#connect = connect;
    this.#onTimeout = onTimeout;
  }

  /** The next try is to come. */
  get isWaiting(): boolean {
    return this.#retryTimer !== undefined;
  }

  /** A try begins. */
  begin(): void {
    this.#connectTimer = setTimeout(this.#onTimeout, CONNECT_WITHIN);
  }

  /** The server is there; what it has to say may take its time. */
  answered(): void {
    clearTimeout(this.#connectTimer);
  }

  succeeded(): void {
    this.answered();
    this.#attempt = this.retryAfter = this.#quickTries = 0;
  }

  /** Tries again at once, or when it is time. */
  schedule(isAtOnce: boolean): void {
    this.answered();
    const delay = isAtOnce
      ? 0
      : this.#quickTries-- > 0
        ? QUICK_DELAY
        : this.retryAfter + reconnectDelay(this.#attempt);
    this.#attempt++;
    this.#retryTimer = setTimeout(() => {
      this.hurry();
    }, delay);
  }

  /** What has failed before says nothing of a new network. */
  forgive(): void {
    this.#attempt = 0;
    this.#quickTries = QUICK_TRIES;
  }

  /** The try that is waited for begins now. */
  hurry(): void {
    if (!this.isWaiting) return;
    this.stop();
    this.#connect();
  }

  stop(): void {
    this.answered();
    clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
  }
}
