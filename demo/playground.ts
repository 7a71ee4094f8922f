import { find } from './dom.ts';
import type { Attributes } from './embed.ts';

/** The buttons of a call, as its `controls` attribute names them. */
const CONTROLS = [
  'microphone',
  'camera',
  'screen',
  'chat',
  'people',
  'layout',
  'settings',
  'leave',
];
/** What may be in code of one's own: the room of an embed code is chosen by its author. */
const EXAMPLE_ROOM = 'my-room';

const form = find<HTMLFormElement>('[data-options]');
const roomField = find<HTMLInputElement>('[name="room"]', form);
/** What is chosen of a few words, and what is on or off; each is named like its attribute. */
const choices = [...form.querySelectorAll('select')];
const switches = [...form.querySelectorAll<HTMLInputElement>('[type="checkbox"]')];
const controls = CONTROLS.map((name) => controlBox(name));

function controlBox(name: string): HTMLInputElement {
  const label = document.createElement('label');
  const box = document.createElement('input');
  const text = document.createElement('span');
  box.type = 'checkbox';
  box.value = name;
  box.checked = true;
  text.textContent = name;
  label.append(box, ' ', text);
  find('[data-controls]', form).append(label);
  return box;
}

/** The attributes that were chosen; what is the default is left out. */
export function chosenAttributes(): Attributes {
  const attributes = new Map<string, string | true>();
  attributes.set('room', roomField.value.trim() || EXAMPLE_ROOM);
  for (const { name, value } of choices) if (value) attributes.set(name, value);
  for (const { name, checked } of switches) if (checked) attributes.set(name, true);
  const shown = controls.filter(({ checked }) => checked);
  if (shown.length < controls.length)
    attributes.set('controls', shown.map(({ value }) => value).join(' '));
  return attributes;
}

/** Makes the room field say what is true. */
export function showRoom(room: string): void {
  roomField.value = room || EXAMPLE_ROOM;
}

/** Brings an element's attributes to what was chosen. */
export function applyAttributes(target: Element, attributes: Attributes): void {
  for (const name of [...[...choices, ...switches].map((field) => field.name), 'controls']) {
    const value = attributes.get(name);
    if (value === undefined) target.removeAttribute(name);
    else if (target.getAttribute(name) !== (value === true ? '' : value))
      target.setAttribute(name, value === true ? '' : value);
  }
  const room = attributes.get('room');
  if (typeof room === 'string' && target.getAttribute('room') !== room)
    target.setAttribute('room', room);
}

/**
 * Tells of each choice. A room's name counts when it is finished: each letter of it would be another room.
 */
export function onChoice(listener: () => void): void {
  form.addEventListener('change', listener);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    listener();
  });
}
