import type { ServerCode } from './server-texts.ts';

/**
 * Everything that can go wrong, by stable code, with the English words for people: what happened and what to do. `i18n/`
 * has them in other languages. What concerns access is in server-texts.ts: there the server sends the words.
 */
export const ERROR_TEXTS = {
  // What the site author can mend
  'room-missing': 'This call has no room yet. The page has to name one.',
  'room-invalid': 'This room name cannot be used. Ask for a new link.',
  'attribute-invalid': 'A setting of this call is wrong, and its default is used ({detail}).',
  'insecure-context':
    'Camera and microphone need a secure page. Open this page with https:// and try again.',
  'browser-unsupported':
    'This browser cannot make video calls. Use a current Chrome, Edge, Firefox or Safari.',
  // The server
  'server-invalid': 'The address of the call server is wrong. Tell who runs this page.',
  'server-unreachable':
    'The call server cannot be reached. Check your internet connection and try again.',
  // Devices
  'camera-denied':
    'The camera is blocked for this page. Allow it by the icon in the address bar, then try again.',
  'camera-in-use': 'The camera is used by another app or tab. Close it there, then try again.',
  'camera-missing': 'No camera was found. Connect one, or join without a picture.',
  'microphone-denied':
    'The microphone is blocked for this page. Allow it by the icon in the address bar, then try again.',
  'microphone-in-use':
    'The microphone is used by another app or tab. Close it there, then try again.',
  'microphone-missing': 'No microphone was found. Connect one, or join to listen.',
  'screen-denied':
    'The screen could not be shared. Allow screen recording in your system settings, then try again.',
  'screen-unsupported': 'This browser cannot share a screen. Use a computer to share one.',
  // A running call
  'peer-unreachable':
    'No connection to {detail}. A firewall may be in the way: try another network, or rejoin.',
  'message-too-long': 'That message is too long and was not sent. Shorten it and try again.',
  'message-empty': 'Write something first, then send it.',
  'reaction-invalid': 'A reaction is one emoji.',
  'participant-unknown': 'This person is no longer in the call.',
  'not-joined': 'You are not in the call. Join first.',
  cancelled: 'Cancelled. Join whenever you are ready.',
} as const;
export type ErrorCode = keyof typeof ERROR_TEXTS | ServerCode;

/**
 * An error of the call.
 *
 * @property code stable, for programs
 * @property message English, for people: what happened and what to do
 * @property detail the value in question, if any
 * @property cause the error underneath, if any
 */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly code: ErrorCode;
  readonly detail: string;

  constructor(code: ErrorCode, detail = '', cause?: unknown) {
    const texts: Partial<Record<ErrorCode, string>> = ERROR_TEXTS;
    const text = texts[code] ?? '{detail}';
    const message = text.includes('{detail}')
      ? text.replace('{detail}', detail)
      : text + (detail && ` (${detail})`);
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.detail = detail;
  }
}
