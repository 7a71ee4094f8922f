import { html, type LitElement, type ReactiveController, type TemplateResult } from 'lit';
import { request } from '../call/requests.ts';
import { fill, type Strings } from '../i18n/index.ts';
import type { ModerationStrings } from '../i18n/moderation/words.ts';
import type { ModeratorAction } from '../protocol/moderation.ts';

/**
 * The buttons by which a moderator acts. What cannot be taken back is asked about first, one question at a time; when a button
 * goes with what it was about, the keyboard goes on from the list.
 */
export class Questions implements ReactiveController {
  readonly #host: LitElement & { readonly strings: Strings };
  #about = '';
  #losesFocus = false;

  constructor(host: LitElement & { readonly strings: Strings }) {
    this.#host = host;
    host.addController(this);
  }

  /** What has to be confirmed: an id to be removed, or the end of the call; empty when nothing has. */
  get about(): string {
    return this.#about;
  }

  hostUpdated(): void {
    const { shadowRoot } = this.#host;
    // Elsewhere it is not lost.
    if (!this.#losesFocus || document.activeElement !== document.body) return;
    this.#losesFocus = false;
    shadowRoot?.querySelector<HTMLElement>('.body')?.focus();
  }

  /** The harmless answer has the focus. */
  ask(about: string): void {
    this.#about = about;
    this.#losesFocus = about === '';
    this.#host.requestUpdate();
    if (about !== '')
      void this.#host.updateComplete.then(() => {
        this.#host.shadowRoot?.querySelector<HTMLElement>('.no')?.focus();
      });
  }

  /** Nothing is asked any more; the focus is elsewhere. */
  forget(): void {
    this.#about = '';
  }

  question(question: string, label: string, action: ModeratorAction): TemplateResult {
    return html`<div class="ask" role="group" aria-label=${question}>
      <p>${question}</p>
      <div class="buttons">
        <button class="no" @click=${() => this.ask('')}>${this.#host.strings.cancel}</button>
        ${this.button(label, label, 'danger', action)}
      </div>
    </div>`;
  }

  /** Whether somebody who knocks, and is called so, comes in. */
  knock(id: string, name: string, words: ModerationStrings): TemplateResult {
    const { refuse, refuseNamed, admit, admitNamed } = words;
    return html`${this.button(refuse, fill(refuseNamed, { name }), '', { action: 'refuse', id })}
    ${this.button(admit, fill(admitNamed, { name }), 'primary', { action: 'admit', id })}`;
  }

  button(label: string, name: string, kind: string, action: ModeratorAction): TemplateResult {
    return html`<button
      class=${kind}
      aria-label=${name}
      @click=${() => {
        this.#losesFocus = true;
        request(this.#host, 'moderate', action);
      }}
    >
      ${label}
    </button>`;
  }
}
