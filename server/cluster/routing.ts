import { CLOSE } from '../connection.ts';
import type { ServerLimits, Timings } from '../limits.ts';
import type { Tally } from '../tally.ts';
import { answerAlone } from './alone.ts';
import { Clients, type Client, type Place } from './client.ts';
import type { ToOwner } from './messages.ts';
import type { Ownership } from './ownership.ts';
import { roomOf, typeOf, withMemory, type Answer } from './peek.ts';

/** How often in a row a client may be sent from one node to the next. */
const MAX_TRIES = 10;
const LEAVE = '{"type":"ROOM-LEAVE"}';

export interface RoutingOptions {
  readonly node: string;
  readonly limits: ServerLimits;
  readonly timings: Timings;
  readonly tally: Tally;
  readonly rooms: Ownership;
  readonly post: (node: string, message: ToOwner) => void;
  /** Whether messages get to this node and back. */
  readonly hears: (node: string) => boolean;
}

/** At which node each client is served, which is the one that owns its room: finds it, goes there, and goes on elsewhere when it is lost. */
export class Routing {
  readonly clients = new Clients();
  /** Other nodes that have served clients of this one, as long as they live. */
  readonly #told = new Set<string>();
  readonly #options: RoutingOptions;

  constructor(options: RoutingOptions) {
    this.#options = options;
  }

  /** The nodes whose end concerns clients of this one. */
  get nodes(): Iterable<string> {
    return this.#told;
  }

  /** A client says something. @param type Of the frame, if it is a JOIN or a LEAVE. */
  say(client: Client, text: string, type: unknown): void {
    if (client.isBusy) this.#wait(client, text);
    else this.#hand(client, text, type);
  }

  /** The JOIN has been answered, or is about to be, by whom the client has to convince first. */
  answered(client: Client, answer: Answer): void {
    const { next, place } = client;
    if (answer === 'in') client.joined = client.asked;
    if (answer !== 'waiting') client.asked = undefined;
    else if (client.asked !== undefined)
      // The next owner of that room is not to take it for somebody who comes to a new one.
      client.asked = withMemory(client.asked, { host: undefined, locked: true });
    if (answer !== 'refused') client.tries = 0;
    if (!next) return;
    const left = answer === 'refused' ? next : place;
    if (answer !== 'refused') client.place = next;
    client.next = undefined;
    if (left) {
      if (left === place) this.#options.post(left.node, ['text', left.n, LEAVE]);
      this.leave(left);
    }
    // After the answer, which the caller of this is about to hand on.
    queueMicrotask(() => {
      this.#flush(client);
    });
  }

  /** A place is no more. */
  displaced(client: Client, place: Place): void {
    this.clients.forget(place);
    if (client.next === place) client.next = undefined;
    else {
      client.place = client.next;
      client.next = undefined;
      if (client.place) {
        this.#flush(client);
        return;
      }
    }
    const hasRoom = client.askAgain();
    if (client.isRouting) return;
    if (!hasRoom) this.expectJoin(client);
    else if (++client.tries > MAX_TRIES)
      client.connection.close(CLOSE.full, 'the service cannot tell where this room is: try again');
    else void this.#route(client, false);
  }

  /** A client needs it no more. */
  leave(place: Place): void {
    this.clients.forget(place);
    this.#options.post(place.node, ['gone', place.n]);
  }

  /** A node is no more: its rooms will have other owners. */
  lost(owner: string): void {
    this.#told.delete(owner);
    for (const client of this.clients)
      for (const place of [client.next, client.place])
        if (place?.node === owner) this.displaced(client, place);
  }

  /** Messages to or from a node may have been lost: says what there is, and brings everyone there anew. Undefined: all others. */
  renew(owner?: string): void {
    const { node, post } = this.#options;
    // Also where no client is left: that the last one has gone may have been lost.
    const told = owner === undefined ? this.#told : [owner];
    const numbers = new Map([...told].map((to): [string, number[]] => [to, []]));
    const clients: Client[] = [];
    for (const client of this.clients) {
      const { place, next } = client;
      if (place) numbers.get(place.node)?.push(place.n);
      const at = next ?? place;
      if (!at || at.node === node || (owner !== undefined && at.node !== owner)) continue;
      clients.push(client);
    }
    for (const [to, list] of numbers) post(to, ['sync', list]);
    for (const client of clients) {
      if (client.next) this.clients.forget(client.next);
      client.next = undefined;
      // Asked anew at the same node it takes the place of its old socket there, and nobody notices.
      if (client.askAgain()) void this.#route(client, true);
    }
  }

