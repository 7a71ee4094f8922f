/** What the browser says of the picture that it sends; webrtc-stats, `outbound-rtp` and `media-source`. */
export interface SentPicture {
  /** Bits a second that the path has for it now; not known in every browser. */
  readonly targetBitrate?: number;
  readonly bytesSent?: number;
  /** Lines as they are sent, and as the camera gives them. */
  readonly frameWidth?: number;
  readonly frameHeight?: number;
  readonly height?: number;
  /** `bandwidth`, `cpu` or `none`. */
  readonly qualityLimitationReason?: string;
  /** Counted since the connection was made: those of the camera, and those that were encoded. */
  readonly frames?: number;
  readonly framesEncoded?: number;
  /** Seconds since the connection was made. */
  readonly totalEncodeTime?: number;
  /** Milliseconds. */
  readonly timestamp?: number;
}

/** Smaller by these factors; each change costs a whole picture, so there are few. */
const SCALES = [1, 1.5, 2, 3];
/** With this share of what full size took before the picture is coarser, and still fluent. */
const ENOUGH = 0.4;
/** To grow it takes more, or the picture would change its size all the time. */
const PLENTY = 0.55;
/** Share of the most that full size may take, for as long as it has not been seen. */
const FULL_SIZE = 0.4;
/** With this share of the most that it may take, it is not the path that limits a picture. */
const WIDE = 0.8;
/** A path that has become narrow is narrower than it seems at first, and each whole picture fills it anew. */
const AMPLE = 0.8;
/** So many looks must agree before the picture grows. */
const PATIENCE = 3;

/**
 * Decides how large a picture the path can carry at its full frame rate. Chromium alone shrinks it only when it has stood
 * still for seconds, and of a busy one, small and at that size's limit of bits, never finds that it could be larger.
 */
export class SendQuality {
  scale = 1;
  readonly #most: number;
  #need = 0;
  #bytes = 0;
  #agreed = 0;

  /** `most`: bits a second that full size may take. */
  constructor(most = 2_500_000) {
    this.#most = most;
  }

  /** One look a second; true when `scale` is to be set anew, and the browser's own reduction to be taken back. */
  update(sent: SentPicture): boolean {
    const { targetBitrate, bytesSent = 0, frameHeight, height } = sent;
    if (!targetBitrate || !frameHeight || !height) return false;
    // After a pause it may have been more.
    const bits = Math.min((bytesSent - this.#bytes) * 8, targetBitrate);
    this.#bytes = bytesSent;
    const isFull = frameHeight >= height;
    const isLimited = sent.qualityLimitationReason === 'bandwidth';
    // What it takes changes with the scene: the largest of the last half minute or so counts. Encoders that reach the limit
    // set for them say that they are limited, too.
    if (isFull && !(isLimited && targetBitrate < WIDE * this.#most))
      this.#need = Math.max(bits, this.#need * 0.98);
    const fitting = (share: number): number =>
      SCALES.find(
        (it) => it * it * targetBitrate >= share * (this.#need || FULL_SIZE * this.#most),
      ) ?? 3;
    const isTooLarge = fitting(ENOUGH) > this.scale;
    const scale = isTooLarge ? fitting(AMPLE) : Math.min(this.scale, fitting(PLENTY));
    const isLarger = scale < this.scale || (scale === 1 && !isFull && isLimited);
    this.#agreed = isLarger ? this.#agreed + 1 : 0;
    // Before full size has been seen, the browser knows better.
    if (isLarger ? this.#agreed < PATIENCE : scale === this.scale || !this.#need) return false;
    this.#agreed = 0;
    this.scale = scale;
    return true;
  }
}
