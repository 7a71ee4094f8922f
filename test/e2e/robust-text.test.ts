import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Person } from './harness/person.ts';
import { areInCall, Stage } from './harness/stage.ts';
import { until } from './harness/until.ts';

declare global {
  var hacked: unknown[];
}

const stage = Stage.set();

/** Each of them would call `hack()` if anything took it for more than text. */
const VECTORS = [
  '<script>hack(1)</script>',
  '<img src=x onerror=hack(2)>',
  '"><svg onload=hack(3)>',
  '<iframe srcdoc="<script>parent.hack(4)</script>"></iframe>',
  '<a href="javascript:hack(5)" id=click>click me</a>',
  'javascript:hack(6)',
  '${hack(7)} {{hack(7)}} <!--?lit$0$--> <?lit$123$?>',
  '<style>*{display:none}</style><b onmouseover=hack(8)>',
  '</p></video-call><video src=x onerror=hack(9) autoplay>',
  '&lt;img src=x onerror=hack(10)&gt; &#60;script&#62;',
  'https://example.org/"onmouseover="hack(11)" and https://a.example/<img/src/onerror=hack(11)>',
] as const;

const RIGHT_TO_LEFT = 'שלום \u202Egnp.exe\u202C مرحبا';
const EMOJI = '👩‍👩‍👧‍👦 Zoë 🏳️‍🌈 ﷽';

const visitor = {
  first: () => {
    globalThis.hacked = [];
    Object.assign(globalThis, { hack: (which: unknown) => hacked.push(which) });
  },
};

/** Elements that no part of the call makes; as CSS, looked for in all shadow roots. */
const FOREIGN = ['script', 'img', 'iframe', 'object', 'embed', 'style', 'link', 'b[onmouseover]']
  .concat([
    'svg[onload]',
    '[onerror]',
    '[onload]',
    '[onmouseover]',
    'a#click',
    'a[href^=javascript]',
  ])
  .map((selector) => `video-call ${selector}`)
  .join();

/** Nothing of it ran or became an element, on no screen of the call. */
async function isOnlyText(person: Person): Promise<void> {
  const found = await person.page
    .locator(FOREIGN)
    .evaluateAll((all) => all.map(({ outerHTML }) => outerHTML.slice(0, 200)));
  assert.deepEqual(found, []);
  assert.deepEqual(await person.page.evaluate(() => hacked), []);
  assert.deepEqual(person.pageErrors, []);
}

