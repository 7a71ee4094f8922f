import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Client, health, newId, startServer, type TestServer } from './helpers.ts';

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Asks for exactly this path, where `fetch` would tidy it up first. */
function get(server: TestServer, path: string, headers = {}, method = 'GET'): Promise<Answer> {
  const send = server.isSecure ? httpsRequest : httpRequest;
  const { port } = server;
  const options = { port, host: '127.0.0.1', path, headers, method, rejectUnauthorized: false };
  return new Promise((resolve, reject) => {
    send(options, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => {
        resolve({ status: response.statusCode, headers: response.headers, body });
      });
    })
      .on('error', reject)
      .end();
  });
}

let folder: string;
let dist: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'video-call-'));
  dist = join(folder, 'dist');
  await mkdir(join(dist, 'chunks'), { recursive: true });
  await mkdir(join(dist, 'demo'));
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await writeFile(join(dist, 'index.html'), '<!doctype html><title>demo</title>');
  await writeFile(join(dist, 'video-call.js'), 'export {};');
  await writeFile(join(dist, 'chunks', 'peerjs-abcd1234.js'), 'export {};');
  await writeFile(join(dist, 'demo', 'index-AbCd_12-.css'), 'body{}');
  await writeFile(join(dist, '.env'), 'secret');
});
after(() => rm(folder, { recursive: true }));

describe('what is built', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer({ dist });
  });
  after(() => server.stop());

  it('has the script for pages of any origin', async () => {
    const { status, headers, body } = await get(server, '/video-call.js');
    assert.equal(status, 200);
    assert.equal(body, 'export {};');
    assert.match(String(headers['content-type']), /^(text|application)\/javascript/);
    assert.equal(headers['access-control-allow-origin'], '*');
    assert.equal(headers['cross-origin-resource-policy'], 'cross-origin');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['cache-control'], 'public, max-age=300, must-revalidate');
    assert.equal(headers['x-powered-by'], undefined);
    const etag = String(headers['etag']);
    assert.equal((await get(server, '/video-call.js', { 'if-none-match': etag })).status, 304);
  });

  it('has chunks that never change', async () => {
    for (const path of ['/chunks/peerjs-abcd1234.js', '/demo/index-AbCd_12-.css']) {
      const { status, headers } = await get(server, path);
      assert.equal(status, 200);
      assert.match(String(headers['cache-control']), /immutable/);
      assert.equal(headers['access-control-allow-origin'], '*');
    }
  });

  it('has the demo, which may use cameras and is protected', async () => {
    const { status, headers, body } = await get(server, '/');
    assert.equal(status, 200);
    assert.match(body, /demo/);
    assert.equal(headers['content-type'], 'text/html; charset=UTF-8');
    assert.equal(headers['cache-control'], 'no-cache');
    assert.match(
      String(headers['content-security-policy']),
      /default-src 'self'; script-src 'self';/,
    );
    assert.match(String(headers['content-security-policy']), /frame-ancestors 'self'/);
    for (const feature of ['camera', 'microphone', 'display-capture'])
      assert.ok(String(headers['permissions-policy']).includes(`${feature}=(self)`));
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['access-control-allow-origin'], undefined);
    // The room is in the query or the fragment of a shared link.
    assert.equal((await get(server, '/?room=x')).status, 200);
  });

  it('is all there is', async () => {
    const paths = [
      '/nothing',
      '/video-call.js/',
      '/demo/',
      '/chunks',
      '/.env',
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/%2e%2e/secret.txt',
      '/chunks/../../secret.txt',
      '/chunks/..%5c..%5csecret.txt',
      '//secret.txt',
      '/peerjs',
      '/peerjs/id',
      '/peerjs/peers',
      '/HEALTHZ',
      '/%',
      '/%00',
    ];
    for (const path of paths) {
      const { status, headers, body } = await get(server, path);
      assert.ok([400, 403, 404].includes(Number(status)), `${path}: ${status}`);
      assert.doesNotMatch(body, /secret/);
      assert.match(String(headers['content-type']), /^text\/plain/);
      assert.equal(headers['x-content-type-options'], 'nosniff');
    }
  });

  it('is read only', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])
      assert.equal((await get(server, '/', {}, method)).status, 405);
    const { status, body } = await get(server, '/', {}, 'HEAD');
    assert.equal(status, 200);
    assert.equal(body, '');
  });

  it('has its health', async () => {
    const { headers, body } = await get(server, '/healthz');
    assert.match(String(headers['content-type']), /^application\/json/);
    assert.equal(headers['cache-control'], 'no-store');
    assert.deepEqual(Object.keys(JSON.parse(body) as object), [
      'status',
      'rooms',
      'members',
      'uptime',
    ]);
  });
});

