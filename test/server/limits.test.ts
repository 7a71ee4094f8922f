import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { BURST_SECONDS, DEFAULT_LIMITS, type ServerLimits } from '../../server/limits.ts';
import type { ServerConfig } from '../../server/config.ts';
import { Client, newId, startServer, until, type TestServer } from './helpers.ts';

const limits = (some: Partial<ServerLimits>): ServerLimits => ({ ...DEFAULT_LIMITS, ...some });

async function counter(server: TestServer, name: string): Promise<number> {
  const text = await (await fetch(`${server.url}metrics`)).text();
  const line = text.split('\n').find((candidate) => candidate.startsWith(`video_call_${name} `));
  return Number(line?.split(' ')[1] ?? 0);
}

/** Runs with a server whose metrics are open, and ends it. */
async function withServer(
  config: Partial<ServerConfig>,
  test: (server: TestServer) => Promise<void>,
): Promise<void> {
  const server = await startServer({ config: { metrics: true, ...config } });
  await test(server);
  await server.stop();
}

/** Every limit: set by configuration, told to the caller by a code, counted. */
describe('the limit of', () => {
  it('members of a room: room-full, and the socket stays', () =>
    withServer({ roomCapacity: 2 }, async (server) => {
      const room = newId();
      await Client.member(server, room);
      await Client.member(server, room);
      const third = await Client.connect(server);
      third.send({ type: 'ROOM-JOIN', version: 1, room });
      const full = await third.take('ROOM-ERROR', { code: 'room-full' });
      assert.match(String(full['detail']), /\(the room takes 2 members\)$/);
      await third.join(newId());
      assert.equal(await counter(server, 'joins_total{result="room-full"}'), 1);
    }));

  it('rooms: server-full and 1013; rooms that are there take more members', () =>
    withServer({ limits: limits({ rooms: 2 }) }, async (server) => {
      const first = await Client.member(server, 'first');
      await Client.member(server, 'second');
      const third = await Client.connect(server);
      third.send({ type: 'ROOM-JOIN', version: 1, room: 'third' });
      const full = await third.take('ROOM-ERROR', { code: 'server-full' });
      assert.match(String(full['detail']), /\(the server takes 2 rooms\)$/);
      assert.equal((await third.closed).code, 1013);
      await Client.member(server, 'second');
      assert.equal(await counter(server, 'joins_total{result="server-full"}'), 1);
      assert.equal(await counter(server, 'refusals_total{reason="rooms"}'), 1);
      // The place of a room that has ended is free again.
      first.send({ type: 'ROOM-LEAVE' });
      await first.settled();
      await Client.member(server, 'third');
    }));

  it('connections in all: server-full and 1013', () =>
    withServer({ limits: limits({ sockets: 1 }) }, async (server) => {
      await Client.member(server, newId());
      const second = Client.open(server);
      await second.take('ROOM-ERROR', { code: 'server-full' });
      assert.equal((await second.closed).code, 1013);
      assert.equal(await counter(server, 'refusals_total{reason="server-full"}'), 1);
    }));

  it('connections of an address: 429', () =>
    withServer({ connectionsPerAddress: 1 }, async (server) => {
      await Client.member(server, newId());
      const second = Client.open(server);
      const [, response] = (await once(second.socket, 'unexpected-response')) as [
        unknown,
        IncomingMessage,
      ];
      assert.equal(response.statusCode, 429);
      second.socket.terminate();
      assert.equal(await counter(server, 'refusals_total{reason="connections-per-address"}'), 1);
    }));

  it('connections of an address that send nothing: they are closed', () =>
    // Nobody is believed to be a proxy, so that these count as what they are.
    withServer({ connectionsPerAddress: 5, trustProxy: 0 }, async (server) => {
      const open = new Set(
        Array.from({ length: 150 }, () => {
          const stream = connect(server.port, '127.0.0.1');
          stream.on('error', () => undefined);
          stream.on('close', () => open.delete(stream));
          return stream;
        }),
      );
      await until(() => open.size <= 105, 'the end of those that are too many');
      for (const stream of open) stream.destroy();
      // Until the server has seen their end, whoever asks for the count is one too many as well.
      await until(
        async () =>
          (await counter(server, 'refusals_total{reason="streams-per-address"}').catch(() => 0)) >=
          45,
        'the count',
      );
    }));

  for (const tls of [undefined, { kind: 'self-signed' } as const])
    it(`time for the head of a request, ${tls ? 'TLS included' : 'without TLS'}: the connection is ended`, async () => {
      const server = await startServer({ config: { tls }, timings: { headWithin: 500 } });
      const silent = connect(server.port, '127.0.0.1');
      silent.on('error', () => undefined);
      silent.resume();
      await until(() => silent.closed, 'the end of the silent connection', 50);
      await server.stop();
    });

  it('joins a minute: rate-limited and 1008', () =>
    withServer({ joinsPerAddress: 1 }, async (server) => {
      await Client.member(server, newId());
      const second = await Client.connect(server);
      second.send({ type: 'ROOM-JOIN', version: 1, room: newId() });
      await second.take('ROOM-ERROR', { code: 'rate-limited' });
      assert.equal((await second.closed).code, 1008);
      assert.equal(await counter(server, 'joins_total{result="rate-limited"}'), 1);
      assert.equal(await counter(server, 'refusals_total{reason="joins-per-address"}'), 1);
    }));

  it('frames a second: rate-limited and 1008', () =>
    withServer({ limits: limits({ framesPerSecond: 20 }) }, async (server) => {
      const client = await Client.member(server, newId());
      for (let n = 0; n < BURST_SECONDS * 20; n++) client.send({ type: 'HEARTBEAT' });
      const { detail } = await client.take('ROOM-ERROR', { code: 'rate-limited' });
      assert.match(String(detail), /\(too many frames: 20 a second are allowed, 100 at once\)$/);
      assert.equal((await client.closed).code, 1008);
      assert.equal(await counter(server, 'refusals_total{reason="frame-rate"}'), 1);
    }));

  it('bytes a second: rate-limited and 1008', () =>
    withServer({ limits: limits({ bytesPerSecond: 65_536 }) }, async (server) => {
      const client = await Client.member(server, newId());
      for (let n = 0; n < BURST_SECONDS + 1; n++)
        client.send({ type: 'HEARTBEAT', padding: 'x'.repeat(65_536) });
      const { detail } = await client.take('ROOM-ERROR', { code: 'rate-limited' });
      assert.match(String(detail), /\(too many bytes: 65536 a second/);
      assert.equal((await client.closed).code, 1008);
      assert.equal(await counter(server, 'refusals_total{reason="byte-rate"}'), 1);
    }));

  it('bytes of a frame: 1009', () =>
    withServer({ limits: limits({ frameBytes: 98_304 }) }, async (server) => {
      const client = await Client.member(server, newId());
      client.send({ type: 'HEARTBEAT', padding: 'x'.repeat(98_000) });
      await client.settled();
      client.send({ type: 'HEARTBEAT', padding: 'x'.repeat(98_304) });
      assert.equal((await client.closed).code, 1009);
      assert.equal(await counter(server, 'refusals_total{reason="frame-size"}'), 1);
    }));

  it('what is no text: 1007', () =>
    withServer({}, async (server) => {
      const client = await Client.member(server, newId());
      client.socket.send(Buffer.from([0xff, 0xfe]), { binary: false });
      assert.equal((await client.closed).code, 1007);
      assert.equal(await counter(server, 'refusals_total{reason="not-utf8"}'), 1);
    }));

  it('the name of a room: room-invalid', () =>
    withServer({}, async (server) => {
      const client = await Client.connect(server);
      await client.join('x'.repeat(200));
      client.send({ type: 'ROOM-JOIN', version: 1, room: 'x'.repeat(201) });
      const { detail } = await client.take('ROOM-ERROR', { code: 'room-invalid' });
      assert.match(String(detail), /1 to 200 characters/);
      assert.equal(await counter(server, 'joins_total{result="room-invalid"}'), 1);
    }));

  it('time to join: 1008', () =>
    withServer({ joinWithin: 1 }, async (server) => {
      const client = await Client.connect(server);
      assert.deepEqual(await client.closed, { code: 1008, reason: 'no ROOM-JOIN in time' });
      assert.equal(await counter(server, 'refusals_total{reason="no-join"}'), 1);
    }));

  it('time for which an answer may go unread: the connection is ended', async () => {
    const server = await startServer({ config: { metrics: true }, timings: { unreadFor: 300 } });
    const { port } = server;
    const slow = connect({ port, host: '127.0.0.1' });
    slow.pause();
    slow.on('error', () => undefined);
    const request = 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n';
    // More than fits into what the two systems keep for a connection.
    slow.write(request.repeat(3_000));
    // Who does not read learns of the end by writing.
    const write = (): boolean => slow.write(request);
    await until(() => slow.closed || (write(), false), 'the end of the connection', 50);
    await server.stop();
  });

  it('bytes that wait for a slow reader: it is cut off, since it would not read a word', () =>
    withServer(
      { limits: limits({ bufferedBytes: 262_144, framesPerSecond: 1e6, bytesPerSecond: 1e9 }) },
      async (server) => {
        const room = newId();
        const slow = await Client.member(server, room);
        const fast = await Client.member(server, room);
        slow.socket.pause();
        const signal = { kind: 'description', round: 1, type: 'offer', sources: [] };
        const frame = { type: 'ROOM-SIGNAL', dst: slow.id, link: newId() };
        await until(async () => {
          for (let n = 0; n < 20; n++)
            fast.send({ ...frame, signal: { ...signal, sdp: 'x'.repeat(60_000) } });
          await fast.settled();
          return fast.types().includes('ROOM-PRESENCE');
        }, 'the end of the slow reader');
        assert.equal(await counter(server, 'refusals_total{reason="slow-reader"}'), 1);
      },
    ));
});
