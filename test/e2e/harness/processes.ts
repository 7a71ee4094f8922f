import { existsSync, readFileSync } from 'node:fs';
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
export const networkProcess = (browser: TestBrowser): Promise<number | undefined> =>
  service(browser, 'network.mojom.NetworkService');

/** The process that plays and records for all pages of a browser, and starts again when it has crashed. */
export const audioProcess = (browser: TestBrowser): Promise<number | undefined> =>
  service(browser, 'audio.mojom.AudioService');

async function service(browser: TestBrowser, name: string): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  // One that has just ended is in the browser's list for a moment.
  const isService = (id: number): boolean => {
    const file = `/proc/${String(id)}/cmdline`;
    return existsSync(file) && readFileSync(file, 'utf8').includes(name);
  };
  return (await processes(browser)).find(({ id }) => isService(id))?.id;
}
