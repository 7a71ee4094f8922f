import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { request } from '../call/requests.ts';
import type { CallState, Participant } from '../call/state.ts';
import { SizeController } from '../controllers/size.ts';
import { en, fill, type Strings } from '../i18n/index.ts';
import { fit, sizeFor } from '../layout/bar.ts';
import { base } from './base.styles.ts';
import { controlStyles } from './controls.styles.ts';
import { data } from './data.ts';
import { define } from './define.ts';
import { ControlEvent } from './events.ts';
import { icon, type IconName } from './icons.ts';
import { CONTROL_NAMES, type ControlName } from './options.ts';
import { setStyle } from './set-style.ts';

interface Button {
  readonly icon: IconName;
  /** What it is, the same in every state: the state is said by `pressed` or `expanded`. */
  readonly label: string;
  /** What a press does. */
  readonly tip?: string;
  readonly pressed?: boolean;
  readonly expanded?: boolean;
  readonly isBusy?: boolean;
  readonly badge?: number;
}

const IMPORTANCE: readonly ControlName[] = [
  'microphone',
  'camera',
  'leave',
  'chat',
  'screen',
  'people',
  'reactions',
  'settings',
  'layout',
];

/**
 * @summary The buttons of a call. What does not fit goes behind a "more" button.
 *
 * @csspart controls - the bar
 * @csspart control - one button of it; with its name as a second part, such as `control-microphone`
 */
export class CallControls extends LitElement {
  static override styles = [base, controlStyles];

  /** What is offered at all. */
  @data controls: readonly ControlName[] = CONTROL_NAMES;
  @data local: Participant | undefined;
  @data pending: CallState['pending'] | undefined;
  /** Which of the view's own things are open. */
  @data open: readonly ControlName[] = [];
  @data unread = 0;
  @data isSpeakerLayout = false;
  @data strings: Strings = en;
  @state() private _isMoreOpen = false;
  readonly #size = new SizeController(this);

  /** Puts the keyboard focus on a control, or on "more" when it is in there. */
  focusControl(name: ControlName): void {
    const { renderRoot: root } = this;
    const button = root.querySelector<HTMLElement>(`[data-control=${name}]`);
    (button ?? root.querySelector<HTMLElement>('.more'))?.focus();
  }

  protected override render(): TemplateResult {
    const size = sizeFor(this.#size.width);
    const names = CONTROL_NAMES.filter((name) => this.controls.includes(name));
    const [shown, hidden] = fit(names, IMPORTANCE, this.#size.width, size);
    const style = setStyle({ '--_size': `${size.button}px`, '--_gap': `${size.gap}px` });
    return html`<div
      class="bar"
      part="controls"
      role="group"
      aria-label=${this.strings.controls}
      style=${style}
    >
      ${shown.filter((name) => name !== 'leave').map((name) => this.#renderButton(name))}
      ${hidden.length > 0 ? this.#renderMore(hidden) : nothing}
      ${shown.includes('leave') ? this.#renderButton('leave') : nothing}
    </div>`;
  }

  #renderMore(hidden: readonly ControlName[]): TemplateResult {
    const { strings, _isMoreOpen: isOpen } = this;
    return html`<div class="anchor" @focusout=${this.#handleFocusOut} @keydown=${this.#handleKey}>
      <button
        class="control more"
        part="control control-more"
        aria-label=${strings.more}
        aria-expanded=${isOpen}
        data-tip=${strings.more}
        @click=${this.#handleMore}
      >
        ${icon('more')}${this.unread > 0 && hidden.includes('chat') ? html`<i class="dot"></i>` : nothing}
      </button>
      ${
        isOpen
          ? html`<div class="menu" role="group" aria-label=${strings.more} tabindex="-1">
              ${hidden.map((name) => this.#renderButton(name, true))}
            </div>`
          : nothing
      }
    </div>`;
  }

  #renderButton(name: ControlName, isInMenu = false): TemplateResult {
    const button = this.#describe(name);
    const label =
      button.badge && button.badge > 0
        ? `${button.label}, ${fill(this.strings.unread, { n: button.badge })}`
        : button.label;
    return html`<button
      class="control ${name} ${isInMenu ? 'item' : ''}"
      part="control control-${name}"
      data-control=${name}
      data-tip=${isInMenu ? nothing : (button.tip ?? button.label)}
      aria-label=${label}
      aria-pressed=${button.pressed ?? nothing}
      aria-expanded=${button.expanded ?? nothing}
      aria-busy=${button.isBusy ? 'true' : nothing}
      aria-disabled=${button.isBusy ? 'true' : nothing}
      @click=${() => this.#press(name, button)}
    >
      ${icon(button.icon)}${isInMenu ? html`<span>${button.tip ?? button.label}</span>` : nothing}
      ${button.badge ? html`<b class="badge">${button.badge > 99 ? '99+' : button.badge}</b>` : nothing}
    </button>`;
  }

  #describe(name: ControlName): Button {
    const { strings, local, pending, open } = this;
    const label = name === 'layout' ? strings.layoutSpeaker : strings[name];
    switch (name) {
      case 'microphone':
      case 'camera': {
        const isOn = local?.[name] === 'on';
        const icons = { microphone: ['micOff', 'mic'], camera: ['cameraOff', 'camera'] } as const;
        return {
          icon: icons[name][isOn ? 1 : 0],
          label,
          tip: strings[`${name}${isOn ? 'Off' : 'On'}`],
          pressed: isOn,
          isBusy: pending?.[name] === true,
        };
      }
      case 'screen': {
        const isOn = local?.screen === 'on';
        const tip = isOn ? strings.screenOff : strings.screenOn;
        return { icon: name, label, tip, pressed: isOn, isBusy: pending?.screen === true };
      }
      case 'chat':
        return { icon: name, label, expanded: open.includes(name), badge: this.unread };
      case 'layout':
        return {
          icon: name,
          label,
          tip: this.isSpeakerLayout ? strings.layoutGrid : label,
          pressed: this.isSpeakerLayout,
        };
      case 'leave':
        return { icon: name, label };
      default:
        return { icon: name, label, expanded: open.includes(name) };
    }
  }

  #press(name: ControlName, button: Button): void {
    if (button.isBusy) return;
    // What opens takes the focus with it.
    if (this._isMoreOpen) this.#closeMore(button.expanded === undefined);
    switch (name) {
      case 'microphone':
      case 'camera':
      case 'screen':
        request(this, name, { on: !button.pressed });
        break;
      case 'leave':
        request(this, 'leave', {});
        break;
      default:
        this.dispatchEvent(new ControlEvent(name));
    }
  }

  readonly #handleMore = async (): Promise<void> => {
    this._isMoreOpen = !this._isMoreOpen;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('.menu button')?.focus();
  };

  readonly #handleFocusOut = (event: FocusEvent): void => {
    const { currentTarget, relatedTarget } = event;
    const isInside =
      currentTarget instanceof Node &&
      relatedTarget instanceof Node &&
      currentTarget.contains(relatedTarget);
    if (!isInside) this._isMoreOpen = false;
  };

  readonly #handleKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !this._isMoreOpen) return;
    event.stopPropagation();
    this.#closeMore(true);
  };

  #closeMore(keepsFocus: boolean): void {
    this._isMoreOpen = false;
    if (keepsFocus) this.renderRoot.querySelector<HTMLElement>('.more')?.focus();
  }
}
define('video-call-controls', CallControls);

declare global {
  interface HTMLElementTagNameMap {
    'video-call-controls': CallControls;
  }
}
