import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OPEN_GRANT, type Grant } from '../../server/grant.ts';
import type { Memory } from '../../server/recollection.ts';
import { Standings } from '../../server/standings.ts';
import { Waiters } from '../../server/waiters.ts';
import { LIMITS } from '../../src/protocol/limits.ts';

const grant = (changes: Partial<Grant> = {}): Grant => ({
  ...OPEN_GRANT,
  role: 'member',
  ...changes,
});
const make = (isOpen: boolean, waitingRoom = false): Standings =>
  new Standings({ isOpen, waitingRoom, returnWithin: 30_000 });
const here = (...ids: string[]) => ids.map((id) => ({ id, away: false }));

/** Lets these come in one after the other, each with the moderator that it knew. */
function returned(...comers: readonly (readonly [id: string, vote?: string])[]): Standings {
  const standings = make(true);
  const members: { id: string; away: boolean }[] = [];
  for (const [id, vote] of comers) {
    standings.enter('x', id, OPEN_GRANT, { host: vote }, 1_000);
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
    late.enter('x', 'm', OPEN_GRANT, { host: 'n' }, 60_000);
    late.enter('x', 'n', OPEN_GRANT, { host: 'm' }, 60_000);
    assert.deepEqual(late.settle('x', here('a', 'm', 'n'), 60_000), []);
  });

  it('let everyone in until it is locked, and the first of a waiting room', () => {
    const standings = make(true);
    assert.equal(standings.lock('x', true), false);
    standings.enter('x', 'a', OPEN_GRANT, {}, 0);
    assert.equal(standings.ask('x', 'b', OPEN_GRANT, {}, 0), 'in');
    assert.equal(standings.lock('x', true), true);
    assert.equal(standings.lock('x', true), false);
    assert.equal(standings.ask('x', 'b', OPEN_GRANT, {}, 0), 'knock');
    standings.leave('x', 'a');
    assert.equal(standings.isLocked('x'), false);
    const waiting = make(true, true);
    assert.equal(waiting.ask('x', 'a', OPEN_GRANT, {}, 0), 'in');
    waiting.enter('x', 'a', OPEN_GRANT, {}, 0);
    assert.equal(waiting.ask('x', 'b', OPEN_GRANT, {}, 0), 'knock');
  });
});

describe('Standings of a room that was forgotten', () => {
  const back = { host: 'm', locked: true };
  const enter = (
    standings: Standings,
    id: string,
    memory: Memory,
    now = 1_000,
    by = OPEN_GRANT,
  ) => {
    standings.enter('x', id, by, memory, now);
    standings.settle('x', here(...members(standings)), now);
    return standings.relock('x', now);
  };
  const members = (standings: Standings): string[] =>
    ['a', 'b', 'm', 's'].filter((id) => standings.roleOf('x', id) !== undefined);

  it('are locked by the first who comes back, and let in who knew the same moderator', () => {
    const standings = make(true);
    assert.equal(enter(standings, 'b', back), true);
    assert.equal(standings.ask('x', 's', OPEN_GRANT, {}, 1_000), 'knock');
    assert.equal(standings.ask('x', 's', OPEN_GRANT, { host: 's', locked: true }, 1_000), 'knock');
    for (const id of ['a', 'm']) {
      assert.equal(standings.ask('x', id, OPEN_GRANT, back, 1_000), 'in');
      assert.equal(enter(standings, id, back), false);
    }
    assert.deepEqual(standings.moderators('x'), ['m']);
    assert.equal(standings.ask('x', 'c', OPEN_GRANT, back, 60_000), 'knock');
  });

  it('are locked as soon as the moderator is known again when a stranger was first', () => {
    const standings = make(true);
    standings.expectReturns(0);
    assert.equal(enter(standings, 's', {}), false);
    assert.equal(enter(standings, 'm', back), false);
    assert.deepEqual(standings.moderators('x'), ['s']);
    assert.equal(enter(standings, 'a', back), true);
    assert.deepEqual(standings.moderators('x'), ['m']);
  });

  it('believe nobody else: not in a room that was not forgotten, not later, not who is no moderator', () => {
    const running = make(true);
    enter(running, 'a', {});
    assert.equal(enter(running, 'm', back), false);
    const late = make(true);
    late.expectReturns(0);
    enter(late, 'a', {}, 60_000);
    assert.equal(enter(late, 'm', back, 60_000), false);
    const tokens = make(false);
    assert.equal(enter(tokens, 'a', back, 0, grant()), false);
    assert.equal(tokens.ask('x', 's', grant(), {}, 0), 'in');
    assert.equal(enter(tokens, 'm', back, 0, grant({ role: 'moderator' })), true);
    assert.equal(tokens.ask('x', 's', grant(), {}, 0), 'knock');
    assert.equal(tokens.ask('x', 'b', grant(), back, 0), 'in');
  });

  it('stay as a moderator has decided since', () => {
    const standings = make(true);
    enter(standings, 'b', back);
    standings.lock('x', false);
    assert.equal(enter(standings, 'a', {}), false);
    assert.equal(standings.isLocked('x'), false);
  });

  it('have those wait who waited before, until somebody is there', () => {
    const standings = make(true);
    assert.equal(standings.ask('x', 's', OPEN_GRANT, { locked: true }, 0), 'knock');
    enter(standings, 'a', {}, 0);
    assert.equal(standings.ask('x', 's', OPEN_GRANT, { locked: true }, 0), 'in');
  });
});

