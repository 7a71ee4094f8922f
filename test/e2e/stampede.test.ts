/** Many clients of one server that goes away and comes back: the signaling of the element alone, without its media. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { createServer } from 'vite';
import { CALL_FLAGS, findBrowser } from '../../scripts/lib/browser.mjs';
import type { Identity } from '../../src/signaling/identity.ts';
import type { PeerSignaling } from '../../src/signaling/peer-signaling.ts';
import { TestServer } from './harness/server.ts';
import { until } from './harness/until.ts';

declare global {
  var clients: PeerSignaling[];
  /** When each WELCOME came, in milliseconds since 1970. */
  var welcomes: number[];
}

/** A browser lets one profile have 255 WebSockets to one server. */
const PROFILES = 4;
const CLIENTS = 125;
const ALL = PROFILES * CLIENTS;

for (const signal of ['SIGKILL', 'SIGTERM'] as const)
  test(`${String(ALL)} clients come back to a server that ended by ${signal} over seconds, all of them`, async (t) => {
    const server = await TestServer.start(
      ...['--connections-per-address', '2000', '--joins-per-address', '10000'],
      ...['--room-capacity', '500'],
    );
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const site = await createServer({
      root,
      configFile: false,
      cacheDir: `${root}/.cache/vite-stampede`,
      logLevel: 'error',
      server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
    });
    await site.listen();
    const browser = await chromium.launch({
      executablePath: findBrowser()!,
      args: [...CALL_FLAGS],
    });
    t.after(async () => {
      await browser.close();
      await site.close();
      await server.down();
    });
    const url = `${site.resolvedUrls!.local[0]!}test/visual/index.html`;
    const pages = await Promise.all(
      Array.from({ length: PROFILES }, async () => (await browser.newContext()).newPage()),
    );
    await Promise.all(
      pages.map(async (page, profile) => {
        await page.goto(url);
        await page.evaluate(
          async ([port, count, first]) => {
            const path = '/src/signaling/peer-signaling.ts';
            const module = (await import(path)) as { PeerSignaling: typeof PeerSignaling };
            const identityPath = '/src/signaling/identity.ts';
            const { createIdentity } = (await import(identityPath)) as {
              createIdentity: () => Promise<Identity>;
            };
            globalThis.welcomes = [];
            const address = { secure: false, host: 'localhost', port, path: '/' };
            const identities = await Promise.all(Array.from({ length: count }, createIdentity));
            globalThis.clients = identities.map(
              (identity) =>
                new module.PeerSignaling(address, identity, (type, detail) => {
                  if (type === 'frame' && 'type' in detail && detail.type === 'ROOM-WELCOME')
                    welcomes.push(Date.now());
                }),
            );
            // A few at a time, as people come.
            for (const [index, client] of clients.entries())
              await client.open(`room ${String(Math.floor((first + index) / 10))}`, () => ({
                token: '',
                name: '',
                host: undefined,
                locked: false,
              }));
          },
          [server.port, CLIENTS, profile * CLIENTS] as const,
        );
      }),
    );

    const back = async (): Promise<number[]> =>
      (await Promise.all(pages.map((page) => page.evaluate(() => globalThis.welcomes)))).flat();
    assert.equal((await back()).length, ALL);
    await Promise.all(pages.map((page) => page.evaluate(() => (globalThis.welcomes = []))));
    await server.down(signal);
    await server.up();
    await until(async () => (await back()).length === ALL, 'everyone to be back', 60_000);

    const times = (await back()).sort((a, b) => a - b);
    const from = times[0]!;
    const spread = (times.at(-1)! - from) / 1_000;
    const busiest = Math.max(
      ...times.map((start) => times.filter((time) => time >= start && time < start + 1_000).length),
    );
    t.diagnostic(`back over ${spread.toFixed(1)} s; ${String(busiest)} in the busiest second`);
    // Spread evenly over five seconds it would be a fifth.
    assert.ok(busiest < ALL / 3, `${String(busiest)} of ${String(ALL)} within one second`);
    const health = (await (await fetch(`${server.url}healthz`)).json()) as { members: number };
    assert.equal(health.members, ALL);
  });
