import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, errors, type Browser, type Page } from 'playwright-core';
import { CALL_FLAGS, findBrowser } from '../../scripts/lib/browser.mjs';
import { SOURCE } from './camera.ts';
import { median } from './numbers.ts';
import { visit } from './pages.ts';
import { mainProcess, stolenTime, treeTime } from './processes.ts';
import type { Side } from './sides.ts';
import { watchMesh, type Sample } from './watch-mesh.ts';

export type Places = Sample['places'];

/** What a call cost, and what its people saw and heard of each other. */
export interface Figures {
  /** Of the median participant: bits a second on the way out, everything included; pixels that its encoders take. */
  readonly uplink: number;
  readonly pixels: number;
  /** Frames a second of the median tile, and of the worst. */
  readonly rate: number;
  readonly worstRate: number;
  /** Share of the tiles whose picture is large enough for them. */
  readonly sharp: number;
  readonly tiles: number;
  /** Per tile: how often a minute, and for which share of the time. */
  readonly freezes: number;
  readonly frozen: number;
  /** Share of the sound that was made up for what had not arrived. */
  readonly lost: number;
  /**
   * Seconds of processor time in a second, and for 1,000 frames drawn by all tiles; of everything else on the machine; and those
   * that its host gave to other machines.
   */
  readonly cores: number;
  readonly cost: number;
  readonly otherCores: number;
  readonly stolen: number;
  /** Of the page that has the fewest: connections, and people from whom sound arrives. */
  readonly connected: number;
  readonly heard: number;
}

export interface Plan {
  readonly people: number;
  readonly cameraFlag: string;
  /** Seconds. */
  readonly settle: number;
  readonly window: number;
  /** For pages that have no layout of their own. */
  readonly places?: Places | undefined;
}

const VIEW = { width: 1_280, height: 800 };
/** Seconds; a call that is not complete by then is measured as it is. */
const PATIENCE = 90;
/** Beyond what is planned: a machine with far too much to do never answers. */
const LIMIT = 240;
/** The size of a picture changes: its pixels are counted so often, in seconds. */
const STEP = 5;
/** A tile that is filled with a little less looks the same. */
const ENOUGH = 0.9;
/** Sound of a microphone that gives anything at all has far more in a second; made up noise has less. */
const AUDIBLE = 1e-6;

interface Seen {
  readonly figures: Figures;
  /** Of the first page. */
  readonly places: Places;
  /** What its camera gives. */
  readonly camera: string;
}

/** Everybody in one browser of its own, each with a context and a visible page; undefined when the pages hang. */
export async function call(side: Side, plan: Plan): Promise<Seen | undefined> {
  const browser = await chromium.launch({
    executablePath: findBrowser()!,
    args: [...CALL_FLAGS, plan.cameraFlag],
  });
  const late = new AbortController();
  const limit = setTimeout(
    () => {
      late.abort();
      void browser.close();
    },
    (LIMIT + plan.settle + plan.window) * 1_000,
  );
  try {
    const url = new URL(side.url(`mesh-${plan.people}-${Date.now()}`, true));
    if (plan.places) url.searchParams.set('places', JSON.stringify(plan.places));
    const pages: Page[] = [];
    for (let n = 0; n < plan.people; n++)
      pages.push(await visit(browser, url.href, watchMesh, VIEW));
    const places = await complete(pages);
    await sleep(plan.settle * 1_000);
    return { ...(await measure(browser, pages, plan.window)), places };
  } catch (error) {
    if (late.signal.aborted || error instanceof errors.TimeoutError) return undefined;
    throw error;
  } finally {
    clearTimeout(limit);
    await browser.close();
  }
}

const look = (pages: readonly Page[]): Promise<Sample[]> =>
  Promise.all(pages.map((page) => page.evaluate((source) => mesh.sample(source), SOURCE)));

/**
 * Until all are connected, and every tile on the page has a picture; answers with the tiles of the first page. Later some may
 * be without one: a call that its machine cannot keep up with narrows to those who speak.
 */
async function complete(pages: readonly Page[]): Promise<Places> {
  const deadline = Date.now() + PATIENCE * 1_000;
  for (;;) {
    const samples = await look(pages);
    const isComplete = samples.every(
      ({ connected, tiles }) =>
        connected >= pages.length - 1 && Object.values(tiles).every(({ width }) => width > 0),
    );
    const isLate = Date.now() > deadline;
    if (isLate) process.stderr.write(`Not complete after ${PATIENCE} s. `);
    if (isComplete || isLate) return samples[0]!.places;
    await sleep(1_000);
  }
}

