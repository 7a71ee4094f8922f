import { parseArgs } from 'node:util';
import type { IceServer } from '../src/protocol/ice.ts';
import { DEFAULT_CAPACITY, LIMITS } from '../src/protocol/limits.ts';
import { host, ice, integer, prefix, Refused, seconds, stunPort } from './config-values.ts';

/** What an operator decides. `parseConfig` makes it from flags and environment; tests make it by hand. */
export interface ServerConfig {
  /** TCP port; 0 takes any free one. */
  readonly port: number;
  /** Address to listen on; undefined for all. */
  readonly host: string | undefined;
  /** Path prefix, with a slash at both ends. */
  readonly path: string;
  readonly roomCapacity: number;
  readonly iceServers: readonly IceServer[];
  /** UDP port of the STUN responder; undefined when it is off; 0 takes any free one. */
  readonly stunPort: number | undefined;
  /** Whether the STUN port was asked for by name: then it is an error when it is taken. */
  readonly isStunPortChosen: boolean;
  /** Name or address under which clients reach this machine; undefined: what each of them used. */
  readonly publicHost: string | undefined;
  readonly tls: TlsConfig | undefined;
  /** Seconds for which a member whose socket is gone stays a member. */
  readonly awayGrace: number;
}
/** Certificate files, or a certificate made at start that no browser trusts. */
export type TlsConfig =
  | { readonly kind: 'files'; readonly cert: string; readonly key: string }
  | { readonly kind: 'self-signed' };

export type ParsedConfig =
  | { readonly kind: 'config'; readonly config: ServerConfig }
  | { readonly kind: 'help'; readonly text: string }
  /** Nothing may start; each problem is one sentence that names the setting, its value and what is allowed. */
  | { readonly kind: 'refused'; readonly problems: readonly string[] };

interface Setting {
  readonly flag: string;
  readonly env?: string;
  /** How the value is called in the help; without it the flag is a switch. */
  readonly value?: string;
  readonly help: string;
}

const SETTINGS = {
  port: { flag: 'port', env: 'PORT', value: 'number', help: 'TCP port (default 9000)' },
  host: {
    flag: 'host',
    env: 'HOST',
    value: 'address',
    help: 'address to listen on (default: all)',
  },
  path: {
    flag: 'path',
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
    help: 'STUN and TURN servers for all callers, such as "turn:user:password@host:3478"',
  },
  stun: {
    flag: 'stun-port',
    env: 'STUN_PORT',
    value: 'number',
    help: 'UDP port of the built-in STUN server, or "off" (default 3478)',
  },
  publicHost: {
    flag: 'public-host',
    env: 'PUBLIC_HOST',
    value: 'name',
    help: 'name of this machine for STUN (default: the one that a caller used)',
  },
  https: { flag: 'https', help: 'HTTPS with a certificate made at start, to try it on a LAN' },
  cert: { flag: 'cert', value: 'file', help: 'HTTPS with this certificate chain (PEM)' },
  key: { flag: 'key', value: 'file', help: 'its private key (PEM)' },
  grace: {
    flag: 'away-grace',
    value: 'seconds',
    help: 'how long someone who lost the connection keeps the place (default 15)',
  },
  help: { flag: 'help', help: 'this text' },
} as const satisfies Record<string, Setting>;

const LIST: readonly Setting[] = Object.values(SETTINGS);
const nameOf = ({ flag, env }: Setting): string =>
  `--${flag}${env === undefined ? '' : ` (${env})`}`;

/** Reads flags and, where a flag is missing, the environment. Never throws and touches no file. */
export function parseConfig(argv: readonly string[], env: NodeJS.ProcessEnv): ParsedConfig {
  const problems: string[] = [];
  const options = Object.fromEntries(
    LIST.map(
      ({ flag, value }) => [flag, { type: value === undefined ? 'boolean' : 'string' }] as const,
    ),
  );
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true });
  const given = new Map<string, string>();
  let wasUnknown = false;
  for (const token of tokens) {
    if (token.kind === 'positional') {
      // What follows an unknown flag was meant as its value: one mistake, one message.
      if (!wasUnknown) problems.push(`"${token.value}" is not understood; ${HINT}`);
      continue;
    }
    if (token.kind !== 'option') continue;
    const setting = LIST.find(({ flag }) => flag === token.name);
    wasUnknown = !setting;
    if (!setting) problems.push(`${token.rawName} is unknown${closest(token.name)}; ${HINT}`);
    else if (setting.value === undefined && token.value !== undefined)
      problems.push(`${token.rawName} takes no value`);
    else if (setting.value !== undefined && token.value === undefined)
      problems.push(`${token.rawName} needs a value: --${setting.flag} <${setting.value}>`);
    else given.set(token.name, token.value ?? '');
  }
  if (given.has('help')) return { kind: 'help', text: HELP };

  /** The value of a setting, an empty variable counting as none; `fallback` when there is none or it is refused. */
  const read = <T>(setting: Setting, fallback: T, parse: (text: string) => T | Refused): T => {
    const variable = setting.env === undefined ? undefined : env[setting.env] || undefined;
    const text = given.get(setting.flag) ?? variable;
    if (text === undefined) return fallback;
    const result = parse(text);
    if (!(result instanceof Refused)) return result;
    problems.push(`${nameOf(setting)} ${result.why}`);
    return fallback;
  };

  const config: ServerConfig = {
    port: read<number>(SETTINGS.port, 9_000, (text) => integer(text, 0, 65_535)),
    host: read<string | undefined>(SETTINGS.host, undefined, host),
    path: read<string>(SETTINGS.path, '/', prefix),
    roomCapacity: read<number>(SETTINGS.capacity, DEFAULT_CAPACITY, (text) =>
      integer(text, 2, LIMITS.members),
    ),
    iceServers: read<readonly IceServer[]>(SETTINGS.ice, [], ice),
    stunPort: read<number | undefined>(SETTINGS.stun, 3_478, stunPort),
    isStunPortChosen: read<boolean>(SETTINGS.stun, false, () => true),
    publicHost: read<string | undefined>(SETTINGS.publicHost, undefined, host),
    tls: readTls(given, problems),
    awayGrace: read<number>(SETTINGS.grace, 15, seconds),
  };
  return problems.length > 0 ? { kind: 'refused', problems } : { kind: 'config', config };
}

function readTls(given: ReadonlyMap<string, string>, problems: string[]): TlsConfig | undefined {
  const cert = given.get('cert');
  const key = given.get('key');
  if (cert !== undefined && key !== undefined) return { kind: 'files', cert, key };
  if (cert !== undefined) problems.push('--cert needs its private key: --key <file>');
  if (key !== undefined) problems.push('--key needs its certificate: --cert <file>');
  return given.has('https') ? { kind: 'self-signed' } : undefined;
}

/** ` (did you mean --port?)` for a typing mistake: a beginning in common, or the same letters. */
function closest(name: string): string {
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

const HINT = '--help lists the settings';
const HELP = [
  'Serves <video-call>, introduces callers to each other, and answers STUN.',
  '',
  ...LIST.map(({ flag, env, value, help }) => {
    const left = `  --${flag}${value === undefined ? '' : ` <${value}>`}`;
    return `${left.padEnd(28)}${help}${env === undefined ? '' : ` [${env}]`}`;
  }),
  '',
  'Names in brackets are environment variables; flags go before them.',
].join('\n');
