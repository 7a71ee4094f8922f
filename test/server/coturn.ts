import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TurnClient } from './turn-client.ts';

/** Why tests with coturn cannot run here; false when they can. */
export const noCoturn: string | false =
  spawnSync('turnserver', ['--version']).error === undefined
    ? false
    : 'coturn is not installed (Debian: apt-get install coturn)';

export interface Coturn {
  readonly port: number;
  stop(): Promise<void>;
}

/** Runs coturn with deploy/turnserver.conf on a free port of this machine, IPv4, relaying from 127.0.0.1 and ::1. */
export async function startCoturn(secret: string, ...flags: string[]): Promise<Coturn> {
  const folder = await mkdtemp(join(tmpdir(), 'video-call-turn-'));
  const port = await freePort();
  const conf = fileURLToPath(new URL('../../deploy/turnserver.conf', import.meta.url));
  const args = [
    ...['-c', conf, `--static-auth-secret=${secret}`, '--realm=test', `--listening-port=${port}`],
    ...['--listening-ip=127.0.0.1', '--relay-ip=127.0.0.1', '--relay-ip=::1', '--no-tls'],
    ...['--no-dtls', `--pidfile=${join(folder, 'pid')}`, `--userdb=${join(folder, 'db')}`],
  ];
  const child = spawn('turnserver', [...args, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-20_000)));
  process.once('exit', () => child.kill('SIGKILL'));
  // It runs when it answers anything.
  const probe = await TurnClient.open(port, { username: 'nobody', credential: 'nothing' });
  await probe.allocate().catch((error: unknown) => {
    throw new Error(`coturn does not answer: ${log}`, { cause: error });
  });
  probe.close();
  return {
    port,
    async stop() {
      child.kill('SIGKILL');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return port;
}
