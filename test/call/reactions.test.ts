import { expect } from '@open-wc/testing';
import { Reactions } from '../../src/call/reactions.ts';

describe('reactions', () => {
  it('of one participant are shown so many at once, whatever the others do', () => {
    const shown: (readonly [string, string | undefined])[] = [];
    const reactions = new Reactions((id, reaction) => shown.push([id, reaction?.emoji]));
    const taken = Array.from({ length: 7 }, () => reactions.add('ann', '👍'));
    expect(taken).to.deep.equal([true, true, true, true, true, false, false]);
    expect(reactions.add('bob', '🎉')).to.equal(true);
    expect(shown).to.deep.equal([...Array<unknown>(5).fill(['ann', '👍']), ['bob', '🎉']]);
    reactions.stop();
    expect(reactions.add('ann', '👍'), 'all is forgotten').to.equal(true);
    reactions.forget('ann');
  });
});
