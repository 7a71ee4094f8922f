import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { CALL_FLAGS, findBrowser } from '../../scripts/lib/browser.mjs';
import { TestBrowser } from './harness/browser.ts';
import { embedPage, PageServer } from './harness/page-server.ts';
import { Person } from './harness/person.ts';
import { freePort, TestServer } from './harness/server.ts';
import { areInCall, Stage } from './harness/stage.ts';
import { until } from './harness/until.ts';

declare global {
  var told: { readonly code: string; readonly message: string }[];
  /** Name of the error with which getUserMedia is refused at the moment. */
  var refusal: string;
  /** The kinds that are refused. */
  var refused: readonly ('audio' | 'video')[];
}

const stage = Stage.set();

const CAMERA_DENIED = /camera is blocked for this page\. Allow it/;
const MICROPHONE_DENIED = /microphone is blocked for this page\. Allow it/;
const UNREACHABLE = /call server cannot be reached\. Check your internet connection and try again/;

/** Keeps every `call-error`, from before the element is defined. */
const listening = (attributes: string): string => `<video-call ${attributes}></video-call><script>
globalThis.told = [];
document.querySelector('video-call').addEventListener('call-error', ({ error }) =>
  told.push({ code: error.code, message: error.message }));
</script>`;

const errors = (person: Person): Promise<{ readonly code: string; readonly message: string }[]> =>
  person.page.evaluate(() => told);

/** The words are on the screen, and screen readers are told. */
async function reads(person: Person, words: RegExp): Promise<void> {
  await person.page.getByRole('alert').filter({ hasText: words }).first().waitFor();
}

async function click(person: Person, name: string | RegExp): Promise<void> {
  await person.page.getByRole('button', { name }).click();
}

async function failed(person: Person, code: string, words: RegExp): Promise<void> {
  await person.hasState('failed');
  await reads(person, words);
  assert.equal(await person.run((element) => element.error?.code, undefined), code);
}

/** Devices that are refused as long as the page's `refusal` says so, for the kinds in `refused`. */
function refuseDevices(): void {
  globalThis.refusal = 'NotReadableError';
  globalThis.refused = ['audio', 'video'];
  const { mediaDevices } = navigator;
  const original = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints = {}) => {
    if (refusal !== '' && refused.some((kind) => constraints[kind]))
      throw new DOMException('made by the test', refusal);
    return original(constraints);
  };
}

test('permission denied is said in words, and given later it leads into the call', async () => {
  // Permission as people give it: by the browser, not by a flag.
  const args = CALL_FLAGS.filter((flag) => !flag.startsWith('--use-fake-ui'));
  const executablePath = findBrowser();
  const browser = await chromium.launch({ args, ...(executablePath && { executablePath }) });
  try {
    const room = stage.room();
    const friend = await stage.caller(room);
    const context = await browser.newContext();
    await context.grantPermissions(['clipboard-read']);
    const person = await Person.visit(context, stage.url(listening(`room="${room}"`)));
    await reads(person, CAMERA_DENIED);
    await reads(person, MICROPHONE_DENIED);
    const told = (await errors(person)).map(({ code }) => code).sort();
    assert.deepEqual(told, ['camera-denied', 'microphone-denied']);

    await click(person, 'Try again');
    await until(async () => (await errors(person)).length === 4, 'the second refusal');
    await reads(person, CAMERA_DENIED);

    await context.grantPermissions(['camera', 'microphone']);
    await click(person, 'Try again');
    await person.page.getByText(CAMERA_DENIED).waitFor({ state: 'detached' });
    await person.page.getByText(MICROPHONE_DENIED).waitFor({ state: 'detached' });
    await person.join();
    await areInCall(person, friend);
  } finally {
    await browser.close();
  }
});

