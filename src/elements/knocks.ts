import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Knock } from '../call/state.ts';
import { ModerationWords } from '../controllers/moderation-words.ts';
import { en, fill, nameOf, type Strings } from '../i18n/index.ts';
import { avatar, avatarStyles } from './avatar.ts';
import { base } from './base.styles.ts';
import { data } from './data.ts';
import { define } from './define.ts';
import { Questions } from './questions.ts';

/**
 * @summary Tells a moderator that somebody knocks, and lets in or refuses right there. The room announces it.
 *
 * @csspart knock - the box
 */
export class CallKnocks extends LitElement {
  static override styles = [
    base,
    avatarStyles,
    css`
      :host {
        position: absolute;
        z-index: 2;
        inset-inline: 12px;
        inset-block-end: 12px;
        display: grid;
        justify-items: center;
        pointer-events: none;
      }
      .knock {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 12px;
        max-width: min(34em, 100%);
        padding: 10px 14px;
        border-radius: var(--_radius);
        background: var(--_surface);
        box-shadow:
          0 0 0 1px var(--_line),
          var(--_shadow);
        font-size: 0.9375em;
        line-height: 1.3;
        pointer-events: auto;
        animation: rise 0.2s both;
      }
      .who {
        flex: 1 1 auto;
        min-width: 8em;
        overflow-wrap: anywhere;
      }
      .who span {
        display: block;
        font-size: 0.8125em;
        color: var(--_muted);
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin-inline-start: auto;
      }
      @container (max-width: 280px) or (max-height: 260px) {
        :host {
          inset-inline: 4px;
          inset-block-end: 4px;
        }
        .knock {
          gap: 4px 8px;
          padding: 4px 8px;
          font-size: 0.75em;
        }
        .avatar {
          display: none;
        }
        button {
          min-height: 2em;
          padding: 0.25em 0.75em;
        }
      }
      @keyframes rise {
        from {
          opacity: 0;
          translate: 0 8px;
        }
      }
    `,
  ];

  @data knocks: readonly Knock[] = [];
  @data strings: Strings = en;
  readonly #moderation = new ModerationWords(this);
  readonly #questions = new Questions(this);

  protected override render(): TemplateResult {
    const [first, ...others] = this.knocks;
    // Where the keyboard goes on when the box has gone.
    if (!first) return html`<div class="body" tabindex="-1"></div>`;
    const { words } = this.#moderation;
    const name = nameOf(this.strings, first);
    return html`<div
      class="knock"
      part="knock"
      role="group"
      aria-label=${fill(words.knocks, { name })}
    >
      ${avatar(first.id, name)}
      <p class="who">
        ${fill(words.knocks, { name })}${
          others.length > 0
            ? html`<span>${fill(words.moreWaiting, { n: others.length })}</span>`
            : nothing
        }
      </p>
      <div class="actions">${this.#questions.knock(first.id, name, words)}</div>
    </div>`;
  }
}
define('video-call-knocks', CallKnocks);
