import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reachChannels, sendAll, takeAim } from './harness/hostile.ts';
import type { Person } from './harness/person.ts';
import { CallStage, perceiveEachOther } from './harness/seen.ts';
import { until } from './harness/until.ts';

const stage = CallStage.set();
/** All of them fit. */
const FEW = 'controls="microphone reactions leave"';

/** Names of those whose hand is up. */
const hands = (person: Person): Promise<string[]> =>
  person.run(
    (element) => element.participants.filter((one) => one.handRaised).map(({ name }) => name),
    undefined,
  );
const seesHands = (person: Person, names: readonly string[]): Promise<void> =>
  until(async () => (await hands(person)).join() === names.join(), `hands: ${names.join()}`);
/** Reactions that were told to the page: who, and with what. */
const told = (person: Person): Promise<string[]> =>
  person.page.evaluate(() =>
    seen.events.filter(({ type }) => type === 'reaction').map(({ name, value }) => name + value),
  );
const button = (person: Person, name: string) =>
  person.page.locator('video-call').getByRole('button', { name, exact: true });
/** What stands on the tiles of this name. */
const onTile = (person: Person, name: string) =>
  person.page.locator(`.tile[aria-label^="${name}"] .reaction`);

test('a hand that is raised is seen by all, by those who come later too, until it is lowered', async () => {
  const room = stage.room();
  const [ann, bob] = await Promise.all([stage.join(room, 'Ann', FEW), stage.join(room, 'Bob')]);
  await perceiveEachOther({ Ann: ann, Bob: bob });
  await button(ann, 'Reactions').click();
  await button(ann, 'Raise hand').click();
  await seesHands(bob, ['Ann']);
  await bob.page.getByRole('group', { name: 'Ann, hand raised' }).waitFor();
  await bob.page.getByRole('log').getByText('Ann raised a hand').waitFor({ state: 'attached' });
  const cem = await stage.join(room, 'Cem');
  await seesHands(cem, ['Ann']);

  await button(ann, 'Lower hand').click();
  await Promise.all([seesHands(bob, []), seesHands(cem, [])]);
  await cem.run((element) => element.raiseHand(), undefined);
  await Promise.all([seesHands(ann, ['Cem']), seesHands(cem, ['Cem'])]);
  // Nobody comes back with a hand that was up in the last call.
  await cem.run((element) => element.leave(), undefined);
  assert.equal(await cem.run((element) => element.localParticipant?.handRaised, undefined), false);
  await assert.rejects(
    cem.run((element) => element.raiseHand(true), undefined),
    /not in the call/,
  );
});

test('a reaction is seen by all for a moment', async () => {
  const room = stage.room();
  const [ann, bob] = await Promise.all([stage.join(room, 'Ann', FEW), stage.join(room, 'Bob')]);
  await perceiveEachOther({ Ann: ann, Bob: bob });
  await assert.rejects(
    ann.run((element) => element.sendReaction('Buy!'), undefined),
    /A reaction is one emoji.*"Buy!"/,
  );
  await button(ann, 'Reactions').click();
  await button(ann, '🎉').click();
  await Promise.all([
    onTile(bob, 'Ann').getByText('🎉').waitFor(),
    onTile(ann, 'You').getByText('🎉').waitFor(),
  ]);
  await Promise.all([
    onTile(bob, 'Ann').waitFor({ state: 'detached' }),
    onTile(ann, 'You').waitFor({ state: 'detached' }),
  ]);
  await bob.run((element) => element.sendReaction('👩🏽‍🚀'), undefined);
  await until(async () => (await told(ann)).length === 2, 'the answer');
  assert.deepEqual(await told(ann), ['Ann🎉', 'Bob👩🏽‍🚀']);
  assert.deepEqual(await told(bob), ['Ann🎉', 'Bob👩🏽‍🚀']);
});

test('of reactions without end some are shown, and of what is none, nothing', async () => {
  const room = stage.room();
  const victim = await stage.join(room, 'Victim');
  const hostile = await stage.enter(room, 'Hostile', 'autojoin', { first: reachChannels });
  await hostile.hasState('joined');
  await takeAim(hostile, 'Victim');
  const reaction = (emoji: unknown): string => JSON.stringify({ kind: 'reaction', emoji });
  await sendAll(hostile, ['<b>', 'Win money', '', 7, null, ['👍'], '👍'.repeat(500)].map(reaction));
  await sendAll(hostile, [reaction('💥')], 60);
  await until(async () => (await told(victim)).length >= 5, 'the first ones');
  // What is sent over one channel arrives in order: after this there is nothing more to come.
  await hostile.run((element) => element.sendMessage('That was it'), undefined);
  await until(
    () => victim.run((e) => e.messages.some(({ text }) => text === 'That was it'), undefined),
    'the message',
  );
  const seen = await told(victim);
  assert.ok(seen.length <= 10, `${String(seen.length)} reactions were shown`);
  assert.deepEqual(new Set(seen), new Set(['Hostile💥']));
});
