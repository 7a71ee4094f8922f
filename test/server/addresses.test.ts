import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { text as readAll } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { addressFinder, addressKey, AddressLimits, PerMinute } from '../../server/addresses.ts';
import { Client, newId, startServer, until, type TestServer } from './helpers.ts';

const from = (address: string): { options: { headers: Record<string, string> } } => ({
  options: { headers: { 'x-forwarded-for': address } },
});

async function refusal(server: TestServer, address: string): Promise<[number, string]> {
  const { socket } = Client.open(server, from(address));
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  const body = await readAll(response);
  socket.terminate();
  return [response.statusCode ?? 0, body];
}

describe('whom a request counts for', () => {
  const request = (remoteAddress: string, forwarded?: string): IncomingMessage =>
    ({
      socket: { remoteAddress },
      connection: { remoteAddress },
      headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    }) as unknown as IncomingMessage;

  it('is an IPv4 address, or the /64 of an IPv6 one', () => {
    assert.equal(addressKey('192.0.2.1'), '192.0.2.1');
    assert.equal(addressKey('::ffff:192.0.2.1'), '192.0.2.1');
    assert.equal(addressKey('2001:db8:1:2:3:4:5:6'), addressKey('2001:db8:1:2::1'));
    assert.notEqual(addressKey('2001:db8:1:2::1'), addressKey('2001:db8:1:3::1'));
    assert.equal(addressKey('fe80::1%eth0'), addressKey('fe80::2%eth1'));
    assert.equal(addressKey(''), '');
  });

  it('is what trusted proxies say, and nobody else', () => {
    const lines: string[] = [];
    const log = (line: string): void => void lines.push(line);
    const local = addressFinder(['loopback'], log);
    assert.equal(local(request('127.0.0.1', '192.0.2.1')), '192.0.2.1');
    assert.equal(local(request('::ffff:127.0.0.1', '192.0.2.1')), '192.0.2.1');
    assert.equal(local(request('127.0.0.1')), '127.0.0.1');
    // What a caller made up stands before what the proxy has added.
    assert.equal(local(request('127.0.0.1', '198.51.100.9, 192.0.2.1')), '192.0.2.1');
    for (const junk of ['unknown', '', '192.0.2.1:80', '<b>', ',,,'])
      assert.equal(local(request('127.0.0.1', junk)), '127.0.0.1', junk);
    assert.deepEqual(lines, []);
    assert.equal(local(request('203.0.113.1', '192.0.2.1')), '203.0.113.1');
    assert.equal(local(request('203.0.113.2', '192.0.2.1')), '203.0.113.2');
    assert.equal(lines.length, 1);
    assert.match(lines[0]!, /--trust-proxy/);
  });

  it('is found behind a number of proxies, or behind those of a network', () => {
    const silent = (): void => undefined;
    const chain = request('10.0.0.2', '198.51.100.9, 192.0.2.1, 10.0.0.1');
    assert.equal(addressFinder(0, silent)(chain), '10.0.0.2');
    assert.equal(addressFinder(1, silent)(chain), '10.0.0.1');
    assert.equal(addressFinder(2, silent)(chain), '192.0.2.1');
    assert.equal(addressFinder(['10.0.0.0/8'], silent)(chain), '192.0.2.1');
    assert.equal(addressFinder([], silent)(chain), '10.0.0.2');
  });
});

describe('a rate', () => {
  it('is counted for each key by itself', async () => {
    const rate = new PerMinute(3);
    for (let n = 0; n < 3; n++) {
      assert.ok(rate.take('one'));
      await Promise.resolve();
    }
    assert.ok(!rate.take('one'));
    assert.ok(rate.take('other'));
  });
});

