import { isArrayOf, isCount, isId, isRecord, isSdp, isText } from './guards.ts';
import { LIMITS } from './limits.ts';

/** What a track carries. One participant sends at most one track of each source over a link. */
export const SOURCES = ['microphone', 'camera', 'screen', 'screen-audio'] as const;
export type Source = (typeof SOURCES)[number];

/**
 * Which source the sender puts on which media section, `[mid, source]` (RFC 8843, section 7: the mid names a section).
 * The first offer and answer travel inside PeerJS's frames, without a map: there the first audio section is the microphone
 * and the first video section the camera, in both directions.
 */
export type SourceMap = readonly (readonly [mid: string, source: Source])[];

/** A session description after the first offer and answer, which PeerJS carries. */
export interface DescriptionSignal {
  readonly kind: 'description';
  /** Counts the sender's offers on this link; the answer repeats it, so that a late answer to an old offer is known. */
  readonly round: number;
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
  readonly sources: SourceMap;
}

/** A trickled candidate (RFC 8838). An empty `candidate` is the end of candidates of its generation. */
export interface CandidateSignal {
  readonly kind: 'candidate';
  readonly candidate: string;
  readonly sdpMid: string | null;
  readonly sdpMLineIndex: number | null;
  readonly usernameFragment: string | null;
}

/** May I offer? Asked by the side with the smaller id; answered when no exchange is under way. */
export type TurnSignal = { readonly kind: 'ask' } | { readonly kind: 'grant' };

/** The sender has given this link up, or does not know it; a new one follows if both are still in the room. */
export interface ByeSignal {
  readonly kind: 'bye';
}

export type Signal = DescriptionSignal | CandidateSignal | TurnSignal | ByeSignal;

const isSource = (value: unknown): value is Source =>
  (SOURCES as readonly unknown[]).includes(value);

const isSourceEntry = (value: unknown): value is readonly [string, Source] =>
  Array.isArray(value) && value.length === 2 && isText(value[0], 16, 1) && isSource(value[1]);

const isTextOrNull = (value: unknown, max: number): value is string | null =>
  value === null || isText(value, max);

export function isSignal(value: unknown): value is Signal {
  if (!isRecord(value)) return false;
  switch (value['kind']) {
    case 'description':
      return (
        isCount(value['round']) &&
        (value['type'] === 'offer' || value['type'] === 'answer') &&
        isSdp(value['sdp']) &&
        isArrayOf(value['sources'], LIMITS.sources, isSourceEntry)
      );
    case 'candidate':
      return (
        isText(value['candidate'], LIMITS.candidate) &&
        isTextOrNull(value['sdpMid'], 16) &&
        (value['sdpMLineIndex'] === null || isCount(value['sdpMLineIndex'])) &&
        isTextOrNull(value['usernameFragment'], 256)
      );
    case 'ask':
    case 'grant':
    case 'bye':
      return true;
    default:
      return false;
  }
}

/** A signal with the link (one RTCPeerConnection on each side) that it belongs to. */
export interface LinkSignal {
  /** Id of the link, chosen by the caller; PeerJS carries it as `connectionId`. */
  readonly link: string;
  readonly signal: Signal;
}

export function isLinkSignal(value: unknown): value is LinkSignal {
  return isRecord(value) && isId(value['link']) && isSignal(value['signal']);
}