describe('Standings by tokens', () => {
  it('keep roles as they are granted, and make nobody a moderator', () => {
    const standings = make(false);
    standings.enter('x', 'a', grant(), {}, 0);
    standings.enter('x', 'b', grant({ role: 'viewer', name: 'Ben' }), { host: 'b' }, 0);
    assert.deepEqual(standings.settle('x', here('a', 'b'), 0), []);
    assert.deepEqual(standings.of('x', 'a'), {});
    assert.deepEqual(standings.of('x', 'b'), { role: 'viewer', name: 'Ben' });
  });

  it('let moderators in everywhere, and others as the token says, else the server', () => {
    const moderator = grant({ role: 'moderator' });
    for (const hasWaitingRoom of [false, true]) {
      const standings = make(false, hasWaitingRoom);
      assert.equal(standings.ask('x', 'a', grant(), {}, 0), hasWaitingRoom ? 'knock' : 'in');
      assert.equal(standings.ask('x', 'a', grant({ knocks: true }), {}, 0), 'knock');
      assert.equal(standings.ask('x', 'a', grant({ knocks: false }), {}, 0), 'in');
      assert.equal(standings.ask('x', 'a', { ...moderator, knocks: true }, {}, 0), 'in');
      standings.enter('x', 'm', moderator, {}, 0);
      standings.lock('x', true);
      assert.equal(standings.ask('x', 'a', grant({ knocks: false }), {}, 0), 'knock');
      assert.equal(standings.ask('x', 'a', moderator, {}, 0), 'in');
    }
  });

  it('take another role over from a new token, but make no viewer of who publishes, nor the other way round', () => {
    const standings = make(false);
    standings.enter('x', 'a', grant(), {}, 0);
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
    assert.equal(waiters.add('x', 'a', grant(), undefined), true);
    assert.equal(waiters.add('x', 'b', grant({ name: 'Ben' }), undefined), true);
    assert.equal(waiters.add('x', 'a', grant(), undefined), true);
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
    waiters.add('x', 'a', grant(), undefined);
    waiters.add('y', 'a', grant(), undefined);
    assert.deepEqual([waiters.at('x'), waiters.at('y')], [[], ['a']]);
    for (let n = 0; n < LIMITS.waiting; n++)
      assert.equal(waiters.add('x', `w${n}`, grant(), undefined), true);
    assert.equal(waiters.add('x', 'one-more', grant(), undefined), false);
  });

  it('stays shut for who was removed, by id and by user, as long as anyone is there', () => {
    const standings = make(false);
    standings.enter('x', 'm', grant({ role: 'moderator' }), {}, 0);
    standings.enter('x', 'a', grant({ user: '7' }), {}, 0);
    standings.bar('x', 'a');
    standings.leave('x', 'a');
    assert.equal(standings.ask('x', 'a', grant(), {}, 0), 'barred');
    assert.equal(standings.ask('x', 'b', grant({ user: '7' }), {}, 0), 'barred');
    assert.equal(standings.ask('x', 'b', grant({ user: '8' }), {}, 0), 'in');
    assert.equal(standings.ask('y', 'a', grant({ user: '7' }), {}, 0), 'in');
    standings.leave('x', 'm');
    assert.equal(standings.ask('x', 'a', grant({ user: '7' }), {}, 0), 'in');
  });
});
