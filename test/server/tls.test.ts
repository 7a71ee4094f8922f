import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { after, before, describe, it } from 'node:test';
import { generate } from 'selfsigned';
import { Client, mainIsUp, newId, runMain, until, type RunningMain } from './helpers.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'video-call-tls-'));
});
after(() => rm(folder, { recursive: true }));

/** Puts a certificate for this name, and its key, into the folder. */
async function issue(into: string, name: string): Promise<void> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
  });
  await mkdir(into, { recursive: true });
  await writeFile(join(into, 'cert.pem'), cert);
  await writeFile(join(into, 'key.pem'), key);
}

/** The name in the certificate that a new connection is shown. */
async function shownName(port: number): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return String(CN);
}

async function start(live: string): Promise<{ main: RunningMain; port: number }> {
  const files = ['--cert', join(live, 'cert.pem'), '--key', join(live, 'key.pem')];
  const main = runMain(['--port', '0', '--host', '127.0.0.1', '--stun-port', 'off', ...files]);
  return { main, port: await mainIsUp(main) };
}

async function stop(main: RunningMain): Promise<void> {
  main.process.kill('SIGTERM');
  assert.equal((await main.done).code, 0);
}

describe('a renewed certificate', () => {
  it('is shown when its files are written anew, and calls that run do not notice', async () => {
    const live = join(folder, 'written');
    await issue(live, 'one');
    const { main, port } = await start(live);
    assert.equal(await shownName(port), 'one');
    const room = newId();
    const server = { url: `https://127.0.0.1:${port}/` };
    const member = await Client.member(server, room);
    await issue(live, 'two');
    await until(async () => (await shownName(port)) === 'two', 'the new certificate');
    await member.settled();
    await Client.member(server, room);
    await member.take('ROOM-JOINED');
    await stop(main);
  });

  it('is shown when links to its files are swapped, as certbot does', async () => {
    const live = join(folder, 'certbot');
    await mkdir(live);
    for (const name of ['one', 'two']) await issue(join(folder, 'archive', name), name);
    const link = async (name: string, file: string): Promise<void> => {
      await symlink(join(folder, 'archive', name, file), join(live, `${file}.new`));
      await rename(join(live, `${file}.new`), join(live, file));
    };
    for (const file of ['cert.pem', 'key.pem']) await link('one', file);
    const { main, port } = await start(live);
    for (const file of ['cert.pem', 'key.pem']) await link('two', file);
    await until(async () => (await shownName(port)) === 'two', 'the new certificate');
    await stop(main);
  });

  it('is shown when a link to their folder is swapped, as Kubernetes does', async () => {
    const live = join(folder, 'current');
    for (const name of ['three', 'four']) await issue(join(folder, name), name);
    await symlink(join(folder, 'three'), live);
    const { main, port } = await start(live);
    assert.equal(await shownName(port), 'three');
    await symlink(join(folder, 'four'), `${live}.new`);
    await rename(`${live}.new`, live);
    await until(async () => (await shownName(port)) === 'four', 'the new certificate');
    await stop(main);
  });

  it('that cannot be used is named in the log, and the old one stays until a good one comes', async () => {
    const live = join(folder, 'broken');
    await issue(live, 'good');
    const { main, port } = await start(live);
    await writeFile(join(live, 'cert.pem'), 'no certificate');
    main.process.kill('SIGHUP');
    await until(() => main.stdout().includes('the old one stays'), 'the line in the log');
    assert.equal(await shownName(port), 'good');
    // A key that belongs to another certificate, too.
    await issue(join(folder, 'other'), 'other');
    await copyFile(join(folder, 'other', 'cert.pem'), join(live, 'cert.pem'));
    main.process.kill('SIGHUP');
    await until(() => main.stdout().split('the old one stays').length > 2, 'the next line');
    assert.equal(await shownName(port), 'good');
    await copyFile(join(folder, 'other', 'key.pem'), join(live, 'key.pem'));
    main.process.kill('SIGHUP');
    await until(async () => (await shownName(port)) === 'other', 'the good one');
    await stop(main);
  });

  it('may be asked for where there is none, to no effect', async () => {
    const main = runMain(['--port', '0', '--host', '127.0.0.1', '--stun-port', 'off']);
    const port = await mainIsUp(main);
    main.process.kill('SIGHUP');
    await Client.member({ url: `http://127.0.0.1:${port}/` }, newId());
    await stop(main);
  });
});
