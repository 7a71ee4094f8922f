import { readFileSync } from 'node:fs';
import type { TestBrowser } from './browser.ts';

async function processes(browser: TestBrowser): Promise<{ id: number; type: string }[]> {
  const session = await browser.browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo;
}

/** The main process of a browser: without it the others end as well. */
export async function mainProcess(browser: TestBrowser): Promise<number> {
  return (await processes(browser)).find(({ type }) => type === 'browser')!.id;
}

/**
 * The process through which everything of a browser goes that is sent or received, media included; undefined where that
 * cannot be found out. Stopped, it is a network that swallows everything while the pages go on.
 */
export async function networkProcess(browser: TestBrowser): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const all = await processes(browser);
  return all.find(({ id }) =>
    readFileSync(`/proc/${String(id)}/cmdline`, 'utf8').includes('network.mojom.NetworkService'),
  )!.id;
}
