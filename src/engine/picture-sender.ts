import type { PictureView } from '../protocol/channel.ts';
import { SMALL, type Codec } from './codecs.ts';
import {
  planCamera,
  planScreen,
  rankOf,
  SCREEN,
  type PicturePlan,
  type QualityCeiling,
} from './picture-plan.ts';
import { Ration } from './ration.ts';
import { SendQuality, type SentPicture } from './send-quality.ts';

export type PictureKind = 'camera' | 'screen';
/** How the other side shows a picture; undefined as long as it has not said so. */
export type ViewOf = (kind: PictureKind) => PictureView | undefined;

interface KeyFrameSender {
  setParameters(
    parameters: RTCRtpSendParameters,
    options: { readonly encodingOptions: readonly { readonly keyFrame: boolean }[] },
  ): Promise<void>;
}

/** What all pictures of this caller have in common. */
export interface SendingRules {
  readonly ceiling: QualityCeiling;
  /** How much has to give way for this machine to keep up: an index of the plan's steps. */
  readonly load: number;
  /** No camera is sent now. */
  readonly isPaused: boolean;
  /** Share of its bits that a picture of this rank may take, 0 to 1. */
  share(rank: number): number;
  /** The one of these codecs that a picture, of few lines or bits perhaps, is sent with; undefined leaves it to the browser. */
  codec<T extends Codec>(codecs: readonly T[], kind: PictureKind, isMeagre: boolean): T | undefined;
}

/** A look at a picture that is being sent. */
export interface PictureLook {
  readonly rank: number;
  /** The path has less for it than it may take. */
  readonly isStarved: boolean;
  /** The encoder leaves frames out, or says that it cannot keep up. */
  readonly isLate: boolean;
  /** Share of the wanted frames that the source gives; few where the machine is busy, or the room is dark. */
  readonly pace: number;
  /** Milliseconds that encoding took, and millions of pixels that were encoded. */
  readonly encodeTime: number;
  readonly pixels: number;
  /** Bits a second that the path has for it, where those are the limit. */
  readonly available: number | undefined;
}

/** With less than this share of what it may take, a picture is starved. */
const STARVED = 0.8;
/** With less than this share of the frames that there are, an encoder is late. */
const LATE = 0.7;

/** A path that loses more than this share of the packets is as good as a narrow one. */
const LOSSY = 0.05;
/** Looks in a row that must find a path narrow before its picture is sent as such a path carries it best, */
const NARROW = 3;
/** and so many that must find it wide before that ends: a change costs a whole picture. */
const WIDE = 20;

/** Changes that the other side may ask for at once, and in a second after that. */
const CHANGES = [6, 1] as const;

/** Sends one picture to one other, as that one can use it, as the path carries it, and as this machine can make it. */
export class PictureSender {
  readonly #sender: RTCRtpSender;
  readonly #kind: PictureKind;
  readonly #viewOf: ViewOf;
  #plan: PicturePlan | undefined;
  #path = new SendQuality();
  #sent: SentPicture = {};
  /** What the browser was told last. */
  #told = '';
  #bitrate = 0;
  /** Looks that found the path narrow, or, below zero, looks until it counts as wide. */
  #narrow = 0;
  /** What the link has; unknown at first. */
  #codecs: readonly Codec[] = [];
  #canChooseCodec = true;
  /** Parameters are read, changed and set one after the other (webrtc, section 5.2: `transactionId`). */
  #turn: Promise<unknown> = Promise.resolve();
  #isWaiting = false;
  readonly #ration = new Ration(...CHANGES);

  constructor(kind: PictureKind, sender: RTCRtpSender, viewOf: ViewOf) {
    this.#kind = kind;
    this.#sender = sender;
    this.#viewOf = viewOf;
  }

  get isSending(): boolean {
    return this.#sender.track !== null;
  }

  /** Once a second. */
  async look(): Promise<PictureLook | undefined> {
    const before = this.#sent;
    this.#sent = {};
    // Nobody sees it: a look would cost more than it tells.
    if (!this.isSending || this.#plan?.isActive === false) return undefined;
    const sent: SentPicture = {};
    let lost = 0;
    (await this.#sender.getStats()).forEach((entry: { type: string; fractionLost?: number }) => {
      if (entry.type === 'outbound-rtp' || entry.type === 'media-source')
        Object.assign(sent, entry);
      lost = Math.max(lost, entry.fractionLost ?? 0);
    });
    this.#sent = sent;
    const plan = this.#plan;
    if (!plan || !before.timestamp) return undefined;
    const since = (key: 'frames' | 'framesEncoded' | 'timestamp' | 'totalEncodeTime'): number =>
      Math.max(0, (sent[key] ?? 0) - (before[key] ?? 0));
    const seconds = since('timestamp') / 1_000;
    // The source's own frames count: a camera in the dark makes fewer.
    const wanted = plan.frameRate * seconds;
    const expected = Math.min(since('frames'), wanted);
    const isLimited = sent.qualityLimitationReason === 'bandwidth';
    const hasLittle = (sent.targetBitrate ?? Infinity) < STARVED * this.#bitrate;
    this.#lookAtPath(hasLittle || lost > LOSSY);
    return {
      rank: this.#rank,
      isStarved: isLimited && hasLittle,
      isLate:
        sent.qualityLimitationReason === 'cpu' ||
        // For lack of bits frames are left out as well.
        (!isLimited && !hasLittle && since('framesEncoded') < LATE * expected),
      encodeTime: since('totalEncodeTime') * 1_000,
      pixels: (since('framesEncoded') * (sent.frameWidth ?? 0) * (sent.frameHeight ?? 0)) / 1e6,
      available: isLimited ? sent.targetBitrate : undefined,
      pace: since('frames') / wanted,
    };
  }

