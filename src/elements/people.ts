import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { state } from 'lit/decorators.js';
import { request } from '../call/requests.ts';
import type { Knock, Participant } from '../call/state.ts';
import { ModerationWords } from '../controllers/moderation-words.ts';
import { en, fill, nameOf, type Strings } from '../i18n/index.ts';
import { avatar, avatarStyles } from './avatar.ts';
import { base } from './base.styles.ts';
import { data } from './data.ts';
import { define } from './define.ts';
import { ControlEvent } from './events.ts';
import { icon } from './icons.ts';
import './knocks.ts';
import { panel } from './panel.styles.ts';
import { peopleStyles } from './people.styles.ts';
import { peopleWords } from './people.words.ts';
import { Questions } from './questions.ts';

/**
 * @summary Everybody in the call, with microphone, camera and connection; for moderators, what they may do about it.
 *
 * @csspart people - the list
 */
export class CallPeople extends LitElement {
  static override styles = [base, panel, avatarStyles, peopleStyles];

  @data participants: readonly Participant[] = [];
  @data knocks: readonly Knock[] = [];
  @data isLocked = false;
  @data strings: Strings = en;
  /** Whose actions are open. */
  @state() private _menu = '';
  readonly #moderation = new ModerationWords(this);
  readonly #questions = new Questions(this);

  protected override firstUpdated(): void {
    this.renderRoot.querySelector('button')?.focus();
  }

  protected override render(): TemplateResult {
    const { strings, participants } = this;
    const own = peopleWords(strings.lang);
    const isModerator = participants.some((one) => one.isLocal && one.role === 'moderator');
    return html`<div class="head">
        <h2>${strings.people}</h2>
        <button
          class="plain round"
          aria-label=${strings.close}
          @click=${() => this.dispatchEvent(new ControlEvent('people'))}
        >
          ${icon('close')}
        </button>
      </div>
      ${this.knocks.length > 0 ? this.#renderKnocks() : nothing}
      <p class="count hint">${fill(own.count, { n: participants.length })}</p>
      <ul class="body" part="people" role="list" tabindex="0" aria-label=${strings.people}>
        ${repeat(
          participants,
          (person) => person.id,
          (person) => this.#renderPerson(person, isModerator),
        )}
      </ul>
      ${isModerator ? this.#renderFoot() : this.#renderLocked()}`;
  }

  #renderKnocks(): TemplateResult {
    const { words } = this.#moderation;
    const title = fill(words.waiting, { n: this.knocks.length });
    return html`<div class="waiting">
      <h3>${title}</h3>
      <ul role="list" aria-label=${title}>
        ${repeat(
          this.knocks,
          (knock) => knock.id,
          (knock) => {
            const name = nameOf(this.strings, knock);
            return html`<li>
              ${avatar(knock.id, name)}
              <div class="who"><bdi>${name}</bdi></div>
              <div class="buttons">${this.#questions.knock(knock.id, name, words)}</div>
            </li>`;
          },
        )}
      </ul>
    </div>`;
  }

