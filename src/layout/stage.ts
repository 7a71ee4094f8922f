import { grid, type AspectRange, type Rect } from './grid.ts';

export type LayoutChoice = 'auto' | 'grid' | 'speaker';

/** Something that can be shown: somebody's camera or somebody's screen. */
export interface StageItem {
  readonly key: string;
  readonly participantId: string;
  readonly kind: 'camera' | 'screen';
  readonly isLocal: boolean;
}

/** `self` floats in the corner over the others. */
export type TileRole = 'grid' | 'main' | 'strip' | 'self';

export interface Placement extends Rect {
  readonly role: TileRole;
}

export interface StageInput {
  readonly items: readonly StageItem[];
  readonly width: number;
  readonly height: number;
  readonly layout: LayoutChoice;
  /** Whose camera the speaker layout shows. */
  readonly speakerId: string;
  /** Key of the item that the caller wants to see large; empty for none. */
  readonly pinned: string;
  readonly page: number;
}

export interface StageLayout {
  /** By item key; what is not in it is on another page. */
  readonly places: ReadonlyMap<string, Placement>;
  readonly page: number;
  readonly pages: number;
  /** Where the page buttons go, when there is more than one page. */
  readonly pager: Rect | undefined;
}

const CAMERA: AspectRange = { min: 0.75, max: 16 / 9 };
/** In a wide box cameras stay wide: most are, and cropping one to a tall tile would waste half of the picture. */
const WIDE_CAMERA: AspectRange = { min: 1.15, max: 16 / 9 };
/** One person alone may fill nearly any box. */
const SINGLE: AspectRange = { min: 0.45, max: 2.2 };
const SCREEN: AspectRange = { min: 1.25, max: 2.4 };
const PAGER = 44;

/** Tiles per page by the area of the stage in thousands of square pixels. */
const PER_PAGE = [
  [60, 4],
  [200, 6],
  [400, 8],
  [1_500, 9],
  [4_000, 16],
] as const;

export function tilesPerPage(width: number, height: number): number {
  const area = (width * height) / 1_000;
  return PER_PAGE.find(([upTo]) => area < upTo)?.[1] ?? 25;
}

const clamp = (low: number, value: number, high: number): number =>
  Math.max(low, Math.min(value, high));

export const gapFor = (width: number, height: number): number =>
  Math.min(width, height) < 300 ? 4 : 8;

/** Decides what is shown, where and how large. */
export function arrange(input: StageInput): StageLayout {
  const gap = gapFor(input.width, input.height);
  const box: Rect = {
    x: gap,
    y: gap,
    width: Math.max(0, input.width - 2 * gap),
    height: Math.max(0, input.height - 2 * gap),
  };
  const main = mainItems(input);
  const rest = input.items.filter((item) => !main.includes(item));
  const self = rest.find((item) => item.isLocal && item.kind === 'camera');
  const isPair = !!self && input.items.length === 2;

  if (isPair && (main.length === 0 || main[0]?.kind === 'camera')) {
    const other = input.items.filter((item) => item !== self);
    return finish([
      ...place(other, grid(1, box, gap, SINGLE), main.length ? 'main' : 'grid'),
      [self.key, { ...corner(box, gap), role: 'self' }],
    ]);
  }
  if (main.length > 0) return withStrip(input, box, gap, main, rest);
  return pagedGrid(input, box, gap);
}

/** What is shown large, if anything. */
function mainItems(input: StageInput): StageItem[] {
  const { items, layout, pinned } = input;
  const pinnedItem = items.find((item) => item.key === pinned);
  if (pinnedItem) return [pinnedItem];
  const isTiny = input.width * input.height < 60_000 && items.length > 3;
  if (layout === 'grid' && !isTiny) return [];
  const screens = items.filter((item) => item.kind === 'screen' && !item.isLocal);
  if (screens.length > 0) return screens;
  if (layout === 'auto' && !isTiny) return [];
  const others = items.filter((item) => item.kind === 'camera' && !item.isLocal);
  return [others.find((item) => item.participantId === input.speakerId) ?? others[0]].filter(
    (item) => item !== undefined,
  );
}

type Places = [string, Placement][];

function finish(places: Places, page = 0, pages = 1, pager?: Rect): StageLayout {
  return { places: new Map(places), page, pages, pager };
}

function place(items: readonly StageItem[], rects: readonly Rect[], role: TileRole): Places {
  return items.flatMap((item, index): Places => {
    const rect = rects[index];
    return rect ? [[item.key, { ...rect, role }]] : [];
  });
}

