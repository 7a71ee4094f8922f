/** Upper bounds of the buckets, in seconds. */
export const BOUNDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
] as const;

/** How long frames took, in plain numbers: a histogram of `prom-client` takes several times as long for each. */
export class RelayTimes {
  /** How many were within each bound and above the one before it. */
  readonly counts = new Float64Array(BOUNDS.length);
  count = 0;
  sum = 0;

  add(seconds: number): void {
    this.count += 1;
    this.sum += seconds;
    let at = 0;
    while (at < BOUNDS.length && seconds > (BOUNDS[at] ?? 0)) at += 1;
    // Beyond the last bound it counts in the whole only.
    if (at < BOUNDS.length) this.counts[at] = (this.counts[at] ?? 0) + 1;
  }
}
