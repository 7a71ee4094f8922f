import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import { TestBrowser } from './harness/browser.ts';
import type { Person } from './harness/person.ts';
import { networkProcess } from './harness/processes.ts';
import { CallStage, happened, now, perceiveEachOther, perceives } from './harness/seen.ts';
import { until } from './harness/until.ts';

const stage = CallStage.set();

const button = (person: Person): Locator =>
  person.page.locator('video-call-controls').getByRole('button', { name: /^Chat/ });
/** What stands in the panel, in its order. */
const shown = (person: Person): Promise<string[]> =>
  person.page
    .getByRole('log', { name: 'Chat' })
    .locator('[part~=message] .text')
    .allTextContents()
    .then((texts) => texts.map((text) => text.trim()));

async function openChat(person: Person): Promise<void> {
  await button(person).click();
  await person.page.getByRole('textbox', { name: 'Write a message' }).waitFor();
}

async function write(person: Person, text: string): Promise<void> {
  const box = person.page.getByRole('textbox', { name: 'Write a message' });
  await box.fill(text);
  await box.press('Enter');
}

async function reads(person: Person, texts: readonly string[], timeout = 60_000): Promise<void> {
  let last: string[] = [];
  try {
    await until(
      async () => {
        last = await shown(person);
        return last.join('\n') === texts.join('\n');
      },
      'the messages',
      timeout,
    );
  } catch {
    assert.deepEqual(last, texts);
  }
}

const messages = (person: Person): Promise<string[]> =>
  person.run((element) => element.messages.map(({ name, text }) => `${name}: ${text}`), undefined);

async function annAndBob(room: string): Promise<[Person, Person]> {
  const people = await Promise.all([stage.join(room, 'Ann'), stage.join(room, 'Bob')]);
  const [ann, bob] = people;
  await perceiveEachOther({ Ann: ann, Bob: bob });
  return people;
}

test('messages go both ways, with names, and unread ones are counted on the button', async () => {
  const [ann, bob] = await annAndBob(stage.room());
  await openChat(ann);
  await write(ann, 'Hello <b>Bob</b> & 👋');
  await write(ann, 'Are you there?');
  await bob.page.getByRole('button', { name: 'Chat, unread: 2' }).waitFor();
  await openChat(bob);
  await reads(bob, ['Hello <b>Bob</b> & 👋', 'Are you there?']);
  await bob.page.getByRole('log', { name: 'Chat' }).getByText('Ann', { exact: true }).waitFor();
  await bob.page.getByRole('button', { name: 'Close' }).click();
  await bob.page.getByRole('button', { name: 'Chat', exact: true }).waitFor();

  await openChat(bob);
  await write(bob, 'Yes');
  const all = ['Hello <b>Bob</b> & 👋', 'Are you there?', 'Yes'];
  await Promise.all([reads(ann, all), reads(bob, all)]);
  // Once each, for programs as well.
  for (const person of [ann, bob]) {
    const told = await person.page.evaluate(
      () => seen.events.filter(({ type }) => type === 'chat-message').length,
    );
    assert.equal(told, 3);
  }
});

/** Both write while nothing gets through, and both read all of it, once, in one order, when the link is well again. */
async function writeWhileBroken(
  [ann, bob]: readonly [Person, Person],
  breakLink: () => Promise<void> | void,
  mend?: () => void,
): Promise<void> {
  await perceiveEachOther({ Ann: ann, Bob: bob });
  await Promise.all([openChat(ann), openChat(bob)]);
  await write(ann, 'before');
  await reads(bob, ['before']);
  const since = await Promise.all([now(ann), now(bob)]);
  await breakLink();
  await Promise.all([write(ann, 'Ann 1'), write(bob, 'Bob 1')]);
  const broken = { type: 'connection-change', value: 'reconnecting' };
  await Promise.all([
    happened(ann, broken, { since: since[0], timeout: 30_000 }),
    happened(bob, broken, { since: since[1], timeout: 30_000 }),
  ]);
  await Promise.all([write(ann, 'Ann 2'), write(bob, 'Bob 2')]);
  if (mend) {
    assert.deepEqual(await shown(ann), ['before', 'Ann 1', 'Ann 2']);
    assert.deepEqual(await shown(bob), ['before', 'Bob 1', 'Bob 2']);
    mend();
  }
  await Promise.all([write(ann, 'Ann 3'), write(bob, 'Bob 3')]);
  const [anns, bobs] = await Promise.all(
    [ann, bob].map(async (person) => {
      await until(async () => (await shown(person)).length >= 7, 'all messages', 60_000);
      await perceives(person, [{ name: person === ann ? 'Bob' : 'Ann' }], { timeout: 60_000 });
      return shown(person);
    }),
  );
  assert.deepEqual(anns, bobs);
  for (const name of ['Ann', 'Bob'])
    assert.deepEqual(
      anns!.filter((text) => text.startsWith(name)),
      [1, 2, 3].map((n) => `${name} ${n}`),
    );
  assert.equal(anns!.length, 7);
  await write(bob, 'after');
  await reads(ann, [...anns!, 'after']);
  assert.equal(await ann.openConnections(), 1);
}

