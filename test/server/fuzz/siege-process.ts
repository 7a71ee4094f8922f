/**
 * Attacks a server from thousands of addresses at once: hostile frames, connections that come and go, and joins. In a process of
 * its own, so that it slows nobody down but the server; started by siege.ts, which asks by IPC for what it has done.
 */
import { setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '../helpers.ts';
import { hostileText, type Targets } from './frames.ts';
import { Random } from './random.ts';
import { frame, Raw, type Place } from './raw.ts';
import type { Besieged, SiegeReport } from './siege.ts';

const { port, ids, room, rates } = JSON.parse(process.argv[2] ?? '') as Besieged;
// What the attackers have of this machine's processors is no part of what is shown.
setPriority(10);

const random = new Random(port);
const targets: Targets = { victims: ids, unknown: Array.from({ length: 20 }, newId), room };
const report: { -readonly [K in keyof SiegeReport]: SiegeReport[K] } = {
  seconds: 0,
  frames: 0,
  connections: 0,
  joins: 0,
  closed: {},
  delivered: [],
};
const state = { isEnding: false };
/** Of sockets that are open: the report is whole when all have been noted. */
const ends = new Set<Promise<void>>();
const start = performance.now();
process.on('disconnect', () => process.exit(0));
process.on('message', () => {
  state.isEnding = true;
});

const somewhere = (): Place => ({
  port,
  from: `127.${random.below(200) + 1}.${random.below(250)}.${random.below(250) + 1}`,
});

/** Whether this names a victim to somebody who has not named it. */
const tells = (text: string): boolean =>
  // What was asked for is named in the answer: the target of a frame, and the room of a join, which may be called like anybody.
  !text.includes('"ROOM-UNDELIVERED"') &&
  ids.some((id) => text.replaceAll(`"room":"${id}"`, '').includes(id));

/** Notes how it was closed, and whatever came that only a member of the attacked room may have. */
async function open(): Promise<Raw> {
  const [raw, status] = await Raw.webSocket(somewhere(), newId(), newId());
  report.connections++;
  if (status !== 101) raw.end();
  const noted: Promise<void> = raw.closed.then(() => {
    ends.delete(noted);
    const how = String(raw.code ?? (status === 101 ? 'gone' : status));
    report.closed[how] = (report.closed[how] ?? 0) + 1;
    report.delivered.push(...raw.texts.filter(tells));
  });
  ends.add(noted);
  return raw;
}

/** The same socket, or another one in place of one that the server does not listen to any more. */
async function stillOpen(raw: Raw): Promise<Raw> {
  if (!raw.isClosed && raw.code === undefined) return raw;
  raw.end();
  return open();
}

/** Runs `step` so many times a second, counting what it has done, until the end. */
async function paced(perSecond: number, step: () => Promise<number>): Promise<void> {
  const begun = performance.now();
  for (let done = 0; !state.isEnding;) {
    const ahead = done / perSecond - (performance.now() - begun) / 1_000;
    if (ahead > 0) await sleep(ahead * 1_000);
    else done += await step();
  }
}

const heartbeats = Buffer.concat(Array<Buffer>(60).fill(frame('{"type":"HEARTBEAT"}')));
const junk = frame(`{"type":"OFFER","payload":"${'x'.repeat(100_000)}"}`);
const BATCHES: readonly (() => readonly [Buffer, number])[] = [
  () => [Buffer.concat(Array.from({ length: 30 }, () => frame(hostileText(random, targets)))), 30],
  () => [heartbeats, 60],
  () => [Buffer.concat([junk, junk]), 2],
];

/** Goes on over another socket whenever the server has closed one. */
async function hostileFrames(perSecond: number, nth: number): Promise<void> {
  let raw = await open();
  await paced(perSecond, async () => {
    raw = await stillOpen(raw);
    const [batch, count] = BATCHES[nth % BATCHES.length]!();
    await raw.push(batch);
    report.frames += count;
    return count;
  });
  raw.end();
}

async function joins(perSecond: number): Promise<void> {
  let raw = await open();
  await paced(perSecond, async () => {
    raw = await stillOpen(raw);
    raw.write(frame(JSON.stringify({ type: 'ROOM-JOIN', version: 1, room: random.text(12) })));
    report.joins++;
    return 1;
  });
  raw.end();
}

async function connections(perSecond: number): Promise<void> {
  await paced(perSecond, async () => {
    (await open()).end();
    return 1;
  });
}

/** Several of each, so that a slow answer to one does not slow the others down. */
const WORKERS = 12;
const workers = (perSecond: number, work: (share: number, nth: number) => Promise<void>) =>
  Array.from({ length: WORKERS }, (_, nth) => work(perSecond / WORKERS, nth));

process.send?.('begun');
await Promise.all([
  ...workers(rates.frames, hostileFrames),
  ...workers(rates.connections, connections),
  ...workers(rates.joins, joins),
]);
await Promise.all(ends);
report.seconds = (performance.now() - start) / 1_000;
process.send?.(report);
