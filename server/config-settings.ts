/** The settings by name: which flags there are, which environment variables, and what `--help` says of them. */
import { DEFAULT_CAPACITY, LIMITS } from '../src/protocol/limits.ts';
import { LIMIT_SETTINGS } from './config-limits.ts';
import type { Setting } from './config-setting.ts';
import { WATCHING_SETTINGS } from './config-watching.ts';

export const DEFAULTS = {
  port: 9_000,
  stunPort: 3_478,
  /** Seconds. */
  awayGrace: 11,
  turnTtl: 3_600,
  connectionsPerAddress: 500,
  /** A minute. */
  joinsPerAddress: 600,
  trustProxy: ['loopback'],
} as const;

export const SETTINGS = {
  config: {
    flag: 'config',
    env: 'CONFIG_FILE',
    value: 'file',
    help: 'settings as JSON, by the names of their flags: {"port": 9000}; flags and variables go before it',
  },
  port: { flag: 'port', env: 'PORT', value: 'number', help: `TCP port (default ${DEFAULTS.port})` },
  host: {
    flag: 'host',
    env: 'HOST',
    value: 'address',
    help: 'address to listen on (default: all)',
  },
  path: {
    flag: 'path',
    env: 'BASE_PATH',
    value: 'prefix',
    help: 'path under which everything is served, such as /calls/ (default /)',
  },
  capacity: {
    flag: 'room-capacity',
    env: 'ROOM_CAPACITY',
    value: 'number',
    help: `people in one room (default ${DEFAULT_CAPACITY}, at most ${LIMITS.members})`,
  },
  ice: {
    flag: 'ice-servers',
    env: 'ICE_SERVERS',
    value: 'list',
    isJson: true,
    help: 'STUN and TURN servers for all callers, such as "turn:user:password@host:3478"',
  },
  stun: {
    flag: 'stun-port',
    env: 'STUN_PORT',
    value: 'number',
    help: `UDP port of the built-in STUN server, or "off" (default ${DEFAULTS.stunPort})`,
  },
  stunHost: {
    flag: 'stun-host',
    env: 'STUN_HOST',
    value: 'address',
    help: 'address for STUN (default: that of --host; all if that is loopback, since no proxy hands UDP on)',
  },
  publicHost: {
    flag: 'public-host',
    env: 'PUBLIC_HOST',
    value: 'name',
    help: 'name of this machine for STUN (default: the one that a caller used)',
  },
  turnUrl: {
    flag: 'turn-url',
    env: 'TURN_URL',
    value: 'url',
    isList: true,
    help: 'TURN server that shares a secret with this one (coturn: use-auth-secret), such as turn:host:3478 or turns:host:5349?transport=tcp; several times or a list',
  },
  turnSecret: {
    flag: 'turn-secret',
    env: 'TURN_SECRET',
    value: 'secret',
    help: 'that secret; others on this machine can read flags, so better set the variable',
  },
  turnSecretFile: {
    flag: 'turn-secret-file',
    env: 'TURN_SECRET_FILE',
    value: 'file',
    help: 'a file that holds the secret',
  },
  turnTtl: {
    flag: 'turn-ttl',
    env: 'TURN_TTL',
    value: 'seconds',
    help: `how long TURN credentials are good (default ${DEFAULTS.turnTtl}, at least 60)`,
  },
  https: {
    flag: 'https',
    env: 'HTTPS',
    help: 'HTTPS with a certificate made at start, to try it on a LAN',
  },
  cert: {
    flag: 'cert',
    env: 'TLS_CERT',
    value: 'file',
    help: 'HTTPS with this certificate chain (PEM); read again when it changes, and on SIGHUP',
  },
  key: { flag: 'key', env: 'TLS_KEY', value: 'file', help: 'its private key (PEM)' },
  grace: {
    flag: 'away-grace',
    env: 'AWAY_GRACE',
    value: 'seconds',
    help: `how long someone who lost the connection keeps the place (default ${DEFAULTS.awayGrace})`,
  },
  origins: {
    flag: 'allow-origin',
    env: 'ALLOW_ORIGIN',
    value: 'origin',
    isList: true,
    help: 'whose pages may use this server, such as https://example.com or https://*.example.com; several times or a list (default: all)',
  },
  secret: {
    flag: 'secret',
    env: 'ACCESS_SECRET',
    value: 'secret',
    help: 'closes the rooms: whoever joins needs a token (JWT, HS256) signed with this; others on this machine can read flags, so better set the variable',
  },
  secretFile: {
    flag: 'secret-file',
    env: 'ACCESS_SECRET_FILE',
    value: 'file',
    help: 'a file that holds the secret',
  },
  jwksUrl: {
    flag: 'jwks-url',
    env: 'JWKS_URL',
    value: 'url',
    help: 'closes the rooms: whoever joins needs a token (JWT, RS256, ES256 …) signed with a key of the set at this address',
  },
  audience: {
    flag: 'audience',
    env: 'ACCESS_AUDIENCE',
    value: 'name',
    help: 'for whom tokens have to be ("aud"); default: anyone',
  },
  waitingRoom: {
    flag: 'waiting-room',
    env: 'WAITING_ROOM',
    help: 'everyone but moderators has to be let in by one (default: only into locked rooms)',
  },
  addressConnections: {
    flag: 'connections-per-address',
    env: 'CONNECTIONS_PER_ADDRESS',
    value: 'number',
    help: `connections of one address, or of one IPv6 /64; of a /48 eight times as many (default ${DEFAULTS.connectionsPerAddress})`,
  },
  addressJoins: {
    flag: 'joins-per-address',
    env: 'JOINS_PER_ADDRESS',
    value: 'number',
    help: `joins a minute of one address (default ${DEFAULTS.joinsPerAddress})`,
  },
  ...LIMIT_SETTINGS,
  trustProxy: {
    flag: 'trust-proxy',
    env: 'TRUST_PROXY',
    value: 'proxies',
    isList: true,
    help: 'whose X-Forwarded-For is believed: how many proxies there are, or their addresses (default loopback)',
  },
  metrics: {
    flag: 'metrics',
    env: 'METRICS',
    help: 'numbers for Prometheus under <prefix>metrics, for everyone',
  },
  metricsPort: {
    flag: 'metrics-port',
    env: 'METRICS_PORT',
    value: 'address',
    help: 'numbers for Prometheus on a port of their own, such as 9090 (then on 127.0.0.1) or 10.0.0.5:9090',
  },
  ...WATCHING_SETTINGS,
  redis: {
    flag: 'redis',
    env: 'REDIS_URL',
    value: 'url',
    help: 'makes all servers with the same Redis one service: redis://host:6379, rediss://user:password@host; better set the variable',
  },
  drain: {
    flag: 'drain',
    env: 'DRAIN',
    value: 'seconds',
    help: 'when told to stop: how long to turn newcomers away, so that a balancer notices, before closing (default 0)',
  },
  help: { flag: 'help', help: 'this text' },
} as const satisfies Record<string, Setting>;

