import { inWords } from '../src/protocol/server-texts.ts';
import {
  isClientFrame,
  type JoinFrame,
  type ModerateFrame,
  type RoomErrorCode,
} from '../src/protocol/room.ts';
import type { AddressLimits } from './addresses.ts';
import { CLOSE, type Connection } from './connection.ts';
import { sayFarewell } from './farewell.ts';
import type { IceSupply } from './ice.ts';
import { joinProblem } from './join-problem.ts';
import type { ServerLimits, Timings } from './limits.ts';
import { count, limited, type Log } from './log.ts';
import { Members, type MembersOptions } from './members.ts';
import { moderate } from './moderating.ts';
import { publishes } from './publishing.ts';
import { relayed } from './relay.ts';
import type { Session } from './session.ts';
import { OPEN_GRANT, type Grant } from './standings.ts';
import type { JoinResult } from './tally.ts';
import { digestOf, isRefusal, type CheckToken } from './tokens.ts';

export interface HubOptions extends Omit<MembersOptions, 'isOpen' | 'joinWithin'> {
  readonly limits: ServerLimits;
  readonly timings: Timings;
  readonly addresses: Pick<AddressLimits, 'join'>;
  readonly ice: Pick<IceSupply, 'grant' | 'grantProbe' | 'refreshAfter'>;
  /** Judges the tokens of joins; undefined: everyone may come in. */
  readonly checkToken: CheckToken | undefined;
}