  /** A client that is in no room, and on its way to none, may not stay. */
  expectJoin(client: Client): void {
    const { timings, tally } = this.#options;
    clearTimeout(client.joinTimer);
    client.joinTimer = setTimeout(() => {
      if (client.place || client.isRouting) return;
      tally.refuse('no-join');
      client.connection.close(CLOSE.policy, 'no ROOM-JOIN in time');
    }, timings.joinWithin);
  }

  /** Does what it says, when it is its turn. */
  #hand(client: Client, text: string, type: unknown): void {
    if (type === 'ROOM-JOIN') {
      client.asked = text;
      void this.#route(client, false);
      return;
    }
    if (type === 'ROOM-LEAVE') client.joined = client.asked = undefined;
    this.#forward(client, text);
  }

  #wait(client: Client, text: string): void {
    client.waiting.push(text);
    client.waitingBytes += text.length;
    if (client.waitingBytes > this.#options.limits.bufferedBytes)
      client.connection.refuse('rate-limited', 'too much was sent before the JOIN was answered');
  }

  /** Says again, and in order, what had to wait. */
  #flush(client: Client): void {
    const texts = client.waiting.splice(0);
    client.waitingBytes = 0;
    for (const [at, text] of texts.entries()) {
      const type = typeOf(text);
      const isJoin = type === 'ROOM-JOIN';
      if (isJoin) client.waiting.push(...texts.slice(at + 1));
      this.#hand(client, text, type);
      if (isJoin) return;
    }
  }

  /** Hands on what a client says; while it is in no room, to this node. */
  #forward(client: Client, text: string): void {
    const { node, post, hears } = this.#options;
    const place = client.place ?? this.#open(client, node, 'place');
    if (hears(place.node)) post(place.node, ['text', place.n, text]);
    else answerAlone(client.connection, text);
  }

  /** Gives a client a place at a node. */
  #open(client: Client, node: string, as: 'place' | 'next'): Place {
    const { id, token, hostname = '', address } = client.connection;
    const place = this.clients.place(client, node);
    // Before anything is said: this node's own answer comes within the call.
    client[as] = place;
    clearTimeout(client.joinTimer);
    if (node !== this.#options.node) this.#told.add(node);
    this.#options.post(node, ['open', place.n, [id, token, hostname, address]]);
    return place;
  }

  /** Brings a client to the node that has the room of its JOIN. @param isAnew Under another number, even if that is where it is. */
  async #route(client: Client, isAnew: boolean): Promise<void> {
    const { node, rooms, post } = this.#options;
    const { connection, asked } = client;
    if (client.isRouting || asked === undefined) return;
    const room = roomOf(asked);
    client.isRouting = true;
    // What is no room is refused in words by whoever is asked.
    const owner =
      room === undefined
        ? (client.place?.node ?? node)
        : rooms.owns(room)
          ? node
          : await rooms.locate(room);
    client.isRouting = false;
    if (!this.clients.has(client)) return;
    if (owner === undefined) {
      // The caller is told that the server cannot be reached, which is true of the part that matters, and tries again.
      connection.close(CLOSE.full, 'the service cannot tell where this room is: try again');
      return;
    }
    const old = client.place;
    if (old?.node === owner && !isAnew) {
      post(owner, ['text', old.n, asked]);
      this.#flush(client);
      return;
    }
    const isMove = old !== undefined && !isAnew;
    const place = this.#open(client, owner, isMove ? 'next' : 'place');
    post(owner, ['text', place.n, asked]);
    if (isMove) return;
    if (old?.node === owner) this.clients.forget(old);
    else if (old) this.leave(old);
    this.#flush(client);
  }
}
