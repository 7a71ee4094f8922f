import type { WebSocket } from 'ws';
import { asCallSocket, type CallSocket } from '../call-socket.ts';
import { CLOSE, type Connection } from '../connection.ts';
import type { ServerLimits, Timings } from '../limits.ts';
import type { Tally } from '../tally.ts';
import { answerAlone } from './alone.ts';
import { Client, Clients, type Place } from './client.ts';
import type { ToGateway, ToOwner } from './messages.ts';
import type { Ownership } from './ownership.ts';
import { answerOf, hostAfter, roomOf, typeOf, type Answer } from './peek.ts';

/** How often in a row a client may be sent from one node to the next. */
const MAX_TRIES = 10;
const LEAVE = '{"type":"ROOM-LEAVE"}';

export interface GatewayOptions {
  readonly node: string;
  readonly limits: ServerLimits;
  readonly timings: Timings;
  readonly tally: Tally;
  readonly rooms: Ownership;
  readonly post: (node: string, message: ToOwner) => void;
  /** Whether messages get to this node and back. */
  readonly hears: (node: string) => boolean;
}

/** Keeps the sockets of this node's clients, and has each served by the node that owns its room, which may be this one. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly clients = new Clients();
  readonly #onMessage: (this: WebSocket, data: Buffer, isBinary: boolean) => void;

  constructor(options: GatewayOptions) {
    this.#options = options;
    const receive = (connection: Connection, data: Buffer): void => {
      const client = this.clients.of(connection);
      if (client) this.#receive(client, data);
    };
    const { tally } = options;
    this.#onMessage = function (data, isBinary) {
      const { connection } = asCallSocket(this);
      if (!connection) return;
      tally.frames += 1;
      tally.bytes += data.length;
      if (isBinary) connection.strike();
      if (connection.arrived(data.length) && !isBinary) receive(connection, data);
    };
  }

  /** Takes a new client. */
  accept(connection: Connection, socket: CallSocket): void {
    const client = new Client(connection);
    const old = this.clients.withId(connection.id);
    this.clients.add(client);
    // One that is served somewhere is ended there, as soon as the new one has joined.
    if (old && !old.place) old.connection.terminate();
    socket.on('message', this.#onMessage);
    connection.sendText('{"type":"OPEN"}');
    this.#expectJoin(client);
  }

  closed(connection: Connection): void {
    const client = this.clients.of(connection);
    if (!client) return;
    this.clients.remove(client);
    clearTimeout(client.joinTimer);
    for (const place of [client.place, client.next]) if (place) this.#leave(place);
  }

  /** A node says something to one of its clients. */
  receive(from: string, message: ToGateway): void {
    const found = this.clients.at(from, message[1]);
    if (!found) return;
    const [client, place] = found;
    const { connection } = client;
    switch (message[0]) {
      case 'send':
        this.#said(client, message[2]);
        return;
      case 'close':
        connection.close(message[2], message[3]);
        return;
      case 'pause':
        connection.pause();
        return;
      case 'end':
        connection.terminate();
        return;
      case 'elsewhere':
        // Someone who has asked for nothing has hidden a JOIN from us.
        if (client.asked === undefined && client.joined === undefined) connection.strike();
        this.#displaced(client, place);
    }
  }

  /** A node is no more: its rooms will have other owners. */
  lost(owner: string): void {
    for (const client of this.clients)
      for (const place of [client.next, client.place])
        if (place?.node === owner) this.#displaced(client, place);
  }

  /** Messages to or from a node may have been lost: says what there is, and brings everyone there anew. Undefined: all others. */
  renew(owner?: string): void {
    const { node, post } = this.#options;
    const numbers = new Map<string, number[]>();
    if (owner !== undefined) numbers.set(owner, []);
    const clients: Client[] = [];
    for (const client of this.clients) {
      const { place, next } = client;
      const at = next ?? place;
      if (!at || at.node === node || (owner !== undefined && at.node !== owner)) continue;
      const list = numbers.get(at.node) ?? [];
      numbers.set(at.node, list);
      if (place) list.push(place.n);
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

  /** Those whom no hub of this node says farewell to. */
  strays(): readonly Connection[] {
    return [...this.clients]
      .filter(({ place }) => place?.node !== this.#options.node)
      .map(({ connection }) => connection);
  }

  #receive(client: Client, data: Buffer): void {
    const text = data.toString();
    // Said by a simple client in plain letters; who hides it is not served any better for that.
    if (data.includes('ROOM-JOIN') || data.includes('ROOM-LEAVE')) {
      const type = typeOf(text);
      // What is left to a frame that has just been charged as one.
      if (type === 'ROOM-JOIN' && !client.connection.charge(this.#options.limits.joinCost - 1))
        return;
      if (type === 'ROOM-JOIN' && !client.isBusy) {
        client.asked = text;
        void this.#route(client, false);
        return;
      }
      if (type === 'ROOM-LEAVE' && !client.isBusy) client.joined = client.asked = undefined;
    }
    if (client.isBusy) this.#wait(client, text);
    else this.#forward(client, text);
  }

  #wait(client: Client, text: string): void {
    client.waiting.push(text);
    client.waitingBytes += text.length;
    if (client.waitingBytes > this.#options.limits.bufferedBytes)
      client.connection.refuse('rate-limited', 'too much was sent before the JOIN was answered');
  }

  /** Hands on what a client says; while it is in no room, to this node. */
  #forward(client: Client, text: string): void {
    const { node, post, hears } = this.#options;
    const place = client.place ?? this.#open(client, node, 'place');
    if (hears(place.node)) post(place.node, ['text', place.n, text]);
    else answerAlone(client.connection, text);
  }

  /** Hands on what a client is told. */
  #said(client: Client, text: string): void {
    client.host = hostAfter(text, client.host, client.connection.id);
    const answer = client.asked === undefined ? undefined : answerOf(text);
    if (answer) this.#answered(client, answer);
    client.connection.sendText(text);
  }

  /** Gives a client a place at a node. */
  #open(client: Client, node: string, as: 'place' | 'next'): Place {
    const { id, token, hostname = '', address } = client.connection;
    const place = this.clients.place(client, node);
    // Before anything is said: this node's own answer comes within the call.
    client[as] = place;
    clearTimeout(client.joinTimer);
    this.#options.post(node, ['open', place.n, [id, token, hostname, address]]);
    return place;
  }

  /** Says again, and in order, what had to wait. */
  #flush(client: Client): void {
    const texts = client.waiting.splice(0);
    client.waitingBytes = 0;
    for (const [at, text] of texts.entries()) {
      if (typeOf(text) === 'ROOM-JOIN') {
        client.waiting.push(...texts.slice(at + 1));
        client.asked = text;
        void this.#route(client, false);
        return;
      }
      if (typeOf(text) === 'ROOM-LEAVE') client.joined = client.asked = undefined;
      this.#forward(client, text);
    }
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
    else if (old) this.#leave(old);
    this.#flush(client);
  }

  /** The JOIN has been answered, or is about to be, by whom the client has to convince first. */
  #answered(client: Client, answer: Answer): void {
    const { next, place } = client;
    if (answer === 'in') client.joined = client.asked;
    if (answer !== 'waiting') client.asked = undefined;
    if (answer !== 'refused') client.tries = 0;
    if (!next) return;
    const left = answer === 'refused' ? next : place;
    if (answer !== 'refused') client.place = next;
    client.next = undefined;
    if (left) {
      if (left === place) this.#options.post(left.node, ['text', left.n, LEAVE]);
      this.#leave(left);
    }
    // After the answer, which the caller of this is about to hand on.
    queueMicrotask(() => {
      this.#flush(client);
    });
  }

  /** A place is no more. */
  #displaced(client: Client, place: Place): void {
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
    if (!hasRoom) this.#expectJoin(client);
    else if (++client.tries > MAX_TRIES)
      client.connection.close(CLOSE.full, 'the service cannot tell where this room is: try again');
    else void this.#route(client, false);
  }

  #leave(place: Place): void {
    this.clients.forget(place);
    this.#options.post(place.node, ['gone', place.n]);
  }

  #expectJoin(client: Client): void {
    const { timings, tally } = this.#options;
    clearTimeout(client.joinTimer);
    client.joinTimer = setTimeout(() => {
      if (client.place || client.isRouting) return;
      tally.refuse('no-join');
      client.connection.close(CLOSE.policy, 'no ROOM-JOIN in time');
    }, timings.joinWithin);
  }
}
