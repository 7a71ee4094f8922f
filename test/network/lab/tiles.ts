import assert from 'node:assert/strict';
import type { Person } from '../../e2e/harness/person.ts';
import { eventsSince, now } from '../../e2e/harness/seen.ts';

interface Marked extends Element {
  isMarked?: boolean;
}

/**
 * Marks the tiles, streams and connections of a page. The answer checks that nobody has come or gone since, and that the
 * tiles and streams are the same objects; with `sameConnection` that the connections are too.
 */
export async function remember(
  person: Person,
): Promise<(options?: { sameConnection?: boolean }) => Promise<void>> {
  const since = await now(person);
  const look = (isFirst: boolean): Promise<string[]> =>
    person.run((element, first) => {
      const found: string[] = [];
      const check = (what: string, thing: object): void => {
        if (first) (thing as Marked).isMarked = true;
        found.push(`${what} ${(thing as Marked).isMarked === true ? 'as before' : 'is new'}`);
      };
      for (const tile of seen.deep('video-call-tile'))
        check(`tile ${tile.getAttribute('data-key') ?? ''}`, tile);
      for (const one of element.participants)
        if (!one.isLocal) check(`stream ${one.id}`, one.stream);
      return found.sort();
    }, isFirst);
  const before = await look(true);
  const connections = await connectionCount(person);
  return async ({ sameConnection = true } = {}) => {
    assert.deepEqual(await look(false), before, 'tiles and streams');
    const comings = await eventsSince(person, since, 'participant-joined', 'participant-left');
    assert.deepEqual(comings, [], 'nobody came or left');
    if (sameConnection)
      assert.equal(await connectionCount(person), connections, 'connections made');
  };
}

/** How many connections the page has made, closed ones included. */
async function connectionCount(person: Person): Promise<number> {
  return person.page.evaluate(() => globalThis.watched.connections.length);
}
