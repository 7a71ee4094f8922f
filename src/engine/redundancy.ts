/** From this share of lost packets on, words get lost. */
const LOSSY = 0.03;
/** Below it what Opus repairs by itself is enough. */
const CLEAN = 0.01;
/** So many looks must agree: each change is a negotiation. */
const BEFORE_ON = 2;
const BEFORE_OFF = 15;

/** Whether the sound that is sent to one participant has to be sent twice. */
export class Redundancy {
  isOn = false;
  #agreed = 0;

  /** One look, about every two seconds; `lost`: the share of our packets that the other side has lost of late, 0 to 1. */
  update(lost: number): void {
    this.#agreed = (this.isOn ? lost < CLEAN : lost >= LOSSY) ? this.#agreed + 1 : 0;
    if (this.#agreed < (this.isOn ? BEFORE_OFF : BEFORE_ON)) return;
    this.isOn = !this.isOn;
    this.#agreed = 0;
  }
}
