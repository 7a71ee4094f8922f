import type { EventEmitter } from 'node:events';
import { WebSocket } from 'ws';
import type { Connection } from './connection.ts';

/** What this server uses of a client's socket, which is a WebSocket of this process or one at another node. */
export interface ClientSocket extends EventEmitter {
  connection: Connection | undefined;
  /** PeerServer's listener for frames. */
  deliver: ((data: Buffer | string) => void) | undefined;
  readonly readyState: number;
  readonly bufferedAmount: number;
  send(text: string): void;
  ping(): void;
  pause(): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

/**
 * A WebSocket that knows its connection, so that one listener serves all sockets. A closure for each event of each of them
 * would be a quarter of what a socket takes.
 */
export class CallSocket extends WebSocket implements ClientSocket {
  connection: Connection | undefined;
  deliver: ((data: Buffer | string) => void) | undefined;
}

/** Every socket of this server is one; `ws` types those in its listeners as what they are made from. */
export const asCallSocket = (socket: WebSocket): CallSocket => socket as CallSocket;
