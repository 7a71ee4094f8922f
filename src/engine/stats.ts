import type { LinkStats } from './engine.ts';

/** One entry of an RTCStatsReport; which fields it has depends on its type (webrtc-stats, section 8). */
type Entry = Readonly<Record<string, unknown>>;

const number = (entry: Entry | undefined, field: string): number => {
  const value = entry?.[field];
  return typeof value === 'number' ? value : 0;
};
const text = (entry: Entry | undefined, field: string): string => {
  const value = entry?.[field];
  return typeof value === 'string' ? value : '';
};

/** Sums a report up. Firefox has no `selectedCandidatePairId`; there the nominated pair that succeeded is the one. */
export function summarize(report: RTCStatsReport): LinkStats {
  const entries = new Map<string, Entry>();
  report.forEach((entry: Entry, id) => entries.set(id, entry));
  const all = [...entries.values()];
  const transport = all.find((entry) => entry['type'] === 'transport');
  const pair =
    entries.get(text(transport, 'selectedCandidatePairId')) ??
    all.find(
      (entry) =>
        entry['type'] === 'candidate-pair' &&
        entry['nominated'] === true &&
        entry['state'] === 'succeeded',
    );
  const local = entries.get(text(pair, 'localCandidateId'));
  const remote = entries.get(text(pair, 'remoteCandidateId'));
  const inbound = all.filter((entry) => entry['type'] === 'inbound-rtp');
  const sum = (field: string): number =>
    inbound.reduce((total, entry) => total + number(entry, field), 0);
  const roundTripTime = pair?.['currentRoundTripTime'];
  // The pair's begin anew with each change of the path; Firefox has no others.
  const bytes = (field: string): number => number(transport, field) || number(pair, field);
  return {
    bytesSent: bytes('bytesSent'),
    bytesReceived: bytes('bytesReceived'),
    roundTripTime: typeof roundTripTime === 'number' ? roundTripTime : undefined,
    framesDecoded: sum('framesDecoded'),
    audioEnergy: sum('totalAudioEnergy'),
    freezeCount: sum('freezeCount'),
    packetsLost: sum('packetsLost'),
    packetsReceived: sum('packetsReceived'),
    // Only reports of the other side have this field (`remote-inbound-rtp`).
    shareLost: Math.max(0, ...all.map((entry) => number(entry, 'fractionLost'))),
    jitter: Math.max(0, ...inbound.map((entry) => number(entry, 'jitter'))),
    localCandidateType: text(local, 'candidateType'),
    remoteCandidateType: text(remote, 'candidateType'),
    protocol: text(local, 'relayProtocol') || text(local, 'protocol'),
  };
}
