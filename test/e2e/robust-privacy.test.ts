import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { Client } from '../server/helpers.ts';
import { embedPage, PageServer } from './harness/page-server.ts';
import type { Person } from './harness/person.ts';
import { TestServer } from './harness/server.ts';
import { areInCall, Stage } from './harness/stage.ts';
import { until } from './harness/until.ts';

async function bound(port: number, address: string): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(port, address);
  await once(socket, 'listening');
  return socket;
}
async function freeUdpPort(): Promise<number> {
  const probe = await bound(0, '127.0.0.1');
  const { port } = probe.address();
  probe.close();
  return port;
}

const stunPort = await freeUdpPort();
const OWN_STUN = `stun:localhost:${String(stunPort)}`;
const stage = Stage.set({
  server: ['--stun-port', String(stunPort)],
  // Otherwise a browser leaves the only network that a test can count on out of its calls.
  browser: ['--allow-loopback-in-peer-connection'],
});

/** Every STUN and TURN address that the page gave to a connection, now or earlier. */
async function iceUrls(person: Person): Promise<string[]> {
  const used = await person.page.evaluate(() => watched.configurations);
  assert.ok(used.length > 0, 'there was a connection');
  const urls = used.flatMap(({ iceServers }) => iceServers ?? []).flatMap(({ urls: all }) => all);
  return [...new Set(urls)].sort();
}

/** Hosts that the page, its frames and its workers were in touch with, by HTTP or WebSocket. */
const hosts = (person: Person): string[] =>
  [
    ...new Set(
      person.requests
        .filter((url) => !/^(blob|data|about):/.test(url))
        .map((url) => new URL(url).host),
    ),
  ].sort();

test('only our own server is asked for anything, and it never hears a name or a message', async () => {
  const room = stage.room();
  const secrets = ['Rumpelstilzchen', 'Schneewittchen', 'Spieglein an der Wand', 'Apfel'] as const;
  const one = await stage.visit(`<video-call room="${room}" name="${secrets[0]}"></video-call>`);
  const two = await stage.visit(`<video-call room="${room}" name="${secrets[1]}"></video-call>`);
  await one.join();
  await two.join();
  await areInCall(one, two);
  await one.run((element, text) => element.sendMessage(text), secrets[2]);
  await until(() => two.run((element) => element.messages.length === 1, undefined), 'the message');
  const to = await two.run((element) => element.participants[1]?.id ?? '', undefined);
  await two.run(
    async (element, [text, id]) => {
      await element.sendMessage(text, { to: id });
    },
    [secrets[3], to] as const,
  );
  await until(() => one.run((element) => element.messages.length === 2, undefined), 'the answer');
  for (const person of [one, two]) {
    await person.run((element) => element.toggleScreenShare(true), undefined);
    const other = person === one ? two : one;
    await until(
      () => other.run((element) => element.participants[1]?.screen === 'on', undefined),
      'the screen',
    );
  }
  // A negotiation with the socket down and up, since reconnecting says everything again.
  await stage.server.down();
  await one.hasState('reconnecting');
  await one.run((element) => element.toggleScreenShare(false), undefined);
  await until(
    () => two.run((element) => element.participants[1]?.screen === 'off', undefined),
    'the end of the screen',
  );
  await stage.server.up();
  await one.hasState('joined');
  await two.hasState('joined');
  await Promise.all([one.receives(1), two.receives(1)]);
  await one.run((element) => element.leave(), undefined);
  await two.sees(1);

  const own = new URL(stage.server.url).host;
  const site = new URL(stage.site.url).host;
  for (const person of [one, two]) {
    assert.deepEqual(hosts(person), [own, site].sort());
    assert.deepEqual(await iceUrls(person), [OWN_STUN]);
    assert.ok(person.frames.length > 10);
    for (const secret of secrets) {
      const said = person.frames.filter((frame) =>
        frame.toLowerCase().includes(secret.toLowerCase()),
      );
      assert.deepEqual(said, [], `the server hears "${secret}"`);
    }
    // The frames do hold what the server has to know: this test would see the rest.
    assert.ok(person.frames.some((frame) => frame.includes(room)));
    assert.deepEqual(person.pageErrors, []);
  }
});

test('the ice-servers of the page are used, beside those of the server and no others', async () => {
  const room = stage.room();
  const list = [{ urls: ['turn:127.0.0.1:9?transport=udp'], username: 'u', credential: 'p' }];
  const one = await stage.caller(room, 'ice-servers="stun:127.0.0.1:9"');
  const two = await stage.caller(room, `ice-servers='${JSON.stringify(list)}'`);
  await areInCall(one, two);
  assert.deepEqual(await iceUrls(one), ['stun:127.0.0.1:9', OWN_STUN].sort());
  assert.deepEqual(await iceUrls(two), ['turn:127.0.0.1:9?transport=udp', OWN_STUN].sort());

  // Hot: a change reaches the connection that there is, and drops nothing.
  await one.run(async (element) => {
    element.iceServers = [{ urls: 'stun:127.0.0.1:10' }];
    await element.updateComplete;
  }, undefined);
  const last = await one.page.evaluate(() => watched.configurations.at(-1)?.iceServers);
  assert.deepEqual(
    last?.map(({ urls }) => urls),
    [['stun:127.0.0.1:10'], [OWN_STUN]],
  );
  await Promise.all([one.receives(1), two.receives(1)]);
  assert.equal(await one.page.evaluate(() => watched.connections.length), 1);
});

