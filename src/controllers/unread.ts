import type { ChatMessage } from '../call/state.ts';

/** Messages of others after the last one that was seen; all of them when that one is gone or there was none. */
export function countUnread(messages: readonly ChatMessage[], lastSeenId: string): number {
  const seen = messages.findLastIndex((message) => message.id === lastSeenId);
  return messages.slice(seen + 1).filter((message) => !message.isLocal).length;
}
