import assert from 'node:assert/strict';
import { test } from 'node:test';
import { percentile } from '../../bench/lib/numbers.ts';
import { Client, newId } from '../server/helpers.ts';
import { inWords, Siege } from '../server/fuzz/siege.ts';
import { CallStage, eventsSince, now, perceiveEachOther } from './harness/seen.ts';
import { watchFrames } from './harness/watch-frames.ts';

const stage = CallStage.set();
const SECONDS = 8;
/** A second: enough to keep the server busy, and not so much that the machine has none left for two browsers' pictures. */
const RATES = { frames: 4_000, connections: 120, joins: 120 };

test(`a flood of ${String(SECONDS)} s from thousands of addresses: a call on the same server does not notice`, async (t) => {
  const room = stage.room();
  const people = [await stage.join(room, 'Ann'), await stage.join(room, 'Bob')];
  const [ann, bob] = people as [(typeof people)[0], (typeof people)[0]];
  await perceiveEachOther({ Ann: ann, Bob: bob });
  const ids = await Promise.all(people.map((person) => person.id()));
  const watches = await Promise.all(people.map(watchFrames));
  const since = await Promise.all(people.map(now));
  const noted = people.map(({ frames }) => frames.length);
  const other = await Client.member(stage.server, newId());

  const siege = await Siege.begin({ port: stage.server.port, ids, room, rates: RATES });
  t.after(() => {
    siege.kill();
  });
  const echoes: number[] = [];
  const end = performance.now() + SECONDS * 1_000;
  while (performance.now() < end) {
    const at = performance.now();
    await other.settled();
    echoes.push(performance.now() - at);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  // Whoever comes meanwhile gets in, too.
  const late = await Client.member(stage.server, newId());
  const report = await siege.end();
  const gaps = await Promise.all(watches.map((longest) => longest()));

  const [half, most] = [50, 95].map((percent) => percentile(echoes, percent).toFixed(1));
  t.diagnostic(inWords(report));
  t.diagnostic(`echo of another client: median ${half!} ms, p95 ${most!} ms`);
  t.diagnostic(`longest without a new picture: ${gaps.map((gap) => gap.toFixed(0)).join(', ')} ms`);
  for (const key of ['frames', 'connections', 'joins'] as const)
    assert.ok(report[key] > (RATES[key] * SECONDS) / 4, `${key}: ${String(report[key])}`);
  for (const code of ['1008']) assert.ok((report.closed[code] ?? 0) > 0, JSON.stringify(report));
  assert.deepEqual(report.delivered, []);
  // Ten pictures a second are sent; a machine with other work to do may show fewer.
  for (const gap of gaps) assert.ok(gap < 2_000, `no new picture for ${String(gap)} ms`);
  for (const [index, person] of people.entries()) {
    const types = ['participant-left', 'participant-joined', 'state-change', 'connection-change'];
    assert.deepEqual(await eventsSince(person, since[index]!, ...types, 'call-error'), []);
    // Nothing but the answers to the element's own pings.
    const strange = person.frames
      .slice(noted[index])
      .filter((frame) => !/"type":"(ROOM-P[IO]NG|HEARTBEAT)"/.test(frame));
    assert.deepEqual(strange, []);
    assert.equal(person.sockets.length, 1);
    assert.deepEqual(person.pageErrors, []);
  }
  assert.deepEqual(other.types(), []);
  await Promise.all([other.crash(), late.crash()]);
  await perceiveEachOther({ Ann: ann, Bob: bob });
});
