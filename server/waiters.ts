import { LIMITS } from '../src/protocol/limits.ts';
import type { Knock } from '../src/protocol/moderation.ts';
import type { Grant } from './grant.ts';

export interface Waiter {
  readonly room: string;
  readonly grant: Grant;
  /** The moderator whom it knew. */
  readonly host: string | undefined;
  /** Undefined until it has knocked. */
  name: string | undefined;
}

/** Who waits at the door of which room, one at most, without sockets, timers or frames. */
export class Waiters {
  /** By room, and there in order of coming. */
  readonly #rooms = new Map<string, Map<string, Waiter>>();
  readonly #waiters = new Map<string, Waiter>();

  /** Lets somebody wait. False when too many wait there. */
  add(room: string, id: string, grant: Grant, host: string | undefined): boolean {
    if (this.get(id)?.room === room) return true;
    const waiting = this.#rooms.get(room) ?? new Map<string, Waiter>();
    if (waiting.size >= LIMITS.waiting) return false;
    this.remove(id);
    const waiter: Waiter = { room, grant, host, name: undefined };
    this.#rooms.set(room, waiting.set(id, waiter));
    this.#waiters.set(id, waiter);
    return true;
  }

  /** Answers with what it waited for. */
  remove(id: string): Readonly<Waiter> | undefined {
    const waiter = this.#waiters.get(id);
    if (!waiter) return undefined;
    this.#waiters.delete(id);
    const waiting = this.#rooms.get(waiter.room);
    waiting?.delete(id);
    if (waiting?.size === 0) this.#rooms.delete(waiter.room);
    return waiter;
  }

  /** It says who it is. The room, the first time only. */
  knock(id: string, name: string): string | undefined {
    const waiter = this.#waiters.get(id);
    if (waiter?.name !== undefined) return undefined;
    if (waiter) waiter.name = waiter.grant.name ?? name;
    return waiter?.room;
  }

  get(id: string): Readonly<Waiter> | undefined {
    return this.#waiters.get(id);
  }

  /** Everyone at the door, whether they have knocked or not, in order of coming. */
  at(room: string): readonly string[] {
    return [...(this.#rooms.get(room)?.keys() ?? [])];
  }

  /** Those of them who have knocked. */
  knocks(room: string): Knock[] {
    return [...(this.#rooms.get(room) ?? [])].flatMap(([id, { name }]) =>
      name === undefined ? [] : [{ id, name }],
    );
  }
}
