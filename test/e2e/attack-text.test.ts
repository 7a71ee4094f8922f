/**
 * Script injection, by every way on which a text of a stranger reaches a page. There is no transfer of files, and so no name of
 * one; a text is a name, a message, a room, an attribute, an id, or a field of a frame.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { BrowserContextOptions, WebSocketRoute } from 'playwright-core';
import { createToken, type TokenClaims } from '../../server/create-token.ts';
import { Client, newId } from '../server/helpers.ts';
import { reachChannels, sendAll, takeAim } from './harness/hostile.ts';
import { Reader, REPORT_ONLY } from './harness/only-text.ts';
import { PageServer } from './harness/page-server.ts';
import { CallStage } from './harness/seen.ts';
import { until } from './harness/until.ts';
import { VECTORS } from './harness/vectors.ts';

declare global {
  var vectors: readonly string[];
}

const SECRET = 'a-secret-of-at-least-32-characters';
const stage = CallStage.set({ server: ['--secret', SECRET, '--room-capacity', '100'] });
const token = (room: string, claims: Omit<TokenClaims, 'room'> = {}): Promise<string> =>
  createToken(SECRET, { room, ...claims });
const BATCH = 14;
const batches = Array.from({ length: Math.ceil(VECTORS.length / BATCH) }, (_, n) =>
  VECTORS.slice(n * BATCH, (n + 1) * BATCH),
);

/** Made when the server of the stage is there. */
let site: PageServer | undefined;
after(() => site?.stop());

const startSite = (server: string): Promise<PageServer> =>
  PageServer.start(
    (path) =>
      `<!doctype html><html lang="en"><title>Text</title><script type="module" src="${server}video-call.js"></script>
${decodeURIComponent(path.slice(1).split('?')[0] ?? '')}</html>`,
    REPORT_ONLY(server),
  );

async function read(
  html: string,
  fake?: (socket: WebSocketRoute) => void,
  options: BrowserContextOptions = {},
): Promise<Reader> {
  site ??= await startSite(stage.server.url);
  const context = await stage.browser.browser.newContext({
    viewport: { width: 1_200, height: 800 },
    ...options,
  });
  if (fake) await context.routeWebSocket(/peerjs/, fake);
  const reader = await Reader.visit(context, `${site.url}${encodeURIComponent(html)}`);
  // Half characters do not survive other ways into the page.
  await reader.person.page.evaluate((json) => {
    globalThis.vectors = JSON.parse(json) as string[];
  }, JSON.stringify(VECTORS));
  return reader;
}

/** What a server may say to somebody who joins, with these texts wherever there is one. */
function framesWith(texts: readonly string[], room: string): readonly object[] {
  const members = texts.map((name, n) => ({ id: `member-${String(n)}`, away: false, name }));
  const welcome = { type: 'ROOM-WELCOME', version: 1, room, capacity: 16, role: 'moderator' };
  const each = (text: string, n: number): object[] => {
    const from = { src: `member-${String(n)}`, link: 'link-one' };
    const signal = { kind: 'description', round: 1, type: 'offer', sdp: text, sources: [] };
    const candidate = { kind: 'candidate', candidate: text, sdpMid: text, sdpMLineIndex: 0 };
    const payload = { type: 'media', connectionId: 'link-one', sdp: { type: 'offer', sdp: text } };
    const relay = { username: text, credential: text };
    const ice = { iceTtl: 60, iceServers: [{ urls: ['turn:127.0.0.1:9'], ...relay }] };
    return [
      { ...welcome, ...ice, members: [{ ...members[n], id: text }] },
      { ...welcome, ...ice, role: text, members },
      { ...welcome, ...ice, name: text, members, metadata: text },
      ...[text, `visitor-${String(n)}`].map((id) => ({ type: 'ROOM-JOINED', id, name: text })),
      { type: 'ROOM-JOINED', id: 'guest-of-no-role', name: text, role: text },
      { type: 'ROOM-PRESENCE', ...members[n], name: text.trim() },
      { type: 'ROOM-SIGNAL', ...from, signal: { ...signal, sources: [[text, text]] } },
      { type: 'ROOM-SIGNAL', ...from, signal },
      { type: 'ROOM-SIGNAL', ...from, signal: { ...candidate, usernameFragment: text } },
      { type: 'OFFER', src: from.src, payload },
      { type: text, payload: text },
      { type: 'ROOM-ICE', ...ice, probe: text },
      { type: 'ROOM-ICE', ...ice, iceServers: [{ urls: [text], ...relay }] },
      { type: 'ROOM-UNDELIVERED', dst: text, link: text },
      { type: 'ROOM-RESULT', code: text, detail: text },
      { type: 'ROOM-DOOR', locked: true, waiting: [{ id: text, name: text }] },
    ];
  };
  const waiting = texts.map((name, n) => ({ id: `knocker-${String(n)}`, name }));
  return [...texts.flatMap(each), { type: 'ROOM-DOOR', locked: true, waiting }];
}

