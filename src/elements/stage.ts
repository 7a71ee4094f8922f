import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { request } from '../call/requests.ts';
import type { Participant } from '../call/state.ts';
import type { ShownPicture } from '../call/views.ts';
import { SizeController } from '../controllers/size.ts';
import { VisibilityController } from '../controllers/visibility.ts';
import { en, fill, type Strings } from '../i18n/index.ts';
import type { Rect } from '../layout/grid.ts';
import {
  arrange,
  type LayoutChoice,
  type Placement,
  type StageItem,
  type StageLayout,
} from '../layout/stage.ts';
import './alone.ts';
import { base } from './base.styles.ts';
import { data } from './data.ts';
import { define } from './define.ts';
import { icon } from './icons.ts';
import { setStyle } from './set-style.ts';
import { stageStyles } from './stage.styles.ts';
import './tile.ts';

interface Shown extends StageItem {
  readonly person: Participant;
}

/**
 * @summary Everybody's tiles, arranged for the room that there is.
 *
 * @slot alone - what is shown as long as nobody else is in the call, instead of the hint to send the link
 * @csspart pager - the buttons that page a crowd
 */
export class CallStage extends LitElement {
  static override styles = [base, stageStyles];

  @data local: Participant | undefined;
  @data remote: readonly Participant[] = [];
  @data speakerId = '';
  @data layout: LayoutChoice = 'auto';
  @data strings: Strings = en;
  /** The caller sends nothing and needs no tile. */
  @data viewOnly = false;
  @state() private _pinned = '';
  @state() private _page = 0;
  @state() private _isHinted = true;
  readonly #size = new SizeController(this);
  readonly #visibility = new VisibilityController(this);
  #items: readonly Shown[] = [];
  /** Undefined without a box. */
  #arranged: StageLayout | undefined;
  /** What was last told of what is on the screen. */
  #told = '';
  #sizeBefore = '';
  #moves = false;
  #lastSpeaker = '';

  protected override willUpdate(): void {
    const size = `${this.#size.width} ${this.#size.height}`;
    this.#moves = size === this.#sizeBefore;
    this.#sizeBefore = size;
    if (this.speakerId !== this.local?.id) this.#lastSpeaker = this.speakerId;
    this.#items = this.#listItems();
    const { width, height } = this.#size;
    this.#arranged =
      width === 0
        ? undefined
        : arrange({
            items: this.#items,
            width,
            height,
            layout: this.layout,
            speakerId: this.#lastSpeaker,
            pinned: this._pinned,
            page: this._page,
          });
  }

  /** The others send what is shown of them, and no more. */
  protected override updated(): void {
    const all = this.#shownPictures();
    const own = all?.find(({ id }) => id === this.local?.id);
    const pictures = all?.filter((picture) => picture !== own);
    const told = JSON.stringify([pictures, own]);
    if (told === this.#told) return;
    this.#told = told;
    request(this, 'view', { pictures, ownLines: own ? own.height : 0 });
  }

  /** Undefined without a box: then the page may show the streams by itself. */
  #shownPictures(): readonly ShownPicture[] | undefined {
    const arranged = this.#arranged;
    if (!arranged) return undefined;
    if (!this.#visibility.isVisible) return [];
    const density = globalThis.devicePixelRatio;
    return this.#items.flatMap(({ key, participantId: id, kind }): ShownPicture[] => {
      const place = arranged.places.get(key);
      if (!place) return [];
      const isMain = place.role === 'main' || this.remote.length === 1;
      return [
        {
          id,
          kind,
          width: Math.round(place.width * density),
          height: Math.round(place.height * density),
          isMain,
        },
      ];
    });
  }

  #listItems(): Shown[] {
    const people = [...this.remote];
    if (this.local && !this.viewOnly) people.push(this.local);
    return people.flatMap((person): Shown[] => {
      const item = { person, participantId: person.id, isLocal: person.isLocal };
      const camera: Shown = { ...item, key: person.id, kind: 'camera' };
      return person.screen === 'on' && person.screenStream
        ? [{ ...item, key: `${person.id} screen`, kind: 'screen' }, camera]
        : [camera];
    });
  }

  protected override render(): TemplateResult {
    if (!this.#arranged) return html``;
    const { pager, page, pages, places } = this.#arranged;
    const isAlone = this.remote.length === 0;
    const shown = this.#items.filter((item) => places.has(item.key));
    return html`
      <div class="tiles ${this.#moves ? 'moves' : ''}" @video-call-pin=${this.#handlePin}>
        ${repeat(
          shown,
          (item) => item.key,
          (item) => this.#renderTile(item, places.get(item.key), isAlone, this.#items.length > 1),
        )}
      </div>
      ${pager ? this.#renderPager(pager, page, pages) : nothing}
      ${
        isAlone
          ? html`<slot name="alone" @slotchange=${this.#handleSlot}></slot>${
                this._isHinted
                  ? html`<video-call-alone .strings=${this.strings}></video-call-alone>`
                  : nothing
              }`
          : nothing
      }
    `;
  }

  #renderTile(
    item: Shown,
    place: Placement | undefined,
    isAlone: boolean,
    isPinnable: boolean,
  ): TemplateResult | typeof nothing {
    if (!place) return nothing;
    const isSmall = place.role === 'self';
    return html`<video-call-tile
      class=${place.role}
      style=${setStyle({
        'inset-inline-start': `${place.x}px`,
        'inset-block-start': `${place.y}px`,
        width: `${place.width}px`,
        height: `${place.height}px`,
      })}
      data-key=${item.key}
      exportparts="tile, tile-label, avatar"
      .participant=${item.person}
      .kind=${item.kind}
      .strings=${this.strings}
      .aspect=${place.width / place.height}
      ?pinned=${this._pinned === item.key}
      ?pinnable=${isPinnable && !isSmall}
      ?no-label=${isAlone || isSmall}
    ></video-call-tile>`;
  }

  #renderPager(place: Rect, page: number, pages: number): TemplateResult {
    const { strings } = this;
    return html`<div
      class="pager"
      part="pager"
      style=${setStyle({
        'inset-inline-start': `${place.x}px`,
        'inset-block-start': `${place.y}px`,
        width: `${place.width}px`,
        height: `${place.height}px`,
      })}
    >
      <button
        class="round plain"
        aria-label=${strings.previousPage}
        aria-disabled=${page === 0}
        @click=${() => this.#turn(page - 1, pages)}
      >
        ${icon('previous')}
      </button>
      <span role="status">
        <span aria-hidden="true">${page + 1}/${pages}</span>
        <span class="hidden">${fill(strings.page, { n: page + 1, all: pages })}</span>
      </span>
      <button
        class="round plain"
        aria-label=${strings.nextPage}
        aria-disabled=${page === pages - 1}
        @click=${() => this.#turn(page + 1, pages)}
      >
        ${icon('next')}
      </button>
    </div>`;
  }

  #turn(page: number, pages: number): void {
    this._page = Math.max(0, Math.min(page, pages - 1));
  }

  // A slot that is only passed on counts as filled: what is really in it has to be asked for.
  readonly #handleSlot = (event: Event): void => {
    const slot = event.currentTarget as HTMLSlotElement;
    this._isHinted = slot.assignedNodes({ flatten: true }).length === 0;
  };

  readonly #handlePin = (event: Event): void => {
    const key = event.target instanceof HTMLElement ? (event.target.dataset['key'] ?? '') : '';
    this._pinned = this._pinned === key ? '' : key;
  };
}
define('video-call-stage', CallStage);
