import { capacityOf, type Means } from '../engine/capacity.ts';
import { DEFAULT_CAPACITY } from '../protocol/limits.ts';
import type { CallState } from './state.ts';

/** What follows for the state from what this machine can do; nothing when that is known. */
export function fitting(means: Means, { capacity, fits: before }: CallState): Partial<CallState> {
  const fits = capacityOf(means, navigator.hardwareConcurrency, capacity || DEFAULT_CAPACITY);
  return JSON.stringify(fits) === JSON.stringify(before) ? {} : { fits };
}
