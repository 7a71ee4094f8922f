/** What the lobby finds out about the network before anybody joins, where a relay is there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../e2e/harness/until.ts';
import { Lab } from './lab/lab.ts';
import { lobbySays } from './lab/lobby.ts';

const lab = Lab.set({ turn: true });

test('on a public address: direct', async () => {
  await lobbySays(lab, 'c', 'direct');
});

test('behind a port-restricted NAT: through the router', async () => {
  const person = await lobbySays(lab, 'a', 'nat');
  await until(
    () => person.sockets.length === 1 && person.sockets[0]?.isClosed() === true,
    'the end of the socket that asked',
  );
  assert.deepEqual(person.pageErrors, []);
});

test('behind a symmetric NAT, and without UDP: the relay is needed and works', async () => {
  lab.internet.nat('a', 'symmetric');
  await lobbySays(lab, 'a', 'relay');
  lab.internet.blockUdp('b');
  await lobbySays(lab, 'b', 'relay');
});

test('the relay is needed and does not answer', async () => {
  lab.internet.nat('a', 'symmetric');
  await lab.turn?.down();
  await lobbySays(lab, 'a', 'relay-broken');
});