/** As part of an address; half characters have no place there. */
const escape = (text: string): string =>
  encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\ufffd'));

/** What the elements know is drawn with all that it has loaded, and two frames later the page is still the same. */
async function drawn({ person: { page } }: Reader): Promise<void> {
  const isDrawn = (): Promise<boolean> =>
    page.evaluate(async () => {
      const isShown = [...document.querySelectorAll('video-call')].every((element) => {
        const shown = element.shadowRoot?.querySelector('video-call-view')?.state;
        if (shown?.status !== element.state || shown.messages !== element.messages) return false;
        const { participants, localParticipant } = element;
        const known = participants.length > 0 ? participants : [localParticipant];
        const people = [shown.local, ...shown.remote];
        return people.length === known.length && people.every((one, n) => one === known[n]);
      });
      const nodes = (): number => seen.deep('*').length;
      const before = nodes();
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      return isShown && seen.deep('.loading').length === 0 && nodes() === before;
    });
  await until(isDrawn, 'everything to be drawn');
}

test(`${String(VECTORS.length)} vectors as names, by token, at the door, in the chat: text everywhere`, async (t) => {
  for (const vector of VECTORS) assert.ok(vector.length <= 80, vector);
  const room = stage.room();
  const jwt = await token(room, { role: 'moderator' });
  const reader = await read(
    `<video-call room="${room}" token="${jwt}" name="Reader" autojoin></video-call>`,
  );
  const { person } = reader;
  const { page } = person;
  const raws: Client[] = [];
  t.after(async () => {
    for (const { socket } of raws) socket.terminate();
    await person.close();
  });
  await person.hasState('joined');
  const hostile = await stage.enter(room, 'Hostile', `autojoin token="${await token(room)}"`, {
    first: reachChannels,
  });
  await hostile.hasState('joined');
  await takeAim(hostile, 'Reader');
  const author = await hostile.id();
  await page.getByRole('button', { name: /^Chat/ }).click();
  await page.getByRole('textbox', { name: 'Write a message' }).waitFor();

  /** By every way at once; whoever comes by token or knocks does not stay. */
  const attack = async (names: readonly string[], isUsual = false): Promise<void> => {
    const presence = { microphone: true, camera: false, screen: true, screenAudio: true };
    for (const name of names) {
      const entry = { id: newId(), author, name, text: name, time: Date.now(), clock: 1 };
      const old = { ...entry, author: 'left-long-ago', id: newId() };
      const messages = [
        { kind: 'presence', version: 1, name, handRaised: true, ...presence },
        { kind: 'chat', entry, isPrivate: false },
        { kind: 'chat-history', entries: [old] },
      ];
      await sendAll(
        hostile,
        messages.map((message) => JSON.stringify(message)),
      );
    }
    const guests = await Promise.all(
      names.map(async (name) => {
        const guest = await Client.connect(stage.server);
        await guest.join(room, { token: await token(room, { name }) });
        const knocker = await Client.connect(stage.server);
        knocker.ask(room, { token: await token(room, { knock: true }) });
        await knocker.take('ROOM-WAITING');
        knocker.send({ type: 'ROOM-KNOCK', name });
        raws.push(guest, knocker);
        return [guest, knocker];
      }),
    );
    // All of them stand there as what they are: in the list of people, at the door, in the chat.
    const missing = (): Promise<string[]> =>
      page.evaluate((json) => {
        const texts = (selector: string): string[] =>
          seen.deep(selector).map(({ textContent }) => textContent.trim());
        const [people, door] = [texts('[part~=people] bdi'), texts('.waiting bdi')];
        const [authors, chat] = [texts('.by bdi'), texts('.text')];
        return (JSON.parse(json) as string[])
          .map((name) => name.trim())
          .filter((name) => ![people, door, chat, authors].every((list) => list.includes(name)));
      }, JSON.stringify(names));
    await until(async () => (await missing()).length === 0, 'all of them').catch(async () => {
      assert.deepEqual(await missing(), []);
    });
    await drawn(reader);
    if (isUsual) await reader.takeForUsual();
    else await reader.sawOnlyText();
    for (const client of guests.flat()) {
      client.send({ type: 'ROOM-LEAVE' });
      await client.settled();
      await client.crash();
    }
    await person.sees(2);
  };
  await page.getByRole('button', { name: 'People', exact: true }).click();
  await page.getByRole('list', { name: 'People' }).waitFor();
  const usual = Array.from({ length: BATCH }, (_, n) => `https://plain.example/${String(n)} x`);
  await attack(usual, true);
  for (const names of batches) await attack(names);
  // No vector is an id.
  for (const vector of VECTORS) {
    const client = Client.open(stage.server, { id: escape(vector) });
    await client.closed;
    assert.deepEqual(client.types(), []);
  }
});

