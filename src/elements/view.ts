import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import { isInCall, type CallState, type CallStatus, type Notice } from '../call/state.ts';
import { en, loadStrings, type Strings } from '../i18n/index.ts';
import { base } from './base.styles.ts';
import { data } from './data.ts';
import { define } from './define.ts';
import './lobby.ts';
import { isDeviceNotice } from './notices.ts';
import { CONTROL_NAMES, DEFAULT_OPTIONS, type LevelOf, type ViewOptions } from './options.ts';
import './room.ts';
import './screen.ts';
import { theme } from './theme.styles.ts';
import { viewStyles } from './view.styles.ts';

const ROOM_PARTS = [
  'stage, tile, tile-label, avatar, pager, tap-to-hear, knock, panel, dialog, reactions, chat, message, people, settings',
  'controls, control, control-more',
  ...CONTROL_NAMES.map((name) => `control-${name}`),
].join();

/** For `exportparts` on the view, so that a page can style the parts of the call. */
export const VIEW_PARTS = `root, lobby, preview, join, screen, notice, ${ROOM_PARTS}`;

const RECONNECTING: Notice = { code: 'reconnecting', kind: 'warning', detail: '' };

type ScreenName = 'lobby' | 'room' | 'screen';

function screenOf(status: CallStatus | undefined): ScreenName {
  if (status === 'lobby') return 'lobby';
  return isInCall(status) ? 'room' : 'screen';
}

/** Something has to be said for which most calls need no words. */
const hasSpecial = (call: CallState | undefined, { codes }: Strings): boolean =>
  call?.status === 'waiting' ||
  [call?.error, ...(call?.notices ?? [])].some((one) => one && !(one.code in codes));

/**
 * @summary Everything that a caller sees, for one state of the call. It only asks (`CallRequestEvent`); it does nothing.
 *
 * @slot lobby - words of the page above the name in the lobby
 * @slot alone - shown while nobody else is in the call, instead of the hint to send the link
 * @slot left - words of the page after the call
 * @csspart root - the whole view
 * @cssproperty [--video-call-accent] - buttons that matter, the speaking ring, one's own messages
 * @cssproperty [--video-call-accent-text=#fff] - words on the accent
 * @cssproperty [--video-call-background] - behind the tiles
 * @cssproperty [--video-call-surface] - panels, dialogs, notices
 * @cssproperty [--video-call-text] - words
 * @cssproperty [--video-call-muted] - words that matter less
 * @cssproperty [--video-call-danger] - the leave button
 * @cssproperty [--video-call-danger-text=#fff] - words on it
 * @cssproperty [--video-call-radius=14px] - corners of tiles and panels
 * @cssproperty [--video-call-font] - font family
 */
export class CallView extends LitElement {
  static override styles = [base, theme, viewStyles];

  @data state: CallState | undefined;
  @data options: ViewOptions = DEFAULT_OPTIONS;
  @data level: LevelOf = () => 0;
  @state() private _strings: Strings = en;
  @query('.root') private readonly _root!: HTMLElement | null;
  #lang = '';
  #isSpecial = false;
  #movesFocus = false;

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { lang } = this.options;
    const isSpecial =
      this.#isSpecial || (changed.has('state') && hasSpecial(this.state, this._strings));
    if (lang !== this.#lang || isSpecial !== this.#isSpecial) void this.#translate(lang, isSpecial);
    const before = changed.get('state');
    this.#movesFocus =
      before !== undefined &&
      screenOf(before.status) !== screenOf(this.state?.status) &&
      !!this.shadowRoot?.activeElement;
  }

  protected override updated(): void {
    // The button that was pressed has gone with its screen: keyboard and screen reader go on from the new one.
    if (this.#movesFocus) this._root?.focus({ preventScroll: true });
  }

  protected override render(): TemplateResult | typeof nothing {
    const { state: call, options, _strings: strings } = this;
    if (!call) return nothing;
    return html`<div
      class="root ${options.theme}"
      part="root"
      role="region"
      aria-label=${strings.call}
      lang=${strings.lang}
      dir=${strings.dir}
      tabindex="-1"
    >
      ${this.#renderScreen(call)}
      <video-call-notices
        exportparts="notice"
        .notices=${this.#notices(call)}
        .strings=${strings}
      ></video-call-notices>
    </div>`;
  }

  #renderScreen(call: CallState): TemplateResult {
    const { options, level, _strings: strings } = this;
    switch (screenOf(call.status)) {
      case 'lobby':
        return html`<video-call-lobby
          exportparts="lobby, preview, join, avatar"
          .call=${call}
          .options=${options}
          .level=${level}
          .strings=${strings}
          ><slot name="lobby" slot="lobby"></slot
        ></video-call-lobby>`;
      case 'room':
        return html`<video-call-room
          exportparts=${ROOM_PARTS}
          .call=${call}
          .options=${options}
          .level=${level}
          .strings=${strings}
          ><slot name="alone" slot="alone"></slot
        ></video-call-room>`;
      case 'screen':
        return html`<video-call-screen exportparts="screen" .call=${call} .strings=${strings}
          ><slot name="left" slot="left"></slot
        ></video-call-screen>`;
    }
  }

  #notices({ status, notices }: CallState): readonly Notice[] {
    if (status === 'lobby') return notices.filter((notice) => !isDeviceNotice(notice));
    const isSaid = notices.some((notice) => notice.code === RECONNECTING.code);
    return status === 'reconnecting' && !isSaid ? [RECONNECTING, ...notices] : notices;
  }

  async #translate(lang: string, isSpecial: boolean): Promise<void> {
    this.#lang = lang;
    this.#isSpecial = isSpecial;
    const strings = await loadStrings(lang, isSpecial);
    if (this.#lang !== lang || this.#isSpecial !== isSpecial) return;
    this._strings = strings;
    // Words that could not be loaded are asked for again with the next news of the call.
    this.#isSpecial = strings.moderation !== undefined;
  }
}
define('video-call-view', CallView);

declare global {
  interface HTMLElementTagNameMap {
    'video-call-view': CallView;
  }
}
