import type { LinkStats } from './engine.ts';

/** Points off for a value at or above each limit; the last one that applies counts. */
type Steps = readonly (readonly [limit: number, points: number])[];

/** Share of packets lost. Opus hides 1 % well and 5 % audibly; video freezes from there on. */
const LOSS: Steps = [
  [0.02, 1],
  [0.05, 2],
  [0.15, 3],
];
/** Seconds there and back: people talk over each other from 0.3 s on (ITU-T G.114: 150 ms one way). */
const ROUND_TRIP: Steps = [
  [0.3, 1],
  [0.6, 2],
];
/** Seconds. The jitter buffer takes what is below the first limit without being heard. */
const JITTER: Steps = [
  [0.05, 1],
  [0.15, 2],
];
/** Freezes of the picture in one interval. */
const FREEZES: Steps = [
  [1, 1],
  [3, 2],
];

const penalty = (steps: Steps, value: number): number =>
  steps.findLast(([limit]) => value >= limit)?.[1] ?? 0;

/**
 * How well one participant is received, from 0 (nothing arrives) to 5 (flawless): five less a point or more each for loss,
 * round-trip time, jitter and freezes since the last look, and never below 1 while anything arrives. It falls at once and
 * rises by one a look, so that it does not flicker.
 */
export class QualityMeter {
  #before: LinkStats | undefined;
  #quality = 5;
  #excused = 0;

  /** The other picture that was asked for may begin with a gap, which is no freeze: at the next looks. */
  excuseFreezes(): void {
    this.#excused = 2;
  }

  /** One look, about every two seconds. */
  update(now: LinkStats): number {
    const before = this.#before;
    this.#before = now;
    // A new connection counts from zero.
    if (!before || now.bytesReceived < before.bytesReceived) return this.#quality;
    const since = (key: 'bytesReceived' | 'packetsLost' | 'packetsReceived' | 'freezeCount') =>
      Math.max(0, now[key] - before[key]);
    const lost = since('packetsLost');
    const packets = lost + since('packetsReceived');
    const present =
      since('bytesReceived') === 0
        ? 0
        : Math.max(
            1,
            5 -
              penalty(LOSS, packets === 0 ? 0 : lost / packets) -
              penalty(ROUND_TRIP, now.roundTripTime ?? 0) -
              penalty(JITTER, now.jitter) -
              (this.#excused > 0 ? 0 : penalty(FREEZES, since('freezeCount'))),
          );
    this.#excused--;
    this.#quality = Math.min(present, this.#quality + 1);
    return this.#quality;
  }
}
