import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { Client, mainIsUp, newId, offer, runMain, startServer, until } from './helpers.ts';

describe('the command line', () => {
  it('explains itself', async () => {
    const { code, stdout } = await runMain(['--help']).done;
    assert.equal(code, 0);
    const flags = [
      'port',
      'host',
      'path',
      'room-capacity',
      'ice-servers',
      'stun-port',
      'public-host',
    ];
    flags.push(
      'turn-url',
      'turn-secret',
      'turn-secret-file',
      'turn-ttl',
      'drain',
      'allow-origin',
      'trust-proxy',
      'metrics',
      'metrics-port',
      'connections-per-address',
      'joins-per-address',
    );
    for (const flag of [...flags, 'https', 'cert', 'key', 'away-grace', 'help'])
      assert.match(stdout, new RegExp(`^ {2}--${flag}\\b`, 'm'));
  });

  it('refuses wrong settings by name, with exit code 1', async () => {
    const { code, stderr, stdout } = await runMain(['--porrt', '1'], { PORT: 'x' }).done;
    assert.equal(code, 1);
    assert.match(stderr, /^--porrt is unknown/m);
    assert.match(stderr, /^--port \(PORT\) is "x"/m);
    assert.equal(stdout, '');
  });

  it('refuses certificate files that cannot be read or do not fit', async () => {
    const missing = await runMain(['--cert', '/nowhere/a.pem', '--key', '/nowhere/b.pem']).done;
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /^--cert is "\/nowhere\/a\.pem", which cannot be read \(ENOENT\)/);
    const self = new URL(import.meta.url).pathname;
    const wrong = await runMain(['--cert', self, '--key', self]).done;
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /do not work together/);
  });

  it('says what to do when the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const args = ['--port', String(port), '--host', '127.0.0.1', '--stun-port', 'off'];
    const { code, stderr } = await runMain(args).done;
    other.close();
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`^Port ${port} is in use`));
    assert.match(stderr, /choose another port: --port 9124/);
  });

  it('refuses an address that is not ours', async () => {
    const args = ['--port', '0', '--host', '192.0.2.123', '--stun-port', 'off'];
    const { code, stderr } = await runMain(args).done;
    assert.equal(code, 1);
    assert.match(stderr, /--host is "192\.0\.2\.123", which is no address of this machine/);
  });

  it('refuses an address for STUN that is not ours by its own name', async () => {
    const stun = ['--stun-port', '53478', '--stun-host', '192.0.2.123'];
    const { code, stderr } = await runMain(['--port', '0', '--host', '127.0.0.1', ...stun]).done;
    assert.equal(code, 1);
    assert.match(stderr, /--stun-host is "192\.0\.2\.123", which is no address of this machine/);
  });

  it('refuses an address for the numbers that is not ours by its own name', async () => {
    const args = ['--port', '0', '--host', '127.0.0.1', '--stun-port', 'off', '--metrics-port'];
    for (const at of ['nosuch.invalid:9090', '192.0.2.123:9090']) {
      const { code, stderr } = await runMain([...args, at]).done;
      assert.equal(code, 1);
      assert.ok(stderr.startsWith(`--metrics-port is "${at}", which could not be opened`), stderr);
    }
  });

  it('refuses a STUN port in use when it was asked for, and goes on without STUN when it was not', async () => {
    const other = createSocket('udp4');
    await bind(other, 0);
    const args = ['--port', '0', '--host', '127.0.0.1'];
    const chosen = await runMain([...args, '--stun-port', String(other.address().port)]).done;
    assert.equal(chosen.code, 1);
    assert.match(chosen.stderr, /^UDP port \d+ is in use[\s\S]*--stun-port 3479/);
    other.close();

    const holder = createSocket('udp4');
    // Another program of this machine may hold the default port already: that serves as well.
    await bind(holder, 3_478).catch(() => undefined);
    const main = runMain(args);
    const port = await mainIsUp(main);
    assert.match(main.stdout(), /STUN {6}off: UDP port 3478 is in use/);
    const client = await Client.connect({ url: `http://127.0.0.1:${port}/` });
    assert.deepEqual((await client.join('x'))['iceServers'], []);
    main.process.kill('SIGTERM');
    await main.done;
    holder.close();
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    it(`on ${signal} tells everyone, closes with 1012, and exits with 0`, async () => {
      const main = runMain(['--port', '0', '--host', '127.0.0.1', '--stun-port', 'off']);
      const server = { url: `http://127.0.0.1:${await mainIsUp(main)}/` };
      assert.match(main.stdout(), new RegExp(`Open {6}${server.url}`));
      const room = newId();
      const one = await Client.member(server, room);
      await Client.member(server, room);
      const early = await Client.connect(server);
      main.process.kill(signal);
      for (const client of [one, early]) {
        assert.ok(Number((await client.take('ROOM-CLOSING'))['retryAfter']) > 0);
        assert.equal((await client.closed).code, 1012);
      }
      // Nobody is told that the others are away: all are in the same boat.
      assert.deepEqual(one.types(), ['ROOM-JOINED']);
      const { code, stdout } = await main.done;
      assert.equal(code, 0);
      for (const secret of [room, one.id, one.token]) assert.ok(!stdout.includes(secret));
    });

  it('turns newcomers away while it drains, and leaves the calls alone until then', async () => {
    const main = runMain([...'--port 0 --host 127.0.0.1 --stun-port off --drain 2'.split(' ')]);
    const url = `http://127.0.0.1:${await mainIsUp(main)}/`;
    const ask = async (path: string): Promise<unknown[]> => {
      const response = await fetch(url + path);
      return [response.status, ((await response.json()) as { status: string }).status];
    };
    const room = newId();
    const one = await Client.member({ url }, room);
    const other = await Client.member({ url }, room);
    const early = await Client.connect({ url });
    assert.deepEqual(await ask('readyz'), [200, 'ok']);
    const stoppedAt = performance.now();
    main.process.kill('SIGTERM');
    await until(async () => (await ask('readyz'))[0] === 503, 'the server to drain');
    assert.deepEqual(await ask('readyz'), [503, 'draining']);
    assert.deepEqual(await ask('healthz'), [200, 'draining']);
    const late = Client.open({ url });
    const [, response] = (await once(late.socket, 'unexpected-response')) as [
      unknown,
      IncomingMessage,
    ];
    assert.equal(response.statusCode, 503);
    late.socket.terminate();
    early.send({ type: 'ROOM-JOIN', version: 1, room });
    assert.equal((await early.closed).code, 1012);
    // A member may say again where it is, and the call goes on.
    await one.join(room);
    one.send(offer(other.id));
    await other.take('OFFER');
    await one.settled();
    assert.deepEqual(one.types(), ['ROOM-JOINED']);
    for (const client of [one, other]) {
      assert.equal((await client.take('ROOM-CLOSING'))['retryAfter'], 1_000);
      assert.equal((await client.closed).code, 1012);
    }
    assert.ok(performance.now() - stoppedAt >= 1_900);
    assert.equal((await main.done).code, 0);
  });

  it('tells everyone, and closes many sockets a few at a time', async () => {
    const server = await startServer();
    const ids = Array.from({ length: 60 }, newId);
    const clients = await Promise.all(ids.map((room) => Client.member(server, room)));
    const times = clients.map(async (client) => {
      await client.take('ROOM-CLOSING');
      assert.equal((await client.closed).code, 1012);
      return performance.now();
    });
    const stopped = server.stop();
    const closed = await Promise.all(times);
    assert.ok(Math.max(...closed) - Math.min(...closed) > 60);
    assert.equal(await stopped, 0);
  });

  it('stops at once when told a second time', async () => {
    const main = runMain([...'--port 0 --host 127.0.0.1 --stun-port off --drain 60'.split(' ')]);
    await mainIsUp(main);
    main.process.kill('SIGTERM');
    await until(() => main.stdout().includes('stopping in 60 s'), 'the server to drain');
    main.process.kill('SIGTERM');
    assert.equal((await main.done).code, 1);
  });

  it('ends clients that do not answer the close', async () => {
    const main = runMain(['--port', '0', '--host', '127.0.0.1', '--stun-port', 'off']);
    const server = { url: `http://127.0.0.1:${await mainIsUp(main)}/` };
    const client = await Client.member(server, 'x');
    client.socket.pause();
    main.process.kill('SIGTERM');
    assert.equal((await main.done).code, 0);
    client.socket.terminate();
  });
});

async function bind(socket: Socket, port: number): Promise<void> {
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
}
