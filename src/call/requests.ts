import type { QualityCeiling } from '../engine/picture-plan.ts';
import type { ModeratorAction } from '../protocol/moderation.ts';
import type { DeviceKind, ParticipantStats } from './state.ts';
import type { ShownPicture } from './views.ts';

/** Everything that a person can ask for by a click, with its parameters. The Call acts on them; elements only ask. */
export interface CallRequests {
  join: { readonly name?: string };
  leave: Record<never, never>;
  /** Back from `left` or `failed` to the lobby. */
  'return-to-lobby': Record<never, never>;
  microphone: { readonly on?: boolean };
  camera: { readonly on?: boolean };
  screen: { readonly on?: boolean };
  device: { readonly kind: DeviceKind; readonly id: string };
  name: { readonly name: string };
  chat: { readonly text: string };
  reaction: { readonly emoji: string };
  hand: { readonly on: boolean };
  /** What is on the screen now, and how many lines the caller's own picture has there. */
  view: { readonly pictures: readonly ShownPicture[] | undefined; readonly ownLines: number };
  /** Ceiling of what is sent and asked for. */
  quality: { readonly quality: QualityCeiling };
  /** Takes somebody's picture, or no more. */
  video: { readonly id: string; readonly on: boolean };
  /** Ask for camera and microphone again after they were refused or missing. */
  'retry-devices': Record<never, never>;
  /** Numbers about all links; `answer` gets them. */
  stats: { readonly answer: (stats: readonly ParticipantStats[]) => void };
  'dismiss-notice': { readonly code: string };
  /** Of a moderator. */
  moderate: ModeratorAction;
}
export type CallRequestName = keyof CallRequests;

/**
 * A request on its way up from a control to `<video-call>`, inside the shadow root only: it bubbles and is not composed
 * beyond the element, which stops it.
 */
export class CallRequestEvent<N extends CallRequestName = CallRequestName> extends Event {
  static readonly eventName = 'video-call-request';
  readonly request: N;
  readonly params: CallRequests[N];

  constructor(request: N, params: CallRequests[N]) {
    super(CallRequestEvent.eventName, { bubbles: true, composed: true });
    this.request = request;
    this.params = params;
  }
}

/** Sends a request up from `target`. */
export function request<N extends CallRequestName>(
  target: EventTarget,
  name: N,
  params: CallRequests[N],
): void {
  target.dispatchEvent(new CallRequestEvent(name, params));
}
