import assert from 'node:assert/strict';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import type { VideoCallElement } from '../../../src/video-call.ts';

/** What the init script keeps about a page. */
interface Watched {
  readonly connections: WeakRef<RTCPeerConnection>[];
  readonly configurations: RTCConfiguration[];
  readonly events: { readonly type: string; readonly at: number }[];
}
declare global {
  // eslint-disable-next-line no-var -- the only way to declare a global
  var watched: Watched;
}

/** Runs in the page before everything else: every RTCPeerConnection and its configuration is noted. */
function watchConnections(): void {
  const connections: WeakRef<RTCPeerConnection>[] = [];
  const configurations: RTCConfiguration[] = [];
  globalThis.watched = { connections, configurations, events: [] };
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.push(new WeakRef(this));
      configurations.push(structuredClone(configuration ?? {}));
    }

    override setConfiguration(configuration?: RTCConfiguration): void {
      configurations.push(structuredClone(configuration ?? {}));
      super.setConfiguration(configuration);
    }
  };
}

/** How one participant is received by a person: counters that grow while media arrives. */
export interface Received {
  readonly framesDecoded: number;
  readonly audioEnergy: number;
}

/** One participant: a page with a `<video-call>` in it. */
export class Person {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors that the page did not catch. */
  readonly pageErrors: string[] = [];
  /** Every address that the page asked for. */
  readonly requests: string[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
  }

  static async visit(context: BrowserContext, url: string): Promise<Person> {
    await context.addInitScript(watchConnections);
    const page = await context.newPage();
    const person = new Person(context, page);
    page.on('pageerror', (error) => person.pageErrors.push(String(error)));
    page.on('request', (request) => person.requests.push(request.url()));
    page.on('websocket', (socket) => person.requests.push(socket.url()));
    await page.goto(url);
    return person;
  }

  get call(): Locator {
    return this.page.locator('video-call').first();
  }

  /** Runs in the page with the element, once that is defined. */
  async run<T, A>(
    task: (element: VideoCallElement, argument: A) => T | Promise<T>,
    argument: A,
    index = 0,
  ): Promise<T> {
    return this.page.evaluate(
      async ([source, value, position]) => {
        await customElements.whenDefined('video-call');
        const element = document.querySelectorAll('video-call')[position as number];
        // The page of a test may have a strict CSP: no `new Function` there, so tests with one use `page.evaluate`.
        const task = new Function(`return (${source as string})`)() as (
          element: unknown,
          argument: unknown,
        ) => T | Promise<T>;
        return task(element, value);
      },
      [task.toString(), argument, index] as const,
    );
  }

  /** Joins by the button of the lobby, as a caller would. */
  async join(): Promise<void> {
    await this.page.getByRole('button', { name: /^join/i }).first().click();
    await this.hasState('joined');
  }

  async state(index = 0): Promise<string> {
    return this.run((element) => element.state, undefined, index);
  }

  async hasState(state: string, timeout = 15_000): Promise<void> {
    await this.page.waitForFunction(
      (wanted) => document.querySelector('video-call')?.state === wanted,
      state,
      { timeout, polling: 50 },
    );
  }

  /** Waits until the element shows so many participants, the person included. */
  async sees(count: number, timeout = 15_000): Promise<void> {
    await this.page.waitForFunction(
      (wanted) => document.querySelector('video-call')?.participants.length === wanted,
      count,
      { timeout, polling: 50 },
    );
  }

  /** Waits until the media of so many others has arrived and goes on: frames are decoded, and sound has energy. */
  async receives(
    others: number,
    { video = true, audio = true, timeout = 20_000 } = {},
  ): Promise<void> {
    const deadline = Date.now() + timeout;
    const first = await this.received();
    for (;;) {
      const now = await this.received();
      const isMoving = (key: keyof Received): boolean =>
        [...now].filter(([id, one]) => one[key] > (first.get(id)?.[key] ?? 0)).length >= others;
      if ((!video || isMoving('framesDecoded')) && (!audio || isMoving('audioEnergy'))) return;
      if (Date.now() > deadline)
        assert.fail(
          `Media of ${String(others)} others did not arrive: ${JSON.stringify([...now])}, before ${JSON.stringify([...first])}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async received(): Promise<Map<string, Received>> {
    const stats = await this.run((element) => element.getStats(), undefined);
    return new Map(
      stats.map(({ id, framesDecoded, audioEnergy }) => [id, { framesDecoded, audioEnergy }]),
    );
  }

  /** Connections that are not closed. */
  async openConnections(): Promise<number> {
    return this.page.evaluate(
      () =>
        globalThis.watched.connections.filter((reference) => {
          const connection = reference.deref();
          return connection !== undefined && connection.connectionState !== 'closed';
        }).length,
    );
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}