test('denied without a lobby: the call says so and goes on, and the buttons ask again', async () => {
  const room = stage.room();
  const friend = await stage.caller(room);
  const person = await stage.visit(`<video-call room="${room}" autojoin></video-call>`, {
    first: () => {
      globalThis.refusal = 'NotAllowedError';
      globalThis.refused = ['audio', 'video'];
      const { mediaDevices } = navigator;
      const original = mediaDevices.getUserMedia.bind(mediaDevices);
      mediaDevices.getUserMedia = async (constraints = {}) => {
        if (refusal !== '') throw new DOMException('made by the test', refusal);
        return original(constraints);
      };
    },
  });
  await person.hasState('joined');
  await reads(person, CAMERA_DENIED);
  await person.receives(1);
  await person.page.evaluate(() => (globalThis.refusal = ''));
  await click(person, 'Camera');
  await click(person, 'Microphone');
  await areInCall(person, friend);
  await person.page.getByText(CAMERA_DENIED).waitFor({ state: 'detached' });
});

for (const [error, code, camera, microphone] of [
  ['NotReadableError', 'in-use', /camera is used by another app/, /microphone is used by another/],
  ['NotFoundError', 'missing', /No camera was found/, /No microphone was found/],
] as const)
  test(`devices that are ${code} are named, and tried again they lead into the call`, async () => {
    const room = stage.room();
    const friend = await stage.caller(room);
    const person = await stage.visit(listening(`room="${room}"`), { first: refuseDevices });
    await person.page.evaluate((name) => (globalThis.refusal = name), error);
    // It was asked for before the test could choose the error.
    await click(person, 'Try again');
    await reads(person, camera);
    await reads(person, microphone);
    await until(
      async () =>
        JSON.stringify((await errors(person)).slice(-2).map((one) => one.code)) ===
        JSON.stringify([`microphone-${code}`, `camera-${code}`]),
      'both errors as events',
    );

    // One of them is back: the other one is still named.
    await person.page.evaluate(() => (globalThis.refused = ['video']));
    await click(person, 'Try again');
    await person.page.getByText(microphone).waitFor({ state: 'detached' });
    await reads(person, camera);

    await person.page.evaluate(() => (globalThis.refusal = ''));
    await click(person, 'Try again');
    await person.page.getByText(camera).waitFor({ state: 'detached' });
    await person.join();
    await areInCall(person, friend);
  });

test('a machine without any device says so, and joins to watch and listen', async () => {
  const browser = await TestBrowser.launch('--use-fake-device-for-media-stream=device-count=0');
  try {
    const room = stage.room();
    const friend = await stage.caller(room);
    const person = await browser.visit(stage.url(`<video-call room="${room}"></video-call>`));
    await reads(person, /No camera was found\. Connect one, or join without a picture/);
    await person.join();
    await Promise.all([person.sees(2), friend.sees(2)]);
    await person.receives(1);
    assert.deepEqual(person.pageErrors, []);
  } finally {
    await browser.close();
  }
});

test('a page without a secure context says what to do, and can still watch', async () => {
  const browser = await TestBrowser.launch('--host-resolver-rules=MAP calls.test 127.0.0.1');
  try {
    const room = stage.room();
    const friend = await stage.caller(room);
    const insecure = stage
      .url(listening(`room="${room}"`))
      .replace('http://localhost', 'http://calls.test');
    const person = await browser.visit(insecure);
    assert.equal(await person.page.evaluate(() => isSecureContext), false);
    await failed(person, 'insecure-context', /need a secure page\. Open this page with https/);
    assert.deepEqual(
      (await errors(person)).map(({ code }) => code),
      ['insecure-context'],
    );

    await person.run((element) => {
      element.viewOnly = true;
    }, undefined);
    await person.join();
    await Promise.all([person.sees(2), friend.sees(2)]);
    await person.receives(1);

    // The same page at an address that is secure.
    await person.page.goto(stage.url(`<video-call room="${room}"></video-call>`));
    await person.join();
    await areInCall(person, friend);
  } finally {
    await browser.close();
  }
});

