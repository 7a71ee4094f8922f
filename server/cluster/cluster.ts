import { randomUUID } from 'node:crypto';
import type { CallSocket, ClientSocket } from '../call-socket.ts';
import { Connection } from '../connection.ts';
import { sayFarewell } from '../farewell.ts';
import type { Hub } from '../hub.ts';
import type { ServerLimits, Timings } from '../limits.ts';
import type { Log } from '../log.ts';
import type { Mounted } from '../peer-server.ts';
import type { Tally } from '../tally.ts';
import type { RoomEvent } from '../webhooks.ts';
import { Exchange } from './exchange.ts';
import { Gateway } from './gateway.ts';
import type { ToGateway, ToOwner } from './messages.ts';
import { Owner } from './owner.ts';
import { Ownership } from './ownership.ts';
import { Routing } from './routing.ts';

/** Two reasons to bring the same clients anew are often one. */
const RENEW_AFTER = 200;

export interface ClusterOptions {
  readonly url: string;
  readonly limits: ServerLimits;
  readonly timings: Timings;
  readonly tally: Tally;
  readonly log: Log;
  readonly hub: Hub;
  readonly peer: () => Mounted;
}

/** What the operator may know. */
export interface ClusterCounts {
  readonly isUp: boolean;
  readonly rooms: number;
  readonly guests: number;
  readonly sent: number;
  readonly received: number;
}

/** This node among the others: docs/decisions/0009-one-owner-for-each-room.md. */
export class Cluster implements ClusterCounts {
  readonly gateway: Gateway;
  readonly #options: ClusterOptions;
  readonly #node = randomUUID();
  readonly #exchange: Exchange;
  readonly #rooms: Ownership;
  readonly #owner: Owner;
  readonly #routing: Routing;
  /** Rooms with members here. */
  readonly #inhabited = new Set<string>();
  /** By the node whose clients are to be brought anew; undefined: all. */
  readonly #renewals = new Map<string | undefined, NodeJS.Timeout>();
  #claimTimer: NodeJS.Timeout | undefined;

  constructor(options: ClusterOptions) {
    const { url, limits, timings, tally, log, hub, peer } = options;
    const node = this.#node;
    this.#options = options;
    this.#exchange = new Exchange({
      ...{ url, node, log },
      others: () => [...this.#routing.nodes, ...this.#owner.gateways],
      onMessage: (from, message) => {
        this.#handle(from, message);
      },
      onDead: (other) => {
        hub.expectReturns();
        this.#owner.lost(other);
        this.#routing.lost(other);
      },
      onGap: (other) => {
        if (other === undefined) this.#claimAgain();
        this.#renewSoon(other);
      },
    });
    this.#rooms = new Ownership({
      node,
      redis: this.#exchange.redis,
      mayClaim: () => this.#exchange.isSettled,
      isInUse: (room) => this.#inhabited.has(room) || this.#owner.isAwaited(room),
      onLost: (room) => {
        this.#owner.roomLost(room);
      },
    });
    const post = (to: string, message: ToOwner | ToGateway): void => {
      this.#exchange.post(to, message);
    };
    this.#owner = new Owner({
      node,
      rooms: this.#rooms,
      post,
      connect: (socket, hello, address) =>
        new Connection(socket, hello, address, { limits, timings, tally }),
      ownerOf: (id, token) => hub.ownerOf(id, token),
      accept: (socket, hello) => {
        peer().accept(socket, hello);
      },
      serve: (socket, data) => {
        peer().serve(socket, data);
      },
      onClose: (connection) => {
        hub.disconnected(connection);
      },
      onIdTaken: () => {
        tally.refuse('id-taken');
      },
    });
    this.#routing = new Routing({
      ...{ node, limits, timings, tally, rooms: this.#rooms, post },
      hears: (other) => this.#exchange.hears(other),
    });
    this.gateway = new Gateway({ node, limits, tally, routing: this.#routing });
  }

  get isUp(): boolean {
    return this.#exchange.isUp;
  }

  get sent(): number {
    return this.#exchange.sent;
  }

  get received(): number {
    return this.#exchange.received;
  }

  get rooms(): number {
    return this.#rooms.size;
  }

  get guests(): number {
    return this.#owner.guestCount;
  }

  /** Does not wait for Redis, which may come later. */
  async start(): Promise<void> {
    await this.#exchange.start();
    this.#claimTimer = setInterval(() => {
      if (this.#exchange.isUp) this.#claimAgain();
    }, this.#options.timings.claimEvery);
  }

  accept(connection: Connection, socket: CallSocket): void {
    this.gateway.accept(connection, socket);
  }

  isOurs(socket: ClientSocket, frame: unknown): boolean {
    return this.#owner.isOurs(socket, frame);
  }

  /** Whether a client is known here. Whose its id is judges the owner of its room: in another room somebody else may use that id. */
  ownerOf(id: string, token: string): 'nobody' | 'self' {
    const isBack =
      this.#options.hub.ownerOf(id, token) === 'self' ||
      this.#routing.clients.latest({ id, token });
    return isBack ? 'self' : 'nobody';
  }

  /** Something has happened in a room that is served here. */
  heard({ type, room }: RoomEvent): void {
    if (type === 'room-started') {
      this.#inhabited.add(room);
      void this.#rooms.adopt(room);
    }
    if (type === 'room-ended') {
      this.#inhabited.delete(room);
      this.#rooms.check(room);
    }
  }

  /** Leaves all rooms to the other nodes, then says farewell to clients of theirs. */
  async stop(): Promise<void> {
    this.#exchange.silence();
    clearInterval(this.#claimTimer);
    this.#dropRenewals();
    this.#owner.dismissGuests();
    this.#rooms.releaseAll();
    await this.#exchange.leave();
    await sayFarewell(this.gateway.strays(), this.#options.timings);
  }

  /** When all sockets are closed. */
  close(): void {
    this.#exchange.close();
  }

  #handle(from: string, message: ToOwner | ToGateway): void {
    switch (message[0]) {
      case 'open':
      case 'text':
      case 'gone':
      case 'sync':
        this.#owner.receive(from, message);
        return;
      default:
        this.gateway.receive(from, message);
    }
  }

  #claimAgain(): void {
    this.#rooms.claimAgain().catch(this.#exchange.broken);
  }

  #renewSoon(owner: string | undefined): void {
    // All of them include those of one node.
    if (this.#renewals.has(owner) || this.#renewals.has(undefined)) return;
    if (owner === undefined) this.#dropRenewals();
    const timer = setTimeout(() => {
      this.#renewals.delete(owner);
      if (this.#exchange.isUp) this.#routing.renew(owner);
    }, RENEW_AFTER);
    this.#renewals.set(owner, timer);
  }

  #dropRenewals(): void {
    for (const timer of this.#renewals.values()) clearTimeout(timer);
    this.#renewals.clear();
  }
}
