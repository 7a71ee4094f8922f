import type { CallError } from './errors.ts';
import {
  isInCall,
  type CallState,
  type CallStatus,
  type ChatMessage,
  type DeviceState,
  type Knock,
  type Participant,
} from './state.ts';

/** The call went from one state to another. */
export interface StateChangeEvent extends Event {
  readonly state: CallStatus;
  readonly previous: CallStatus;
}

/** The server has confirmed the membership; not fired again after a reconnection. */
export interface JoinedEvent extends Event {
  readonly room: string;
}

/** The call is over for this caller. `error` is there when it was not the caller's wish. */
export interface LeftEvent extends Event {
  readonly error: CallError | undefined;
}

type ParticipantEventName =
  | 'participant-joined'
  | 'participant-left'
  | 'participant-change'
  | 'microphone-change'
  | 'camera-change'
  | 'screen-share-change'
  | 'connection-change'
  | 'quality-change';

/** Something about one participant, the local one included (`participant.isLocal`). The participant is as it is now. */
export interface ParticipantEvent extends Event {
  readonly type: ParticipantEventName;
  readonly participant: Participant;
}

/** Somebody else is speaking now. */
export interface SpeakerChangeEvent extends Event {
  readonly participant: Participant | undefined;
}

/** A message was written by anyone in the call, this caller included. */
export interface ChatMessageEvent extends Event {
  readonly message: ChatMessage;
}

/** Somebody reacted with an emoji, this caller included. */
export interface ReactionEvent extends Event {
  readonly participant: Participant;
  readonly emoji: string;
}

/** Devices came, went, or others are in use. */
export interface DeviceChangeEvent extends Event {
  readonly devices: DeviceState;
}

/**
 * The server wants a token that is good longer: set `token`, and the element joins again by itself. In a running call
 * media goes on meanwhile, and the event comes again until there is one.
 */
export interface TokenExpiredEvent extends Event {
  readonly room: string;
}

/** The room was locked or unlocked, or other people wait to be let in; who that is only moderators are told. */
export interface DoorChangeEvent extends Event {
  readonly locked: boolean;
  readonly waiting: readonly Knock[];
}

/** Something went wrong; `error.code` says what, `error.message` what to do. The call may well go on. */
export interface CallErrorEvent extends Event {
  readonly error: CallError;
}

/** For `addEventListener` on the element. */
export interface VideoCallEventMap {
  'state-change': StateChangeEvent;
  joined: JoinedEvent;
  left: LeftEvent;
  'participant-joined': ParticipantEvent;
  'participant-left': ParticipantEvent;
  'participant-change': ParticipantEvent;
  'microphone-change': ParticipantEvent;
  'camera-change': ParticipantEvent;
  'screen-share-change': ParticipantEvent;
  'connection-change': ParticipantEvent;
  'quality-change': ParticipantEvent;
  'speaker-change': SpeakerChangeEvent;
  'chat-message': ChatMessageEvent;
  reaction: ReactionEvent;
  'device-change': DeviceChangeEvent;
  'token-expired': TokenExpiredEvent;
  'door-change': DoorChangeEvent;
  'call-error': CallErrorEvent;
}

/** An event with what it carries. */
export const callEvent = <K extends keyof VideoCallEventMap>(
  type: K,
  carried: Omit<VideoCallEventMap[K], keyof Event>,
): VideoCallEventMap[K] => Object.assign(new Event(type), carried) as VideoCallEventMap[K];

/** The events that tell what has become of `before`, in the order in which a page expects them. */
export function eventsBetween(before: CallState, state: CallState): Event[] {
  const events: Event[] = [];
  if (state.status !== before.status)
    events.push(callEvent('state-change', { state: state.status, previous: before.status }));
  if (isInCall(state.status) && !isInCall(before.status))
    events.push(callEvent('joined', { room: state.room }));
  if (state.local !== before.local) events.push(...changes(before.local, state.local));
  if (state.remote !== before.remote) events.push(...rosterChanges(before.remote, state.remote));
  if (state.speakerId !== before.speakerId) {
    const speaker = [state.local, ...state.remote].find(({ id }) => id === state.speakerId);
    events.push(
      callEvent('speaker-change', { participant: state.speakerId === '' ? undefined : speaker }),
    );
  }
  if (state.messages !== before.messages) {
    const known = new Set(before.messages.map(({ id }) => id));
    for (const message of state.messages)
      if (!known.has(message.id)) events.push(callEvent('chat-message', { message }));
  }
  if (state.devices !== before.devices)
    events.push(callEvent('device-change', { devices: state.devices }));
  if (state.isLocked !== before.isLocked || state.knocks !== before.knocks)
    events.push(callEvent('door-change', { locked: state.isLocked, waiting: state.knocks }));
  if (!isInCall(state.status) && isInCall(before.status))
    events.push(callEvent('left', { error: state.error }));
  return events;
}

function rosterChanges(before: readonly Participant[], after: readonly Participant[]): Event[] {
  const events: Event[] = [];
  const old = new Map(before.map((participant) => [participant.id, participant]));
  for (const participant of after) {
    const previous = old.get(participant.id);
    old.delete(participant.id);
    if (!previous) events.push(callEvent('participant-joined', { participant }));
    else if (previous !== participant) events.push(...changes(previous, participant));
  }
  for (const participant of old.values())
    events.push(callEvent('participant-left', { participant }));
  return events;
}

const special = {
  microphone: 'microphone-change',
  camera: 'camera-change',
  screen: 'screen-share-change',
  connection: 'connection-change',
  quality: 'quality-change',
} as const;

function changes(before: Participant, after: Participant): Event[] {
  const events: Event[] = [];
  for (const key of ['microphone', 'camera', 'screen', 'connection', 'quality'] as const)
    if (before[key] !== after[key]) events.push(callEvent(special[key], { participant: after }));
  const { reaction } = after;
  if (reaction && reaction !== before.reaction)
    events.push(callEvent('reaction', { participant: after, ...reaction }));
  events.push(callEvent('participant-change', { participant: after }));
  return events;
}
