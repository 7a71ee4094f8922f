import { chromium, type Browser, type BrowserContextOptions } from 'playwright-core';
import { CALL_FLAGS, findBrowser } from '../../../scripts/lib/browser.mjs';
import { Person } from './person.ts';

/** One browser; the participants are contexts of it, which share nothing but the process. */
export class TestBrowser {
  readonly browser: Browser;

  private constructor(browser: Browser) {
    this.browser = browser;
  }

  static async launch(...flags: string[]): Promise<TestBrowser> {
    const executablePath = findBrowser();
    if (executablePath === undefined) throw new Error('No browser: run "npm test".');
    // Later flags win in Chromium, so that a test can take a device away.
    return new TestBrowser(
      await chromium.launch({ executablePath, args: [...CALL_FLAGS, ...flags] }),
    );
  }

  /** Somebody at a page. */
  async visit(url: string, options: BrowserContextOptions = {}): Promise<Person> {
    const context = await this.browser.newContext({
      viewport: { width: 800, height: 600 },
      ...options,
    });
    return Person.visit(context, url);
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}
