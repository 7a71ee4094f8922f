/** Which way media takes between two callers when only a relay helps; our server gives the credentials for it. */
import { test } from 'node:test';
import { Lab } from './lab/lab.ts';
import { goesBy, goesByRelay } from './lab/paths.ts';
import { TURN_URLS, TurnServer } from './lab/programs.ts';

const lab = Lab.set({ turn: true });

test('both behind symmetric NATs: by a relay', async () => {
  lab.internet.nat('a', 'symmetric');
  lab.internet.nat('b', 'symmetric');
  const people = await lab.pair();
  await Promise.all(people.map((person) => goesByRelay(person)));
});

test('UDP blocked at one: TURN over TCP', async () => {
  lab.internet.blockUdp('a');
  const [one] = await lab.pair();
  await goesBy(one, 'relay', 'srflx', 'tcp');
});

test('only the web at one: TURN over TLS on port 443', async () => {
  lab.internet.onlyWeb('a');
  const [one] = await lab.pair();
  await goesBy(one, 'relay', 'srflx', 'tls');
});

test('UDP blocked at both: by two relays', async () => {
  lab.internet.blockUdp('a');
  lab.internet.blockUdp('b');
  const people = await lab.pair();
  await Promise.all(people.map((person) => goesBy(person, 'relay', 'relay', 'tcp')));
});

test('relay-only hides the addresses, here with a TURN server of the page', async () => {
  const attributes = `ice-transport-policy="relay" ${TurnServer.attribute(TURN_URLS.udp)}`;
  const people = await lab.pair(['a', 'b'], [attributes, attributes]);
  await Promise.all(people.map((person) => goesBy(person, 'relay', 'relay', '')));
});
