/** Which way media takes between two callers, by what is between them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lab } from './lab/lab.ts';
import { goesBy, goesByRelay } from './lab/paths.ts';
import { TURN_URLS, TurnServer } from './lab/programs.ts';

const lab = Lab.set({ turn: true });
const relayed = (...urls: string[]): [string, string] => [
  TurnServer.attribute(...urls),
  TurnServer.attribute(...urls),
];

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

test('both behind symmetric NATs: by a relay', async () => {
  lab.internet.nat('a', 'symmetric');
  lab.internet.nat('b', 'symmetric');
  const [one, other] = await lab.pair(['a', 'b'], relayed(TURN_URLS.udp));
  await Promise.all([goesByRelay(one), goesByRelay(other)]);
});

test('UDP blocked at one: TURN over TCP', async () => {
  lab.internet.blockUdp('a');
  const [one] = await lab.pair(['a', 'b'], relayed(TURN_URLS.udp, TURN_URLS.tcp));
  await goesBy(one, 'relay', 'srflx', 'tcp');
});

test('only the web at one: TURN over TLS on port 443', async () => {
  lab.internet.onlyWeb('a');
  const [one] = await lab.pair(['a', 'b'], relayed(TURN_URLS.udp, TURN_URLS.tcp, TURN_URLS.tls));
  await goesBy(one, 'relay', 'srflx', 'tls');
});
