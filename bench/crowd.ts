import { readFileSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { CALL_FLAGS, findBrowser } from '../scripts/lib/browser.mjs';
import { countAlive, growth, SETTLE, watchAlive, type Counts } from './lib/alive.ts';
import { visit } from './lib/pages.ts';
import { mainProcess, processes } from './lib/processes.ts';
import { elementSide, receives } from './lib/sides.ts';
import type { Options } from './run.ts';

const ROOM = 'crowd';
/** People who come and go before the first count. */
const WARM_UP = 6;

const launch = (...flags: readonly string[]): Promise<Browser> =>
  chromium.launch({ executablePath: findBrowser()!, args: [...CALL_FLAGS, ...flags] });

/** What others who come and go leave behind in the page of somebody in a running call; every second one is killed. */
export async function measureCrowd({ runs, isQuick }: Options): Promise<string> {
  const others = runs ?? (isQuick ? 8 : 100);
  // A browser of its own, so that its process holds nothing but this page.
  const stays = await launch('--js-flags=--expose-gc');
  const polite = await launch();
  const side = await elementSide();
  try {
    const page = await visit(stays, side.url(ROOM, true), watchAlive);
    await side.alone(page);
    const cdp = await page.context().newCDPSession(page);
    const count = async (): Promise<Counts> => {
      await side.alone(page);
      return { ...(await countAlive(page, cdp)), 'process, bytes': await resident(stays) };
    };
    const someone = async (isKilled: boolean): Promise<void> => {
      const browser = isKilled ? await launch() : polite;
      const other = await visit(browser, side.url(ROOM, true));
      await Promise.all([receives(other), hears(page, other)]);
      if (isKilled) await kill(browser);
      else {
        await side.leave(other);
        await other.context().close();
      }
    };
    for (let n = 0; n < WARM_UP; n++) await someone(n % 2 === 1);
    const before = await count();
    for (let n = 0; n < others; n++) {
      await someone(n % 2 === 1);
      process.stderr.write(`\r${n + 1}/${others} `);
    }
    process.stderr.write('\r');
    const after = await count();
    return [
      `Alive in a page that stays in the call, alone again, after ${WARM_UP} others have come and gone (before) and ${others} more (after).`,
      `Every second one's browser is killed, the others leave. The garbage was collected for ${SETTLE} s:`,
      '',
      growth(before, after),
    ].join('\n');
  } finally {
    await Promise.all([stays.close(), polite.close()]);
    await side.stop();
  }
}

/** Waits until `page` decodes the picture of the person in `other`. */
async function hears(page: Page, other: Page): Promise<void> {
  const id = await other.waitForFunction(
    () => document.querySelector('video-call')?.localParticipant?.id,
    undefined,
    { polling: 50 },
  );
  await page.waitForFunction(
    async (wanted) => {
      const stats = (await document.querySelector('video-call')?.getStats()) ?? [];
      return stats.some(({ id, framesDecoded }) => id === wanted && framesDecoded > 2);
    },
    await id.jsonValue(),
    { polling: 50, timeout: 60_000 },
  );
}

/** Without a word to anyone, as when the power goes. */
async function kill(browser: Browser): Promise<void> {
  const main = await mainProcess(browser);
  const gone = new Promise((resolve) => browser.once('disconnected', resolve));
  process.kill(main, 'SIGKILL');
  await gone;
}

/** Bytes of memory that the page's process holds (Linux); the largest of the browser's renderers is the page's. */
async function resident(browser: Browser): Promise<number> {
  const renderers = (await processes(browser)).filter(({ type }) => type === 'renderer');
  const sizes = renderers.map(({ id }) => {
    const line = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'));
    return Number(line?.[1] ?? NaN) * 1_024;
  });
  return Math.max(...sizes);
}
