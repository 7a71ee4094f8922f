import type { JoinFrame } from '../src/protocol/room.ts';

/** What a JOIN says of the room as it was, for a server that has forgotten it. A newcomer says nothing. */
export type Memory = Pick<JoinFrame, 'host' | 'locked'>;

/** What those who have come back to a room remember of it. */
export class Recollection {
  /** Whom each knew as the moderator. */
  readonly #hosts = new Map<string, string>();
  /** Who knew it as locked. */
  readonly #locked = new Set<string>();

  add(id: string, host: string, isLocked: boolean): void {
    this.#hosts.set(id, host);
    if (isLocked) this.#locked.add(id);
  }

  remove(id: string): void {
    this.#hosts.delete(id);
    this.#locked.delete(id);
  }

  /** How many say that this one was the moderator. Nobody makes itself one. */
  votesFor(id: string): number {
    return [...this.#hosts].filter(([voter, host]) => host === id && voter !== id).length;
  }

  /** Whether one of them knew the same moderator: only members are told who that is. */
  isShared(host: string | undefined): boolean {
    return [...this.#hosts.values()].some((known) => known === host);
  }

  knewLock(id: string): boolean {
    return this.#locked.has(id);
  }

  /** A moderator has decided anew. */
  forgetLock(): void {
    this.#locked.clear();
  }
}
