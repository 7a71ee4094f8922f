import { css, html, LitElement, type TemplateResult } from 'lit';
import { request } from '../call/requests.ts';
import { en, type Strings } from '../i18n/index.ts';
import { base } from './base.styles.ts';
import { data } from './data.ts';
import { define } from './define.ts';
import { reactionWords } from './reactions.words.ts';

const EMOJI = ['👍', '❤️', '😂', '🎉', '👏', '😮'];

/** @summary A hand to raise, and emoji to send. */
export class CallReactions extends LitElement {
  static override styles = [
    base,
    css`
      .row {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: 2px;
        padding: 5px;
      }
      button {
        min-height: 40px;
        padding-inline: 0.8em;
      }
      .emoji {
        width: 40px;
        padding: 0;
        font-size: 1.375em;
        font-variant-emoji: emoji;
      }
      .raised {
        background: var(--_accent);
        color: var(--_on-accent);
      }
      /* All in one line; the word is still read out. */
      @container (max-width: 430px) {
        .hand {
          gap: 0;
        }
        .word {
          font-size: 0;
        }
      }
    `,
  ];

  @data isRaised = false;
  @data strings: Strings = en;

  protected override firstUpdated(): void {
    this.renderRoot.querySelector('button')?.focus();
  }

  protected override render(): TemplateResult {
    const { strings, isRaised } = this;
    const own = reactionWords(strings.lang);
    return html`<div class="row" role="group" aria-label=${strings.reactions}>
      <button
        class="hand ${isRaised ? 'raised' : 'plain'}"
        @click=${() => request(this, 'hand', { on: !isRaised })}
      >
        <span aria-hidden="true">✋</span
        ><span class="word">${isRaised ? own.lower : own.raise}</span>
      </button>
      ${EMOJI.map(
        (emoji) =>
          html`<button class="plain emoji" @click=${() => request(this, 'reaction', { emoji })}>
            ${emoji}
          </button>`,
      )}
    </div>`;
  }
}
define('video-call-reactions', CallReactions);
