import { LIMITS } from '../src/protocol/limits.ts';

/**
 * Bounds and timings of the server; config-limits.ts has the flags of those that an operator may want to set. Lengths of texts
 * on the wire are in src/protocol/limits.ts. Times are in milliseconds.
 */
export interface ServerLimits {
  /** Open sockets in all; one more is told `server-full`. */
  readonly sockets: number;
  /** Rooms in all; who would open one more is told `server-full`. */
  readonly rooms: number;
  /** What a socket may send for long; for a moment five times as much. A join counts for several frames. */
  readonly framesPerSecond: number;
  readonly bytesPerSecond: number;
  /** Bytes of one frame; a larger one closes the socket with 1009. */
  readonly frameBytes: number;
  /** What a JOIN counts, since everyone in the room hears of it. */
  readonly joinCost: number;
  /** Invalid frames that are forgiven in a burst, and per second after that. */
  readonly invalidBurst: number;
  readonly invalidPerSecond: number;
  /** Bytes that may wait for a slow reader before it is cut off. */
  readonly bufferedBytes: number;
  /** STUN answers a second in all, so that forged senders cannot use the server as an amplifier. */
  readonly stunPerSecond: number;
}

export interface Timings {
  /** A socket that has been silent for this long is pinged, and again after as long. */
  readonly pingEvery: number;
  /** A socket from which nothing came for this long is dead. */
  readonly deadAfter: number;
  /**
   * How often sockets are looked at. `deadAfter` plus this is the longest a half-open socket goes unnoticed. Seldom is not
   * cheaper: then thousands are pinged in one go, and all frames wait meanwhile.
   */
  readonly checkEvery: number;
  /** A connection is ended on which TLS is not agreed on for this long, or then the head of a request not there. */
  readonly headWithin: number;
  /** A connection on which an answer of HTTP waits for this long, because nobody reads it, is ended. */
  readonly unreadFor: number;
  /** A socket that is in no room for this long is closed. */
  readonly joinWithin: number;
  /** For how long the word of those counts who say that they come back to a room which the server does not know. */
  readonly returnWithin: number;
  /** From the close frame to the end of a socket that does not answer it. */
  readonly closeWithin: number;
  /** What clients are told to wait before they come back to a server that stops. */
  readonly retryAfter: number;
  /** Over how long a server that stops spreads the end of its sockets, if it has many. */
  readonly closeOver: number;
  /** How often a node says in Redis which rooms are its own; Redis keeps that for a day. */
  readonly claimEvery: number;
  /** After so long a set of keys is fetched again; those that were there count on as long as that fails. */
  readonly keysFor: number;
  /** From a failed fetch of a set of keys to the next one. */
  readonly keysRetry: number;
  /** How long the receiver of a webhook may take. */
  readonly webhookTimeout: number;
  /** From a failed delivery of a webhook to the next; after that twice as long each time. */
  readonly webhookRetry: number;
}

/** How many seconds' worth of frames and bytes a socket may send at once. */
export const BURST_SECONDS = 5;

// 16 people who all gather twenty candidates send 300 frames within a second or two; a first offer has about 8 kB.
export const DEFAULT_LIMITS: ServerLimits = {
  sockets: 10_000,
  rooms: 5_000,
  framesPerSecond: 200,
  bytesPerSecond: 800 * 1024,
  frameBytes: LIMITS.frameBytes,
  joinCost: 20,
  invalidBurst: 20,
  invalidPerSecond: 0.2,
  bufferedBytes: 1024 * 1024,
  stunPerSecond: 5_000,
};

// Two pings fit before a socket counts as dead. A machine that is gone shows as away within 8 s, and with the default of
// --away-grace it is out of the room within 19.
export const DEFAULT_TIMINGS: Timings = {
  pingEvery: 3_000,
  deadAfter: 7_000,
  checkEvery: 100,
  headWithin: 10_000,
  unreadFor: 30_000,
  joinWithin: 10_000,
  returnWithin: 30_000,
  closeWithin: 2_000,
  retryAfter: 1_000,
  closeOver: 1_000,
  claimEvery: 3_600_000,
  keysFor: 600_000,
  keysRetry: 5_000,
  webhookTimeout: 5_000,
  webhookRetry: 500,
};
