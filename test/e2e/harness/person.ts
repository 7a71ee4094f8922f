import assert from 'node:assert/strict';
import type { BrowserContext, JSHandle, Locator, Page, WebSocket } from 'playwright-core';
import type { VideoCallElement } from '../../../src/video-call.ts';

/** What the init script keeps about a page. */
interface Watched {
  readonly connections: WeakRef<RTCPeerConnection>[];
  readonly configurations: RTCConfiguration[];
  readonly events: { readonly type: string; readonly at: number }[];
}
declare global {
  var watched: Watched;
}

/** Runs in the page before everything else: every RTCPeerConnection and its configuration is noted. */
export function watchConnections(): void {
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

/** Somebody's page with the element, in whatever browser. */
export interface Caller {
  readonly page: { evaluate<T>(task: () => T | Promise<T>): Promise<T> };
  /** Runs in the page with the element. */
  run<T, A>(
    task: (element: VideoCallElement, argument: A) => T | Promise<T>,
    argument: A,
  ): Promise<T>;
}

async function received(caller: Caller): Promise<Map<string, Received>> {
  const stats = await caller.run((element) => element.getStats(), undefined);
  return new Map(
    stats.map(({ id, framesDecoded, audioEnergy }) => [id, { framesDecoded, audioEnergy }]),
  );
}

/** Waits until the media of so many others has arrived and goes on: frames are decoded, and sound has energy. */
export async function receives(
  caller: Caller,
  others: number,
  { video = true, audio = true, timeout = 20_000 } = {},
): Promise<void> {
  const deadline = Date.now() + timeout;
  const first = await received(caller);
  for (;;) {
    const now = await received(caller);
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

/** One participant: a page with a `<video-call>` in it. */
export class Person {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors that the page did not catch. */
  readonly pageErrors: string[] = [];
  /** Every address that the page and its workers asked for. */
  readonly requests: string[] = [];
  /** Every WebSocket that the page opened. */
  readonly sockets: WebSocket[] = [];
  /** The text of every WebSocket frame, both ways. */
  readonly frames: string[] = [];
  /** What the page warned of in its console. */
  readonly warnings: string[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
  }

  static async visit(context: BrowserContext, url: string): Promise<Person> {
    // tsx names inner functions by a helper, which the page does not have.
    await context.addInitScript('globalThis.__name ??= (target) => target;');
    await context.addInitScript(watchConnections);
    const page = await context.newPage();
    const person = new Person(context, page);
    page.on('pageerror', (error) => person.pageErrors.push(String(error)));
    page.on('request', (request) => person.requests.push(request.url()));
    page.on('websocket', (socket) => {
      person.requests.push(socket.url());
      person.sockets.push(socket);
      const note = ({ payload }: { payload: string | Buffer }): void => {
        person.frames.push(String(payload));
      };
      socket.on('framesent', note).on('framereceived', note);
    });
    page.on('console', (message) => {
      if (message.type() === 'warning') person.warnings.push(message.text());
    });
    await page.goto(url);
    return person;
  }

  get call(): Locator {
    return this.page.locator('video-call').first();
  }

  /** Runs in the page with the element, once that is defined; under a strict CSP too. */
  async run<T, A>(
    task: (element: VideoCallElement, argument: A) => T | Promise<T>,
    argument: A,
    index = 0,
  ): Promise<T> {
    await this.page.evaluate(() => customElements.whenDefined('video-call').then(() => undefined));
    const element = await this.page.evaluateHandle(
      (position) => document.querySelectorAll('video-call')[position]!,
      index,
    );
    try {
      // Playwright's types make an ElementHandle of every node in them.
      return await (element as unknown as JSHandle<VideoCallElement>).evaluate(
        task as (element: VideoCallElement, argument: unknown) => T | Promise<T>,
        argument,
      );
    } finally {
      // It would keep the element alive.
      await element.dispose().catch(() => undefined);
    }
  }

  /** Joins by the button of the lobby, as a caller would. */
  async join(): Promise<void> {
    await this.page.getByRole('button', { name: /^join/i }).first().click();
    await this.hasState('joined');
  }

  /** The id of the local participant; empty outside of a room. */
  id(): Promise<string> {
    return this.run((element) => element.localParticipant?.id ?? '', undefined);
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

  async receives(others: number, options?: Parameters<typeof receives>[2]): Promise<void> {
    await receives(this, others, options);
  }

  received(): Promise<Map<string, Received>> {
    return received(this);
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
