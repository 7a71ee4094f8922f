/** Holds one immutable value and tells everyone when it is replaced. */
export class Store<T extends object> {
  #state: T;
  readonly #listeners = new Set<(state: T, before: T) => void>();

  constructor(state: T) {
    this.#state = state;
  }

  get state(): T {
    return this.#state;
  }

  /** Replaces the named parts. Nothing happens when they are all what they were. */
  update(patch: Partial<T>): void {
    const before = this.#state;
    const keys = Object.keys(patch) as (keyof T)[];
    if (keys.every((key) => Object.is(patch[key], before[key]))) return;
    this.#state = { ...before, ...patch };
    for (const listener of [...this.#listeners]) listener(this.#state, before);
  }

  /** Returns the function that ends the subscription. */
  subscribe(listener: (state: T, before: T) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}
