import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { CallState } from '../call/state.ts';
import { en, loadStrings, type Strings } from '../i18n/index.ts';
import { base } from './base.styles.ts';
import { define } from './define.ts';
import './lobby.ts';
import './lobby.ts';
import { isDeviceNotice } from './notices.ts';
import { DEFAULT_OPTIONS, type LevelOf, type ViewOptions } from './options.ts';
import './room.ts';
import './screen.ts';
import { theme } from './theme.styles.ts';
import { viewStyles } from './view.styles.ts';

/**
 * @summary Everything that a caller sees: the screen for the state of the call, in the page's language and theme.
 */
export class CallView extends LitElement {
  static override styles = [base, theme, viewStyles];

  @property({ attribute: false }) state: CallState | undefined;
  @property({ attribute: false }) options: ViewOptions = DEFAULT_OPTIONS;
  @property({ attribute: false }) level: LevelOf = () => 0;
  @state() private _strings: Strings = en;
  #lang = 'en';

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { lang } = this.options;
    if (!changed.has('options') || lang === this.#lang) return;
    this.#lang = lang;
    void loadStrings(lang).then((strings) => {
      if (lang === this.#lang) this._strings = strings;
    });
  }

  protected override render(): TemplateResult | typeof nothing {
    const { state } = this;
    if (!state) return nothing;
    const notices =
      state.status === 'lobby'
        ? state.notices.filter((notice) => !isDeviceNotice(notice))
        : state.notices;
    const shown =
      state.status === 'reconnecting'
        ? [{ code: 'reconnecting', kind: 'info', detail: '' } as const, ...notices]
        : notices;
    return html`<div class="root ${this.options.theme}" dir="auto">
      ${this.renderScreen(state)}
      <video-call-notices .notices=${shown} .strings=${this._strings}></video-call-notices>
    </div>`;
  }

  private renderScreen(state: CallState): TemplateResult {
    const { options, level, _strings: strings } = this;
    switch (state.status) {
      case 'lobby':
        return html`<video-call-lobby
          .call=${state}
          .options=${options}
          .level=${level}
          .strings=${strings}
        ></video-call-lobby>`;
      case 'joined':
      case 'reconnecting':
        return html`<video-call-room
          .call=${state}
          .options=${options}
          .level=${level}
          .strings=${strings}
        ></video-call-room>`;
      default:
        return html`<video-call-screen .call=${state} .strings=${strings}></video-call-screen>`;
    }
  }
}
define('video-call-view', CallView);

declare global {
  interface HTMLElementTagNameMap {
    'video-call-view': CallView;
  }
}
