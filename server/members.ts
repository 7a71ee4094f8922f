import { PROTOCOL_VERSION } from '../src/protocol/limits.ts';
import type { LeaveReason, ServerFrame } from '../src/protocol/room.ts';
import { CLOSE, type Connection } from './connection.ts';
import { Doors } from './doors.ts';
import type { Grant } from './grant.ts';
import type { IceSupply } from './ice.ts';
import type { Fields, Log } from './log.ts';
import type { Memory } from './recollection.ts';
import { Rooms, type Departure } from './rooms.ts';
import { newSession, renewIce, type Session } from './session.ts';
import { Standings, type StandingsOptions } from './standings.ts';
import type { Tally } from './tally.ts';
import type { RoomEvent } from './webhooks.ts';

export interface MembersOptions extends StandingsOptions {
  readonly capacity: number;
  /** Milliseconds for which a member whose socket is gone stays a member. */
  readonly awayGrace: number;
  /** Milliseconds after which a socket that is in no room, and waits for none, is closed. */
  readonly joinWithin: number;
  readonly log: Log;
  readonly tally: Tally;
  /** Hears of every member and room that comes or goes. */
  readonly onEvent: (event: RoomEvent) => void;
  readonly ice: Pick<IceSupply, 'grant' | 'refreshAfter'>;
}

/** Who is where and as what, and what everyone is told of it. */
export class Members {
  readonly sessions = new Map<string, Session>();
  readonly rooms: Rooms;
  readonly standings: Standings;
  readonly doors: Doors;
  readonly #options: MembersOptions;

  constructor(options: MembersOptions) {
    this.#options = options;
    this.rooms = new Rooms(options.capacity, options.awayGrace / 3);
    this.standings = new Standings(options);
    this.standings.expectReturns(performance.now());
    this.doors = new Doors({
      rooms: this.rooms,
      standings: this.standings,
      capacity: options.capacity,
      returnWithin: options.returnWithin,
      tell: (ids, frame) => {
        this.tell(ids, frame);
      },
      enter: (id, room, grant, memory) => this.enter(id, room, grant, memory),
    });
  }

  /** The session of a socket that has opened; a new one, or that of a client that is back. */
  sessionOf({ id, token }: Connection): Session {
    const session = this.sessions.get(id) ?? newSession(token);
    this.sessions.set(id, session);
    return session;
  }

  /** Stops all timers. Answers with the sockets that are open. */
  silence(): Connection[] {
    const open: Connection[] = [];
    for (const { graceTimer, joinTimer, iceTimer, connection } of this.sessions.values()) {
      for (const timer of [graceTimer, joinTimer, iceTimer]) clearTimeout(timer);
      if (connection) open.push(connection);
    }
    return open;
  }

  connectionOf(id: string): Connection | undefined {
    return this.sessions.get(id)?.connection;
  }

  isViewer(id: string): boolean {
    const room = this.rooms.roomOf(id);
    return room !== undefined && this.standings.roleOf(room, id) === 'viewer';
  }

  tell(ids: readonly string[], frame: ServerFrame): void {
    const text = JSON.stringify(frame);
    for (const id of ids) this.connectionOf(id)?.sendText(text);
  }