describe('what is not built', () => {
  it('is said with the command that builds it', async () => {
    const server = await startServer({ dist: join(folder, 'nowhere') });
    const { status, body } = await get(server, '/');
    assert.equal(status, 404);
    assert.match(body, /npm run build/);
    await server.stop();
  });
});

describe('under a prefix', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer({ dist, config: { path: '/calls/' } });
  });
  after(() => server.stop());

  it('is everything, and nothing is outside of it', async () => {
    for (const path of ['/calls/', '/calls/video-call.js', '/calls/healthz'])
      assert.equal((await get(server, path)).status, 200, path);
    for (const path of ['/', '/video-call.js', '/healthz', '/callsx/', '/Calls/'])
      assert.equal((await get(server, path)).status, 404, path);
    const { status, headers } = await get(server, '/calls?room=x');
    assert.equal(status, 308);
    assert.equal(headers['location'], '/calls/?room=x');
  });

  it('calls work there, and only there', async () => {
    await Client.member(server, newId());
    const outside = Client.open({ url: server.url.replace('calls/', '') });
    assert.equal((await outside.closed).code, 1006);
  });
});

describe('HTTPS', () => {
  it('works with a certificate made at start', async () => {
    const server = await startServer({ dist, config: { tls: { kind: 'self-signed' } } });
    assert.equal((await get(server, '/')).status, 200);
    const room = newId();
    const one = await Client.member(server, room);
    await Client.member(server, room);
    await one.take('ROOM-JOINED');
    await server.stop();
  });
});

describe('ICE servers', () => {
  const hostOf = async (server: TestServer, host: string): Promise<unknown> => {
    const client = await Client.connect(server, { options: { headers: { host } } });
    return (await client.join(newId()))['iceServers'];
  };

  it('are our own STUN, under the name that the client used, and those of the operator', async () => {
    const turn = { urls: ['turn:t.example.com'], username: 'u', credential: 'p' };
    const server = await startServer({ config: { stunPort: 0, iceServers: [turn] } });
    const stun = (host: string): unknown[] => [{ urls: [`stun:${host}:${server.stunPort}`] }, turn];
    assert.deepEqual(await hostOf(server, 'calls.example.com:8443'), stun('calls.example.com'));
    assert.deepEqual(await hostOf(server, '192.0.2.1'), stun('192.0.2.1'));
    assert.deepEqual(await hostOf(server, '[2001:db8::1]:9000'), stun('[2001:db8::1]'));
    for (const host of ['a b', '<b>', 'x@y', 'a/b', '-', 'x'.repeat(300), '[x]'])
      assert.deepEqual(await hostOf(server, host), [turn], host);
    await server.stop();
  });

  it('carry the public name when there is one', async () => {
    for (const [publicHost, shown] of [
      ['stun.example.com', 'stun.example.com'],
      ['2001:db8::1', '[2001:db8::1]'],
    ] as const) {
      const server = await startServer({ config: { stunPort: 0, publicHost } });
      const expected = [{ urls: [`stun:${shown}:${server.stunPort}`] }];
      assert.deepEqual(await hostOf(server, 'elsewhere'), expected);
      await server.stop();
    }
  });

  it('are no more than a client takes', async () => {
    const iceServers = Array.from({ length: 16 }, (_, n) => ({ urls: [`stun:s${n}`] }));
    const server = await startServer({ config: { stunPort: 0, iceServers } });
    assert.equal(((await hostOf(server, 'x')) as unknown[]).length, 16);
    assert.equal((await health(server)).rooms, 1);
    await server.stop();
  });
});
