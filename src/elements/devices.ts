import { html, type TemplateResult } from 'lit';
import { request } from '../call/requests.ts';
import type { CallState, DeviceKind, DeviceState } from '../call/state.ts';
import { fill, type Strings } from '../i18n/index.ts';
import './meter.ts';
import type { LevelOf } from './options.ts';

/** A labelled list of the devices of one kind; choosing one sends the request up from the list itself. */
export function deviceSelect(
  kind: DeviceKind,
  devices: DeviceState,
  strings: Strings,
): TemplateResult {
  const available = devices.available[kind];
  const selected = devices.selected[kind];
  const hasSelected = available.some((device) => device.id === selected);
  return html`<label class="field">
    <span>${strings[kind]}</span>
    <select ?disabled=${available.length === 0} @change=${handleChange}>
      ${
        hasSelected
          ? ''
          : html`<option value="" selected>
              ${available.length === 0 ? strings.noDevice : strings.defaultDevice}
            </option>`
      }
      ${available.map(
        (device, index) =>
          html`<option value=${device.id} .selected=${device.id === selected}>
            ${device.label || fill(strings.deviceNumber, { kind: strings[kind], n: index + 1 })}
          </option>`,
      )}
    </select>
  </label>`;

  function handleChange(event: Event): void {
    const select = event.target as HTMLSelectElement;
    request(select, 'device', { kind, id: select.value });
  }
}

/** The list of the microphones, and how loud the chosen one is. */
export function microphoneSelect(
  { devices, local }: CallState,
  level: LevelOf,
  strings: Strings,
): TemplateResult {
  return html`<div>
    ${deviceSelect('microphone', devices, strings)}
    ${
      local.microphone === 'on'
        ? html`<video-call-meter
            role="img"
            aria-label=${strings.microphoneLevel}
            .level=${level}
            .participantId=${local.id}
          ></video-call-meter>`
        : html`<p class="hint">${strings.microphoneIsOff}</p>`
    }
  </div>`;
}
