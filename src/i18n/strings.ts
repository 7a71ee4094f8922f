import type { NetworkPath } from '../call/state.ts';
import { ERROR_TEXTS } from '../call/errors.ts';
import type { ModerationStrings } from './moderation/words.ts';

/** States that are worth a sentence without being errors. */
export type NoticeCode =
  | 'reconnecting'
  | 'alone-again'
  | 'overloaded'
  | 'camera-ended'
  | 'microphone-ended'
  | 'microphone-replaced';

/**
 * Every word that a caller reads or hears, in one language. `{name}`, `{n}` … are filled in with `fill()`.
 * Sentences say what happened and what to do next; numbers follow a colon, so that no language needs plural forms.
 */
export interface Strings {
  /** Language tag and direction of these words. */
  readonly lang: string;
  readonly dir: 'ltr' | 'rtl';

  readonly call: string;
  readonly guest: string;
  readonly you: string;
  readonly close: string;
  readonly dismiss: string;
  readonly cancel: string;
  readonly tryAgain: string;
  readonly loading: string;
  readonly loadFailed: string;

  readonly microphone: string;
  readonly camera: string;
  readonly speaker: string;
  readonly screen: string;
  readonly reactions: string;
  readonly chat: string;
  readonly people: string;
  readonly settings: string;
  readonly leave: string;
  readonly more: string;
  readonly controls: string;
  readonly microphoneOn: string;
  readonly microphoneOff: string;
  readonly cameraOn: string;
  readonly cameraOff: string;
  readonly screenOn: string;
  readonly screenOff: string;
  readonly unread: string;

  readonly lobbyTitle: string;
  readonly room: string;
  readonly yourName: string;
  readonly namePlaceholder: string;
  readonly join: string;
  readonly cameraIsOff: string;
  readonly opening: string;
  readonly microphoneIsOff: string;
  readonly microphoneLevel: string;
  readonly watchOnly: string;
  readonly listenOnly: string;
  readonly noDevice: string;
  readonly defaultDevice: string;
  readonly deviceNumber: string;
  readonly network: Readonly<Record<NetworkPath, string>>;
  readonly fits: string;

  readonly idleTitle: string;
  readonly idleText: string;
  readonly joining: string;
  readonly joiningText: string;
  readonly leftTitle: string;
  readonly leftText: string;
  readonly rejoin: string;
  readonly toLobby: string;
  readonly failedTitle: string;
  readonly failedText: string;

  readonly connecting: string;
  readonly reconnecting: string;
  readonly unreachable: string;
  readonly screenOf: string;
  readonly yourScreen: string;
  readonly muted: string;
  readonly handRaised: string;
  readonly pin: string;
  readonly unpin: string;
  readonly alone: string;
  readonly aloneHint: string;
  readonly copyLink: string;
  readonly copied: string;
  readonly tapToHear: string;
  readonly previousPage: string;
  readonly nextPage: string;
  readonly page: string;

  readonly poor: string;

  readonly layoutGrid: string;
  readonly layoutSpeaker: string;

  readonly saidJoined: string;
  readonly saidLeft: string;
  readonly saidYouJoined: string;
  readonly saidReconnecting: string;
  readonly saidConnected: string;
  readonly saidFailed: string;
  readonly saidSharing: string;
  readonly saidNotSharing: string;
  readonly saidHand: string;
  readonly saidMessage: string;
  readonly saidBack: string;
  readonly saidKnocks: string;

  /** For a code that these words do not know. */
  readonly unknown: string;
  readonly codes: Readonly<Record<keyof typeof ERROR_TEXTS | NoticeCode, string>>;
  /** What only some calls need, once it is there. */
  readonly moderation?: ModerationStrings;
}

