import { expect } from '@open-wc/testing';
import { LinkHealth } from '../../src/engine/link-health.ts';

const soon = (milliseconds: number): number => performance.now() + milliseconds;
/** After so many connections that came to nothing, one after the other. */
function after(attempts: number): LinkHealth {
  const health = new LinkHealth(false, () => undefined);
  for (let n = 0; n < attempts; n++) {
    health.dialed();
    health.renewed();
  }
  return health;
}

describe('the health of a link', () => {
  it('gives each connection twice the time of the one before that came to nothing', () => {
    const times = [1, 2, 3, 4, 5, 9].map((attempts) => after(attempts).answerWithin);
    expect(times).to.deep.equal([6_000, 12_000, 24_000, 48_000, 48_000, 48_000]);
    const health = after(3);
    health.well();
    expect(health.answerWithin, 'all is well').to.equal(6_000);
  });

  it('waits longer for a path, too', () => {
    const health = after(3);
    expect(health.heal(soon(20_000), true)).to.equal('restart');
    expect(health.heal(soon(30_000), true)).to.equal('wait');
    expect(health.heal(soon(41_000), true)).to.equal('restart');
  });

  it('calls at once when the other side has given up, unless that has not helped', () => {
    const once = after(1);
    once.abandoned();
    expect(once.mayDial(performance.now())).to.equal(true);
    const often = after(2);
    often.abandoned();
    expect(often.mayDial(performance.now())).to.equal(false);
    expect(often.mayDial(soon(4_100))).to.equal(true);
  });

  it('leaves the other side time for its call after it has given up itself', () => {
    const health = after(1);
    health.well();
    health.gaveUp();
    expect(health.mayDial(soon(1_500))).to.equal(false);
    expect(health.mayDial(soon(2_500))).to.equal(true);
  });
});
