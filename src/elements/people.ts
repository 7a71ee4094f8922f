import { css, html, LitElement, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Participant } from '../call/state.ts';
import { en, fill, nameOf, type Strings } from '../i18n/index.ts';
import { avatar, avatarStyles } from './avatar.ts';
import { base } from './base.styles.ts';
import { data } from './data.ts';
import { define } from './define.ts';
import { ControlEvent } from './events.ts';
import { icon } from './icons.ts';
import { panel } from './panel.styles.ts';

/**
 * @summary Everybody in the call, with microphone, camera and connection.
 *
 * @csspart people - the list
 */
export class CallPeople extends LitElement {
  static override styles = [
    base,
    panel,
    avatarStyles,
    css`
      .body {
        padding: 0 10px 12px;
      }
      .count {
        padding: 0 18px 8px;
      }
      li {
        display: flex;
        align-items: center;
        gap: 12px;
        min-height: 52px;
        padding: 6px 8px;
        border-radius: var(--_radius-small);
      }
      .who {
        flex: 1;
        line-height: 1.3;
      }
      .who bdi {
        display: block;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .who span {
        font-size: 0.8125em;
        color: var(--_muted);
      }
      .who .warn {
        color: var(--_warning);
      }
      .states {
        display: flex;
        gap: 10px;
        color: var(--_muted);
        font-size: 0.875em;
      }
      .speaking .icon-mic {
        color: var(--_link);
      }
    `,
  ];

  @data participants: readonly Participant[] = [];
  @data strings: Strings = en;

  protected override firstUpdated(): void {
    this.renderRoot.querySelector('button')?.focus();
  }

  protected override render(): TemplateResult {
    const { strings, participants } = this;
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
      <p class="count hint">${fill(strings.count, { n: participants.length })}</p>
      <ul class="body" part="people" role="list" tabindex="0" aria-label=${strings.people}>
        ${repeat(
          participants,
          (person) => person.id,
          (person) => this.renderPerson(person),
        )}
      </ul>`;
  }

  private renderPerson(person: Participant): TemplateResult {
    const { strings } = this;
    const name = nameOf(strings, person);
    const [words, isBad] = this.#connection(person);
    const state = (kind: 'microphone' | 'camera'): TemplateResult => {
      const isOn = person[kind] === 'on';
      const icons = { microphone: ['micOff', 'mic'], camera: ['cameraOff', 'camera'] } as const;
      return html`${icon(icons[kind][isOn ? 1 : 0])}<span class="hidden"
          >${strings[kind]}: ${isOn ? strings.on : strings.off}</span
        >`;
    };
    return html`<li class=${person.isSpeaking ? 'speaking' : ''}>
      ${avatar(person.id, name)}
      <div class="who">
        <bdi>${person.isLocal ? fill(strings.youNamed, { name }) : name}</bdi>
        <span class=${isBad ? 'warn' : ''}>${words}</span>
      </div>
      <div class="states">
        ${person.screen === 'on' ? html`${icon('screen')}<span class="hidden">${strings.screen}</span>` : ''}
        ${state('microphone')} ${state('camera')}
      </div>
    </li>`;
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
          : [person.isSpeaking ? strings.speaking : strings.connected, false];
    }
  }
}
define('video-call-people', CallPeople);
