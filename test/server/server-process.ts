/**
 * A server in a process of its own, since PeerServer's timers cannot be stopped: started by `startServer()` in helpers.ts with
 * the options as JSON, tells its ports over IPC, and ends with the process that started it.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createApp, type AppOptions } from '../../server/app.ts';
import type { ServerConfig } from '../../server/config.ts';
import { loadTurnSecret } from '../../server/ice.ts';
import { DEFAULT_LIMITS } from '../../server/limits.ts';
import { loadAccessSecret } from '../../server/tokens.ts';
import { loadCertificate } from '../../server/tls.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const { config, app: appOptions } = JSON.parse(process.argv[2] ?? '{}') as {
  config: Partial<ServerConfig>;
  app: Pick<AppOptions, 'limits' | 'timings' | 'dist'>;
};
const whole: ServerConfig = {
  port: 0,
  host: '127.0.0.1',
  path: '/',
  roomCapacity: 16,
  iceServers: [],
  stunPort: undefined,
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
  connectionsPerAddress: 1_000,
  joinsPerAddress: 10_000,
  limits: DEFAULT_LIMITS,
  joinWithin: 10,
  trustProxy: ['loopback'],
  metrics: false,
  metricsAt: undefined,
  log: { level: 'info', format: 'json' },
  webhook: undefined,
  redis: undefined,
  ...config,
};
const certificate = whole.tls && (await loadCertificate(whole.tls, whole.publicHost));
const turnSecret = whole.turn && (await loadTurnSecret(whole.turn.secret));
const keys = whole.access?.keys;
const accessSecret = keys?.kind === 'secret' && (await loadAccessSecret(keys.secret));
const app = createApp(whole, {
  ...appOptions,
  ...(certificate && { certificate }),
  ...(turnSecret !== undefined && { turnSecret }),
  ...(accessSecret && { accessSecret }),
  log: (message, fields) => process.stdout.write(`${message} ${JSON.stringify(fields)}\n`),
});
process.on('disconnect', () => process.exit(0));
process.on('message', (command) => {
  if (command === 'memory') {
    collect();
    const inherited: string[] = [];
    for (const key in {}) inherited.push(key);
    process.send?.({ heap: process.memoryUsage().heapUsed, inherited });
  }
  if (command === 'stop')
    void app.stop().then(() => {
      process.send?.('stopped', () => process.exit(0));
    });
});
process.send?.(await app.start());
