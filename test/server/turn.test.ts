import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { IceServer } from '../../src/protocol/ice.ts';
import { isServerFrame } from '../../src/protocol/room.ts';
import { turnCredentials } from '../../server/ice.ts';
import { noCoturn, startCoturn, type Coturn } from './coturn.ts';
import { Client, mainIsUp, newId, runMain, startServer, type Frame } from './helpers.ts';
import { TurnClient, type Credentials } from './turn-client.ts';

const SECRET = 'a secret of the tests'.replaceAll(' ', '-');
const URLS = ['turn:turn.example.com:3478', 'turns:turn.example.com:5349?transport=tcp'];
const turn = (ttl: number) => ({
  urls: URLS,
  secret: { kind: 'text', text: SECRET } as const,
  ttl,
});

function turnOf(frame: Frame): { expires: number; user: string; server: IceServer } {
  assert.ok(isServerFrame(frame), JSON.stringify(frame));
  const servers = frame.iceServers as readonly IceServer[];
  assert.equal(servers.length, 1);
  const [server] = servers;
  const [expires = '', user = ''] = server!.username!.split(':');
  return { expires: Number(expires), user, server: server! };
}

describe('TURN credentials', () => {
  it('are what coturn expects, for as long as was said, one user for each member', async () => {
    const server = await startServer({ config: { turn: turn(600) } });
    const before = Math.floor(Date.now() / 1_000);
    const room = newId();
    const one = await Client.connect(server);
    const welcome = await one.join(room);
    assert.equal(welcome['iceTtl'], 600);
    const { expires, user, server: mine } = turnOf(welcome);
    assert.deepEqual(mine.urls, URLS);
    assert.ok(expires >= before + 600 && expires <= Math.ceil(Date.now() / 1_000) + 600);
    const expected = createHmac('sha1', SECRET).update(mine.username!).digest('base64');
    assert.equal(mine.credential, expected);
    assert.match(user, /^[\w-]{12}$/);
    assert.ok(!mine.username!.includes(one.id));

    const other = await Client.connect(server);
    assert.notEqual(turnOf(await other.join(room)).user, user);
    // The quota of a user goes on through a lost socket.
    await one.crash();
    const back = await Client.connect(server, one);
    assert.equal(turnOf(await back.join(room)).user, user);
    await server.stop();
  });

  it('are given for a minute to who only looks at the network, with a second STUN port', async () => {
    const server = await startServer({ config: { turn: turn(600), stunPort: 0 } });
    const before = Math.floor(Date.now() / 1_000);
    const looker = await Client.connect(server);
    looker.send({ type: 'ROOM-PROBE' });
    const frame = await looker.take('ROOM-ICE');
    assert.ok(isServerFrame(frame));
    assert.equal(frame.iceTtl, 60);
    const [stun, mine] = frame.iceServers as readonly IceServer[];
    const port = Number(stun!.urls[0]!.split(':')[2]);
    assert.equal(frame.probe, `stun:127.0.0.1:${String(port + 1)}`);
    assert.ok(Number(mine!.username!.split(':')[0]) <= Math.ceil(Date.now() / 1_000) + 60);
    assert.ok(Number(mine!.username!.split(':')[0]) >= before + 60);
    await server.stop();
  });

  it('are given to an address no more often than it may join', async () => {
    const server = await startServer({ config: { joinsPerAddress: 2 } });
    const refused = await Client.connect(server);
    for (let n = 0; n < 2; n++) refused.send({ type: 'ROOM-PROBE' });
    await refused.take('ROOM-ICE');
    await refused.take('ROOM-ICE');
    refused.send({ type: 'ROOM-PROBE' });
    assert.equal((await refused.take('ROOM-ERROR'))['code'], 'rate-limited');
    await server.stop();
  });

  it('are renewed well before they expire, for members and nobody else', async () => {
    const server = await startServer({ config: { turn: turn(2), awayGrace: 60 } });
    const room = newId();
    const stays = await Client.connect(server);
    const first = turnOf(await stays.join(room));
    const joinedAt = performance.now();
    const leaves = await Client.member(server, room);
    leaves.send({ type: 'ROOM-LEAVE' });
    const goes = await Client.member(server, room);
    await goes.crash();
    const frame = await stays.take('ROOM-ICE');
    const waited = performance.now() - joinedAt;
    assert.ok(waited > 1_200 && waited < 1_900, `after ${waited} ms of 2,000`);
    assert.equal(frame['iceTtl'], 2);
    const second = turnOf(frame);
    assert.equal(second.user, first.user);
    assert.ok(second.expires > first.expires);
    await stays.take('ROOM-ICE');
    await leaves.settled();
    assert.deepEqual(leaves.types(), []);
    // Who comes back is renewed again.
    const back = await Client.connect(server, goes);
    await back.join(room);
    await back.take('ROOM-ICE');
    await server.stop();
  });

  it('do not expire where there are none', async () => {
    const server = await startServer();
    const client = await Client.connect(server);
    assert.equal((await client.join(newId()))['iceTtl'], 0);
    await server.stop();
  });

  it('are made from a secret that is never shown', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'video-call-'));
    const file = join(folder, 'secret');
    await writeFile(file, `${SECRET}\n`);
    const flags = [
      '--port',
      '0',
      '--host',
      '127.0.0.1',
      '--stun-port',
      'off',
      '--turn-url',
      URLS[0]!,
    ];
    const main = runMain([...flags, '--turn-secret-file', file]);
    const server = { url: `http://127.0.0.1:${await mainIsUp(main)}/` };
    const client = await Client.connect(server);
    const { server: mine } = turnOf(await client.join(newId()));
    const expected = createHmac('sha1', SECRET).update(mine.username!).digest('base64');
    assert.equal(mine.credential, expected);
    main.process.kill('SIGTERM');
    const { stdout, stderr } = await main.done;
    assert.match(stdout, /TURN {6}turn:turn\.example\.com:3478, credentials good for 3600 s/);
    assert.doesNotMatch(stdout + stderr + JSON.stringify(client.frames), new RegExp(SECRET));

    await writeFile(file, 'short-one');
    for (const [name, why] of [
      [file, /whose text is too short/],
      [join(folder, 'nothing'), /cannot be read \(ENOENT\)/],
    ] as const) {
      const refused = await runMain([...flags, '--turn-secret-file', name]).done;
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /^--turn-secret-file is "/);
      assert.match(refused.stderr, why);
      assert.doesNotMatch(refused.stderr, /short-one/);
    }
    await rm(folder, { recursive: true });
  });
});

