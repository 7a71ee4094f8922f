import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { findBrowser } from '../../scripts/lib/browser.mjs';
import { DIST, isBuilt } from '../../server/static.ts';
import { TestBrowser } from '../e2e/harness/browser.ts';
import type { Person } from '../e2e/harness/person.ts';
import { newId, startServer, type TestServer } from './helpers.ts';

declare global {
  var violations: string[];
}

const missing =
  (findBrowser() === undefined && 'there is no browser') ||
  (!isBuilt(DIST) && 'nothing is built (npm run build)');

/** Runs in the page before everything else. */
const NOTE_VIOLATIONS = `
  globalThis.violations = [];
  addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) => {
    violations.push([effectiveDirective, blockedURI, sample].join(' '));
  });`;

describe('the policy of the demo', { skip: missing }, () => {
  let server: TestServer;
  let browser: TestBrowser;
  before(async () => {
    [server, browser] = await Promise.all([startServer(), TestBrowser.launch()]);
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  async function enter(room: string): Promise<Person> {
    const person = await browser.visit('about:blank');
    await person.context.addInitScript(NOTE_VIOLATIONS);
    await person.page.goto(`${server.url}?room=${room}`);
    return person;
  }

  it('lets a call do all it does, with Trusted Types', async () => {
    const room = newId();
    const people = [await enter(room), await enter(room)] as const;
    const [one, other] = people;
    for (const person of people) await person.join();
    for (const person of people) await person.receives(1);
    const controls = one.page.locator('video-call-controls');
    await controls.getByRole('button', { name: /^Chat/ }).click();
    const box = one.page.getByRole('textbox', { name: 'Write a message' });
    await box.fill('<img src=x onerror=alert(1)> https://example.com');
    await box.press('Enter');
    await other.page.getByRole('button', { name: 'Chat, unread: 1' }).click();
    await other.page.getByText('<img src=x').first().waitFor();
    await one.page.getByRole('button', { name: 'Close' }).first().click();
    for (const name of [/^People/, /^Settings/]) {
      await controls.getByRole('button', { name }).click();
      const close = one.page.getByRole('button', { name: 'Close' }).first();
      await close.click();
      await close.waitFor({ state: 'hidden' });
    }
    await one.run((call) => call.toggleScreenShare(true), undefined);
    await other.page.waitForFunction(() =>
      document
        .querySelector('video-call')
        ?.participants.some(({ isLocal, screenStream }) => !isLocal && screenStream !== undefined),
    );
    await one.run((call) => call.leave(), undefined);
    for (const person of people) {
      assert.deepEqual(await person.page.evaluate(() => violations), []);
      assert.deepEqual(person.pageErrors, []);
    }
    // And it is in force: text becomes no markup.
    const refused = await one.page.evaluate(() => {
      try {
        document.createElement('p').innerHTML = '<b>bold</b>';
        return 'allowed';
      } catch (error) {
        return (error as Error).name;
      }
    });
    assert.equal(refused, 'TypeError');
    assert.equal((await one.page.evaluate(() => violations)).length, 1);
  });
});
