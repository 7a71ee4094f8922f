import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Person } from './harness/person.ts';
import { CallStage, happened, now, perceiveEachOther, perceives } from './harness/seen.ts';
import { until } from './harness/until.ts';

// The browser's fake device is a screen, too, with sound: nothing in the page is replaced.
const stage = CallStage.set();

const press = (person: Person): Promise<void> =>
  person.page.locator('video-call-controls').getByRole('button', { name: 'Share screen' }).click();
const tiles = (person: Person): Promise<string[]> => person.page.evaluate(() => seen.tiles());

/** As the browser does it when its own "Stop sharing" is pressed: every track ends, and the page hears of it. */
async function stopByBrowser(person: Person): Promise<void> {
  await person.run((element) => {
    for (const track of element.localParticipant!.screenStream!.getTracks()) {
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
  }, undefined);
}

test('a screen is shared with sound beside the camera, stopped by the button, and shared again', async () => {
  const room = stage.room();
  const [ann, bob] = await Promise.all([stage.join(room, 'Ann'), stage.join(room, 'Bob')]);
  await perceiveEachOther({ Ann: ann, Bob: bob });
  for (let round = 0; round < 2; round++) {
    const since = await now(ann);
    await press(bob);
    await happened(ann, { type: 'screen-share-change', name: 'Bob', value: 'on' }, { since });
    await perceives(ann, [{ name: 'Bob', screen: true }]);
    await ann.page.getByRole('group', { name: 'Bob’s screen' }).waitFor();
    await bob.page.getByRole('group', { name: 'Your screen' }).waitFor();
    await perceives(bob, [{ name: 'Ann' }]);
    await bob.run((element) => {
      Object.assign(globalThis, { shared: element.localParticipant!.screenStream!.getTracks() });
    }, undefined);

    await press(bob);
    await happened(ann, { type: 'screen-share-change', name: 'Bob', value: 'off' }, { since });
    await until(async () => (await tiles(ann)).length === 2, 'the screen to go');
    const states = await bob.page.evaluate(() =>
      (globalThis as unknown as { shared: MediaStreamTrack[] }).shared.map((one) => one.readyState),
    );
    assert.deepEqual(states, ['ended', 'ended']);
    await perceives(ann, [{ name: 'Bob' }]);
    assert.equal(await bob.page.getByRole('group', { name: 'Your screen' }).count(), 0);
  }
  assert.equal(await ann.openConnections(), 1);
  // No section for each share: the same ones are used again.
  const sections = await ann.page.evaluate(
    () => globalThis.watched.connections[0]!.deref()!.getTransceivers().length,
  );
  assert.equal(sections, 4);
});

test('several people share their screens at once, and who comes late sees them all', async () => {
  const room = stage.room();
  const [ann, bob] = await Promise.all([stage.join(room, 'Ann'), stage.join(room, 'Bob')]);
  await perceiveEachOther({ Ann: ann, Bob: bob });
  // In the same instant, so that both sides want to negotiate at once.
  await Promise.all([press(ann), press(bob)]);
  await Promise.all([
    perceives(ann, [{ name: 'Bob', screen: true }]),
    perceives(bob, [{ name: 'Ann', screen: true }]),
  ]);
  assert.equal((await tiles(ann)).length, 4);

  const cem = await stage.join(room, 'Cem');
  await perceives(cem, [
    { name: 'Ann', screen: true },
    { name: 'Bob', screen: true },
  ]);
  await Promise.all([
    perceives(ann, [{ name: 'Bob', screen: true }, { name: 'Cem' }]),
    perceives(bob, [{ name: 'Ann', screen: true }, { name: 'Cem' }]),
  ]);
  // Who came late shares, too.
  await press(cem);
  await Promise.all([
    perceives(ann, [
      { name: 'Bob', screen: true },
      { name: 'Cem', screen: true },
    ]),
    perceives(bob, [
      { name: 'Ann', screen: true },
      { name: 'Cem', screen: true },
    ]),
  ]);
  for (const person of [ann, bob, cem]) assert.equal(await person.openConnections(), 2);

  const since = await now(ann);
  await press(cem);
  await happened(ann, { type: 'screen-share-change', name: 'Cem', value: 'off' }, { since });
  await perceives(ann, [{ name: 'Bob', screen: true }, { name: 'Cem' }]);
});

test("a share that is stopped by the browser's own bar ends for everyone, and leaves the camera", async () => {
  const room = stage.room();
  const [ann, bob] = await Promise.all([stage.join(room, 'Ann'), stage.join(room, 'Bob')]);
  await press(bob);
  await perceives(ann, [{ name: 'Bob', screen: true }]);
  const since = await Promise.all([now(ann), now(bob)]);
  await stopByBrowser(bob);
  await happened(
    ann,
    { type: 'screen-share-change', name: 'Bob', value: 'off' },
    { since: since[0] },
  );
  await happened(bob, { type: 'screen-share-change', value: 'off' }, { since: since[1] });
  await perceives(ann, [{ name: 'Bob' }]);
  assert.equal((await tiles(ann)).length, 2);
  assert.equal((await tiles(bob)).length, 2);
  const button = bob.page.getByRole('button', { name: 'Share screen' });
  assert.equal(await button.getAttribute('aria-pressed'), 'false');
  await press(bob);
  await perceives(ann, [{ name: 'Bob', screen: true }]);
});

test('a screen is shared by somebody without a camera and seen by somebody who only watches', async () => {
  const room = stage.room();
  const [ann, bob] = await Promise.all([
    stage.join(room, 'Ann', 'view-only'),
    stage.join(room, 'Bob', 'camera-off muted'),
  ]);
  await perceives(ann, [{ name: 'Bob', video: false, audio: false }]);
  await press(bob);
  await perceives(ann, [{ name: 'Bob', video: false, audio: false, screen: true }]);
  assert.equal(await ann.page.getByRole('button', { name: 'Share screen' }).count(), 0);
});

test('a camera that is switched on after the screen is no screen to who took no pictures before', async () => {
  const room = stage.room();
  const ann = await stage.join(room, 'Ann', 'camera-off');
  const bob = await stage.join(room, 'Bob', 'audio-only');
  await perceives(bob, [{ name: 'Ann', video: false }]);
  await press(ann);
  await ann.run((element) => element.toggleCamera(true), undefined);
  await bob.run((element) => {
    element.audioOnly = false;
  }, undefined);
  await Promise.all([
    perceives(ann, [{ name: 'Bob' }]),
    perceives(bob, [{ name: 'Ann', screen: true }]),
  ]);
  await press(ann);
  await Promise.all([perceives(ann, [{ name: 'Bob' }]), perceives(bob, [{ name: 'Ann' }])]);
  assert.equal(await ann.openConnections(), 1);
});

test('who leaves while sharing takes the screen along', async () => {
  const room = stage.room();
  const [ann, bob] = await Promise.all([stage.join(room, 'Ann'), stage.join(room, 'Bob')]);
  await press(bob);
  await perceives(ann, [{ name: 'Bob', screen: true }]);
  await bob.page.getByRole('button', { name: 'Leave' }).click();
  await until(async () => (await tiles(ann)).length === 1, 'both tiles to go');
  const screen = await bob.run((element) => element.localParticipant!.screen, undefined);
  assert.equal(screen, 'off');
});
