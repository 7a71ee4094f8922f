import type { ViewMessage } from '../protocol/channel.ts';
import { chooseCodec, hardwareCodecs, type Codec } from './codecs.ts';
import type { EngineEvents } from './engine.ts';
import {
  RANKS,
  LAST_LEVEL,
  LAST_LEVEL_OF_FRAMES,
  LAST_LEVEL_OF_PICTURES,
  useOf,
  type QualityCeiling,
} from './picture-plan.ts';
import type { PictureKind, PictureLook, PictureSender, SendingRules } from './picture-sender.ts';

/** What less important pictures lose in one look while a more important one is starved. */
const RETREAT = 0.7;
/** And what they win in one look when none is: slower, or the path would be full again at once. */
const RECOVERY = 1.1;
/** Looks that must find starving before anything is taken away: a new connection finds out only what the path carries; */
const STARVING = 4;
/** and looks that must find none before anything is won back. */
const CALM = 5;
/** Never less than this share: a picture that stands still looks like a fault. */
const LEAST = 0.1;
/** So many others, and leaving pictures out helps. */
const SEVERAL = 3;
/** Frames a second of one's own picture at least, even if nobody else wants any. */
const LEAST_RATE = 15;
/** Milliseconds of a second that all encoders together may take: with more, a camera that is slow has to wait for its turn. */
const BUSY = 500;
/** A camera with less than this share of the wanted frames is slow, and with less than that it has stalled: no dark room is the cause. */
const SLOW = 0.7;
const STALLED = 0.4;
/** So many looks in a row must find this machine too slow before something gives way, */
const OVERLOADED = 3;
/** before pictures are left out, so that what was done before has had its effect, */
const FAR_OVERLOADED = 12;
/**
 * and so many must find it well before that is taken back; twice as many when it was taken back too early, until all has been
 * well for as long as that can be.
 */
const WELL = 15;
const WELL_AT_MOST = 240;

/** One look at the machine (compute-pressure, section 5); not known in every browser. */
interface PressureRecord {
  readonly state: string;
}
declare const PressureObserver:
  | (new (callback: (records: readonly PressureRecord[]) => void) => {
      observe(source: 'cpu', options: { readonly sampleInterval: number }): Promise<void>;
      disconnect(): void;
    })
  | undefined;

type Picture = Pick<PictureSender, 'look' | 'apply'>;

/** One other, and what it is sent. */
export interface SendingLink {
  view: ViewMessage | undefined;
  readonly connection: { pictures(): readonly Picture[] } | undefined;
}

export interface SendingHost {
  links(): readonly SendingLink[];
  /** Lines and frames a second of the camera that are of use to somebody. */
  onNeed(need: { readonly lines: number; readonly frameRate: number }): void;
  /** What this machine and its path have shown that they can do, and whether that is too little for all pictures. */
  onMeans(means: EngineEvents['means']): void;
}

const sum = (
  looks: readonly PictureLook[],
  value: (look: PictureLook) => number | undefined,
): number => looks.reduce((total, look) => total + (value(look) ?? 0), 0);

const picturesOf = (link: SendingLink): readonly Picture[] => link.connection?.pictures() ?? [];

/** What all links have in common: one path out of this machine, and one processor. */
export class Sending implements SendingRules {
  ceiling: QualityCeiling;
  load = 0;
  isPaused = false;
  readonly #host: SendingHost;
  readonly #shares = Array.from({ length: RANKS }, () => 1);
  #starving = 0;
  #calm = 0;
  #late = 0;
  #well = 0;
  #patience = WELL;
  #isHot = false;
  #isLooking = false;
  #hardware: readonly string[] = [];
  #pressure: { disconnect(): void } | undefined;

  constructor(ceiling: QualityCeiling, host: SendingHost) {
    this.ceiling = ceiling;
    this.#host = host;
  }