describe('coturn with deploy/turnserver.conf', { skip: noCoturn }, () => {
  let coturn: Coturn;
  before(async () => {
    coturn = await startCoturn(SECRET);
  });
  after(() => coturn.stop());

  async function using<T>(
    credentials: Credentials,
    use: (client: TurnClient) => Promise<T>,
  ): Promise<T> {
    const client = await TurnClient.open(coturn.port, credentials);
    try {
      return await use(client);
    } finally {
      client.close();
    }
  }

  it('takes the credentials of our server', async () => {
    const server = await startServer({ config: { turn: turn(60) } });
    const client = await Client.connect(server);
    const { username = '', credential = '' } = turnOf(await client.join(newId())).server;
    assert.equal(await using({ username, credential }, (caller) => caller.allocate()), 200);
    await server.stop();
  });

  it('answers 401 to expired, changed and made-up credentials', async () => {
    const good = turnCredentials(SECRET, 'user', 60);
    const wrong: Record<string, Credentials> = {
      expired: turnCredentials(SECRET, 'user', -5),
      'of another secret': turnCredentials(`${SECRET}!`, 'user', 60),
      'with more time': { ...good, username: good.username.replace(/^\d/, '2') },
      'without a time': { username: 'user', credential: good.credential },
      'without a password': { ...good, credential: '' },
    };
    for (const [name, credentials] of Object.entries(wrong))
      assert.equal(await using(credentials, (caller) => caller.allocate()), 401, name);
  });

  it('keeps a relay that runs longer than its credentials', async () => {
    await using(turnCredentials(SECRET, 'user', 2), async (caller) => {
      assert.equal(await caller.allocate(), 200);
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      assert.equal(await caller.permit('9.9.9.9'), 200);
      assert.equal(await caller.refresh(), 200);
    });
  });

  const networks = {
    4: {
      // Each range by its first and last address, and the neighbours that are open.
      denied:
        '0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1 127.255.255.255 ' +
        '169.254.0.0 169.254.169.254 169.254.255.255 172.16.0.0 172.31.255.255 192.0.0.0 192.0.0.255 192.0.2.1 ' +
        '192.88.99.1 192.168.0.0 192.168.255.255 198.18.0.0 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 ' +
        '239.255.255.255 240.0.0.0 255.255.255.255',
      open:
        '1.0.0.0 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 169.253.255.255 ' +
        '169.255.0.0 172.15.255.255 172.32.0.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255',
    },
    6: {
      denied:
        ':: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 64:ff9b::a00:1 64:ff9b:1::1 100::1 ' +
        '1fff:ffff::1 2001::1 2001:2::1 2001:10::1 2001:20::1 2001:1ff:ffff::1 2001:db8::1 2001:db8:ffff::1 2002:a00:1::1 ' +
        '2002:7f00:1::1 3fff::1 3fff:fff::1 4000::1 5f00::1 fc00::1 fd00:ec2::254 fdff:ffff::1 fe80::1 fec0::1 ff02::1 ff0e::1',
      open: '2000::1 2001:200::1 2001:db7:ffff::1 2001:db9::1 2003::1 2606:4700::1 3ffe:ffff::1 3fff:1000::1',
    },
  } as const;
  for (const family of [4, 6] as const)
    it(`relays to the open internet and to no special range of IPv${family}`, async (t) => {
      await using(turnCredentials(SECRET, `user${family}`, 60), async (caller) => {
        const allocated = await caller.allocate(family);
        if (family === 6 && allocated !== 200) {
          t.skip(`this machine has no ::1 to relay from (${allocated})`);
          return;
        }
        assert.equal(allocated, 200);
        const { denied, open } = networks[family];
        const answers = new Map<string, number>();
        for (const peer of `${denied} ${open}`.split(' '))
          answers.set(peer, await caller.permit(peer));
        for (const peer of denied.split(' ')) assert.equal(answers.get(peer), 403, peer);
        for (const peer of open.split(' ')) assert.equal(answers.get(peer), 200, peer);
      });
    });
});

