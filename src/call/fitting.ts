import { capacityOf, type Means } from '../engine/capacity.ts';
import { DEFAULT_CAPACITY } from '../protocol/limits.ts';
import type { CallState } from './state.ts';

/** What follows for the state from what this machine can do. */
export const fitting = (means: Means, { capacity }: CallState): Pick<CallState, 'fits'> => ({
  fits: capacityOf(means, navigator.hardwareConcurrency, capacity || DEFAULT_CAPACITY),
});
