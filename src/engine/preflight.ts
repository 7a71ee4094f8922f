import type { IceServer } from '../protocol/ice.ts';
import { askForIce } from '../signaling/probe.ts';
import type { ServerAddress } from '../signaling/server-address.ts';
import { iceConfiguration } from './ice-config.ts';

/**
 * How this network reaches others: at once, through a NAT that STUN gets across, or only by a relay, which works, is
 * configured and does not answer, or is not configured at all.
 */
export type NetworkPath = 'direct' | 'nat' | 'relay' | 'relay-broken' | 'relay-missing';

/** Milliseconds; servers that answer do so in much less. Browsers themselves wait for ten seconds and more. */
const GATHER_WITHIN = 5_000;

/** Gathers candidates as a call would, and judges by them. Rejects when the server does not answer. */
export async function preflight(
  server: ServerAddress,
  pageIce: readonly IceServer[],
  policy: RTCIceTransportPolicy,
  signal: AbortSignal,
): Promise<NetworkPath> {
  const { iceServers, probe } = await askForIce(server, signal);
  const config = iceConfiguration(pageIce, iceServers, policy);
  const urls = (config.iceServers ?? []).flatMap((entry) => entry.urls);
  const { candidates, isComplete } = await gather(config, signal);
  const has = (type: RTCIceCandidateType): boolean => candidates.some((one) => one.type === type);
  const isConfigured = (scheme: string): boolean => urls.some((url) => url.startsWith(scheme));

  // Without a second address that answered, either there is no NAT, or no STUN server got a word through.
  const isBlocked = !has('srflx') && !isComplete && isConfigured('stun');
  const isHidden =
    policy === 'relay' ||
    isBlocked ||
    (has('srflx') && (await changesPorts(config, probe, signal)));
  if (!isHidden) return has('srflx') ? 'nat' : 'direct';
  if (has('relay')) return 'relay';
  return isConfigured('turn') ? 'relay-broken' : 'relay-missing';
}

interface Gathered {
  readonly candidates: readonly RTCIceCandidate[];
  /** Every server has answered, or refused. */
  readonly isComplete: boolean;
}

async function gather(config: RTCConfiguration, signal: AbortSignal): Promise<Gathered> {
  const connection = new RTCPeerConnection(config);
  const candidates: RTCIceCandidate[] = [];
  try {
    const isComplete = new Promise<boolean>((resolve, reject) => {
      signal.addEventListener('abort', reject);
      setTimeout(resolve, GATHER_WITHIN, false);
      connection.addEventListener('icecandidate', ({ candidate }) => {
        if (!candidate) resolve(true);
        else if (candidate.candidate) candidates.push(candidate);
      });
    });
    // Rejected before anybody waits for it, it would be an error that the page did not catch.
    isComplete.catch(() => undefined);
    connection.createDataChannel('');
    await connection.setLocalDescription();
    return { candidates, isComplete: await isComplete };
  } finally {
    connection.close();
  }
}

/**
 * Whether another server sees the same socket at another port: then the mapping depends on the address (RFC 4787, section
 * 4.1), and other callers cannot find it. False when the browser hides the socket, as it does without a camera.
 */
async function changesPorts(
  { iceServers = [] }: RTCConfiguration,
  probe: string | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const all = probe ? [...iceServers, { urls: probe }] : iceServers;
  const { candidates } = await gather({ iceServers: all }, signal);
  const seen = new Map<string, number | null>();
  return candidates.some(({ type, relatedAddress, relatedPort, port }) => {
    if (type !== 'srflx' || !relatedPort) return false;
    const socket = `${relatedAddress ?? ''} ${String(relatedPort)}`;
    const known = seen.get(socket);
    seen.set(socket, port);
    return known !== undefined && known !== port;
  });
}
