import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { firstCall } from '../../scripts/lib/first-call.mjs';
import { embedPage, PageServer } from './harness/page-server.ts';
import type { Person } from './harness/person.ts';
import { TestServer } from './harness/server.ts';
import { areInCall, Stage } from './harness/stage.ts';
import { until } from './harness/until.ts';

const PREFIX = '/calls/';
const stage = Stage.set();
let behind: TestServer;
let proxy: Proxy;

/** A reverse proxy that passes `/calls/` on as it is, WebSockets too, and has a site of its own beside it. */
class Proxy {
  readonly #server: Server;
  readonly url: string;
  /** What was asked of the server behind it. */
  readonly passed: string[] = [];

  private constructor(server: Server, target: number) {
    this.#server = server;
    this.url = `http://localhost:${String((server.address() as AddressInfo).port)}/`;
    const options = (incoming: IncomingMessage): object => {
      this.passed.push(incoming.url ?? '');
      const { url: path, method, headers } = incoming;
      return { host: '127.0.0.1', port: target, path, method, headers };
    };
    server.on('request', (incoming, outgoing) => {
      if (!`${incoming.url ?? ''}/`.startsWith(PREFIX)) {
        outgoing.writeHead(404, { 'content-type': 'text/plain' }).end('Not of the calls.\n');
        return;
      }
      const passedOn = request(options(incoming), (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      passedOn.on('error', () => outgoing.writeHead(502).end());
      incoming.pipe(passedOn);
    });
    server.on('upgrade', (incoming, socket, head) => {
      const passedOn = request(options(incoming));
      passedOn.on('upgrade', (answer, upstream, first) => {
        const headers = Object.entries(answer.headers).map(
          ([name, value]) => `${name}: ${String(value)}`,
        );
        socket.write(`HTTP/1.1 101 Switching Protocols\r\n${headers.join('\r\n')}\r\n\r\n`);
        if (head.length > 0) upstream.write(head);
        if (first.length > 0) socket.write(first);
        upstream.pipe(socket).pipe(upstream);
        for (const [one, other] of [
          [upstream, socket],
          [socket, upstream],
        ] as const)
          one.on('error', () => other.destroy()).on('close', () => other.destroy());
      });
      for (const broken of ['response', 'error']) passedOn.on(broken, () => socket.destroy());
      passedOn.end();
    });
  }

  static async start(target: number): Promise<Proxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Proxy(server, target);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

before(async () => {
  behind = await TestServer.start('--path', PREFIX);
  proxy = await Proxy.start(behind.port);
});
after(async () => {
  await proxy.stop();
  await behind.down();
});

const scripts = (person: Person): string[] =>
  person.requests
    .map((url) => new URL(url).pathname)
    .filter((path) => path.endsWith('.js'))
    .sort();

test('under a prefix behind a proxy: script, parts and socket are all found there', async () => {
  const base = `${proxy.url}calls/`;
  const site = await PageServer.start(() =>
    embedPage(base, '<video-call room="prefix" name="Me" lang="de"></video-call>'),
  );
  try {
    const one = await stage.visitUrl(site.url, { viewport: { width: 900, height: 600 } });
    // Words in another language are a part that is loaded from beside the script as well.
    await one.page.getByRole('button', { name: 'Teilnehmen' }).click();
    await one.hasState('joined');
    const two = await stage.visitUrl(site.url);
    await two.page.getByRole('button', { name: 'Teilnehmen' }).click();
    await areInCall(one, two);
    await one.page.getByRole('button', { name: /^Chat/ }).click();
    await one.page.getByRole('textbox').waitFor();

    const asked = one.requests.filter(
      (url) => !url.startsWith(site.url) && !/^(blob|data):/.test(url),
    );
    assert.ok(asked.length >= 5, asked.join('\n'));
    for (const url of asked)
      assert.ok(url.startsWith(base) || url.startsWith(base.replace('http', 'ws')), url);
    assert.ok(
      proxy.passed.some((path) => path.startsWith(`${PREFIX}peerjs?`)),
      'the socket too',
    );
    assert.deepEqual(one.pageErrors, []);
  } finally {
    await site.stop();
  }
});

test('a server attribute with a prefix, from another origin than the script', async () => {
  for (const server of [`${proxy.url}calls/`, `${proxy.url}calls`, `${behind.url}calls/`]) {
    const room = stage.room();
    const one = await stage.caller(room, `server="${server}"`);
    const two = await stage.caller(room, `server="${server}"`);
    await areInCall(one, two);
    const socket = new URL(one.sockets[0]!.url());
    assert.equal(socket.pathname, `${PREFIX}peerjs`);
    assert.equal(socket.host, new URL(server).host);
    await Promise.all([one.close(), two.close()]);
  }
});

test('the demo under the prefix finds its own files, and makes a call', async () => {
  const page = await stage.visitUrl(`${proxy.url}calls`, { viewport: { width: 900, height: 700 } });
  assert.equal(new URL(page.page.url()).pathname, PREFIX);
  await page.page.waitForLoadState('networkidle');
  assert.equal(
    await page.page.evaluate(() => customElements.get('video-call') !== undefined),
    true,
  );
  const base = `${proxy.url}calls/`;
  for (const url of page.requests.filter((one) => one.startsWith('http')))
    assert.ok(url === `${proxy.url}calls` || url.startsWith(base), url);
  assert.deepEqual(page.pageErrors, []);
});

test('what a first call loads is what the size budget counts', async () => {
  const site = await PageServer.start((path) =>
    embedPage(
      stage.server.url,
      `<video-call room="bytes" lang="en" ${path.includes('lobby') ? '' : 'autojoin'}></video-call>`,
    ),
  );
  try {
    const expected = firstCall()
      .filter(({ isFirst }) => isFirst)
      .map(({ file }) => `/${file}`)
      .sort();
    assert.ok(expected.length >= 2, expected.join());
    const friend = await stage.visitUrl(site.url);
    await friend.hasState('joined');
    for (const path of ['', 'lobby']) {
      const person = await stage.visitUrl(`${site.url}${path}`);
      if (path === 'lobby') {
        await person.page.locator('[data-network]').waitFor();
        await person.join();
      }
      await person.hasState('joined');
      await person.sees(2);
      await until(
        async () =>
          [...(await person.received()).values()].some(({ framesDecoded }) => framesDecoded > 0),
        'the first frame',
      );
      const loaded = scripts(person);
      // What the lobby looks at the network and the machine with comes while it is shown; no call waits for it.
      const looks = loaded.filter((file) => /^\/chunks\/(preflight|encode-time)-/.test(file));
      assert.equal(looks.length, path === 'lobby' ? 2 : 0);
      assert.deepEqual(
        loaded.filter((file) => !looks.includes(file)),
        expected,
      );
      await person.close();
    }
  } finally {
    await site.stop();
  }
});
