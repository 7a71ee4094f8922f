import {
  isClientFrame,
  type JoinFrame,
  type LeaveReason,
  type ServerFrame,
} from '../src/protocol/room.ts';
import { isRoomName } from '../src/protocol/guards.ts';
import { LIMITS, PROTOCOL_VERSION } from '../src/protocol/limits.ts';
import type { AddressLimits } from './addresses.ts';
import { CLOSE, type Connection } from './connection.ts';
import { sayFarewell } from './farewell.ts';
import type { IceSupply } from './ice.ts';
import type { ServerLimits, Timings } from './limits.ts';
import { count, type Fields, type Log } from './log.ts';
import { relayed } from './relay.ts';
import { Rooms, type Departure } from './rooms.ts';
import { newSession, renewIce, type Session } from './session.ts';
import type { Tally } from './tally.ts';
import type { RoomEvent } from './webhooks.ts';

export interface HubOptions {
  readonly capacity: number;
  /** Milliseconds for which a member whose socket is gone stays a member. */
  readonly awayGrace: number;
  readonly limits: ServerLimits;
  readonly timings: Timings;
  readonly log: Log;
  readonly tally: Tally;
  readonly addresses: Pick<AddressLimits, 'join'>;
  /** Hears of every member and room that comes or goes. */
  readonly onEvent: (event: RoomEvent) => void;
  readonly ice: Pick<IceSupply, 'grant' | 'grantProbe' | 'refreshAfter'>;
}

