import { after, afterEach, before } from 'node:test';
import type { BrowserContextOptions } from 'playwright-core';
import { TestBrowser } from './browser.ts';
import { embedPage, PageServer } from './page-server.ts';
import { Person } from './person.ts';
import { TestServer } from './server.ts';

export interface StageOptions {
  readonly server?: readonly string[];
  readonly browser?: readonly string[];
}
export interface VisitOptions extends BrowserContextOptions {
  /** Of the page's `<head>`, before the script of the element. */
  readonly head?: string;
  /** Runs in the page before everything else. */
  readonly first?: () => void;
  readonly permissions?: string[];
  /** Another browser than that of the stage. */
  readonly browser?: TestBrowser;
}

/** One server, one browser and one site for all tests of a file; every visitor leaves after the test. */
export class Stage {
  server!: TestServer;
  browser!: TestBrowser;
  site!: PageServer;
  readonly #visitors: Person[] = [];
  #rooms = 0;

  /** To be called at the top of a test file. */
  static set<S extends Stage>(
    this: new () => S,
    { server = [], browser = [] }: StageOptions = {},
  ): S {
    const stage = new this();
    before(async () => {
      stage.server = await TestServer.start(...server);
      stage.browser = await TestBrowser.launch(...browser);
      stage.site = await PageServer.start((path) => {
        const query = new URL(path, 'http://site').searchParams;
        return embedPage(stage.server.url, query.get('body') ?? '', query.get('head') ?? '');
      });
    });
    afterEach(async () => {
      await stage.clear();
    });
    after(async () => {
      await stage.browser.close();
      await stage.site.stop();
      await stage.server.down();
    });
    return stage;
  }

  /** Everyone leaves. */
  async clear(): Promise<void> {
    await Promise.all(this.#visitors.splice(0).map((visitor) => visitor.close()));
  }

  /** A room that nobody has been in. */
  room(): string {
    return `room ${String(++this.#rooms)}`;
  }

  /** The address of a page of the site with this body. */
  url(body: string, head = ''): string {
    const query = new URLSearchParams({ body, head }).toString();
    return `${this.site.url}?${query}`;
  }

  /** Somebody at a page of the site. */
  async visit(body: string, options: VisitOptions = {}): Promise<Person> {
    return this.visitUrl(this.url(body, options.head), options);
  }

  async visitUrl(url: string, options: VisitOptions = {}): Promise<Person> {
    const { head: _head, first, browser = this.browser, ...rest } = options;
    const context = await browser.browser.newContext({
      viewport: { width: 480, height: 360 },
      ...rest,
    });
    // tsx names inner functions by a helper, which the page does not have.
    await context.addInitScript('globalThis.__name ??= (target) => target;');
    if (first) await context.addInitScript(first);
    const person = await Person.visit(context, url);
    this.#visitors.push(person);
    return person;
  }

  /** Somebody who is in the room. */
  async caller(room: string, attributes = ''): Promise<Person> {
    const person = await this.visit(
      `<video-call room="${room}" autojoin ${attributes}></video-call>`,
    );
    await person.hasState('joined');
    return person;
  }
}

/** Both see each other and get each other's moving picture and sound. */
export async function areInCall(one: Person, other: Person): Promise<void> {
  await Promise.all([one.sees(2), other.sees(2)]);
  await Promise.all([one.receives(1), other.receives(1)]);
}
