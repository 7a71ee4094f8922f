/**
 * Takes pictures of the view in every state, to be looked at: .cache/screens/<scenario>-<size>-<theme>.png
 *
 *   node test/visual/shoot.mjs [scenario,…|all] [size,…|all] [dark|light|both]
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { createServer } from 'vite';
import { CALL_FLAGS, findBrowser } from '../../scripts/lib/browser.mjs';

const SIZES = {
  phone: [390, 844],
  embedded: [480, 360],
  tiny: [200, 150],
  laptop: [1280, 800],
  wall: [2560, 1440],
};
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, '.cache/screens');
const [which = 'all', sizes = 'phone,embedded,tiny,laptop', themes = 'both'] =
  process.argv.slice(2);

mkdirSync(folder, { recursive: true });
const server = await createServer({
  root,
  configFile: false,
  cacheDir: join(root, '.cache/vite-visual'),
  logLevel: 'error',
  server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
});
await server.listen();
const address = `${server.resolvedUrls.local[0]}test/visual/index.html`;
const browser = await chromium.launch({ executablePath: findBrowser(), args: CALL_FLAGS });
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error.message));
  page.on('console', (line) => {
    if (['error', 'warning'].includes(line.type()) && !line.text().includes('dev mode'))
      console.error(line.text());
  });
  await page.goto(address);
  await page.waitForSelector('a');
  const all = await page.$$eval('a', (links) => links.map((link) => link.textContent));
  for (const scenario of which === 'all' ? all : which.split(','))
    for (const size of sizes === 'all' ? Object.keys(SIZES) : sizes.split(','))
      for (const theme of themes === 'both' ? ['dark', 'light'] : [themes]) {
        const [width, height] = SIZES[size];
        await page.setViewportSize({ width, height });
        await page.evaluate((hash) => (location.hash = hash), `${scenario},${theme}`);
        // A tool, no test: pictures fade in and levels settle, and nothing says when.
        await page.waitForTimeout(1_000);
        await page.screenshot({ path: join(folder, `${scenario}-${size}-${theme}.png`) });
      }
} finally {
  await browser.close();
  await server.close();
}
