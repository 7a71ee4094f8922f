import type { Role, Standing } from '../src/protocol/moderation.ts';
import type { Member } from '../src/protocol/room.ts';
import { OPEN_GRANT, type Grant } from './grant.ts';
import { Recollection, type Memory } from './recollection.ts';

/** Of a room with members: one that nobody is in is unlocked. Most need nothing but roles, so the rest is made when it is. */
interface RoomStandings {
  isLocked: boolean;
  readonly roles: Map<string, Role>;
  /** Of those who have shown a token. */
  grants: Map<string, Grant> | undefined;
  /** Ids and users that were removed or refused. */
  barred: Set<string> | undefined;
  /** When its first member came. */
  readonly since: number;
  /** That one has been in it before. */
  readonly isForgotten: boolean;
  /** What those say who came back while that counts. */
  recollection: Recollection | undefined;
}

/** A room remembers so many who were removed; then it forgets the first of them. */
const MAX_BARRED = 500;

export interface StandingsOptions {
  /** No tokens are asked for: the first member moderates, and hands over to who is there the longest. */
  readonly isOpen: boolean;
  /** Everyone knocks who does not moderate. */
  readonly waitingRoom: boolean;
  /** Milliseconds within which the members of a room come back to a server that was restarted. */
  readonly returnWithin: number;
}

/**
 * Roles, locks, and who is kept outside, without sockets, timers or frames. Who is a member is for `Rooms` to say: what
 * depends on it is handed in.
 */
export class Standings {
  readonly #options: StandingsOptions;
  readonly #rooms = new Map<string, RoomStandings>();
  /** Until when new rooms may be old ones that were forgotten. */
  #returnsUntil = 0;

  constructor(options: StandingsOptions) {
    this.#options = options;
  }

  /** This server has just started, or takes over rooms of another: from now on members of old rooms come back. */
  expectReturns(now: number): void {
    this.#returnsUntil = now + this.#options.returnWithin;
  }

