import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client, newId, offer, runMain, startServer, until } from './helpers.ts';

const values = (text: string): Map<string, number> =>
  new Map(
    text
      .split('\n')
      .filter((line) => line.startsWith('video_call_'))
      .map((line) => {
        const [name = '', value] = line.replace('video_call_', '').split(' ');
        return [name, Number(value)];
      }),
  );

describe('metrics', () => {
  it('count what happens, and say nothing of who', async () => {
    const server = await startServer({ config: { metrics: true, roomCapacity: 2 } });
    const room = newId();
    const one = await Client.member(server, room);
    const other = await Client.member(server, room);
    await other.join(room);
    other.send(offer(one.id));
    await one.take('OFFER');
    const third = await Client.connect(server);
    third.send({ type: 'ROOM-JOIN', version: 1, room });
    await third.take('ROOM-ERROR');
    third.send({ type: 'ROOM-JOIN', version: 99, room });
    await third.take('ROOM-ERROR');
    await Client.open(server, { id: one.id }).closed;
    const response = await fetch(`${server.url}metrics`);
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain;.*version=0\.0\.4/);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    const text = await response.text();
    const found = values(text);
    assert.equal(found.get('rooms'), 1);
    assert.equal(found.get('members'), 2);
    assert.equal(found.get('connections'), 3);
    assert.equal(found.get('joins_total{result="new"}'), 2);
    assert.equal(found.get('joins_total{result="again"}'), 1);
    assert.equal(found.get('joins_total{result="room-full"}'), 1);
    assert.equal(found.get('joins_total{result="version-unsupported"}'), 1);
    assert.equal(found.get('refusals_total{reason="id-taken"}'), 1);
    const frames = found.get('frames_total') ?? 0;
    assert.ok(frames >= 5, String(frames));
    assert.ok((found.get('bytes_total') ?? 0) > 5 * 40);
    assert.match(text, /nodejs_eventloop_lag_p99_seconds \d/);
    // One frame was relayed; what was answered or refused does not count.
    assert.equal(found.get('relay_seconds_count'), 1);
    assert.equal(found.get('relay_seconds_bucket{le="+Inf"}'), 1);
    assert.equal(found.get('buffered_bytes'), 0);
    for (const secret of [room, one.id, one.token, '127.0.0.1'])
      assert.ok(!text.includes(secret), secret);
    // Counters only grow.
    await one.settled();
    const later = values(await (await fetch(`${server.url}metrics`)).text());
    assert.equal(later.get('frames_total'), frames + 1);
    await server.stop();
  });

  it('are shown to nobody unless asked for', async () => {
    const server = await startServer();
    assert.equal((await fetch(`${server.url}metrics`)).status, 404);
    await server.stop();
  });

  it('may have a port of their own, with nothing else on it', async () => {
    const server = await startServer({ config: { metricsAt: { host: '127.0.0.1', port: 0 } } });
    assert.equal((await fetch(`${server.url}metrics`)).status, 404);
    const own = `http://127.0.0.1:${server.metricsPort}`;
    assert.equal(values(await (await fetch(`${own}/metrics`)).text()).get('rooms'), 0);
    for (const path of ['/', '/healthz', '/video-call.js', '/peerjs'])
      assert.equal((await fetch(own + path)).status, 404, path);
    // A second server on the same port for them says so by name, and leaves nothing open.
    const flags = ['--port', '0', '--host', '127.0.0.1', '--stun-port', 'off'];
    const second = await runMain([...flags, '--metrics-port', String(server.metricsPort)]).done;
    assert.equal(second.code, 1);
    assert.match(second.stderr, /^--metrics-port is "127\.0\.0\.1:\d+", which could not be opened/);
    await server.stop();
    await until(
      () =>
        fetch(`${own}/metrics`).then(
          () => false,
          () => true,
        ),
      'the port to close',
    );
  });
});