test('a server out of reach is said in words, and trying again works once it is there', async () => {
  const server = await TestServer.start();
  await server.down();
  try {
    const person = await stage.visit(listening(`room="r" server="${server.url}"`));
    await click(person, 'Join');
    await failed(person, 'server-unreachable', UNREACHABLE);
    await click(person, 'Try again');
    await until(async () => (await errors(person)).length === 2, 'the second failure');
    await failed(person, 'server-unreachable', UNREACHABLE);
    assert.ok((await errors(person))[0]?.message.includes(server.url), 'the server is named');
    assert.equal(
      await person.run((element) => element.localParticipant?.camera, undefined),
      'off',
      'the camera is off while nothing is going on',
    );

    await server.up();
    await click(person, 'Try again');
    await person.hasState('joined');
    const friend = await stage.caller('r', `server="${server.url}"`);
    await areInCall(person, friend);
  } finally {
    await server.down();
  }
});

test('a server that is lost while joining is said in words, and trying again works', async () => {
  const server = await TestServer.start();
  try {
    const person = await stage.visit(listening(`room="r" server="${server.url}"`));
    await person.hasState('lobby');
    await until(() => person.sockets[0]?.isClosed() === true, "the lobby's look at the network");
    // It takes the connection and says nothing any more.
    server.pause();
    await click(person, 'Join');
    await until(() => person.sockets.length === 2, 'the socket');
    assert.equal(await person.state(), 'joining');
    await server.down();
    await failed(person, 'server-unreachable', UNREACHABLE);
    await server.up();

    // And one that never answers, without closing anything.
    server.pause();
    await click(person, 'Try again');
    await person.hasState('joining');
    await failed(person, 'server-unreachable', UNREACHABLE);
    server.resume();

    await click(person, 'Try again');
    await person.hasState('joined');
    const friend = await stage.caller('r', `server="${server.url}"`);
    await areInCall(person, friend);
  } finally {
    server.resume();
    await server.down();
  }
});

test('a part of the script that cannot be loaded is said in words, and trying again loads it', async () => {
  const server = await TestServer.start();
  const site = await PageServer.start(() =>
    embedPage(server.url, '<video-call room="r" autojoin></video-call>'),
  );
  try {
    const person = await stage.visitUrl(site.url);
    await person.hasState('joined');
    await server.down();
    await person.hasState('reconnecting');
    await click(person, 'Chat');
    await person.page.getByText('This could not be loaded').waitFor();
    await server.up();
    await person.hasState('joined');
    await click(person, 'Try again');
    await person.page.getByRole('textbox', { name: 'Write a message' }).waitFor();
    const friend = await stage.visitUrl(site.url);
    await areInCall(person, friend);
  } finally {
    await site.stop();
    await server.down();
  }
});

test('a full room is said in words, and trying again works when somebody has left', async () => {
  const server = await TestServer.start('--room-capacity', '2');
  try {
    const attributes = `server="${server.url}"`;
    const room = stage.room();
    const first = await stage.caller(room, attributes);
    const second = await stage.caller(room, attributes);
    const third = await stage.visit(listening(`room="${room}" ${attributes}`));
    await click(third, 'Join');
    await failed(third, 'room-full', /This call is full\. Try again when somebody has left/);
    assert.deepEqual(
      (await errors(third)).map(({ code }) => code),
      ['room-full'],
    );
    await areInCall(first, second);

    await click(second, 'Leave');
    await second.hasState('left');
    await first.sees(1);
    await click(third, 'Try again');
    await third.hasState('joined');
    await areInCall(first, third);
  } finally {
    await server.down();
  }
});

/** With a room of the page's choice everything goes on. */
async function joinsAfterAll(person: Person, room: string, friend: Person): Promise<void> {
  await person.run((element, name) => {
    element.room = name;
  }, room);
  await person.join();
  await areInCall(person, friend);
}

test('an element without a room says so, and begins as soon as it has one', async () => {
  const room = stage.room();
  const friend = await stage.caller(room);
  const person = await stage.visit(listening(''));
  await person.page.getByText('This call has no room yet. The page has to name one.').waitFor();
  assert.equal(await person.state(), 'idle');
  assert.deepEqual(
    (await errors(person)).map(({ code }) => code),
    ['room-missing'],
  );
  const refused = await person.run(
    (element) =>
      element.join().then(
        () => 'joined',
        (error: unknown) => (error as { code?: string }).code,
      ),
    undefined,
  );
  assert.equal(refused, 'room-missing');
  await joinsAfterAll(person, room, friend);
});

