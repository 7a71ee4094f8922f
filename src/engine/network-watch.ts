/** The part of the Network Information API (a W3C draft, Chromium only) that is used: that something has changed. */
interface NavigatorWithConnection {
  readonly connection?: EventTarget;
}

/**
 * Hears from the browser that the machine has moved to another network: seconds before the silence would show it.
 * `onChange(true)` when the network was gone and is back, `onChange(false)` for changes that may mean nothing.
 */
export class NetworkWatch {
  readonly #onChange: (wasGone: boolean) => void;
  readonly #connection = (globalThis.navigator as NavigatorWithConnection).connection;
  #hasChanged = false;

  constructor(onChange: (wasGone: boolean) => void) {
    this.#onChange = onChange;
  }

  start(): void {
    globalThis.addEventListener('online', this.#handleOnline);
    this.#connection?.addEventListener('change', this.#handleChange);
  }

  stop(): void {
    globalThis.removeEventListener('online', this.#handleOnline);
    this.#connection?.removeEventListener('change', this.#handleChange);
  }

  /** Whether paths may have become invalid since this was last asked. */
  takeChange(): boolean {
    const hasChanged = this.#hasChanged;
    this.#hasChanged = false;
    return hasChanged;
  }

  readonly #handleOnline = (): void => {
    this.#hasChanged = true;
    this.#onChange(true);
  };

  readonly #handleChange = (): void => {
    this.#onChange(false);
  };
}
