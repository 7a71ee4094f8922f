import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Page } from 'playwright-core';
import { CALL_FLAGS, findBrowser } from '../scripts/lib/browser.mjs';
import { countAlive, growth, watchAlive } from './lib/alive.ts';
import { visit } from './lib/pages.ts';
import { elementSide, receives, type ElementSide } from './lib/sides.ts';
import type { Options } from './run.ts';

const ROOM = 'long';
const PEOPLE = 4;
/** Minutes; by then code is compiled and caches are filled. */
const FIRST_COUNT = 5;
/** Between two faults, in seconds; a short call has all of them as well. */
const CALM = 45;
const CALM_PER_MINUTE = 4;

type Fault = (pages: readonly Page[], side: ElementSide) => Promise<void>;
const offline =
  (n: number): Fault =>
  async (pages) => {
    const context = pages[n]!.context();
    await context.setOffline(true);
    await sleep(3_000);
    await context.setOffline(false);
  };
const cameraOff =
  (n: number): Fault =>
  async (pages) => {
    const toggle = (on: boolean): Promise<void> =>
      pages[n]!.evaluate((isOn) => document.querySelector('video-call')!.toggleCamera(isOn), on);
    await toggle(false);
    await sleep(2_000);
    await toggle(true);
  };
/** The first page, which is counted, stays in the call through all of them. */
const FAULTS: Readonly<Record<string, Fault>> = {
  'the server is killed for 3 s': async (_, { server }) => {
    await server.down();
    await sleep(3_000);
    await server.up();
  },
  'another one loads its page anew': async (pages) => {
    await pages[1]!.reload();
  },
  'it turns its camera off and on': cameraOff(0),
  'its browser is offline for 3 s': offline(0),
  'another one turns its camera off and on': cameraOff(2),
  'another one leaves and joins': async (pages) => {
    await pages[3]!.evaluate(() => document.querySelector('video-call')!.leave());
    await sleep(2_000);
    await pages[3]!.evaluate(() => document.querySelector('video-call')!.join());
  },
};

/** Whether a long call in which things happen grows: one page of four, early and at the end. */
export async function measureLong({ minutes, isQuick }: Options): Promise<string> {
  const lasts = minutes ?? (isQuick ? 3 : 30);
  const first = Math.min(FIRST_COUNT, lasts / 3);
  const calm = Math.min(CALM, CALM_PER_MINUTE * lasts);
  const browser = await chromium.launch({
    executablePath: findBrowser()!,
    args: [...CALL_FLAGS, '--js-flags=--expose-gc'],
  });
  const side = await elementSide();
  try {
    const pages: Page[] = [];
    for (let n = 0; n < PEOPLE; n++)
      pages.push(await visit(browser, side.url(ROOM, true), watchAlive));
    const cdp = await pages[0]!.context().newCDPSession(pages[0]!);
    const whole = (): Promise<unknown> =>
      Promise.all(pages.map((page) => receives(page, PEOPLE - 1)));
    await whole();
    const began = performance.now();
    const at = (): number => (performance.now() - began) / 60_000;
    const faults = Object.entries(FAULTS);
    const happened = faults.map(() => 0);
    let next = 0;
    const go = async (until: number): Promise<void> => {
      for (;;) {
        await sleep(Math.max(0, Math.min(calm * 1_000, (until - at()) * 60_000)));
        if (at() >= until) return;
        await faults[next]![1](pages, side);
        await whole();
        happened[next]!++;
        next = (next + 1) % faults.length;
        process.stderr.write(`\r${at().toFixed(0)}/${lasts} min `);
      }
    };
    await go(first);
    const before = await countAlive(pages[0]!, cdp);
    const faultsBefore = happened.reduce((sum, times) => sum + times, 0);
    await go(lasts);
    process.stderr.write('\r');
    const after = await countAlive(pages[0]!, cdp);
    return [
      `A call of ${PEOPLE} for ${lasts} minutes, in which something happens every ${calm} s, and all see all others again each time:`,
      `${faults.map(([name], n) => `${name} (${happened[n]})`).join(', ')}.`,
      `Alive in the page of the one who stays, with all others in the call, after ${first.toFixed(0)} min and ${faultsBefore} of these, and at the end:`,
      '',
      growth(before, after),
    ].join('\n');
  } finally {
    await browser.close();
    await side.stop();
  }
}
