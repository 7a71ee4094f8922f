import { readdirSync, readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';

export async function processes(
  browser: Browser,
): Promise<readonly { id: number; type: string }[]> {
  const cdp = await browser.newBrowserCDPSession();
  const { processInfo } = await cdp.send('SystemInfo.getProcessInfo');
  await cdp.detach();
  return processInfo;
}

/** The process from which all others of a browser descend. */
export async function mainProcess(browser: Browser): Promise<number> {
  return (await processes(browser)).find(({ type }) => type === 'browser')!.id;
}

/** Of /proc/…/stat; those before are the id and a name that may contain anything. */
const PARENT = 1;
const TIMES = [11, 12, 13, 14] as const;
const TICKS = 100;

/** Seconds that the host of this machine gave its processors to others when they had work (proc_stat(5), `steal`). */
export function stolenTime(): number {
  if (process.platform !== 'linux') return NaN;
  const [first = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  return Number(first.split(/\s+/)[8]) / TICKS;
}

/** Seconds that the processors have worked for a process and all that descend from it; NaN where there is no /proc. */
export function treeTime(root: number): number {
  if (process.platform !== 'linux') return NaN;
  const parents = new Map<number, number>();
  const times = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    let stat: string;
    try {
      stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    } catch {
      continue; // It has ended.
    }
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    parents.set(Number(name), Number(fields[PARENT]));
    // With what those of its children have used that have ended.
    times.set(Number(name), TIMES.reduce((sum, field) => sum + Number(fields[field]), 0) / TICKS);
  }
  const descends = (id: number | undefined): boolean =>
    id === root || (id !== undefined && id > 1 && descends(parents.get(id)));
  return [...times].reduce((sum, [id, time]) => sum + (descends(id) ? time : 0), 0);
}