export const LIST: readonly Setting[] = Object.values(SETTINGS);

export const nameOf = ({ flag, env }: Setting): string =>
  `--${flag}${env === undefined ? '' : ` (${env})`}`;

/** ` (did you mean --port?)` for a typing mistake: a beginning in common, or the same letters. */
export function closest(name: string): string {
  const letters = (text: string): string =>
    (text.toLowerCase().match(/[a-z]/g) ?? []).sort().join('');
  const match = LIST.find(
    ({ flag, env }) =>
      letters(flag) === letters(name) ||
      env?.toLowerCase() === name.toLowerCase() ||
      (name.length > 1 && (flag.startsWith(name) || name.startsWith(flag) || flag.includes(name))),
  );
  return match ? ` (did you mean --${match.flag}?)` : '';
}

export const HINT = '--help lists the settings';
const WIDTH = 36;
export const HELP = [
  'Serves <video-call>, introduces callers to each other, and answers STUN.',
  '',
  ...LIST.map(({ flag, env, value, help }) => {
    const left = `  --${flag}${value === undefined ? '' : ` <${value}>`}`;
    return `${left.padEnd(WIDTH)}${help}${env === undefined ? '' : ` [${env}]`}`;
  }),
  '',
  'Names in brackets are environment variables; flags go before them, and they before --config. Those of flags without a value are true or false.',
].join('\n');
