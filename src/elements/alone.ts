import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { en, type Strings } from '../i18n/index.ts';
import { base } from './base.styles.ts';
import { data } from './data.ts';
import { define } from './define.ts';
import { icon } from './icons.ts';

/** @summary Nobody else is here yet: says so, and offers the link of the page. */
export class CallAlone extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        position: absolute;
        z-index: 2;
        inset-inline: 0;
        inset-block-end: 0;
        padding: 18px;
        container-type: inline-size;
        pointer-events: none;
      }
      div {
        pointer-events: auto;
        display: flex;
        align-items: center;
        gap: 6px 20px;
        width: fit-content;
        max-width: 100%;
        margin-inline: auto;
        padding: 12px 14px 12px 20px;
        padding-inline: 20px 14px;
        border-radius: var(--_radius);
        background: var(--_surface);
        box-shadow: var(--_shadow);
        overflow-wrap: anywhere;
      }
      h2 {
        font-weight: 600;
      }
      button {
        flex: none;
      }
      p {
        user-select: text;
        -webkit-user-select: text;
      }
      @container (max-width: 420px) {
        .hint:not(.url) {
          display: none;
        }
        h2 {
          font-size: 0.9375em;
        }
      }
      @container (max-width: 280px) {
        :host {
          padding: 6px;
        }
        div {
          padding: 4px 4px 4px 10px;
          gap: 6px;
        }
        h2 {
          font-size: 0.75em;
          line-height: 1.2;
        }
        button span {
          display: none;
        }
        button {
          padding: 0.4em;
          min-height: 2em;
        }
      }
    `,
  ];

  @data strings: Strings = en;
  @state() private _copied: boolean | undefined;

  protected override render(): TemplateResult {
    const { strings, _copied: copied } = this;
    const words = copied ? strings.copied : strings.copyLink;
    return html`<div>
      <section role="status">
        <h2>${strings.alone}</h2>
        <p class="hint ${copied === false ? 'url' : ''}">
          ${copied === false ? location.href : strings.aloneHint}
        </p>
      </section>
      ${
        window.isSecureContext && copied !== false
          ? html`<button class="primary" aria-label=${words} @click=${this.#handleCopy}>
              ${icon(copied ? 'check' : 'link')}
              <span>${words}</span>
            </button>`
          : nothing
      }
    </div>`;
  }

  readonly #handleCopy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(location.href);
      this._copied = true;
      setTimeout(() => (this._copied = undefined), 3_000);
    } catch {
      // Not allowed in this frame: the address is shown, to be copied by hand.
      this._copied = false;
    }
  };
}
define('video-call-alone', CallAlone);
