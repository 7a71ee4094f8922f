import type { IceServer } from '../protocol/ice.ts';
import { LIMITS } from '../protocol/limits.ts';

/** The page's servers before our server's; the same list twice would only double the gathering. */
export function iceConfiguration(
  page: readonly IceServer[],
  server: readonly IceServer[],
  policy: RTCIceTransportPolicy,
): RTCConfiguration {
  const seen = new Set<string>();
  const iceServers = [...page, ...server].filter((entry) => {
    const key = JSON.stringify(entry);
    return !seen.has(key) && seen.add(key);
  });
  return {
    iceServers: iceServers
      .slice(0, LIMITS.iceServers)
      .map((entry) => ({ ...entry, urls: [...entry.urls] })),
    iceTransportPolicy: policy,
    bundlePolicy: 'max-bundle',
  };
}
