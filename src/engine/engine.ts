import type { ChannelMessage } from '../protocol/channel.ts';
import type { IceServer } from '../protocol/ice.ts';
import type { Door, ModeratorAction, Standing } from '../protocol/moderation.ts';
import type { LeaveReason, MuteFrame, WaitingFrame } from '../protocol/room.ts';
import type { Source } from '../protocol/signal.ts';
import type { Identity } from '../signaling/identity.ts';
import type { Pass } from '../signaling/signaling.ts';
import type { Means } from './capacity.ts';
import type { QualityCeiling } from './picture-plan.ts';

/** State of the media path to one participant. */
export type LinkState = 'connecting' | 'connected' | 'reconnecting' | 'failed';

export interface EngineConfig {
  readonly identity: Identity;
  readonly room: string;
  /** What the server is told of the caller, read at each join. */
  readonly pass: () => Pass;
  /** STUN and TURN of the page; the server's are added to them. */
  readonly iceServers: readonly IceServer[];
  readonly iceTransportPolicy: RTCIceTransportPolicy;
  readonly receivesVideo: boolean;
  /** No picture is sent better than this. */
  readonly quality: QualityCeiling;
}

/** What happens in the call, as the network tells it. */
export interface EngineEvents {
  /** What somebody may do here, this caller included, and the name that the server vouches for. */
  standing: { readonly id: string } & Standing;
  /** Whether newcomers have to knock, and to moderators: who does. */
  door: Door;
  /** What a moderator wants of this caller: to wait at the door, or to be quiet. */
  moderated: WaitingFrame | MuteFrame;
  /** Membership is confirmed; also after each reconnection. */
  joined: { readonly selfId: string; readonly capacity: number };
  /** The server is out of reach (false) or back (true). Media goes on meanwhile. */
  server: { readonly isConnected: boolean };
  /**
   * The engine has given up for good; after `token-expired` in a running call it has not, and goes on with a new token.
   * `code` is an ErrorCode.
   */
  failed: { readonly code: string; readonly detail: string; readonly cause?: unknown };
  'participant-joined': { readonly id: string };
  'participant-left': { readonly id: string; readonly reason: LeaveReason };
  link: { readonly id: string; readonly state: LinkState };
  /** How well a participant is received, 0 to 5. */
  quality: { readonly id: string; readonly quality: number };
  /** Lines and frames a second of the camera that are of use to somebody. Each second, and at once when it changes. */
  need: { readonly lines: number; readonly frameRate: number };
  /**
   * What this machine and its path can do, as far as the pictures that are sent show it; `isOverloaded`: less than these
   * take, whatever is left out of them. Each second.
   */
  means: Omit<Means, 'encodeTime'> & {
    readonly encodeTime: number | undefined;
    readonly isOverloaded: boolean;
  };
  /** The channel to a participant is open: for the first time or after a new connection. */
  'channel-open': { readonly id: string };
  /** A message of a participant that passed its guard. */
  message: { readonly id: string; readonly message: ChannelMessage };
  /** The remote track of a source, `undefined` when there is none any more. */
  track: {
    readonly id: string;
    readonly source: Source;
    readonly track: MediaStreamTrack | undefined;
  };
}

export type EngineListener = <K extends keyof EngineEvents>(
  type: K,
  detail: EngineEvents[K],
) => void;

/** Numbers about one link, as the browser counts them since the link was made. */
export interface LinkStats {
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Seconds; undefined before the first measurement. */
  readonly roundTripTime: number | undefined;
  readonly framesDecoded: number;
  /** Sum over the received audio (webrtc-stats, `totalAudioEnergy`): grows while something can be heard. */
  readonly audioEnergy: number;
  readonly freezeCount: number;
  readonly packetsLost: number;
  readonly packetsReceived: number;
  /** Share of the packets sent to the participant that it has missed of late, 0 to 1. */
  readonly shareLost: number;
  /** Seconds. */
  readonly jitter: number;
  /** `host`, `srflx`, `prflx` or `relay`, of the selected candidate pair; empty before there is one. */
  readonly localCandidateType: string;
  readonly remoteCandidateType: string;
  /** `udp` or `tcp`, of the local candidate. */
  readonly protocol: string;
}

/**
 * Brings tracks to the other participants and theirs here. The mesh engine is one; an SFU would be another. It knows no
 * page: no document, no elements, no devices.
 */
export interface CallEngine {
  readonly selfId: string;
  /** Enters the room. Resolves when the server has confirmed; rejects with a CallError. */
  join(): Promise<void>;
  /** Shows the server the token of `pass` now. */
  rejoin(): void;
  /** Asks the server for something as a moderator. Rejects with a CallError when it is not done. */
  moderate(action: ModeratorAction): Promise<void>;
  /** Leaves at once and tells everyone; never fails. */
  leave(): void;
  /** The track that everyone gets for this source from now on; `undefined` stops sending it. */
  setTrack(source: Source, track: MediaStreamTrack | undefined): void;
  /** Takes everybody's video from now on, or none. */
  receiveVideo(isWanted: boolean): void;
  /** Sends no picture better than this from now on. */
  limitQuality(ceiling: QualityCeiling): void;
  /** Sends no camera for now, or sends it again. */
  pauseVideo(isPaused: boolean): void;
  /** A track that is sent has another size now. */
  adjust(): void;
  /** Sends to one participant, or to everyone whose channel is open. Returns to how many it went. */
  send(message: ChannelMessage, to?: string): number;
  /** Replaces the page's STUN and TURN servers and the policy during a call. */
  setIce(iceServers: readonly IceServer[], policy: RTCIceTransportPolicy): void;
  /** How loud a participant is now, 0 to 1, from the last audio packets. */
  audioLevel(id: string): number;
  stats(id: string): Promise<LinkStats | undefined>;
}
