import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import { request } from '../call/requests.ts';
import type { ChatMessage } from '../call/state.ts';
import { en, type Strings } from '../i18n/index.ts';
import { LIMITS } from '../protocol/limits.ts';
import { base } from './base.styles.ts';
import { chatStyles } from './chat.styles.ts';
import { chatWords } from './chat.words.ts';
import { data } from './data.ts';
import { define } from './define.ts';
import { ControlEvent } from './events.ts';
import { icon } from './icons.ts';
import { linkify } from './links.ts';
import { panel } from './panel.styles.ts';

/** Messages of one person that follow each other this closely share one head. */
const GROUP_MS = 5 * 60_000;
/** The counter appears when this many characters are left. */
const COUNTED = 500;
/** `keyCode` of a key that an input method has taken (UI Events, section 7.3.1). */
const COMPOSING = 229;

/**
 * @summary What is written in the call. All of it is text of strangers and rendered as text.
 *
 * @csspart chat - the panel
 * @csspart message - one message
 */
export class CallChat extends LitElement {
  static override styles = [base, panel, chatStyles];

  @data messages: readonly ChatMessage[] = [];
  @data strings: Strings = en;
  /** Nothing scrolls or takes the focus while the panel is closed. */
  @data isOpen = false;
  @state() private _length = 0;
  @state() private _hasNews = false;
  @query('textarea') private readonly _input!: HTMLTextAreaElement | null;
  @query('.body') private readonly _body!: HTMLElement | null;
  #isAtEnd = true;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('messages') && !this.#isAtEnd) this._hasNews = true;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!this.isOpen) return;
    const isOpening = changed.has('isOpen');
    if (isOpening) this._input?.focus();
    if (isOpening || (changed.has('messages') && (this.#isAtEnd || this.messages.at(-1)?.isLocal)))
      this.#toEnd();
  }

  protected override render(): TemplateResult {
    const { strings, messages } = this;
    const words = chatWords(strings.lang);
    return html`<div class="head">
        <h2>${strings.chat}</h2>
        <button class="plain round" aria-label=${strings.close} @click=${this.#close}>
          ${icon('close')}
        </button>
      </div>
      <div
        class="body"
        part="chat"
        role="log"
        tabindex="0"
        aria-label=${strings.chat}
        @scroll=${this.#handleScroll}
      >
        ${messages.length === 0 ? html`<p class="empty hint">${words.noMessages}</p>` : nothing}
        ${repeat(
          messages,
          (message) => message.id,
          (message, index) => this.#renderMessage(message, messages[index - 1]),
        )}
      </div>
      ${
        this._hasNews
          ? html`<button class="primary news" @click=${this.#toEnd}>${words.newMessages}</button>`
          : nothing
      }
      ${this.#renderForm()}`;
  }

  #renderMessage(message: ChatMessage, before: ChatMessage | undefined): unknown {
    const isFollowing =
      before?.from === message.from &&
      before.name === message.name &&
      before.isPrivate === message.isPrivate &&
      Math.abs(message.time.getTime() - before.time.getTime()) < GROUP_MS;
    // Messages do not change, and there may be many, and long ones: each is looked at once.
    return guard([message.id, isFollowing, this.strings], () =>
      this.#renderOnce(message, isFollowing),
    );
  }

  #renderOnce(message: ChatMessage, isFollowing: boolean): TemplateResult {
    const { strings } = this;
    return html`<div
      class="message ${message.isLocal ? 'own' : ''} ${isFollowing ? 'following' : ''}"
      part="message"
    >
      ${
        isFollowing
          ? nothing
          : html`<p class="by">
              <bdi>${message.isLocal ? strings.you : message.name.trim() || strings.guest}</bdi>
              ${message.isPrivate ? html`<span>${chatWords(strings.lang).isPrivate}</span>` : nothing}
              <time>${this.#clock(message.time)}</time>
            </p>`
      }
      <div class="text"><span dir="auto">${this.#pieces(message.text)}</span></div>
    </div>`;
  }

  #pieces(text: string): unknown {
    return linkify(text).map((piece) =>
      typeof piece === 'string'
        ? piece
        : html`<a href=${piece.href} target="_blank" rel="noopener noreferrer nofollow"
            >${piece.text}</a
          >`,
    );
  }

  #renderForm(): TemplateResult {
    const words = chatWords(this.strings.lang);
    const left = LIMITS.chatText - this._length;
    const isTooLong = left < 0;
    return html`<form @submit=${this.#handleSubmit}>
      ${isTooLong ? html`<p class="bad" id="problem" role="alert">${words.tooLong}</p>` : nothing}
      <div class="row">
        <textarea
          rows="1"
          dir="auto"
          aria-label=${words.message}
          placeholder=${words.message}
          aria-invalid=${isTooLong}
          aria-describedby=${isTooLong ? 'problem' : nothing}
          @input=${this.#handleInput}
          @keydown=${this.#handleKey}
        ></textarea>
        ${left < COUNTED ? html`<span class="count ${isTooLong ? 'bad' : ''}">${left}</span>` : nothing}
        <button
          class="primary round"
          aria-label=${words.send}
          aria-disabled=${isTooLong || this._length === 0}
        >
          ${icon('send')}
        </button>
      </div>
    </form>`;
  }

  #clock(time: Date): string {
    return Number.isNaN(time.getTime())
      ? ''
      : time.toLocaleTimeString(this.strings.lang, { hour: 'numeric', minute: '2-digit' });
  }

  readonly #close = (): void => {
    this.dispatchEvent(new ControlEvent('chat'));
  };

  readonly #toEnd = (): void => {
    this._hasNews = false;
    this.#isAtEnd = true;
    const body = this._body;
    if (body) body.scrollTop = body.scrollHeight;
  };

  readonly #handleScroll = (): void => {
    const body = this._body;
    if (!body || !this.isOpen || body.clientHeight === 0) return;
    this.#isAtEnd = body.scrollHeight - body.scrollTop - body.clientHeight < 48;
    if (this.#isAtEnd) this._hasNews = false;
  };

  readonly #handleInput = (): void => {
    const input = this._input;
    if (!input) return;
    this._length = input.value.trim().length;
    input.style.height = 'auto';
    input.style.height = `${input.scrollHeight + 2}px`;
  };

  readonly #handleKey = (event: KeyboardEvent): void => {
    // Enter that ends the composition of a character (Japanese, Chinese …) is not meant for the message. In Safari it comes
    // after that end, and only its old code tells (WebKit bug 165004).
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- there is nothing else to tell by
    const isComposing = event.isComposing || event.keyCode === COMPOSING;
    if (event.key === 'Enter' && !event.shiftKey && !isComposing) this.#handleSubmit(event);
  };

  readonly #handleSubmit = (event: Event): void => {
    event.preventDefault();
    const input = this._input;
    const text = input?.value.trim() ?? '';
    if (!input || text === '' || text.length > LIMITS.chatText) return;
    request(this, 'chat', { text });
    input.value = '';
    this.#handleInput();
    input.focus();
  };
}
define('video-call-chat', CallChat);
