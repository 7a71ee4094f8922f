import assert from 'node:assert/strict';
import { generateKeyPairSync, createHmac, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { exportJWK, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { createToken } from '../../server/create-token.ts';
import { fits } from '../../server/tokens.ts';
import { LIMITS } from '../../src/protocol/limits.ts';
import { Client, newId, startServer, until, type TestServer } from './helpers.ts';

const SECRET = 'a-secret-of-at-least-32-characters';
const now = (): number => Math.floor(Date.now() / 1_000);
const claims = (changes: JWTPayload = {}): JWTPayload => ({
  room: 'team-*',
  exp: now() + 60,
  ...changes,
});
const signed = (
  payload: JWTPayload,
  key: KeyObject | Uint8Array = new TextEncoder().encode(SECRET),
  header: { alg: string; kid?: string } = { alg: 'HS256' },
): Promise<string> => new SignJWT(payload).setProtectedHeader(header).sign(key);

/** What the server says to a join with this token: its code, or `welcome`. */
async function answer(server: TestServer, room: string, token?: string): Promise<unknown> {
  const client = await Client.connect(server);
  client.ask(room, token === undefined ? {} : { token });
  await until(
    () => client.types().some((type) => type === 'ROOM-ERROR' || type === 'ROOM-WELCOME'),
    'an answer',
  );
  const [frame] = client.frames;
  client.socket.close();
  await client.closed;
  return frame?.['code'] ?? 'welcome';
}

describe('fits', () => {
  for (const [room, pattern, expected] of [
    ['standup', 'standup', true],
    ['standup', 'stand', false],
    ['Standup', 'standup', false],
    ['team-a', 'team-*', true],
    ['team-', 'team-*', true],
    ['my-team-a', 'team-*', false],
    ['anything', '*', true],
    ['a-x-b', 'a-*-b', true],
    ['a-b', 'a-*-b', false],
    ['abab', 'ab*ab', true],
    ['aba', 'ab*ba', false],
    ['a1b2c', 'a*b*c', true],
    ['a1c2b', 'a*b*c', false],
    ['team.a', 'team.*', true],
    ['teamXa', 'team.*', false],
    ['a*b', 'a*b', true],
    ['x', '**', true],
  ] as const)
    it(`${room} ${expected ? 'fits' : 'does not fit'} ${pattern}`, () => {
      assert.equal(fits(room, pattern), expected);
    });

  it('takes no longer for a pattern that is meant to take long', () => {
    const start = performance.now();
    assert.equal(fits('a'.repeat(200), `${'a*'.repeat(99)}b`), false);
    assert.ok(performance.now() - start < 100);
  });
});

describe('a server with a secret', () => {
  let server: TestServer;
  before(async () => {
    const keys = { kind: 'secret', secret: { kind: 'text', text: SECRET } } as const;
    server = await startServer({
      config: { access: { keys, audience: 'calls' }, awayGrace: 2 },
    });
  });
  after(() => server.stop());
  const good = (changes: JWTPayload = {}): Promise<string> =>
    signed(claims({ aud: 'calls', ...changes }));

  it('lets nobody in without a token, and says so', async () => {
    assert.equal(await answer(server, 'team-a'), 'token-missing');
    assert.equal(await answer(server, 'team-a', ''), 'token-missing');
  });

  it('lets in who has one, as what it says', async () => {
    const token = await createToken(SECRET, {
      room: 'team-a',
      name: ' Ada ',
      role: 'moderator',
      audience: 'calls',
    });
    const ada = await Client.connect(server);
    const welcome = await ada.join('team-a', { token });
    assert.deepEqual([welcome['role'], welcome['name']], ['moderator', 'Ada']);
    const ben = await Client.connect(server);
    const second = await ben.join('team-a', { token: await good({ role: 'viewer' }) });
    assert.equal(second['role'], 'viewer');
    assert.deepEqual(second['members'], [
      { id: ada.id, away: false, role: 'moderator', name: 'Ada' },
    ]);
    assert.equal((await ada.take('ROOM-JOINED', { id: ben.id }))['role'], 'viewer');
  });

  const refusals: Record<string, () => Promise<string> | string> = {
    'token-expired: one that has expired': () => good({ exp: now() - 60 }),
    'token-room: one for another room': () => good({ room: 'other' }),
    'token-invalid: nonsense': () => 'x.y.z',
    'token-invalid: another secret': () =>
      signed(claims({ aud: 'calls' }), new TextEncoder().encode(SECRET.toUpperCase())),
    'token-invalid: no signature (alg none)': () =>
      new UnsecuredJWT(claims({ aud: 'calls' })).encode(),
    'token-invalid: the signature cut off': async () =>
      (await good()).split('.').slice(0, 2).join('.') + '.',
    'token-invalid: HS512 with the right secret': () =>
      signed(claims({ aud: 'calls' }), new TextEncoder().encode(SECRET), { alg: 'HS512' }),
    'token-invalid: another audience': () => good({ aud: 'shop' }),
    'token-invalid: no audience': () => signed(claims()),
    'token-invalid: not before the future': () => good({ nbf: now() + 60 }),
    'token-invalid: no end': () => signed({ room: 'team-*', aud: 'calls' }),
    'token-invalid: no room': () => signed({ exp: now() + 60, aud: 'calls' }),
    'token-invalid: a list of rooms': () => good({ room: ['team-a'] }),
    'token-invalid: an unknown role': () => good({ role: 'admin' }),
    'token-invalid: a name that is no text': () => good({ name: { length: 3 } }),
    'token-invalid: a name that is too long': () => good({ name: 'x'.repeat(81) }),
    'token-invalid: a knock that is no boolean': () => good({ knock: 'no' }),
  };
  for (const [name, make] of Object.entries(refusals))
    it(`answers ${name}`, async () => {
      assert.equal(await answer(server, 'team-a', await make()), name.split(':')[0]);
    });

  it('tells nobody without a token for them which rooms there are', async () => {
    const ada = await Client.connect(server);
    await ada.join('team-open', { token: await good({ role: 'moderator' }) });
    const locked = await Client.connect(server);
    await locked.join('team-locked', { token: await good({ role: 'moderator' }) });
    assert.equal(await locked.moderate('lock', { on: true }), undefined);
    const tokens = [undefined, await good({ room: 'other' }), await good({ exp: now() - 60 }), 'x'];
    for (const token of tokens) {
      const eve = await Client.connect(server);
      const answers: unknown[] = [];
      for (const room of ['team-open', 'team-locked', 'team-nowhere']) {
        eve.ask(room, { token, host: ada.id, locked: true });
        answers.push(await eve.take('ROOM-ERROR'));
      }
      for (const other of answers) assert.deepEqual(other, answers[0]);
      await eve.settled();
      assert.deepEqual(eve.types(), []);
    }
    assert.deepEqual(ada.types(), []);
  });

  it('says why in words that hold nothing of the token', async () => {
    const client = await Client.connect(server);
    client.ask('team-a', { token: await good({ aud: 'shop-of-eve' }) });
    const { detail } = await client.take('ROOM-ERROR');
    assert.match(String(detail), /not valid.*"aud"/);
    assert.doesNotMatch(String(detail), /shop-of-eve/);
  });

  it('takes a token that is too long for an invalid frame', async () => {
    const client = await Client.connect(server);
    client.ask('team-a', { token: 'x'.repeat(LIMITS.token + 1) });
    await client.settled();
    assert.deepEqual(client.types(), []);
  });

  it('lets a member stay when its token expires, and come back without one within the grace', async () => {
    const room = 'team-expiry';
    const exp = now() + 2;
    const short = await Client.member(server, room, {}, { token: await good({ exp }) });
    // Five seconds are forgiven for clocks that differ.
    await until(() => now() > exp + 5, 'the token to expire');
    const watcher = await Client.member(server, room, {}, { token: await good() });
    await short.crash();
    await watcher.take('ROOM-PRESENCE', { id: short.id, away: true });
    const back = await Client.connect(server, { id: short.id, token: short.token });
    // With an expired token, too: membership is not asked for again.
    await back.join(room, { token: await good({ exp }) });
    await watcher.take('ROOM-PRESENCE', { id: short.id, away: false });
    await back.crash();
    await watcher.take('ROOM-LEFT', { id: short.id, reason: 'timeout' });
    const late = await Client.connect(server, { id: short.id, token: short.token });
    const expired = { token: await good({ exp }) };
    assert.equal(await late.refused(room, expired), 'token-expired');
    await late.join(room, { token: await good() });
  });

  it('takes another role over when a member shows another token', async () => {
    const room = 'team-role';
    const ada = await Client.member(server, room, {}, { token: await good() });
    const ben = await Client.member(server, room, {}, { token: await good() });
    assert.equal(await ada.moderate('lock', { on: true }), 'not-moderator');
    await ada.join(room, { token: await good({ role: 'moderator', name: 'Ada' }) });
    for (const client of [ada, ben])
      await client.take('ROOM-PRESENCE', { id: ada.id, role: 'moderator', name: 'Ada' });
    assert.equal(await ada.moderate('lock', { on: true }), undefined);
  });

  it('forgets a join that is left again before its token is checked', async () => {
    const client = await Client.connect(server);
    client.ask('team-left', { token: await good() });
    client.send({ type: 'ROOM-LEAVE' });
    client.ask('team-b', { token: await good() });
    await client.take('ROOM-WELCOME', { room: 'team-b' });
    const other = await Client.connect(server);
    assert.deepEqual((await other.join('team-left', { token: await good() }))['members'], []);
  });

  it('gives no relay to who only asks for one', async () => {
    const client = await Client.connect(server);
    client.send({ type: 'ROOM-PROBE' });
    assert.equal((await client.take('ROOM-ERROR'))['code'], 'token-missing');
    await client.settled();
    assert.deepEqual(client.types(), []);
  });

  it('takes no claim of a client for its role', async () => {
    const room = `team-${newId()}`;
    const client = await Client.connect(server);
    const welcome = await client.join(room, {
      token: await good(),
      role: 'moderator',
      name: 'Root',
      host: client.id,
    });
    assert.equal(welcome['role'], undefined);
    assert.equal(await client.moderate('end'), 'not-moderator');
  });
});

describe('a server with a key set', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  let keys: Server;
  let isBroken = false;
  let fetched = 0;
  let server: TestServer;
  before(async () => {
    const set = {
      keys: [
        { ...(await exportJWK(rsa.publicKey)), kid: 'r', alg: 'RS256' },
        { ...(await exportJWK(ec.publicKey)), kid: 'e', alg: 'ES256' },
        // An operator's mistake must not turn into a shared secret that everyone can read.
        { kty: 'oct', kid: 'o', k: Buffer.from(SECRET).toString('base64url') },
      ],
    };
    keys = createServer((_request, response) => {
      fetched++;
      response.writeHead(isBroken ? 500 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(set));
    }).listen(0, '127.0.0.1');
    await once(keys, 'listening');
    const url = `http://127.0.0.1:${(keys.address() as AddressInfo).port}/jwks.json`;
    server = await startServer({
      config: { access: { keys: { kind: 'jwks', url }, audience: undefined } },
      timings: { keysRetry: 0 },
    });
  });
  after(async () => {
    keys.closeAllConnections();
    keys.close();
    await server.stop();
  });

  it('closes the socket of who joins while the keys cannot be had, to be tried again', async () => {
    isBroken = true;
    const client = await Client.connect(server);
    const token = await signed(claims(), rsa.privateKey, { alg: 'RS256', kid: 'r' });
    client.ask('team-a', { token });
    assert.equal((await client.closed).code, 1013);
    isBroken = false;
  });

  it('takes RS256 and ES256', async () => {
    const byRsa = await signed(claims(), rsa.privateKey, { alg: 'RS256', kid: 'r' });
    const byEc = await signed(claims(), ec.privateKey, { alg: 'ES256', kid: 'e' });
    assert.equal(await answer(server, 'team-a', byRsa), 'welcome');
    assert.equal(await answer(server, 'team-a', byEc), 'welcome');
  });

  it('takes no HS256 signed with the text of a public key, however it is written', async () => {
    const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const texts = [pem, pem.trim(), JSON.stringify(await exportJWK(rsa.publicKey)), SECRET];
    for (const kid of ['r', 'o', undefined])
      for (const text of texts) {
        const encode = (part: object): string =>
          Buffer.from(JSON.stringify(part)).toString('base64url');
        const body = `${encode({ alg: 'HS256', kid })}.${encode(claims())}`;
        const signature = createHmac('sha256', text).update(body).digest('base64url');
        assert.equal(await answer(server, 'team-a', `${body}.${signature}`), 'token-invalid');
      }
  });

  it('does not fetch the set for each key that a token makes up', async () => {
    const before = fetched;
    for (let n = 0; n < 20; n++) {
      const made = await signed(claims(), stranger.privateKey, { alg: 'RS256', kid: `made-${n}` });
      assert.equal(await answer(server, 'team-a', made), 'token-invalid');
    }
    assert.ok(fetched - before <= 1, String(fetched - before));
  });

  it('takes no other key, no none, and no key that the token brings along', async () => {
    const foreign = await signed(claims(), stranger.privateKey, { alg: 'RS256', kid: 'r' });
    const unknown = await signed(claims(), stranger.privateKey, { alg: 'RS256', kid: 'x' });
    const own = await new SignJWT(claims())
      .setProtectedHeader({ alg: 'RS256', jwk: await exportJWK(stranger.publicKey) })
      .sign(stranger.privateKey);
    for (const token of [foreign, unknown, own, new UnsecuredJWT(claims()).encode()])
      assert.equal(await answer(server, 'team-a', token), 'token-invalid');
  });
});

describe('a server whose set of keys is away for a while', () => {
  const [old, next] = [1, 2].map(() => generateKeyPairSync('ec', { namedCurve: 'P-256' }));
  const token = (kid: 'old' | 'next', key = kid === 'old' ? old! : next!): Promise<string> =>
    signed(claims(), key.privateKey, { alg: 'ES256', kid });
  let kids: readonly string[] = [];
  let isAway = false;
  let fetched = 0;
  const keys = createServer((_request, response) => {
    void (async () => {
      fetched++;
      const set = await Promise.all(
        [old!, next!].map(async ({ publicKey }, n) => ({
          ...(await exportJWK(publicKey)),
          kid: n === 0 ? 'old' : 'next',
        })),
      );
      response.writeHead(isAway ? 503 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ keys: set.filter(({ kid }) => kids.includes(kid)) }));
    })();
  });
  before(async () => {
    keys.listen(0, '127.0.0.1');
    await once(keys, 'listening');
  });
  after(() => {
    keys.closeAllConnections();
    keys.close();
  });
  const start = (keysRetry: number): Promise<TestServer> => {
    const url = `http://127.0.0.1:${(keys.address() as AddressInfo).port}/jwks.json`;
    return startServer({
      config: { metrics: true, access: { keys: { kind: 'jwks', url }, audience: undefined } },
      timings: { keysFor: 0, keysRetry },
    });
  };

  it('goes on with the keys that it had, and takes others as soon as they are there', async () => {
    [kids, isAway] = [['old'], false];
    const server = await start(0);
    assert.equal(await answer(server, 'team-a', await token('old')), 'welcome');
    isAway = true;
    const before = fetched;
    assert.equal(await answer(server, 'team-a', await token('old')), 'welcome');
    assert.ok(fetched > before);
    const forged = await token('old', next);
    assert.equal(await answer(server, 'team-a', forged), 'token-invalid');
    [kids, isAway] = [['next'], false];
    assert.equal(await answer(server, 'team-a', await token('next')), 'welcome');
    assert.equal(await answer(server, 'team-a', await token('old')), 'token-invalid');
    await server.stop();
  });

  it('asks in vain once in a while, not for each who joins, and counts whom it could not judge', async () => {
    [kids, isAway] = [['old'], true];
    const before = fetched;
    const server = await start(600_000);
    for (let n = 0; n < 3; n++) {
      const client = await Client.connect(server);
      client.ask('team-a', { token: await token('old') });
      assert.equal((await client.closed).code, 1013);
    }
    assert.equal(fetched - before, 1);
    const metrics = await (await fetch(`${server.url}metrics`)).text();
    assert.match(metrics, /^video_call_joins_total\{result="keys-away"\} 3$/m);
    await server.stop();
  });
});