  start(): void {
    // A browser that does not say has none for us.
    hardwareCodecs().then(
      (names) => (this.#hardware = names),
      () => undefined,
    );
    if (typeof PressureObserver === 'undefined') return;
    const observer = new PressureObserver((records) => {
      this.#isHot = records.at(-1)?.state === 'critical';
    });
    this.#pressure = observer;
    // Forbidden by the page's policy: then the encoders alone show it.
    observer.observe('cpu', { sampleInterval: 2_000 }).catch(() => undefined);
  }

  stop(): void {
    this.#pressure?.disconnect();
  }

  share(rank: number): number {
    return this.#shares[rank] ?? 1;
  }

  codec<T extends Codec>(
    codecs: readonly T[],
    kind: PictureKind,
    isMeagre: boolean,
  ): T | undefined {
    return chooseCodec(codecs, kind, isMeagre, this.#host.links().length, this.#hardware);
  }

  /** No picture is sent better than this from now on. */
  limit(ceiling: QualityCeiling): void {
    this.ceiling = ceiling;
    this.adjust();
  }

  /** Sends no camera for now. */
  pause(isPaused: boolean): void {
    this.isPaused = isPaused;
    this.adjust();
  }

  /** A participant says how it shows our pictures. */
  show(link: SendingLink | undefined, view: ViewMessage): void {
    if (!link) return;
    link.view = view;
    this.#tellNeed();
    for (const picture of picturesOf(link)) picture.apply(this);
  }

  /** What is sent may have to be something else now. */
  adjust(): void {
    for (const picture of this.#pictures()) picture.apply(this);
  }

  /** Once a second: looks at everything that is sent, and tells the browser what to do differently. */
  async update(): Promise<void> {
    this.#tellNeed();
    // A machine that takes longer than a second for a look is not asked twice.
    if (this.#isLooking) return;
    this.#isLooking = true;
    const pictures = this.#pictures();
    const all = await Promise.all(pictures.map((picture) => picture.look().catch(() => undefined)));
    this.#isLooking = false;
    const looks = all.filter((look) => look !== undefined);
    this.#divide(looks);
    this.#relieve(looks);
    this.#tellMeans(looks);
    for (const picture of pictures) picture.apply(this, true);
  }

  #pictures(): readonly Picture[] {
    return this.#host.links().flatMap(picturesOf);
  }

  #tellNeed(): void {
    const links = this.#host.links();
    // Who is not connected yet has not said anything; where nobody has, all of it may be wanted.
    const known = links.filter((link) => link.view ?? picturesOf(link).length > 0);
    const all = (known.length > 0 ? known : links).map(({ view }) =>
      useOf(view?.camera, this.ceiling, this.load),
    );
    this.#host.onNeed({
      lines: Math.max(0, ...all.map(({ lines }) => lines)),
      // Alone, the caller sees nobody but itself, and well.
      frameRate: Math.max(
        ...all.map(({ frameRate }) => frameRate),
        all.length === 0 ? 30 : LEAST_RATE,
      ),
    });
  }

  /**
   * The browser gives each connection what it measures for it, and equals come to equal shares by that alone. Where a
   * screen or the speaker lacks something, those that matter less leave their part to it.
   */
  #divide(looks: readonly PictureLook[]): void {
    const starved = looks.filter(({ isStarved }) => isStarved).map(({ rank }) => rank);
    const first = Math.min(...starved);
    this.#starving = starved.length > 0 ? this.#starving + 1 : 0;
    this.#calm = starved.length > 0 ? 0 : this.#calm + 1;
    for (let rank = 1; rank < RANKS; rank++) {
      const share = this.share(rank);
      if (rank > first && this.#starving >= STARVING)
        this.#shares[rank] = Math.max(LEAST, share * RETREAT);
      else if (this.#calm > CALM) this.#shares[rank] = Math.min(1, share * RECOVERY);
    }
  }

  #relieve(looks: readonly PictureLook[]): void {
    const mostly = (is: (look: PictureLook) => boolean): boolean =>
      looks.filter(is).length * 2 > looks.length;
    // Small pictures take the encoders no time. With all else given up, the camera shows what the rest of the call takes.
    const isLast = this.load === LAST_LEVEL_OF_PICTURES;
    const isLate = mostly((look) => look.isLate || (isLast && look.pace < STALLED));
    const isBusy = this.#isHot || sum(looks, (look) => look.encodeTime) > BUSY;
    // Left out are pictures that cannot be made. Other programs would keep them out for ever.
    if (isLate || (isBusy && this.load < LAST_LEVEL)) {
      this.#late = isLate || this.load < LAST_LEVEL_OF_PICTURES ? this.#late + 1 : 0;
      // It was taken back too early.
      if (this.#well < 0) this.#patience = Math.min(2 * this.#patience, WELL_AT_MOST);
      this.#well = 0;
    } else {
      this.#late = 0;
      this.#well++;
    }
    const most = this.#host.links().length < SEVERAL ? LAST_LEVEL_OF_PICTURES : LAST_LEVEL;
    // A camera that is slow where the processor is busy is slow because of that.
    const last = mostly((look) => look.isLate || look.pace < SLOW) ? most : LAST_LEVEL_OF_FRAMES;
    this.load = Math.min(this.load, most);
    const patience = this.load < LAST_LEVEL_OF_PICTURES ? OVERLOADED : FAR_OVERLOADED;
    if (this.#late >= patience && this.load < last) {
      this.load++;
      this.#late = 0;
    } else if (this.#well >= this.#patience && this.load > 0) {
      this.load--;
      this.#well = -WELL;
    } else if (this.#well > WELL_AT_MOST) this.#patience = WELL;
  }

  #tellMeans(looks: readonly PictureLook[]): void {
    const pixels = sum(looks, (look) => look.pixels);
    const available = sum(looks, (look) => look.available);
    this.#host.onMeans({
      encodeTime: pixels > 0 ? sum(looks, (look) => look.encodeTime) / pixels : undefined,
      uplink: available || Infinity,
      isOverloaded: this.load === LAST_LEVEL,
    });
  }
}
