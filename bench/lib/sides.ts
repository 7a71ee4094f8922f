import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { embedPage, PageServer } from '../../test/e2e/harness/page-server.ts';
import { TestServer } from '../../test/e2e/harness/server.ts';
import { when } from './pages.ts';

/** One kind of page that can call, with its servers. */
export interface Side {
  readonly name: string;
  /** Address of a page that joins by itself, or of one that waits for its Join button to be pressed. */
  url(room: string, joins: boolean): string;
  /** Own camera and microphone are open and shown, everything is loaded: Join may be pressed. */
  ready(page: Page): Promise<void>;
  /** The page is in the room, with nobody else. */
  alone(page: Page): Promise<void>;
  leave(page: Page): Promise<void>;
  stop(): Promise<void>;
}

/** The lobby has camera and microphone. */
export const elementIsReady = (page: Page): Promise<void> =>
  when(
    page,
    () => {
      const local = document.querySelector('video-call')?.localParticipant;
      return local?.camera === 'on' && local.microphone === 'on';
    },
    undefined,
  );

export const plainIsReady = (page: Page): Promise<void> =>
  when(page, () => !document.querySelector('button')?.disabled, undefined);

export interface ElementSide extends Side {
  readonly server: TestServer;
}

export async function elementSide(): Promise<ElementSide> {
  // More than a room takes by default: where the limit is, is to be seen.
  const server = await TestServer.start('--room-capacity', '16');
  const site = await PageServer.start((path) => {
    const query = new URL(path, 'http://site').searchParams;
    return embedPage(server.url, query.get('body') ?? '');
  });
  return {
    server,
    name: '`<video-call>`',
    url: (room, joins) => {
      const body = `<video-call room="${room}" name="Ada" ${joins ? 'autojoin' : ''}></video-call>`;
      return `${site.url}?${new URLSearchParams({ body }).toString()}`;
    },
    ready: elementIsReady,
    alone: (page) =>
      when(
        page,
        () => {
          const call = document.querySelector('video-call');
          return call?.state === 'joined' && call.participants.length === 1;
        },
        undefined,
      ),
    leave: (page) => page.evaluate(() => document.querySelector('video-call')?.leave()),
    stop: async () => {
      await site.stop();
      await server.down();
    },
  };
}

/** `wishes` are those of the page's query, beside the room. */
export async function plainSide(
  name = 'plain PeerJS',
  wishes: Readonly<Record<string, string>> = {},
): Promise<Side> {
  const server: ChildProcess = fork(
    fileURLToPath(new URL('../rivals/server.mjs', import.meta.url)),
  );
  const [port] = (await once(server, 'message')) as [number];
  return {
    name,
    url: (room, joins) =>
      `http://localhost:${port}/?${new URLSearchParams({ ...wishes, room, ...(joins && { autojoin: '' }) }).toString()}`,
    ready: plainIsReady,
    alone: (page) =>
      when(
        page,
        () =>
          document.querySelector('button')?.disabled === true &&
          document.querySelectorAll('video').length === 1,
        undefined,
      ),
    leave: (page) =>
      page.evaluate(() => {
        document.querySelector<HTMLElement>('#leave')?.click();
      }),
    stop: async () => {
      if (!server.connected) return;
      const exit = once(server, 'exit');
      server.disconnect();
      await exit;
    },
  };
}

/** Waits until the pictures of so many others in the page of an element move. */
export async function receives(page: Page, others = 1): Promise<void> {
  await when(
    page,
    async (count) => {
      const stats = (await document.querySelector('video-call')?.getStats()) ?? [];
      return stats.filter(({ framesDecoded }) => framesDecoded > 2).length >= count;
    },
    others,
  );
}
