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
const field = (name: string): HTMLInputElement | HTMLSelectElement =>
  find<HTMLInputElement | HTMLSelectElement>(`[name="${name}"]`, form);
const isOn = (name: string): boolean => (field(name) as HTMLInputElement).checked;

function addControlBoxes(): void {
  const boxes = CONTROLS.map((name) => {
    const label = document.createElement('label');
    const box = document.createElement('input');
    const text = document.createElement('span');
    box.type = 'checkbox';
    box.name = `control-${name}`;
    box.checked = true;
    text.textContent = name;
    label.append(box, ' ', text);
    return label;
  });
  find('[data-controls]').append(...boxes);
}

/** The attributes that were chosen; what is the default is left out. */
export function chosenAttributes(): Attributes {
  const attributes = new Map<string, string | true>();
  attributes.set('room', field('room').value.trim() || EXAMPLE_ROOM);
  for (const name of ['layout', 'quality', 'theme', 'lang']) {
    const { value } = field(name);
    if (value) attributes.set(name, value);
  }
  for (const name of ['muted', 'camera-off', 'audio-only'])
    if (isOn(name)) attributes.set(name, true);
  const controls = CONTROLS.filter((name) => isOn(`control-${name}`));
  if (controls.length < CONTROLS.length) attributes.set('controls', controls.join(' '));
  return attributes;
}

/** Makes the room field say what is true. */
export function showRoom(room: string): void {
  field('room').value = room || EXAMPLE_ROOM;
}

/** Brings an element's attributes to what was chosen. */
export function applyAttributes(target: Element, attributes: Attributes): void {
  for (const name of [
    'layout',
    'quality',
    'theme',
    'lang',
    'muted',
    'camera-off',
    'audio-only',
    'controls',
  ]) {
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
  addControlBoxes();
  form.addEventListener('change', listener);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    listener();
  });
}
