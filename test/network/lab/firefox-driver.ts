/**
 * A Firefox with one page, and who speaks for it: run in the network namespace of a home, because WebDriver BiDi listens on
 * 127.0.0.1 of the browser's own. Takes lines of code from its parent and answers with what they came to.
 */
import { launch } from 'puppeteer-core';
import { embedPage, PageServer } from '../../e2e/harness/page-server.ts';

export interface Task {
  readonly id: number;
  readonly code: string;
}
export interface Outcome {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

const [executablePath = '', server = '', attributes = '', ...scripts] = process.argv.slice(2);

// From an address of its own machine the page is in a secure context.
const site = await PageServer.start(() =>
  embedPage(server, `<video-call ${attributes}></video-call>`),
);
const browser = await launch({
  browser: 'firefox',
  executablePath,
  extraPrefsFirefox: {
    'media.navigator.streams.fake': true,
    'media.navigator.permission.disabled': true,
    'media.autoplay.default': 0,
  },
});
const [page = await browser.newPage()] = await browser.pages();
await page.setViewport({ width: 480, height: 360 });
if (process.env['LAB_TRACE'])
  page.on('console', (message) => {
    console.log(new Date().toISOString(), 'Firefox', message.text());
  });
for (const script of scripts) await page.evaluateOnNewDocument(script);
await page.goto(site.url);

process.on('message', ({ id, code }: Task) => {
  page.evaluate(code).then(
    (value) => process.send?.({ id, value } satisfies Outcome),
    (error: unknown) => process.send?.({ id, error: String(error) } satisfies Outcome),
  );
});
process.on('disconnect', () => {
  void browser.close().finally(() => process.exit());
});
process.send?.({ id: 0 } satisfies Outcome);
