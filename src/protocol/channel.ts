/**
 * Messages between two callers, over the data channel of their link. The server never sees them. The channel is
 * reliable and ordered, negotiated with the fixed id below (RFC 8832 is not used), JSON text.
 */
import { isArrayOf, isCount, isId, isRecord, isText } from './guards.ts';
import { LIMITS } from './limits.ts';
import { isSignal, type Signal } from './signal.ts';

/** SCTP stream of the channel; PeerJS's own auxiliary channel takes the lowest free ones. */
export const CHANNEL_ID = 64;
export const CHANNEL_LABEL = 'video-call';

/** What a participant says of itself: the whole of it each time, so that losing one message loses nothing. */
export interface PresenceMessage {
  readonly kind: 'presence';
  /** Protocol version of the sender. */
  readonly version: number;
  /** May be empty: the receiver shows a word for "guest". */
  readonly name: string;
  readonly microphone: boolean;
  readonly camera: boolean;
  readonly screen: boolean;
  /** The screen comes with sound. */
  readonly screenAudio: boolean;
  readonly handRaised: boolean;
  /** The camera is on, and its picture is not sent for now: the sender's machine cannot keep up. Absent: false. */
  readonly paused?: boolean;
}

export interface ChatEntry {
  readonly id: string;
  /** Participant id of the author. */
  readonly author: string;
  /** The author's name when it was written. */
  readonly name: string;
  readonly text: string;
  /** Milliseconds since 1970 by the author's clock: for showing, never for ordering. */
  readonly time: number;
  /** Lamport clock: orders messages alike for everyone; ties go by author, then id. */
  readonly clock: number;
}
/** One new message. */
export interface ChatMessageFrame {
  readonly kind: 'chat';
  readonly entry: ChatEntry;
  /** It is for the receiver only, and is never handed on. */
  readonly isPrivate: boolean;
}
/** One emoji, seen on the sender's tile for a moment. */
export interface ReactionMessage {
  readonly kind: 'reaction';
  readonly emoji: string;
}
/** Ids of the messages that the sender has: each side answers with what the other lacks. Sent when a channel opens. */
export interface ChatHaveFrame {
  readonly kind: 'chat-have';
  readonly ids: readonly string[];
}
/** Messages that the receiver lacked. */
export interface ChatHistoryFrame {
  readonly kind: 'chat-history';
  readonly entries: readonly ChatEntry[];
}
/** Sent every second: its absence shows within three that the path is gone, where the browser takes five or more. */
export interface HeartbeatFrame {
  readonly kind: 'heartbeat';
}
/** The sender leaves the call: known at once, even while the server is away. */
export interface LeaveMessage {
  readonly kind: 'leave';
}
/** A signal over the channel instead of the server. */
export interface ChannelSignalFrame {
  readonly kind: 'signal';
  readonly signal: Signal;
}
/** How one picture of the receiver is drawn where the sender of this looks at it. */
export interface PictureView {
  /** Device pixels of the box that the picture fills; 0 when nobody sees it. */
  readonly width: number;
  readonly height: number;
  /** Frames a second that are of use. */
  readonly frameRate: number;
  /** It is what is looked at: the speaker, the pinned one, the only one. */
  readonly isMain: boolean;
}
/** What the receiver may leave out of its pictures; until this is said, all of them are wanted whole. */
export interface ViewMessage {
  readonly kind: 'view';
  readonly camera: PictureView;
  readonly screen: PictureView;
}

export type ChannelMessage =
  | PresenceMessage
  | ChatMessageFrame
  | ChatHaveFrame
  | ChatHistoryFrame
  | ReactionMessage
  | HeartbeatFrame
  | ViewMessage
  | LeaveMessage
  | ChannelSignalFrame;

const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';

export function isChatEntry(value: unknown): value is ChatEntry {
  return (
    isRecord(value) &&
    isId(value['id']) &&
    isId(value['author']) &&
    isText(value['name'], LIMITS.name) &&
    isText(value['text'], LIMITS.chatText, 1) &&
    isCount(value['time']) &&
    // Dates end at 8.64e15 milliseconds; beyond that they cannot be shown.
    value['time'] <= 8.64e15 &&
    isCount(value['clock'])
  );
}

/**
 * Nothing but the characters of emoji (Unicode technical standard 51), as many as one of several people and their skins has:
 * nothing that could be read.
 */
const EMOJI =
  /^[\p{ExtPict}\p{RI}](?:[\p{ExtPict}\p{RI}\p{EMod}\u200d\u{e0020}-\u{e007f}]|\ufe0f){0,11}$/u;

export const isEmoji = (value: unknown): value is string =>
  typeof value === 'string' && EMOJI.test(value);

const isPictureView = (value: unknown): value is PictureView =>
  isRecord(value) &&
  isCount(value['width']) &&
  isCount(value['height']) &&
  isCount(value['frameRate']) &&
  isBoolean(value['isMain']);

export function isChannelMessage(value: unknown): value is ChannelMessage {
  if (!isRecord(value)) return false;
  switch (value['kind']) {
    case 'presence':
      return (
        isCount(value['version']) &&
        isText(value['name'], LIMITS.name) &&
        isBoolean(value['microphone']) &&
        isBoolean(value['camera']) &&
        isBoolean(value['screen']) &&
        isBoolean(value['screenAudio']) &&
        isBoolean(value['handRaised']) &&
        (value['paused'] === undefined || isBoolean(value['paused']))
      );
    case 'chat':
      return isChatEntry(value['entry']) && isBoolean(value['isPrivate']);
    case 'chat-have':
      return isArrayOf(value['ids'], LIMITS.chatHistory, isId);
    case 'chat-history':
      return isArrayOf(value['entries'], LIMITS.chatHistory, isChatEntry);
    case 'reaction':
      return isEmoji(value['emoji']);
    case 'heartbeat':
    case 'leave':
      return true;
    case 'view':
      return isPictureView(value['camera']) && isPictureView(value['screen']);
    case 'signal':
      return isSignal(value['signal']);
    default:
      return false;
  }
}