test('relay without a TURN server shows no address, and the caller is told that it cannot connect', async () => {
  const room = stage.room();
  const friend = await stage.caller(room, 'name="Friend"');
  const person = await stage.visit(
    `<video-call room="${room}" name="Shy" autojoin ice-transport-policy="relay"></video-call>`,
  );
  await person.hasState('joined');
  await Promise.all([person.sees(2), friend.sees(2)]);
  const sent = (type: string): string[] => person.frames.filter((frame) => frame.includes(type));
  await until(() => sent('"OFFER"').length > 0, 'the offer');
  for (const who of [person, friend])
    await who.page
      .getByRole('alert')
      .or(who.page.getByRole('status'))
      .filter({ hasText: /No connection to .*A firewall may be in the way/ })
      .waitFor({ timeout: 60_000 });
  await person.page
    .getByText(/Can’t reach/)
    .first()
    .waitFor();
  // What this side has sent, and what it holds itself.
  const outgoing = person.frames.filter((frame) => !frame.includes('"src":'));
  assert.ok(outgoing.some((frame) => frame.includes('"OFFER"')));
  assert.deepEqual(
    outgoing.filter((frame) => /typ (host|srflx|prflx)|a=candidate/.test(frame)),
    [],
  );
  const gathered = await person.page.evaluate(async () => {
    const types: string[] = [];
    for (const reference of watched.connections)
      (await reference.deref()?.getStats())?.forEach((entry: Record<string, unknown>) => {
        if (entry['type'] === 'local-candidate') types.push(String(entry['candidateType']));
      });
    return types;
  });
  assert.deepEqual(
    gathered.filter((type) => type !== 'relay'),
    [],
  );

  // The attribute is hot: without it both are connected, and the words go away.
  await person.run((element) => {
    element.iceTransportPolicy = 'all';
  }, undefined);
  await Promise.all([person.receives(1, { timeout: 60_000 }), friend.receives(1)]);
  await person.page.getByText(/No connection to/).waitFor({ state: 'detached' });
  assert.equal(await person.openConnections(), 1);
  assert.deepEqual(person.pageErrors, []);
});

/** A NAT of our own before the STUN server: whoever is behind it, is seen at another port. */
async function nat(address: string, port: number, t: TestContext): Promise<Map<number, number>> {
  /** Ports of the clients, by the port at which the server sees them. */
  const mapped = new Map<number, number>();
  const inside = await bound(port, address);
  const outside = new Map<number, Promise<Socket>>();
  const open = async (from: { readonly port: number; readonly address: string }) => {
    const socket = await bound(0, '127.0.0.1');
    mapped.set(socket.address().port, from.port);
    socket.on('message', (answer) => {
      inside.send(answer, from.port, from.address);
    });
    return socket;
  };
  inside.on('message', (request, from) => {
    const socket = outside.get(from.port) ?? open(from);
    outside.set(from.port, socket);
    void socket.then((one) => {
      one.send(request, port, '127.0.0.1');
    });
  });
  t.after(async () => {
    inside.close();
    for (const socket of await Promise.all(outside.values())) socket.close();
  });
  return mapped;
}

test("the browser's STUN client learns its address behind a NAT from our server, and tells it in a call", async (t) => {
  const port = await freeUdpPort();
  // The NAT stands where the server says that it is; the server itself is at the same port of another address.
  const address = '127.0.0.2';
  let mapped: Map<number, number>;
  try {
    mapped = await nat(address, port, t);
  } catch (error) {
    t.skip(`no second loopback address here (${(error as NodeJS.ErrnoException).code ?? ''})`);
    return;
  }
  const stun = ['--stun-port', String(port), '--stun-host', '127.0.0.1'];
  const server = await TestServer.start(...stun, '--public-host', address);
  const site = await PageServer.start(() =>
    embedPage(server.url, '<video-call room="nat" autojoin></video-call>'),
  );
  t.after(async () => {
    await site.stop();
    await server.down();
  });
  const member = await Client.connect(server);
  const welcome = (await member.join('elsewhere')) as { iceServers?: RTCIceServer[] };
  assert.deepEqual(welcome.iceServers, [{ urls: [`stun:${address}:${String(port)}`] }]);
  await member.crash();

  // A connection by hand, with what the WELCOME says.
  const page = await stage.visit('');
  const { candidates, failures } = await page.page.evaluate(async (iceServers) => {
    const connection = new RTCPeerConnection({ iceServers });
    const found: { candidates: string[]; failures: string[] } = { candidates: [], failures: [] };
    connection.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate) found.candidates.push(candidate.candidate);
    });
    connection.addEventListener('icecandidateerror', ({ errorCode, errorText, address: own }) => {
      // Other networks of this machine cannot reach a loopback address.
      if (own?.startsWith('127.')) found.failures.push(`${String(errorCode)} ${errorText}`);
    });
    connection.createDataChannel('any');
    await connection.setLocalDescription();
    while (
      connection.iceGatheringState !== 'complete' &&
      !found.candidates.some((line) => line.includes('typ srflx'))
    )
      await new Promise((resolve) => setTimeout(resolve, 50));
    connection.close();
    return found;
  }, welcome.iceServers);
  const reflexive = candidates.filter((line) => line.includes('typ srflx'));
  assert.ok(reflexive.length > 0, candidates.join('\n'));
  assert.deepEqual(failures, []);
  const seenAt = (line: string): number => Number(/127\.0\.0\.1 (\d+) typ srflx/.exec(line)?.[1]);
  for (const line of reflexive)
    assert.ok(mapped.has(seenAt(line)), `${line} is what the NAT made of it`);

  // The same in a call: the element tells the others that address. This other one never answers, since a browser
  // that is connected already asks no further.
  const silent = await Client.member(server, 'nat');
  await stage.visitUrl(site.url);
  await until(
    () =>
      silent.frames
        .map((frame) => JSON.stringify(frame))
        .some((frame) => frame.includes('typ srflx') && mapped.has(seenAt(frame))),
    'a reflexive candidate in the call',
    60_000,
  );
  await silent.crash();
});
