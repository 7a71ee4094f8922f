/** What the callers notice when the server goes, and what not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { eventsSince, now } from '../e2e/harness/seen.ts';
import { flows, gap, recovered } from './lab/frames.ts';
import { Lab } from './lab/lab.ts';
import { remember } from './lab/tiles.ts';

const lab = Lab.set();

test('the server is killed and comes back; then a third joins', async (t) => {
  const room = lab.room();
  const one = await lab.join('a', room);
  const other = await lab.join('b', room);
  const people = [one, other] as const;
  await Promise.all(people.map((person) => person.receives(1)));
  const same = await Promise.all(people.map((person) => remember(person)));
  const began = Date.now();
  await lab.server.down();
  await Promise.all(people.map((person) => person.hasState('reconnecting', 3_000)));
  await wait(began + 10_000 - Date.now());
  await lab.server.up();
  const back = Date.now();
  await Promise.all(people.map((person) => person.hasState('joined', 8_000)));
  t.diagnostic(`everyone is back in ${((Date.now() - back) / 1_000).toFixed(1)} s`);
  const longest = await recovered(t, people, 'server killed for 10 s', began, Date.now(), 5_000);
  assert.ok(longest < 5, 'media goes on');
  await Promise.all(same.map((check) => check()));

  const came = Date.now();
  const third = await lab.join('c', room);
  const inside = Date.now();
  await Promise.all([
    flows(third, came, 10_000, 'a'),
    flows(third, came, 10_000, 'b'),
    flows(one, came, 10_000, 'c'),
    flows(other, came, 10_000, 'c'),
  ]);
  t.diagnostic(`the third has media ${((Date.now() - inside) / 1_000).toFixed(1)} s after joining`);
  await Promise.all([one, other, third].map((person) => person.sees(3)));
});

test('the server is swallowed by a black hole', async (t) => {
  const people = await lab.pair();
  const [one] = people;
  const same = await Promise.all(people.map((person) => remember(person)));
  const since = await now(one);
  const began = Date.now();
  lab.internet.blackHole('a');
  await one.hasState('reconnecting', 12_000);
  const noticed = (Date.now() - began) / 1_000;
  t.diagnostic(`noticed after ${noticed.toFixed(1)} s`);
  assert.ok(noticed < 7, 'noticed');
  await wait(began + 10_000 - Date.now());
  lab.internet.heal();
  await one.hasState('joined', 20_000);
  t.diagnostic(`back ${((Date.now() - began) / 1_000 - 10).toFixed(1)} s after its end`);
  assert.ok((await gap(one, began)) < 5, 'media goes on');
  await Promise.all(same.map((check) => check()));
  // Nobody was told that the id is taken, and nothing else went wrong either.
  assert.deepEqual(
    one.frames.filter((frame) => frame.includes('ID-TAKEN')),
    [],
  );
  assert.deepEqual(await eventsSince(one, since, 'call-error', 'left'), []);
});

test('the server freezes', async (t) => {
  const people = await lab.pair();
  const same = await Promise.all(people.map((person) => remember(person)));
  const began = Date.now();
  lab.server.signal('SIGSTOP');
  await Promise.all(people.map((person) => person.hasState('reconnecting', 12_000)));
  const noticed = (Date.now() - began) / 1_000;
  t.diagnostic(`noticed after ${noticed.toFixed(1)} s`);
  assert.ok(noticed < 7, 'noticed');
  await wait(began + 10_000 - Date.now());
  lab.server.signal('SIGCONT');
  await Promise.all(people.map((person) => person.hasState('joined', 20_000)));
  t.diagnostic(`back ${((Date.now() - began) / 1_000 - 10).toFixed(1)} s after its end`);
  for (const person of people) {
    assert.ok((await gap(person, began)) < 5, 'media goes on');
    assert.deepEqual(
      person.frames.filter((frame) => frame.includes('ID-TAKEN')),
      [],
    );
  }
  await Promise.all(same.map((check) => check()));
});
