import { randomUUID } from 'node:crypto';
import type { CallSocket, ClientSocket } from '../call-socket.ts';
import { Connection } from '../connection.ts';
import { sayFarewell } from '../farewell.ts';
import type { Hub } from '../hub.ts';
import type { ServerLimits, Timings } from '../limits.ts';
import { limited, type Log } from '../log.ts';
import type { Mounted } from '../peer-server.ts';
import type { Tally } from '../tally.ts';
import type { RoomEvent } from '../webhooks.ts';
import { Gateway } from './gateway.ts';
import { decode, encode, type Message } from './messages.ts';
import { Outbox } from './outbox.ts';
import { Owner } from './owner.ts';
import { Ownership } from './ownership.ts';
import { Pulse } from './pulse.ts';
import { Redis } from './redis.ts';

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
  readonly #redis: Redis;
  readonly #pulse: Pulse;
  readonly #rooms: Ownership;
  readonly #owner: Owner;
  readonly #outbox: Outbox;
  readonly #complain: Log;
  /** Rooms with members here. */
  readonly #inhabited = new Set<string>();
  /** Nodes that do not hear what is said to them, and are not known to be dead. */
  readonly #deaf = new Set<string>();
  /** By the node whose clients are to be brought anew; undefined: all. */
  readonly #renewals = new Map<string | undefined, NodeJS.Timeout>();
  sent = 0;
  received = 0;

  constructor(options: ClusterOptions) {
    const { url, limits, timings, tally, log, hub, peer } = options;
    const node = this.#node;
    this.#options = options;
    this.#complain = limited(log);
    const onBroken = (error: unknown): void => {
      this.#pulse.broken(error);
    };
    const redis = new Redis({
      url,
      node,
      onText: (text) => {
        this.#receive(text);
      },
      onBroken,
    });
    this.#redis = redis;
    this.#outbox = new Outbox({
      node,
      send: (to, text) => redis.send(to, text),
      onLost: onBroken,
      onDeaf: (to) => {
        this.#deaf.add(to);
      },
    });
    this.#pulse = new Pulse({
      redis,
      log,
      sendBeat: async () => {
        await redis.send(node, this.#say('beat'));
      },
      others: () => {
        const nodes = new Set([...this.gateway.clients.nodes, ...this.#owner.gateways]);
        nodes.delete(node);
        return [...nodes];
      },
      onDead: (other) => {
        this.#died(other);
      },
      onGap: () => {
        this.#mend();
      },
    });
    this.#rooms = new Ownership({
      node,
      redis,
      mayClaim: () => this.#pulse.isSettled,
      isInUse: (room) => this.#inhabited.has(room) || this.#owner.isAwaited(room),
      onLost: (room) => {
        this.#owner.roomLost(room);
      },
    });
    const post = (to: string, message: Message): void => {
      this.#post(to, message);
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
    this.gateway = new Gateway({
      ...{ node, limits, timings, tally, rooms: this.#rooms, post },
      hears: (other) => other === node || (this.#pulse.isUp && !this.#deaf.has(other)),
    });
  }

  get isUp(): boolean {
    return this.#pulse.isUp;
  }

  get rooms(): number {
    return this.#rooms.size;
  }

  get guests(): number {
    return this.#owner.guestCount;
  }

  /** Does not wait for Redis, which may come later. */
  async start(): Promise<void> {
    await this.#redis.start();
    this.#pulse.start();
  }

  accept(connection: Connection, socket: CallSocket): void {
    this.gateway.accept(connection, socket);
  }

  isOurs(socket: ClientSocket, frame: unknown): boolean {
    return this.#owner.isOurs(socket, frame);
  }

  ownerOf(id: string, token: string): 'nobody' | 'self' | 'other' {
    const owner = this.#options.hub.ownerOf(id, token);
    return owner === 'nobody' ? this.gateway.clients.ownerOf(id, token) : owner;
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
    this.#pulse.stop();
    for (const timer of this.#renewals.values()) clearTimeout(timer);
    this.#owner.dismissGuests();
    this.#outbox.flush();
    this.#rooms.releaseAll();
    await this.#redis.leave(this.#say('bye'));
    await sayFarewell(this.gateway.strays(), this.#options.timings);
  }

  /** When all sockets are closed. */
  close(): void {
    this.#redis.close();
  }

  #say(what: 'beat' | 'gap' | 'bye'): string {
    return encode({ from: this.#node, messages: [[what]] });
  }

  #post(to: string, message: Message): void {
    if (to === this.#node) {
      this.#handle(to, message);
      return;
    }
    this.sent += 1;
    if (this.#pulse.isUp) this.#outbox.post(to, message);
    else this.#pulse.broken(undefined);
  }

  #receive(text: string): void {
    const batch = decode(text);
    if (!batch) {
      this.#complain('a message of another node is not understood', {}, 'warn');
      return;
    }
    this.#deaf.delete(batch.from);
    for (const message of batch.messages)
      try {
        if (batch.from !== this.#node) this.received += 1;
        this.#handle(batch.from, message);
      } catch (error) {
        const text = 'a message of another node could not be handled';
        this.#complain(text, { error: String(error) }, 'error');
      }
  }

  #handle(from: string, message: Message): void {
    const isOwn = from === this.#node;
    switch (message[0]) {
      case 'open':
      case 'text':
      case 'gone':
      case 'sync':
        this.#owner.receive(from, message);
        return;
      case 'beat':
        if (isOwn) this.#pulse.heard();
        return;
      case 'gap':
        if (!isOwn) this.#renewSoon(from);
        return;
      case 'bye':
        if (!isOwn) this.#died(from);
        return;
      default:
        this.gateway.receive(from, message);
    }
  }

  /** After a silence: tells the others, asks for our rooms again, and brings our clients to those of others anew. */
  #mend(): void {
    const onFailed = (error: unknown): void => {
      this.#pulse.broken(error);
    };
    this.#redis.sendAll(this.#say('gap')).catch(onFailed);
    this.#rooms.claimAgain().catch(onFailed);
    this.#renewSoon(undefined);
  }

  #renewSoon(owner: string | undefined): void {
    if (this.#renewals.has(owner)) return;
    const timer = setTimeout(() => {
      this.#renewals.delete(owner);
      if (this.#pulse.isUp) this.gateway.renew(owner);
    }, RENEW_AFTER);
    this.#renewals.set(owner, timer);
  }

  #died(node: string): void {
    this.#deaf.delete(node);
    this.#owner.lost(node);
    this.gateway.lost(node);
  }
}
