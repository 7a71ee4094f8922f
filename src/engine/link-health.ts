import type { LinkState } from './engine.ts';

/** Without an answer to the first offer for so long, the link is made anew. */
export const ANSWER_WITHIN = 6_000;
/** From one attempt to renew the path to the next. */
const RESTART_EVERY = 5_000;
/** So many attempts on the same connection, then a new one. */
const RESTARTS = 4;
/** The side that was called waits so much longer before it acts, so that mostly one side acts. */
const POLITE_WAIT = 2_000;
/** Trouble for so long is worth telling as a failure; attempts go on as long as both are in the room. */
const FAILED_AFTER = 15_000;
/** Each failed dial doubles the wait, up to a good quarter of a minute. */
const DIAL_AT_MOST = 15_000;

/** What the state of a link is, and when something is to be done about it. All times as `performance.now()` has them. */
export class LinkHealth {
  readonly #isPolite: boolean;
  readonly #onState: (state: LinkState) => void;
  #state: LinkState = 'connecting';
  #wasConnected = false;
  /** When the present trouble began; 0 when all is well. */
  #troubleSince: number;
  #nextAttemptAt: number;
  #restarts = 0;
  #dials = 0;

  constructor(isPolite: boolean, onState: (state: LinkState) => void) {
    this.#isPolite = isPolite;
    this.#onState = onState;
    this.#troubleSince = performance.now();
    this.#nextAttemptAt = this.#troubleSince + ANSWER_WITHIN + (isPolite ? POLITE_WAIT : 0);
  }

  get state(): LinkState {
    return this.#state;
  }

  /** A connection is being made. */
  dialed(): void {
    this.#dials++;
    this.#nextAttemptAt = performance.now() + Math.min(DIAL_AT_MOST, 1_000 * 2 ** this.#dials);
  }

  /** Time for another attempt to make a connection. */
  mayDial(now: number): boolean {
    return now >= this.#nextAttemptAt;
  }

  /** Nothing is in the way of an attempt any more. */
  hurry(): void {
    this.#nextAttemptAt = 0;
  }

  /** Another connection: what was tried on the last one does not count. */
  renewed(): void {
    this.#restarts = 0;
  }

  /**
   * What to do about a path that is broken: nothing yet, renew it, or make another connection. Only attempts that can reach
   * the other side show that renewing does not help.
   */
  heal(now: number, canReach: boolean): 'wait' | 'restart' | 'renew' {
    this.trouble();
    if (now < this.#nextAttemptAt) return 'wait';
    const isFirst = this.#restarts === 0;
    if (isFirst && this.#isPolite && now - this.#troubleSince < POLITE_WAIT) return 'wait';
    this.restarted(now);
    if (this.#restarts >= RESTARTS) return canReach ? 'renew' : 'wait';
    if (canReach) this.#restarts++;
    return 'restart';
  }

  /** The path is being renewed. */
  restarted(now: number): void {
    this.#nextAttemptAt = now + RESTART_EVERY;
  }

  well(): void {
    this.#troubleSince = this.#nextAttemptAt = this.#restarts = this.#dials = 0;
    this.#wasConnected = true;
    this.#setState('connected');
  }

  trouble(): void {
    if (this.#troubleSince === 0) this.#troubleSince = performance.now();
    if (this.#state === 'connected') this.#setState('reconnecting');
  }

  /** Once a second. */
  tick(now: number): void {
    if (this.#troubleSince === 0) return;
    const patience = this.#wasConnected ? 2 * FAILED_AFTER : FAILED_AFTER;
    if (now - this.#troubleSince > patience) this.#setState('failed');
  }

  #setState(state: LinkState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#onState(state);
  }
}
