import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Person } from './harness/person.ts';
import {
  CallStage,
  eventsSince,
  happened,
  now,
  perceiveEachOther,
  perceives,
} from './harness/seen.ts';
import { until } from './harness/until.ts';
import { onlyJoined, watchFrames } from './harness/watch-frames.ts';

const stage = CallStage.set();

const texts = (person: Person): Promise<string[]> =>
  person.run((element) => element.messages.map(({ text }) => text), undefined);
const say = (person: Person, text: string): Promise<unknown> =>
  person.run(async (element, words) => {
    await element.sendMessage(words);
  }, text);

for (const [how, signal] of [
  ['is killed', 'SIGKILL'],
  ['is stopped by its operator', 'SIGTERM'],
] as const)
  test(`the server ${how} and started again during a call: the media goes on, nobody leaves or doubles`, async () => {
    const room = stage.room();
    const [ann, bob] = await Promise.all([stage.join(room, 'Ann'), stage.join(room, 'Bob')]);
    await perceiveEachOther({ Ann: ann, Bob: bob });
    const people = [ann, bob];
    const since = await Promise.all(people.map(now));
    const framesOf = await Promise.all(people.map(watchFrames));

    await stage.server.down(signal);
    await Promise.all(
      people.map(async (person, index) => {
        const lost = { type: 'state-change', value: 'reconnecting' };
        await happened(person, lost, { since: since[index]! });
        await person.page.getByText('Connection to the server lost').waitFor();
      }),
    );
    // Everything between people works without it.
    await say(ann, 'Still there?');
    await say(bob, 'Still here.');
    await until(async () => (await texts(ann)).length === 2, 'the answer');
    assert.deepEqual(await texts(bob), ['Still there?', 'Still here.']);
    await bob.run((element) => element.toggleMicrophone(false), undefined);
    await happened(
      ann,
      { type: 'microphone-change', name: 'Bob', value: 'off' },
      { since: since[0]! },
    );
    await bob.run((element) => element.toggleMicrophone(true), undefined);
    // A new track is negotiated between them.
    await bob.run((element) => element.toggleScreenShare(true), undefined);
    await perceives(ann, [{ name: 'Bob', screen: true }]);
    await bob.run((element) => element.toggleScreenShare(false), undefined);
    await perceiveEachOther({ Ann: ann, Bob: bob });

    await stage.server.up();
    await Promise.all(
      people.map((person, index) =>
        happened(
          person,
          { type: 'state-change', value: 'joined' },
          { since: since[index]!, timeout: 30_000 },
        ),
      ),
    );
    const cem = await stage.join(room, 'Cem');
    await perceiveEachOther({ Ann: ann, Bob: bob, Cem: cem });
    const id = await cem.id();
    for (const [index, person] of people.entries()) {
      await onlyJoined(person, framesOf[index]!, since[index]!, id);
      const links = await eventsSince(person, since[index]!, 'connection-change');
      assert.deepEqual(
        links.map((event) => [event.id, event.value]),
        [[id, 'connected']],
      );
      assert.equal(await person.openConnections(), 2);
      assert.equal(await person.page.locator('video-call-tile').count(), 3);
    }
    assert.deepEqual(await texts(cem), ['Still there?', 'Still here.']);
  });

test('somebody leaves while the server is away: the others see it at once, and for good', async () => {
  const room = stage.room();
  const [ann, bob] = await Promise.all([stage.join(room, 'Ann'), stage.join(room, 'Bob')]);
  await perceiveEachOther({ Ann: ann, Bob: bob });
  const since = await now(ann);
  await stage.server.down();
  await happened(ann, { type: 'state-change', value: 'reconnecting' }, { since });
  const left = await now(ann);
  await bob.page.getByRole('button', { name: 'Leave' }).click();
  const { at } = await happened(ann, { type: 'participant-left' }, { since: left });
  assert.ok(at - left < 1_000, `gone after ${String(at - left)} ms`);
  await stage.server.up();
  await happened(ann, { type: 'state-change', value: 'joined' }, { since, timeout: 30_000 });
  await bob.page.getByRole('button', { name: 'Rejoin' }).click();
  await bob.hasState('joined');
  await perceiveEachOther({ Ann: ann, Bob: bob });
  assert.equal(await ann.openConnections(), 1);
  assert.equal(await ann.page.locator('video-call-tile').count(), 2);
});