/** The server's side of the room protocol: turns frames and sockets that come and go into membership, and tells everyone. */
export class Hub {
  readonly #options: HubOptions;
  readonly #rooms: Rooms;
  readonly #sessions = new Map<string, Session>();
  #isDraining = false;
  #isClosing = false;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#rooms = new Rooms(options.capacity, options.awayGrace / 3);
  }

  get roomCount(): number {
    return this.#rooms.roomCount;
  }

  get memberCount(): number {
    return this.#rooms.memberCount;
  }

  /** The session that this id belongs to: nobody's yet, the asker's own, or somebody else's. */
  ownerOf(id: string, token: string): 'nobody' | 'self' | 'other' {
    const session = this.#sessions.get(id);
    if (!session) return 'nobody';
    return session.token === token ? 'self' : 'other';
  }

  /** A socket is open. It takes the place of an older one of the same client, whose membership goes on untouched. */
  connected(connection: Connection): void {
    const session = this.#sessions.get(connection.id) ?? newSession(connection.token);
    this.#sessions.set(connection.id, session);
    const old = session.connection;
    session.connection = connection;
    old?.terminate();
    this.#expectJoin(connection.id, session);
  }

  /** A socket is gone. */
  disconnected(connection: Connection): void {
    const { id } = connection;
    const session = this.#sessions.get(id);
    if (session?.connection !== connection || this.#isClosing) return;
    session.connection = undefined;
    clearTimeout(session.joinTimer);
    clearTimeout(session.iceTimer);
    if (this.#rooms.setAway(id, performance.now())) {
      this.#tell(this.#rooms.othersOf(id), { type: 'ROOM-PRESENCE', id, away: true });
      session.graceTimer = setTimeout(() => {
        this.#depart(id, this.#rooms.leave(id), 'timeout');
      }, this.#options.awayGrace);
    }
    this.#forget(id);
  }

  /** A ROOM frame, not checked yet. True when it has been handed to another client. */
  receive(connection: Connection, frame: unknown): boolean {
    if (!isClientFrame(frame)) {
      connection.strike();
      return false;
    }
    switch (frame.type) {
      case 'ROOM-PING':
        connection.send({ type: 'ROOM-PONG', n: frame.n });
        break;
      case 'ROOM-JOIN':
        // A JOIN has been charged as one frame already.
        if (connection.charge(this.#options.limits.joinCost - 1)) this.#join(connection, frame);
        break;
      case 'ROOM-LEAVE':
        this.#depart(connection.id, this.#rooms.leave(connection.id), 'left');
        break;
      case 'ROOM-PROBE':
        if (connection.charge(this.#options.limits.joinCost - 1)) this.#probe(connection);
        break;
      case 'ROOM-SIGNAL': {
        const target = this.reach(connection.id, frame.dst);
        if (target) target.send(relayed(frame, connection.id));
        else connection.send({ type: 'ROOM-UNDELIVERED', dst: frame.dst, link: frame.link });
        return target !== undefined;
      }
    }
    return false;
  }

  /** The socket of another member of the same room, if it is open and reads; the only way from one client to another. */
  reach(src: string, dst: string): Connection | undefined {
    if (!this.#rooms.areTogether(src, dst)) return undefined;
    const connection = this.#sessions.get(dst)?.connection;
    return connection?.isReady === true ? connection : undefined;
  }

  /** From now on nobody is let in; members stay, and their calls go on. */
  drain(): void {
    this.#isDraining = true;
  }

  /** Ends all sessions. Resolves when everyone has been told. */
  async close(): Promise<void> {
    this.#isDraining = this.#isClosing = true;
    const open: Connection[] = [];
    for (const { graceTimer, joinTimer, iceTimer, connection } of this.#sessions.values()) {
      for (const timer of [graceTimer, joinTimer, iceTimer]) clearTimeout(timer);
      if (connection) open.push(connection);
    }
    await sayFarewell(open, this.#options.timings);
  }

  #join(connection: Connection, { version, room }: JoinFrame): void {
    const { id } = connection;
    const { capacity, limits, log, ice, tally, onEvent } = this.#options;
    const session = this.#sessions.get(id);
    if (!session) return;
    const refuse = (
      code: 'version-unsupported' | 'room-invalid' | 'room-full',
      detail: string,
    ): void => {
      tally.join(code);
      connection.send({ type: 'ROOM-ERROR', code, detail });
    };
    if (!this.#mayJoin(connection)) {
      tally.join('rate-limited');
      return;
    }
    if (version !== PROTOCOL_VERSION) {
      const versions = `version ${String(version)}; this server speaks ${String(PROTOCOL_VERSION)}`;
      refuse('version-unsupported', versions);
      return;
    }
    if (!isRoomName(room)) {
      refuse(
        'room-invalid',
        `a room name has 1 to ${String(LIMITS.room)} characters, without control characters and outer spaces`,
      );
      return;
    }
    if (this.#isDraining && !this.#rooms.isMember(id)) {
      tally.join('draining');
      connection.close(CLOSE.restart, 'the server is stopping');
      return;
    }
    if (this.#rooms.roomCount >= limits.rooms && !this.#rooms.has(room)) {
      tally.join('server-full');
      tally.refuse('rooms');
      connection.refuse('server-full', `the server takes ${count(limits.rooms, 'room')}`);
      return;
    }
    const admission = this.#rooms.join(id, room, performance.now());
    if (!admission) {
      refuse('room-full', `the room takes ${count(capacity, 'member')}`);
      return;
    }
    const { kind, members, evicted, departure } = admission;
    tally.join(kind);
    clearTimeout(session.joinTimer);
    clearTimeout(session.graceTimer);
    session.joinTimer = session.graceTimer = undefined;
    if (departure) this.#left(id, departure, 'left');
    const others = members.map((member) => member.id);
    if (evicted !== undefined) this.#depart(evicted, { room, others }, 'timeout');
    connection.send({
      type: 'ROOM-WELCOME',
      version: PROTOCOL_VERSION,
      room,
      members,
      ...ice.grant(connection.hostname, session.turnUser),
      capacity,
    });
    renewIce(session, ice);
    if (kind === 'new') {
      this.#tell(others, { type: 'ROOM-JOINED', id });
      if (others.length === 0) onEvent({ type: 'room-started', room });
      onEvent({ type: 'member-joined', room, member: id, members: others.length + 1 });
    }
    if (kind === 'back') this.#tell(others, { type: 'ROOM-PRESENCE', id, away: false });
    if (kind !== 'again')
      log(kind === 'new' ? 'member joined' : 'member came back', this.#census());
  }

  #mayJoin(connection: Connection): boolean {
    const { tally, addresses } = this.#options;
    if (addresses.join(connection.address)) return true;
    tally.refuse('joins-per-address');
    connection.refuse('rate-limited', 'your address has joined too often within a minute');
    return false;
  }

  /** As dear as a join, since it gives away the same. */
  #probe(connection: Connection): void {
    if (!this.#mayJoin(connection)) return;
    const grant = this.#options.ice.grantProbe(connection.hostname);
    connection.send({ type: 'ROOM-ICE', ...grant });
  }

  /** After a member has left the rooms: tells those who stay, and cleans up. */
  #depart(id: string, departure: Departure | undefined, reason: LeaveReason): void {
    if (!departure) return;
    this.#left(id, departure, reason);
    const session = this.#sessions.get(id);
    clearTimeout(session?.graceTimer);
    clearTimeout(session?.iceTimer);
    if (session) this.#expectJoin(id, session);
    this.#forget(id);
    this.#options.log('member gone', { reason, ...this.#census() });
  }

  /** Tells of a member that has left: those who stay, and the operator. */
  #left(id: string, { room, others }: Departure, reason: LeaveReason): void {
    const { onEvent } = this.#options;
    this.#tell(others, { type: 'ROOM-LEFT', id, reason });
    onEvent({ type: 'member-left', room, member: id, members: others.length, reason });
    if (others.length === 0) onEvent({ type: 'room-ended', room });
  }

  /** A socket in no room costs as much as another and serves nobody, so it may not stay. */
  #expectJoin(id: string, session: Session): void {
    clearTimeout(session.joinTimer);
    if (this.#rooms.isMember(id) && !this.#rooms.isAway(id)) return;
    session.joinTimer = setTimeout(() => {
      this.#options.tally.refuse('no-join');
      session.connection?.close(CLOSE.policy, 'no ROOM-JOIN in time');
    }, this.#options.timings.joinWithin);
  }

  #forget(id: string): void {
    const session = this.#sessions.get(id);
    if (!session || session.connection || this.#rooms.isMember(id)) return;
    clearTimeout(session.joinTimer);
    this.#sessions.delete(id);
  }

  #tell(ids: readonly string[], frame: ServerFrame): void {
    const text = JSON.stringify(frame);
    for (const id of ids) this.#sessions.get(id)?.connection?.sendText(text);
  }

  #census(): Fields {
    return { members: this.memberCount, rooms: this.roomCount };
  }
}
