import type { LinkState } from './engine.ts';

/** Without an answer to the first offer for so long, the link is made anew. */
const ANSWER_WITHIN = 6_000;
/**
 * Each connection that came to nothing doubles the time that the next one has, so many times: where machines have far too much to
 * do, everything takes long, and whoever begins anew too soon begins anew for ever.
 */
const DOUBLED_AT_MOST = 3;
/** Whoever gives a connection up has told the other side, and waits so long for its call. */
const CALL_WITHIN = 2_000;
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
  /** Connections that were made since it was last well. */
  #attempts = 0;

  constructor(isPolite: boolean, onState: (state: LinkState) => void) {
    this.#isPolite = isPolite;
    this.#onState = onState;
    this.#troubleSince = performance.now();
    this.#nextAttemptAt = this.#troubleSince + ANSWER_WITHIN + (isPolite ? POLITE_WAIT : 0);
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Milliseconds that the first offer has to be answered in. */
  get answerWithin(): number {
    return ANSWER_WITHIN * this.#patience;
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
    this.#attempts++;
  }

  /** The connection came to nothing, and the other side is being told. */
  gaveUp(): void {
    this.trouble();
    this.#nextAttemptAt = Math.max(this.#nextAttemptAt, performance.now() + CALL_WITHIN);
  }

  /** The other side gave the connection up, and waits for ours: not in vain, unless several have come to nothing. */
  abandoned(): void {
    this.trouble();
    if (this.#attempts < 2) this.hurry();
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
    this.#nextAttemptAt = now + RESTART_EVERY * this.#patience;
  }

  well(): void {
    this.#troubleSince = this.#nextAttemptAt = this.#restarts = this.#dials = this.#attempts = 0;
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

  get #patience(): number {
    return 2 ** Math.min(DOUBLED_AT_MOST, Math.max(0, this.#attempts - 1));
  }

  #setState(state: LinkState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#onState(state);
  }
}
