export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

const SIZE = { width: 720, height: 380 };
const PLOT = { left: 56, right: 560, top: 48, bottom: 330 };
/** Between the names of two lines that end close to each other. */
const APART = 18;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A round number that divides the axis into about five. */
function stepFor(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most / 5));
  return power * ([1, 2, 5].find((factor) => most / (factor * power) <= 6) ?? 10);
}

/**
 * Lines over numbers of people, as SVG: dashes and names beside them tell the lines apart without their colours, and these
 * are for a light page and a dark one.
 */
export function chart(title: string, axis: string, lines: readonly Line[]): string {
  const drawn = lines.map((line) => ({
    ...line,
    points: line.points.filter(([, y]) => Number.isFinite(y)),
  }));
  const xs = [...new Set(drawn.flatMap(({ points }) => points.map(([x]) => x)))].sort(
    (a, b) => a - b,
  );
  const most = Math.max(0.1, ...drawn.flatMap(({ points }) => points.map(([, y]) => y)));
  const step = stepFor(most);
  const top = Math.ceil(most / step) * step;
  const [first = 0, last = 1] = [xs[0], xs.at(-1)];
  const atX = (x: number): number =>
    PLOT.left + ((x - first) / Math.max(1, last - first)) * (PLOT.right - PLOT.left);
  const atY = (y: number): number => PLOT.bottom - (y / top) * (PLOT.bottom - PLOT.top);

  const text = (x: number, y: number, words: string, anchor = 'start', kind = ''): string =>
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" class="${kind}">${escaped(words)}</text>`;
  const rules = Array.from({ length: Math.round(top / step) + 1 }, (_, n) => {
    const [y, value] = [atY(n * step), Number((n * step).toPrecision(3))];
    return `<path class="rule" d="M${PLOT.left} ${y.toFixed(1)}H${PLOT.right}"/>${text(PLOT.left - 8, y + 4, `${value}`, 'end')}`;
  });
  const people = xs.map((x) => text(atX(x), PLOT.bottom + 20, `${x}`, 'middle'));
  // From the bottom up, each name as near to the end of its line as the one below lets it.
  const labels = drawn
    .map(({ name, points }, index) => ({ name, index, y: atY(points.at(-1)?.[1] ?? 0) + 4 }))
    .sort((a, b) => b.y - a.y);
  for (const [n, label] of labels.entries())
    if (n > 0) label.y = Math.min(label.y, labels[n - 1]!.y - APART);
  const curves = drawn.map(({ points }, index) => {
    const places = points.map(([x, y]) => `${atX(x).toFixed(1)} ${atY(y).toFixed(1)}`);
    const dots = places.map((place) => {
      const [x, y] = place.split(' ');
      return `<circle class="line-${index}" cx="${x}" cy="${y}" r="3.5"/>`;
    });
    return `<path class="line line-${index}" d="M${places.join('L')}"/>${dots.join('')}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" aria-label="${escaped(title)}">
<style>
.page { fill: #fff; }
text { font: 13px system-ui, sans-serif; fill: #3d444d; }
.title { font-size: 15px; font-weight: 600; }
.rule { stroke: #8888; stroke-width: .5; }
.line { fill: none; stroke-width: 2.5; stroke-linejoin: round; }
path.line-0 { stroke: #0b6e4f; } circle.line-0, .name-0 { fill: #0b6e4f; }
path.line-1 { stroke: #b3261e; stroke-dasharray: 7 4; } circle.line-1, .name-1 { fill: #b3261e; }
path.line-2 { stroke: #7a5200; stroke-dasharray: 2 4; } circle.line-2, .name-2 { fill: #7a5200; }
@media (prefers-color-scheme: dark) {
  .page { fill: #0d1117; }
  text { fill: #d1d7e0; }
  path.line-0 { stroke: #4cc38a; } circle.line-0, .name-0 { fill: #4cc38a; }
  path.line-1 { stroke: #ff8a80; } circle.line-1, .name-1 { fill: #ff8a80; }
  path.line-2 { stroke: #e3b341; } circle.line-2, .name-2 { fill: #e3b341; }
}
</style>
<rect class="page" width="100%" height="100%" rx="8"/>
${text(PLOT.left, 24, title, 'start', 'title')}
${[...rules, ...people].join('\n')}
${text((PLOT.left + PLOT.right) / 2, PLOT.bottom + 42, axis, 'middle')}
${curves.join('\n')}
${labels.map(({ name, index, y }) => text(PLOT.right + 10, y, name, 'start', `name-${index}`)).join('\n')}
</svg>
`;
}
