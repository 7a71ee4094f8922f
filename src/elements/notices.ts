import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { request } from '../call/requests.ts';
import type { Notice } from '../call/state.ts';
import { en, errorText, type Strings } from '../i18n/index.ts';
import { base } from './base.styles.ts';
import { data } from './data.ts';
import { define } from './define.ts';
import { icon } from './icons.ts';
import { noticeStyles } from './notices.styles.ts';

/** Notices that are shown beside the preview of the lobby instead of over it. */
export const isDeviceNotice = ({ code }: Notice): boolean =>
  /^(camera|microphone|device)-|^insecure-context$/.test(code);

/** A notice that the call takes back itself cannot be dismissed. */
const LASTING = ['reconnecting'];

/**
 * @summary What the caller has to know, in words. Errors interrupt a screen reader, the rest waits its turn.
 *
 * @csspart notice - one notice
 */
export class CallNotices extends LitElement {
  static override styles = [base, noticeStyles];

  @data notices: readonly Notice[] = [];
  @data strings: Strings = en;
  #losesFocus = false;

  protected override updated(changed: PropertyValues<this>): void {
    if (!this.#losesFocus || !changed.has('notices')) return;
    this.#losesFocus = false;
    // The button has gone with its notice: the keyboard goes on from the next one, or from where they were.
    this.renderRoot.querySelector<HTMLElement>('button, [tabindex]')?.focus();
  }

  protected override render(): TemplateResult {
    // Both regions are there before their words, or screen readers miss them.
    return html`<div role="alert">${this.#renderNotices(true)}</div>
      <div role="status" tabindex="-1">${this.#renderNotices(false)}</div>`;
  }

  #renderNotices(areErrors: boolean): unknown {
    return repeat(
      this.notices.filter((notice) => (notice.kind === 'error') === areErrors),
      (notice) => notice.code,
      (notice) =>
        html`<div class="notice ${notice.kind}" part="notice" data-code=${notice.code}>
          ${notice.code === 'reconnecting' ? html`<i class="spinner"></i>` : icon(notice.kind === 'info' ? 'info' : 'warning')}
          <p>${errorText(this.strings, notice.code, notice.detail)}</p>
          ${
            LASTING.includes(notice.code)
              ? ''
              : html`<button
                  class="plain round"
                  aria-label=${this.strings.dismiss}
                  @click=${() => {
                    this.#losesFocus = true;
                    request(this, 'dismiss-notice', { code: notice.code });
                  }}
                >
                  ${icon('close')}
                </button>`
          }
        </div>`,
    );
  }
}
define('video-call-notices', CallNotices);