test('a room name of 10,000 characters is refused in words, and another one is taken', async () => {
  const room = stage.room();
  const friend = await stage.caller(room);
  const person = await stage.visit(listening(''));
  await person.run((element) => {
    element.room = 'x'.repeat(10_000);
  }, undefined);
  await failed(person, 'room-invalid', /room name cannot be used\. Ask for a new link/);
  const last = (await errors(person)).at(-1);
  assert.equal(last?.code, 'room-invalid');
  assert.ok(last.message.length < 500, 'the message does not repeat it');
  await joinsAfterAll(person, room, friend);
});

test('each wrong attribute is named once, and its default is used', async () => {
  const room = stage.room();
  const friend = await stage.caller(room);
  const wrong = {
    layout: 'circle',
    theme: 'pink',
    controls: 'microphone leave selfdestruct',
    'ice-servers': 'stun:127.0.0.1:9 ftp://wrong.example',
    'ice-transport-policy': 'carrier-pigeon',
    server: 'ftp://files.example/',
  };
  const named: Readonly<Record<keyof typeof wrong, string>> = {
    layout: 'layout="circle"',
    theme: 'theme="pink"',
    controls: 'controls="selfdestruct"',
    'ice-servers': '"ftp://wrong.example" is not a stun:',
    'ice-transport-policy': 'ice-transport-policy="carrier-pigeon"',
    server: 'server="ftp://files.example/"',
  };
  const attributes = Object.entries(wrong).map(([name, value]) => `${name}="${value}"`);
  const person = await stage.visit(listening(`room="${room}" ${attributes.join(' ')}`));
  await person.join();
  await areInCall(person, friend);

  const check = async (): Promise<void> => {
    const told = await errors(person);
    for (const text of Object.values(named)) {
      const events = told.filter(({ message }) => message.includes(text));
      assert.equal(events.length, 1, `event ${text}: ${JSON.stringify(told)}`);
      const warnings = person.warnings.filter((warning) => warning.includes(text));
      assert.equal(warnings.length, 1, `warning ${text}: ${person.warnings.join('\n')}`);
    }
    assert.equal(told.length, 6, JSON.stringify(told));
    assert.ok(
      told.every(({ code }) => code === 'attribute-invalid' || code === 'ice-server-invalid'),
    );
  };
  await check();
  const used = await person.page.evaluate(() => watched.configurations);
  const urls = used.flatMap(({ iceServers }) => iceServers ?? []).flatMap((entry) => entry.urls);
  assert.deepEqual([...new Set(urls)], ['stun:127.0.0.1:9'], 'the right entry of a list is used');
  assert.ok(used.every(({ iceTransportPolicy }) => iceTransportPolicy !== 'relay'));
  await person.page.getByRole('button', { name: 'Leave' }).waitFor();
  assert.equal(await person.page.getByRole('button', { name: 'Chat' }).count(), 0);

  // Other changes do not tell it again; another wrong value is told, and the call goes on.
  await person.run(async (element) => {
    element.name = 'Ada';
    element.muted = true;
    await element.updateComplete;
  }, undefined);
  await check();
  await person.run(async (element) => {
    element.layout = 'spiral';
    await element.updateComplete;
  }, undefined);
  assert.ok((await errors(person)).at(-1)?.message.includes('layout="spiral"'));
  await person.receives(1);
  assert.equal(await person.openConnections(), 1);
  assert.deepEqual(person.pageErrors, []);
});

test('a server address that nobody can resolve or that has no port open is told like any other', async () => {
  const port = await freePort();
  for (const address of [
    'http://nowhere.invalid/',
    `https://localhost:${String(port)}/deep/path/`,
  ]) {
    const person = await stage.visit(listening(`room="r" view-only server="${address}"`));
    await click(person, 'Join');
    await failed(person, 'server-unreachable', UNREACHABLE);
    assert.ok((await errors(person))[0]?.message.includes(address), 'the server is named');
  }
});
