import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OPEN_GRANT, type Grant } from '../../server/grant.ts';
import { Standings } from '../../server/standings.ts';
import { Waiters } from '../../server/waiters.ts';
import { LIMITS } from '../../src/protocol/limits.ts';

const grant = (changes: Partial<Grant> = {}): Grant => ({
  ...OPEN_GRANT,
  role: 'member',
  ...changes,
});
const here = (...ids: string[]) => ids.map((id) => ({ id, away: false }));

/** Lets these come in one after the other, each with the moderator that it knew. */
function returned(...comers: readonly (readonly [id: string, vote?: string])[]): Standings {
  const standings = new Standings(true, false);
  const members: { id: string; away: boolean }[] = [];
  for (const [id, vote] of comers) {
    standings.enter('x', id, OPEN_GRANT, vote, 1_000);
    members.push({ id, away: false });
    standings.settle('x', members, 1_000);
  }
  return standings;
}

describe('Standings of an open room', () => {
  it('make the first member the moderator, and hand over to who is there the longest', () => {
    const standings = returned(['a'], ['b'], ['c']);
    assert.deepEqual(standings.moderators('x'), ['a']);
    standings.leave('x', 'a');
    assert.deepEqual(standings.settle('x', here('b', 'c'), 2_000), ['b']);
    assert.deepEqual(standings.moderators('x'), ['b']);
  });

  it('hand over to somebody who is away only when all others are', () => {
    const standings = returned(['a'], ['b'], ['c']);
    standings.leave('x', 'a');
    const members = [{ id: 'b', away: true }, ...here('c')];
    assert.deepEqual(standings.settle('x', members, 2_000), ['c']);
    standings.leave('x', 'c');
    assert.deepEqual(standings.settle('x', [{ id: 'b', away: true }], 2_000), ['b']);
  });

  it('give the room back to its moderator after a restart, in whatever order the members return', () => {
    for (const order of ['a,b,c', 'a,c,b', 'b,a,c', 'b,c,a', 'c,a,b', 'c,b,a']) {
      const standings = returned(...order.split(',').map((id) => [id, 'a'] as const));
      assert.deepEqual(standings.moderators('x'), ['a'], order);
    }
  });

  it('settle on the one of the first who returned when the moderator does not', () => {
    assert.deepEqual(returned(['b', 'a'], ['c', 'a']).moderators('x'), ['b']);
  });

  it('count no vote for oneself, none in a room that was not forgotten, and none too late', () => {
    assert.deepEqual(returned(['b', 'a'], ['m', 'm'], ['a', 'a']).moderators('x'), ['a']);
    assert.deepEqual(returned(['a'], ['m', 'n'], ['n', 'm']).moderators('x'), ['a']);
    const late = returned(['a', 'a']);
    late.enter('x', 'm', OPEN_GRANT, 'n', 60_000);
    late.enter('x', 'n', OPEN_GRANT, 'm', 60_000);
    assert.deepEqual(late.settle('x', here('a', 'm', 'n'), 60_000), []);
  });

  it('let everyone in until it is locked, and the first of a waiting room', () => {
    const standings = new Standings(true, false);
    assert.equal(standings.lock('x', true), false);
    standings.enter('x', 'a', OPEN_GRANT, undefined, 0);
    assert.equal(standings.ask('x', 'b', OPEN_GRANT), 'in');
    assert.equal(standings.lock('x', true), true);
    assert.equal(standings.lock('x', true), false);
    assert.equal(standings.ask('x', 'b', OPEN_GRANT), 'knock');
    standings.leave('x', 'a');
    assert.equal(standings.isLocked('x'), false);
    const waiting = new Standings(true, true);
    assert.equal(waiting.ask('x', 'a', OPEN_GRANT), 'in');
    waiting.enter('x', 'a', OPEN_GRANT, undefined, 0);
    assert.equal(waiting.ask('x', 'b', OPEN_GRANT), 'knock');
  });
});

