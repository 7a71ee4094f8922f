import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Participant } from '../call/state.ts';
import { en, fill, nameOf, type Strings } from '../i18n/index.ts';
import { avatar, avatarStyles, hueOf } from './avatar.ts';
import { base } from './base.styles.ts';
import { data } from './data.ts';
import { define } from './define.ts';
import { PinEvent } from './events.ts';
import { icon } from './icons.ts';
import { setStyle } from './set-style.ts';
import { Picture } from './play.ts';
import { tileStyles } from './tile.styles.ts';

/**
 * @summary One person's camera, or one person's screen.
 *
 * @csspart tile - the box of a camera or a screen
 * @csspart tile-label - the name on a tile
 * @csspart avatar - the initials of somebody whose camera is off
 */
export class CallTile extends LitElement {
  static override styles = [base, avatarStyles, tileStyles];

  @data participant: Participant | undefined;
  @data kind: 'camera' | 'screen' = 'camera';
  @data strings: Strings = en;
  @property({ type: Boolean }) pinned = false;
  @property({ type: Boolean }) pinnable = false;
  @property({ type: Boolean, attribute: 'no-label' }) noLabel = false;
  /** Width divided by height of the tile. */
  @data aspect = 1;
  /** Width divided by height of the picture; 0 before the first one. */
  @state() private _picture = 0;

  constructor() {
    super();
    new Picture(this, () => this.#stream);
  }

  protected override willUpdate(): void {
    if (!this.#hasVideo) this._picture = 0;
  }

  get #hasVideo(): boolean {
    if (this.participant?.isVideoStopped) return false;
    return this.kind === 'screen' ? !!this.#stream : this.participant?.camera === 'on';
  }

  get #stream(): MediaStream | undefined {
    return this.kind === 'screen' ? this.participant?.screenStream : this.participant?.stream;
  }

  get #name(): string {
    const { participant, strings } = this;
    if (this.kind === 'screen') {
      return participant?.isLocal
        ? strings.yourScreen
        : fill(strings.screenOf, { name: nameOf(strings, participant) });
    }
    return participant?.isLocal ? strings.you : nameOf(strings, participant);
  }

  protected override render(): TemplateResult | typeof nothing {
    const person = this.participant;
    if (!person) return nothing;
    const isCamera = this.kind === 'camera';
    const hasVideo = this.#hasVideo;
    const isMuted = isCamera && person.microphone === 'off' && person.role !== 'viewer';
    const classes = [
      'tile',
      person.connection,
      isCamera ? '' : 'screen',
      isCamera && person.isSpeaking && person.microphone === 'on' ? 'speaking' : '',
      hasVideo && this._picture > 0 ? 'ready' : '',
      isCamera && person.isLocal ? 'mirrored' : '',
      // A telephone's upright picture loses the face when it has to fill a wide tile.
      !isCamera || (this._picture < 1 && this.aspect / this._picture > 1.9) ? 'whole' : '',
    ];
    const hasHand = isCamera && person.handRaised;
    const label = [
      this.#name,
      hasHand ? this.strings.handRaised : '',
      isMuted ? this.strings.muted : '',
      this.#status,
    ].filter(Boolean);
    return html`<div
      class=${classes.join(' ')}
      part="tile"
      role="group"
      aria-label=${label.join(', ')}
      style=${setStyle({ '--_hue': `${hueOf(person.id)}` })}
      @dblclick=${this.#handlePin}
    >
      ${hasVideo ? this.#renderVideo() : nothing} ${this.#renderCenter(person)}
      ${this.noLabel ? nothing : this.#renderLabel(person, isMuted, hasHand)}
      ${isCamera && person.reaction ? html`<div class="reaction" aria-hidden="true">${person.reaction.emoji}</div>` : nothing}
      ${this.pinnable ? this.#renderPin() : nothing}
    </div>`;
  }

  #renderVideo(): TemplateResult {
    return html`<video
      autoplay
      playsinline
      disablepictureinpicture
      aria-hidden="true"
      .muted=${true}
      @loadeddata=${this.#handlePicture}
      @resize=${this.#handlePicture}
    ></video>`;
  }

  get #status(): string {
    const { participant, strings } = this;
    if (participant?.isLocal) return '';
    switch (participant?.connection) {
      case 'connecting':
        return strings.connecting;
      case 'reconnecting':
        return strings.reconnecting;
      case 'failed':
        return fill(strings.unreachable, { name: nameOf(strings, participant) });
      default:
        return '';
    }
  }

  #renderCenter(person: Participant): TemplateResult {
    const status = this.#status;
    return html`<div class="center" aria-hidden="true">
      ${this.kind === 'camera' ? avatar(person.id, nameOf(this.strings, person)) : icon('screen')}
      ${
        status
          ? html`<p class="status">
              ${person.connection === 'failed' ? icon('warning') : html`<i class="spinner"></i>`}
              <bdi>${status}</bdi>
            </p>`
          : nothing
      }
    </div>`;
  }

  #renderLabel(person: Participant, isMuted: boolean, hasHand: boolean): TemplateResult {
    const isPoor = !person.isLocal && person.connection === 'connected' && person.quality <= 1;
    return html`<div class="label" part="tile-label" aria-hidden="true">
      ${hasHand ? html`<span>✋</span>` : nothing}${isMuted ? icon('micOff') : nothing}${this.kind === 'screen' ? icon('screen') : nothing}
      <bdi>${this.#name}</bdi>
      ${isPoor ? html`<span class="poor" title=${this.strings.poor}>${icon('signal')}</span>` : nothing}
    </div>`;
  }

  #renderPin(): TemplateResult {
    const text = fill(this.pinned ? this.strings.unpin : this.strings.pin, { name: this.#name });
    return html`<button
      class="pin round"
      aria-label=${text}
      title=${text}
      @click=${this.#handlePin}
      @dblclick=${(event: Event) => event.stopPropagation()}
    >
      ${icon('pin')}
    </button>`;
  }

  readonly #handlePin = (): void => {
    if (this.pinnable) this.dispatchEvent(new PinEvent());
  };

  readonly #handlePicture = (event: Event): void => {
    const video = event.target as HTMLVideoElement;
    this._picture = video.videoHeight ? video.videoWidth / video.videoHeight : 0;
  };
}
define('video-call-tile', CallTile);
