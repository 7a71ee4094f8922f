import { VideoCallElement } from './video-call.ts';

export { CallError, type ErrorCode } from './call/errors.ts';
export type * from './call/events.ts';
export type {
  CallStatus,
  Capacity,
  ChatMessage,
  ConnectionState,
  Device,
  DeviceKind,
  DeviceState,
  Knock,
  OnOff,
  Participant,
  ParticipantStats,
  Role,
} from './call/state.ts';
export { VideoCallElement } from './video-call.ts';

let isDefined = false;

/** Registers the element under a name of the page's choice. Does nothing when the name is taken. */
export function defineVideoCall(tagName = 'video-call'): void {
  if (customElements.get(tagName)) return;
  // A class can be registered once; another name needs a class of its own.
  const isFirst = !isDefined;
  isDefined = true;
  customElements.define(tagName, isFirst ? VideoCallElement : class extends VideoCallElement {});
}

// The build keeps this file's code in `video-call.js` itself: beside it is the server that served it.
const here = import.meta.url;
VideoCallElement.defaultServer = new URL('.', here).href;
defineVideoCall();