async function openPanels(person: Person): Promise<void> {
  for (const name of ['People', 'Chat']) {
    const button = person.page.getByRole('button', { name: new RegExp(`^${name}`) });
    if (!(await button.isVisible()))
      await person.page.getByRole('button', { name: 'More' }).click();
    await button.click();
    await person.page.getByRole('complementary', { name }).waitFor();
    if (name === 'People') await person.page.getByRole('button', { name: 'Close' }).click();
  }
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
const call = (room: string, name: string): string =>
  `<video-call room="${escape(room)}" name="${escape(name)}"></video-call>`;

test('names of every kind are shown as text, to everyone', async () => {
  const room = stage.room();
  const watcher = await stage.visit(call(room, 'Watcher'), visitor);
  await watcher.join();
  for (const name of [...VECTORS.slice(0, 4), VECTORS[6], RIGHT_TO_LEFT, EMOJI]) {
    const person = await stage.visit(call(room, name), visitor);
    await person.page.getByRole('textbox', { name: 'Your name' }).waitFor();
    assert.equal(await person.page.getByRole('textbox', { name: 'Your name' }).inputValue(), name);
    await person.join();
    await areInCall(person, watcher);
    const tile = watcher.page.locator('video-call-tile').filter({ hasText: name });
    await tile.waitFor();
    const heard = await watcher.run((element) => element.participants[1]?.name, undefined);
    assert.equal(heard, name);
    await isOnlyText(person);
    await isOnlyText(watcher);
    await person.close();
    await watcher.sees(1);
  }
});

test('a name of 10,000 characters is clipped the same for everyone, and no character is cut in half', async () => {
  const room = stage.room();
  const watcher = await stage.visit(call(room, ''), visitor);
  await watcher.join();
  const person = await stage.visit('', visitor);
  // The 80th code unit is the first half of a character.
  const name = `x${'👾'.repeat(10_000)}`;
  await person.page.evaluate(
    async ([where, who]) => {
      await customElements.whenDefined('video-call');
      const element = document.createElement('video-call');
      Object.assign(element, { room: where, name: who, autojoin: true });
      document.body.append(element);
    },
    [room, name] as const,
  );
  await areInCall(person, watcher);
  const clipped = `x${'👾'.repeat(39)}`;
  const own = await person.run((element) => element.localParticipant?.name, undefined);
  const heard = await watcher.run((element) => element.participants[1]?.name, undefined);
  assert.equal(own, clipped);
  assert.equal(heard, clipped);
  // It has its place on the tile, and does not push anything out of it.
  const fits = await watcher.page.locator('video-call-tile').evaluateAll((tiles) =>
    tiles.every((tile) => {
      const label = tile.shadowRoot?.querySelector('.label');
      const box = tile.getBoundingClientRect();
      const inner = label?.getBoundingClientRect() ?? box;
      return inner.right <= box.right + 1 && inner.left >= box.left - 1;
    }),
  );
  assert.ok(fits, 'the label stays within the tile');
  await isOnlyText(watcher);
});

test('rooms of every kind are rooms like others', async () => {
  for (const room of [
    VECTORS[1],
    RIGHT_TO_LEFT,
    EMOJI,
    '../../etc/passwd?x=%00#y',
    'x'.repeat(200),
  ]) {
    const one = await stage.visit(call(room, 'One'), visitor);
    const other = await stage.visit(call(room, 'Other'), visitor);
    await one.page.getByText(room).first().waitFor();
    await isOnlyText(one);
    await one.join();
    await other.join();
    await areInCall(one, other);
    await isOnlyText(other);
    await Promise.all([one.close(), other.close()]);
  }
});

test('chat is shown as text, whatever is written', async () => {
  const room = stage.room();
  const reader = await stage.visit(call(room, 'Reader'), visitor);
  await reader.join();
  const writer = await stage.visit(call(room, VECTORS[1]), visitor);
  await writer.join();
  await areInCall(reader, writer);
  await openPanels(reader);
  await openPanels(writer);

  const texts = [...VECTORS, RIGHT_TO_LEFT, EMOJI, `${'long '.repeat(1_599)}end`];
  const box = writer.page.getByRole('textbox', { name: 'Write a message' });
  for (const text of texts) {
    await box.fill(text);
    await box.press('Enter');
    await reader.page
      .getByRole('log', { name: 'Chat' })
      .getByText(text, { exact: true })
      .last()
      .waitFor();
  }
  const read = await reader.run((element) => element.messages.map(({ text }) => text), undefined);
  assert.deepEqual(read, texts);
  await isOnlyText(reader);
  await isOnlyText(writer);

  // Only web addresses became links, and those open without a way back to the page.
  const links = await reader.page.locator('video-call-chat a').evaluateAll((all) =>
    (all as HTMLAnchorElement[]).map(({ protocol, host, rel, target }) => ({
      protocol,
      host,
      rel,
      target,
    })),
  );
  assert.deepEqual(
    links.map(({ host }) => host),
    ['example.org', 'a.example'],
  );
  for (const { protocol, rel, target } of links) {
    assert.equal(protocol, 'https:');
    assert.match(rel, /noopener/);
    assert.equal(target, '_blank');
  }
  // What passes over them does nothing either.
  for (const link of await reader.page.locator('video-call-chat a').all()) await link.hover();
  await isOnlyText(reader);
  await Promise.all([reader.receives(1), writer.receives(1)]);
});

test('a message of 10,000 characters is refused in words and sent to nobody', async () => {
  const room = stage.room();
  const reader = await stage.visit(call(room, 'Reader'), visitor);
  await reader.join();
  const writer = await stage.visit(call(room, 'Writer'), visitor);
  await writer.join();
  await areInCall(reader, writer);
  await openPanels(writer);
  const box = writer.page.getByRole('textbox', { name: 'Write a message' });
  await box.fill('x'.repeat(10_000));
  await writer.page.getByText('This message is too long').waitFor();
  await box.press('Enter');
  assert.equal((await box.inputValue()).length, 10_000, 'what was written is kept');
  const code = await writer.run(
    (element, text) =>
      element.sendMessage(text).then(
        () => 'sent',
        (error: unknown) => (error as { code?: string }).code,
      ),
    'x'.repeat(10_000),
  );
  assert.equal(code, 'message-too-long');
  await box.fill('short');
  await box.press('Enter');
  await until(
    () => reader.run((element) => element.messages.length === 1, undefined),
    'the next message',
  );
});
