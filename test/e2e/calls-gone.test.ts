import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestBrowser } from './harness/browser.ts';
import type { Person } from './harness/person.ts';
import { mainProcess } from './harness/processes.ts';
import {
  CallStage,
  eventsSince,
  happened,
  now,
  perceiveEachOther,
  perceives,
} from './harness/seen.ts';
import { until } from './harness/until.ts';

const stage = CallStage.set();

/** When the tiles were these many for the last time since then, and how many there ever were; by the page's clock. */
async function tilesSince(
  person: Person,
  since: number,
): Promise<{ readonly at: number; readonly keys: readonly string[]; readonly most: number }> {
  const changes = (await person.page.evaluate(() => seen.tileChanges)).filter(
    ({ at }) => at >= since,
  );
  const last = changes.at(-1) ?? { at: since, keys: [] };
  return { ...last, most: Math.max(...changes.map(({ keys }) => keys.length)) };
}

/** Waits until the participant's tile is gone, and answers with how long that took since then. */
async function goneAfter(person: Person, id: string, since: number): Promise<number> {
  const { at } = await happened(
    person,
    { type: 'participant-left', id },
    { since, timeout: 40_000 },
  );
  await until(
    async () => !(await tilesSince(person, since)).keys.includes(id),
    'the tile to be gone',
  );
  const tile = await tilesSince(person, since);
  return Math.max(at, tile.at) - since;
}

const WAYS: Readonly<Record<string, (person: Person) => Promise<unknown>>> = {
  'closes the tab': (person) => person.page.close({ runBeforeUnload: false }),
  'closes the tab, asked by the page': async (person) => {
    const closed = person.page.waitForEvent('close');
    await person.page.close({ runBeforeUnload: true });
    await closed;
  },
  'closes the window': (person) => person.context.close(),
  'goes to another page': (person) => person.page.goto('about:blank'),
  'goes to another page of the same site': (person) =>
    person.page.evaluate((url) => {
      location.href = url;
    }, stage.url('Bye')),
};
for (const [way, leave] of Object.entries(WAYS))
  test(`who ${way} is gone from the others' grids within a second`, async () => {
    const room = stage.room();
    const [ann, bob, cem] = await Promise.all([
      stage.join(room, 'Ann'),
      stage.join(room, 'Bob'),
      stage.join(room, 'Cem'),
    ]);
    await perceives(ann, [{ name: 'Bob' }, { name: 'Cem' }]);
    await perceives(bob, [{ name: 'Ann' }, { name: 'Cem' }]);
    const id = await cem.id();
    const since = await Promise.all([now(ann), now(bob)]);
    const left = leave(cem);
    const after = await Promise.all([goneAfter(ann, id, since[0]), goneAfter(bob, id, since[1])]);
    await left;
    assert.ok(Math.max(...after) < 1_000, `gone after ${after.join(' and ')} ms`);
    await perceives(ann, [{ name: 'Bob' }]);
    assert.equal(await ann.openConnections(), 1);
    // Not a moment of doubt: no "reconnecting" before.
    const doubts = await eventsSince(ann, since[0], 'connection-change');
    assert.deepEqual(doubts, []);
  });

test('a killed browser is marked within 6 seconds and gone within 20', async () => {
  const room = stage.room();
  const doomed = await TestBrowser.launch();
  try {
    const [ann, bob, cem] = await Promise.all([
      stage.join(room, 'Ann'),
      stage.join(room, 'Bob'),
      stage.join(room, 'Cem', '', { browser: doomed }),
    ]);
    await perceives(ann, [{ name: 'Bob' }, { name: 'Cem' }]);
    await perceives(bob, [{ name: 'Ann' }, { name: 'Cem' }]);
    const id = await cem.id();
    const pid = await mainProcess(doomed);
    const since = await Promise.all([now(ann), now(bob)]);
    process.kill(pid, 'SIGKILL');

    const isMarked = async (person: Person, from: number): Promise<void> => {
      const { at } = await happened(
        person,
        { type: 'connection-change', id, value: 'reconnecting' },
        { since: from, timeout: 20_000 },
      );
      assert.ok(at - from < 6_000, `marked after ${String(at - from)} ms`);
      // In words, too.
      await person.page.getByRole('group', { name: 'Cem, Reconnecting…' }).waitFor();
    };
    await Promise.all([isMarked(ann, since[0]), isMarked(bob, since[1])]);
    const after = await Promise.all([goneAfter(ann, id, since[0]), goneAfter(bob, id, since[1])]);
    assert.ok(Math.max(...after) < 20_000, `gone after ${after.join(' and ')} ms`);
    await perceiveEachOther({ Ann: ann, Bob: bob });
    assert.equal(await ann.openConnections(), 1);
    const lost = await eventsSince(ann, since[0], 'participant-left');
    assert.deepEqual(
      lost.map((event) => event.id),
      [id],
    );
  } finally {
    await doomed.close();
  }
});

test('a reload shows exactly one tile again within 3 seconds, and no ghost', async () => {
  const room = stage.room();
  const [ann, bob] = await Promise.all([stage.join(room, 'Ann'), stage.join(room, 'Bob')]);
  await perceiveEachOther({ Ann: ann, Bob: bob });
  const before = await bob.id();
  const since = await now(ann);
  const reloaded = bob.page.reload();
  const { id } = await happened(ann, { type: 'participant-joined' }, { since });
  await until(async () => {
    const { keys } = await tilesSince(ann, since);
    return keys.length === 2 && keys.includes(id);
  }, 'one tile');
  const { at, most, keys } = await tilesSince(ann, since);
  assert.ok(at - since < 3_000, `back after ${String(at - since)} ms`);
  assert.equal(most, 2);
  await reloaded;
  await perceiveEachOther({ Ann: ann, Bob: bob });
  assert.equal(await bob.id(), id);
  assert.ok(!keys.includes(before));
  const joined = await eventsSince(ann, since, 'participant-joined', 'participant-left');
  assert.deepEqual(
    joined.map((event) => [event.type, event.id]),
    [
      ['participant-left', before],
      ['participant-joined', id],
    ],
  );
  assert.equal(await ann.openConnections(), 1);
});
