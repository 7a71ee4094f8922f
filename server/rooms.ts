import type { Member } from '../src/protocol/room.ts';

interface Entry {
  readonly id: string;
  readonly room: string;
  /** When its socket was lost, in milliseconds of the caller's clock; undefined while it is here. */
  awaySince: number | undefined;
}

/** `new`: everyone is to be told; `back`: it was away; `again`: it was here all the time. */
export type JoinKind = 'new' | 'back' | 'again';

export interface Admission {
  readonly kind: JoinKind;
  /** Everyone else, in order of joining. */
  readonly members: readonly Member[];
  /** The away member that had to make room. */
  readonly evicted: string | undefined;
  /** The room that the member was in before, with those who are still there. */
  readonly departure: Departure | undefined;
}
export interface Departure {
  readonly room: string;
  /** Ids of those who stay. */
  readonly others: readonly string[];
}

/**
 * Who is in which room: membership, order and capacity, without sockets, timers or frames. Everyone is in one room at
 * most, and a room exists as long as it has members.
 */
export class Rooms {
  readonly #capacity: number;
  readonly #evictAfter: number;
  // Maps keep the order of insertion, which is the order of joining.
  readonly #rooms = new Map<string, Map<string, Entry>>();
  readonly #entries = new Map<string, Entry>();

  /**
   * @param capacity Members a room takes, those who are away included.
   * @param evictAfter Milliseconds after which an away member makes room for a newcomer in a full room. Before that it is
   *   most likely changing networks, with its media running on; after that it is most likely a crashed browser, whose
   *   owner may well be the newcomer.
   */
  constructor(capacity: number, evictAfter: number) {
    this.#capacity = capacity;
    this.#evictAfter = evictAfter;
  }

  get roomCount(): number {
    return this.#rooms.size;
  }

  get memberCount(): number {
    return this.#entries.size;
  }

  has(room: string): boolean {
    return this.#rooms.has(room);
  }

  /** Admits a member, or returns undefined when the room is full; then nothing has changed, not even its old room. */
  join(id: string, room: string, now: number): Admission | undefined {
    const known = this.#entries.get(id);
    if (known?.room === room) {
      const kind = known.awaySince === undefined ? 'again' : 'back';
      known.awaySince = undefined;
      return { kind, members: this.#othersIn(room, id), evicted: undefined, departure: undefined };
    }
    const members = this.#rooms.get(room);
    let evicted: string | undefined;
    if (members !== undefined && members.size >= this.#capacity) {
      evicted = this.#evictable(members, now);
      if (evicted === undefined) return undefined;
      this.leave(evicted);
    }
    const departure = this.leave(id);
    const entry: Entry = { id, room, awaySince: undefined };
    this.#entries.set(id, entry);
    // Looked up again: the room of an evicted only member is gone from the map.
    const target = this.#rooms.get(room) ?? new Map<string, Entry>();
    target.set(id, entry);
    this.#rooms.set(room, target);
    return { kind: 'new', members: this.#othersIn(room, id), evicted, departure };
  }

  /** Takes a member out; undefined when it was in no room. */
  leave(id: string): Departure | undefined {
    const entry = this.#entries.get(id);
    if (!entry) return undefined;
    const others = this.othersOf(id);
    this.#entries.delete(id);
    const members = this.#rooms.get(entry.room);
    members?.delete(id);
    if (members?.size === 0) this.#rooms.delete(entry.room);
    return { room: entry.room, others };
  }

  /** Marks a member as away. False when that changes nothing. */
  setAway(id: string, now: number): boolean {
    const entry = this.#entries.get(id);
    if (!entry || entry.awaySince !== undefined) return false;
    entry.awaySince = now;
    return true;
  }

  roomOf(id: string): string | undefined {
    return this.#entries.get(id)?.room;
  }

  /** Everyone in a room, in order of joining. */
  membersOf(room: string): readonly Member[] {
    return this.#othersIn(room, '');
  }

  idsIn(room: string): readonly string[] {
    return [...(this.#rooms.get(room)?.keys() ?? [])];
  }

  isMember(id: string): boolean {
    return this.#entries.has(id);
  }

  isAway(id: string): boolean {
    return this.#entries.get(id)?.awaySince !== undefined;
  }

  /** Everyone else in the member's room, in order of joining; nobody when it is in no room. */
  othersOf(id: string): readonly string[] {
    const room = this.#entries.get(id)?.room;
    return room === undefined ? [] : this.#othersIn(room, id).map((member) => member.id);
  }

  /** Two different members of one room, neither of whom is away. */
  areTogether(one: string, other: string): boolean {
    const first = this.#entries.get(one);
    const second = this.#entries.get(other);
    return (
      first !== undefined &&
      second !== undefined &&
      first !== second &&
      first.room === second.room &&
      first.awaySince === undefined &&
      second.awaySince === undefined
    );
  }

  #othersIn(room: string, id: string): Member[] {
    const others: Member[] = [];
    for (const entry of this.#rooms.get(room)?.values() ?? [])
      if (entry.id !== id) others.push({ id: entry.id, away: entry.awaySince !== undefined });
    return others;
  }

  /** Who has been away for the longest, if that is long enough. */
  #evictable(members: ReadonlyMap<string, Entry>, now: number): string | undefined {
    let longest: Entry | undefined;
    for (const entry of members.values()) {
      if (entry.awaySince === undefined || now - entry.awaySince < this.#evictAfter) continue;
      if (longest?.awaySince === undefined || entry.awaySince < longest.awaySince) longest = entry;
    }
    return longest?.id;
  }
}
