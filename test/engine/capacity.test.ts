import { expect } from '@open-wc/testing';
import { capacityOf } from '../../src/engine/capacity.ts';

const slow = { encodeTime: 10, uplink: Infinity };

describe('capacity', () => {
  it('is less for better pictures, for slower machines, and for fewer processors', () => {
    const { high, medium, low } = capacityOf(slow, 2, 16);
    expect(high).to.be.lessThan(medium);
    expect(medium).to.be.lessThan(low);
    expect(capacityOf({ ...slow, encodeTime: 5 }, 2, 16).medium).to.be.greaterThan(medium);
    expect(capacityOf(slow, 4, 16).medium).to.be.greaterThan(medium);
  });

  it('is bound by the uplink once that has been met', () => {
    const { low, high } = capacityOf({ encodeTime: 1, uplink: 1_000_000 }, 8, 16);
    expect(high).to.equal(1);
    expect(low).to.be.within(2, 6);
  });

  it('is never more than the room takes', () => {
    expect(capacityOf({ encodeTime: 0.1, uplink: Infinity }, 16, 4)).to.deep.equal({
      high: 4,
      medium: 4,
      low: 4,
    });
  });
});
