import type { Server } from 'node:http';
import express from 'express';
import { ExpressPeerServer, type IClient, type PeerServerEvents } from 'peer';
import type { WebSocket } from 'ws';
import { isRoomFrame } from '../src/protocol/room.ts';
import { asCallSocket, type CallSocket } from './call-socket.ts';
import type { Connection } from './connection.ts';
import { judge, type PeerFrame } from './firewall.ts';
import type { Hub } from './hub.ts';
import { limited, type Log } from './log.ts';
import type { Accept, Sockets } from './sockets.ts';
import type { Tally } from './tally.ts';
import { PEER_KEY } from './upgrade.ts';

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
  readonly socket: CallSocket;
  /** Whether it has been handed to another client. */
  isRelayed: boolean;
}

/**
 * Runs PeerServer on our sockets, with its HTTP routes out of reach, and puts the firewall before it: its `message` event
 * shows every frame synchronously, before it is routed, as the very object that will be routed.
 *
 * @returns What takes new connections.
 */
export function mountPeerServer(
  httpServer: Server,
  sockets: Sockets,
  hub: Hub,
  tally: Tally,
  log: Log,
): Accept {
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
    const connection = (client.getSocket() as CallSocket | null)?.connection;
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
      if (client.getSocket() === from?.socket && pass(from.connection, message)) return;
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
  function pass(connection: Connection, message: unknown): boolean {
    if (isRoomFrame(message)) {
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

  // One listener before and after PeerServer's own instead of one on each side of it: three are called more slowly.
  function onMessage(this: WebSocket, data: Buffer, isBinary: boolean): void {
    const socket = asCallSocket(this);
    const { connection } = socket;
    if (!connection) return;
    tally.frames += 1;
    tally.bytes += data.length;
    if (isBinary) connection.strike();
    // What is not allowed, PeerServer need not read.
    if (!connection.arrived(data.length) || isBinary) return;
    arrival = { connection, socket, isRelayed: false };
    socket.deliver?.(data);
    if (arrival.isRelayed) tally.onRelayed?.((performance.now() - connection.seenAt) / 1_000);
    arrival = undefined;
  }

  return (_connection, socket, request) => {
    sockets.server.emit('connection', socket, request);
    // Missing where PeerServer has refused the socket.
    const [deliver] = socket.listeners('message') as ((data: Buffer) => void)[];
    socket.deliver = deliver;
    socket.removeAllListeners('message');
    socket.on('message', onMessage);
  };
}

function drop(message: unknown): void {
  if (typeof message === 'object' && message !== null) Object.assign(message, { type: DROPPED });
}
