/** Which way media takes between two callers without a relay, and what they are told when there is none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lab } from './lab/lab.ts';
import { lobbySays } from './lab/lobby.ts';
import { goesBy } from './lab/paths.ts';

const lab = Lab.set();

test('two on one LAN: directly', async () => {
  const [one, other] = await lab.pair(['a', 'n']);
  await Promise.all([goesBy(one, 'host', 'host'), goesBy(other, 'host', 'host')]);
});

test('one behind a NAT, one on a public address', async () => {
  const [one, other] = await lab.pair(['a', 'c']);
  await Promise.all([goesBy(one, 'srflx', 'host'), goesBy(other, 'host', 'srflx')]);
});

test('both behind port-restricted NATs: directly, with the STUN of our own server', async () => {
  const [one, other] = await lab.pair();
  await Promise.all([goesBy(one, 'srflx', 'srflx'), goesBy(other, 'srflx', 'srflx')]);
  for (const person of [one, other]) {
    const used = await person.page.evaluate(() => globalThis.watched.configurations);
    const urls = used.flatMap(({ iceServers = [] }) => iceServers.flatMap(({ urls }) => urls));
    assert.deepEqual([...new Set(urls)], ['stun:203.0.113.10:3478']);
  }
});

test('no path at all: both are told so in words, within 20 s', async (t) => {
  lab.internet.blockUdp('a');
  const room = lab.room();
  const one = await lab.join('a', room);
  const other = await lab.join('b', room);
  const began = Date.now();
  await Promise.all(
    [one, other].map(async (person) => {
      await person.page.waitForFunction(
        () =>
          document
            .querySelector('video-call')
            ?.participants.some(({ isLocal, connection }) => !isLocal && connection === 'failed'),
        undefined,
        { timeout: 20_000 },
      );
      const notice = person.page.locator('[data-code="peer-unreachable"] p');
      assert.match(await notice.innerText({ timeout: 2_000 }), /\w+ \w+ \w+/);
    }),
  );
  t.diagnostic(`told after ${((Date.now() - began) / 1_000).toFixed(1)} s`);
  // As soon as there is a path, it is found.
  lab.internet.heal();
  await Promise.all([one, other].map((person) => person.receives(1, { timeout: 30_000 })));
  t.diagnostic(`media ${((Date.now() - began) / 1_000).toFixed(1)} s after joining`);
});

test('the lobby says that a relay is needed where none is configured', async () => {
  lab.internet.nat('a', 'symmetric');
  await lobbySays(lab, 'a', 'relay-missing');
  lab.internet.blockUdp('b');
  await lobbySays(lab, 'b', 'relay-missing');
  await lobbySays(lab, 'c', 'direct');
  await lobbySays(lab, 'c', 'relay-missing', 'ice-transport-policy="relay"');
});
