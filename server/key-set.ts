import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import type { Timings } from './limits.ts';

/** The set is not fetched again so soon after it was, whatever keys tokens name, in milliseconds. */
const COOLDOWN = 30_000;
const FETCH_WITHIN = 5_000;

/**
 * The keys at an address. Those that were fetched last count until others can be had: that the address does not answer says
 * nothing against them. Rejects with the error of the fetch when there are none, or when others might fit.
 */
export function remoteKeys(
  url: string,
  { keysFor, keysRetry }: Pick<Timings, 'keysFor' | 'keysRetry'>,
): JWTVerifyGetKey {
  // When to fetch is decided here: by itself the library throws keys away, and asks in vain as often as somebody joins.
  const set = createRemoteJWKSet(new URL(url), {
    timeoutDuration: FETCH_WITHIN,
    cacheMaxAge: Infinity,
    cooldownDuration: Infinity,
  });
  let fetchedAt: number | undefined;
  let failed: { readonly at: number; readonly error: unknown } | undefined;
  const isWithin = (time: number, since: number): boolean => performance.now() - since < time;

  async function load(): Promise<void> {
    if (failed && isWithin(keysRetry, failed.at)) throw failed.error;
    try {
      await set.reload();
      failed = undefined;
      fetchedAt = performance.now();
    } catch (error) {
      failed = { at: performance.now(), error };
      throw error;
    }
  }

  return async (header, token) => {
    if (fetchedAt === undefined) await load();
    else if (!isWithin(keysFor, fetchedAt)) await load().catch(() => undefined);
    try {
      return await set(header, token);
    } catch (error) {
      const isUnknown = error instanceof errors.JWKSNoMatchingKey;
      if (!isUnknown || isWithin(COOLDOWN, fetchedAt ?? 0)) throw error;
      await load();
      return set(header, token);
    }
  };
}
