import assert from 'node:assert/strict';
import type { Person } from '../../e2e/harness/person.ts';
import { until } from '../../e2e/harness/until.ts';

/** The kind of candidates of the selected pair to the only other one. */
export interface Path {
  readonly local: string;
  readonly remote: string;
  readonly protocol: string;
}

export async function path(person: Person): Promise<Path | undefined> {
  return person.run(async (element) => {
    const [stats] = await element.getStats();
    return (
      stats && {
        local: stats.localCandidateType,
        remote: stats.remoteCandidateType,
        protocol: stats.protocol,
      }
    );
  }, undefined);
}

/**
 * Waits until the selected pair is of these kinds: the better pair may be found a moment after the first one. A
 * peer-reflexive candidate is the server-reflexive one of a side whose check came before its candidate. An empty protocol
 * is any.
 */
export async function goesBy(
  person: Person,
  local: string,
  remote: string,
  protocol = 'udp',
  timeout = 10_000,
): Promise<void> {
  const plain = (kind: string | undefined): string => (kind === 'prflx' ? 'srflx' : (kind ?? ''));
  const wanted = [local, remote, protocol].join(' ');
  let found = '';
  await until(
    async () => {
      const now = await path(person);
      found = [plain(now?.local), plain(now?.remote), protocol && now?.protocol].join(' ');
      return found === wanted;
    },
    `a path ${wanted}`,
    timeout,
  ).catch(() => {
    assert.equal(found, wanted, 'the selected pair: local, remote, protocol');
  });
}

/** Waits until the selected pair has a relay at one end or both. */
export async function goesByRelay(person: Person, timeout = 10_000): Promise<void> {
  await until(
    async () => {
      const now = await path(person);
      return now !== undefined && [now.local, now.remote].includes('relay');
    },
    'a path by a relay',
    timeout,
  );
}
