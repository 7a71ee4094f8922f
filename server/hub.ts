import { inWords } from '../src/protocol/server-texts.ts';
import { isClientFrame, type ModerateFrame } from '../src/protocol/room.ts';
import type { Connection } from './connection.ts';
import { Entrance, type EntranceOptions } from './entrance.ts';
import { sayFarewell } from './farewell.ts';
import type { Timings } from './limits.ts';
import { Members, type MembersOptions } from './members.ts';
import { moderate } from './moderating.ts';
import { publishes } from './publishing.ts';
import { relayed } from './relay.ts';

export interface HubOptions
  extends
    Omit<MembersOptions, 'isOpen' | 'joinWithin' | 'returnWithin' | 'ice'>,
    Omit<EntranceOptions, 'ice'> {
  readonly timings: Timings;
  readonly ice: MembersOptions['ice'] & EntranceOptions['ice'];
}

/** The server's side of the room protocol: turns frames and sockets that come and go into membership, and tells everyone. */
export class Hub {
  readonly #options: HubOptions;
  readonly #members: Members;
  readonly #entrance: Entrance;
  #isClosing = false;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#members = new Members({
      ...options,
      isOpen: options.checkToken === undefined,
      joinWithin: options.timings.joinWithin,
      returnWithin: options.timings.returnWithin,
    });
    this.#entrance = new Entrance(options, this.#members);
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
        if (connection.charge(this.#options.limits.joinCost - 1))
          this.#entrance.join(connection, frame);
        break;
      case 'ROOM-KNOCK':
        this.#members.doors.knock(connection.id, frame.name.trim());
        break;
      case 'ROOM-LEAVE':
        this.#leave(connection.id);
        break;
      case 'ROOM-PROBE':
        if (connection.charge(this.#options.limits.joinCost - 1)) this.#entrance.probe(connection);
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

  /** The members of another node's rooms come here from now on. */
  expectReturns(): void {
    this.#members.standings.expectReturns(performance.now());
  }

  /** From now on nobody is let in; members stay, and their calls go on. */
  drain(): void {
    this.#entrance.drain();
  }

  /** Ends all sessions. Resolves when everyone has been told. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#entrance.drain();
    await sayFarewell(this.#members.silence(), this.#options.timings);
  }

  #leave(id: string): void {
    const session = this.#members.sessions.get(id);
    if (!session) return;
    session.attempt += 1;
    this.#members.doors.stopWaiting(id);
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
