import { expect } from '@open-wc/testing';
import type { Rect } from '../../src/layout/grid.ts';
import { arrange, tilesPerPage, type StageInput, type StageItem } from '../../src/layout/stage.ts';

const camera = (id: string): StageItem => ({
  key: id,
  participantId: id,
  kind: 'camera',
  isLocal: id === 'me',
});
const screen = (id: string): StageItem => ({ ...camera(id), key: `${id} screen`, kind: 'screen' });
const cameras = (count: number): StageItem[] => [
  ...Array.from({ length: count - 1 }, (_, index) => camera(`p${index}`)),
  camera('me'),
];

const stage = (items: StageItem[], changes: Partial<StageInput> = {}) =>
  arrange({
    items,
    width: 1280,
    height: 720,
    layout: 'auto',
    speakerId: '',
    pinned: '',
    page: 0,
    ...changes,
  });

const roles = (layout: ReturnType<typeof arrange>): Record<string, string> =>
  Object.fromEntries([...layout.places].map(([key, { role }]) => [key, role]));

const overlap = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('stage', () => {
  const sizes = [
    [200, 106],
    [480, 300],
    [390, 760],
    [1280, 740],
    [3840, 2080],
  ] as const;
  for (const layout of ['auto', 'grid', 'speaker'] as const)
    it(`keeps everything inside and apart in ${layout} layout`, () => {
      for (const [width, height] of sizes)
        for (let count = 1; count <= 16; count++)
          for (const screens of [0, 1, 3]) {
            const items = cameras(count);
            items.unshift(...items.slice(0, screens).map((item) => screen(item.participantId)));
            const { places, pager, pages } = stage(items, { width, height, layout });
            const rects = [...places.values()].filter(({ role }) => role !== 'self');
            const all: Rect[] = pager ? [...rects, pager] : rects;
            expect(rects.length).to.be.above(0);
            for (const [index, rect] of all.entries()) {
              expect(rect.x).to.be.at.least(0);
              expect(rect.y).to.be.at.least(0);
              expect(rect.x + rect.width).to.be.at.most(width);
              expect(rect.y + rect.height).to.be.at.most(height);
              for (const other of all.slice(index + 1)) expect(overlap(rect, other)).to.be.false;
            }
            expect(pages > 1).to.equal(pager !== undefined);
          }
    });

  it('floats the own picture over the only other one', () => {
    const layout = stage(cameras(2));
    expect(roles(layout)).to.deep.equal({ p0: 'grid', me: 'self' });
    expect(layout.places.get('me')!.width).to.be.below(layout.places.get('p0')!.width / 3);
    expect(roles(stage(cameras(2), { layout: 'speaker' }))).to.deep.equal({
      p0: 'main',
      me: 'self',
    });
  });

  it('shows the own picture as a tile alone, and among several', () => {
    expect(roles(stage([camera('me')]))).to.deep.equal({ me: 'grid' });
    expect(roles(stage(cameras(3)))).to.deep.equal({ p0: 'grid', p1: 'grid', me: 'grid' });
  });

  it('shows a screen large, all screens when there are several, but not the own one', () => {
    expect(roles(stage([screen('p0'), ...cameras(2)]))).to.deep.equal({
      'p0 screen': 'main',
      p0: 'strip',
      me: 'strip',
    });
    const several = roles(stage([screen('p0'), screen('p1'), ...cameras(3)]));
    expect(several).to.include({ 'p0 screen': 'main', 'p1 screen': 'main', p0: 'strip' });
    expect(roles(stage([screen('me'), ...cameras(3)]))['me screen']).to.equal('grid');
    expect(roles(stage([screen('p0'), ...cameras(3)], { layout: 'grid' }))['p0 screen']).to.equal(
      'grid',
    );
  });

  it('shows what is pinned large, before screens and speakers', () => {
    const items = [screen('p0'), ...cameras(4)];
    const layout = stage(items, { pinned: 'p2', layout: 'speaker', speakerId: 'p1' });
    expect(roles(layout)).to.include({ p2: 'main', 'p0 screen': 'strip' });
    expect(roles(stage(items, { pinned: 'gone' }))).to.include({ 'p0 screen': 'main' });
  });

  it('shows the speaker large, and somebody before anybody has spoken', () => {
    expect(roles(stage(cameras(4), { layout: 'speaker', speakerId: 'p1' }))['p1']).to.equal('main');
    expect(roles(stage(cameras(4), { layout: 'speaker' }))['p0']).to.equal('main');
    expect(roles(stage([camera('me')], { layout: 'speaker' }))['me']).to.equal('grid');
  });

  it('pages a crowd; every one is on exactly one page, the own tile on the first', () => {
    const items = cameras(16);
    const first = stage(items);
    expect(first.pages).to.equal(2);
    expect(first.places.size).to.equal(9);
    expect(first.places.has('me')).to.be.true;
    const seen = [...first.places.keys(), ...stage(items, { page: 1 }).places.keys()];
    expect(seen.sort()).to.deep.equal(items.map(({ key }) => key).sort());
    // A page that has gone with those on it.
    expect(stage(items, { page: 7 }).page).to.equal(1);
  });

  it('takes more tiles per page on larger stages', () => {
    const counts = sizes.map(([width, height]) => tilesPerPage(width, height));
    expect(counts).to.deep.equal([...counts].sort((a, b) => a - b));
    expect(tilesPerPage(3840, 2080)).to.be.at.least(16);
  });

  it('shows one person in a very small box', () => {
    const layout = stage(cameras(5), { width: 200, height: 106, speakerId: 'p2' });
    expect(roles(layout)).to.deep.equal({ p2: 'main' });
  });
});