export const en: Strings = {
  lang: 'en',
  dir: 'ltr',

  call: 'Video call',
  guest: 'Guest',
  you: 'You',
  close: 'Close',
  dismiss: 'Dismiss',
  cancel: 'Cancel',
  tryAgain: 'Try again',
  loading: 'Loading…',
  loadFailed: 'This could not be loaded. Check your connection and try again.',

  microphone: 'Microphone',
  camera: 'Camera',
  speaker: 'Speaker',
  screen: 'Share screen',
  reactions: 'Reactions',
  chat: 'Chat',
  people: 'People',
  settings: 'Settings',
  leave: 'Leave',
  more: 'More',
  controls: 'Call controls',
  microphoneOn: 'Turn microphone on',
  microphoneOff: 'Turn microphone off',
  cameraOn: 'Turn camera on',
  cameraOff: 'Turn camera off',
  screenOn: 'Share your screen',
  screenOff: 'Stop sharing your screen',
  unread: 'unread: {n}',

  lobbyTitle: 'Ready to join?',
  room: 'Room',
  yourName: 'Your name',
  namePlaceholder: 'How others see you',
  join: 'Join',
  cameraIsOff: 'Your camera is off',
  opening: 'Starting camera and microphone. Allow them if the browser asks.',
  microphoneIsOff: 'Your microphone is off',
  microphoneLevel: 'Microphone level',
  watchOnly: 'You join to watch and listen only.',
  listenOnly: 'This call is audio only.',
  noDevice: 'None found',
  defaultDevice: 'Default',
  deviceNumber: '{kind} {n}',

  network: {
    direct: 'Network: others can reach you directly.',
    nat: 'Network: others can reach you through your router.',
    relay: 'Network: a relay is needed here, and it works.',
    'relay-broken':
      'Network: a relay is needed here, and ours does not answer. Try another network, such as your phone’s.',
    'relay-missing':
      'Network: a relay is needed here, and this call has none. Try another network, such as your phone’s.',
  },
  fits: 'This device: calls of {high} people in high quality, {low} at most.',

  idleTitle: 'No call yet',
  idleText: 'The call appears here when the page opens it.',
  joining: 'Joining the call…',
  joiningText: 'Connecting you with the others.',
  leftTitle: 'You left the call',
  leftText: 'Your camera and microphone are off.',
  rejoin: 'Rejoin',
  toLobby: 'Back to the lobby',
  failedTitle: 'The call did not work',
  failedText: 'Something went wrong. Try again.',

  connecting: 'Connecting…',
  reconnecting: 'Reconnecting…',
  unreachable: 'Can’t reach {name}: a firewall or a network may be in the way.',
  screenOf: '{name}’s screen',
  yourScreen: 'Your screen',
  muted: 'microphone off',
  handRaised: 'hand raised',
  pin: 'Show {name} large',
  unpin: 'Stop showing {name} large',
  alone: 'Nobody else is here yet',
  aloneHint: 'Send others the link to this page.',
  copyLink: 'Copy link',
  copied: 'Link copied',
  tapToHear: 'Tap to hear the others',
  previousPage: 'Previous people',
  nextPage: 'More people',
  page: 'Page {n} of {all}',

  poor: 'Poor connection',

  layoutGrid: 'Grid',
  layoutSpeaker: 'Speaker large',

  saidJoined: '{name} joined',
  saidLeft: '{name} left',
  saidYouJoined: 'You are in the call. Others here: {n}',
  saidReconnecting: 'Reconnecting to {name}',
  saidConnected: '{name} is connected again',
  saidFailed: 'Can’t reach {name}',
  saidSharing: '{name} shares a screen',
  saidNotSharing: '{name} stopped sharing a screen',
  saidHand: '{name} raised a hand',
  saidMessage: 'Message from {name}: {text}',
  saidBack: 'Connected to the server again',
  saidKnocks: '{name} asks to be let in',

  unknown: 'Something went wrong. Try again, or reload the page.',
  codes: {
    ...ERROR_TEXTS,
    reconnecting: 'Connection to the server lost. Your call goes on; reconnecting…',
    overloaded: 'This device can’t keep up: only those who speak are shown.',
    'alone-again': 'Everyone else has left. Stay if you expect somebody, or leave the call.',
    'camera-ended': 'Your camera stopped. Turn it on again or choose another one in the settings.',
    'microphone-ended':
      'Your microphone stopped. Turn it on again or choose another one in the settings.',
    'microphone-replaced': 'Your microphone was disconnected; the default one is used now.',
  },
};
