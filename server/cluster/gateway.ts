import type { WebSocket } from 'ws';
import { asCallSocket, type CallSocket } from '../call-socket.ts';
import type { Connection } from '../connection.ts';
import type { ServerLimits } from '../limits.ts';
import type { Tally } from '../tally.ts';
import { Client } from './client.ts';
import type { ToGateway } from './messages.ts';
import { answerOf, toldAfter, typeOf } from './peek.ts';
import type { Routing } from './routing.ts';

export interface GatewayOptions {
  readonly node: string;
  readonly limits: ServerLimits;
  readonly tally: Tally;
  readonly routing: Routing;
}

/** Keeps the sockets of this node's clients, and hands on what they say and what they are told. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #onMessage: (this: WebSocket, data: Buffer, isBinary: boolean) => void;

  constructor(options: GatewayOptions) {
    this.#options = options;
    const { tally, routing } = options;
    const receive = (connection: Connection, data: Buffer): void => {
      const client = routing.clients.of(connection);
      if (client) this.#receive(client, data);
    };
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
    const { routing } = this.#options;
    const client = new Client(connection);
    const old = routing.clients.latest(connection);
    routing.clients.add(client);
    // One that is served somewhere is ended there, as soon as the new one has joined.
    if (old && !old.place) old.connection.terminate();
    socket.on('message', this.#onMessage);
    connection.sendText('{"type":"OPEN"}');
    routing.expectJoin(client);
  }

  closed(connection: Connection): void {
    const { routing } = this.#options;
    const client = routing.clients.of(connection);
    if (!client) return;
    routing.clients.remove(client);
    clearTimeout(client.joinTimer);
    for (const place of [client.place, client.next]) if (place) routing.leave(place);
  }

  /** A node says something to one of its clients. */
  receive(from: string, message: ToGateway): void {
    const { routing } = this.#options;
    const found = routing.clients.at(from, message[1]);
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
        routing.displaced(client, place);
    }
  }

  /** Those whom no hub of this node says farewell to. */
  strays(): readonly Connection[] {
    const { routing, node } = this.#options;
    return [...routing.clients]
      .filter(({ place }) => place?.node !== node)
      .map(({ connection }) => connection);
  }

  #receive(client: Client, data: Buffer): void {
    const text = data.toString();
    // Said by a simple client in plain letters; who hides it is not served any better for that.
    const type =
      data.includes('ROOM-JOIN') || data.includes('ROOM-LEAVE') ? typeOf(text) : undefined;
    // What is left to a frame that has just been charged as one.
    const { limits, routing } = this.#options;
    const isPaid = type !== 'ROOM-JOIN' || client.connection.charge(limits.joinCost - 1);
    if (isPaid) routing.say(client, text, type);
  }

  /** Hands on what a client is told. */
  #said(client: Client, text: string): void {
    client.told = toldAfter(text, client.told, client.connection.id);
    const answer = client.asked === undefined ? undefined : answerOf(text);
    if (answer) this.#options.routing.answered(client, answer);
    client.connection.sendText(text);
  }
}
