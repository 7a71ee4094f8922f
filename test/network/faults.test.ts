/** What breaks between two callers, and how long they do not see each other. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { Person } from '../e2e/harness/person.ts';
import { perceives } from '../e2e/harness/seen.ts';
import { recovered } from './lab/frames.ts';
import { Lab } from './lab/lab.ts';
import { goesBy, goesByRelay } from './lab/paths.ts';
import { remember } from './lab/tiles.ts';

const lab = Lab.set({ turn: true });

/** For so long after the fault has gone the call may need to be as before; the table of figures is in bench/. */
const PATIENCE = 20_000;

/** A fault that is there for so many seconds; afterwards everything must be as before. Answers with the gap after it. */
async function survive(
  t: TestContext,
  people: readonly [Person, Person],
  what: string,
  seconds: number,
  begin: () => void | Promise<void>,
  end: () => void | Promise<void> = () => undefined,
): Promise<number> {
  // Someone who is gone for longer than 20 s is removed at the other side, and comes back by a new connection.
  const isLong = seconds > 15;
  const same = await Promise.all(people.slice(0, isLong ? 1 : 2).map((person) => remember(person)));
  const began = Date.now();
  await begin();
  await wait(began + seconds * 1_000 - Date.now());
  await end();
  const gap = await recovered(t, people, what, began, Date.now(), PATIENCE);
  await Promise.all(people.map((person) => person.receives(1)));
  await Promise.all(same.map((check) => check({ sameConnection: !isLong })));
  return gap - seconds;
}

for (const seconds of [2, 10, 40])
  test(`link down for ${String(seconds)} s`, async (t) => {
    const people = await lab.pair();
    const after = await survive(
      t,
      people,
      `link down ${String(seconds)} s`,
      seconds,
      () => lab.internet.link('a', false),
      () => lab.internet.link('a', true),
    );
    assert.ok(after < 10, `${after.toFixed(1)} s after its return`);
  });

test('everything is swallowed for 10 s; then screens are shared both ways', async (t) => {
  const people = await lab.pair();
  await survive(
    t,
    people,
    'everything swallowed',
    10,
    () => {
      lab.internet.swallow('a', true);
    },
    () => {
      lab.internet.swallow('a', false);
    },
  );
  for (const { page } of people) await page.getByRole('button', { name: 'Share screen' }).click();
  await Promise.all([
    perceives(people[0], [{ name: 'b', screen: true }]),
    perceives(people[1], [{ name: 'a', screen: true }]),
  ]);
});

test('another address in a running call', async (t) => {
  const people = await lab.pair();
  const after = await survive(t, people, 'address change', 0, () =>
    lab.internet.readdress('a', 77),
  );
  assert.ok(after < 8, `${after.toFixed(1)} s`);
  await Promise.all(people.map((person) => goesBy(person, 'srflx', 'srflx')));
});

test('another address while the server is down', async (t) => {
  const people = await lab.pair();
  const after = await survive(
    t,
    people,
    'address change, server down 8 s',
    8,
    async () => {
      await lab.server.down();
      lab.internet.readdress('a', 77);
    },
    () => lab.server.up(),
  );
  assert.ok(after < 12, `${after.toFixed(1)} s after the return of the server`);
});

test('the direct path is lost, a relay is there', async (t) => {
  const people = await lab.pair();
  await Promise.all(people.map((person) => goesBy(person, 'srflx', 'srflx')));
  const after = await survive(t, people, 'direct path lost', 0, () => {
    lab.internet.blockDirect('a');
  });
  assert.ok(after < 15, `${after.toFixed(1)} s`);
  await Promise.all(people.map((person) => goesByRelay(person)));
});

test('coturn is restarted, and there is no other path', async (t) => {
  const relay = 'ice-transport-policy="relay"';
  const people = await lab.pair(['a', 'b'], [relay, relay]);
  await Promise.all(people.map((person) => goesBy(person, 'relay', 'relay', '')));
  const after = await survive(t, people, 'coturn restarted', 0, async () => {
    await lab.turn?.down();
    await lab.turn?.up();
  });
  assert.ok(after < 12, `${after.toFixed(1)} s`);
});
