import { WebSocket } from 'ws';
import type { Connection } from './connection.ts';

/**
 * A WebSocket that knows its connection, so that one listener serves all sockets. A closure for each event of each of them
 * would be a quarter of what a socket takes.
 */
export class CallSocket extends WebSocket {
  connection: Connection | undefined;
  /** PeerServer's listener for frames. */
  deliver: ((data: Buffer) => void) | undefined;
}

/** Every socket of this server is one; `ws` types those in its listeners as what they are made from. */
export const asCallSocket = (socket: WebSocket): CallSocket => socket as CallSocket;
