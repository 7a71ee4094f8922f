import { Ration } from '../engine/ration.ts';
import type { Reaction } from './state.ts';

/** Milliseconds that a reaction is seen. */
const SEEN = 4_000;
/** Reactions of one participant that are shown at once, and a second after that. */
const SHOWN = [5, 1] as const;

interface Known {
  readonly ration: Ration;
  timer?: ReturnType<typeof setTimeout>;
}

/** Emoji at those who sent them, for a moment each. */
export class Reactions {
  readonly #show: (id: string, reaction: Reaction | undefined) => void;
  readonly #known = new Map<string, Known>();

  constructor(show: (id: string, reaction: Reaction | undefined) => void) {
    this.#show = show;
  }

  /** False when there have been too many. */
  add(id: string, emoji: string): boolean {
    const known: Known = this.#known.get(id) ?? { ration: new Ration(...SHOWN) };
    this.#known.set(id, known);
    if (!known.ration.take()) return false;
    clearTimeout(known.timer);
    known.timer = setTimeout(this.#show, SEEN, id, undefined);
    this.#show(id, { emoji });
    return true;
  }

  forget(id: string): void {
    clearTimeout(this.#known.get(id)?.timer);
    this.#known.delete(id);
  }

  stop(): void {
    for (const id of this.#known.keys()) this.forget(id);
  }
}
