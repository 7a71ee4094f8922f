import type { Server } from 'node:http';
import express from 'express';
import { ExpressPeerServer, type IClient, type PeerServerEvents } from 'peer';
import type { WebSocket } from 'ws';
import { isRoomFrame } from '../src/protocol/room.ts';
import { asCallSocket, type ClientSocket } from './call-socket.ts';
import type { Connection } from './connection.ts';
import { judge, type PeerFrame } from './firewall.ts';
import type { Hub } from './hub.ts';
import { limited, type Log } from './log.ts';
import type { Sockets } from './sockets.ts';
import type { Tally } from './tally.ts';
import { PEER_KEY, peerUrl, type Hello } from './upgrade.ts';

/** PeerServer has no handler for this type, so a message that is given it goes nowhere. */
const DROPPED = 'DROPPED';
/**
 * The longest that a timer can wait. PeerServer's message queue is never used, so it need not be looked through; dead sockets
 * are ended by our own liveness, since PeerServer counts HEARTBEAT frames only, which a throttled tab sends too seldom.
 */
const NEVER = 2 ** 31 - 1;
/** The frame that PeerServer is handing round: whose it is. */
interface Arrival {
  readonly connection: Connection;
  readonly socket: ClientSocket;
  /** Whether it has been handed to another client. */
  isRelayed: boolean;
}

/** Has a frame of a client handled. */
export type Serve = (socket: ClientSocket, data: Buffer | string) => void;

export interface Mounted {
  /** Takes a new socket, before any of its frames, which are then to be given to `serve`. */
  readonly accept: (socket: ClientSocket, hello: Hello) => void;
  readonly serve: Serve;
  /** Listener for the frames of a socket of this process. */
  readonly onMessage: (this: WebSocket, data: Buffer, isBinary: boolean) => void;
}

export interface MountOptions {
  readonly hub: Hub;
  readonly tally: Tally;
  readonly log: Log;
  /** Whether a frame may be handled here, which nobody has checked yet: its room may be at another node. */
  readonly isOurs: ((socket: ClientSocket, frame: unknown) => boolean) | undefined;
}

/**
 * Runs PeerServer on our sockets, with its HTTP routes out of reach, and puts the firewall before it: its `message` event
 * shows every frame synchronously, before it is routed, as the very object that will be routed.
 */
export function mountPeerServer(
  httpServer: Server,
  sockets: Sockets,
  { hub, tally, log, isOurs }: MountOptions,
): Mounted {
  const complain = limited(log);
  const known = new WeakSet<IClient>();
  let arrival: Arrival | undefined;

  const peer = ExpressPeerServer(httpServer, {
    key: PEER_KEY,
    alive_timeout: NEVER,
    cleanup_out_msgs: NEVER,
    concurrent_limit: Infinity,
    allow_discovery: false,
    createWebSocketServer: () => sockets.server,
  });
  const events: PeerServerEvents = peer;

  events.on('connection', (client) => {
    const connection = (client.getSocket() as ClientSocket | null)?.connection;
    if (!connection) return;
    if (known.has(client)) {
      // Back before the old socket was found dead: PeerServer swaps the sockets without a word, and PeerJS waits for OPEN.
      connection.sendText('{"type":"OPEN"}');
    }
    known.add(client);
    hub.connected(connection);
  });

  // Must neither throw nor wait: a throw loses the frame as an `error`, and after a wait it has been routed already.
  events.on('message', (client, message: unknown) => {
    const from = arrival;
    try {
      const socket: unknown = client.getSocket();
      if (from && socket === from.socket && pass(from, message)) return;
    } catch (error) {
      complain('a frame could not be handled', { error: String(error) }, 'error');
    }
    drop(message);
  });

  events.on('disconnect', (client) => {
    client.getSocket()?.terminate();
  });

  // Without a listener one malformed frame would end the process.
  events.on('error', (error) => {
    if (arrival) arrival.connection.strike();
    else complain('a socket failed', { error: 'code' in error ? error.code : error.name }, 'warn');
  });

  /** True when PeerServer may route the message. */
  function pass({ connection, socket }: Arrival, message: unknown): boolean {
    if (isRoomFrame(message)) {
      if (isOurs?.(socket, message) === false) return false;
      const isRelayed = hub.receive(connection, message);
      if (arrival && isRelayed) arrival.isRelayed = true;
      return false;
    }
    const verdict = judge(message);
    if (verdict.kind === 'invalid') connection.strike();
    if (verdict.kind === 'route') return route(connection, message, verdict.frame);
    return verdict.kind === 'heartbeat';
  }

  function route(
    connection: Connection,
    message: unknown,
    { type, dst, payload }: PeerFrame,
  ): boolean {
    if (!hub.mayDescribe(connection, payload.sdp.sdp)) return false;
    if (!hub.reach(connection.id, dst)) {
      if (type === 'OFFER')
        connection.send({ type: 'ROOM-UNDELIVERED', dst, link: payload.connectionId });
      return false;
    }
    // PeerServer routes `type`, `src` (which it has set itself), `dst` and `payload`, and nothing else.
    Object.assign(message as object, { payload });
    if (arrival) arrival.isRelayed = true;
    return true;
  }

  // PeerServer starts when it is mounted. This app is never asked anything: its routes check no key and allow any origin.
  express().use(peer);

  function serve(socket: ClientSocket, data: Buffer | string): void {
    const { connection } = socket;
    // What is not allowed, PeerServer need not read.
    if (!connection?.arrived(data.length)) return;
    const outer = arrival;
    arrival = { connection, socket, isRelayed: false };
    socket.deliver?.(data);
    if (arrival.isRelayed) tally.relayTimes.add((performance.now() - connection.seenAt) / 1_000);
    arrival = outer;
  }

  return {
    serve,
    // One listener before and after PeerServer's own instead of one on each side of it: three are called more slowly.
    onMessage(data, isBinary) {
      const socket = asCallSocket(this);
      tally.frames += 1;
      tally.bytes += data.length;
      if (!isBinary) {
        serve(socket, data);
        return;
      }
      socket.connection?.strike();
      socket.connection?.arrived(data.length);
    },
    accept(socket, hello) {
      sockets.server.emit('connection', socket, { url: peerUrl(hello) });
      // Missing where PeerServer has refused the socket.
      const [deliver] = socket.listeners('message') as ((data: Buffer | string) => void)[];
      socket.deliver = deliver;
      socket.removeAllListeners('message');
    },
  };
}

function drop(message: unknown): void {
  if (typeof message === 'object' && message !== null) Object.assign(message, { type: DROPPED });
}
