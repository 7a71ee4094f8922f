import { LIMITS } from '../src/protocol/limits.ts';
import type { Knock } from '../src/protocol/moderation.ts';
import type { Grant } from './grant.ts';

interface Waiter {
  readonly room: string;
  readonly grant: Grant;
  /** Undefined until it has knocked. */
  name: string | undefined;
}

/** Who waits at the door of which room, one at most, without sockets, timers or frames. */
export class Waiters {
  /** By room, and there in order of coming. */
  readonly #rooms = new Map<string, Map<string, Waiter>>();
  readonly #waiters = new Map<string, Waiter>();

  /** Lets somebody wait. False when too many wait there. */
  add(room: string, id: string, grant: Grant): boolean {
    if (this.roomOf(id) === room) return true;
    const waiting = this.#rooms.get(room) ?? new Map<string, Waiter>();
    if (waiting.size >= LIMITS.waiting) return false;
    this.remove(id);
    const waiter: Waiter = { room, grant, name: undefined };
    this.#rooms.set(room, waiting.set(id, waiter));
    this.#waiters.set(id, waiter);
    return true;
  }

  /** The room at whose door it waited, with what it may do there. */
  remove(id: string): { readonly room: string; readonly grant: Grant } | undefined {
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

  roomOf(id: string): string | undefined {
    return this.#waiters.get(id)?.room;
  }

  grantOf(id: string): Grant | undefined {
    return this.#waiters.get(id)?.grant;
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
