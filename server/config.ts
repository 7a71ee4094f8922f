import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { IceServer } from '../src/protocol/ice.ts';
import { DEFAULT_CAPACITY, LIMITS } from '../src/protocol/limits.ts';
import type { TrustProxy } from './addresses.ts';
import { closest, DEFAULTS, HELP, HINT, LIST, nameOf, SETTINGS } from './config-settings.ts';
import { settingsOfFile } from './config-file.ts';
import { readJoinWithin, readLimits, type ConfiguredLimits } from './config-limits.ts';
import { masked } from './config-masking.ts';
import type { Read, Setting } from './config-setting.ts';
import { readLog, readWebhook, type LogConfig, type WebhookConfig } from './config-watching.ts';
import {
  host,
  ice,
  integer,
  isOn,
  metricsAddress,
  origins,
  prefix,
  redisUrl,
  Refused,
  secret as secretValue,
  seconds,
  stunPort,
  trustProxy,
  turnUrls,
} from './config-values.ts';
import { readAccess, type AccessConfig } from './config-access.ts';
import type { SecretSource } from './secrets.ts';

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
  /** Address at which STUN listens, if one is set; see `stunAddress`. */
  readonly stunHost: string | undefined;
  /** Name or address under which clients reach this machine; undefined: what each of them used. */
  readonly publicHost: string | undefined;
  /** TURN servers for which this server makes credentials. */
  readonly turn: TurnConfig | undefined;
  readonly tls: TlsConfig | undefined;
  /** Seconds for which a member whose socket is gone stays a member. */
  readonly awayGrace: number;
  /** Seconds for which a server that is told to stop turns newcomers away, but keeps those who are here. */
  readonly drain: number;
  /** Origins whose pages may use the server, as `parseOrigin` makes them; undefined: all. */
  readonly allowOrigins: readonly string[] | undefined;
  /** Who is let in; undefined: whoever knows the name of the room. */
  readonly access: AccessConfig | undefined;
  /** Everyone but moderators has to be let in by one. */
  readonly waitingRoom: boolean;
  readonly connectionsPerAddress: number;
  /** A minute. */
  readonly joinsPerAddress: number;
  readonly limits: ConfiguredLimits;
  /** Seconds after which a connection that is in no room is closed. */
  readonly joinWithin: number;
  readonly trustProxy: TrustProxy;
  /** Numbers for Prometheus beside the pages. */
  readonly metrics: boolean;
  /** Numbers for Prometheus on a port of their own; port 0 takes any free one. */
  readonly metricsAt: { readonly host: string; readonly port: number } | undefined;
  readonly log: LogConfig;
  readonly webhook: WebhookConfig | undefined;
  /** Redis by which several nodes are one service; undefined for a single one. */
  readonly redis: string | undefined;
}
export interface TurnConfig {
  readonly urls: readonly string[];
  readonly secret: SecretSource;
  /** Seconds for which credentials are good. */
  readonly ttl: number;
}
/** Certificate files, or a certificate made at start that no browser trusts. */
export type TlsConfig =
  | { readonly kind: 'files'; readonly cert: string; readonly key: string }
  | { readonly kind: 'self-signed' };

export type ParsedConfig =
  | {
      readonly kind: 'config';
      readonly config: ServerConfig;
      /** What was set, to be shown at start: secrets are masked. */
      readonly given: readonly GivenSetting[];
    }
  | { readonly kind: 'help'; readonly text: string }
  /** Nothing may start; each problem is one sentence that names the setting, its value and what is allowed. */
  | { readonly kind: 'refused'; readonly problems: readonly string[] };

export interface GivenSetting {
  readonly name: string;
  readonly value: string;
  /** Where it stands: `flag`, the name of a variable, or a file. */
  readonly from: string;
}

/**
 * Reads flags; where a flag is missing, the environment; where that has nothing either, the file of --config. Never throws.
 */
