import type { LinkStats } from '../engine/engine.ts';
import type { Capacity } from '../engine/capacity.ts';
import type { QualityCeiling } from '../engine/picture-plan.ts';
import type { NetworkPath } from '../engine/preflight.ts';
import type { DeviceState } from '../media/devices.ts';
import type { Knock, Role } from '../protocol/moderation.ts';
import type { CallError } from './errors.ts';

export type { Capacity } from '../engine/capacity.ts';
export type { QualityCeiling } from '../engine/picture-plan.ts';
export type { NetworkPath } from '../engine/preflight.ts';
export type { Device, DeviceKind, DeviceState } from '../media/devices.ts';

/** Where the call stands. */
export type CallStatus =
  | 'idle'
  | 'lobby'
  | 'joining'
  /** A moderator has to let the caller in. */
  | 'waiting'
  | 'joined'
  /** The server is out of reach; media between callers goes on. */
  | 'reconnecting'
  | 'left'
  | 'failed';

/** In a room, whether or not the server can be reached. */
export const isInCall = (status: CallStatus | undefined): boolean =>
  status === 'joined' || status === 'reconnecting';
/** On the way into a room. */
export const isJoining = (status: CallStatus): boolean =>
  status === 'joining' || status === 'waiting';

export type OnOff = 'on' | 'off';
export type ConnectionState = 'connecting' | 'connected' | 'reconnecting' | 'failed';
export type { Knock, Role } from '../protocol/moderation.ts';

/** One person in the call. Immutable: a change makes a new object. */
export interface Participant {
  readonly id: string;
  /** Empty until the participant has said its name. Text of a stranger: never put it into HTML. */
  readonly name: string;
  readonly isLocal: boolean;
  readonly role: Role;
  readonly microphone: OnOff;
  readonly camera: OnOff;
  readonly screen: OnOff;
  /** Camera and microphone. The object stays the same for the whole call; its tracks come and go. */
  readonly stream: MediaStream;
  /** The shared screen, with its sound if it has any; there as long as `screen` is on. */
  readonly screenStream: MediaStream | undefined;
  readonly isSpeaking: boolean;
  readonly handRaised: boolean;
  /** What the participant has just reacted with; gone after some seconds. */
  readonly reaction: Reaction | undefined;
  /** No picture of this participant is taken: the caller wants none, or one of both machines cannot keep up. */
  readonly isVideoStopped: boolean;
  readonly connection: ConnectionState;
  /** 0 (nothing arrives) to 5 (flawless). Always 5 for the local participant. */
  readonly quality: number;
}

/** An emoji; a new object each time. */
export interface Reaction {
  readonly emoji: string;
}

/** Numbers about the link to one participant. */
export interface ParticipantStats extends LinkStats {
  readonly id: string;
}

export interface ChatMessage {
  readonly id: string;
  /** Participant id of the author, who may have left. */
  readonly from: string;
  readonly name: string;
  readonly text: string;
  /** When it was written, by the author's clock. */
  readonly time: Date;
  readonly isLocal: boolean;
  readonly isPrivate: boolean;
}

/** Something to tell the caller in words. One notice per code at a time. */
export interface Notice {
  /** `CallError.code`, or one of the states below. */
  readonly code: string;
  readonly kind: 'error' | 'warning' | 'info';
  /** Put into the sentence of the code, for example a participant's name or a device. */
  readonly detail: string;
}

/** A snapshot of the whole call. Immutable; unchanged parts keep their identity. */
export interface CallState {
  readonly status: CallStatus;
  readonly room: string;
  /** The caller, before and during the call. */
  readonly local: Participant;
  /** The server vouches for the caller's name, and nobody can change it. */
  readonly isNameFixed: boolean;
  /** Everybody else, in the order of joining. */
  readonly remote: readonly Participant[];
  readonly messages: readonly ChatMessage[];
  readonly devices: DeviceState;
  /** Requests whose outcome is not known yet: the button shows that it is busy. */
  readonly pending: Readonly<Record<'microphone' | 'camera' | 'screen', boolean>>;
  readonly notices: readonly Notice[];
  /** Why the call failed, or could not be joined. */
  readonly error: CallError | undefined;
  /** What this network lets through, once the lobby has found out. */
  readonly network: NetworkPath | undefined;
  /** Ceiling of what is sent and asked for. */
  readonly quality: QualityCeiling;
  /** Whose voice is heard at the moment, or was last. */
  readonly speakerId: string;
  /** Highest number of people that the room takes; 0 until the server has said. */
  readonly capacity: number;
  /** Calls that this machine and its path can take part in, once that is known. */
  readonly fits: Capacity | undefined;
  /** Newcomers have to knock, because a moderator wants it. */
  readonly isLocked: boolean;
  /** Who has knocked, as far as this caller may let them in. */
  readonly knocks: readonly Knock[];
}
