import { WebSocket } from 'ws';
import { inWords } from '../src/protocol/server-texts.ts';
import type { RoomErrorCode, ServerFrame } from '../src/protocol/room.ts';
import { Bucket, fullAfter } from './bucket.ts';
import type { ClientSocket } from './call-socket.ts';
import { BURST_SECONDS, type ServerLimits, type Timings } from './limits.ts';
import type { Tally } from './tally.ts';
import type { Hello } from './upgrade.ts';

/** WebSocket close codes (RFC 6455 section 7.4.1 and the IANA registry it founds) that this server sends. */
export const CLOSE = { policy: 1008, restart: 1012, full: 1013 } as const;

/** Milliseconds. */
const BURST = BURST_SECONDS * 1_000;

export interface ConnectionOptions {
  readonly limits: ServerLimits;
  readonly timings: Timings;
  readonly tally: Tally;
}

/** One socket of one client, with what it may still send and what is known of its health. */
export class Connection {
  readonly id: string;
  readonly token: string;
  readonly hostname: string | undefined;
  /** Whom it counts for: `addressFinder`. */
  readonly address: string;
  readonly #socket: ClientSocket;
  readonly #options: ConnectionOptions;
  /** When its buckets of frames and bytes are full again: two numbers, since there are thousands of them. */
  #framesFullAt: number;
  #bytesFullAt: number;
  /** Made for the first of them: most clients send none. */
  #invalid: Bucket | undefined;
  /** When anything last came from the client, in milliseconds of `performance.now()`. */
  seenAt = performance.now();
  pingedAt = this.seenAt;

  constructor(socket: ClientSocket, hello: Hello, address: string, options: ConnectionOptions) {
    this.id = hello.id;
    this.token = hello.token;
    this.hostname = hello.hostname;
    this.address = address;
    this.#socket = socket;
    this.#options = options;
    this.#framesFullAt = this.#bytesFullAt = this.seenAt;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** Bytes that wait until the client reads. */
  get buffered(): number {
    return this.#socket.bufferedAmount;
  }

  /**
   * True while the client reads what it is sent. Ends the connection when too much waits for it, since whatever waits is
   * memory of this process.
   */
  get isReady(): boolean {
    if (!this.isOpen) return false;
    if (this.#socket.bufferedAmount <= this.#options.limits.bufferedBytes) return true;
    this.#options.tally.refuse('slow-reader');
    this.terminate();
    return false;
  }

  send(frame: ServerFrame): void {
    this.sendText(JSON.stringify(frame));
  }

  /** Sends a frame that is JSON already. Does nothing when the socket is closing. */
  sendText(text: string): void {
    if (this.isReady) this.#socket.send(text);
  }

  ping(): void {
    this.pingedAt = performance.now();
    if (this.isReady) this.#socket.ping();
  }

  /** Something has come: counts it, and notes that the client lives. False when it has sent too much. */
  arrived(bytes: number): boolean {
    const now = performance.now();
    this.seenAt = now;
    return this.charge(1, bytes, now);
  }

  /** Counts against the rates of the client. False when it has sent too much; then it is being closed. */
  charge(frames: number, bytes = 0, now = performance.now()): boolean {
    if (!this.isOpen) return false;
    const { limits, tally } = this.#options;
    const { framesPerSecond, bytesPerSecond } = limits;
    const framesFullAt = fullAfter(this.#framesFullAt, frames, framesPerSecond, now);
    const bytesFullAt = fullAfter(this.#bytesFullAt, bytes, bytesPerSecond, now);
    const areFramesFew = framesFullAt - now <= BURST;
    if (areFramesFew && bytesFullAt - now <= BURST) {
      this.#framesFullAt = framesFullAt;
      this.#bytesFullAt = bytesFullAt;
      return true;
    }
    const [reason, rate, what] = areFramesFew
      ? (['byte-rate', bytesPerSecond, 'bytes'] as const)
      : (['frame-rate', framesPerSecond, 'frames'] as const);
    tally.refuse(reason);
    const allowed = `${String(rate)} a second are allowed, ${String(BURST_SECONDS * rate)} at once`;
    this.refuse('rate-limited', `too many ${what}: ${allowed}`);
    return false;
  }

  /** Counts a frame that no well-behaved client sends; too many of them end the connection. */
  strike(): void {
    if (!this.isOpen) return;
    const { invalidBurst, invalidPerSecond } = this.#options.limits;
    this.#invalid ??= new Bucket(invalidBurst, invalidPerSecond);
    if (this.#invalid.take()) return;
    this.#options.tally.refuse('invalid-frames');
    this.cut(CLOSE.policy, 'too many invalid frames');
  }

  /** Says why, then closes. */
  refuse(code: RoomErrorCode, why = ''): void {
    this.send({ type: 'ROOM-ERROR', code, detail: inWords(code, why) });
    this.cut(code === 'server-full' ? CLOSE.full : CLOSE.policy, code);
  }

  /** Closes politely: what the client still sends is not looked at. */
  close(code: number, reason: string): void {
    if (!this.isOpen) return;
    this.#socket.removeAllListeners('message');
    this.#socket.close(code, reason);
    const timer = setTimeout(() => {
      this.terminate();
    }, this.#options.timings.closeWithin);
    this.#socket.once('close', () => {
      clearTimeout(timer);
    });
  }

  /** Closes, and stops reading at once: a client that floods is slowed down by TCP itself. */
  cut(code: number, reason: string): void {
    this.close(code, reason);
    this.pause();
  }

  /** Reads no more. */
  pause(): void {
    this.#socket.pause();
  }

  /** Ends the connection without a word. */
  terminate(): void {
    this.#socket.terminate();
  }
}
