import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallStage, eventsSince, happened, now, perceives } from './harness/seen.ts';
import type { Person } from './harness/person.ts';
import { until } from './harness/until.ts';

const NAMES = ['Ann', 'Bob', 'Cem', 'Dia'];

const stage = CallStage.set();

const everyonePerceivesEveryone = (people: readonly Person[]): Promise<unknown> =>
  Promise.all(
    people.map((person, index) =>
      perceives(
        person,
        NAMES.slice(0, people.length)
          .filter((_, other) => other !== index)
          .map((name) => ({ name })),
      ),
    ),
  );

for (const count of [2, 3, 4])
  test(`${String(count)} participants all see and hear each other`, async () => {
    const room = stage.room();
    const people: Person[] = [];
    for (const name of NAMES.slice(0, count)) {
      const person = await stage.enter(room, name);
      await person.join();
      people.push(person);
    }
    await everyonePerceivesEveryone(people);
    for (const person of people) {
      assert.equal(await person.openConnections(), count - 1);
      assert.equal(await person.page.locator('video-call-tile').count(), count);
      assert.deepEqual(person.pageErrors, []);
    }
  });

test('somebody who comes late meets everyone', async () => {
  const room = stage.room();
  const [ann, bob] = await Promise.all([stage.join(room, 'Ann'), stage.join(room, 'Bob')]);
  await perceives(ann, [{ name: 'Bob' }]);
  const since = await now(ann);
  const cem = await stage.join(room, 'Cem');
  await everyonePerceivesEveryone([ann, bob, cem]);
  const { id } = await happened(ann, { type: 'participant-joined' }, { since });
  // The two who were there have not lost each other for it.
  const changes = await eventsSince(ann, since, 'participant-left', 'connection-change');
  assert.deepEqual(
    changes.map((change) => [change.type, change.id, change.value]),
    [['connection-change', id, 'connected']],
  );
});

test('who leaves is gone at once, with camera and microphone, and can come back', async () => {
  const room = stage.room();
  const people = await Promise.all(NAMES.slice(0, 3).map((name) => stage.join(room, name)));
  const [ann, bob, cem] = people as [Person, Person, Person];
  await everyonePerceivesEveryone(people);
  const tracks = await cem.run(
    (element) => element.localParticipant!.stream.getTracks().map(({ kind }) => kind),
    undefined,
  );
  assert.deepEqual(tracks.sort(), ['audio', 'video']);
  await cem.run((element) => {
    Object.assign(globalThis, { tracks: element.localParticipant?.stream.getTracks() });
  }, undefined);

  const since = await Promise.all([ann, bob].map(now));
  await cem.page.getByRole('button', { name: 'Leave' }).click();
  for (const [index, person] of [ann, bob].entries()) {
    const from = since[index]!;
    const { at } = await happened(person, { type: 'participant-left' }, { since: from });
    assert.ok(at - from < 1_000, `gone after ${String(at - from)} ms`);
    await until(
      async () => (await person.page.locator('video-call-tile').count()) === 2,
      'the tile to go',
    );
    await perceives(person, [{ name: person === ann ? 'Bob' : 'Ann' }]);
    assert.equal(await person.openConnections(), 1);
  }
  await cem.hasState('left');
  const states = await cem.page.evaluate(() =>
    (globalThis as unknown as { tracks: MediaStreamTrack[] }).tracks.map((one) => one.readyState),
  );
  assert.deepEqual(states, ['ended', 'ended']);
  assert.equal(await cem.openConnections(), 0);
  assert.equal(await cem.run((element) => element.participants.length, undefined), 0);

  await cem.page.getByRole('button', { name: 'Rejoin' }).click();
  await cem.hasState('joined');
  await everyonePerceivesEveryone(people);
  for (const person of people) {
    assert.equal(await person.openConnections(), 2);
    assert.equal(await person.page.locator('video-call-tile').count(), 3);
  }
});
