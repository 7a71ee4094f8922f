import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Client, newId, offer, startServer, type TestServer } from './helpers.ts';
import { noNginx, startNginx, type Nginx } from './nginx.ts';

describe('behind nginx with deploy/nginx.conf, under a prefix', { skip: noNginx }, () => {
  let dist: string;
  let server: TestServer;
  let nginx: Nginx;
  let front: { readonly url: string };
  before(async () => {
    dist = await mkdtemp(join(tmpdir(), 'video-call-'));
    await writeFile(join(dist, 'index.html'), '<!doctype html><title>demo</title>');
    await writeFile(join(dist, 'video-call.js'), 'export {};');
    server = await startServer({ dist, config: { path: '/calls/', stunPort: 0 } });
    nginx = await startNginx(server.port);
    front = { url: `http://127.0.0.1:${nginx.port}/calls/` };
  });
  after(async () => {
    await nginx.stop();
    await server.stop();
    await rm(dist, { recursive: true });
  });

  it('pages and the script are there, with their headers', async () => {
    const page = await fetch(`${front.url}?room=x`);
    assert.equal(page.status, 200);
    assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'self'/);
    const script = await fetch(`${front.url}video-call.js`);
    assert.equal(script.headers.get('access-control-allow-origin'), '*');
    assert.equal(await script.text(), 'export {};');
    assert.equal((await fetch(`${front.url}readyz`)).status, 200);
    assert.equal((await fetch(`${front.url}nothing`)).status, 404);
    assert.equal((await fetch(`http://127.0.0.1:${nginx.port}/`)).status, 404);
  });

  it('the prefix without its slash leads to the page, by the name and port of the visitor', async () => {
    const { status, headers } = await fetch(`${front.url.slice(0, -1)}?room=x`, {
      redirect: 'manual',
    });
    assert.equal(status, 308);
    assert.equal(headers.get('location'), '/calls/?room=x');
  });

  it('callers meet, and learn STUN by the name that they used', async () => {
    const room = newId();
    const headers = { host: 'calls.example.com:8443' };
    const one = await Client.connect(front, { options: { headers } });
    const { iceServers } = await one.join(room);
    assert.deepEqual(iceServers, [{ urls: [`stun:calls.example.com:${server.stunPort}`] }]);
    const other = await Client.member(front, room);
    await one.take('ROOM-JOINED', { id: other.id });
    other.send(offer(one.id));
    await one.take('OFFER', { src: other.id });
    // Everyone of the same room, whether through nginx or not.
    const direct = await Client.member(server, room);
    await one.take('ROOM-JOINED', { id: direct.id });
    await other.crash();
    await one.take('ROOM-PRESENCE', { id: other.id, away: true });
  });

  it('frames of the largest size pass in both directions', async () => {
    const room = newId();
    const one = await Client.member(front, room);
    const other = await Client.member(front, room);
    const sdp = `v=0\r\n${'a'.repeat(63_000)}`;
    other.send(offer(one.id, { sdp: { type: 'offer', sdp } }));
    const { payload } = await one.take('OFFER');
    assert.equal((payload as { sdp: { sdp: string } }).sdp.sdp, sdp);
  });
});
