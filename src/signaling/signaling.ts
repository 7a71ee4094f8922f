import type { ModeratorAction } from '../protocol/moderation.ts';
import type { RoomErrorCode, ServerFrame } from '../protocol/room.ts';
import type { Signal } from '../protocol/signal.ts';

/** What the server is told of the one who joins, read at each join. */
export interface Pass {
  readonly token: string;
  /** For the moderators, if they have to let the caller in. */
  readonly name: string;
  /** The moderator so far, if the caller has been in the room. */
  readonly host: string | undefined;
  /** As far as the caller knows. */
  readonly locked: boolean;
}

/** What the first offer or answer of a link is made of. */
export interface CallMedia {
  readonly tracks: readonly MediaStreamTrack[];
  readonly config: RTCConfiguration;
  /** False for somebody who may not publish. */
  readonly receivesAudio: boolean;
  /** False, too, for a caller who wants to hear only. */
  readonly receivesVideo: boolean;
}

/** A new RTCPeerConnection whose first offer and answer the signaling layer carries; everything after is the engine's. */
export interface Dial {
  /** Id of the link, the same on both sides. */
  readonly link: string;
  readonly connection: RTCPeerConnection;
  /** Forgets the connection and closes it. */
  close(): void;
}

/** A call from another member, not answered yet. */
export interface IncomingCall {
  readonly from: string;
  readonly link: string;
  /** Makes the connection with these tracks in the answer. Once only. Undefined when the browser has none to give. */
  answer(media: CallMedia): Dial | undefined;
  refuse(): void;
}

export interface SignalingEvents {
  /** A room frame that passed its guard. The first one of each session is a WELCOME, perhaps after a WAITING. */
  frame: ServerFrame;
  call: IncomingCall;
  /** The socket was lost; reconnection is under way. */
  lost: Record<never, never>;
  /** The server refuses: for good, except for `token-expired`, after which another token mends it. */
  refused: { readonly code: RoomErrorCode; readonly detail: string };
}
export type SignalingListener = <K extends keyof SignalingEvents>(
  type: K,
  detail: SignalingEvents[K],
) => void;

/** The way to the server and, through it, to the other members. */
export interface Signaling {
  readonly selfId: string;
  /** True while frames can be sent. */
  readonly isOpen: boolean;
  /**
   * Connects and joins the room. Resolves with the first WELCOME; rejects with a CallError. From then on it reconnects and
   * rejoins by itself until `close()`.
   */
  open(room: string, pass: () => Pass): Promise<void>;
  /** Shows the server another token. */
  rejoin(): void;
  /** Asks as a moderator. Rejects with a CallError when it is not done. */
  moderate(action: ModeratorAction): Promise<void>;
  /** Calls a member; the tracks are in the first offer. Undefined while the socket is down, or when the browser refuses. */
  call(to: string, media: CallMedia): Dial | undefined;
  /** Relays a signal; false when the socket is down. */
  signal(to: string, link: string, signal: Signal): boolean;
  /**
   * The network may have changed: find out now whether the server still answers, or try it at once if it was lost. With
   * `isNewNetwork` the socket is replaced without asking.
   */
  probe(isNewNetwork: boolean): void;
  /** Says LEAVE if `announce`, and closes. Synchronous, so that it works while the page goes away. */
  close(announce: boolean): void;
}
