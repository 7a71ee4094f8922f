import { expect } from '@open-wc/testing';
import { Spotlight } from '../../src/call/spotlight.ts';

const people = ['ann', 'bob', 'cem', 'dan'];

describe('spotlight', () => {
  it('leaves nobody out until it is on', () => {
    const spotlight = new Spotlight();
    spotlight.turnTo('dan');
    expect(spotlight.unseen(people)).to.deep.equal([]);
  });

  it('is on those who have spoken last, and on the first ones before anybody has', () => {
    const spotlight = new Spotlight();
    spotlight.isOn = true;
    expect(spotlight.unseen(people)).to.deep.equal(['cem', 'dan']);
    spotlight.turnTo('dan');
    expect(spotlight.unseen(people)).to.deep.equal(['bob', 'cem']);
    spotlight.turnTo('cem');
    spotlight.turnTo('dan');
    expect(spotlight.unseen(people)).to.deep.equal(['ann', 'bob']);
  });

  it('passes over those who are not asked for', () => {
    const spotlight = new Spotlight();
    spotlight.isOn = true;
    spotlight.turnTo('dan');
    spotlight.turnTo('me');
    expect(spotlight.unseen(people)).to.deep.equal(['bob', 'cem']);
    expect(spotlight.unseen([...people, 'me'])).to.deep.equal(['ann', 'bob', 'cem']);
  });
});
