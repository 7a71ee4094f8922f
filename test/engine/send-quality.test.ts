import { expect } from '@open-wc/testing';
import { SendQuality } from '../../src/engine/send-quality.ts';

/** A camera of 360 lines of which each second takes so many kbit, as far as the path allows. */
class Sender {
  readonly quality = new SendQuality();
  #bytesSent = 0;
  lines = 360;
  reason = 'none';

  /** Looks so many times; answers with the scale after each look that changed it. */
  look(times: number, targetKilobits: number, wantedKilobits = 1_700): number[] {
    const changes: number[] = [];
    for (let n = 0; n < times; n++) {
      this.#bytesSent += Math.min(targetKilobits, wantedKilobits) * 125;
      const isChanged = this.quality.update({
        targetBitrate: targetKilobits * 1_000,
        bytesSent: this.#bytesSent,
        frameHeight: this.lines,
        height: 360,
        qualityLimitationReason: this.reason,
      });
      if (!isChanged) continue;
      changes.push(this.quality.scale);
      this.lines = Math.floor(360 / this.quality.scale);
    }
    return changes;
  }
}

describe('the size of the picture that is sent', () => {
  it('is full as long as the path carries it', () => {
    expect(new Sender().look(60, 1_700)).to.deep.equal([]);
  });

  it('falls at the first look that shows too little, further than needed', () => {
    for (const [kilobits, scale] of [
      [650, 1.5],
      [500, 2],
      [100, 3],
      [20, 3],
    ] as const) {
      const sender = new Sender();
      sender.look(10, 1_700);
      expect(sender.look(1, kilobits)).to.deep.equal([scale]);
    }
  });

  it('grows only after three looks that agree, and with some to spare', () => {
    const sender = new Sender();
    sender.look(10, 1_700);
    sender.look(1, 100);
    expect(sender.look(2, 1_700)).to.deep.equal([]);
    expect(sender.look(1, 100)).to.deep.equal([]);
    expect(sender.look(3, 1_700)).to.deep.equal([1]);
    // Enough for 360 lines, not enough to go there from 240.
    sender.look(1, 650);
    expect(sender.look(30, 800)).to.deep.equal([]);
  });

  it('knows what full size takes when the encoder is limited by the most that it may take only', () => {
    const sender = new Sender();
    sender.reason = 'bandwidth';
    sender.look(10, 2_500, 2_500);
    expect(sender.look(1, 100)).to.deep.equal([3]);
  });

  it('keeps a picture that takes little', () => {
    const sender = new Sender();
    sender.look(10, 1_700, 150);
    expect(sender.look(30, 150, 150)).to.deep.equal([]);
  });

  it('leaves the beginning to the browser', () => {
    const sender = new Sender();
    sender.lines = 180;
    sender.reason = 'bandwidth';
    expect(sender.look(30, 200)).to.deep.equal([]);
  });

  it('takes the reduction of the browser back when there is enough', () => {
    const sender = new Sender();
    sender.lines = 180;
    sender.reason = 'bandwidth';
    expect(sender.look(3, 600)).to.deep.equal([1]);
  });

  it('leaves a machine alone that is too slow', () => {
    const sender = new Sender();
    sender.lines = 180;
    sender.reason = 'cpu';
    expect(sender.look(30, 1_700)).to.deep.equal([]);
  });

  it('knows nothing where the browser does not say what the path carries', () => {
    const quality = new SendQuality();
    expect(quality.update({ bytesSent: 1e6, frameHeight: 180, height: 360 })).to.equal(false);
  });
});