test('vectors as attributes: text everywhere', async () => {
  const reader = await read(
    `<video-call room="a room" name="a name" view-only></video-call><video-call></video-call>`,
  );
  const { person } = reader;
  const { page } = person;
  const ATTRIBUTES = [
    ...['server', 'token', 'ice-servers', 'ice-transport-policy', 'layout', 'theme', 'lang'],
    ...['controls', 'room', 'name'],
  ];
  const set = async (index: number): Promise<void> => {
    await page.evaluate(
      async ([n, names]) => {
        const [shown, wrong] = document.querySelectorAll('video-call');
        const vector = globalThis.vectors[n] ?? 'nonsense';
        shown!.room = shown!.name = vector;
        for (const name of names)
          // Of an address that is one the element asks for what it has there.
          if (name !== 'server' || !vector.startsWith('https:')) wrong!.setAttribute(name, vector);
        await Promise.all([shown!.updateComplete, wrong!.updateComplete]);
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      },
      [index, ATTRIBUTES] as const,
    );
  };
  await page.getByRole('textbox', { name: 'Your name' }).first().waitFor();
  await reader.takeForUsual();
  await set(VECTORS.length);
  await drawn(reader);
  await reader.takeForUsual();
  for (const index of VECTORS.keys()) {
    await set(index);
    await reader.sawOnlyText();
  }
  const [vector = ''] = VECTORS;
  await set(0);
  assert.equal(await page.getByRole('textbox', { name: 'Your name' }).first().inputValue(), vector);
  await page.getByText(vector).first().waitFor();

  // What is parsed is found.
  await page.evaluate(() => {
    document.body.insertAdjacentHTML('beforeend', globalThis.vectors[1]!);
  });
  await until(() => page.evaluate(() => harm.calls.length > 0), 'what runs');
  await assert.rejects(reader.sawOnlyText(), /that were not there before/);
  await person.close();
});

test('vectors in every field of the frames of a server: text everywhere', async () => {
  const room = stage.room();
  // A server that means harm, or has been taken over.
  let answers: readonly object[] = [];
  const reader = await read(
    `<video-call room="${room}" name="Reader" view-only></video-call>`,
    (socket) => {
      socket.onMessage((data) => {
        if (!String(data).includes('ROOM-JOIN')) return;
        for (const frame of answers) socket.send(JSON.stringify(frame));
      });
      socket.send('{"type":"OPEN"}');
    },
  );
  const { person } = reader;
  await person.page.getByRole('textbox', { name: 'Your name' }).waitFor();
  const usual = Array.from({ length: BATCH }, (_, n) => `Plain ${String(n)}`);
  for (const texts of [usual, ...batches]) {
    answers = framesWith(texts, room);
    await person.run((element) => element.join(), undefined);
    await until(() => person.page.evaluate(() => seen.deep('.knock').length > 0), 'the knocks');
    const ids = await person.run((element) => element.participants.map(({ id }) => id), undefined);
    const wanted = texts.flatMap((_, n) => [`member-${String(n)}`, `visitor-${String(n)}`]);
    assert.deepEqual(ids.slice(1).sort(), wanted.sort(), 'no vector is an id');
    await drawn(reader);
    if (texts === usual) await reader.takeForUsual();
    else await reader.sawOnlyText();
    await person.run((element) => element.leave(), undefined);
  }
  // What a refusal says is shown to people.
  for (const detail of ['Plain', ...VECTORS]) {
    answers = [{ type: 'ROOM-ERROR', code: 'join-refused', detail }];
    await person.run((element) => element.join().catch(() => undefined), undefined);
    await person.hasState('failed');
    await person.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    if (detail === 'Plain') await reader.takeForUsual();
    else await reader.sawOnlyText();
  }
  await person.close();
});
