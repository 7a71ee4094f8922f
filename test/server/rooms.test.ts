import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Rooms } from '../../server/rooms.ts';

const ids = (members: readonly { readonly id: string }[] | undefined): string[] | undefined =>
  members?.map(({ id }) => id);

describe('Rooms', () => {
  it('lists the others in order of joining', () => {
    const rooms = new Rooms(16, 0);
    assert.deepEqual(rooms.join('a', 'x', 0), {
      kind: 'new',
      members: [],
      evicted: undefined,
      departure: undefined,
    });
    rooms.join('c', 'x', 0);
    assert.deepEqual(ids(rooms.join('b', 'x', 0)?.members), ['a', 'c']);
    assert.deepEqual(rooms.othersOf('a'), ['c', 'b']);
    assert.equal(rooms.memberCount, 3);
    assert.equal(rooms.roomCount, 1);
  });

  it('admits a member again without changing the order', () => {
    const rooms = new Rooms(2, 0);
    rooms.join('a', 'x', 0);
    rooms.join('b', 'x', 0);
    const again = rooms.join('a', 'x', 0);
    assert.equal(again?.kind, 'again');
    assert.deepEqual(ids(again.members), ['b']);
    assert.deepEqual(rooms.othersOf('b'), ['a']);
  });

  it('keeps rooms apart, whatever they are called', () => {
    const rooms = new Rooms(16, 0);
    for (const room of ['__proto__', 'constructor', 'toString', ' ', '😀'])
      assert.deepEqual(ids(rooms.join(`in ${room}`, room, 0)?.members), []);
    assert.equal(rooms.roomCount, 5);
    assert.equal(rooms.areTogether('in __proto__', 'in constructor'), false);
  });

  it('moves a member who joins another room', () => {
    const rooms = new Rooms(16, 0);
    rooms.join('a', 'x', 0);
    rooms.join('b', 'x', 0);
    const admission = rooms.join('a', 'y', 0);
    assert.deepEqual(admission?.departure, { room: 'x', others: ['b'] });
    assert.deepEqual(rooms.othersOf('b'), []);
    assert.equal(rooms.memberCount, 2);
  });

  it('refuses above the capacity, and the old room is kept', () => {
    const rooms = new Rooms(2, 0);
    for (const id of ['a', 'b']) rooms.join(id, 'full', 0);
    for (const id of ['c', 'd']) rooms.join(id, 'y', 0);
    assert.equal(rooms.join('c', 'full', 0), undefined);
    assert.deepEqual(rooms.othersOf('d'), ['c']);
    assert.deepEqual(rooms.othersOf('a'), ['b']);
  });

  it('forgets empty rooms', () => {
    const rooms = new Rooms(2, 0);
    rooms.join('a', 'x', 0);
    assert.deepEqual(rooms.leave('a'), { room: 'x', others: [] });
    assert.equal(rooms.leave('a'), undefined);
    assert.equal(rooms.roomCount, 0);
    assert.equal(rooms.memberCount, 0);
  });

  it('marks who is away, once, until it is back', () => {
    const rooms = new Rooms(16, 0);
    rooms.join('a', 'x', 0);
    rooms.join('b', 'x', 0);
    assert.equal(rooms.areTogether('a', 'b'), true);
    assert.equal(rooms.setAway('a', 1), true);
    assert.equal(rooms.setAway('a', 2), false);
    assert.equal(rooms.setAway('nobody', 2), false);
    assert.equal(rooms.isAway('a'), true);
    assert.equal(rooms.areTogether('a', 'b'), false);
    assert.deepEqual(rooms.join('b', 'x', 2)?.members, [{ id: 'a', away: true }]);
    assert.equal(rooms.join('a', 'x', 3)?.kind, 'back');
    assert.equal(rooms.isAway('a'), false);
    assert.equal(rooms.areTogether('b', 'a'), true);
  });

  it('never puts a member together with itself', () => {
    const rooms = new Rooms(16, 0);
    rooms.join('a', 'x', 0);
    assert.equal(rooms.areTogether('a', 'a'), false);
  });

  it('evicts who has been away for the longest, when that is long enough', () => {
    const rooms = new Rooms(3, 5_000);
    for (const id of ['a', 'b', 'c']) rooms.join(id, 'x', 0);
    rooms.setAway('b', 1_000);
    rooms.setAway('a', 2_000);
    assert.equal(rooms.join('d', 'x', 5_999), undefined);
    const admission = rooms.join('d', 'x', 9_000);
    assert.equal(admission?.evicted, 'b');
    assert.deepEqual(admission.members, [
      { id: 'a', away: true },
      { id: 'c', away: false },
    ]);
    assert.equal(rooms.isMember('b'), false);
    assert.equal(rooms.join('b', 'x', 6_000), undefined);
  });

  it('evicts nobody while there is room, nor for a member of the room', () => {
    const rooms = new Rooms(2, 0);
    rooms.join('a', 'x', 0);
    rooms.setAway('a', 0);
    assert.equal(rooms.join('b', 'x', 100)?.evicted, undefined);
    assert.equal(rooms.join('b', 'x', 200)?.evicted, undefined);
    assert.equal(rooms.isMember('a'), true);
  });

  it('survives the eviction of everyone in a room', () => {
    const rooms = new Rooms(1, 0);
    rooms.join('a', 'x', 0);
    rooms.setAway('a', 0);
    assert.equal(rooms.join('b', 'x', 1)?.evicted, 'a');
    assert.equal(rooms.roomCount, 1);
    assert.deepEqual(rooms.othersOf('b'), []);
  });
});
