import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { request, type CallRequestName } from '../call/requests.ts';
import type { CallState } from '../call/state.ts';
import { en, errorText, type Strings } from '../i18n/index.ts';
import { base } from './base.styles.ts';
import { data } from './data.ts';
import { define } from './define.ts';
import { icon, type IconName } from './icons.ts';

interface Screen {
  readonly icon: IconName | 'spinner';
  readonly title: string;
  readonly text: string;
  readonly actions: readonly [label: string, request: 'join' | 'leave' | 'return-to-lobby'][];
}

/** What trying again cannot mend. */
const FINAL: readonly string[] = [
  'room-missing',
  'room-invalid',
  'server-invalid',
  'browser-unsupported',
  'insecure-context',
];

/**
 * @summary One sentence and the next step: no call yet, joining, left, failed.
 *
 * @slot left - the page's own words after the call
 * @csspart screen - the whole screen
 */
export class CallScreen extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        height: 100%;
        overflow: auto;
        container: screen / size;
      }
      section {
        display: grid;
        place-content: center;
        justify-items: center;
        gap: 10px;
        min-height: 100%;
        padding: 16px;
        text-align: center;
      }
      .sign {
        display: grid;
        place-items: center;
        width: 64px;
        height: 64px;
        margin-block-end: 6px;
        border-radius: 50%;
        background: var(--_raised);
        color: var(--_muted);
        font-size: 20px;
      }
      h2 {
        font-size: 1.375em;
        font-weight: 650;
        line-height: 1.25;
        letter-spacing: -0.01em;
      }
      p {
        max-width: 30em;
        color: var(--_muted);
        overflow-wrap: anywhere;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: 10px;
        margin-block-start: 10px;
      }
      .actions button {
        min-width: 8em;
      }
      @container screen (max-height: 300px) {
        .sign {
          display: none;
        }
      }
      @container screen (max-height: 220px) or (max-width: 260px) {
        section {
          gap: 3px;
          padding: 6px;
        }
        h2 {
          font-size: 0.9375em;
        }
        p {
          font-size: 0.75em;
          line-height: 1.25;
        }
        .actions {
          gap: 4px;
          margin-block-start: 3px;
        }
        .actions button {
          min-width: 0;
          padding-block: 0.3em;
          font-size: 0.875em;
        }
      }
    `,
  ];

  @data call: CallState | undefined;
  @data strings: Strings = en;

  protected override render(): TemplateResult | typeof nothing {
    if (!this.call) return nothing;
    const screen = this.#describe(this.call);
    return html`<section part="screen" role=${screen.icon === 'warning' ? 'alert' : 'status'}>
      <div class="sign">
        ${screen.icon === 'spinner' ? html`<i class="spinner"></i>` : icon(screen.icon)}
      </div>
      <h2>${screen.title}</h2>
      <p>${screen.text}</p>
      ${this.call.status === 'left' ? html`<slot name="left"></slot>` : nothing}
      <div class="actions">
        ${screen.actions.map(
          ([label, name], index) =>
            html`<button
              class=${index === 0 && name !== 'leave' ? 'primary' : ''}
              data-request=${name satisfies CallRequestName}
              @click=${() => request(this, name, {})}
            >
              ${label}
            </button>`,
        )}
      </div>
    </section>`;
  }

  #describe({ status, error, pending }: CallState): Screen {
    const { strings } = this;
    const text = error ? errorText(strings, error.code, error.detail) : '';
    const titles: Readonly<Record<string, string>> = strings.moderation?.titles ?? {};
    const special = titles[error?.code ?? status];
    switch (status) {
      case 'joining':
      case 'waiting':
        return {
          icon: 'spinner',
          title: special ?? strings.joining,
          text:
            special !== undefined
              ? errorText(strings, status)
              : pending.camera || pending.microphone
                ? strings.opening
                : strings.joiningText,
          actions: [[strings.cancel, 'leave']],
        };
      case 'left':
        return {
          icon: 'leave',
          title: strings.leftTitle,
          text: text || strings.leftText,
          actions: [
            [strings.rejoin, 'join'],
            [strings.toLobby, 'return-to-lobby'],
          ],
        };
      case 'failed':
        return {
          icon: special === undefined ? 'warning' : 'info',
          title: special ?? strings.failedTitle,
          text: text || strings.failedText,
          actions:
            special !== undefined || FINAL.includes(error?.code ?? '')
              ? [[strings.toLobby, 'return-to-lobby']]
              : [
                  [strings.tryAgain, 'join'],
                  [strings.toLobby, 'return-to-lobby'],
                ],
        };
      default:
        return {
          icon: error ? 'warning' : 'camera',
          title: strings.idleTitle,
          text: text || strings.idleText,
          actions: [],
        };
    }
  }
}
define('video-call-screen', CallScreen);
