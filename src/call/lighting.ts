import { Spotlight } from './spotlight.ts';

export interface LightingHost {
  readonly selfId: string;
  /** Everybody else in the call. */
  ids(): readonly string[];
  /** The picture of this one is not taken, or taken. */
  onStopped(id: string, isStopped: boolean): void;
  /** The caller's own picture is not sent for now, or sent again. */
  onPaused(isPaused: boolean): void;
}

/** Whose pictures are taken, and whether ours is sent: by what the caller wants, and what its machine can do. */
export class Lighting {
  readonly #host: LightingHost;
  readonly #spotlight = new Spotlight();
  /** Whose pictures the caller does not want. */
  readonly #unwanted = new Set<string>();
  #isPaused = false;

  constructor(host: LightingHost) {
    this.#host = host;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Takes somebody's picture, or no more. */
  receive(id: string, isWanted: boolean): void {
    if (isWanted) this.#unwanted.delete(id);
    else this.#unwanted.add(id);
    this.turnTo(isWanted ? id : undefined);
  }

  /** Shows only those who speak from now on, or everybody; false when that is so already. */
  narrow(isNarrow: boolean): boolean {
    if (this.#spotlight.isOn === isNarrow) return false;
    this.#spotlight.isOn = isNarrow;
    this.turnTo();
    return true;
  }

  forget(id: string): void {
    this.#unwanted.delete(id);
  }

  /** This one is to be seen from now on; without one, there is news of somebody. */
  turnTo(id?: string): void {
    const ids = this.#host.ids();
    const { selfId } = this.#host;
    if (id) this.#spotlight.turnTo(id);
    const unseen = this.#spotlight.unseen(ids);
    for (const other of ids)
      this.#host.onStopped(other, this.#unwanted.has(other) || unseen.includes(other));
    const isPaused = this.#spotlight.unseen([...ids, selfId]).includes(selfId);
    if (isPaused === this.#isPaused) return;
    this.#isPaused = isPaused;
    this.#host.onPaused(isPaused);
  }
}
