/**
 * The English words for what the server refuses, and why somebody is not in the call. The server sends them as the
 * `detail` of a refusal, so that the element need not carry them: most calls never show one. Those of `ice-server-invalid`
 * come with the code that finds it.
 */
export const SERVER_TEXTS = {
  'room-full': 'This call is full. Try again when somebody has left.',
  'ice-server-invalid': 'One relay server of this call is set up wrongly and was skipped.',
  'server-full': 'The call server is full. Try again in a few minutes.',
  'rate-limited': 'Too many attempts. Wait a minute and try again.',
  'version-unsupported':
    'This page does not fit the call server. Reload it to get the current version.',
  'token-missing': 'This call asks for an access token. Open it from the page that invited you.',
  'token-invalid':
    'Your access to this call is not valid. Open it anew from the page that invited you.',
  'token-expired': 'Your access to this call has expired. Reload the page, or ask for a new link.',
  'token-room': 'Your access is for another call. Ask for a link to this one.',
  'join-refused': 'You were not let in. Ask the host of the call if you think that you should be.',
  removed: 'You were removed from the call. Ask the host if you want to come back.',
  'call-ended': 'The host ended the call for everyone.',
  'not-moderator': 'Only a moderator of the call can do that.',
} as const;
export type ServerCode = keyof typeof SERVER_TEXTS;

/** The `detail` of a refusal: a sentence for people, if the element has none of its own, and the reason for a log. */
export function inWords(code: string, why = ''): string {
  const texts: Readonly<Record<string, string>> = SERVER_TEXTS;
  const text = texts[code];
  if (text === undefined || why === '') return text ?? why;
  return `${text} (${why})`;
}
