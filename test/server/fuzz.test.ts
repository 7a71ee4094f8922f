import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { percentile } from '../../bench/lib/numbers.ts';
import { fuzz, inWords } from './fuzz/fuzz.ts';

/** `npm run fuzz` sets these for a long run, and `FUZZ_SEED` repeats one. */
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 32);
const frames = Number(process.env['FUZZ_FRAMES'] ?? 30_000);
const isLong = frames > 100_000;

describe('a server under attack', () => {
  it(`lives, closes offenders, tells nobody anything, and stays small (FUZZ_SEED=${seed})`, async (context) => {
    const report = await fuzz({
      seed,
      frames,
      rounds: isLong ? 20 : 1,
      hijacks: 1_000,
    });
    for (const line of [`seed             ${seed}`, ...inWords(report).split('\n')])
      context.diagnostic(line);
    assert.ok(report.volume.frames >= frames, `${report.volume.frames} frames were handled`);
    for (const { heapBefore, heapAfter } of [report.volume, report.limits])
      assert.ok(heapAfter < 1.1 * heapBefore, `${heapBefore} bytes became ${heapAfter}`);
    // 50 ms is the aim of every echo; the attacker and other programs share the processors with the server.
    for (const { latencies } of [report.volume, report.limits])
      assert.ok(percentile(latencies, 50) < 50, `${percentile(latencies, 50)} ms`);
    for (const code of [1007, 1008, 1009]) assert.ok(report.codes.has(code), String(code));
  });
});
