import { CallError } from '../../src/call/errors.ts';
import type { CallState, Participant } from '../../src/call/state.ts';
import type { CallView } from '../../src/elements/view.ts';
import type { ViewOptions } from '../../src/elements/options.ts';
import { callState, fakeStream, localPerson, message, participant } from '../elements/fixtures.ts';

export interface Scenario {
  readonly state: () => CallState;
  readonly options?: Partial<ViewOptions>;
  /** Something to press, once it is shown. */
  readonly press?: (view: CallView) => void;
}

const people = (count: number): Participant[] =>
  Array.from({ length: count }, (_, index) => {
    const number = index + 1;
    const isOff = number % 4 === 3;
    return participant(number, {
      camera: isOff ? 'off' : 'on',
      microphone: number % 3 === 2 ? 'off' : 'on',
      isSpeaking: number === 1,
    });
  });

const sharing = (person: Participant): Participant => ({
  ...person,
  screen: 'on',
  screenStream: fakeStream(1, { width: 640, height: 400, kind: 'screen' }),
});

export const deep = (root: ParentNode, selector: string): HTMLElement | null => {
  const found = root.querySelector<HTMLElement>(selector);
  if (found) return found;
  for (const element of root.querySelectorAll('*')) {
    const inner = element.shadowRoot ? deep(element.shadowRoot, selector) : null;
    if (inner) return inner;
  }
  return null;
};

const press =
  (control: string) =>
  (view: CallView): void => {
    const root = view.renderRoot;
    const button = deep(root, `[data-control=${control}]`);
    if (button) button.click();
    else {
      deep(root, '.more')?.click();
      setTimeout(() => deep(root, `[data-control=${control}]`)?.click(), 100);
    }
  };

const talk = () => [
  message('Good morning, everyone!'),
  message('The agenda is at https://example.com/agenda (two pages), see you in a minute.'),
  message('Thanks, reading it now.', { from: 'me', name: 'Robin', isLocal: true }),
  message('I am five minutes late, sorry.\nStart without me.', {
    from: 'person-2',
    name: 'Grace Hopper',
  }),
  message('No problem at all', { from: 'me', name: 'Robin', isLocal: true, isPrivate: true }),
  message('We will record the decisions here.', { from: 'me', name: 'Robin', isLocal: true }),
  message('שלום לכולם, נתראה', { from: 'person-5', name: 'דנה לוי' }),
  message('<b>not bold</b> <img src=x onerror=alert(1)> javascript:alert(1)', {
    from: 'person-3',
    name: '<script>Alan</script>',
  }),
];

const error = (code: ConstructorParameters<typeof CallError>[0]): CallError =>
  new CallError(code, code);

const many = (count: number): Scenario => ({ state: () => callState({ remote: people(count) }) });