/** The server's side of the room protocol: turns frames and sockets that come and go into membership, and tells everyone. */
export class Hub {
  readonly #options: HubOptions;
  readonly #members: Members;
  readonly #complain: Log;
  #isDraining = false;
  #isClosing = false;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#complain = limited(options.log);
    this.#members = new Members({
      ...options,
      isOpen: options.checkToken === undefined,
      joinWithin: options.timings.joinWithin,
    });
  }

  get roomCount(): number {
    return this.#members.rooms.roomCount;
  }

  get memberCount(): number {
    return this.#members.rooms.memberCount;
  }

  /** The session that this id belongs to: nobody's yet, the asker's own, or somebody else's. */
  ownerOf(id: string, token: string): 'nobody' | 'self' | 'other' {
    const session = this.#members.sessions.get(id);
    if (!session) return 'nobody';
    return session.token === token ? 'self' : 'other';
  }

  /** A socket is open. It takes the place of an older one of the same client, whose membership goes on untouched. */
  connected(connection: Connection): void {
    const session = this.#members.sessionOf(connection);
    const old = session.connection;
    session.connection = connection;
    old?.terminate();
    this.#members.expectJoin(connection.id, session);
  }

  /** A socket is gone. */
  disconnected(connection: Connection): void {
    const session = this.#members.sessions.get(connection.id);
    if (session?.connection !== connection || this.#isClosing) return;
    this.#members.loseSocket(connection.id, session);
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
      case 'ROOM-KNOCK':
        this.#members.knock(connection.id, frame.name.trim());
        break;
      case 'ROOM-LEAVE':
        this.#leave(connection.id);
        break;
      case 'ROOM-PROBE':
        if (connection.charge(this.#options.limits.joinCost - 1)) this.#probe(connection);
        break;
      case 'ROOM-MODERATE':
        this.#moderate(connection, frame);
        break;
      case 'ROOM-SIGNAL': {
        const { signal, dst, link } = frame;
        if (signal.kind === 'description' && !this.mayDescribe(connection, signal.sdp)) break;
        const target = this.reach(connection.id, dst);
        target?.send(relayed(frame, connection.id));
        if (!target) connection.send({ type: 'ROOM-UNDELIVERED', dst, link });
        return target !== undefined;
      }
    }
    return false;
  }

  /** The socket of another member of the same room, if it is open and reads; the only way from one client to another. */
  reach(src: string, dst: string): Connection | undefined {
    if (!this.#members.rooms.areTogether(src, dst)) return undefined;
    const connection = this.#members.connectionOf(dst);
    return connection?.isReady === true ? connection : undefined;
  }

  /** False, and remembered, when a viewer wants to publish. */
  mayDescribe(connection: Connection, sdp: string): boolean {
    const may = !this.#members.isViewer(connection.id) || !publishes(sdp);
    if (!may) connection.strike();
    return may;
  }

  /** From now on nobody is let in; members stay, and their calls go on. */
  drain(): void {
    this.#isDraining = true;
  }

  /** Ends all sessions. Resolves when everyone has been told. */
  async close(): Promise<void> {
    this.#isDraining = this.#isClosing = true;
    await sayFarewell(this.#members.silence(), this.#options.timings);
  }

  #join(connection: Connection, frame: JoinFrame): void {
    const { id } = connection;
    const { room, token = '', host } = frame;
    const { checkToken } = this.#options;
    const session = this.#members.sessions.get(id);
    if (!session) return;
    session.attempt += 1;
    if (!this.#mayJoin(connection)) {
      this.#options.tally.join('rate-limited');
      return;
    }
    const problem = joinProblem(frame);
    if (problem) {
      this.#refuse(connection, problem.code, problem.detail);
      return;
    }
    const isHere = this.#members.rooms.roomOf(id) === room;
    // Who is a member stays one, whatever has become of its token.
    if (isHere) this.#members.enter(id, room, OPEN_GRANT, host);
    if (!checkToken) {
      if (!isHere) this.#ask(connection, session, room, OPEN_GRANT, host);
    } else if (!isHere || (token !== '' && digestOf(token) !== session.shown))
      void this.#check(checkToken, connection, session, frame);
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
    if (this.#options.checkToken) {
      // Relays are for those who may come in, which nobody has shown yet.
      connection.send({ type: 'ROOM-ERROR', code: 'token-missing', detail: '' });
      return;
    }
    const grant = this.#options.ice.grantProbe(connection.hostname);
    connection.send({ type: 'ROOM-ICE', ...grant });
  }

  async #check(
    checkToken: CheckToken,
    connection: Connection,
    session: Session,
    { room, token = '', host }: JoinFrame,
  ): Promise<void> {
    const { id } = connection;
    const { attempt } = session;
    const isStale = (): boolean =>
      session.attempt !== attempt || session.connection !== connection || !connection.isOpen;
    const isHere = (): boolean => this.#members.rooms.roomOf(id) === room;
    let result: Awaited<ReturnType<CheckToken>>;
    try {
      result = await checkToken(token, room);
    } catch (error) {
      this.#complain('keys of --jwks-url not to be had', { error: (error as Error).name }, 'warn');
      if (!isStale() && !isHere()) connection.close(CLOSE.full, 'tokens cannot be checked now');
      return;
    }
    // It has left meanwhile, or asked for something else.
    if (isStale()) return;
    if (!isRefusal(result)) {
      session.shown = digestOf(token);
      if (isHere()) this.#members.regrant(id, room, result);
      else this.#ask(connection, session, room, result, host);
    } else if (!isHere()) {
      const { code, why } = result;
      this.#refuse(connection, code, why);
    }
  }

  /** Somebody who is no member, and whose token is good if one is needed, stands at the door. */
  #ask(
    connection: Connection,
    session: Session,
    room: string,
    grant: Grant,
    host: string | undefined,
  ): void {
    const { id } = connection;
    const { tally, capacity, limits } = this.#options;
    const { standings, rooms } = this.#members;
    if (this.#isDraining && !rooms.isMember(id)) {
      tally.join('draining');
      connection.close(CLOSE.restart, 'the server is stopping');
      return;
    }
    if (rooms.roomCount >= limits.rooms && !rooms.has(room)) {
      tally.join('server-full');
      tally.refuse('rooms');
      connection.refuse('server-full', `the server takes ${count(limits.rooms, 'room')}`);
      return;
    }
    let isFull = false;
    switch (standings.ask(room, id, grant)) {
      case 'barred':
        tally.join('barred');
        connection.refuse('removed');
        break;
      case 'knock':
        isFull = !standings.wait(room, id, grant);
        if (isFull) break;
        clearTimeout(session.joinTimer);
        tally.join('knocked');
        connection.send({ type: 'ROOM-WAITING' });
        break;
      case 'in':
        this.#members.stopWaiting(id);
        isFull = !this.#members.enter(id, room, grant, host);
    }
    if (isFull)
      this.#refuse(connection, 'room-full', `the room takes ${count(capacity, 'member')}`);
  }

  #refuse(connection: Connection, code: RoomErrorCode & JoinResult, why: string): void {
    this.#options.tally.join(code);
    connection.send({ type: 'ROOM-ERROR', code, detail: inWords(code, why) });
  }

  #leave(id: string): void {
    const session = this.#members.sessions.get(id);
    if (!session) return;
    session.attempt += 1;
    this.#members.stopWaiting(id);
    if (!this.#members.depart(id, 'left')) this.#members.expectJoin(id, session);
  }

  #moderate(connection: Connection, frame: ModerateFrame): void {
    const code = moderate(this.#members, connection.id, frame);
    if (code === 'not-moderator') {
      this.#options.tally.refuse('not-moderator');
      connection.strike();
    }
    connection.send({ type: 'ROOM-RESULT', ...(code && { code, detail: inWords(code) }) });
  }
}
