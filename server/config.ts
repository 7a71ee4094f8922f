import { parseArgs } from 'node:util';
import type { IceServer } from '../src/protocol/ice.ts';
import { DEFAULT_CAPACITY, LIMITS } from '../src/protocol/limits.ts';
import type { TrustProxy } from './addresses.ts';
import {
  closest,
  DEFAULTS,
  HELP,
  HINT,
  LIST,
  nameOf,
  SETTINGS,
  type Setting,
} from './config-settings.ts';
import {
  host,
  ice,
  integer,
  metricsAddress,
  origins,
  prefix,
  Refused,
  seconds,
  stunPort,
  trustProxy,
  turnSecret,
  turnUrls,
} from './config-values.ts';

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
  /** TURN servers for which this server makes credentials. */
  readonly turn: TurnConfig | undefined;
  readonly tls: TlsConfig | undefined;
  /** Seconds for which a member whose socket is gone stays a member. */
  readonly awayGrace: number;
  /** Seconds for which a server that is told to stop lets nobody in, but keeps those who are here. */
  readonly drain: number;
  /** Origins whose pages may use the server, as `parseOrigin` makes them; undefined: all. */
  readonly allowOrigins: readonly string[] | undefined;
  readonly connectionsPerAddress: number;
  /** A minute. */
  readonly joinsPerAddress: number;
  readonly trustProxy: TrustProxy;
  /** Numbers for Prometheus beside the pages. */
  readonly metrics: boolean;
  /** Numbers for Prometheus on a port of their own; port 0 takes any free one. */
  readonly metricsAt: { readonly host: string; readonly port: number } | undefined;
}
export interface TurnConfig {
  readonly urls: readonly string[];
  readonly secret: TurnSecret;
  /** Seconds for which credentials are good. */
  readonly ttl: number;
}
export type TurnSecret =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'file'; readonly file: string };

/** Certificate files, or a certificate made at start that no browser trusts. */
export type TlsConfig =
  | { readonly kind: 'files'; readonly cert: string; readonly key: string }
  | { readonly kind: 'self-signed' };

export type ParsedConfig =
  | { readonly kind: 'config'; readonly config: ServerConfig }
  | { readonly kind: 'help'; readonly text: string }
  /** Nothing may start; each problem is one sentence that names the setting, its value and what is allowed. */
  | { readonly kind: 'refused'; readonly problems: readonly string[] };

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
    else if (setting.isList && given.has(token.name))
      given.set(token.name, `${given.get(token.name) ?? ''} ${token.value ?? ''}`);
    else given.set(token.name, token.value ?? '');
  }
  if (given.has('help')) return { kind: 'help', text: HELP };

  /** The text of a setting, an empty variable counting as none. */
  const textOf = ({ flag, env: variable }: Setting): string | undefined =>
    given.get(flag) ?? (variable === undefined ? undefined : env[variable] || undefined);
  /** The value of a setting; `fallback` when there is none or it is refused. */
  const read: Read = (setting, fallback, parse) => {
    const text = textOf(setting);
    if (text === undefined) return fallback;
    const result = parse(text);
    if (!(result instanceof Refused)) return result;
    problems.push(`${nameOf(setting)} ${result.why}`);
    return fallback;
  };

  const config: ServerConfig = {
    port: read<number>(SETTINGS.port, DEFAULTS.port, (text) => integer(text, 0, 65_535)),
    host: read<string | undefined>(SETTINGS.host, undefined, host),
    path: read<string>(SETTINGS.path, '/', prefix),
    roomCapacity: read<number>(SETTINGS.capacity, DEFAULT_CAPACITY, (text) =>
      integer(text, 2, LIMITS.members),
    ),
    iceServers: read<readonly IceServer[]>(SETTINGS.ice, [], ice),
    stunPort: read<number | undefined>(SETTINGS.stun, DEFAULTS.stunPort, stunPort),
    isStunPortChosen: read<boolean>(SETTINGS.stun, false, () => true),
    publicHost: read<string | undefined>(SETTINGS.publicHost, undefined, host),
    turn: readTurn(read, problems),
    tls: readTls(given, problems),
    awayGrace: read<number>(SETTINGS.grace, DEFAULTS.awayGrace, seconds),
    drain: read<number>(SETTINGS.drain, 0, seconds),
    allowOrigins: read<readonly string[] | undefined>(SETTINGS.origins, undefined, origins),
    connectionsPerAddress: read<number>(
      SETTINGS.addressConnections,
      DEFAULTS.connectionsPerAddress,
      (text) => integer(text, 1, 1_000_000),
    ),
    joinsPerAddress: read<number>(SETTINGS.addressJoins, DEFAULTS.joinsPerAddress, (text) =>
      integer(text, 1, 1_000_000),
    ),
    trustProxy: read<TrustProxy>(SETTINGS.trustProxy, DEFAULTS.trustProxy, trustProxy),
    metrics: given.has('metrics'),
    metricsAt: read<ServerConfig['metricsAt']>(SETTINGS.metricsPort, undefined, metricsAddress),
  };
  return problems.length > 0 ? { kind: 'refused', problems } : { kind: 'config', config };
}

type Read = <T>(setting: Setting, fallback: T, parse: (text: string) => T | Refused) => T;

function readTurn(read: Read, problems: string[]): TurnConfig | undefined {
  const before = problems.length;
  const urls = read<readonly string[]>(SETTINGS.turnUrl, [], turnUrls);
  const text = read<string | undefined>(SETTINGS.turnSecret, undefined, turnSecret);
  const file = read<string | undefined>(SETTINGS.turnSecretFile, undefined, (name) => name);
  const ttl = read<number>(SETTINGS.turnTtl, DEFAULTS.turnTtl, (seconds) =>
    integer(seconds, 60, 604_800),
  );
  if (problems.length > before) return undefined;
  const { turnUrl, turnSecret: secret, turnSecretFile } = SETTINGS;
  if (text !== undefined && file !== undefined)
    problems.push(`${nameOf(secret)} and ${nameOf(turnSecretFile)} are both there; one is enough`);
  const isSecret = text !== undefined || file !== undefined;
  if (urls.length > 0 && !isSecret)
    problems.push(`${nameOf(turnUrl)} needs the secret of that TURN server: ${nameOf(secret)}`);
  if (urls.length === 0 && isSecret)
    problems.push(
      `${nameOf(text === undefined ? turnSecretFile : secret)} needs a TURN server: --turn-url <url>`,
    );
  if (urls.length === 0) return undefined;
  if (text !== undefined) return { urls, secret: { kind: 'text', text }, ttl };
  return file === undefined ? undefined : { urls, secret: { kind: 'file', file }, ttl };
}

function readTls(given: ReadonlyMap<string, string>, problems: string[]): TlsConfig | undefined {
  const cert = given.get('cert');
  const key = given.get('key');
  if (cert !== undefined && key !== undefined) return { kind: 'files', cert, key };
  if (cert !== undefined) problems.push('--cert needs its private key: --key <file>');
  if (key !== undefined) problems.push('--key needs its certificate: --cert <file>');
  return given.has('https') ? { kind: 'self-signed' } : undefined;
}
