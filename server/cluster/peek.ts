/** What a gateway looks at in the few frames that say where a client belongs. Whether they are right is judged by the owner. */
import type { Memory } from '../recollection.ts';
import { isId, isRecord, isRoomName, parseJson } from '../../src/protocol/guards.ts';

export function typeOf(text: string): unknown {
  const frame = parseJson(text);
  return isRecord(frame) ? frame['type'] : undefined;
}

/** Undefined for what no room is called. */
export function roomOf(text: string): string | undefined {
  const frame = parseJson(text);
  return isRecord(frame) && isRoomName(frame['room']) ? frame['room'] : undefined;
}

/** What ends the wait of somebody who has sent a JOIN, or, if it has to knock, shows where. */
export type Answer = 'in' | 'refused' | 'waiting';

const ANSWERS: readonly (readonly [begin: string, answer: Answer])[] = [
  ['{"type":"ROOM-WELCOME"', 'in'],
  ['{"type":"ROOM-ERROR"', 'refused'],
  ['{"type":"ROOM-WAITING"', 'waiting'],
];

export const answerOf = (text: string): Answer | undefined =>
  ANSWERS.find(([begin]) => text.startsWith(begin))?.[1];

/** What a client was told of its room. */
export interface Told {
  /** Whoever moderates it, in the order of being named: with tokens they may be several. */
  readonly moderators: readonly string[];
  readonly locked: boolean;
}

const ABOUT_ROOM = /^\{"type":"ROOM-(?:WELCOME|JOINED|LEFT|PRESENCE|DOOR)"/;

/** What a client knows of its room after it was told this; `self` is the client. */
export function toldAfter(text: string, told: Told, self: string): Told {
  if (!ABOUT_ROOM.test(text)) return told;
  const frame = parseJson(text);
  if (!isRecord(frame)) return told;
  const { type, id, members, role } = frame;
  const locked = frame['locked'] === true;
  const moderates = (one: unknown): one is { readonly id: string } =>
    isRecord(one) && one['role'] === 'moderator' && isId(one['id']);
  if (type === 'ROOM-WELCOME') {
    const others: readonly unknown[] = Array.isArray(members) ? members : [];
    const moderators = [{ id: self, role }, ...others].filter(moderates);
    return { moderators: moderators.map((one) => one.id), locked };
  }
  if (type === 'ROOM-DOOR') return { ...told, locked };
  const { moderators } = told;
  if (!moderates(frame)) return { ...told, moderators: moderators.filter((one) => one !== id) };
  return moderators.includes(frame.id) ? told : { ...told, moderators: [...moderators, frame.id] };
}

/** A JOIN as somebody sends it who comes back. */
export function withMemory(join: string, { host, locked }: Memory): string {
  const frame = parseJson(join);
  return isRecord(frame) ? JSON.stringify({ ...frame, host, locked }) : join;
}
