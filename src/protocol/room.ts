/**
 * The room protocol: frames that ride on PeerServer's WebSocket beside its own. All fields are at the top level of the
 * frame; PeerJS keeps frames with a `payload.connectionId` that it does not know for ever. docs/protocol.md describes the
 * conversation.
 */
import { isArrayOf, isCount, isId, isRecord, isRoomName, isText } from './guards.ts';
import { isIceServer, type IceServer } from './ice.ts';
import { LIMITS } from './limits.ts';
import {
  isDoor,
  isModeratorAction,
  isStanding,
  type Door,
  type ModeratorAction,
  type Standing,
} from './moderation.ts';
import { isLinkSignal, type LinkSignal } from './signal.ts';

/** Why a member is gone: it said so, its socket stayed away for too long, or someone removed it. */
export const LEAVE_REASONS = ['left', 'timeout', 'removed'] as const;
export type LeaveReason = (typeof LEAVE_REASONS)[number];

/** Why the server refuses. Each is also the `code` of the error that the caller sees. */
export type RoomErrorCode =
  | 'room-full'
  | 'room-invalid'
  | 'version-unsupported'
  | 'rate-limited'
  | 'server-full'
  | 'token-missing'
  | 'token-invalid'
  | 'token-expired'
  | 'token-room'
  | 'join-refused'
  | 'removed'
  | 'call-ended';

export interface Member extends Standing {
  readonly id: string;
  /** Its socket is gone at the moment; it stays a member until the grace period ends. */
  readonly away: boolean;
}

/* From a client */

export interface JoinFrame {
  readonly type: 'ROOM-JOIN';
  readonly version: number;
  readonly room: string;
  /** A JWT, for servers that ask for one. */
  readonly token?: string | undefined;
  /** For who comes back, perhaps to a server that was restarted: the moderator that it knew. */
  readonly host?: string | undefined;
  /** Likewise: whether the room was locked, or, without `host`, that the client was waiting at its door. */
  readonly locked?: boolean | undefined;
}
/** After ROOM-WAITING: what the moderators are to know of the one who waits. */
export interface KnockFrame {
  readonly type: 'ROOM-KNOCK';
  readonly name: string;
}
/** Answered by ROOM-RESULT, in the order of asking. */
export type ModerateFrame = { readonly type: 'ROOM-MODERATE' } & ModeratorAction;
export interface LeaveFrame {
  readonly type: 'ROOM-LEAVE';
}
/** Answered by a PONG with the same number: how a client notices a half-open socket. */
export interface PingFrame {
  readonly type: 'ROOM-PING';
  readonly n: number;
}
export interface SignalFrame extends LinkSignal {
  readonly type: 'ROOM-SIGNAL';
  readonly dst: string;
}
/** Asks for ICE servers before joining, to find out what this network lets through; answered by `ROOM-ICE`. */
export interface ProbeFrame {
  readonly type: 'ROOM-PROBE';
}
export type ClientFrame =
  JoinFrame | LeaveFrame | PingFrame | SignalFrame | ProbeFrame | KnockFrame | ModerateFrame;

/* From the server */

/** With the receiver's own standing. */
export interface WelcomeFrame extends Standing, Door {
  readonly type: 'ROOM-WELCOME';
  readonly version: number;
  readonly room: string;
  /** Everyone else, in the order of joining. The receiver calls those whom it has no link to. */
  readonly members: readonly Member[];
  readonly iceServers: readonly IceServer[];
  /** Seconds until the credentials in `iceServers` expire; 0 when they do not. */
  readonly iceTtl: number;
  readonly capacity: number;
}
export interface JoinedFrame extends Standing {
  readonly type: 'ROOM-JOINED';
  readonly id: string;
}
export interface LeftFrame {
  readonly type: 'ROOM-LEFT';
  readonly id: string;
  readonly reason: LeaveReason;
}
/**
 * A member's socket was lost (`away` true) or has come back (false), or its standing is another: the whole of it each time.
 * It may be about the receiver itself.
 */
