const TICK = 1_000;
/** A question every two ticks, an answer within four, which are never exact: a half-open socket is noticed within six seconds. */
const PING_EVERY = 1_500;
const ANSWER_WITHIN = 3_500;
/** Own ticks that come later than this were late because the machine slept; those before, because it has too much to do. */
const ASLEEP = 9_000;
/** After a hint that the network has changed the answer must come at once, or the socket is replaced. */
const PROBE_WITHIN = 1_000;

/**
 * Notices a socket that looks open and swallows everything (no FIN after a Wi-Fi change, a black hole, a sleeping laptop).
 * Browsers do not show WebSocket pings to scripts, so the protocol has its own.
 */
export class Heartbeat {
  readonly #ping: (n: number) => void;
  readonly #onDead: () => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #probeTimer: ReturnType<typeof setTimeout> | undefined;
  #n = 0;
  #lastTick = 0;
  #lastPing = 0;
  /** When the oldest unanswered question was asked; 0 when all are answered. */
  #askedAt = 0;

  constructor(ping: (n: number) => void, onDead: () => void) {
    this.#ping = ping;
    this.#onDead = onDead;
  }

  start(): void {
    this.stop();
    this.#lastTick = this.#lastPing = performance.now();
    this.#askedAt = 0;
    this.#timer = setInterval(() => {
      this.#tick();
    }, TICK);
  }

  stop(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#probeTimer);
    this.#timer = this.#probeTimer = undefined;
  }

  /** Any frame of the server is an answer. */
  heard(): void {
    this.#askedAt = 0;
    clearTimeout(this.#probeTimer);
    this.#probeTimer = undefined;
  }

  /** Asks now and wants the answer within a second. */
  probe(): void {
    if (this.#timer === undefined || this.#probeTimer !== undefined) return;
    this.#ask(performance.now());
    this.#probeTimer = setTimeout(() => {
      this.#dead();
    }, PROBE_WITHIN);
  }

  #tick(): void {
    const now = performance.now();
    const late = Math.max(0, now - this.#lastTick - TICK);
    this.#lastTick = now;
    // For so long the silence was ours.
    if (this.#askedAt !== 0) this.#askedAt += late;
    if (late > ASLEEP) {
      this.#askedAt = 0;
      this.probe();
    } else if (this.#askedAt !== 0 && now - this.#askedAt > ANSWER_WITHIN) this.#dead();
    else if (now - this.#lastPing >= PING_EVERY) this.#ask(now);
  }

  #ask(now: number): void {
    this.#lastPing = now;
    if (this.#askedAt === 0) this.#askedAt = now;
    this.#ping(++this.#n);
  }

  #dead(): void {
    this.stop();
    this.#onDead();
  }
}
