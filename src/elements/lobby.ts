import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { request } from '../call/requests.ts';
import type { CallState } from '../call/state.ts';
import { en, errorText, fill, nameOf, type Strings } from '../i18n/index.ts';
import { LIMITS } from '../protocol/limits.ts';
import { avatar, avatarStyles } from './avatar.ts';
import { base } from './base.styles.ts';
import { data } from './data.ts';
import { define } from './define.ts';
import { deviceSelect, microphoneSelect } from './devices.ts';
import { icon } from './icons.ts';
import { lobbyStyles } from './lobby.styles.ts';
import { isDeviceNotice } from './notices.ts';
import { DEFAULT_OPTIONS, type LevelOf, type ViewOptions } from './options.ts';
import { Picture } from './play.ts';

/**
 * @summary Before the call: how you look and sound, who you are, and the way in.
 *
 * @slot lobby - the page's own words, above the name
 * @csspart lobby - the whole lobby
 * @csspart preview - the caller's own picture
 * @csspart join - the button that joins
 */
export class CallLobby extends LitElement {
  static override styles = [base, avatarStyles, lobbyStyles];

  @data call: CallState | undefined;
  @data options: ViewOptions = DEFAULT_OPTIONS;
  @data level: LevelOf = () => 0;
  @data strings: Strings = en;
  /** What has been typed; before that, the name that the page gave. */
  @state() private _typed: string | undefined;

  constructor() {
    super();
    new Picture(this, () => this.call?.local.stream);
  }

  get #name(): string {
    return this._typed ?? this.call?.local.name ?? '';
  }

  protected override render(): TemplateResult | typeof nothing {
    const { call, strings, options } = this;
    if (!call) return nothing;
    return html`<form class="lobby" part="lobby" @submit=${this.#handleJoin}>
      ${options.viewOnly ? nothing : this.#renderPreview(call)}
      <div class="side">
        <div class="head">
          <h2>${strings.lobbyTitle}</h2>
          ${call.room ? html`<p class="hint room">${strings.room}: <bdi>${call.room}</bdi></p>` : nothing}
          <slot name="lobby"></slot>
          ${options.viewOnly ? html`<p class="hint">${strings.watchOnly}</p>` : nothing}
          ${options.audioOnly && !options.viewOnly ? html`<p class="hint">${strings.listenOnly}</p>` : nothing}
        </div>
        ${this.#renderProblems(call)}
        <div class="entry">
          <label class="field">
            <span>${strings.yourName}</span>
            <input
              name="name"
              autocomplete="nickname"
              dir="auto"
              maxlength=${LIMITS.name}
              placeholder=${strings.namePlaceholder}
              .value=${this.#name}
              @input=${this.#handleName}
            />
          </label>
          <button class="primary join" part="join">${strings.join}</button>
        </div>
        ${options.viewOnly ? nothing : this.#renderDevices(call)}
        <p class="hint network" role="status" data-network=${call.network ?? nothing}>
          ${call.network && strings.network[call.network]}
        </p>
        ${call.fits && html`<p class="hint">${fill(strings.fits, { ...call.fits })}</p>`}
      </div>
    </form>`;
  }

  #renderPreview(call: CallState): TemplateResult {
    const { strings, options } = this;
    const isOn = call.local.camera === 'on' && !options.audioOnly;
    return html`<div class="preview" part="preview">
      ${
        isOn
          ? html`<video autoplay playsinline aria-hidden="true" .muted=${true}></video>`
          : html`<div class="off">
              ${avatar(call.local.id, this.#name.trim() || nameOf(strings, call.local))}
              ${options.audioOnly ? nothing : html`<p>${call.pending.camera ? strings.opening : strings.cameraIsOff}</p>`}
            </div>`
      }
      <div class="toggles">
        ${this.#renderToggle('microphone', call)}
        ${options.audioOnly ? nothing : this.#renderToggle('camera', call)}
      </div>
    </div>`;
  }

  #renderToggle(name: 'microphone' | 'camera', call: CallState): TemplateResult | typeof nothing {
    const { strings } = this;
    if (!this.options.controls.includes(name)) return nothing;
    const isOn = call.local[name] === 'on';
    const isBusy = call.pending[name];
    const icons = { microphone: ['micOff', 'mic'], camera: ['cameraOff', 'camera'] } as const;
    return html`<button
      type="button"
      class="round toggle"
      data-control=${name}
      aria-label=${strings[name]}
      aria-pressed=${isOn}
      aria-busy=${isBusy}
      aria-disabled=${isBusy}
      title=${strings[`${name}${isOn ? 'Off' : 'On'}`]}
      @click=${() => {
        if (!isBusy) request(this, name, { on: !isOn });
      }}
    >
      ${isBusy ? html`<i class="spinner"></i>` : icon(icons[name][isOn ? 1 : 0])}
    </button>`;
  }

  #renderProblems(call: CallState): TemplateResult {
    const problems = call.notices.filter(isDeviceNotice);
    return html`<div role="alert" class="problems ${problems.length > 0 ? 'has' : ''}">
      ${problems.map(
        (notice) =>
          html`<p class="problem" data-code=${notice.code}>
            ${icon('warning')}<span>${errorText(this.strings, notice.code, notice.detail)}</span>
          </p>`,
      )}${
        problems.some((notice) => notice.code !== 'insecure-context')
          ? html`<button
              type="button"
              class="retry"
              @click=${() => request(this, 'retry-devices', {})}
            >
              ${this.strings.tryAgain}
            </button>`
          : nothing
      }
    </div>`;
  }

  #renderDevices(call: CallState): TemplateResult {
    const { strings, options } = this;
    return html`<div class="devices">
      ${microphoneSelect(call, this.level, strings)}
      ${options.audioOnly ? nothing : deviceSelect('camera', call.devices, strings)}
      ${options.canChooseSpeaker ? deviceSelect('speaker', call.devices, strings) : nothing}
    </div>`;
  }

  readonly #handleName = (event: Event): void => {
    this._typed = (event.target as HTMLInputElement).value;
  };

  readonly #handleJoin = (event: Event): void => {
    event.preventDefault();
    request(this, 'join', { name: this.#name.trim() });
  };
}
define('video-call-lobby', CallLobby);
