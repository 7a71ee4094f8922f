/** A call that outlives its TURN credentials. It takes minutes: only with --long. */
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { recovered } from './lab/frames.ts';
import { Lab } from './lab/lab.ts';
import { goesBy } from './lab/paths.ts';
import { remember } from './lab/tiles.ts';

/** Seconds; the shortest that our server gives. */
const TTL = 60;
const lab = Lab.set({ turn: true, server: ['--turn-ttl', String(TTL)] });

test('credentials that expire in a call', async (t) => {
  const relay = 'ice-transport-policy="relay"';
  const people = await lab.pair(['a', 'b'], [relay, relay]);
  await Promise.all(people.map((person) => goesBy(person, 'relay', 'relay', '')));
  const same = await Promise.all(people.map((person) => remember(person)));
  const began = Date.now();
  await wait((TTL + 20) * 1_000);
  await recovered(t, people, 'credentials expired', began, Date.now(), 5_000);
  // New allocations are needed now, and only new credentials can make them.
  const restarted = Date.now();
  await lab.turn?.down();
  await lab.turn?.up();
  await recovered(t, people, 'coturn restarted after that', restarted, Date.now(), 20_000);
  await Promise.all(people.map((person) => goesBy(person, 'relay', 'relay', '')));
  await Promise.all(same.map((check) => check()));
});
