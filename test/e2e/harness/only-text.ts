import assert from 'node:assert/strict';
import type { BrowserContext } from 'playwright-core';
import { observe } from './seen.ts';
import { Person } from './person.ts';

/** What has run, or would have. */
interface Harm {
  readonly calls: unknown[];
  readonly violations: string[];
}
declare global {
  var harm: Harm;
}

/** Only reported, so that whatever gets past the element really runs and makes its elements. */
export const REPORT_ONLY = (server: string): Readonly<Record<string, string>> => ({
  'content-security-policy-report-only': [
    "default-src 'none'",
    `script-src ${server}`,
    // Wherever: an attribute of the element may say so.
    'connect-src ws: wss:',
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types lit-html',
  ].join('; '),
});

function watchHacks(): void {
  const violations: string[] = [];
  globalThis.harm = { calls: [], violations };
  Object.assign(globalThis, { hack: (which: unknown) => harm.calls.push(which) });
  // Also those of shadow trees: the event is composed and bubbles.
  document.addEventListener('securitypolicyviolation', (event) => {
    violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
  });
}

/** Somebody whose page notes whatever runs, asks or is shown that should not. */
export class Reader {
  readonly person: Person;
  readonly #dialogs: string[] = [];
  #usual: ReadonlySet<string> = new Set();

  private constructor(person: Person) {
    this.person = person;
    person.page.on('dialog', (dialog) => {
      this.#dialogs.push(dialog.message());
      void dialog.dismiss();
    });
  }

  static async visit(context: BrowserContext, url: string): Promise<Reader> {
    await context.addInitScript('globalThis.__name ??= (target) => target;');
    await context.addInitScript(watchHacks);
    await context.addInitScript(observe);
    return new Reader(await Person.visit(context, url));
  }

  /** Kinds of elements and of attributes that the page has, in all shadow roots, and how addresses begin in it. */
  async #kinds(): Promise<Set<string>> {
    const kinds = await this.person.page.evaluate(() =>
      seen
        .deep('*')
        .flatMap((element) => [
          `<${element.localName}>`,
          ...[...element.attributes].map(({ name, value }) =>
            /^(href|src|srcset|action|formaction|data|xlink:href|srcdoc)$/.test(name)
              ? `${element.localName} ${name}=${value.slice(0, value.indexOf(':') + 1)}`
              : `${element.localName} ${name}`,
          ),
        ]),
    );
    return new Set(kinds);
  }

  /** What there is now is what may be there: nothing of another kind may come. */
  async takeForUsual(): Promise<void> {
    this.#usual = new Set([...this.#usual, ...(await this.#kinds())]);
  }

  /** Nothing has run, nothing has been made, nothing was asked for. */
  async sawOnlyText(): Promise<void> {
    const { page, pageErrors } = this.person;
    const unusual = [...(await this.#kinds())].filter((kind) => !this.#usual.has(kind));
    assert.deepEqual(unusual, [], 'elements and attributes that were not there before');
    const { calls, violations } = await page.evaluate(() => harm);
    assert.deepEqual(calls, [], 'what ran');
    assert.deepEqual(violations, [], 'what the policy would have stopped');
    assert.deepEqual(this.#dialogs, []);
    assert.deepEqual(pageErrors, []);
    assert.equal(await page.evaluate(() => Reflect.get({}, 'hacked') as unknown), undefined);
    const strange = this.person.requests.filter((url) => /hack|a\.example|^data:|^blob:/.test(url));
    assert.deepEqual(strange, [], 'what was asked for');
    assert.equal(page.context().pages().length, 1);
  }
}
