import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { TestBrowser } from './harness/browser.ts';
import { areInCall, Stage } from './harness/stage.ts';
import type { Person } from './harness/person.ts';
import { until } from './harness/until.ts';

const stage = Stage.set();
let other: TestBrowser;
before(async () => {
  other = await TestBrowser.launch();
});
after(() => other.close());

/** Ends the process of the browser that drives a kind of device, as unplugging it does. */
async function killDriver(service: 'video_capture' | 'audio'): Promise<void> {
  const session = await stage.browser.browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  for (const { id } of processInfo) {
    const command = readFileSync(`/proc/${String(id)}/cmdline`, 'utf8');
    if (command.includes(`${service}.mojom`)) process.kill(id, 'SIGKILL');
  }
}

/** What `person` sees of the other one, from now on. */
async function watch(person: Person): Promise<() => Promise<string[]>> {
  await person.page.evaluate(() => {
    const log: string[] = [];
    Object.assign(globalThis, { deviceLog: log });
    const call = document.querySelector('video-call');
    for (const type of ['camera-change', 'microphone-change', 'participant-left'] as const)
      call?.addEventListener(type, ({ participant }) => {
        if (!participant.isLocal)
          log.push(`${type} ${participant.camera} ${participant.microphone}`);
      });
  });
  return () =>
    person.page.evaluate(() => (globalThis as unknown as { deviceLog: string[] }).deviceLog);
}

const notices = (person: Person): Promise<string[]> =>
  person.page
    .locator('video-call-notices .notice')
    .evaluateAll((all) => all.map((notice) => notice.getAttribute('data-code') ?? ''));

/** Ann and Bob in a call, in browsers of their own: what happens to the devices of one is nothing to the other. */
async function call(): Promise<readonly [ann: Person, bob: Person]> {
  const body = `<video-call room="${stage.room()}" autojoin></video-call>`;
  const permissions = ['camera', 'microphone'];
  const [ann, bob] = await Promise.all([
    stage.visit(body, { permissions }),
    stage.visit(body, { permissions, browser: other }),
  ]);
  await areInCall(ann, bob);
  return [ann, bob];
}

const skip = process.platform === 'linux' ? false : 'reads /proc';

for (const [service, off, on] of [
  ['video_capture', 'camera-change off on', 'camera-change on on'],
  ['audio', 'microphone-change on off', 'microphone-change on on'],
] as const)
  test(
    `a device that stops by itself is shown as off and taken back (${service})`,
    { skip },
    async () => {
      const [ann, bob] = await call();
      const seen = await watch(bob);
      await killDriver(service);
      await until(async () => {
        const log = await seen();
        return log.includes(off) && log.indexOf(on) > log.indexOf(off);
      }, `${off}, then ${on}`);
      await bob.receives(1);
      assert.deepEqual(await notices(ann), []);
      assert.equal(await ann.openConnections(), 1);
    },
  );

test(
  'a device that may not be opened again unasked stays off, and its owner is told',
  { skip },
  async () => {
    const [ann, bob] = await call();
    await ann.page.evaluate(() => {
      // The flags of the test browser grant everything; here the person would be asked.
      navigator.permissions.query = () => Promise.resolve({ state: 'prompt' } as PermissionStatus);
      navigator.mediaDevices.getUserMedia = () => {
        throw new Error('asked without a click');
      };
    });
    const seen = await watch(bob);
    await killDriver('video_capture');
    await until(async () => (await notices(ann)).includes('camera-ended'), 'the notice');
    await until(
      async () => (await seen()).includes('camera-change off on'),
      'the camera to be off',
    );
    await Promise.all([ann.receives(1), bob.receives(1, { video: false })]);
    assert.deepEqual(ann.pageErrors, []);
  },
);