test('what is written while the path is broken arrives once and in order when it is back', async (context) => {
  const other = await TestBrowser.launch();
  try {
    const room = stage.room();
    const ann = await stage.join(room, 'Ann');
    const bob = await stage.join(room, 'Bob', '', { browser: other });
    const network = await networkProcess(other);
    if (network === undefined) {
      context.skip('a browser’s network can be stopped on Linux only');
      return;
    }
    try {
      await writeWhileBroken(
        [ann, bob],
        () => {
          process.kill(network, 'SIGSTOP');
        },
        () => {
          process.kill(network, 'SIGCONT');
        },
      );
    } finally {
      process.kill(network, 'SIGCONT');
    }
  } finally {
    await other.close();
  }
});

test('what is written while the connection is gone arrives once and in order over the new one', async () => {
  const room = stage.room();
  const people = await Promise.all([stage.join(room, 'Ann'), stage.join(room, 'Bob')]);
  await writeWhileBroken(people, () =>
    people[0].page.evaluate(() => {
      for (const reference of globalThis.watched.connections) reference.deref()?.close();
    }),
  );
});

test('who comes late reads what was written before, by those who have left as well', async () => {
  const room = stage.room();
  const [ann, bob] = await annAndBob(room);
  const lines: string[] = [];
  for (const n of [1, 2, 3])
    for (const [name, person] of [
      ['Ann', ann],
      ['Bob', bob],
    ] as const) {
      lines.push(`${name}: message ${n}`);
      await person.run((element, text) => element.sendMessage(text), `message ${n}`);
      await until(
        async () => (await messages(person === ann ? bob : ann)).length === lines.length,
        'the message',
      );
    }
  await bob.close();
  await ann.sees(1);
  const cem = await stage.join(room, 'Cem');
  await until(async () => (await messages(cem)).length >= lines.length, 'the history');
  assert.deepEqual(await messages(cem), lines);
  await cem.page.getByRole('button', { name: 'Chat, unread: 6' }).waitFor();
  await openChat(cem);
  await reads(
    cem,
    lines.map((line) => line.split(': ')[1]!),
  );
  // Somebody later still has it from both, and yet once.
  const dia = await stage.join(room, 'Dia');
  await perceives(dia, [{ name: 'Ann' }, { name: 'Cem' }]);
  await until(async () => (await messages(dia)).length >= lines.length, 'the history');
  assert.deepEqual(await messages(dia), lines);
});

test('a private message reaches one person only, and no late joiner', async () => {
  const room = stage.room();
  const [ann, bob] = await annAndBob(room);
  const cem = await stage.join(room, 'Cem');
  await perceives(cem, [{ name: 'Ann' }, { name: 'Bob' }]);
  const to = await bob.id();
  const sent = await ann.run(async (element, id) => {
    const { text, isPrivate, isLocal } = await element.sendMessage('psst', { to: id });
    await element.sendMessage('to all');
    return { text, isPrivate, isLocal };
  }, to);
  assert.deepEqual(sent, { text: 'psst', isPrivate: true, isLocal: true });
  await until(async () => (await messages(bob)).length === 2, 'both messages');
  await until(async () => (await messages(cem)).length === 1, 'one message');
  const dia = await stage.join(room, 'Dia');
  await until(async () => (await messages(dia)).length === 1, 'the history');
  await perceives(dia, [{ name: 'Ann' }, { name: 'Bob' }, { name: 'Cem' }]);
  assert.deepEqual(await messages(bob), ['Ann: psst', 'Ann: to all']);
  assert.deepEqual(await messages(cem), ['Ann: to all']);
  assert.deepEqual(await messages(dia), ['Ann: to all']);
  const isPrivate = await bob.run(
    (element) => element.messages.map((message) => message.isPrivate),
    undefined,
  );
  assert.deepEqual(isPrivate, [true, false]);
});

test('what cannot be sent is refused by name', async () => {
  const person = await stage.enter(stage.room(), 'Ann');
  const codes = (): Promise<string[]> =>
    person.run(async (element) => {
      const code = (promise: Promise<unknown>): Promise<string> =>
        promise.then(
          () => 'sent',
          (error: unknown) => (error as { code: string }).code,
        );
      return [
        await code(element.sendMessage('Hello')),
        await code(element.sendMessage('  \n ')),
        await code(element.sendMessage('x'.repeat(8_001))),
        await code(element.sendMessage('Hello', { to: 'nobody' })),
      ];
    }, undefined);
  await person.hasState('lobby');
  assert.deepEqual(new Set(await codes()), new Set(['not-joined']));
  await person.join();
  assert.deepEqual(await codes(), [
    'sent',
    'message-empty',
    'message-too-long',
    'participant-unknown',
  ]);
});