export interface PresenceFrame extends Standing {
  readonly type: 'ROOM-PRESENCE';
  readonly id: string;
  readonly away: boolean;
}
export interface PongFrame {
  readonly type: 'ROOM-PONG';
  readonly n: number;
}
export interface ErrorFrame {
  readonly type: 'ROOM-ERROR';
  readonly code: RoomErrorCode;
  /** The value and the limit in question, in English, for the log. */
  readonly detail: string;
}
export interface RelayedSignalFrame extends LinkSignal {
  readonly type: 'ROOM-SIGNAL';
  readonly src: string;
}
/** A signal or an offer could not be delivered: `dst` is no member of the room, or is away. */
export interface UndeliveredFrame {
  readonly type: 'ROOM-UNDELIVERED';
  readonly dst: string;
  readonly link: string;
}
/** The server is about to stop. Clients come back after `retryAfter` milliseconds plus a jitter of their own. */
export interface ClosingFrame {
  readonly type: 'ROOM-CLOSING';
  readonly retryAfter: number;
}
/** ICE servers for a running call, before the old credentials expire, or for who asked with `ROOM-PROBE`. */
export interface IceFrame {
  readonly type: 'ROOM-ICE';
  readonly iceServers: readonly IceServer[];
  readonly iceTtl: number;
  /** Only after `ROOM-PROBE`: a second STUN URL of the server, empty when there is none. */
  readonly probe?: string;
}
/** The join is not refused: a moderator decides. Answered by ROOM-KNOCK. */
export interface WaitingFrame {
  readonly type: 'ROOM-WAITING';
}
export interface DoorFrame extends Door {
  readonly type: 'ROOM-DOOR';
}
/** A moderator wants the receiver to be quiet: it mutes itself. */
export interface MuteFrame {
  readonly type: 'ROOM-MUTE';
}
export interface ResultFrame {
  readonly type: 'ROOM-RESULT';
  /** Absent when it is done. */
  readonly code?: 'not-moderator' | 'participant-unknown' | 'room-full';
  /** In words, if there is a code. */
  readonly detail?: string;
}
export type ServerFrame =
  | WaitingFrame
  | DoorFrame
  | MuteFrame
  | ResultFrame
  | WelcomeFrame
  | JoinedFrame
  | LeftFrame
  | PresenceFrame
  | PongFrame
  | ErrorFrame
  | RelayedSignalFrame
  | UndeliveredFrame
  | ClosingFrame
  | IceFrame;

/** True for every frame that belongs to this protocol, valid or not; the rest is PeerServer's. */
export function isRoomFrame(value: unknown): boolean {
  return isRecord(value) && typeof value['type'] === 'string' && value['type'].startsWith('ROOM-');
}

/**
 * Guard of the server. A JOIN passes with any text as its room and any number as its version, so that the client can be
 * told what is wrong with them.
 */
export function isClientFrame(value: unknown): value is ClientFrame {
  if (!isRecord(value)) return false;
  switch (value['type']) {
    case 'ROOM-JOIN':
      return (
        isCount(value['version']) &&
        typeof value['room'] === 'string' &&
        (value['token'] === undefined || isText(value['token'], LIMITS.token)) &&
        (value['host'] === undefined || isId(value['host'])) &&
        (value['locked'] === undefined || typeof value['locked'] === 'boolean')
      );
    case 'ROOM-KNOCK':
      return isText(value['name'], LIMITS.name);
    case 'ROOM-MODERATE':
      return isModeratorAction(value);
    case 'ROOM-LEAVE':
    case 'ROOM-PROBE':
      return true;
    case 'ROOM-PING':
      return isCount(value['n']);
    case 'ROOM-SIGNAL':
      return isId(value['dst']) && isLinkSignal(value);
    default:
      return false;
  }
}

const isMember = (value: unknown): value is Member =>
  isRecord(value) && isId(value['id']) && typeof value['away'] === 'boolean' && isStanding(value);

const hasIce = (value: Readonly<Record<string, unknown>>): boolean =>
  isArrayOf(value['iceServers'], LIMITS.iceServers, isIceServer) && isCount(value['iceTtl']);

/** With any code: servers of the future may have more, and the words are in `detail`. */
const isRefusal = (value: Readonly<Record<string, unknown>>): boolean =>
  isText(value['code'], LIMITS.id, 1) && isText(value['detail'], 500);

/** Guard of the client. */
export function isServerFrame(value: unknown): value is ServerFrame {
  if (!isRecord(value)) return false;
  switch (value['type']) {
    case 'ROOM-WELCOME':
      return (
        isCount(value['version']) &&
        isRoomName(value['room']) &&
        isArrayOf(value['members'], LIMITS.members, isMember) &&
        isCount(value['capacity']) &&
        isStanding(value) &&
        isDoor(value) &&
        hasIce(value)
      );
    case 'ROOM-JOINED':
      return isId(value['id']) && isStanding(value);
    case 'ROOM-LEFT':
      return isId(value['id']) && (LEAVE_REASONS as readonly unknown[]).includes(value['reason']);
    case 'ROOM-PRESENCE':
      return isMember(value);
    case 'ROOM-WAITING':
    case 'ROOM-MUTE':
      return true;
    case 'ROOM-DOOR':
      return isDoor(value);
    case 'ROOM-RESULT':
      return value['code'] === undefined || isRefusal(value);
    case 'ROOM-PONG':
      return isCount(value['n']);
    case 'ROOM-ERROR':
      return isRefusal(value);
    case 'ROOM-SIGNAL':
      return isId(value['src']) && isLinkSignal(value);
    case 'ROOM-UNDELIVERED':
      return isId(value['dst']) && isId(value['link']);
    case 'ROOM-CLOSING':
      return isCount(value['retryAfter']);
    case 'ROOM-ICE':
      return hasIce(value) && isText(value['probe'] ?? '', LIMITS.iceText);
    default:
      return false;
  }
}
