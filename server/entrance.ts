import { inWords } from '../src/protocol/server-texts.ts';
import type { JoinFrame, RoomErrorCode } from '../src/protocol/room.ts';
import type { AddressLimits } from './addresses.ts';
import { CLOSE, type Connection } from './connection.ts';
import { OPEN_GRANT, type Grant } from './grant.ts';
import type { IceSupply } from './ice.ts';
import { joinProblem } from './join-problem.ts';
import type { ServerLimits } from './limits.ts';
import { count, limited, type Log } from './log.ts';
import type { Members } from './members.ts';
import type { Session } from './session.ts';
import type { JoinResult, Tally } from './tally.ts';
import { digestOf, isRefusal, type CheckToken } from './tokens.ts';

export interface EntranceOptions {
  readonly capacity: number;
  readonly limits: ServerLimits;
  readonly log: Log;
  readonly tally: Tally;
  readonly addresses: Pick<AddressLimits, 'join'>;
  readonly ice: Pick<IceSupply, 'grantProbe'>;
  /** Judges the tokens of joins; undefined: everyone may come in. */
  readonly checkToken: CheckToken | undefined;
}

/** Judges who may come in, and tells those why who may not. */
export class Entrance {
  readonly #options: EntranceOptions;
  readonly #members: Members;
  readonly #complain: Log;
  #isDraining = false;

  constructor(options: EntranceOptions, members: Members) {
    this.#options = options;
    this.#members = members;
    this.#complain = limited(options.log);
  }

  /** From now on nobody is let in; members stay. */
  drain(): void {
    this.#isDraining = true;
  }

  join(connection: Connection, frame: JoinFrame): void {
    const { id } = connection;
    const { room, token = '' } = frame;
    const { checkToken } = this.#options;
    const session = this.#members.sessions.get(id);
    if (!session) return;
    session.attempt += 1;
    const isHere = this.#members.rooms.roomOf(id) === room;
    // A member has been counted already: its gateway may bring it anew, with all others of its address.
    if (!isHere && !this.#isAllowed(connection)) {
      this.#options.tally.join('rate-limited');
      return;
    }
    const problem = joinProblem(frame);
    if (problem) {
      this.#refuse(connection, problem.code, problem.detail);
      return;
    }
    // Who is a member stays one, whatever has become of its token.
    if (isHere) this.#members.enter(id, room, OPEN_GRANT, frame);
    if (!checkToken) {
      if (!isHere) this.#ask(connection, session, frame, OPEN_GRANT);
    } else if (!isHere || (token !== '' && digestOf(token) !== session.shown))
      void this.#check(checkToken, connection, session, frame);
  }

  /** As dear as a join, since it gives away the same. */
  probe(connection: Connection): void {
    if (!this.#isAllowed(connection)) return;
    if (this.#options.checkToken) {
      // Relays are for those who may come in, which nobody has shown yet.
      connection.send({ type: 'ROOM-ERROR', code: 'token-missing', detail: '' });
      return;
    }
    const grant = this.#options.ice.grantProbe(connection.hostname);
    connection.send({ type: 'ROOM-ICE', ...grant });
  }

  #isAllowed(connection: Connection): boolean {
    const { tally, addresses } = this.#options;
    if (addresses.join(connection.address)) return true;
    tally.refuse('joins-per-address');
    connection.refuse('rate-limited', 'your address has joined too often within a minute');
    return false;
  }

  async #check(
    checkToken: CheckToken,
    connection: Connection,
    session: Session,
    frame: JoinFrame,
  ): Promise<void> {
    const { id } = connection;
    const { room, token = '' } = frame;
    const { attempt } = session;
    const isStale = (): boolean =>
      session.attempt !== attempt || session.connection !== connection || !connection.isOpen;
    const isHere = (): boolean => this.#members.rooms.roomOf(id) === room;
    let result: Awaited<ReturnType<CheckToken>>;
    try {
      result = await checkToken(token, room);
    } catch (error) {
      this.#complain('keys of --jwks-url not to be had', { error: (error as Error).name }, 'warn');
      if (isStale() || isHere()) return;
      this.#options.tally.join('keys-away');
      connection.close(CLOSE.full, 'tokens cannot be checked now');
      return;
    }
    // It has left meanwhile, or asked for something else.
    if (isStale()) return;
    if (!isRefusal(result)) {
      session.shown = digestOf(token);
      if (isHere()) this.#members.regrant(id, room, result);
      else this.#ask(connection, session, frame, result);
    } else if (!isHere()) {
      const { code, why } = result;
      this.#refuse(connection, code, why);
    }
  }

  /** Somebody who is no member, and whose token is good if one is needed, stands at the door. */
  #ask(connection: Connection, session: Session, frame: JoinFrame, grant: Grant): void {
    const { id } = connection;
    const { room } = frame;
    const { tally, capacity, limits } = this.#options;
    const { standings, rooms, doors } = this.#members;
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
    switch (standings.ask(room, id, grant, frame, performance.now())) {
      case 'barred':
        tally.join('barred');
        connection.refuse('removed');
        break;
      case 'knock':
        isFull = !doors.wait(id, room, grant, frame);
        if (isFull) break;
        clearTimeout(session.joinTimer);
        tally.join('knocked');
        connection.send({ type: 'ROOM-WAITING' });
        break;
      case 'in':
        doors.stopWaiting(id);
        isFull = !this.#members.enter(id, room, grant, frame);
    }
    if (isFull)
      this.#refuse(connection, 'room-full', `the room takes ${count(capacity, 'member')}`);
  }

  #refuse(connection: Connection, code: RoomErrorCode & JoinResult, why: string): void {
    this.#options.tally.join(code);
    connection.send({ type: 'ROOM-ERROR', code, detail: inWords(code, why) });
  }
}
