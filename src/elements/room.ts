import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import type { CallState } from '../call/state.ts';
import { announcements } from '../controllers/announcements.ts';
import { SizeController } from '../controllers/size.ts';
import { countUnread } from '../controllers/unread.ts';
import { en, type Strings } from '../i18n/index.ts';
import type { LayoutChoice } from '../layout/stage.ts';
import { base } from './base.styles.ts';
import './controls.ts';
import { data } from './data.ts';
import { define } from './define.ts';
import type { ControlEvent, LayoutEvent } from './events.ts';
import { icon } from './icons.ts';
import { isLazy, load, type LazyPart } from './lazy.ts';
import { DEFAULT_OPTIONS, isWatching, type LevelOf, type ViewOptions } from './options.ts';
import { roomStyles } from './room.styles.ts';
import './sound.ts';
import './stage.ts';

type Panel = 'chat' | 'people';
const isPanel = (part: LazyPart): part is Panel => part === 'chat' || part === 'people';

/** Narrower than this, a panel covers the pictures instead of standing beside them. */
const WIDE = 760;

/**
 * @summary The call itself: stage, sound, controls, panels.
 *
 * @slot alone - see `<video-call-stage>`
 * @csspart panel - the box of chat or people
 * @csspart dialog - the box of the settings
 * @csspart reactions - the box of the reactions
 */
export class CallRoom extends LitElement {
  static override styles = [base, roomStyles];

  @data call: CallState | undefined;
  @data options: ViewOptions = DEFAULT_OPTIONS;
  @data level: LevelOf = () => 0;
  @data strings: Strings = en;
  /** The one that was opened last is the last. */
  @state() private _open: readonly LazyPart[] = [];
  @state() private _layout: LayoutChoice | undefined;
  @state() private _loaded: ReadonlySet<LazyPart> = new Set();
  @state() private _failed: LazyPart | undefined;
  @query('video-call-controls') private readonly _controls!:
    HTMLElementTagNameMap['video-call-controls'] | null;
  @query('.said') private readonly _said!: HTMLElement | null;
  readonly #size = new SizeController(this);
  #lastSeenId = '';

  protected override willUpdate(changed: PropertyValues<this>): void {
    // The page's attribute wins again when it changes.
    if (changed.has('options') && changed.get('options')?.layout !== this.options.layout)
      this._layout = undefined;
    if (this.#panel === 'chat' && this._loaded.has('chat'))
      this.#lastSeenId = this.call?.messages.at(-1)?.id ?? '';
  }

  protected override updated(changed: PropertyValues<this>): void {
    const { call, strings } = this;
    if (!call || !changed.has('call')) return;
    const before = changed.get('call');
    // The people panel brings what tells of them. What cannot be loaded is asked for again with the next news of them.
    if (call.knocks.length > 0 && before?.knocks !== call.knocks) void this.#load('people');
    const said = announcements(before, call, strings, this.#panel === 'chat');
    // A new node for each: screen readers read what is added to a live region.
    for (const text of said) {
      const line = document.createElement('p');
      line.textContent = text;
      this._said?.append(line);
    }
    while ((this._said?.childElementCount ?? 0) > 20) this._said?.firstElementChild?.remove();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { call } = this;
    if (!call) return nothing;
    const panel = this.#panel;
    const hasSettings = this._open.includes('settings');
    const isWide = this.#size.width >= WIDE;
    const isCovered = hasSettings || (panel !== undefined && !isWide);
    return html`<div
      class="room ${isWide ? 'wide' : ''}"
      @video-call-control=${this.#handleControl}
      @video-call-layout=${this.#handleLayout}
      @keydown=${this.#handleKey}
    >
      <div class="main" ?inert=${isCovered}>${this.#renderMain(call)}</div>
      <aside
        part="panel"
        ?hidden=${panel === undefined}
        ?inert=${hasSettings}
        aria-label=${panel ? this.strings[panel] : nothing}
      >
        ${this.#renderChat(call)} ${panel === 'people' ? this.#renderPeople(call) : nothing}
        ${panel && !this._loaded.has(panel) ? this.#renderLoading(panel) : nothing}
      </aside>
      ${hasSettings ? this.#renderSettings(call) : nothing}
      <div class="hidden said" role="log" aria-live="polite" aria-relevant="additions"></div>
    </div>`;
  }

  get #panel(): Panel | undefined {
    return this._open.find(isPanel);
  }

  get #choice(): LayoutChoice {
    return this._layout ?? this.options.layout;
  }

