import type { CallState, Participant, Reaction } from '../call/state.ts';
import { fill, nameOf, type Strings } from '../i18n/index.ts';

/** Messages that arrive together beyond these are counted by the badge, not read out. */
const READ_OUT = 3;

/** What has happened between two states, in words for a screen reader. */
export function announcements(
  before: CallState | undefined,
  after: CallState,
  strings: Strings,
  isChatOpen: boolean,
): string[] {
  if (!before) return [fill(strings.saidYouJoined, { n: after.remote.length })];
  const said: string[] = [];
  const say = (text: string, person: { readonly name: string }, more = {}): void => {
    said.push(fill(text, { name: nameOf(strings, person), ...more }));
  };

  if (before.status === 'reconnecting' && after.status === 'joined') said.push(strings.saidBack);
  if (before.remote !== after.remote) {
    const known = new Map(before.remote.map((person) => [person.id, person]));
    for (const person of after.remote) {
      const was = known.get(person.id);
      known.delete(person.id);
      // The name arrives a moment after the person: the announcement waits for it.
      if (isNamed(person) && (!was || !isNamed(was))) say(strings.saidJoined, person);
      if (was) sayChanges(was, person, strings, say);
    }
    for (const person of known.values()) if (isNamed(person)) say(strings.saidLeft, person);
  }
  for (const knock of after.knocks)
    if (!before.knocks.some(({ id }) => id === knock.id)) say(strings.saidKnocks, knock);
  if (!isChatOpen && before.messages !== after.messages) {
    const known = new Set(before.messages.map((message) => message.id));
    const fresh = after.messages.filter((message) => !message.isLocal && !known.has(message.id));
    if (fresh.length <= READ_OUT)
      for (const message of fresh)
        say(strings.saidMessage, message, { text: message.text.slice(0, 300) });
  }
  return said;
}

/** Named, or connected and evidently without a name. */
const isNamed = (person: Participant): boolean =>
  person.name.trim() !== '' || person.connection === 'connected';

function sayChanges(
  was: Participant,
  is: Participant,
  strings: Strings,
  say: (text: string, person: Participant, more?: Reaction) => void,
): void {
  if (was.connection !== is.connection) {
    if (is.connection === 'reconnecting') say(strings.saidReconnecting, is);
    if (is.connection === 'failed') say(strings.saidFailed, is);
    if (is.connection === 'connected' && was.connection !== 'connecting')
      say(strings.saidConnected, is);
  }
  if (is.handRaised && !was.handRaised) say(strings.saidHand, is);
  if (is.reaction && is.reaction !== was.reaction) say('{name}: {emoji}', is, is.reaction);
  if (was.screen !== is.screen)
    say(is.screen === 'on' ? strings.saidSharing : strings.saidNotSharing, is);
}
