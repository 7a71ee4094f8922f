import type { Browser, Page } from 'playwright-core';

/** A visitor with nothing of the others: contexts share the browser's processes for camera and network only. */
export async function visit(
  browser: Browser,
  url: string,
  first?: () => void,
  viewport = { width: 800, height: 600 },
): Promise<Page> {
  const context = await browser.newContext({ viewport });
  // tsx names inner functions by a helper, which the page does not have.
  await context.addInitScript('globalThis.__name ??= (target) => target;');
  if (first) await context.addInitScript(first);
  const page = await context.newPage();
  await page.goto(url, { timeout: 90_000 });
  return page;
}

/** Waits for something in the page, long enough for a busy machine. */
export async function when<A>(
  page: Page,
  condition: (argument: A) => unknown,
  argument: A,
): Promise<void> {
  await page.waitForFunction(condition as (argument: unknown) => unknown, argument, {
    polling: 50,
    timeout: 60_000,
  });
}
