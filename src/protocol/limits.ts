/**
 * Version of the room protocol and of the messages between callers. It is part of every handshake; a server or a caller
 * that speaks another major version is refused by name instead of being misunderstood.
 */
export const PROTOCOL_VERSION = 1;

/** Upper bounds of everything that arrives from a network. Lengths are in UTF-16 code units unless said otherwise. */
export const LIMITS = {
  /** Room name. */
  room: 200,
  /** Display name. */
  name: 80,
  /** Participant, link and chat message ids. */
  id: 64,
  /** Text of one chat message. */
  chatText: 8_000,
  /** Chat messages kept and handed to a late joiner. */
  chatHistory: 200,
  /** A session description; 16 participants' worth of tracks stays below 32 kB. */
  sdp: 64_000,
  /** One candidate line. */
  candidate: 2_000,
  /** Bytes of one WebSocket frame. */
  frameBytes: 128 * 1024,
  /** Characters of one data channel message (JSON). Chromium takes 256 KiB at most. */
  channelMessage: 128 * 1024,
  /** Media sections (mids) that one description may have and name. */
  sources: 32,
  /** Members that one room may be configured for. */
  members: 500,
  /** An access token: a JWT of our claims has some hundred, signed with RSA up to a thousand. */
  token: 4_096,
  /** People who wait to be let into one room. */
  waiting: 50,
  /** ICE servers that are used; more only slow gathering down. */
  iceServers: 16,
  /** One STUN or TURN URL, user name or credential. */
  iceText: 1_024,
} as const;

/** Participants a room takes when the server is not told otherwise: what has been shown to hold (docs/decisions/0010). */
export const DEFAULT_CAPACITY = 8;
