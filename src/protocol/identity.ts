import { letters } from './random.ts';

/** Ids that begin with it belong to whoever has the token that they are made of. */
const PROVABLE = 'k-';

/** An id that shows whose it is. `digest`: SHA-256 of the token, of which it holds 125 bits. */
export function provableId(digest: Uint8Array): string {
  return PROVABLE + letters(digest.subarray(0, 25));
}

export function isProvable(id: string): boolean {
  return id.startsWith(PROVABLE);
}
