#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { createApp, type Listening } from './app.ts';
import { parseConfig, type GivenSetting, type ServerConfig } from './config.ts';
import { loadTurnSecret } from './ice.ts';
import { openLog } from './log.ts';
import { DIST, isBuilt } from './static.ts';
import { stunAddress } from './stun-ports.ts';
import { loadAccessSecret } from './tokens.ts';
import { lanAddresses, loadCertificate } from './tls.ts';

// While callers come, V8 learns that what it makes for a frame lives long, for the first of each socket does. From then on it
// would make all of it where only a full collection gets at it: a fifth of the time that a frame takes, and much memory.
setFlagsFromString('--no-allocation-site-pretenuring');

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
function fail(...lines: readonly string[]): never {
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exit(1);
}

/** Whether it was the port of the numbers that could not be opened. A name that nobody knows comes without a port. */
function isOfMetrics(error: Error, { metricsAt, port, host, stunHost }: ServerConfig): boolean {
  const failed = error as { readonly port?: number; readonly hostname?: string };
  if (failed.port !== undefined) return failed.port === metricsAt?.port && failed.port !== port;
  return failed.hostname !== undefined && ![host, stunHost].includes(failed.hostname);
}

/** What to tell someone whose port cannot be opened. */
function portProblem(error: NodeJS.ErrnoException, config: ServerConfig): readonly string[] {
  const isStun = error.syscall === 'bind';
  const { metricsAt } = config;
  if (metricsAt && isOfMetrics(error, config))
    return [
      `--metrics-port is "${metricsAt.host}:${String(metricsAt.port)}", which could not be opened: ${error.message}`,
    ];
  const port = isStun ? config.stunPort : config.port;
  const flag = isStun ? '--stun-port' : '--port';
  const name = `${isStun ? 'UDP port' : 'Port'} ${String(port)}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return [
        `${name} is in use, perhaps by this server in another terminal.`,
        `Stop that program, or choose another port: ${flag} ${isStun ? '3479' : '9124'}`,
      ];
    case 'EACCES':
      return [
        `${name} needs rights that this user does not have. Ports from 1024 on do not: ${flag} 9124`,
      ];
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return [
        isStun && config.stunHost !== undefined
          ? `--stun-host is "${config.stunHost}", which is no address of this machine.`
          : `--host is "${config.host ?? ''}", which is no address of this machine.`,
      ];
    default:
      return [`${name} could not be opened: ${error.message}`];
  }
}

const isEverywhere = ({ host }: ServerConfig): boolean =>
  host === undefined || host === '0.0.0.0' || host === '::';

function urlOf({ tls, path }: ServerConfig, name: string, port: number): string {
  const host = name.includes(':') ? `[${name}]` : name;
  return `${tls ? 'https' : 'http'}://${host}:${String(port)}${path}`;
}

function announce(
  { port, stunPort, stunError, metricsPort }: Listening,
  config: ServerConfig,
  given: readonly GivenSetting[],
): void {
  const url = (name: string): string => urlOf(config, name, port);
  const isOpenToAll = isEverywhere(config);
  say('<video-call> server: pages, rooms and introductions.');
  say(`  Open      ${url(isOpenToAll ? 'localhost' : (config.host ?? ''))}`);
  if (isOpenToAll) for (const address of lanAddresses()) say(`            ${url(address)}`);
  say(`  Rooms     of up to ${String(config.roomCapacity)} people`);
  if (stunPort !== undefined)
    say(`  STUN      on UDP port ${String(stunPort)} of ${stunAddress(config) ?? 'all addresses'}`);
  else if (stunError)
    say(
      `  STUN      off: UDP port ${String(config.stunPort)} ${stunError.code === 'EADDRINUSE' ? 'is in use' : 'could not be opened'} (another one: --stun-port 3479)`,
    );
  else say('  STUN      off');
  if (config.turn)
    say(
      `  TURN      ${config.turn.urls.join(' ')}, credentials good for ${String(config.turn.ttl)} s`,
    );
  say(
    config.allowOrigins
      ? `  Origins   ${config.allowOrigins.join(' ')}`
      : '  Origins   any: every website may use this server (only some: --allow-origin https://example.com)',
  );
  if (config.access) {
    const { keys, audience } = config.access;
    const source = keys.kind === 'jwks' ? `keys from ${keys.url.replace(/[?#].*/, '')}` : 'HS256';
    say(`  Access    by tokens (${source})${audience === undefined ? '' : ` for "${audience}"`}`);
  } else
    say('  Access    open: whoever knows the name of a room may enter (tokens: --secret-file)');
  if (config.waitingRoom) say('  Waiting   until a moderator lets people in');
  if (metricsPort !== undefined) say(`  Metrics   on port ${String(metricsPort)}: /metrics`);
  else if (config.metrics) say(`  Metrics   for everyone: ${config.path}metrics`);
  if (config.tls?.kind === 'self-signed')
    say(
      '  HTTPS     with a certificate made for this run: the browser warns once, which is to be accepted.',
    );
  if (!config.tls && isOpenToAll)
    say(
      '  Cameras   need HTTPS, except on localhost: for other machines start with --https, or put a TLS proxy before it.',
    );
  if (!isBuilt(DIST)) say('  Nothing is built yet, so there is no page. Run: npm run build');
  given.forEach(({ name, value, from }, n) => {
    say(`  ${n === 0 ? 'Settings' : '        '}  ${name} ${value} (${from})`);
  });
  say('  Stop with Ctrl+C.');
}

async function main(): Promise<void> {
  const parsed = parseConfig(process.argv.slice(2), process.env);
  if (parsed.kind === 'help') {
    say(parsed.text);
    return;
  }
  if (parsed.kind === 'refused') fail(...parsed.problems);
  const { config, given } = parsed;
  const { log, isText, flush } = await openLog(config.log);
  const failed = (error: unknown): never => fail((error as Error).message);
  const certificate =
    config.tls && (await loadCertificate(config.tls, config.publicHost).catch(failed));
  const turnSecret = config.turn && (await loadTurnSecret(config.turn.secret).catch(failed));
  const keys = config.access?.keys;
  const accessSecret =
    keys?.kind === 'secret' ? await loadAccessSecret(keys.secret).catch(failed) : undefined;
  const app = createApp(config, {
    log,
    ...(certificate && { certificate }),
    ...(turnSecret !== undefined && { turnSecret }),
    ...(accessSecret !== undefined && { accessSecret }),
  });
  const listening = await app
    .start()
    .catch((error: unknown) => fail(...portProblem(error as NodeJS.ErrnoException, config)));
  if (isText) announce(listening, config, given);
  else
    log('listening', {
      url: urlOf(config, isEverywhere(config) ? 'localhost' : (config.host ?? ''), listening.port),
      stunPort: listening.stunPort,
      ...(listening.stunPort !== undefined && { stunHost: stunAddress(config) ?? 'all' }),
      metricsPort: listening.metricsPort,
      anyOrigin: config.allowOrigins === undefined,
      settings: Object.fromEntries(
        given.map(({ name, value, from }) => [name, `${value} (${from})`]),
      ),
    });

  const end = (code: number): never => {
    flush();
    process.exit(code);
  };
  let isStopping = false;
  const stop = (): void => {
    // A second Ctrl+C means now.
    if (isStopping) end(1);
    isStopping = true;
    log(config.drain > 0 ? `stopping in ${String(config.drain)} s` : 'stopping');
    void app.stop().then(() => {
      log('stopped');
      end(0);
    });
  };
  process.on('SIGHUP', () => void app.reloadCertificate());
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

await main();