/** The caller's own picture over the corner of the only other one. */
function corner(box: Rect, gap: number): Rect {
  const isTall = box.height > box.width;
  const width = Math.round(
    isTall ? clamp(72, box.width * 0.28, 160) : clamp(64, box.width * 0.21, 320),
  );
  const height = Math.round(isTall ? (width * 4) / 3 : (width * 9) / 16);
  return {
    x: box.x + box.width - width - gap,
    y: box.y + box.height - height - gap,
    width,
    height,
  };
}

/** One page of `items`; with several pages the caller's own tile comes first, to stay on the first one. */
function pageOf(
  items: readonly StageItem[],
  perPage: number,
  page: number,
): { shown: readonly StageItem[]; page: number; pages: number } {
  const pages = Math.max(1, Math.ceil(items.length / perPage));
  if (pages === 1) return { shown: items, page: 0, pages };
  const current = clamp(0, page, pages - 1);
  const own = items.filter((item) => item.isLocal);
  const ordered = [...own, ...items.filter((item) => !item.isLocal)];
  return { shown: ordered.slice(current * perPage, (current + 1) * perPage), page: current, pages };
}

function pagedGrid(input: StageInput, box: Rect, gap: number): StageLayout {
  const perPage = tilesPerPage(input.width, input.height);
  const { shown, page, pages } = pageOf(input.items, perPage, input.page);
  const height = pages > 1 ? box.height - PAGER : box.height;
  const several = box.width > height * 1.2 ? WIDE_CAMERA : CAMERA;
  const aspect = input.items.length === 1 ? SINGLE : several;
  const rects = grid(shown.length, { ...box, height }, gap, aspect);
  const pager = { x: box.x, y: box.y + height + gap, width: box.width, height: PAGER - gap };
  return finish(place(shown, rects, 'grid'), page, pages, pages > 1 ? pager : undefined);
}

/** Few things large, the others in a row below or in a column beside, whichever leaves more room. */
function withStrip(
  input: StageInput,
  box: Rect,
  gap: number,
  main: readonly StageItem[],
  rest: readonly StageItem[],
): StageLayout {
  const aspect = main.some((item) => item.kind === 'screen') ? SCREEN : SINGLE;
  const isTiny = box.height < 190 || box.width < 190;
  if (rest.length === 0 || isTiny)
    return finish(place(main, grid(main.length, box, gap, aspect), 'main'));

  const isBeside = box.width / box.height > 1.45;
  const length = isBeside ? box.height : box.width;
  // Beside: a column of wide tiles. Below: a row, of upright tiles where that lets more of them in.
  const thick = Math.round(
    isBeside ? clamp(104, box.width * 0.19, 320) : clamp(64, box.height * 0.14, 200),
  );
  const tile = Math.round(
    isBeside ? (thick * 9) / 16 : clamp(64, Math.min((thick * 4) / 3, box.width * 0.21), 240),
  );
  const fits = (room: number): number => Math.max(1, Math.floor((room + gap) / (tile + gap)));
  const pagerLength = isBeside ? PAGER : 108;
  const perPage = fits(length) >= rest.length ? rest.length : fits(length - pagerLength - gap);
  const { shown, page, pages } = pageOf(rest, perPage, input.page);

  const large: Rect = isBeside
    ? { ...box, width: box.width - thick - gap }
    : { ...box, height: box.height - thick - gap };
  const used = shown.length * (tile + gap) - gap;
  const room = pages > 1 ? length - pagerLength - gap : length;
  const start = (isBeside ? box.y : box.x) + Math.max(0, Math.floor((room - used) / 2));
  const strip = shown.map((_, index): Rect => {
    const at = start + index * (tile + gap);
    return isBeside
      ? { x: box.x + large.width + gap, y: at, width: thick, height: tile }
      : { x: at, y: box.y + large.height + gap, width: tile, height: thick };
  });
  const end = (isBeside ? box.y : box.x) + length - pagerLength;
  const pager: Rect = isBeside
    ? { x: box.x + large.width + gap, y: end, width: thick, height: pagerLength }
    : { x: end, y: box.y + large.height + gap, width: pagerLength, height: thick };
  return finish(
    [
      ...place(main, grid(main.length, large, gap, aspect), 'main'),
      ...place(shown, strip, 'strip'),
    ],
    page,
    pages,
    pages > 1 ? pager : undefined,
  );
}
