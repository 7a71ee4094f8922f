import type { Server } from 'node:http';
import express from 'express';
import { ExpressPeerServer, type IClient, type PeerServerEvents } from 'peer';
import type { WebSocket } from 'ws';
import { isRoomFrame } from '../src/protocol/room.ts';
import type { Connection } from './connection.ts';
import { judge, type PeerFrame } from './firewall.ts';
import type { Hub } from './hub.ts';
import { limited, type Log } from './log.ts';
import type { Accept, Sockets } from './sockets.ts';
import type { Tally } from './tally.ts';
import { PEER_KEY } from './upgrade.ts';

/** PeerServer has no handler for this type, so a message that is given it goes nowhere. */
const DROPPED = 'DROPPED';
/** The longest that a timer can wait. PeerServer's message queue is never used, so it need not be looked through. */
const NEVER = 2 ** 31 - 1;
/** A net under our own liveness, which ends dead sockets long before. Milliseconds. */
const ALIVE_TIMEOUT = 180_000;

/** The frame that PeerServer is handing round: whose it is, and whether the rate limit has let it pass. */
interface Arrival {
  readonly connection: Connection;
  readonly socket: WebSocket;
  readonly isAllowed: boolean;
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
  const clients = new WeakMap<WebSocket, Connection>();
  const known = new WeakSet<IClient>();
  let arrival: Arrival | undefined;

  const peer = ExpressPeerServer(httpServer, {
    key: PEER_KEY,
    alive_timeout: ALIVE_TIMEOUT,
    cleanup_out_msgs: NEVER,
    concurrent_limit: Infinity,
    allow_discovery: false,
    createWebSocketServer: () => sockets.server,
  });
  const events: PeerServerEvents = peer;

  events.on('connection', (client) => {
    const socket = client.getSocket();
    const connection = socket && clients.get(socket);
    if (!connection) return;
    if (known.has(client)) {
      // Back before the old socket was found dead: PeerServer swaps the sockets without a word, and PeerJS waits for OPEN.
      client.setLastPing(Date.now());
      connection.sendText('{"type":"OPEN"}');
    }
    known.add(client);
    // PeerServer counts HEARTBEAT frames only, which a throttled tab sends too seldom. For us every frame is a sign of life,
    // and who is silent is pinged: pongs come from the browser itself.
    socket.on('pong', () => client.setLastPing(Date.now()));
    hub.connected(connection);
  });

  // Must neither throw nor wait: a throw loses the frame as an `error`, and after a wait it has been routed already.
  events.on('message', (client, message: unknown) => {
    const from = arrival;
    client.setLastPing(Date.now());
    const isCurrent = from?.isAllowed === true && client.getSocket() === from.socket;
    try {
      if (isCurrent && pass(from.connection, message)) return;
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

  return (connection, socket, request) => {
    clients.set(socket, connection);
    socket.on('message', (data: Buffer, isBinary) => {
      connection.seenAt = performance.now();
      tally.frames += 1;
      tally.bytes += data.length;
      if (isBinary) connection.strike();
      const isAllowed = connection.charge(1, data.length) && !isBinary;
      arrival = { connection, socket, isAllowed, isRelayed: false };
    });
    socket.on('close', () => {
      hub.disconnected(connection);
    });
    sockets.server.emit('connection', socket, request);
    // PeerServer's own listener stands between these two.
    socket.on('message', () => {
      if (arrival?.isRelayed === true)
        tally.onRelayed?.((performance.now() - connection.seenAt) / 1_000);
      arrival = undefined;
    });
  };
}

function drop(message: unknown): void {
  if (typeof message === 'object' && message !== null) Object.assign(message, { type: DROPPED });
}
