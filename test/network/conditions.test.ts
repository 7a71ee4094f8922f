/** Bad networks: the sound goes on, the picture gives way, and everything comes back. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { until } from '../e2e/harness/until.ts';
import { Lab } from './lab/lab.ts';
import { busyCamera, inWords, reception } from './lab/media.ts';

/** Packets of sound in a second, which are 50 on a machine that has nothing else to do. */
const SOUND = 40;

const camera = busyCamera();
const lab = Lab.set({ browser: [camera.flag] });
after(() => {
  camera.remove();
});

test('5, 10 and 20 % of the packets are lost', async (t) => {
  const [, other] = await lab.pair();
  await wait(2_000);
  const clean = await reception(other, 4);
  t.diagnostic(`clean: ${inWords(clean)}`);
  for (const share of [0.05, 0.1, 0.2]) {
    lab.internet.loss('a', share);
    await wait(1_000);
    const seen = await reception(other, 6);
    t.diagnostic(`loss ${String(share * 100)} %: ${inWords(seen)}`);
    assert.ok(seen.audioPacketsPerSecond > SOUND * (1 - share), 'sound');
    assert.ok(seen.framesPerSecond > clean.framesPerSecond * 0.4, 'pictures');
  }
  lab.internet.loss('a', 0);
  await wait(5_000);
  const back = await reception(other, 3);
  t.diagnostic(`5 s after it: ${inWords(back)}`);
  assert.ok(back.audioPacketsPerSecond > SOUND, 'sound as before');
  assert.ok(back.framesPerSecond > clean.framesPerSecond * 0.6, 'pictures as before');
});

test('an uplink of 300 kbit/s', async (t) => {
  const [, other] = await lab.pair();
  // The browser takes a while to find out how much the way can take.
  await until(
    async () => (await reception(other, 2)).videoKilobits > 350,
    'a busy picture',
    30_000,
  );
  const clean = await reception(other, 3);
  t.diagnostic(`clean: ${inWords(clean)}`);
  lab.internet.uplink('a', 300);
  await wait(3_000);
  const seen = await reception(other, 7);
  t.diagnostic(`capped: ${inWords(seen)}`);
  assert.ok(seen.audioPacketsPerSecond > SOUND, 'sound');
  assert.ok(seen.videoKilobits < 290 && seen.videoKilobits < clean.videoKilobits, 'gives way');
  assert.ok(seen.framesPerSecond > 2, 'pictures');
  lab.internet.heal();
  const ended = Date.now();
  await until(
    async () => (await reception(other, 2)).videoKilobits > clean.videoKilobits * 0.7,
    'the picture as before',
    45_000,
  );
  t.diagnostic(`as before ${((Date.now() - ended) / 1_000).toFixed(0)} s after it`);
});
