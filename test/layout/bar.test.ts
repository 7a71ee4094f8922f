import { expect } from '@open-wc/testing';
import { fit, sizeFor } from '../../src/layout/bar.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const IMPORTANCE = ['a', 'b', 'f', 'c', 'd', 'e'];

describe('bar', () => {
  it('shows everything that fits, and everything before the width is known', () => {
    expect(fit(NAMES, IMPORTANCE, 1000, sizeFor(1000))).to.deep.equal([NAMES, []]);
    expect(fit(NAMES, IMPORTANCE, 0, sizeFor(0))).to.deep.equal([NAMES, []]);
  });

  it('puts the least important behind "more", in their order', () => {
    const [shown, hidden] = fit(NAMES, IMPORTANCE, 200, sizeFor(200));
    expect(shown).to.deep.equal(['a', 'b', 'f']);
    expect(hidden).to.deep.equal(['c', 'd', 'e']);
  });

  it('never is wider than its room', () => {
    for (let width = 120; width < 700; width++) {
      const size = sizeFor(width);
      const [shown, hidden] = fit(NAMES, IMPORTANCE, width, size);
      const buttons = shown.length + (hidden.length > 0 ? 1 : 0);
      const used = buttons * (size.button + size.gap) + size.button / 2 + size.gap;
      expect(used).to.be.at.most(width);
    }
  });
});