/** Seconds that all processors of the machine were busy. */
const busyTime = (): number =>
  cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) /
  1_000;

async function measure(
  browser: Browser,
  pages: readonly Page[],
  seconds: number,
): Promise<Omit<Seen, 'places'>> {
  const main = await mainProcess(browser);
  const steps = [await look(pages)];
  const time = (): { at: number; tree: number; busy: number; stolen: number } => ({
    at: performance.now() / 1_000,
    tree: treeTime(main),
    busy: busyTime(),
    stolen: stolenTime(),
  });
  const began = time();
  for (let left = seconds; left > 0; left -= STEP) {
    await sleep(Math.min(STEP, left) * 1_000);
    if (left > STEP) steps.push(await look(pages));
  }
  const ended = time();
  steps.push(await look(pages));
  const took = ended.at - began.at;

  const people = pages.map((_, n) => person(steps.map((step) => step[n]!)));
  const tiles = people.flatMap((one) => one.tiles);
  const drawn = sum(tiles.map(({ rate }) => rate)) * took;
  const all = (value: (one: Person) => number): number => sum(people.map(value));
  const figures: Figures = {
    uplink: median(people.map((one) => one.uplink)),
    pixels: median(people.map((one) => one.pixels)),
    rate: median(tiles.map(({ rate }) => rate)),
    worstRate: tiles.length > 0 ? Math.min(...tiles.map(({ rate }) => rate)) : 0,
    sharp: tiles.filter(({ isSharp }) => isSharp).length / tiles.length,
    tiles: tiles.length,
    freezes: all((one) => one.freezes) / tiles.length / (took / 60),
    frozen: all((one) => one.frozen) / tiles.length / took,
    lost: all((one) => one.lost) / all((one) => one.samples),
    cores: (ended.tree - began.tree) / took,
    cost: (ended.tree - began.tree) / (drawn / 1_000),
    otherCores: (ended.busy - began.busy - (ended.tree - began.tree)) / took,
    stolen: (ended.stolen - began.stolen) / took,
    connected: Math.min(...people.map((one) => one.connected)),
    heard: Math.min(...people.map((one) => one.heard)),
  };
  const last = steps.at(-1)!;
  if (!last.every(({ isVisible }) => isVisible)) throw new Error('A page was hidden.');
  const rate = median(people.map(({ cameraRate }) => cameraRate)).toFixed(1);
  return { figures, camera: `${last[0]!.camera.size} at ${rate}` };
}

type Person = ReturnType<typeof person>;

/** What one page did and saw between its first sample and its last. */
function person(samples: readonly Sample[]) {
  const [first, last] = [samples[0]!, samples.at(-1)!];
  const took = (last.at - first.at) / 1_000;
  let pixels = 0;
  for (const [n, { encoders }] of samples.entries())
    for (const [id, { frames, area }] of n > 0 ? Object.entries(encoders) : [])
      pixels += (frames - (samples[n - 1]!.encoders[id]?.frames ?? 0)) * area;
  const louder = ([id, energy]: [string, number]): boolean =>
    energy - (first.energies[id] ?? 0) > AUDIBLE;
  return {
    uplink: ((last.bytesSent - first.bytesSent) * 8) / took,
    pixels: pixels / took,
    // Those of a tile that is without a picture in the end are not known any more.
    freezes: Math.max(0, last.freezes - first.freezes),
    frozen: Math.max(0, last.frozen - first.frozen),
    lost: last.lostSamples - first.lostSamples,
    samples: last.samples - first.samples,
    connected: last.connected,
    heard: Object.entries(last.energies).filter(louder).length,
    cameraRate: (last.camera.frames - first.camera.frames) / took,
    tiles: Object.entries(last.tiles).map(([id, tile]) => {
      const before = first.tiles[id];
      const needed = ENOUGH * tile.needed;
      return {
        rate: ((tile.frames - (before?.frames ?? 0)) * 1_000) / (tile.at - (before ?? first).at),
        isSharp: tile.width >= needed * SOURCE.width && tile.height >= needed * SOURCE.height,
      };
    }),
  };
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
