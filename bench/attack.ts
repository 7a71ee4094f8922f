import { embedPage, PageServer } from '../test/e2e/harness/page-server.ts';
import { Person } from '../test/e2e/harness/person.ts';
import { TestBrowser } from '../test/e2e/harness/browser.ts';
import { eventsSince, now, observe } from '../test/e2e/harness/seen.ts';
import { areInCall } from '../test/e2e/harness/stage.ts';
import { TestServer } from '../test/e2e/harness/server.ts';
import { watchFrames } from '../test/e2e/harness/watch-frames.ts';
import { inWords, Siege, type SiegeReport } from '../test/server/fuzz/siege.ts';
import { Client, newId } from '../test/server/helpers.ts';
import { percentile } from './lib/numbers.ts';
import { table } from './lib/table.ts';
import type { Options } from './run.ts';

/** A second, from thousands of addresses. */
const RATES = { frames: 6_000, connections: 200, joins: 200 };
const ROOM = 'beside the flood';

interface Phase {
  /** Milliseconds from ROOM-PING to ROOM-PONG of a client that has nothing to do with the call. */
  readonly echoes: readonly number[];
  /** Pictures decoded a second, of each of the two. */
  readonly pictures: readonly number[];
  readonly longest: number;
  readonly events: number;
}

/** A call of two and another client on the server, first in peace and then during an attack. */
export async function measureAttack({ isQuick, runs }: Options): Promise<string> {
  const seconds = runs ?? (isQuick ? 5 : 30);
  const server = await TestServer.start();
  const site = await PageServer.start((path) =>
    embedPage(
      server.url,
      `<video-call room="${ROOM}" name="${path.slice(1)}" autojoin></video-call>`,
    ),
  );
  const browser = await TestBrowser.launch();
  try {
    const visit = async (name: string): Promise<Person> => {
      const context = await browser.browser.newContext({ viewport: { width: 480, height: 360 } });
      await context.addInitScript('globalThis.__name ??= (target) => target;');
      await context.addInitScript(observe);
      return Person.visit(context, `${site.url}${name}`);
    };
    const people = await Promise.all([visit('Ann'), visit('Bob')]);
    await areInCall(...people);
    const ids = await Promise.all(
      people.map((person) => person.run((e) => e.localParticipant!.id, undefined)),
    );
    const other = await Client.member(server, newId());
    const peace = await measure(people, other, seconds);
    const siege = await Siege.begin({ port: server.port, ids, room: ROOM, rates: RATES });
    const war = await measure(people, other, seconds);
    const report = await siege.end();
    await other.crash();
    return write(seconds, peace, war, report);
  } finally {
    await browser.close();
    await site.stop();
    await server.down();
  }
}

async function measure(people: readonly Person[], other: Client, seconds: number): Promise<Phase> {
  const frames = async (): Promise<number[]> => {
    const received = await Promise.all(people.map((person) => person.received()));
    return received.map((all) => [...all.values()][0]?.framesDecoded ?? NaN);
  };
  const watches = await Promise.all(people.map(watchFrames));
  const since = await Promise.all(people.map(now));
  const before = await frames();
  const start = performance.now();
  const echoes: number[] = [];
  while (performance.now() - start < seconds * 1_000) {
    const at = performance.now();
    await other.settled();
    echoes.push(performance.now() - at);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const took = (performance.now() - start) / 1_000;
  const after = await frames();
  const longest = Math.max(...(await Promise.all(watches.map((one) => one()))));
  const types = ['participant-left', 'participant-joined', 'state-change', 'connection-change'];
  const events = await Promise.all(
    people.map((person, index) => eventsSince(person, since[index]!, ...types, 'call-error')),
  );
  const pictures = after.map((count, index) => (count - before[index]!) / took);
  return { echoes, pictures, longest, events: events.flat().length };
}

function write(seconds: number, peace: Phase, war: Phase, report: SiegeReport): string {
  const row = (name: string, value: (phase: Phase) => string): string[] => [
    name,
    value(peace),
    value(war),
  ];
  const echo = (percent: number): string[] =>
    row(
      percent === 100 ? 'echo, most' : `echo, p${String(percent)}`,
      ({ echoes }) => `${percentile(echoes, percent).toFixed(1)} ms`,
    );
  return [
    `${String(seconds)} s without and ${String(seconds)} s with an attack, ${inWords(report)}.`,
    `Of the attacked room the attackers were sent ${String(report.delivered.length)} frames.`,
    '',
    table(
      ['', 'in peace', 'during the attack'],
      [
        ...[50, 95, 99, 100].map(echo),
        row('echoes', ({ echoes }) => String(echoes.length)),
        row('pictures decoded a second', ({ pictures }) =>
          pictures.map((count) => count.toFixed(1)).join(', '),
        ),
        row('longest without a new picture', ({ longest }) => `${longest.toFixed(0)} ms`),
        row('events of trouble in the call', ({ events }) => String(events)),
      ],
    ),
    '',
    'Target: an echo of 50 ms at most. Attackers, server, echo and both browsers share one machine; the attackers yield to the others.',
  ].join('\n');
}