  #renderMain(call: CallState): TemplateResult {
    const { strings } = this;
    const { controls, audioOnly, canShareScreen } = this.options;
    const isViewer = isWatching(this.options, call.local);
    const offered = controls.filter((name) => {
      if (name === 'microphone') return !isViewer;
      if (name === 'camera') return !isViewer && !audioOnly;
      return name !== 'screen' || (canShareScreen && !isViewer);
    });
    return html`<div class="stage">
        <video-call-stage
          part="stage"
          exportparts="tile, tile-label, avatar, pager"
          .local=${call.local}
          .remote=${call.remote}
          .speakerId=${call.speakerId}
          .layout=${this.#choice}
          .strings=${strings}
          .viewOnly=${isViewer}
          ><slot name="alone" slot="alone"></slot
        ></video-call-stage>
        <video-call-sound
          exportparts="tap-to-hear"
          .participants=${call.remote}
          .speaker=${call.devices.selected.speaker}
          .strings=${strings}
        ></video-call-sound>
        <video-call-knocks
          exportparts="knock"
          .knocks=${this.#panel === 'people' ? [] : call.knocks}
          .strings=${strings}
        ></video-call-knocks>
        ${this._open.includes('reactions') ? this.#renderReactions(call) : nothing}
      </div>
      <video-call-controls
        exportparts="controls, control, control-more, ${offered.map((name) => `control-${name}`).join()}"
        .controls=${offered}
        .local=${call.local}
        .pending=${call.pending}
        .open=${this._open}
        .unread=${countUnread(call.messages, this.#lastSeenId)}
        .isSpeakerLayout=${this.#choice === 'speaker'}
        .strings=${strings}
        @pointerover=${this.#fetchAhead}
        @focusin=${this.#fetchAhead}
      ></video-call-controls>`;
  }

  /** Stays when it is closed, with what has been typed and how far it was scrolled. */
  #renderChat(call: CallState): TemplateResult | typeof nothing {
    if (!this._loaded.has('chat')) return nothing;
    const isOpen = this.#panel === 'chat';
    return html`<video-call-chat
      exportparts="chat, message"
      ?hidden=${!isOpen}
      .isOpen=${isOpen}
      .messages=${call.messages}
      .strings=${this.strings}
    ></video-call-chat>`;
  }

  #renderPeople(call: CallState): TemplateResult | typeof nothing {
    if (!this._loaded.has('people')) return nothing;
    return html`<video-call-people
      exportparts="people, avatar"
      .participants=${[call.local, ...call.remote]}
      .knocks=${call.knocks}
      .isLocked=${call.isLocked}
      .strings=${this.strings}
    ></video-call-people>`;
  }

  #renderReactions({ local }: CallState): TemplateResult {
    return html`<div class="reactions" part="reactions">
      ${
        this._loaded.has('reactions')
          ? html`<video-call-reactions
              .isRaised=${local.handRaised}
              .strings=${this.strings}
            ></video-call-reactions>`
          : this.#renderLoading('reactions')
      }
    </div>`;
  }

  #renderSettings(call: CallState): TemplateResult {
    return html`<div class="cover">
      <div class="dialog" part="dialog" role="dialog" aria-label=${this.strings.settings}>
        ${
          this._loaded.has('settings')
            ? html`<video-call-settings
                exportparts="settings"
                .call=${call}
                .options=${this.options}
                .layout=${this.#choice}
                .level=${this.level}
                .strings=${this.strings}
              ></video-call-settings>`
            : this.#renderLoading('settings')
        }
      </div>
    </div>`;
  }

  #renderLoading(part: LazyPart): TemplateResult {
    const { strings } = this;
    const hasFailed = this._failed === part;
    return html`<div class="loading" role="status">
      ${hasFailed ? strings.loadFailed : html`<i class="spinner"></i>${strings.loading}`}
      ${hasFailed ? html`<button @click=${() => this.#load(part)}>${strings.tryAgain}</button>` : nothing}
      <button class="plain round" aria-label=${strings.close} @click=${() => this.#toggle(part)}>
        ${icon('close')}
      </button>
    </div>`;
  }

  /** Whoever comes near a button will soon want what it opens. */
  readonly #fetchAhead = (event: Event): void => {
    for (const node of event.composedPath()) {
      const name = node instanceof HTMLElement ? node.dataset['control'] : undefined;
      if (name !== undefined && isLazy(name)) void this.#load(name);
    }
  };

  async #load(part: LazyPart): Promise<void> {
    if (this._loaded.has(part)) return;
    this._failed = undefined;
    if (await load(part)) this._loaded = new Set([...this._loaded, part]);
    else this._failed = part;
  }

  #toggle(name: LazyPart): void {
    const isOpen = this._open.includes(name);
    // One panel gives way to the other.
    const others = this._open.filter((one) => one !== name && !(isPanel(one) && isPanel(name)));
    this._open = isOpen ? others : [...others, name];
    void this.#load(name);
    if (isOpen) void this.updateComplete.then(() => this._controls?.focusControl(name));
  }

  readonly #handleControl = (event: ControlEvent): void => {
    if (isLazy(event.control)) this.#toggle(event.control);
    else if (event.control === 'layout')
      this._layout = this.#choice === 'speaker' ? 'grid' : 'speaker';
  };

  readonly #handleLayout = (event: LayoutEvent): void => {
    this._layout = event.layout;
  };

  readonly #handleKey = (event: KeyboardEvent): void => {
    const open = this._open.at(-1);
    if (event.key !== 'Escape' || !open) return;
    event.stopPropagation();
    this.#toggle(open);
  };
}
define('video-call-room', CallRoom);
