import { CEILINGS, type QualityCeiling } from '../engine/picture-plan.ts';
import type { PictureView, ViewMessage } from '../protocol/channel.ts';

/** A picture of somebody else that is on the caller's screen. */
export interface ShownPicture {
  readonly id: string;
  readonly kind: 'camera' | 'screen';
  /** Device pixels of its box. */
  readonly width: number;
  readonly height: number;
  /** It is what the caller looks at: the speaker, the pinned one, the only one. */
  readonly isMain: boolean;
}

export interface ViewsHost {
  /** Everybody else in the call. */
  ids(): readonly string[];
  /** True when it has gone out. */
  send(view: ViewMessage, to: string): boolean;
}

/** Frames a second that are of use, by the number of others side by side: small pictures need fewer, and many cost more. */
const FRAME_RATES = [30, 30, 24, 20, 20];
const LEAST_RATE = 15;
const FULL_RATE = 30;
/** Sizes are told in steps, so that a window that is dragged does not tell one after the other. */
const STEP = 16;
/** Milliseconds that a wish for more waits for others like it, */
const SOON = 100;
/** and that a wish for less must last: pages are turned back, windows come forward again. */
const LAZILY = 2_000;

const NOTHING: PictureView = { width: 0, height: 0, frameRate: 0, isMain: false };
/** No screen is larger. */
const WHOLE: PictureView = { width: 7_680, height: 4_320, frameRate: FULL_RATE, isMain: true };

interface Told {
  /** JSON of what the other side knows. */
  text: string;
  view: ViewMessage | undefined;
  /** Since when less than that would do; 0 when it would not. */
  lessSince: number;
}

/** Tells everybody how their pictures are shown here, so that they send no more than that. */
export class Views {
  readonly #host: ViewsHost;
  readonly #told = new Map<string, Told>();
  #shown: readonly ShownPicture[] | undefined;
  readonly #stopped = new Set<string>();
  #ceiling: QualityCeiling;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dueAt = Infinity;

  constructor(host: ViewsHost, ceiling: QualityCeiling) {
    this.#host = host;
    this.#ceiling = ceiling;
  }

  /** What is on the screen now; undefined when nobody knows, as where the page itself shows the streams. */
  show(pictures: readonly ShownPicture[] | undefined): void {
    this.#shown = pictures;
    this.#schedule(SOON);
  }

  /** Asks for nothing better than this. */
  limit(ceiling: QualityCeiling): void {
    this.#ceiling = ceiling;
    this.#schedule(0);
  }

  /** Takes no picture of somebody, or takes it again. */
  stopVideo(id: string, isStopped: boolean): void {
    if (this.#stopped.has(id) === isStopped) return;
    if (isStopped) this.#stopped.add(id);
    else this.#stopped.delete(id);
    this.#schedule(0);
  }

  /** The channel to somebody is open: it knows nothing of us. */
  greet(id: string): void {
    this.#told.delete(id);
    this.#schedule(0);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #schedule(delay: number): void {
    const at = performance.now() + delay;
    if (at >= this.#dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = at;
    this.#timer = setTimeout(() => {
      this.#dueAt = Infinity;
      this.#tell();
    }, delay);
  }

  #tell(): void {
    const now = performance.now();
    const ids = this.#host.ids();
    for (const id of this.#told.keys()) if (!ids.includes(id)) this.#told.delete(id);
    for (const id of ids) {
      const view = this.#viewOf(id);
      const text = JSON.stringify(view);
      const told = this.#told.get(id);
      if (told?.text === text) told.lessSince = 0;
      else if (told?.view && !asksForMore(told.view, view)) {
        told.lessSince ||= now;
        const left = told.lessSince + LAZILY - now;
        if (left > 0) this.#schedule(left);
        else this.#send(id, view, text);
      } else this.#send(id, view, text);
    }
  }

  #send(id: string, view: ViewMessage, text: string): void {
    // Without a channel it is told when there is one.
    if (this.#host.send(view, id)) this.#told.set(id, { text, view, lessSince: 0 });
  }

  #viewOf(id: string): ViewMessage {
    return { kind: 'view', camera: this.#view(id, 'camera'), screen: this.#view(id, 'screen') };
  }

  #view(id: string, kind: ShownPicture['kind']): PictureView {
    if (this.#stopped.has(id)) return NOTHING;
    const isCamera = kind === 'camera';
    const { lines, frameRate } = CEILINGS[this.#ceiling];
    if (!this.#shown)
      return isCamera ? { width: (lines * 16) / 9, height: lines, frameRate, isMain: true } : WHOLE;
    const shown = this.#shown.find((one) => one.id === id && one.kind === kind);
    if (!shown) return NOTHING;
    const { isMain } = shown;
    // Text is to stay sharp: the ceiling is for cameras.
    const ratio = isCamera
      ? Math.min(1, lines / Math.max(shown.height, (shown.width * 9) / 16))
      : 1;
    const many = this.#shown.filter((one) => one.kind === 'camera').length;
    const useful = isMain || !isCamera ? FULL_RATE : (FRAME_RATES[many] ?? LEAST_RATE);
    // No step beyond the ceiling.
    const whole = ratio < 1 ? Math.floor : Math.ceil;
    const inSteps = (pixels: number): number => whole((pixels * ratio) / STEP) * STEP;
    return {
      width: inSteps(shown.width),
      height: inSteps(shown.height),
      frameRate: isCamera ? Math.min(useful, frameRate) : FULL_RATE,
      isMain,
    };
  }
}

const asksForMore = (before: ViewMessage, now: ViewMessage): boolean =>
  (['camera', 'screen'] as const).some((kind) =>
    (['width', 'height', 'frameRate', 'isMain'] as const).some(
      (key) => Number(now[kind][key]) > Number(before[kind][key]),
    ),
  );
