import { isId, isRecord, isSdp } from '../src/protocol/guards.ts';

/** A frame of PeerJS that may be routed, with nothing in it that has not been checked. */
export interface PeerFrame {
  readonly type: 'OFFER' | 'ANSWER';
  readonly dst: string;
  readonly payload: PeerPayload;
}
export interface PeerPayload {
  readonly sdp: { readonly type: 'offer' | 'answer'; readonly sdp: string };
  readonly type: 'media';
  readonly connectionId: string;
}

/**
 * What to do with a frame that is not one of the rooms': `route` it, let PeerServer have it (`heartbeat`), `ignore` it
 * because an honest client sends it although nobody needs it, or count it as `invalid`.
 */
export type Verdict =
  | { readonly kind: 'route'; readonly frame: PeerFrame }
  | { readonly kind: 'heartbeat' | 'ignore' | 'invalid' };

const INVALID: Verdict = { kind: 'invalid' };

/** Judges a frame of a client by itself. Whether its destination may be reached is a question for the rooms. Never throws. */
export function judge(message: unknown): Verdict {
  if (!isRecord(message)) return INVALID;
  switch (message['type']) {
    case 'HEARTBEAT':
      return { kind: 'heartbeat' };
    case 'CANDIDATE':
      // Clients trickle through ROOM-SIGNAL; PeerJS may send one before they have taken its connection over.
      return { kind: 'ignore' };
    case 'OFFER':
    case 'ANSWER':
      return judgeDescription(message['type'], message['dst'], message['payload']);
    default:
      // LEAVE and EXPIRE among them: PeerServer would deliver forged ones, and a LEAVE without `dst` empties its realm.
      return INVALID;
  }
}

function judgeDescription(type: 'OFFER' | 'ANSWER', dst: unknown, payload: unknown): Verdict {
  if (!isId(dst) || !isRecord(payload)) return INVALID;
  const { type: kind, connectionId, sdp: description } = payload;
  // An offer of type "data" would be answered by PeerJS without asking anyone, and so reveal the callee's addresses.
  if (kind !== 'media' || !isId(connectionId) || !isRecord(description)) return INVALID;
  const expected = type === 'OFFER' ? 'offer' : 'answer';
  const sdp = description['sdp'];
  if (description['type'] !== expected || !isSdp(sdp)) return INVALID;
  return {
    kind: 'route',
    frame: { type, dst, payload: { sdp: { type: expected, sdp }, type: 'media', connectionId } },
  };
}
