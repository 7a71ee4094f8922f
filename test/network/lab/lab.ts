import { after, afterEach, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser } from 'playwright-core';
import { CALL_FLAGS, findBrowser } from '../../../scripts/lib/browser.mjs';
import { embedPage } from '../../e2e/harness/page-server.ts';
import { Person } from '../../e2e/harness/person.ts';
import { observe } from '../../e2e/harness/seen.ts';
import { watchFrames } from './frames.ts';
import { trace } from './trace.ts';
import { Internet, type Place } from './internet.ts';
import { CallServer, TURN_FLAGS, TurnServer } from './programs.ts';

const wrapper = fileURLToPath(new URL('in-namespace.sh', import.meta.url));

export interface LabOptions {
  /** Runs coturn, and our server gives everyone credentials for it. */
  readonly turn?: boolean;
  /** Further flags of our server. */
  readonly server?: readonly string[];
  /** Further flags of the browsers. */
  readonly browser?: readonly string[];
  /** What cameras give; the small picture of `observe` without it. */
  readonly camera?: typeof cameraSize;
  /** Further origins of pages that want a camera. */
  readonly origins?: readonly string[];
}

/** One small internet with its servers, and a browser in each place as it is needed, for all tests of a file. */
export class Lab {
  readonly internet = new Internet();
  readonly server: CallServer;
  turn: TurnServer | undefined;
  readonly #browsers = new Map<Place, Browser>();
  readonly #people: Person[] = [];
  readonly #options: LabOptions;
  #rooms = 0;

  constructor(options: LabOptions = {}) {
    this.#options = options;
    const flags = [...(options.turn === true ? TURN_FLAGS : []), ...(options.server ?? [])];
    this.server = new CallServer(this.internet.namespace('srv'), flags);
  }

  /** To be called at the top of a test file. */
  static set(options: LabOptions = {}): Lab {
    const lab = new Lab(options);
    before(() => lab.up());
    afterEach(() => lab.clear());
    after(() => lab.down());
    return lab;
  }

  async up(): Promise<void> {
    this.internet.up();
    await this.server.up();
    if (this.#options.turn !== true) return;
    this.turn = await TurnServer.make(this.internet.namespace('srv'));
    await this.turn.up();
  }

  async down(): Promise<void> {
    await Promise.allSettled([...this.#browsers.values()].map((browser) => browser.close()));
    await this.turn?.remove();
    await this.server.down();
    this.internet.down();
  }

  /** Everyone leaves, and every fault is mended. */
  async clear(): Promise<void> {
    await Promise.allSettled(this.#people.splice(0).map((person) => person.close()));
    this.internet.heal();
    this.server.signal('SIGCONT');
    await this.server.up();
    await this.turn?.up();
  }

  /** A room that nobody has been in. */
  room(): string {
    return `room ${String(++this.#rooms)}`;
  }

  /** Somebody who opens a page with the element there, and joins by itself. */
  enter(place: Place, room: string, attributes = ''): Promise<Person> {
    return this.open(place, `room="${room}" name="${place}" autojoin ${attributes}`);
  }

  /** Somebody who opens a page with the element there. */
  async open(place: Place, attributes: string): Promise<Person> {
    const body = embedPage(CallServer.url, `<video-call ${attributes}></video-call>`);
    return this.visit(place, `${CallServer.url}page`, body);
  }

  /** Somebody at a page, which may be made here. */
  async visit(place: Place, url: string, body?: string): Promise<Person> {
    const browser = await this.#browser(place);
    const context = await browser.newContext({ viewport: { width: 480, height: 360 } });
    if (body !== undefined)
      await context.route(url, (route) => route.fulfill({ contentType: 'text/html', body }));
    if (this.#options.camera)
      await context.addInitScript(
        `globalThis.cameraSize = ${JSON.stringify(this.#options.camera)}`,
      );
    // tsx names inner functions by a helper, which the page does not have.
    await context.addInitScript('globalThis.__name ??= (target) => target;');
    await context.addInitScript(observe);
    await context.addInitScript(watchFrames);
    if (process.env['LAB_TRACE']) await trace(context, place);
    const person = await Person.visit(context, url);
    this.#people.push(person);
    return person;
  }

  /** The same, and is in the room. */
  async join(place: Place, room: string, attributes = ''): Promise<Person> {
    const person = await this.enter(place, room, attributes);
    await person.hasState('joined');
    return person;
  }

  /** Two callers whose media goes both ways. */
  async pair(
    places: readonly [Place, Place] = ['a', 'b'],
    attributes: readonly [string, string] = ['', ''],
  ): Promise<[Person, Person]> {
    const room = this.room();
    const one = await this.join(places[0], room, attributes[0]);
    const other = await this.join(places[1], room, attributes[1]);
    await Promise.all([one.receives(1), other.receives(1)]);
    return [one, other];
  }

  async #browser(place: Place): Promise<Browser> {
    const running = this.#browsers.get(place);
    if (running?.isConnected() === true) return running;
    const origins = [CallServer.url.slice(0, -1), ...(this.#options.origins ?? [])];
    const browser = await chromium.launch({
      executablePath: wrapper,
      args: [
        ...CALL_FLAGS,
        ...(this.#options.browser ?? []),
        '--ignore-certificate-errors',
        `--unsafely-treat-insecure-origin-as-secure=${origins.join()}`,
      ],
      env: {
        ...(process.env as Record<string, string>),
        LAB_NAMESPACE: this.internet.namespace(place),
        LAB_BROWSER: findBrowser() ?? '',
      },
    });
    this.#browsers.set(place, browser);
    return browser;
  }
}
