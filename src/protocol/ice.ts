import { isArrayOf, isRecord, isText } from './guards.ts';
import { LIMITS } from './limits.ts';

/** The fields of RTCIceServer (WebRTC 1.0, section 4.2.4) that we use; `urls` is always a list. */
export interface IceServer {
  readonly urls: readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

// RFC 7064 section 3.1 and RFC 7065 section 3.1: scheme, host (name, IPv4 or [IPv6]), port, and for TURN a transport.
export const ICE_URL =
  /^(?<scheme>stuns?|turns?):(?<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::(?<port>\d{1,5}))?(?<query>\?transport=(?:udp|tcp))?$/;

export const isTurn = (url: string): boolean => url.startsWith('turn');

function isIceUrl(value: unknown): value is string {
  const groups = isText(value, LIMITS.iceText) ? ICE_URL.exec(value)?.groups : undefined;
  if (!groups) return false;
  const { scheme = '', port = 1, query } = groups;
  return Number(port) > 0 && Number(port) < 65_536 && (query === undefined || isTurn(scheme));
}

/** Guard for ICE servers that arrive in a frame. */
export function isIceServer(value: unknown): value is IceServer {
  if (!isRecord(value)) return false;
  const { urls, username, credential } = value;
  if (!isArrayOf(urls, LIMITS.iceServers, isIceUrl) || urls.length === 0) return false;
  const hasNone = username === undefined && credential === undefined && !urls.some(isTurn);
  return hasNone || (isText(username, LIMITS.iceText, 1) && isText(credential, LIMITS.iceText, 1));
}
