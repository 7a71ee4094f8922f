import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { freePort } from '../e2e/harness/server.ts';
import { limited, type Fields } from '../../server/log.ts';
import { Client, newId, runMain, until, type RunningMain } from './helpers.ts';

const FLAGS = ['--port', '0', '--host', '127.0.0.1', '--stun-port', 'off'];

type Line = Readonly<Record<string, unknown>>;
const lines = (main: RunningMain): Line[] =>
  main
    .stdout()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

async function isListening(main: RunningMain): Promise<string> {
  await until(() => main.stdout().includes('"listening"'), 'the server to run');
  return String(lines(main).find(({ msg }) => msg === 'listening')?.['url']);
}

describe('the log', () => {
  it('is lines of JSON unless people read it, without names, tokens, rooms and addresses', async () => {
    const secret = 'hidden-hidden-hidden';
    const main = runMain([...FLAGS, '--turn-url', 'turn:t.example.com', '--turn-secret', secret], {
      LOG_FORMAT: '',
      ROOM_CAPACITY: '2',
    });
    const url = await isListening(main);
    const room = `room-${newId()}`;
    const headers = { 'x-forwarded-for': '192.0.2.77' };
    const one = await Client.member({ url }, room, { options: { headers } });
    const other = await Client.member({ url }, room, { options: { headers } });
    other.send({ type: 'ROOM-LEAVE' });
    await other.settled();
    // A refusal as well: its address is for the level "debug" only.
    await Client.open({ url: `${url}nowhere/` }, { options: { headers } }).closed;
    await until(() => main.stdout().includes('member gone'), 'the line of the departure');
    main.process.kill('SIGTERM');
    const { code } = await main.done;
    assert.equal(code, 0);
    const all = lines(main);
    for (const { level, time } of all) {
      assert.equal(level, 'info');
      assert.match(String(time), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    }
    assert.deepEqual(
      all.map(({ msg }) => msg),
      ['listening', 'member joined', 'member joined', 'member gone', 'stopping', 'stopped'],
    );
    const { settings } = all[0] as { settings: Line };
    assert.equal(settings['turn-secret'], '*** (flag)');
    assert.equal(settings['room-capacity'], '2 (ROOM_CAPACITY)');
    assert.deepEqual([all[2]?.['members'], all[2]?.['rooms'], all[3]?.['reason']], [2, 1, 'left']);
    for (const unspoken of [room, one.id, one.token, other.id, '192.0.2.77', secret])
      assert.ok(!main.stdout().includes(unspoken), unspoken);
  });

  it('tells at the level "debug" who is refused, for whom a flood comes from, and no tokens', async () => {
    const main = runMain([...FLAGS, '--log-level', 'debug'], { LOG_FORMAT: 'json' });
    const url = await isListening(main);
    const headers = { 'x-forwarded-for': '192.0.2.77' };
    const client = Client.open({ url: `${url}nowhere/` }, { options: { headers } });
    await client.closed;
    await until(() => main.stdout().includes('connection refused'), 'the line of the refusal');
    const line = lines(main).find(({ msg }) => msg === 'connection refused');
    assert.deepEqual(
      [line?.['level'], line?.['reason'], line?.['address']],
      ['debug', 'bad-request', '192.0.2.77'],
    );
    for (const unspoken of [client.id, client.token])
      assert.ok(!main.stdout().includes(unspoken), unspoken);
    main.process.kill('SIGTERM');
    await main.done;
  });

  it('tells who comes also during a flood of what is refused', async () => {
    const main = runMain(FLAGS, { LOG_FORMAT: 'json' });
    const url = await isListening(main);
    for (let n = 0; n < 20; n++)
      await Promise.all(
        Array.from({ length: 40 }, () => Client.open({ url: `${url}nowhere/` }).closed),
      );
    for (let n = 0; n < 20; n++) await Client.member({ url }, newId());
    const joined = (): number => lines(main).filter(({ msg }) => msg === 'member joined').length;
    await until(() => joined() === 20, 'a line for each who came');
    main.process.kill('SIGTERM');
    await main.done;
  });

  it('says nothing below its level', async () => {
    const port = await freePort();
    const flags = [...FLAGS, '--port', String(port), '--log-level', 'warn'];
    const main = runMain(flags, { LOG_FORMAT: 'json' });
    const isUp = (): Promise<boolean> =>
      fetch(`http://127.0.0.1:${port}/healthz`).then(
        () => true,
        () => false,
      );
    await until(isUp, 'the server');
    main.process.kill('SIGTERM');
    const { stdout } = await main.done;
    assert.equal(stdout, '');
  });

  it('is text with the settings for people', async () => {
    const main = runMain([...FLAGS, '--room-capacity', '3']);
    await until(() => main.stdout().includes('Stop with'), 'the server to run');
    assert.match(main.stdout(), /^ {2}Settings {2}port 0 \(flag\)$/m);
    assert.match(main.stdout(), /^ {12}room-capacity 3 \(flag\)$/m);
    main.process.kill('SIGTERM');
    assert.match((await main.done).stdout, /INFO.*stopping/);
  });

  it('shows no secret at start, in whichever form', async () => {
    const secrets = {
      TURN_SECRET: 'hidden-turn-secret',
      WEBHOOK_SECRET: 'hidden-webhook-secret',
      WEBHOOK_URL: 'https://hooks.example.com/x?key=hidden',
      JWKS_URL: 'https://keys.example.com/set.json?key=hidden',
      REDIS_URL: 'redis://user:hidden@127.0.0.1:1',
    };
    const flags = ['--turn-url', 'turn:a', '--ice-servers', 'turn:user:hidden@b'];
    for (const format of ['text', 'json']) {
      const main = runMain([...FLAGS, ...flags], { ...secrets, LOG_FORMAT: format });
      await until(() => main.stdout().includes('jwks-url'), 'the settings');
      main.process.kill('SIGTERM');
      const { stdout, stderr } = await main.done;
      assert.match(stdout, /redis:\/\/\*\*\*@127/);
      assert.doesNotMatch(stdout + stderr, /hidden/);
    }
  });

  it('cannot be flooded', () => {
    const heard: [string, Fields | undefined][] = [];
    const log = limited((message, fields) => heard.push([message, fields]), 3);
    for (let n = 0; n < 10; n++) log('again', { n });
    assert.deepEqual(
      heard.map(([, fields]) => fields),
      [{ n: 0 }, { n: 1 }, { n: 2 }],
    );
  });
});
