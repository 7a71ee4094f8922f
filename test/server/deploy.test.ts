import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { parseConfig, type ServerConfig } from '../../server/config.ts';

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

  it('with flags only that docs/operating.md explains, which explains no others', async () => {
    const text = await read('docs/operating.md');
    const help = parseConfig(['--help'], {});
    assert.equal(help.kind, 'help');
    const flags = new Set([...help.text.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, flag]) => flag));
    const table = new Set([...text.matchAll(/^\| `--([a-z-]+)/gm)].map(([, flag]) => flag));
    assert.deepEqual([...table].sort(), [...flags].filter((flag) => flag !== 'help').sort());
  });
});
