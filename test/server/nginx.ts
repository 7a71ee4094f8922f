import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './helpers.ts';

/** Why tests with nginx cannot run here; false when they can. */
export const noNginx: string | false =
  spawnSync('nginx', ['-v']).error === undefined
    ? false
    : 'nginx is not installed (Debian: apt-get install nginx-light)';

export interface Nginx {
  readonly port: number;
  stop(): Promise<void>;
}

const ourConf = (name: string): Promise<string> =>
  readFile(new URL(`../../deploy/${name}`, import.meta.url), 'utf8');

/**
 * Runs nginx on a free port of 127.0.0.1 with deploy/nginx.conf in its server block, in front of a server at this port, or
 * with deploy/nginx-upstream.conf in front of two.
 */
export async function startNginx(
  upstream: number | readonly [one: number, other: number],
): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'video-call-nginx-'));
  const port = await freePort();
  const [one, other] = typeof upstream === 'number' ? [upstream] : upstream;
  const to = other === undefined ? `127.0.0.1:${one}` : 'video_call';
  const locations = (await ourConf('nginx.conf')).replaceAll('127.0.0.1:9000', to);
  const nodes = (await ourConf('nginx-upstream.conf'))
    .replace('10.0.0.11:9000', `127.0.0.1:${one}`)
    .replace('10.0.0.12:9000', `127.0.0.1:${other ?? one}`);
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const conf = `
    daemon off; master_process off; pid ${folder}/pid; error_log stderr warn;
    events {}
    http {
      access_log off;
      ${paths.map((path) => `${path}_temp_path ${folder}/${path};`).join(' ')}
      ${other === undefined ? '' : nodes}
      server { listen 127.0.0.1:${port}; ${locations} }
    }`;
  await writeFile(join(folder, 'nginx.conf'), conf);
  const args = ['-p', folder, '-c', join(folder, 'nginx.conf')];
  const child = spawn('nginx', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(child, 'exit');
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  process.once('exit', () => child.kill('SIGKILL'));
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`nginx ended: ${log}`);
    return fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
  }, 'nginx');
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
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