const problem = (code: string): CallState =>
  callState({
    status: 'lobby',
    local: localPerson({ camera: 'off', microphone: 'off', name: '' }),
    notices: [{ code, kind: 'error', detail: '' }],
    devices: {
      available: { microphone: [], camera: [], speaker: [] },
      selected: { microphone: '', camera: '', speaker: '' },
    },
  });

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  idle: { state: () => callState({ status: 'idle' }) },
  'idle-error': { state: () => callState({ status: 'idle', error: error('room-missing') }) },
  lobby: {
    state: () =>
      callState({ status: 'lobby', network: 'relay', fits: { high: 3, medium: 8, low: 16 } }),
    options: { canChooseSpeaker: true },
  },
  'lobby-denied': { state: () => problem('camera-denied') },
  'lobby-none': {
    state: () => ({
      ...problem('camera-missing'),
      notices: [
        { code: 'camera-missing', kind: 'warning', detail: '' },
        { code: 'microphone-missing', kind: 'warning', detail: '' },
      ],
    }),
  },
  'lobby-view-only': {
    state: () => callState({ status: 'lobby' }),
    options: { viewOnly: true },
  },
  'lobby-asking': {
    state: () =>
      callState({
        status: 'lobby',
        local: localPerson({ camera: 'off', microphone: 'off' }),
        pending: { microphone: true, camera: true, screen: false },
      }),
  },
  'joining-asking': {
    state: () =>
      callState({
        status: 'joining',
        pending: { microphone: true, camera: true, screen: false },
      }),
  },
  viewer: {
    state: () =>
      callState({
        local: localPerson({ camera: 'off', microphone: 'off', role: 'viewer' }),
        remote: people(2),
      }),
  },
  joining: { state: () => callState({ status: 'joining' }) },
  left: { state: () => callState({ status: 'left' }) },
  failed: { state: () => callState({ status: 'failed', error: error('server-unreachable') }) },
  alone: many(0),
  'alone-off': { state: () => callState({ local: localPerson({ camera: 'off' }) }) },
  two: many(1),
  three: many(2),
  four: many(3),
  nine: many(8),
  sixteen: many(15),
  overloaded: {
    state: () =>
      callState({
        remote: people(8).map((p, i) => ({ ...p, isVideoStopped: i > 1 })),
        notices: [{ code: 'overloaded', kind: 'info', detail: '' }],
      }),
  },
  speaker: {
    state: () => callState({ remote: people(6), speakerId: 'person-2' }),
    options: { layout: 'speaker' },
  },
  screen: {
    state: () => callState({ remote: people(4).map((p, i) => (i === 1 ? sharing(p) : p)) }),
  },
  'screen-many': {
    state: () => callState({ remote: people(15).map((p, i) => (i < 2 ? sharing(p) : p)) }),
  },
  'screen-own': {
    state: () => callState({ remote: people(2), local: sharing(localPerson()) }),
  },
  chat: { state: () => callState({ remote: people(3), messages: talk() }), press: press('chat') },
  'chat-empty': { state: () => callState({ remote: people(3) }), press: press('chat') },
  reactions: {
    state: () =>
      callState({
        local: localPerson({ handRaised: true }),
        remote: people(4).map((person, i) => ({
          ...person,
          handRaised: i === 1 || i === 2,
          reaction: i === 0 ? { emoji: '🎉' } : i === 2 ? { emoji: '👩🏽‍🚀' } : undefined,
        })),
      }),
    press: press('reactions'),
  },
  people: {
    state: () =>
      callState({
        remote: [
          ...people(4),
          participant(6, { connection: 'reconnecting' }),
          participant(7, { quality: 1, name: '' }),
        ],
      }),
    press: press('people'),
  },
  'people-host': {
    state: () =>
      callState({
        local: localPerson({ role: 'moderator' }),
        remote: [...people(3), participant(4, { role: 'viewer', camera: 'off' })],
        isLocked: true,
        knocks: [
          { id: 'knocker-1', name: 'Margaret Hamilton' },
          { id: 'knocker-2', name: '' },
        ],
      }),
    press: (view) => {
      press('people')(view);
      setTimeout(() => deep(view.renderRoot, 'li[data-id=person-1] button')?.click(), 400);
    },
  },
  knocks: {
    state: () =>
      callState({
        local: localPerson({ role: 'moderator' }),
        remote: people(3),
        isLocked: true,
        knocks: [
          { id: 'knocker-1', name: 'Margaret Hamilton' },
          { id: 'knocker-2', name: 'Radia Perlman' },
        ],
      }),
  },
  waiting: { state: () => callState({ status: 'waiting' }) },
  removed: { state: () => callState({ status: 'failed', error: error('removed') }) },
  ended: { state: () => callState({ status: 'failed', error: error('call-ended') }) },
  settings: {
    state: () => callState({ remote: people(3) }),
    options: { canChooseSpeaker: true },
    press: press('settings'),
  },
  unread: {
    state: () => callState({ remote: people(3), messages: talk() }),
  },
  more: {
    state: () => callState({ remote: people(3), messages: talk() }),
    press: (view) => deep(view.renderRoot, '.more')?.click(),
  },
  busy: {
    state: () =>
      callState({
        remote: people(3),
        local: sharing(localPerson({ microphone: 'off', camera: 'off' })),
        pending: { microphone: true, camera: false, screen: false },
      }),
  },
  reconnecting: { state: () => callState({ status: 'reconnecting', remote: people(3) }) },
  notices: {
    state: () =>
      callState({
        remote: people(3),
        notices: [
          { code: 'camera-in-use', kind: 'error', detail: '' },
          { code: 'peer-unreachable', kind: 'warning', detail: 'Grace Hopper' },
          { code: 'alone-again', kind: 'info', detail: '' },
        ],
      }),
  },
  states: {
    state: () =>
      callState({
        remote: [
          participant(1, { connection: 'connecting', camera: 'off', name: '' }),
          participant(2, { connection: 'reconnecting' }),
          participant(3, { connection: 'failed', camera: 'off' }),
          participant(4, { connection: 'reconnecting', camera: 'off' }),
          participant(5, { quality: 1, stream: fakeStream(5, { width: 180, height: 320 }) }),
        ],
      }),
  },
  names: {
    state: () =>
      callState({
        remote: [
          participant(1, { name: 'W'.repeat(80), microphone: 'off' }),
          participant(2, { name: 'يوسف عبد الرحمن', camera: 'off' }),
          participant(3, { name: '👩‍🚀 Zoë', camera: 'off' }),
          participant(4, { name: 'דנה לוי', microphone: 'off' }),
        ],
      }),
    options: { lang: 'de' },
  },
  hear: { state: () => callState({ remote: people(3) }) },
};
