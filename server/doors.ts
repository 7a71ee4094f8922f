import type { Door } from '../src/protocol/moderation.ts';
import type { DoorFrame } from '../src/protocol/room.ts';
import type { Grant } from './grant.ts';
import type { Memory } from './recollection.ts';
import type { Rooms } from './rooms.ts';
import type { Standings } from './standings.ts';
import { Waiters, type Waiter } from './waiters.ts';

export interface DoorsOptions {
  readonly rooms: Rooms;
  readonly standings: Standings;
  readonly capacity: number;
  readonly returnWithin: number;
  readonly tell: (ids: readonly string[], frame: DoorFrame) => void;
  /** Makes somebody a member; false when the room is full. */
  readonly enter: (id: string, room: string, grant: Grant, memory: Memory) => boolean;
}

/** Locks, who waits to be let in and when that is, and what members are told of it. */
export class Doors {
  readonly waiters = new Waiters();
  readonly #options: DoorsOptions;

  constructor(options: DoorsOptions) {
    this.#options = options;
  }

  /** What this member is told of the door. */
  of(room: string, id: string): Door {
    const { standings } = this.#options;
    const waiting = standings.roleOf(room, id) === 'moderator' ? this.waiters.knocks(room) : [];
    return {
      ...(standings.isLocked(room) && { locked: true }),
      ...(waiting.length > 0 && { waiting }),
    };
  }

  tell(room: string, ids: readonly string[]): void {
    for (const id of ids) this.#options.tell([id], { type: 'ROOM-DOOR', ...this.of(room, id) });
  }

  /** Lets somebody wait. False when too many wait there. */
  wait(id: string, room: string, grant: Grant, { host }: Memory): boolean {
    const { rooms, returnWithin } = this.#options;
    // For those who may come back to it: when nobody does, it is a room like any other.
    if (!rooms.has(room)) setTimeout(() => this.reconsider(room), returnWithin).unref();
    return this.waiters.add(room, id, grant, host);
  }

  /** Somebody who waits says who it is. */
  knock(id: string, name: string): void {
    const room = this.waiters.knock(id, name);
    if (room !== undefined) this.#tellModerators(room);
  }

  /** Takes it from the door, if it waits at one. */
  stopWaiting(id: string): Readonly<Waiter> | undefined {
    const waiter = this.waiters.remove(id);
    if (waiter) this.#tellModerators(waiter.room);
    return waiter;
  }

  /** Locks a room or unlocks it; then those come in who need not wait any more. */
  lock(room: string, on: boolean): void {
    const { standings, rooms } = this.#options;
    if (!standings.lock(room, on)) return;
    this.tell(room, rooms.idsIn(room));
    this.reconsider(room);
  }

  /** Lets one in who waits. False when the room is full; then it goes on waiting. */
  admit(id: string, room: string): boolean {
    const { rooms, capacity, enter } = this.#options;
    if (rooms.idsIn(room).length >= capacity) return false;
    const waiter = this.stopWaiting(id);
    return waiter !== undefined && enter(id, room, waiter.grant, { host: waiter.host });
  }

  /** Who was refused stays outside. */
  bar(room: string, id: string): void {
    this.#options.standings.bar(room, id, this.waiters.get(id)?.grant);
  }

  /** Something has changed: whoever may come in now does. */
  reconsider(room: string): void {
    const { standings } = this.#options;
    const mayEnter = (id: string): boolean => {
      const waiter = this.waiters.get(id);
      if (!waiter) return false;
      const { grant, host } = waiter;
      return standings.ask(room, id, grant, { host }, performance.now()) === 'in';
    };
    for (;;) {
      // One at a time: in an empty room the first who comes in decides about the others.
      const id = this.waiters.at(room).find(mayEnter);
      if (id === undefined || !this.admit(id, room)) return;
    }
  }

  #tellModerators(room: string): void {
    this.tell(room, this.#options.standings.moderators(room));
  }
}
