/** Who may do what in a room, and what moderators ask of the server: part of the room protocol (room.ts). */
import { isArrayOf, isId, isRecord, isText } from './guards.ts';
import { LIMITS } from './limits.ts';

/** A moderator decides who is here; a viewer publishes neither sound nor pictures. */
export const ROLES = ['moderator', 'member', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** What the server says of a member beside its id. */
export interface Standing {
  /** Absent for an ordinary member. */
  readonly role?: Role;
  /** The name in the member's token, which the member cannot change; absent when there is none. */
  readonly name?: string;
}

export function isStanding(value: Readonly<Record<string, unknown>>): boolean {
  const { role = 'member', name = '' } = value;
  return (ROLES as readonly unknown[]).includes(role) && isText(name, LIMITS.name);
}

/** Somebody who waits to be let in. */
export interface Knock {
  readonly id: string;
  /** What the person says, or the name in its token. May be empty. */
  readonly name: string;
}

/** Whether newcomers have to knock because a moderator wants it, and who does: that is told to moderators only. */
export interface Door {
  readonly locked?: boolean;
  readonly waiting?: readonly Knock[];
}

const isKnock = (value: unknown): value is Knock =>
  isRecord(value) && isId(value['id']) && isText(value['name'], LIMITS.name);

export function isDoor({
  locked = false,
  waiting = [],
}: Readonly<Record<string, unknown>>): boolean {
  return typeof locked === 'boolean' && isArrayOf(waiting, LIMITS.waiting, isKnock);
}

/** What a moderator may ask of the server. Nobody can be unmuted by others. */
export type ModeratorAction =
  | { readonly action: 'mute' | 'remove' | 'admit' | 'refuse'; readonly id: string }
  | { readonly action: 'lock'; readonly on: boolean }
  | { readonly action: 'end' };

/** Guard of the server. */
export function isModeratorAction(value: Readonly<Record<string, unknown>>): boolean {
  switch (value['action']) {
    case 'mute':
    case 'remove':
    case 'admit':
    case 'refuse':
      return isId(value['id']);
    case 'lock':
      return typeof value['on'] === 'boolean';
    case 'end':
      return true;
    default:
      return false;
  }
}
