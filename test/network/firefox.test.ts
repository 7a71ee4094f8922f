/** Firefox calls Chromium and back, each behind its own NAT. */
import assert from 'node:assert/strict';
import { afterEach, describe, test, type TestContext } from 'node:test';
import { receives, type Caller } from '../e2e/harness/person.ts';
import { until } from '../e2e/harness/until.ts';
import { FirefoxPerson, findFirefox } from './lab/firefox.ts';
import { recovered } from './lab/frames.ts';
import type { Home } from './lab/internet.ts';
import { Lab } from './lab/lab.ts';

/** Firefox starts within seconds, and decides within more than ten that a path is dead. */
const PATIENCE = 40_000;

const lab = Lab.set();
const foxes: FirefoxPerson[] = [];
afterEach(async () => {
  await Promise.all(foxes.splice(0).map((fox) => fox.close()));
});

async function fox(home: Home, room: string): Promise<FirefoxPerson> {
  const attributes = `room="${room}" name="Fox" autojoin`;
  const person = await FirefoxPerson.open(lab.internet.namespace(home), attributes);
  foxes.push(person);
  await until(
    () => person.run((element) => element.state === 'joined', undefined),
    'Firefox to join',
  );
  return person;
}

/** Chromium in home a and Firefox in home b. */
async function call(
  { firefoxFirst } = { firefoxFirst: false },
): Promise<readonly [Caller, Caller]> {
  const room = lab.room();
  const first = firefoxFirst ? await fox('b', room) : undefined;
  const chrome = await lab.join('a', room);
  const other = first ?? (await fox('b', room));
  await receiveEachOther([chrome, other]);
  return [chrome, other];
}

async function receiveEachOther(people: readonly Caller[]): Promise<void> {
  await Promise.all(people.map((person) => receives(person, 1, { timeout: PATIENCE })));
}

/** The other one as this page knows it. */
async function sees(
  person: Caller,
  key: 'microphone' | 'camera' | 'screen',
  value: 'on' | 'off',
): Promise<void> {
  await until(
    () =>
      person.run(
        (element, [field, wanted]) =>
          element.participants.some((one) => !one.isLocal && one[field] === wanted),
        [key, value] as const,
      ),
    `${key} ${value}`,
  );
}

/** Waits until pictures of the other one's screen are decoded one after the other. */
async function receivesScreen(person: Caller): Promise<void> {
  const count = (): Promise<number> =>
    person.run(async (element) => {
      const track = element.participants.find(({ isLocal }) => !isLocal)?.screenStream;
      const id = track?.getVideoTracks()[0]?.id;
      return id === undefined ? 0 : ((await seen.counts()).get(id)?.frames ?? 0);
    }, undefined);
  let first = 0;
  await until(async () => (first ||= await count()) > 0, 'a first picture of the screen');
  await until(async () => (await count()) > first, 'more pictures of the screen');
}

async function share(person: Caller, on: boolean): Promise<void> {
  await person.run((element, isOn) => element.toggleScreenShare(isOn), on);
}

async function survivesMove(t: TestContext, home: Home): Promise<void> {
  const people = await call();
  const began = Date.now();
  lab.internet.readdress(home, 77);
  await recovered(t, people, `address change of ${home}`, began, Date.now(), PATIENCE);
  await receiveEachOther(people);
  for (const person of people) {
    const made = await person.page.evaluate(() => watched.connections.length);
    assert.equal(made, 1, 'the same connection');
  }
}

describe('Firefox', { skip: findFirefox() ? false : 'no Firefox is installed' }, () => {
  test('joins, and Chromium is there', async () => {
    const people = await call();
    for (const [who, other] of [people, [...people].reverse()] as const) {
      await who.run((element) => element.toggleMicrophone(false), undefined);
      await who.run((element) => element.toggleCamera(false), undefined);
      await sees(other, 'microphone', 'off');
      await sees(other, 'camera', 'off');
      await who.run((element) => element.toggleMicrophone(true), undefined);
      await who.run((element) => element.toggleCamera(true), undefined);
      await sees(other, 'microphone', 'on');
      await sees(other, 'camera', 'on');
      await receiveEachOther(people);
      const text = `Hello ${String(Math.random())}`;
      await who.run((element, words) => element.sendMessage(words), text);
      await until(
        () =>
          other.run((element, words) => element.messages.some((one) => one.text === words), text),
        'the message',
      );
    }
  });

  test('is there, and Chromium joins', async () => {
    await call({ firefoxFirst: true });
  });

  test('screens, both ways', async () => {
    const [chrome, firefox] = await call();
    await share(chrome, true);
    await receivesScreen(firefox);
    await share(firefox, true);
    await receivesScreen(chrome);
    await receiveEachOther([chrome, firefox]);
    await share(chrome, false);
    await sees(firefox, 'screen', 'off');
    await share(firefox, false);
    await sees(chrome, 'screen', 'off');
    await receiveEachOther([chrome, firefox]);
  });

  test('Chromium gets another address', (t) => survivesMove(t, 'a'));
  test('Firefox gets another address', (t) => survivesMove(t, 'b'));
});
