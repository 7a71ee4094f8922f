import { chromium } from 'playwright-core';
import { CALL_FLAGS, findBrowser } from '../scripts/lib/browser.mjs';
import { countAlive, SETTLE, watchAlive, type Counts } from './lib/alive.ts';
import { bytes } from './lib/numbers.ts';
import { visit } from './lib/pages.ts';
import { elementSide, receives } from './lib/sides.ts';
import { table } from './lib/table.ts';
import type { Options } from './run.ts';

const ROOM = 'leaks';
/** Cycles before the first count: code is compiled, caches are filled. */
const WARM_UP = 3;

/** What joining and leaving leaves behind in a page, and in the page of somebody who stays in the room. */
export async function measureLeaks({ runs, isQuick }: Options): Promise<string> {
  const cycles = runs ?? (isQuick ? 5 : 25);
  const browser = await chromium.launch({
    executablePath: findBrowser()!,
    args: [...CALL_FLAGS, '--js-flags=--expose-gc'],
  });
  const side = await elementSide();
  try {
    const stays = await visit(browser, side.url(ROOM, true), watchAlive);
    await side.alone(stays);
    const comes = await visit(browser, side.url(ROOM, false), watchAlive);
    await side.ready(comes);
    const pages = [comes, stays];
    const sessions = await Promise.all(pages.map((page) => page.context().newCDPSession(page)));
    const countBoth = (): Promise<Counts[]> =>
      Promise.all(pages.map((page, index) => countAlive(page, sessions[index]!)));

    const cycle = async (): Promise<void> => {
      await comes.evaluate(() => document.querySelector('video-call')!.join());
      for (const page of pages) await receives(page);
      await side.leave(comes);
      await side.alone(stays);
    };
    for (let n = 0; n < WARM_UP; n++) await cycle();
    const before = await countBoth();
    for (let n = 0; n < cycles; n++) {
      await cycle();
      process.stderr.write(`\r${n + 1}/${cycles} `);
    }
    process.stderr.write('\r');
    const after = await countBoth();
    const names = Object.keys(after[0] ?? {});
    return [
      `Alive after ${WARM_UP} joins and leaves (before) and ${cycles} more (after), with the garbage collected for ${SETTLE} s; in the page`,
      'that comes and goes, which shows that it has left, and in the page that stays in the room, alone again:',
      '',
      table(
        ['', 'comes: before', 'after', 'growth', 'stays: before', 'after', 'growth'],
        names.map((name) => [
          name,
          ...before.flatMap((counts, index) => {
            const [first = 0, last = 0] = [counts[name], after[index]?.[name]];
            return [bytes(first), bytes(last), bytes(last - first)];
          }),
        ]),
      ),
    ].join('\n');
  } finally {
    await browser.close();
    await side.stop();
  }
}
