import { isId, isRecord, isSdp, isText } from '../protocol/guards.ts';

/** The PeerServer frames that may reach PeerJS; it would throw, leak or obey on others (LEAVE, EXPIRE, data offers). */
export function isPeerFrame(value: unknown): boolean {
  if (!isRecord(value)) return false;
  switch (value['type']) {
    case 'OPEN':
      return true;
    case 'ID-TAKEN':
    case 'INVALID-KEY':
    case 'ERROR':
      return isRecord(value['payload']) && isText(value['payload']['msg'], 500);
    case 'OFFER':
      return isId(value['src']) && isDescription(value['payload'], 'offer');
    case 'ANSWER':
      return isId(value['src']) && isDescription(value['payload'], 'answer');
    default:
      return false;
  }
}

function isDescription(payload: unknown, type: RTCSdpType): boolean {
  return (
    isRecord(payload) &&
    payload['type'] === 'media' &&
    isId(payload['connectionId']) &&
    isRecord(payload['sdp']) &&
    payload['sdp']['type'] === type &&
    isSdp(payload['sdp']['sdp'])
  );
}

function linkOf(frame: unknown, type: string): string | undefined {
  if (!isRecord(frame) || frame['type'] !== type || !isRecord(frame['payload'])) return undefined;
  const link = frame['payload']['connectionId'];
  return typeof link === 'string' ? link : undefined;
}

/** The link of an ANSWER that passed `isPeerFrame`; undefined for other frames. */
export const linkOfAnswer = (frame: unknown): string | undefined => linkOf(frame, 'ANSWER');

/** The link of an OFFER that passed `isPeerFrame`; undefined for other frames. */
export const linkOfOffer = (frame: unknown): string | undefined => linkOf(frame, 'OFFER');
