import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isAllowedOrigin, parseOrigin } from '../../server/origins.ts';
import { Client, mainIsUp, newId, runMain, startServer, type TestServer } from './helpers.ts';

/** The status of the answer to an upgrade with these headers. */
async function upgradeStatus(server: TestServer, headers: Record<string, string>): Promise<number> {
  const { socket } = Client.open(server, { options: { headers } });
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  socket.terminate();
  return response.statusCode ?? 0;
}

describe('origins', () => {
  it('are compared whole', () => {
    const allowed = ['https://example.com', 'https://*.example.org', 'http://localhost:8080'];
    for (const origin of [
      'https://example.com',
      'https://a.example.org',
      'https://a.b.example.org',
      'http://localhost:8080',
    ])
      assert.ok(isAllowedOrigin(origin, allowed), origin);
    for (const origin of [
      'http://example.com',
      'https://example.com:8443',
      'https://www.example.com',
      'https://example.com.evil.net',
      'https://evilexample.com',
      'https://example.org',
      'https://evilexample.org',
      'https://.example.org',
      'https://evil.net/.example.org',
      'https://evil.net#.example.org',
      'http://a.example.org',
      'http://localhost',
      'null',
      '',
      undefined,
    ])
      assert.ok(!isAllowedOrigin(origin, allowed), String(origin));
    assert.ok(isAllowedOrigin(undefined, undefined));
    assert.ok(isAllowedOrigin('null', undefined));
  });

  it('are read as browsers write them', () => {
    assert.equal(parseOrigin('HTTPS://Example.com:443/'), 'https://example.com');
    assert.equal(parseOrigin('http://[::1]:8080'), 'http://[::1]:8080');
    assert.equal(parseOrigin('https://*.Example.com'), 'https://*.example.com');
    for (const text of [
      '*',
      'example.com',
      'https://',
      'https://a/b',
      'https://u@a',
      'https://a.*',
      'ftp://a',
      'https://*.*.a.b',
    ])
      assert.equal(parseOrigin(text), undefined, text);
  });
});

describe('a server for some origins', () => {
  const origin = 'https://shop.example.com';
  let dist: string;
  let server: TestServer;
  before(async () => {
    dist = await mkdtemp(join(tmpdir(), 'video-call-'));
    await writeFile(join(dist, 'index.html'), '<!doctype html>');
    await writeFile(join(dist, 'video-call.js'), 'export {};');
    server = await startServer({ dist, config: { allowOrigins: [origin] } });
  });
  after(async () => {
    await server.stop();
    await rm(dist, { recursive: true });
  });

  it('lets their pages connect, and answers 403 to all others', async () => {
    await Client.member(server, newId(), { options: { headers: { origin } } });
    for (const foreign of [
      'https://evil.example',
      `${origin}.evil.example`,
      'null',
      'http://shop.example.com',
    ])
      assert.equal(await upgradeStatus(server, { origin: foreign }), 403, foreign);
    assert.equal(await upgradeStatus(server, {}), 403);
  });

  it('lets their pages load the script, and no others', async () => {
    const load = (headers: Record<string, string>, path = 'video-call.js'): Promise<Response> =>
      fetch(server.url + path, { headers });
    const allowed = await load({ origin });
    assert.equal(allowed.status, 200);
    assert.equal(allowed.headers.get('access-control-allow-origin'), origin);
    assert.match(allowed.headers.get('vary') ?? '', /Origin/);
    for (const path of ['video-call.js', '', 'healthz']) {
      const refused = await load({ origin: 'https://evil.example' }, path);
      assert.equal(refused.status, 403);
      assert.equal(refused.headers.get('access-control-allow-origin'), null);
    }
    // A visitor who types the address in, and the page that comes then.
    const own = await load({});
    assert.equal(own.status, 200);
    assert.equal(own.headers.get('access-control-allow-origin'), null);
    assert.match(own.headers.get('vary') ?? '', /Origin/);
    assert.equal((await load({}, '')).status, 200);
  });
});

describe('a server without a list of origins', () => {
  it('says so at start, and takes any', async () => {
    const main = runMain(['--port', '0', '--host', '127.0.0.1', '--stun-port', 'off']);
    const server = { url: `http://127.0.0.1:${await mainIsUp(main)}/` };
    assert.match(
      main.stdout(),
      /Origins {3}any: every website may use this server .*--allow-origin/,
    );
    const options = { headers: { origin: 'https://anyone.example' } };
    await Client.member(server, newId(), { options });
    main.process.kill('SIGTERM');
    await main.done;
  });
});