export function parseConfig(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  readFile = (file: string): string => readFileSync(file, 'utf8'),
): ParsedConfig {
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

  const variableOf = ({ env: name }: Setting): string | undefined =>
    // An empty one counts as none.
    name === undefined ? undefined : env[name] || undefined;
  const file = given.get('config') ?? variableOf(SETTINGS.config);
  const fileSettings = file === undefined ? undefined : settingsOfFile(file, readFile);
  problems.push(...(fileSettings?.problems ?? []));
  const ofFile = fileSettings?.texts ?? new Map<string, string>();
  const textOf = (setting: Setting): string | undefined =>
    given.get(setting.flag) ?? variableOf(setting) ?? ofFile.get(setting.flag);
  const sourceOf = (setting: Setting): string => {
    if (given.has(setting.flag)) return 'flag';
    return variableOf(setting) === undefined ? (file ?? '') : (setting.env ?? '');
  };
  const read: Read = (setting, fallback, parse) => {
    const text = textOf(setting);
    if (text === undefined) return fallback;
    const result = parse(text);
    if (!(result instanceof Refused)) return result;
    const isOfFile = !given.has(setting.flag) && variableOf(setting) === undefined;
    const name = isOfFile ? `"${setting.flag}" in ${file ?? ''}` : nameOf(setting);
    problems.push(`${name} ${result.why}`);
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
    stunHost: read<string | undefined>(SETTINGS.stunHost, undefined, host),
    publicHost: read<string | undefined>(SETTINGS.publicHost, undefined, host),
    turn: readTurn(read, problems),
    tls: readTls(read, problems),
    awayGrace: read<number>(SETTINGS.grace, DEFAULTS.awayGrace, seconds),
    drain: read<number>(SETTINGS.drain, 0, seconds),
    allowOrigins: read<readonly string[] | undefined>(SETTINGS.origins, undefined, origins),
    access: readAccess(read, problems),
    waitingRoom: read<boolean>(SETTINGS.waitingRoom, false, isOn),
    connectionsPerAddress: read<number>(
      SETTINGS.addressConnections,
      DEFAULTS.connectionsPerAddress,
      (text) => integer(text, 1, 1_000_000),
    ),
    joinsPerAddress: read<number>(SETTINGS.addressJoins, DEFAULTS.joinsPerAddress, (text) =>
      integer(text, 1, 1_000_000),
    ),
    limits: readLimits(read),
    joinWithin: readJoinWithin(read),
    trustProxy: read<TrustProxy>(SETTINGS.trustProxy, DEFAULTS.trustProxy, trustProxy),
    metrics: read<boolean>(SETTINGS.metrics, false, isOn),
    metricsAt: read<ServerConfig['metricsAt']>(SETTINGS.metricsPort, undefined, metricsAddress),
    log: readLog(read),
    webhook: readWebhook(read, problems),
    redis: read<string | undefined>(SETTINGS.redis, undefined, redisUrl),
  };
  if (problems.length > 0) return { kind: 'refused', problems };
  const shown = LIST.flatMap((setting) => {
    const text = textOf(setting);
    return text === undefined
      ? []
      : [{ name: setting.flag, value: masked(setting, text), from: sourceOf(setting) }];
  });
  return { kind: 'config', config, given: shown };
}

function readTurn(read: Read, problems: string[]): TurnConfig | undefined {
  const before = problems.length;
  const urls = read<readonly string[]>(SETTINGS.turnUrl, [], turnUrls);
  const text = read<string | undefined>(SETTINGS.turnSecret, undefined, secretValue);
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

function readTls(read: Read, problems: string[]): TlsConfig | undefined {
  const cert = read<string | undefined>(SETTINGS.cert, undefined, (file) => file);
  const key = read<string | undefined>(SETTINGS.key, undefined, (file) => file);
  const isSelfSigned = read<boolean>(SETTINGS.https, false, isOn);
  if (cert !== undefined && key !== undefined) return { kind: 'files', cert, key };
  if (cert !== undefined) problems.push('--cert needs its private key: --key <file>');
  if (key !== undefined) problems.push('--key needs its certificate: --cert <file>');
  return isSelfSigned ? { kind: 'self-signed' } : undefined;
}
