import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, normalize } from 'node:path';
import { describe, it } from 'node:test';
import { parseConfig, type ServerConfig } from '../../server/config.ts';
import { startServer } from './helpers.ts';

const noSystemd =
  spawnSync('systemd-analyze', ['--version']).error === undefined
    ? false
    : 'systemd is not installed';

const read = (path: string): Promise<string> =>
  readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

function config(args: readonly string[], env: Record<string, string>): ServerConfig {
  const parsed = parseConfig(args, env);
  assert.equal(parsed.kind, 'config', JSON.stringify(parsed));
  return parsed.config;
}

describe('what is deployed starts', () => {
  it('by docker-compose.yml', async () => {
    const text = await read('docker-compose.yml');
    const service = /\n {2}video-call:\n([\s\S]*?)\n {2}\w/.exec(text)?.[1] ?? '';
    const args = [...service.matchAll(/^ {6}- (--\S.*)$/gm)].map(([, flag = '']) =>
      flag.replaceAll(/\$\{DOMAIN(:\?[^}]*)?\}/g, 'calls.example.com'),
    );
    const { turn, trustProxy, stunPort, iceServers, metricsAt } = config(args, {
      TURN_SECRET: '0123456789abcdef',
    });
    assert.deepEqual(turn?.urls, [
      'turn:calls.example.com:3478',
      'turn:calls.example.com:3478?transport=tcp',
    ]);
    assert.deepEqual(iceServers, [{ urls: ['stun:calls.example.com:3478'] }]);
    assert.deepEqual([trustProxy, stunPort, metricsAt?.port], [1, undefined, 9_090]);
  });

  it('by the systemd unit', async () => {
    const text = await read('deploy/video-call.service');
    const args = /^ExecStart=\S+ \S+ (.*)$/m.exec(text)?.[1]?.split(' ') ?? [];
    const { turn, host } = config(args, { TURN_SECRET_FILE: '/run/credentials/turn-secret' });
    assert.equal(turn?.secret.kind, 'file');
    assert.equal(host, '127.0.0.1');
  });

  it('by the systemd unit, as it says how to install it on a fresh machine', async () => {
    const text = await read('deploy/video-call.service');
    const install = /^# {3}(install .*?) &&/m.exec(text)?.[1] ?? '';
    const folder = await mkdtemp(join(tmpdir(), 'video-call-etc-'));
    const args = install.replace('/etc/', `${folder}/`).split(' ').slice(1);
    const { status, stderr } = spawnSync('install', args, { encoding: 'utf8' });
    const { mode } = await stat(join(folder, 'video-call', 'turn-secret'));
    await rm(folder, { recursive: true });
    assert.deepEqual([status, stderr, mode & 0o777], [0, '', 0o600]);
  });

  it('by the systemd unit, which systemd understands', { skip: noSystemd }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'video-call-unit-'));
    const unit = join(folder, 'video-call.service');
    const text = await read('deploy/video-call.service');
    // It looks for the program, which is elsewhere here.
    await writeFile(unit, text.replace('/usr/bin/node', process.execPath));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', unit], {
      encoding: 'utf8',
    });
    await rm(folder, { recursive: true });
    assert.deepEqual([status, stderr], [0, '']);
  });

  it('by the Dockerfile, as nobody special, with what the package runs', async () => {
    const stage = (await read('Dockerfile')).split(/^FROM .*$/m).at(-1) ?? '';
    const { bin } = JSON.parse(await read('package.json')) as { bin: Record<string, string> };
    const entry = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(stage)?.[1] ?? '[]') as string[];
    assert.deepEqual([entry[0], entry.length], ['node', 2]);
    assert.ok(Object.values(bin).some((file) => normalize(file) === entry[1]));
    assert.deepEqual(stage.match(/^USER .*$/gm), ['USER node']);
    assert.doesNotMatch(stage.split('USER node')[1] ?? '', /^(COPY|RUN)/m);
  });

  it('by the Dockerfile, whose check of health tells a server that answers from one that does not', async () => {
    const text = await read('Dockerfile');
    const check = JSON.parse(/^ {2}CMD (\[.*\])$/m.exec(text)?.[1] ?? '[]') as string[];
    const run = async (env: Record<string, string>): Promise<unknown> => {
      const [program = '', ...args] = check;
      const all = { env: { PATH: process.env['PATH'], ...env } };
      const [code] = (await once(spawn(program, args, all), 'exit')) as unknown[];
      return code;
    };
    const server = await startServer({ config: { path: '/calls/' } });
    const where = { PORT: String(server.port), HEALTH_PATH: '/calls/healthz' };
    assert.equal(await run(where), 0);
    assert.equal(await run({ ...where, HEALTH_PATH: '' }), 1);
    await server.stop();
    assert.equal(await run(where), 1);
    const secure = await startServer({ config: { tls: { kind: 'self-signed' } } });
    assert.equal(await run({ HEALTH_URL: `${secure.url}healthz` }), 0);
    await secure.stop();
    assert.equal(await run({ HEALTH_URL: `${secure.url}healthz` }), 1);
  });

  it('with flags only that docs/operating.md explains, which explains no others', async () => {
    const text = await read('docs/operating.md');
    const help = parseConfig(['--help'], {});
    assert.equal(help.kind, 'help');
    const flags = new Set([...help.text.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, flag]) => flag));
    const table = new Set([...text.matchAll(/^\| `--([a-z-]+)/gm)].map(([, flag]) => flag));
    assert.deepEqual([...table].sort(), [...flags].filter((flag) => flag !== 'help').sort());
  });
});
