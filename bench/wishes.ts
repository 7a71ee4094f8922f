import { chromium, type Page } from 'playwright-core';
import { CALL_FLAGS, findBrowser } from '../scripts/lib/browser.mjs';
import { movingCamera } from './lib/camera.ts';
import { median, ms, percentile } from './lib/numbers.ts';
import { visit, when } from './lib/pages.ts';
import { elementSide, receives } from './lib/sides.ts';
import { table } from './lib/table.ts';
import type { Options } from './run.ts';

declare global {
  var wishes: {
    /** The picture of the other one, once it has been drawn. */
    picture(): HTMLVideoElement | null | undefined;
    /** Gives the element so many lines. */
    size(lines: number): void;
    /** Milliseconds until a frame of more than so many lines is presented, after `change`. */
    after(change: () => void, lines: number): Promise<number>;
  };
}

const SMALL = 180;
const LARGE = 720;
const VIEW = { width: 1_400, height: 900 };
/** Milliseconds without a frame. */
const STILL = 1_500;

/** In the page that asks. */
function prepare(): void {
  const element = (): HTMLElement => document.querySelector('video-call')!;
  const tiles = (root: ParentNode): Element[] =>
    [...root.querySelectorAll('*')].flatMap((one) => [
      ...(one.localName === 'video-call-tile' ? [one] : []),
      ...(one.shadowRoot ? tiles(one.shadowRoot) : []),
    ]);
  globalThis.wishes = {
    picture: () =>
      tiles(document)
        .find(
          (one) => !(one as Element & { participant: { isLocal: boolean } }).participant.isLocal,
        )
        ?.shadowRoot?.querySelector('video'),
    size: (lines) => {
      Object.assign(element().style, { width: `${(lines * 16) / 9}px`, height: `${lines}px` });
    },
    after: (change, lines) =>
      new Promise((resolve) => {
        const picture = wishes.picture()!;
        const began = performance.now();
        const look: VideoFrameRequestCallback = (_now, { height }) => {
          if (height > lines) resolve(performance.now() - began);
          else picture.requestVideoFrameCallback(look);
        };
        picture.requestVideoFrameCallback(look);
        change();
      }),
  };
}

const isSmall = (page: Page): Promise<void> =>
  when(
    page,
    (lines) => {
      const height = wishes.picture()?.videoHeight ?? 0;
      return height > 0 && height <= lines;
    },
    SMALL * 1.5,
  );

const grow = (page: Page): Promise<number> =>
  page.evaluate(
    ([lines, least]) =>
      wishes.after(() => {
        wishes.size(lines);
      }, least),
    [LARGE, LARGE * 0.7] as const,
  );

/** How long it takes from what a receiver does to the picture that follows from it. */
export async function measureWishes({ runs, isQuick }: Options): Promise<string> {
  const count = runs ?? (isQuick ? 3 : 15);
  const camera = movingCamera();
  const browser = await chromium.launch({
    executablePath: findBrowser()!,
    args: [...CALL_FLAGS, camera.flag],
  });
  const side = await elementSide();
  try {
    const sends = await visit(browser, side.url('wishes', true), undefined, VIEW);
    const asks = await visit(browser, side.url('wishes', true), prepare, VIEW);
    await Promise.all([sends, asks].map(receives));
    await asks.evaluate(() => {
      document.body.style.height = '4000px';
    });
    const seen: Record<'larger' | 'reopened' | 'back', number[]> = {
      larger: [],
      reopened: [],
      back: [],
    };
    const shrink = async (): Promise<void> => {
      await asks.evaluate((lines) => {
        wishes.size(lines);
      }, SMALL);
      await isSmall(asks);
    };
    for (let n = 0; n < count; n++) {
      await shrink();
      seen.larger.push(await grow(asks));

      await shrink();
      await when(
        sends,
        () => {
          const own = document.querySelector('video-call')?.localParticipant;
          return (own?.stream.getVideoTracks()[0]?.getSettings().height ?? 0) < 720;
        },
        undefined,
      );
      seen.reopened.push(await grow(asks));

      await asks.evaluate(async (still) => {
        scrollTo(0, 3_000);
        const picture = wishes.picture()!;
        await new Promise<void>((resolve) => {
          let timer = setTimeout(resolve, still);
          const look = (): void => {
            clearTimeout(timer);
            timer = setTimeout(resolve, still);
            picture.requestVideoFrameCallback(look);
          };
          picture.requestVideoFrameCallback(look);
        });
      }, STILL);
      seen.back.push(
        await asks.evaluate(() =>
          wishes.after(() => {
            scrollTo(0, 0);
          }, 0),
        ),
      );
      process.stderr.write(`\r${n + 1}/${count} `);
    }
    process.stderr.write('\r');
    const row = (name: string, values: readonly number[]): string[] => [
      name,
      ms(median(values)),
      ms(percentile(values, 95)),
      ms(Math.max(...values)),
      '500 ms',
    ];
    return [
      `Two people, ${camera.description}. Until the first frame of that kind is presented, in the page that asks, ${count} times each:`,
      '',
      table(
        ['', 'median', 'p95', 'most', 'to reach'],
        [
          row('drawn with 720 lines instead of 180', seen.larger),
          row('the same, when the camera has been opened smaller meanwhile', seen.reopened),
          row('scrolled back to, when nothing was sent', seen.back),
        ],
      ),
    ].join('\n');
  } finally {
    await browser.close();
    await side.stop();
    camera.remove();
  }
}