  /** Tells the browser what to send from now on, if that is news. `hasLooked` after a look, once a second. */
  apply(rules: SendingRules, hasLooked = false): void {
    // Each change costs a whole picture: whoever asks for more of them has to wait for the next look.
    if (!hasLooked && (this.#isWaiting || !this.#ration.take())) return;
    this.#isWaiting = true;
    this.#inTurn(() => {
      this.#isWaiting = false;
      return this.#apply(rules, hasLooked);
    });
  }

  /** Sends a whole picture now (webrtc-extensions, section 9: `keyFrame`; browsers without it send one when asked). */
  refresh(): void {
    this.#inTurn(async () => {
      const parameters = this.#sender.getParameters();
      const encodingOptions = parameters.encodings.map(() => ({ keyFrame: true }));
      await (this.#sender as KeyFrameSender).setParameters(parameters, { encodingOptions });
    });
  }

  get #rank(): number {
    return this.#kind === 'screen' ? SCREEN : rankOf(this.#viewOf('camera'));
  }

  /** A picture that changes its size is a whole one anyway. */
  get #isNarrow(): boolean {
    return this.#narrow < 0 || this.#path.scale > 1;
  }

  #lookAtPath(isWeak: boolean): void {
    if (isWeak)
      this.#narrow = this.#narrow < 0 || this.#narrow + 1 >= NARROW ? -WIDE : this.#narrow + 1;
    else this.#narrow = Math.min(0, this.#narrow + 1);
  }

  async #apply(rules: SendingRules, hasLooked: boolean): Promise<void> {
    const plan = this.#planFor(rules);
    if (!plan) return;
    if (plan.scale !== this.#plan?.scale) this.#path = new SendQuality(plan.bitrate);
    this.#plan = plan;
    const height = (this.#sent.height ?? 0) / plan.scale;
    // A pixel may be lost to rounding.
    const isFitted =
      hasLooked &&
      this.#kind === 'camera' &&
      this.#path.update({ ...this.#sent, height: height - 2 });
    this.#bitrate = Math.round(plan.bitrate * rules.share(this.#rank));
    if (this.#codecs.length === 0) this.#codecs = this.#sender.getParameters().codecs;
    // What spares the processor matters more while that is busy.
    const isMeagre = plan.lines < SMALL || (this.#isNarrow && rules.load === 0);
    const encoding = {
      // Of each picture its own, without a negotiation (webrtc-extensions, section 5.7); browsers without it take no notice.
      codec: this.#canChooseCodec ? rules.codec(this.#codecs, this.#kind, isMeagre) : undefined,
      active: plan.isActive,
      scaleResolutionDownBy: plan.scale * this.#path.scale,
      maxFramerate: plan.frameRate,
      maxBitrate: this.#bitrate,
    };
    const told = JSON.stringify(encoding);
    if (told === this.#told && !isFitted) return;
    this.#told = told;
    // A change of what is preferred takes the browser's own reduction back (Chromium 156).
    const steps = isFitted ? (['maintain-resolution', 'maintain-framerate'] as const) : [undefined];
    for (const degradationPreference of steps) {
      const parameters = this.#sender.getParameters();
      for (const one of parameters.encodings) Object.assign(one, encoding);
      if (degradationPreference) Object.assign(parameters, { degradationPreference });
      await this.#sender.setParameters(parameters).catch((error: unknown) => {
        // An encoder that cannot be made after all: the rest is told without it.
        this.#canChooseCodec &&= encoding.codec === undefined;
        this.#told = '';
        throw error;
      });
    }
  }

  #planFor({ ceiling, load, isPaused }: SendingRules): PicturePlan | undefined {
    const { width = 0, height = 0, frameRate = 30 } = this.#sender.track?.getSettings() ?? {};
    // Before the first picture nobody knows.
    if (width === 0 || height === 0) return undefined;
    const source = { width, height, frameRate };
    const view = this.#viewOf(this.#kind);
    if (this.#kind === 'screen') return planScreen(source, view);
    const plan = planCamera(source, view, ceiling, load);
    return { ...plan, isActive: plan.isActive && !isPaused };
  }

  #inTurn(step: () => Promise<void>): void {
    // Closed meanwhile, or without an encoding yet: the next look will do.
    this.#turn = this.#turn.then(step).catch(() => undefined);
  }
}