describe('Standings by tokens', () => {
  it('keep roles as they are granted, and make nobody a moderator', () => {
    const standings = new Standings(false, false);
    standings.enter('x', 'a', grant(), undefined, 0);
    standings.enter('x', 'b', grant({ role: 'viewer', name: 'Ben' }), 'b', 0);
    assert.deepEqual(standings.settle('x', here('a', 'b'), 0), []);
    assert.deepEqual(standings.of('x', 'a'), {});
    assert.deepEqual(standings.of('x', 'b'), { role: 'viewer', name: 'Ben' });
  });

  it('let moderators in everywhere, and others as the token says, else the server', () => {
    const moderator = grant({ role: 'moderator' });
    for (const hasWaitingRoom of [false, true]) {
      const standings = new Standings(false, hasWaitingRoom);
      assert.equal(standings.ask('x', 'a', grant()), hasWaitingRoom ? 'knock' : 'in');
      assert.equal(standings.ask('x', 'a', grant({ knocks: true })), 'knock');
      assert.equal(standings.ask('x', 'a', grant({ knocks: false })), 'in');
      assert.equal(standings.ask('x', 'a', { ...moderator, knocks: true }), 'in');
      standings.enter('x', 'm', moderator, undefined, 0);
      standings.lock('x', true);
      assert.equal(standings.ask('x', 'a', grant({ knocks: false })), 'knock');
      assert.equal(standings.ask('x', 'a', moderator), 'in');
    }
  });

  it('take another role over from a new token, but make no viewer of who publishes, nor the other way round', () => {
    const standings = new Standings(false, false);
    standings.enter('x', 'a', grant(), undefined, 0);
    assert.equal(standings.regrant('x', 'a', grant()), false);
    assert.equal(standings.regrant('x', 'a', grant({ role: 'moderator' })), true);
    assert.equal(standings.regrant('x', 'a', grant({ role: 'viewer' })), false);
    assert.equal(standings.roleOf('x', 'a'), 'moderator');
    assert.equal(standings.regrant('x', 'stranger', grant({ role: 'moderator' })), false);
    assert.equal(standings.roleOf('x', 'stranger'), undefined);
  });
});

describe('the door', () => {
  it('lists who has knocked, in order, once', () => {
    const waiters = new Waiters();
    assert.equal(waiters.add('x', 'a', grant()), true);
    assert.equal(waiters.add('x', 'b', grant({ name: 'Ben' })), true);
    assert.equal(waiters.add('x', 'a', grant()), true);
    assert.deepEqual(waiters.knocks('x'), []);
    assert.equal(waiters.knock('b', 'Somebody else'), 'x');
    assert.equal(waiters.knock('a', 'Ada'), 'x');
    assert.equal(waiters.knock('a', 'Eve'), undefined);
    assert.equal(waiters.knock('stranger', 'Eve'), undefined);
    assert.deepEqual(waiters.knocks('x'), [
      { id: 'a', name: 'Ada' },
      { id: 'b', name: 'Ben' },
    ]);
    assert.equal(waiters.remove('a')?.room, 'x');
    assert.equal(waiters.remove('a'), undefined);
    assert.deepEqual(waiters.at('x'), ['b']);
  });

  it('is one door at a time, and takes so many', () => {
    const waiters = new Waiters();
    waiters.add('x', 'a', grant());
    waiters.add('y', 'a', grant());
    assert.deepEqual([waiters.at('x'), waiters.at('y')], [[], ['a']]);
    for (let n = 0; n < LIMITS.waiting; n++) assert.equal(waiters.add('x', `w${n}`, grant()), true);
    assert.equal(waiters.add('x', 'one-more', grant()), false);
  });

  it('stays shut for who was removed, by id and by user, as long as anyone is there', () => {
    const standings = new Standings(false, false);
    standings.enter('x', 'm', grant({ role: 'moderator' }), undefined, 0);
    standings.enter('x', 'a', grant({ user: '7' }), undefined, 0);
    standings.bar('x', 'a');
    standings.leave('x', 'a');
    assert.equal(standings.ask('x', 'a', grant()), 'barred');
    assert.equal(standings.ask('x', 'b', grant({ user: '7' })), 'barred');
    assert.equal(standings.ask('x', 'b', grant({ user: '8' })), 'in');
    assert.equal(standings.ask('y', 'a', grant({ user: '7' })), 'in');
    standings.leave('x', 'm');
    assert.equal(standings.ask('x', 'a', grant({ user: '7' })), 'in');
  });
});