  /** Makes it a member, or welcomes it again. False when the room is full. */
  enter(id: string, room: string, grant: Grant, memory: Memory): boolean {
    const { tally, log, ice, capacity, onEvent } = this.#options;
    const session = this.sessions.get(id);
    const connection = session?.connection;
    const now = performance.now();
    const admission = this.rooms.join(id, room, now);
    if (!admission || !session) return false;
    const { kind, members, evicted, departure } = admission;
    tally.join(kind);
    clearTimeout(session.joinTimer);
    clearTimeout(session.graceTimer);
    session.joinTimer = session.graceTimer = undefined;
    const others = members.map((member) => member.id);
    if (departure) this.#left(id, departure, 'left');
    if (evicted !== undefined) this.#gone(evicted, { room, others }, 'timeout');
    if (kind === 'new') this.standings.enter(room, id, grant, memory, now);
    const changed = this.standings.settle(room, this.rooms.membersOf(room), now);
    const isRelocked = this.standings.relock(room, now);
    connection?.send({
      type: 'ROOM-WELCOME',
      version: PROTOCOL_VERSION,
      room,
      members: members.map((member) => ({ ...member, ...this.standings.of(room, member.id) })),
      ...this.standings.of(room, id),
      ...this.doors.of(room, id),
      ...ice.grant(connection.hostname, session.turnUser),
      capacity,
    });
    renewIce(session, ice);
    if (kind === 'new') {
      this.tell(others, { type: 'ROOM-JOINED', id, ...this.standings.of(room, id) });
      if (others.length === 0) onEvent({ type: 'room-started', room });
      onEvent({ type: 'member-joined', room, member: id, members: others.length + 1 });
    }
    if (kind === 'back') this.tellPresence(id, others);
    for (const other of changed) if (other !== id) this.#tellRole(room, other);
    if (isRelocked) this.doors.tell(room, others);
    if (kind !== 'again')
      log(kind === 'new' ? 'member joined' : 'member came back', this.#census());
    if (kind === 'new') this.doors.reconsider(room);
    return true;
  }

  /** A member leaves, or has to. False when it was none. */
  depart(id: string, reason: LeaveReason): boolean {
    const departure = this.rooms.leave(id);
    if (departure) this.#gone(id, departure, reason);
    return departure !== undefined;
  }

  /** A member's socket is gone: it stays a member for a while. */
  loseSocket(id: string, session: Session): void {
    session.connection = undefined;
    clearTimeout(session.joinTimer);
    clearTimeout(session.iceTimer);
    this.doors.stopWaiting(id);
    if (this.rooms.setAway(id, performance.now())) {
      this.tellPresence(id, this.rooms.othersOf(id));
      session.graceTimer = setTimeout(() => {
        this.depart(id, 'timeout');
      }, this.#options.awayGrace);
    }
    this.#forget(id);
  }

  tellPresence(id: string, to: readonly string[]): void {
    const room = this.rooms.roomOf(id);
    if (room === undefined) return;
    const away = this.rooms.isAway(id);
    this.tell(to, { type: 'ROOM-PRESENCE', id, away, ...this.standings.of(room, id) });
  }

  /** A member may do more or less than before: everyone hears of it, itself too. */
  #tellRole(room: string, id: string): void {
    this.tellPresence(id, this.rooms.idsIn(room));
    if (this.standings.roleOf(room, id) === 'moderator') this.doors.tell(room, [id]);
  }

  /** A member has shown another token. */
  regrant(id: string, room: string, grant: Grant): void {
    if (this.standings.regrant(room, id, grant)) this.#tellRole(room, id);
  }

  /** A socket in no room costs as much as another and serves nobody, so it may not stay. */
  expectJoin(id: string, session: Session): void {
    clearTimeout(session.joinTimer);
    const isHere = this.rooms.isMember(id) && !this.rooms.isAway(id);
    if (isHere || this.doors.waiters.get(id)) return;
    session.joinTimer = setTimeout(() => {
      this.#options.tally.refuse('no-join');
      session.connection?.close(CLOSE.policy, 'no ROOM-JOIN in time');
    }, this.#options.joinWithin);
  }

  #gone(id: string, departure: Departure, reason: LeaveReason): void {
    this.#left(id, departure, reason);
    const session = this.sessions.get(id);
    clearTimeout(session?.graceTimer);
    clearTimeout(session?.iceTimer);
    if (session) this.expectJoin(id, session);
    this.#forget(id);
    this.#options.log('member gone', { reason, ...this.#census() });
  }

  #left(id: string, { room, others }: Departure, reason: LeaveReason): void {
    const { onEvent } = this.#options;
    this.tell(others, { type: 'ROOM-LEFT', id, reason });
    onEvent({ type: 'member-left', room, member: id, members: others.length, reason });
    if (others.length === 0) onEvent({ type: 'room-ended', room });
    this.standings.leave(room, id);
    const members = this.rooms.membersOf(room);
    const now = performance.now();
    for (const other of this.standings.settle(room, members, now)) this.#tellRole(room, other);
    if (this.standings.relock(room, now)) this.doors.tell(room, this.rooms.idsIn(room));
    // Also where nobody has to be let in: at an open room wait those for whom there was no place.
    this.doors.reconsider(room);
  }

  #forget(id: string): void {
    const session = this.sessions.get(id);
    if (!session || session.connection || this.rooms.isMember(id)) return;
    clearTimeout(session.joinTimer);
    this.sessions.delete(id);
  }

  #census(): Fields {
    return { members: this.rooms.memberCount, rooms: this.rooms.roomCount };
  }
}
