import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { after, before, describe, it } from 'node:test';
import { Client, newId, until } from './helpers.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What operators install: the packed tarball, in a folder that has nothing of this repository. */
describe('the package', () => {
  let folder: string;
  before(async () => {
    const build =
      "import { build } from './scripts/build.mjs'; import { staleBuilds } from './scripts/lib/builds.mjs'; await build(staleBuilds());";
    await run(process.execPath, ['--input-type=module', '--eval', build], { cwd: ROOT });
    folder = await mkdtemp(join(tmpdir(), 'video-call-pack-'));
    await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT });
    const [tarball = ''] = await readdir(folder);
    await writeFile(join(folder, 'package.json'), '{"private":true}');
    const quick = ['--omit=dev', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
    await run('npm', ['install', ...quick, `./${tarball}`], { cwd: folder });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('brings what runs, and no sources, tests or secrets', async () => {
    const installed = join(folder, 'node_modules', 'video-call-element');
    const files = (await readdir(installed, { recursive: true })).map(String);
    for (const needed of [
      'build/server/main.js',
      'build/src/protocol/room.js',
      'build/types/index.d.ts',
      'dist/video-call.js',
      'dist/index.html',
      'docs/operating.md',
      'deploy/nginx.conf',
      'README.md',
      'SECURITY.md',
      'LICENSE',
    ])
      assert.ok(files.includes(needed), needed);
    const stray = files.filter((file) =>
      /^(src|server|test|bench|scripts|\.)|(?<!\.d)\.ts$/.test(file),
    );
    assert.deepEqual(stray, []);
  });

  it('has the types of the element, for pages that are written in TypeScript', async () => {
    await writeFile(
      join(folder, 'page.mts'),
      `import { defineVideoCall, type Participant } from 'video-call-element';
       const call = document.createElement('video-call');
       call.addEventListener('participant-change', ({ participant }) => {
         const { name }: Participant = participant;
         call.title = name;
       });
       // @ts-expect-error a room is a name
       call.room = 7;
       defineVideoCall('other-call');`,
    );
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const options = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022'];
    await run(process.execPath, [tsc, ...options, 'page.mts'], { cwd: folder });
  });

  it('is nothing on a server that renders pages, and does no harm', async () => {
    const code =
      "const m = await import('video-call-element'); m.defineVideoCall(); console.log(typeof m.VideoCallElement)";
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code], {
      cwd: folder,
    });
    assert.equal(stdout.trim(), 'undefined');
  });

  it('explains itself by npx', async () => {
    const { stdout } = await run('npx', ['--no-install', 'video-call-server', '--help'], {
      cwd: folder,
    });
    assert.match(stdout, /--room-capacity <number>/);
  });

  it('serves the script and calls by npx, and ends as it is told', async () => {
    const flags = ['--port', '0', '--host', '127.0.0.1', '--stun-port', 'off'];
    // npx itself hands signals on, but a test that fails must not leave the server behind.
    const bin = join(folder, 'node_modules', '.bin', 'video-call-server');
    const child = spawn(bin, [...flags, '--log-format', 'json'], { cwd: folder });
    process.once('exit', () => child.kill('SIGKILL'));
    const exited = once(child, 'exit');
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    await until(() => {
      if (child.exitCode !== null) throw new Error(output);
      return output.includes('"listening"');
    }, 'the server to run');
    const { url } = JSON.parse(output.split('\n')[0]!) as { url: string };
    const script = await fetch(`${url}video-call.js`);
    assert.equal(script.status, 200);
    assert.match(await (await fetch(url)).text(), /video-call\.js/);
    const room = newId();
    const one = await Client.member({ url }, room);
    await Client.member({ url }, room);
    await one.take('ROOM-JOINED');
    child.kill('SIGTERM');
    const [code] = (await exited) as [number];
    assert.equal(code, 0);
  });
});
