import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Browser, type Page } from 'playwright-core';
import { CALL_FLAGS, findBrowser } from '../scripts/lib/browser.mjs';
import { markWhatHappens } from './lib/marks.ts';
import { median, ms, percentile } from './lib/numbers.ts';
import { visit } from './lib/pages.ts';
import { elementSide, plainSide, type Side } from './lib/sides.ts';
import { table } from './lib/table.ts';
import type { Options } from './run.ts';

const ROOM = 'bench';
/** Between two joins, so that what is left of one does not fall into the next. */
const REST = 700;

/** The marks of one join, in milliseconds from the click; those of who was there before begin with "there:". */
type Times = Readonly<Record<string, number>>;
interface Team {
  readonly side: Side;
  readonly resident: Page;
  readonly joins: Times[];
}

/**
 * From the click on Join to the first frame of the other side in a room where somebody is already: the element against a
 * page that was written by hand with PeerJS. One browser, the same camera, in turn; each join is by a fresh page whose
 * scripts are loaded and whose devices are open before the click.
 */
export async function measureJoin({ runs, isQuick }: Options): Promise<string> {
  const count = runs ?? (isQuick ? 4 : 25);
  const browser = await chromium.launch({ executablePath: findBrowser()!, args: [...CALL_FLAGS] });
  const sides = [await elementSide(), await plainSide()];
  const loads: number[] = [];
  try {
    const teams: Team[] = [];
    for (const side of sides) {
      const resident = await visit(browser, side.url(ROOM, true), markWhatHappens);
      await side.alone(resident);
      teams.push({ side, resident, joins: [] });
    }
    // The first join of each kind warms the browser, and is not counted.
    for (const team of teams) await join(browser, team);
    for (let n = 0; n < count; n++) {
      // Whoever goes second does so every other time only.
      for (const team of n % 2 === 0 ? teams : [...teams].reverse())
        team.joins.push(await join(browser, team));
      loads.push(loadavg()[0] ?? 0);
      process.stderr.write(`\r${n + 1}/${count} `);
    }
    process.stderr.write('\r');
    return report(teams, loads);
  } finally {
    await browser.close();
    for (const side of sides) await side.stop();
  }
}

async function join(browser: Browser, { side, resident }: Team): Promise<Times> {
  const page = await visit(browser, side.url(ROOM, false), markWhatHappens);
  await side.ready(page);
  await side.alone(resident);
  await sleep(REST);
  await resident.evaluate(() => {
    marks.at = {};
  });
  const frame = page.evaluate(() => marks.firstFrame());
  await page.getByRole('button', { name: /^join/i }).click();
  const own = await Promise.race([frame, sleep(30_000, undefined, { ref: false })]);
  if (!own) throw new Error(`${side.name}: no frame within 30 s.`);
  const theirs = await resident.evaluate(() => marks.at);
  await side.leave(page);
  await page.context().close();
  const click = own['click'] ?? NaN;
  const all = [
    ...Object.entries(own),
    ...Object.entries(theirs).map(([name, at]) => [`there: ${name}`, at] as const),
  ];
  return Object.fromEntries(all.map(([name, at]) => [name, at - click]));
}

function report(teams: readonly Team[], loads: readonly number[]): string {
  const values = ({ joins }: Team, name: string): number[] =>
    joins.flatMap((times) => times[name] ?? []);
  const ratio = (name: string): string => {
    const [ours = NaN, theirs = NaN] = teams.map((team) => median(values(team, name)));
    return (ours / theirs).toFixed(2);
  };
  const presented = teams.map((team) => {
    const times = values(team, 'frame presented');
    return [
      team.side.name,
      `${times.length}`,
      ms(median(times)),
      ms(percentile(times, 95)),
      ms(Math.min(...times)),
      ms(Math.max(...times)),
    ];
  });

  // What at least half of the joins of one kind went through, in the order of the element's.
  const names = new Set(teams.flatMap(({ joins }) => joins.flatMap((times) => Object.keys(times))));
  const steps = [...names]
    .map((name) => ({
      name,
      medians: teams.map((team) =>
        values(team, name).length * 2 >= team.joins.length ? median(values(team, name)) : NaN,
      ),
    }))
    .filter(({ name, medians }) => name !== 'click' && medians.some((value) => value >= 0))
    .sort((a, b) => at(a.medians) - at(b.medians));

  const range = `${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}`;
  return [
    'From the click on Join to the first frame of the other side, decoded and presented (requestVideoFrameCallback):',
    '',
    table(['', 'joins', 'median', 'p95', 'least', 'most'], presented),
    '',
    `Ratio of the medians: **${ratio('frame presented')}** (target: at most 1.1); until the picture is visible, with its`,
    `fading in begun: ${ratio('frame visible')}. Load during the joins: ${range}.`,
    '',
    'Where the time goes (medians since the click; "there" is the page that was in the room):',
    '',
    table(
      ['', ...teams.map(({ side }) => side.name)],
      steps.map(({ name, medians }) => [name, ...medians.map(ms)]),
    ),
  ].join('\n');
}

const at = ([ours = NaN, theirs = NaN]: readonly number[]): number =>
  Number.isNaN(ours) ? theirs : ours;
