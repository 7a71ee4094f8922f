import type { Figures } from './mesh-call.ts';
import { median } from './numbers.ts';
import { table } from './table.ts';

type Key = keyof Figures;
type Runs = ReadonlyMap<number, readonly Figures[]>;

/** More people, less machine: what the element is to reach beside the plain page, and whether it does. */
export function targets(ours: Runs | undefined, plain: Runs | undefined): string {
  const figure =
    (of: Runs | undefined) =>
    (size: number, key: Key): number =>
      median((of?.get(size) ?? []).map((figures) => figures[key]));
  const [our, their] = [figure(ours), figure(plain)];
  const ratio = (size: number, key: Key): number => our(size, key) / their(size, key);
  const rows: string[][] = [];
  const check = (words: string, value: number, isLeast: boolean, target: number): void => {
    if (Number.isNaN(value)) return;
    const isReached = isLeast ? value >= target : value <= target;
    rows.push([
      words,
      `${isLeast ? '≥' : '≤'} ${target}`,
      value.toFixed(2),
      isReached ? 'yes' : '**no**',
    ]);
  };
  check('2 people: pixels encoded, of the plain page', ratio(2, 'pixels'), true, 0.95);
  check('2 people: frames drawn, of the plain page', ratio(2, 'rate'), true, 0.95);
  check('2 people: CPU per frame drawn, of the plain page', ratio(2, 'cost'), false, 1.05);
  check('4 people: share of the tiles at their pixel size', our(4, 'sharp'), true, 1);
  check('4 people: frames/s of the worst tile', our(4, 'worstRate'), true, 15);
  check('4 people: CPU per frame drawn, of the plain page', ratio(4, 'cost'), false, 0.5);
  check('6 people: frames/s of the worst tile', our(6, 'worstRate'), true, 10);
  check(
    '6 people: uplink, of five times the plain page’s between two',
    our(6, 'uplink') / (5 * their(2, 'uplink')),
    false,
    0.35,
  );
  check('12 people: connections of each', our(12, 'connected'), true, 11);
  check('12 people: heard by each', our(12, 'heard'), true, 11);
  const sizes = [...(ours?.keys() ?? [])];
  const limits = [30, 15, 10, 5].map((rate) => {
    const most = (of: Runs | undefined): string =>
      `${Math.max(0, ...sizes.filter((size) => figure(of)(size, 'worstRate') >= rate * 0.95)) || 'none'}`;
    return [`${rate}`, most(ours), most(plain)];
  });
  return [
    table(['', 'target', 'measured', 'reached'], rows),
    '',
    'The largest of these calls in which every tile has so many frames a second (less 5 %):',
    '',
    table(['frames/s', '`<video-call>`', 'plain PeerJS'], limits),
  ].join('\n');
}
