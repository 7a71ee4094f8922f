/** What a gateway looks at in the few frames that say where a client belongs. Whether they are right is judged by the owner. */
import { isRecord, isRoomName, parseJson } from '../../src/protocol/guards.ts';

export function typeOf(text: string): unknown {
  const frame = parseJson(text);
  return isRecord(frame) ? frame['type'] : undefined;
}

/** Undefined for what no room is called. */
export function roomOf(text: string): string | undefined {
  const frame = parseJson(text);
  return isRecord(frame) && isRoomName(frame['room']) ? frame['room'] : undefined;
}
