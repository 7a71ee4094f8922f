import type { CallState, Notice } from './state.ts';
import type { Store } from './store.ts';

/** What the caller has to be told at the moment: one notice of each code. */
export class Notices {
  readonly #store: Store<CallState>;
  /** Participants that a notice is about; the newest gives it its name. */
  readonly #about = new Map<string, { readonly code: string; readonly detail: string }>();

  constructor(store: Store<CallState>) {
    this.#store = store;
  }

  add(code: string, kind: Notice['kind'], detail = ''): void {
    const others = this.#store.state.notices.filter((notice) => notice.code !== code);
    this.#store.update({ notices: [...others, { code, kind, detail }] });
  }

  dismiss(...codes: string[]): void {
    const { notices } = this.#store.state;
    const left = notices.filter(({ code }) => !codes.includes(code));
    if (left.length !== notices.length) this.#store.update({ notices: left });
  }

  /** A notice about one participant; it goes when the last one whom it is about is well again. */
  addFor(id: string, code: string, detail: string): void {
    this.#about.set(id, { code, detail });
    this.add(code, 'warning', detail);
  }

  dismissFor(id: string): void {
    const about = this.#about.get(id);
    if (!about) return;
    this.#about.delete(id);
    const other = [...this.#about.values()].findLast(({ code }) => code === about.code);
    if (other) this.add(other.code, 'warning', other.detail);
    else this.dismiss(about.code);
  }

  clear(): void {
    this.#about.clear();
    this.#store.update({ notices: [] });
  }
}
