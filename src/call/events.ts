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
export class StateChangeEvent extends Event {
  readonly state: CallStatus;
  readonly previous: CallStatus;
  constructor(state: CallStatus, previous: CallStatus) {
    super('state-change');
    this.state = state;
    this.previous = previous;
  }
}

/** The server has confirmed the membership; not fired again after a reconnection. */
export class JoinedEvent extends Event {
  readonly room: string;
  constructor(room: string) {
    super('joined');
    this.room = room;
  }
}

/** The call is over for this caller. `error` is there when it was not the caller's wish. */
export class LeftEvent extends Event {
  readonly error: CallError | undefined;
  constructor(error: CallError | undefined) {
    super('left');
    this.error = error;
  }
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
export class ParticipantEvent extends Event {
  declare readonly type: ParticipantEventName;
  readonly participant: Participant;
  constructor(type: ParticipantEventName, participant: Participant) {
    super(type);
    this.participant = participant;
  }
}

/** Somebody else is speaking now. */
export class SpeakerChangeEvent extends Event {
  readonly participant: Participant | undefined;
  constructor(participant: Participant | undefined) {
    super('speaker-change');
    this.participant = participant;
  }
}

/** A message was written by anyone in the call, this caller included. */
export class ChatMessageEvent extends Event {
  readonly message: ChatMessage;
  constructor(message: ChatMessage) {
    super('chat-message');
    this.message = message;
  }
}

/** Devices came, went, or others are in use. */
export class DeviceChangeEvent extends Event {
  readonly devices: DeviceState;
  constructor(devices: DeviceState) {
    super('device-change');
    this.devices = devices;
  }
}

/**
 * The server wants a token that is good longer: set `token`, and the element joins again by itself. In a running call
 * media goes on meanwhile, and the event comes again until there is one.
 */
export class TokenExpiredEvent extends Event {
  readonly room: string;
  constructor(room: string) {
    super('token-expired');
    this.room = room;
  }
}

/** The room was locked or unlocked, or other people wait to be let in; who that is only moderators are told. */
export class DoorChangeEvent extends Event {
  readonly locked: boolean;
  readonly waiting: readonly Knock[];
  constructor(locked: boolean, waiting: readonly Knock[]) {
    super('door-change');
    this.locked = locked;
    this.waiting = waiting;
  }
}

/** Something went wrong; `error.code` says what, `error.message` what to do. The call may well go on. */
export class CallErrorEvent extends Event {
  readonly error: CallError;
  constructor(error: CallError) {
    super('call-error');
    this.error = error;
  }
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
  'device-change': DeviceChangeEvent;
  'token-expired': TokenExpiredEvent;
  'door-change': DoorChangeEvent;
  'call-error': CallErrorEvent;
}

/** The events that tell what has become of `before`, in the order in which a page expects them. */
export function eventsBetween(before: CallState, state: CallState): Event[] {
  const events: Event[] = [];
  if (state.status !== before.status)
    events.push(new StateChangeEvent(state.status, before.status));
  if (isInCall(state.status) && !isInCall(before.status)) events.push(new JoinedEvent(state.room));
  if (state.local !== before.local) events.push(...changes(before.local, state.local));
  if (state.remote !== before.remote) events.push(...rosterChanges(before.remote, state.remote));
  if (state.speakerId !== before.speakerId) {
    const speaker = [state.local, ...state.remote].find(({ id }) => id === state.speakerId);
    events.push(new SpeakerChangeEvent(state.speakerId === '' ? undefined : speaker));
  }
  if (state.messages !== before.messages) {
    const known = new Set(before.messages.map(({ id }) => id));
    for (const message of state.messages)
      if (!known.has(message.id)) events.push(new ChatMessageEvent(message));
  }
  if (state.devices !== before.devices) events.push(new DeviceChangeEvent(state.devices));
  if (state.isLocked !== before.isLocked || state.knocks !== before.knocks)
    events.push(new DoorChangeEvent(state.isLocked, state.knocks));
  if (!isInCall(state.status) && isInCall(before.status)) events.push(new LeftEvent(state.error));
  return events;
}

function rosterChanges(before: readonly Participant[], after: readonly Participant[]): Event[] {
  const events: Event[] = [];
  const old = new Map(before.map((participant) => [participant.id, participant]));
  for (const participant of after) {
    const previous = old.get(participant.id);
    old.delete(participant.id);
    if (!previous) events.push(new ParticipantEvent('participant-joined', participant));
    else if (previous !== participant) events.push(...changes(previous, participant));
  }
  for (const participant of old.values())
    events.push(new ParticipantEvent('participant-left', participant));
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
    if (before[key] !== after[key]) events.push(new ParticipantEvent(special[key], after));
  events.push(new ParticipantEvent('participant-change', after));
  return events;
}
