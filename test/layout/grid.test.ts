import { expect } from '@open-wc/testing';
import { cellsFor, grid, type Rect } from '../../src/layout/grid.ts';

const ASPECT = { min: 0.75, max: 16 / 9 };
const GAP = 8;
const BOXES: readonly (readonly [number, number])[] = [
  [200, 150],
  [320, 180],
  [390, 700],
  [480, 360],
  [768, 1024],
  [1280, 720],
  [1920, 400],
  [3840, 2160],
];

const overlap = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('grid', () => {
  for (const [width, height] of BOXES)
    it(`fits 1 to 16 tiles into ${width} × ${height}, as large as they can be`, () => {
      const box = { x: 3, y: 5, width, height };
      for (let count = 1; count <= 16; count++) {
        const rects = grid(count, box, GAP, ASPECT);
        expect(rects).to.have.length(count);
        const [first] = rects;
        expect(Math.min(first!.width, first!.height)).to.be.above(0);
        for (const [index, rect] of rects.entries()) {
          expect(rect.x).to.be.at.least(box.x);
          expect(rect.y).to.be.at.least(box.y);
          expect(rect.x + rect.width).to.be.at.most(box.x + width);
          expect(rect.y + rect.height).to.be.at.most(box.y + height);
          expect(rect.width).to.equal(first!.width);
          expect(rect.height).to.equal(first!.height);
          for (const other of rects.slice(index + 1)) expect(overlap(rect, other)).to.be.false;
        }
        // Rounding to whole pixels may miss the range by one.
        expect(first!.width).to.be.at.most(first!.height * ASPECT.max + 2);
        expect(first!.width).to.be.at.least(first!.height * ASPECT.min - 2);
        for (let columns = 1; columns <= count; columns++) {
          const cells = cellsFor(count, columns, box, GAP, ASPECT);
          expect(first!.width * first!.height).to.be.at.least(cells.width * cells.height);
        }
      }
    });

  it('keeps whole gaps between neighbours', () => {
    const [first, second] = grid(2, { x: 0, y: 0, width: 1001, height: 300 }, GAP, ASPECT);
    expect(second!.x - first!.x - first!.width).to.equal(GAP);
  });

  it('centres a shorter last row', () => {
    const rects = grid(3, { x: 0, y: 0, width: 1200, height: 700 }, GAP, { min: 1.2, max: 1.78 });
    const [first, second, third] = rects;
    expect(second!.y).to.equal(first!.y);
    expect(third!.x).to.be.above(first!.x).and.below(second!.x);
  });

  it('survives no tiles, and a box without room', () => {
    expect(grid(0, { x: 0, y: 0, width: 100, height: 100 }, GAP, ASPECT)).to.deep.equal([]);
    expect(grid(4, { x: 0, y: 0, width: 0, height: 0 }, GAP, ASPECT)).to.have.length(4);
  });
});
