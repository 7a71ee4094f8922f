import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
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

/** The longest text whose length fits into 16 bits. */
const MAX_WHOLE = 0xffff;

/**
 * A WebSocket that knows its connection, so that one listener serves all sockets. A closure for each event of each of them
 * would be a quarter of what a socket takes.
 */
export class CallSocket extends WebSocket implements ClientSocket {
  connection: Connection | undefined;
  deliver: ((data: Buffer | string) => void) | undefined;
  /** The stream that it runs on. */
  stream: Duplex | undefined;

  /**
   * Writes frames in one piece, where `ws` writes header and text as two, which costs more than all that this server does with a
   * frame. No extension is ever negotiated and nothing fragmented, so `ws` keeps no frames back that this could overtake.
   */
  override send(text: string): void {
    const { length } = text;
    // A string of ASCII is written as it is.
    if (
      this.stream === undefined ||
      this.readyState !== WebSocket.OPEN ||
      length > MAX_WHOLE ||
      Buffer.byteLength(text) !== length
    )
      super.send(text);
    else this.stream.write(headerOf(length) + text, 'latin1');
  }
}

/** What comes before an unmasked text of so many bytes: RFC 6455, section 5.2. */
function headerOf(length: number): string {
  const FINAL_TEXT = 0x81;
  return length < 126
    ? String.fromCharCode(FINAL_TEXT, length)
    : String.fromCharCode(FINAL_TEXT, 126, length >> 8, length & 0xff);
}

/** Every socket of this server is one; `ws` types those in its listeners as what they are made from. */
export const asCallSocket = (socket: WebSocket): CallSocket => socket as CallSocket;
