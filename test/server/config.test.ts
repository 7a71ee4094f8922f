import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseConfig, type ServerConfig } from '../../server/config.ts';

function config(args: string, env: Record<string, string> = {}): ServerConfig {
  const parsed = parseConfig(args === '' ? [] : args.split(' '), env);
  assert.equal(parsed.kind, 'config', JSON.stringify(parsed));
  return parsed.config;
}
function problems(args: readonly string[], env: Record<string, string> = {}): readonly string[] {
  const parsed = parseConfig(args, env);
  assert.equal(parsed.kind, 'refused', JSON.stringify(parsed));
  return parsed.problems;
}

const LIMIT_DEFAULTS = {
  sockets: 10_000,
  rooms: 5_000,
  framesPerSecond: 200,
  bytesPerSecond: 819_200,
  frameBytes: 131_072,
  bufferedBytes: 1_048_576,
};

describe('parseConfig', () => {
  it('has defaults for everything', () => {
    assert.deepEqual(config(''), {
      port: 9000,
      host: undefined,
      path: '/',
      roomCapacity: 8,
      iceServers: [],
      stunPort: 3478,
      isStunPortChosen: false,
      stunHost: undefined,
      publicHost: undefined,
      turn: undefined,
      tls: undefined,
      awayGrace: 11,
      drain: 0,
      allowOrigins: undefined,
      access: undefined,
      waitingRoom: false,
      connectionsPerAddress: 500,
      joinsPerAddress: 600,
      trustProxy: ['loopback'],
      metrics: false,
      metricsAt: undefined,
      limits: LIMIT_DEFAULTS,
      joinWithin: 10,
      log: { level: 'info', format: 'auto' },
      webhook: undefined,
      redis: undefined,
    });
  });

  it('reads every flag', () => {
    const args =
      '--port 9123 --host 127.0.0.1 --path calls --room-capacity 4 --stun-port 3479 --stun-host 10.0.0.5 --public-host calls.example.com ' +
      '--turn-url turn:a:3478 --turn-url turns:b:5349?transport=tcp,turn:c --turn-secret 0123456789abcdef --turn-ttl 600 ' +
      '--secret 0123456789abcdef0123456789abcdef --audience calls --waiting-room ' +
      '--cert a.pem --key b.pem --away-grace 2.5 --drain 5 --connections-per-address 7 --joins-per-address 8 --trust-proxy 1 --metrics ' +
      '--allow-origin https://a.example --allow-origin HTTPS://*.B.example:443/,http://c:8080 --metrics-port 9090 ' +
      '--max-connections 9 --max-rooms 3 --frames-per-second 100 --bytes-per-second 65536 --frame-bytes 262144 --buffered-bytes 300000 ' +
      '--join-within 2.5 --log-level debug --log-format json --webhook-url https://hooks.example.com/x?y=1 --webhook-secret fedcba9876543210 --redis rediss://u:p@redis.example:6380/2 --ice-servers stun:stun.example.com,turn:u:p@turn.example.com';
    assert.deepEqual(config(args), {
      port: 9123,
      host: '127.0.0.1',
      path: '/calls/',
      roomCapacity: 4,
      iceServers: [
        { urls: ['stun:stun.example.com'] },
        { urls: ['turn:turn.example.com'], username: 'u', credential: 'p' },
      ],
      stunPort: 3479,
      isStunPortChosen: true,
      stunHost: '10.0.0.5',
      publicHost: 'calls.example.com',
      turn: {
        urls: ['turn:a:3478', 'turns:b:5349?transport=tcp', 'turn:c'],
        secret: { kind: 'text', text: '0123456789abcdef' },
        ttl: 600,
      },
      tls: { kind: 'files', cert: 'a.pem', key: 'b.pem' },
      awayGrace: 2.5,
      drain: 5,
      allowOrigins: ['https://a.example', 'https://*.b.example', 'http://c:8080'],
      access: {
        keys: {
          kind: 'secret',
          secret: { kind: 'text', text: '0123456789abcdef0123456789abcdef' },
        },
        audience: 'calls',
      },
      waitingRoom: true,
      connectionsPerAddress: 7,
      joinsPerAddress: 8,
      trustProxy: 1,
      metrics: true,
      metricsAt: { host: '127.0.0.1', port: 9090 },
      limits: {
        sockets: 9,
        rooms: 3,
        framesPerSecond: 100,
        bytesPerSecond: 65_536,
        frameBytes: 262_144,
        bufferedBytes: 300_000,
      },
      joinWithin: 2.5,
      log: { level: 'debug', format: 'json' },
      webhook: { url: 'https://hooks.example.com/x?y=1', secret: 'fedcba9876543210' },
      redis: 'rediss://u:p@redis.example:6380/2',
    });
  });

  it('reads the environment, where flags go first and empty variables count as none', () => {
    const env = { PORT: '1', HOST: '::1', ROOM_CAPACITY: '2', STUN_PORT: 'off', PUBLIC_HOST: '' };
    const { port, host, roomCapacity, stunPort, publicHost } = config('--port 2', env);
    assert.deepEqual(
      [port, host, roomCapacity, stunPort, publicHost],
      [2, '::1', 2, undefined, undefined],
    );
    assert.equal(config('', { ICE_SERVERS: 'stun:a' }).iceServers.length, 1);
    const turn = { TURN_URL: 'turn:a, turn:b', TURN_SECRET_FILE: '/run/secret', TURN_TTL: '60' };
    assert.deepEqual(config('', turn).turn, {
      urls: ['turn:a', 'turn:b'],
      secret: { kind: 'file', file: '/run/secret' },
      ttl: 60,
    });
    assert.deepEqual(config('--turn-url turn:c', turn).turn?.urls, ['turn:c']);
    assert.deepEqual(
      config('', { JWKS_URL: 'https://a.example/keys', ACCESS_AUDIENCE: 'b' }).access,
      {
        keys: { kind: 'jwks', url: 'https://a.example/keys' },
        audience: 'b',
      },
    );
    assert.deepEqual(config('', { ACCESS_SECRET_FILE: '/run/secret' }).access?.keys, {
      kind: 'secret',
      secret: { kind: 'file', file: '/run/secret' },
    });
  });

  it('reads the forms that a value may take', () => {
    assert.equal(config('--port=9').port, 9);
    assert.equal(config('--port 9 --port 10').port, 10);
    for (const path of ['calls', '/calls', 'calls/', '/calls/', '/calls//'])
      assert.equal(config(`--path ${path}`).path, '/calls/');
    assert.equal(config('--path /').path, '/');
    assert.equal(config('--path /a/b.c').path, '/a/b.c/');
    assert.equal(config('--stun-port 0').stunPort, undefined);
    assert.equal(config('--public-host [2001:db8::1]').publicHost, '2001:db8::1');
    assert.deepEqual(config('--trust-proxy 10.0.0.0/8,loopback').trustProxy, [
      '10.0.0.0/8',
      'loopback',
    ]);
    assert.deepEqual(config('--metrics-port [::]:1').metricsAt, { host: '::', port: 1 });
    assert.deepEqual(config('--https').tls, { kind: 'self-signed' });
    assert.equal(parseConfig(['--help', '--port', 'x'], {}).kind, 'help');
  });

  const wrong: Record<string, RegExp> = {
    '--port x': /^--port \(PORT\) is "x"; allowed: a whole number from 0 to 65535$/,
    '--port -1': /--port/,
    '--port 65536': /"65536"/,
    '--port 1.5': /"1.5"/,
    '--port 0x10': /"0x10"/,
    '--port': /^--port needs a value: --port <number>$/,
    '--room-capacity 1': /^--room-capacity \(ROOM_CAPACITY\) is "1"; allowed: .* 2 to 500$/,
    '--room-capacity 501': /501/,
    '--stun-port none': /^--stun-port \(STUN_PORT\) is "none"; allowed: a port .*"off"$/,
    '--away-grace -5': /--away-grace/,
    '--away-grace 601': /"601"; allowed: seconds from 0 to 600/,
    '--host http://x': /^--host \(HOST\) is "http:\/\/x"; allowed: a host name/,
    '--host x:80': /without a port/,
    '--public-host a/b': /--public-host/,
    '--path ..': /^--path \(BASE_PATH\) is ".."; allowed: a path such as \/calls\//,
    '--path /a/../b': /--path/,
    '--path /a%20b': /--path/,
    '--path /.git': /--path/,
    '--ice-servers stun:a,http://b':
      /^--ice-servers \(ICE_SERVERS\) has a wrong entry: "http:\/\/b"/,
    '--turn-url turn:a': /^--turn-url \(TURN_URL\) needs the secret .*: --turn-secret/,
    '--turn-secret 0123456789abcdef': /^--turn-secret \(TURN_SECRET\) needs .* --turn-url <url>$/,
    '--turn-secret-file x': /^--turn-secret-file \(TURN_SECRET_FILE\) needs .* --turn-url <url>$/,
    '--turn-url turn:a --turn-secret-file x --turn-secret 0123456789abcdef': /are both there/,
    '--turn-url stun:a --turn-secret-file x':
      /^--turn-url \(TURN_URL\) is "stun:a"; allowed: turn:/,
    '--turn-url turn:host:99999 --turn-secret-file x': /"turn:host:99999"/,
    '--turn-url turn:a --turn-secret short': /^--turn-secret \(TURN_SECRET\) is too short/,
    '--turn-url turn:a --turn-secret-file x --turn-ttl 59': /"59"; allowed: .* from 60 to 604800$/,
    '--allow-origin example.com':
      /^--allow-origin \(ALLOW_ORIGIN\) is "example.com"; allowed: origins/,
    '--allow-origin https://a/b': /"https:\/\/a\/b"/,
    '--allow-origin *': /--allow-origin/,
    '--allow-origin https://*': /--allow-origin/,
    '--allow-origin https://*.com': /--allow-origin/,
    '--allow-origin null': /--allow-origin/,
    '--secret short': /^--secret \(ACCESS_SECRET\) is too short .* 32 or more characters/,
    '--jwks-url ftp://a/b': /^--jwks-url \(JWKS_URL\) is "ftp:\/\/a\/b"; allowed: a URL/,
    '--jwks-url https://a/b --secret-file x': /more than one is there/,
    '--secret-file x --secret 0123456789abcdef0123456789abcdef': /more than one is there/,
    '--audience calls': /^--audience \(ACCESS_AUDIENCE\) needs tokens: --secret/,
    '--connections-per-address 0': /from 1 to 1000000/,
    '--joins-per-address x': /--joins-per-address \(JOINS_PER_ADDRESS\)/,
    '--trust-proxy proxy.example.com': /^--trust-proxy \(TRUST_PROXY\) is .* allowed: a number/,
    '--trust-proxy 10': /--trust-proxy/,
    '--metrics-port a:b': /^--metrics-port \(METRICS_PORT\) is "a:b"; allowed: a port/,
    '--max-rooms 0':
      /^--max-rooms \(MAX_ROOMS\) is "0"; allowed: a whole number from 1 to 1000000$/,
    '--max-connections x': /--max-connections/,
    '--frames-per-second 19': /from 20 to/,
    '--bytes-per-second 1': /from 65536 to/,
    '--frame-bytes 65536': /from 98304 to 1048576/,
    '--buffered-bytes 1': /from 262144 to/,
    '--join-within 0': /"0"; allowed: seconds from 1 to 600/,
    '--log-level loud': /"loud"; allowed: debug, info, warn, error, silent$/,
    '--log-format xml': /"xml"; allowed: auto, json, text$/,
    '--webhook-url ftp://a --webhook-secret 0123456789abcdef':
      /^--webhook-url \(WEBHOOK_URL\) is no address such as https:/,
    '--webhook-url https://u:p@a --webhook-secret 0123456789abcdef': /has a user or a password/,
    '--webhook-url https://a': /^--webhook-url \(WEBHOOK_URL\) needs --webhook-secret <secret>$/,
    '--webhook-secret 0123456789abcdef': /^--webhook-secret .* needs --webhook-url <url>$/,
    '--redis http://u:hidden@a': /^--redis \(REDIS_URL\) is no address such as redis:(?!.*hidden)/,
    '--redis redis://a/calls': /^--redis .* is no address/,
    '--webhook-url https://a --webhook-secret short': /^--webhook-secret .* is too short/,
    '--cert a.pem': /^--cert needs its private key: --key <file>$/,
    '--key a.pem': /^--key needs its certificate/,
    '--https=yes': /^--https takes no value$/,
    '--prot 9000': /^--prot is unknown \(did you mean --port\?\); --help lists the settings$/,
    '--capacity 9': /did you mean --room-capacity\?/,
    '--zzz': /^--zzz is unknown; --help/,
    '-p 9000': /^-p is unknown/,
    serve: /^"serve" is not understood/,
  };
  for (const [args, expected] of Object.entries(wrong))
    it(`refuses ${args} by name`, () => {
      const found = problems(args.split(' '));
      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0]!, expected);
    });

  const inFile = (text: string, args: readonly string[] = [], env: Record<string, string> = {}) =>
    parseConfig([...args, '--config', 'calls.json'], env, (file) => {
      if (file === 'calls.json') return text;
      throw Object.assign(new Error('no'), { code: 'ENOENT' });
    });

  it('reads a file, before which variables go, before which flags go', () => {
    const text = JSON.stringify({
      port: 1,
      'room-capacity': 3,
      drain: '4.5',
      metrics: true,
      https: false,
      'allow-origin': ['https://a.example', 'https://b.example'],
      'ice-servers': [{ urls: 'turn:a', username: 'u', credential: 'hidden' }],
      'turn-url': 'turn:t',
      'turn-secret': 'hidden-hidden-hidden',
    });
    const parsed = inFile(text, ['--port', '2'], { PORT: '5', ROOM_CAPACITY: '6' });
    assert.equal(parsed.kind, 'config', JSON.stringify(parsed));
    const { port, roomCapacity, drain, metrics, tls, allowOrigins, iceServers, turn } =
      parsed.config;
    assert.deepEqual([port, roomCapacity, drain, metrics, tls], [2, 6, 4.5, true, undefined]);
    assert.deepEqual(allowOrigins, ['https://a.example', 'https://b.example']);
    assert.equal(iceServers[0]?.credential, 'hidden');
    assert.deepEqual(turn?.secret, { kind: 'text', text: 'hidden-hidden-hidden' });
    // What is shown at start says where each comes from, and tells no secret.
    const shown = new Map(parsed.given.map(({ name, value, from }) => [name, [value, from]]));
    assert.deepEqual(shown.get('port'), ['2', 'flag']);
    assert.deepEqual(shown.get('room-capacity'), ['6', 'ROOM_CAPACITY']);
    assert.deepEqual(shown.get('turn-secret'), ['***', 'calls.json']);
    assert.deepEqual(shown.get('metrics'), ['on', 'calls.json']);
    assert.doesNotMatch(JSON.stringify(parsed.given), /hidden/);
    const other = parseConfig(['--ice-servers', 'turn:u:hidden@a,turn:v:hidden@b'], {
      WEBHOOK_URL: 'https://hooks.example.com/?key=hidden',
      WEBHOOK_SECRET: 'hidden-hidden-hidden',
      REDIS_URL: 'rediss://hidden:hid%den@redis.example/1',
    });
    assert.equal(other.kind, 'config');
    assert.match(JSON.stringify(other.given), /turn:u:\*\*\*@a,turn:v:\*\*\*@b/);
    assert.match(JSON.stringify(other.given), /rediss:\/\/\*\*\*@redis\.example\/1/);
    assert.doesNotMatch(JSON.stringify(other.given), /hidden/);
    for (const text of [
      '{"urls":"turn:a","username":"u","credential":"hidden"}',
      ' [{"urls":"turn:a","username":"u","credential":"hidden"}]',
    ]) {
      const json = parseConfig(['--ice-servers', text], {});
      assert.equal(json.kind, 'config');
      assert.deepEqual(json.given, [{ name: 'ice-servers', value: '[…]', from: 'flag' }]);
    }
    const odd = parseConfig(
      [
        '--ice-servers',
        'turn:u:hid:den@a turn:v:hid@den@b',
        '--redis',
        'redis://c?password=hidden',
      ],
      {},
    );
    assert.equal(odd.kind, 'config');
    assert.match(JSON.stringify(odd.given), /turn:u:\*\*\*@a turn:v:\*\*\*@b/);
    assert.doesNotMatch(JSON.stringify(odd.given), /hid|den/);
  });

  const wrongFiles: Record<string, RegExp> = {
    '{"prot": 1}': /^"prot" in calls\.json is unknown \(did you mean --port\?\)$/,
    '{"port": "x"}': /^"port" in calls\.json is "x"; allowed: a whole number/,
    '{"port": true}': /^"port" in calls\.json must be a text or a number$/,
    '{"metrics": "yes"}': /^"metrics" in calls\.json must be true or false$/,
    '{"allow-origin": [1]}': /^"allow-origin" in calls\.json must be a text or a list of texts$/,
    '{"ice-servers": [{"urls": 7}]}': /^"ice-servers" in calls\.json has a wrong entry/,
    '{"config": "x"}': /^"config" in calls\.json is unknown/,
    '{"__proto__": {"port": 1}}': /^"__proto__" in calls\.json is unknown$/,
    '[]': /^--config is "calls\.json", which is no JSON object/,
    '{"turn-secret": "hidden" oops': /^--config is "calls\.json", which is no JSON object/,
  };
  for (const [text, expected] of Object.entries(wrongFiles))
    it(`refuses a file of ${text} by name`, () => {
      const parsed = inFile(text);
      assert.equal(parsed.kind, 'refused', JSON.stringify(parsed));
      assert.equal(parsed.problems.length, 1, parsed.problems.join('\n'));
      assert.match(parsed.problems[0]!, expected);
      assert.doesNotMatch(parsed.problems[0]!, /hidden/);
    });

  it('reads switches from variables, which may also turn off what a file turns on', () => {
    const env = { HTTPS: 'true', WAITING_ROOM: '1', METRICS: 'false' };
    const parsed = inFile('{"metrics": true}', [], env);
    assert.equal(parsed.kind, 'config', JSON.stringify(parsed));
    const { tls, waitingRoom, metrics } = parsed.config;
    assert.deepEqual([tls, waitingRoom, metrics], [{ kind: 'self-signed' }, true, false]);
    const shown = parsed.given.map(({ name, value, from }) => `${name} ${value} ${from}`);
    assert.ok(shown.includes('metrics off METRICS') && shown.includes('https on HTTPS'));
    assert.deepEqual(problems([], { HTTPS: 'maybe' }), [
      '--https (HTTPS) is "maybe"; allowed: true, 1, false, 0',
    ]);
  });

  it('refuses a file that is not there', () => {
    const found = parseConfig([], { CONFIG_FILE: '/nowhere/calls.json' });
    assert.equal(found.kind, 'refused');
    assert.match(found.problems[0]!, /^--config is "\/nowhere\/calls\.json", which cannot be read/);
  });

  it('names every problem at once, also those of the environment', () => {
    assert.equal(problems(['--port', 'x', '--host', '/'], { ROOM_CAPACITY: 'many' }).length, 3);
  });

  it('never repeats a password', () => {
    const wrongTurn = 'turn:user:secret@host:99999';
    for (const text of [
      wrongTurn,
      `[{"urls":"${wrongTurn}"}]`,
      'http://user:secret@host',
      '{"credential":"secret"oops}',
      '[{"urls":"turn:a","username":"u","credential":"secret"}',
      '[secret]',
    ])
      assert.doesNotMatch(problems(['--ice-servers', text]).join(), /secret/);
    const turn = ['--turn-url', 'turn:user:hidden@host', '--turn-secret', 'hidden'];
    assert.doesNotMatch(problems(turn).join(), /hidden/);
    assert.equal(problems(turn).length, 2);
    for (const args of [
      ['--secret', 'hidden'],
      ['--jwks-url', 'https://user:hidden@host/'],
    ])
      assert.doesNotMatch(problems(args).join(), /hidden/);
  });
});
