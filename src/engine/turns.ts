import type { TurnSignal } from '../protocol/signal.ts';
import type { NegotiationHost, Route } from './negotiation.ts';

/** A turn that was asked for and not granted is taken after this time; one that was granted and not used is over then. */
const WITHIN = 1_500;

/**
 * Who may offer: the impolite side at any time, the polite side when it has asked. Perfect negotiation copes with two
 * offers at once by taking the polite one back, but Chromium then sometimes freezes the pictures that were there before
 * (docs/decisions/0005-turns.md). So that happens only when a message is lost.
 */
export class Turns {
  readonly #host: Pick<NegotiationHost, 'isPolite' | 'send'>;
  readonly #isBusy: () => boolean;
  readonly #onTurn: () => void;
  #mayOffer = false;
  #askTimer: ReturnType<typeof setTimeout> | undefined;
  #grantTimer: ReturnType<typeof setTimeout> | undefined;
  /** The other side has asked while an exchange was under way. */
  #asked: Route | undefined;
  #isWaiting = false;

  /** `onTurn` makes the offer that had to wait. */
  constructor(
    host: Pick<NegotiationHost, 'isPolite' | 'send'>,
    isBusy: () => boolean,
    onTurn: () => void,
  ) {
    this.#host = host;
    this.#isBusy = isBusy;
    this.#onTurn = onTurn;
  }

  /** Whether to offer now. If not, `onTurn` follows. */
  take(route: Route): boolean {
    if (this.#mayOffer) return true;
    if (!this.#host.isPolite) {
      this.#isWaiting = this.#grantTimer !== undefined;
      return !this.#isWaiting;
    }
    if (this.#askTimer === undefined) {
      this.#askTimer = setTimeout(() => {
        this.#begin();
      }, WITHIN);
      this.#host.send({ kind: 'ask' }, route);
    }
    return false;
  }

  handle({ kind }: TurnSignal, route: Route): void {
    if (kind === 'grant') {
      if (this.#askTimer !== undefined) this.#begin();
    } else if (this.#isBusy()) this.#asked = route;
    else this.#grant(route);
  }

  /** An exchange is over. */
  settle(): void {
    this.#endGrant();
    const asked = this.#asked;
    this.#asked = undefined;
    if (asked) this.#grant(asked);
  }

  close(): void {
    clearTimeout(this.#askTimer);
    clearTimeout(this.#grantTimer);
  }

  #begin(): void {
    clearTimeout(this.#askTimer);
    this.#askTimer = undefined;
    this.#mayOffer = true;
    this.#onTurn();
    this.#mayOffer = false;
  }

  #grant(route: Route): void {
    clearTimeout(this.#grantTimer);
    this.#grantTimer = setTimeout(() => {
      this.#endGrant();
    }, WITHIN);
    this.#host.send({ kind: 'grant' }, route);
  }

  #endGrant(): void {
    clearTimeout(this.#grantTimer);
    this.#grantTimer = undefined;
    if (!this.#isWaiting) return;
    this.#isWaiting = false;
    this.#onTurn();
  }
}
