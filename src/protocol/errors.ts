/**
 * Everything that can go wrong, by stable code. The words for people are in `i18n/`, one sentence that says what happened
 * and what to do; `message` here is the English one.
 */
export const ERROR_CODES = [
  // What the site author can mend
  'room-missing',
  'room-invalid',
  'attribute-invalid',
  'ice-server-invalid',
  'insecure-context',
  'browser-unsupported',
  // The server
  'server-invalid',
  'server-unreachable',
  'server-full',
  'room-full',
  'rate-limited',
  'version-unsupported',
  'removed',
  // Devices
  'camera-denied',
  'camera-in-use',
  'camera-missing',
  'microphone-denied',
  'microphone-in-use',
  'microphone-missing',
  'screen-denied',
  'screen-unsupported',
  'device-failed',
  // A running call
  'peer-unreachable',
  'message-too-long',
  'message-empty',
  'participant-unknown',
  'not-joined',
  'cancelled',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

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

  constructor(
    code: ErrorCode,
    message: string,
    options: { detail?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.detail = options.detail ?? '';
  }
}