  #renderPerson(person: Participant, isModerator: boolean): TemplateResult {
    const { strings } = this;
    const own = peopleWords(strings.lang);
    const { words } = this.#moderation;
    const name = nameOf(strings, person);
    const [connection, isBad] = this.#connection(person);
    const role = person.role === 'member' ? '' : words[person.role];
    const described = [role, connection].filter((word) => word !== '').join(' · ');
    const hasMenu = !person.isLocal;
    const isOpen = hasMenu && this._menu === person.id;
    const device = (kind: 'microphone' | 'camera'): TemplateResult => {
      const isOn = person[kind] === 'on';
      const icons = { microphone: ['micOff', 'mic'], camera: ['cameraOff', 'camera'] } as const;
      return html`${icon(icons[kind][isOn ? 1 : 0])}<span class="hidden"
          >${strings[kind]}: ${isOn ? own.on : own.off}</span
        >`;
    };
    return html`<li class=${person.isSpeaking ? 'speaking' : ''} data-id=${person.id}>
        ${avatar(person.id, name)}
        <div class="who">
          <bdi>${person.isLocal ? fill(own.youNamed, { name }) : name}</bdi>
          <span class=${isBad ? 'warn' : ''}>${described}</span>
        </div>
        <div class="states">
          ${person.handRaised ? html`<span aria-hidden="true">✋</span><span class="hidden">${strings.handRaised}</span>` : ''}
          ${person.screen === 'on' ? html`${icon('screen')}<span class="hidden">${strings.screen}</span>` : ''}
          ${device('microphone')} ${device('camera')}
        </div>
        ${
          hasMenu
            ? html`<button
                class="plain round"
                aria-label=${fill(words.actions, { name })}
                aria-expanded=${isOpen}
                @click=${() => {
                  this._menu = isOpen ? '' : person.id;
                  this.#questions.forget();
                }}
              >
                ${icon('more')}
              </button>`
            : nothing
        }
      </li>
      ${isOpen ? this.#renderMenu(person, name, isModerator) : nothing}`;
  }

  #renderMenu(
    { id, microphone, isVideoStopped }: Participant,
    name: string,
    isModerator: boolean,
  ): TemplateResult {
    const { words } = this.#moderation;
    const isMuted = microphone === 'off';
    return html`<li class="menu">
      ${
        this.#questions.about === id
          ? this.#questions.question(fill(words.removeSure, { name }), words.remove, {
              action: 'remove',
              id,
            })
          : html`<div class="buttons" role="group" aria-label=${fill(words.actions, { name })}>
              <button @click=${() => request(this, 'video', { id, on: isVideoStopped })}>
                ${icon(isVideoStopped ? 'camera' : 'cameraOff')}${isVideoStopped ? words.showVideo : words.hideVideo}
              </button>
              ${
                isModerator
                  ? html`<button
                        aria-disabled=${isMuted}
                        @click=${() => {
                          if (!isMuted) request(this, 'moderate', { action: 'mute', id });
                        }}
                      >
                        ${icon('micOff')}${isMuted ? words.isMuted : words.mute}
                      </button>
                      <button @click=${() => this.#questions.ask(id)}>
                        ${icon('leave')}${words.remove}
                      </button>`
                  : nothing
              }
            </div>`
      }
    </li>`;
  }

  #renderFoot(): TemplateResult {
    const { words } = this.#moderation;
    return html`<div class="foot">
      <button
        class="switch"
        role="switch"
        aria-checked=${this.isLocked}
        @click=${() => request(this, 'moderate', { action: 'lock', on: !this.isLocked })}
      >
        <span>${words.lock}<span>${words.lockHint}</span></span
        ><i></i>
      </button>
      ${
        this.#questions.about === 'end'
          ? this.#questions.question(words.endSure, words.end, { action: 'end' })
          : html`<button class="end" @click=${() => this.#questions.ask('end')}>
              ${words.end}
            </button>`
      }
    </div>`;
  }

  #renderLocked(): TemplateResult | typeof nothing {
    if (!this.isLocked) return nothing;
    return html`<p class="foot hint">${this.#moderation.words.lockedHint}</p>`;
  }

  #connection(person: Participant): [words: string, isBad: boolean] {
    const { strings } = this;
    if (person.isLocal) return ['', false];
    switch (person.connection) {
      case 'connecting':
        return [strings.connecting, false];
      case 'reconnecting':
        return [strings.reconnecting, true];
      case 'failed':
        return [fill(strings.saidFailed, { name: nameOf(strings, person) }), true];
      case 'connected':
        return person.quality <= 2
          ? [strings.poor, true]
          : [peopleWords(strings.lang)[person.isSpeaking ? 'speaking' : 'connected'], false];
    }
  }
}
define('video-call-people', CallPeople);
