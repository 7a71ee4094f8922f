/** A rectangle in CSS pixels; `x` counts from the inline start, so that right-to-left pages are mirrored. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Width divided by height that a tile may have. Pictures are cropped to their tile, so a range fills more of the box. */
export interface AspectRange {
  readonly min: number;
  readonly max: number;
}

interface Cells {
  readonly columns: number;
  readonly rows: number;
  readonly width: number;
  readonly height: number;
}

/** The size of equal tiles in `columns` columns. */
export function cellsFor(
  count: number,
  columns: number,
  box: Rect,
  gap: number,
  aspect: AspectRange,
): Cells {
  const rows = Math.ceil(count / columns);
  const cellWidth = Math.max(0, (box.width - gap * (columns - 1)) / columns);
  const cellHeight = Math.max(0, (box.height - gap * (rows - 1)) / rows);
  return {
    columns,
    rows,
    width: Math.floor(Math.min(cellWidth, cellHeight * aspect.max)),
    height: Math.floor(Math.min(cellHeight, cellWidth / aspect.min)),
  };
}

/**
 * Equal rectangles for `count` tiles: the number of columns that gives the largest tiles, all of them centred in the box,
 * a shorter last row centred as well.
 */
export function grid(count: number, box: Rect, gap: number, aspect: AspectRange): Rect[] {
  let best: Cells | undefined;
  for (let columns = 1; columns <= count; columns++) {
    const cells = cellsFor(count, columns, box, gap, aspect);
    if (!best || cells.width * cells.height > best.width * best.height) best = cells;
  }
  if (!best) return [];
  const { columns, rows, width, height } = best;
  const top = box.y + (box.height - rows * height - (rows - 1) * gap) / 2;
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = row === rows - 1 ? count - row * columns : columns;
    const start = box.x + (box.width - inRow * width - (inRow - 1) * gap) / 2;
    return {
      x: Math.floor(start + (index - row * columns) * (width + gap)),
      y: Math.floor(top + row * (height + gap)),
      width,
      height,
    };
  });
}
