import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import { request } from '../call/requests.ts';
import type { CallState } from '../call/state.ts';
import { en, type Strings } from '../i18n/index.ts';
import type { LayoutChoice } from '../layout/stage.ts';
import { LIMITS } from '../protocol/limits.ts';
import { base } from './base.styles.ts';
import { data } from './data.ts';
import { define } from './define.ts';
import { deviceSelect, microphoneSelect } from './devices.ts';
import { ControlEvent, LayoutEvent } from './events.ts';
import { icon } from './icons.ts';
import {
  DEFAULT_OPTIONS,
  isWatching,
  QUALITIES,
  type LevelOf,
  type ViewOptions,
} from './options.ts';
import { panel } from './panel.styles.ts';
import { settingsWords } from './settings.words.ts';

const LAYOUTS = ['auto', 'grid', 'speaker'] as const satisfies readonly LayoutChoice[];

const loadStats = async (): Promise<boolean> => {
  try {
    await import('./stats.ts');
    return true;
  } catch {
    return false;
  }
};

/**
 * @summary Devices, name and layout, during the call.
 *
 * @csspart settings - the dialog
 */
export class CallSettings extends LitElement {
  static override styles = [
    base,
    panel,
    css`
      .body {
        display: grid;
        align-content: start;
        gap: 16px;
        padding: 4px 18px 18px;
      }
      .body > div {
        display: grid;
        gap: 8px;
      }
      summary {
        padding-block: 4px;
        border-radius: var(--_radius-small);
        color: var(--_muted);
        cursor: pointer;
      }
      .foot {
        flex: none;
        display: flex;
        justify-content: flex-end;
        padding: 10px 18px;
        border-block-start: 1px solid var(--_line);
      }
      @container (max-height: 240px) {
        .foot {
          display: none;
        }
      }
      .foot button {
        min-width: 7em;
      }
    `,
  ];

  @data call: CallState | undefined;
  @data options: ViewOptions = DEFAULT_OPTIONS;
  @data layout: LayoutChoice = 'auto';
  @data level: LevelOf = () => 0;
  @data strings: Strings = en;

  /** Undefined while nobody asks for them; false when they could not be loaded. */
  @state() private _stats: boolean | undefined;
  @query('.body') private readonly _body!: HTMLElement | null;

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('select:enabled, input')?.focus();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { call, options, strings } = this;
    if (!call) return nothing;
    const words = settingsWords(strings.lang);
    const layouts = {
      auto: words.layoutAuto,
      grid: strings.layoutGrid,
      speaker: strings.layoutSpeaker,
    };
    return html`<div class="head">
        <h2 id="title">${strings.settings}</h2>
        <button class="plain round" aria-label=${strings.close} @click=${this.#close}>
          ${icon('close')}
        </button>
      </div>
      <div class="body" part="settings">
        ${isWatching(options, call.local) ? nothing : this.#renderCapture(call)}
        ${options.canChooseSpeaker ? deviceSelect('speaker', call.devices, strings) : nothing}
        <label class="field">
          <span>${strings.yourName}</span>
          <input
            dir="auto"
            maxlength=${LIMITS.name}
            autocomplete="nickname"
            .value=${call.local.name}
            ?disabled=${call.isNameFixed}
            @change=${this.#handleName}
          />
        </label>
        <label class="field">
          <span>${words.layout}</span>
          <select @change=${this.#handleLayout}>
            ${LAYOUTS.map(
              (value) =>
                html`<option value=${value} .selected=${value === this.layout}>
                  ${layouts[value]}
                </option>`,
            )}
          </select>
        </label>
        ${options.audioOnly ? nothing : this.#renderQuality(call)}
        <details @toggle=${this.#handleDetails}>
          <summary>${words.details}</summary>
          ${
            this._stats
              ? html`<video-call-stats
                  .participants=${call.remote}
                  .strings=${strings}
                ></video-call-stats>`
              : this._stats === false
                ? html`<p class="hint">${strings.loadFailed}</p>`
                : nothing
          }
        </details>
      </div>
      <div class="foot">
        <button class="primary" @click=${this.#close}>${words.done}</button>
      </div>`;
  }

  #renderCapture(call: CallState): TemplateResult {
    const { options, strings } = this;
    return html`${microphoneSelect(call, this.level, strings)}
    ${options.audioOnly ? nothing : deviceSelect('camera', call.devices, strings)}`;
  }

  #renderQuality(call: CallState): TemplateResult {
    const words = settingsWords(this.strings.lang);
    return html`<label class="field">
      <span>${words.quality}</span>
      <select @change=${this.#handleQuality}>
        ${QUALITIES.map(
          (value) =>
            html`<option value=${value} .selected=${value === call.quality}>
              ${words[value]}
            </option>`,
        )}
      </select>
    </label>`;
  }

  readonly #close = (): void => {
    this.dispatchEvent(new ControlEvent('settings'));
  };

  readonly #handleDetails = async (event: Event): Promise<void> => {
    const details = event.target as HTMLDetailsElement;
    // Closed again, nothing is counted any more.
    this._stats = details.open ? await loadStats() : undefined;
    await this.updateComplete;
    if (details.open) this._body?.scrollTo({ top: details.offsetTop });
  };

  readonly #handleName = (event: Event): void => {
    request(this, 'name', { name: (event.target as HTMLInputElement).value.trim() });
  };

  readonly #handleQuality = (event: Event): void => {
    const quality = QUALITIES.find((value) => value === (event.target as HTMLSelectElement).value);
    if (quality) request(this, 'quality', { quality });
  };

  readonly #handleLayout = (event: Event): void => {
    const chosen = LAYOUTS.find((value) => value === (event.target as HTMLSelectElement).value);
    if (chosen) this.dispatchEvent(new LayoutEvent(chosen));
  };
}
define('video-call-settings', CallSettings);