describe('the limits of an IPv6 network', () => {
  const address = (n: number): string => addressKey(`2001:db8:1:${n.toString(16)}::1`);

  it('are eight times those of a /64, for connections, new ones and joins', async () => {
    const limits = new AddressLimits({ connections: 2, joinsPerMinute: 1 });
    for (let n = 0; n < 16; n++) {
      assert.equal(limits.refusal(address(n)), undefined);
      limits.opened(address(n));
      await Promise.resolve();
    }
    assert.match(String(limits.refusal(address(16))?.text), /^your network has 16 connections/);
    limits.closed(address(0));
    assert.equal(limits.refusal(address(16))?.reason, 'connects-per-address');
    for (let n = 0; n < 8; n++) {
      assert.ok(limits.join(address(n)));
      await Promise.resolve();
    }
    assert.ok(!limits.join(address(8)));
    for (const other of ['2001:db8:2::1', '192.0.2.1']) {
      assert.equal(limits.refusal(addressKey(other)), undefined);
      assert.ok(limits.join(addressKey(other)));
    }
  });
});

describe('the limits of an address', () => {
  it('hold for its open connections, with 429', async () => {
    const server = await startServer({ config: { connectionsPerAddress: 3 } });
    const clients = [];
    for (let n = 0; n < 3; n++)
      clients.push(await Client.member(server, newId(), from('192.0.2.1')));
    const [status, body] = await refusal(server, '192.0.2.1');
    assert.equal(status, 429);
    assert.match(body, /your address has 3 connections, which is the limit/);
    await Client.member(server, newId(), from('192.0.2.2'));
    for (let n = 0; n < 3; n++) await Client.member(server, newId(), from(`2001:db8::${n}`));
    assert.equal((await refusal(server, '2001:db8::ffff'))[0], 429);
    await Client.member(server, newId(), from('2001:db8:0:1::1'));
    // The place of one who goes is free again.
    await clients[0]!.crash();
    await until(async () => {
      const client = Client.open(server, from('192.0.2.1'));
      const isOpen = await Promise.race([
        once(client.socket, 'open').then(() => true),
        client.closed.then(() => false),
      ]);
      return isOpen;
    }, 'the place to be free');
    await server.stop();
  });

  it('hold for its joins a minute, with ROOM-ERROR, and for its connections, with 429', async () => {
    const server = await startServer({ config: { joinsPerAddress: 2, metrics: true } });
    const identity = from('192.0.2.1');
    for (let n = 0; n < 2; n++) await Client.member(server, newId(), identity);
    const third = await Client.connect(server, identity);
    third.send({ type: 'ROOM-JOIN', version: 1, room: 'x' });
    const { detail } = await third.take('ROOM-ERROR', { code: 'rate-limited' });
    assert.match(String(detail), /joined too often within a minute/);
    assert.equal((await third.closed).code, 1008);
    await Client.member(server, newId(), from('192.0.2.2'));
    const fourth = await Client.connect(server, identity);
    assert.equal((await refusal(server, '192.0.2.1'))[0], 429);
    await fourth.settled();
    const metrics = await (await fetch(`${server.url}metrics`)).text();
    for (const reason of ['joins-per-address', 'connects-per-address'])
      assert.match(metrics, new RegExp(`refusals_total{reason="${reason}"} 1\\n`));
    await server.stop();
  });

  it('do not count joins of who is a member already', async () => {
    const server = await startServer({ config: { joinsPerAddress: 2 } });
    const room = newId();
    const ann = await Client.member(server, room, from('192.0.2.1'));
    for (let n = 0; n < 5; n++) await ann.join(room);
    await ann.crash();
    const { id, token } = ann;
    const back = await Client.member(server, room, { id, token, ...from('192.0.2.1') });
    await back.join(newId());
    assert.equal(await back.refused(newId()), 'rate-limited');
    await server.stop();
  });

  it('leave room for an office of a hundred behind one address that all come back at once', async () => {
    const config = { connectionsPerAddress: 500, joinsPerAddress: 600 };
    const server = await startServer({ config });
    const identities = Array.from({ length: 100 }, () => ({
      id: newId(),
      token: newId(),
      ...from('192.0.2.1'),
    }));
    for (let round = 0; round < 3; round++) {
      const clients = await Promise.all(
        identities.map((identity, n) => Client.member(server, `room ${n % 20}`, identity)),
      );
      await Promise.all(clients.map((client) => client.crash()));
    }
    await server.stop();
  });
});
