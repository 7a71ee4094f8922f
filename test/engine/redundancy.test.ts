import { expect } from '@open-wc/testing';
import { Redundancy } from '../../src/engine/redundancy.ts';

const looks = (redundancy: Redundancy, times: number, lost: number): boolean => {
  for (let n = 0; n < times; n++) redundancy.update(lost);
  return redundancy.isOn;
};

describe('redundancy', () => {
  it('begins when loss lasts', () => {
    const redundancy = new Redundancy();
    expect(looks(redundancy, 1, 0.2)).to.equal(false);
    expect(looks(redundancy, 1, 0)).to.equal(false);
    expect(looks(redundancy, 2, 0.05)).to.equal(true);
  });

  it('ends only when the path has been clean for long', () => {
    const redundancy = new Redundancy();
    looks(redundancy, 2, 0.05);
    expect(looks(redundancy, 14, 0)).to.equal(true);
    expect(looks(redundancy, 1, 0.02)).to.equal(true);
    expect(looks(redundancy, 14, 0)).to.equal(true);
    expect(looks(redundancy, 1, 0)).to.equal(false);
  });
});