describe('the quota of coturn', { skip: noCoturn }, () => {
  type Ask = (user: string, ttl?: number) => Promise<number>;
  /** Runs with a coturn that may be asked for relays, all of which stay. */
  async function withCoturn(flags: readonly string[], test: (ask: Ask) => Promise<void>) {
    const coturn = await startCoturn(SECRET, ...flags);
    const clients: TurnClient[] = [];
    try {
      await test(async (user, ttl = 60) => {
        const client = await TurnClient.open(coturn.port, turnCredentials(SECRET, user, ttl));
        clients.push(client);
        return client.allocate();
      });
    } finally {
      for (const client of clients) client.close();
      await coturn.stop();
    }
  }

  it('counts by the user of our credentials, also when they are renewed', () =>
    withCoturn(['--user-quota=2'], async (ask) => {
      assert.equal(await ask('one', 60), 200);
      assert.equal(await ask('one', 61), 200);
      assert.equal(await ask('one', 62), 486);
      assert.equal(await ask('other', 60), 200);
    }));

  it('is that of deploy/turnserver.conf', async () => {
    const conf = await readFile(new URL('../../deploy/turnserver.conf', import.meta.url), 'utf8');
    const quota = Number(/^user-quota=(\d+)$/m.exec(conf)?.[1]);
    assert.ok(quota > 0);
    await withCoturn([], async (ask) => {
      for (let n = 0; n < quota; n++) assert.equal(await ask('one'), 200, String(n));
      assert.equal(await ask('one'), 486);
      assert.equal(await ask('other'), 200);
    });
  });
});