  /** May somebody who is no member come in? */
  ask(
    room: string,
    id: string,
    { role, knocks, user }: Grant,
    { host, locked }: Memory,
    now: number,
  ): 'in' | 'knock' | 'barred' {
    const { isOpen, waitingRoom } = this.#options;
    const known = this.#rooms.get(room);
    const barred = known?.barred;
    if (barred?.has(id) || (user !== undefined && barred?.has(`user ${user}`))) return 'barred';
    if (role === 'moderator') return 'in';
    if (known && this.#mayReturn(known, now) && known.recollection?.isShared(host)) return 'in';
    if (known?.isLocked) return 'knock';
    if (!known) {
      // Who waited at a door that was forgotten leaves those behind it the time to come back.
      if (locked === true && host === undefined) return 'knock';
      // Somebody has to be the first, and then moderates.
      if (isOpen) return 'in';
    }
    return (knocks ?? waitingRoom) ? 'knock' : 'in';
  }

  /** Somebody has become a member. */
  enter(room: string, id: string, grant: Grant, { host, locked }: Memory, now: number): void {
    const known = this.#room(room, now, host !== undefined);
    known.roles.set(id, grant.role ?? 'member');
    if (grant !== OPEN_GRANT) (known.grants ??= new Map<string, Grant>()).set(id, grant);
    if (host !== undefined && this.#mayReturn(known, now))
      (known.recollection ??= new Recollection()).add(id, host, locked === true);
  }

  /**
   * A member has shown another token. False when that changes nothing that others see. Who watches begins to publish, or
   * the other way round, by joining anew: its connections have been made for what it was.
   */
  regrant(room: string, id: string, grant: Grant): boolean {
    const known = this.#rooms.get(room);
    const before = known?.roles.get(id);
    if (!known || before === undefined) return false;
    const name = known.grants?.get(id)?.name;
    const wanted = grant.role ?? before;
    const role = (before === 'viewer') === (wanted === 'viewer') ? wanted : before;
    known.roles.set(id, role);
    (known.grants ??= new Map<string, Grant>()).set(id, grant);
    return before !== role || name !== grant.name;
  }

  leave(room: string, id: string): void {
    const known = this.#rooms.get(room);
    known?.roles.delete(id);
    known?.grants?.delete(id);
    known?.recollection?.remove(id);
    if (known?.roles.size === 0) this.#rooms.delete(room);
  }

  /**
   * Makes sure that an open room has one moderator: the one that it had before a restart of the server, by the votes of
   * those who came back, else the present one, else who is there the longest.
   *
   * @param members in order of joining
   * @returns Whose role is another now.
   */
  settle(room: string, members: readonly Member[], now: number): string[] {
    const known = this.#rooms.get(room);
    if (!known || !this.#options.isOpen) return [];
    const { roles, recollection } = known;
    const present = members.find(({ id }) => roles.get(id) === 'moderator')?.id;
    const here = members.filter(({ away }) => !away);
    const [first] = here.length > 0 ? here : members;
    let chosen = present ?? first?.id;
    let most = 0;
    if (recollection && this.#mayReturn(known, now))
      for (const { id } of members) {
        const count = recollection.votesFor(id);
        if (count > most) [chosen, most] = [id, count];
      }
    if (chosen === undefined || chosen === present) return [];
    if (present !== undefined) roles.set(present, 'member');
    roles.set(chosen, 'moderator');
    return [chosen, ...(present === undefined ? [] : [present])];
  }

  roleOf(room: string, id: string): Role | undefined {
    return this.#rooms.get(room)?.roles.get(id);
  }

  /** What everyone is told of a member; an ordinary one has nothing to be told. */
  of(room: string, id: string): Standing {
    const known = this.#rooms.get(room);
    const role = known?.roles.get(id);
    const name = known?.grants?.get(id)?.name;
    return {
      ...(role !== undefined && role !== 'member' && { role }),
      ...(name !== undefined && { name }),
    };
  }

  moderators(room: string): string[] {
    const roles = this.#rooms.get(room)?.roles ?? new Map<string, Role>();
    return [...roles].flatMap(([id, role]) => (role === 'moderator' ? [id] : []));
  }

  isLocked(room: string): boolean {
    return this.#rooms.get(room)?.isLocked ?? false;
  }

  /** False when that changes nothing. */
  lock(room: string, on: boolean): boolean {
    const known = this.#rooms.get(room);
    known?.recollection?.forgetLock();
    if (!known || known.isLocked === on) return false;
    known.isLocked = on;
    return true;
  }

  /**
   * Locks a room that was forgotten if one who moderates it knew it as locked: by itself it could do the same. False when
   * that changes nothing.
   */
  relock(room: string, now: number): boolean {
    const known = this.#rooms.get(room);
    const { recollection, isLocked = true } = known ?? {};
    if (!known || !recollection || isLocked || !this.#mayReturn(known, now)) return false;
    known.isLocked = this.moderators(room).some((id) => recollection.knewLock(id));
    return known.isLocked;
  }

  /** Who was removed or refused stays outside as long as anyone is in the room. `grant`: of somebody who is no member. */
  bar(room: string, id: string, grant?: Grant): void {
    const known = this.#rooms.get(room);
    if (!known) return;
    const { user } = known.grants?.get(id) ?? grant ?? OPEN_GRANT;
    const barred = (known.barred ??= new Set<string>());
    for (const key of user === undefined ? [id] : [id, `user ${user}`]) barred.add(key);
    for (const key of barred) {
      if (barred.size <= MAX_BARRED) break;
      barred.delete(key);
    }
  }

  /** Whether it may be a room that was forgotten, whose members are coming back. */
  #mayReturn({ since, isForgotten }: RoomStandings, now: number): boolean {
    const isNew = now < since + this.#options.returnWithin;
    return isNew && (isForgotten || now < this.#returnsUntil);
  }

  #room(room: string, now: number, isForgotten: boolean): RoomStandings {
    let known = this.#rooms.get(room);
    if (known === undefined) {
      known = {
        isLocked: false,
        roles: new Map(),
        grants: undefined,
        barred: undefined,
        since: now,
        isForgotten,
        recollection: undefined,
      };
      this.#rooms.set(room, known);
    }
    return known;
  }
}
