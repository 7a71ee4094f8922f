/** Measures of a bar of buttons, in CSS pixels. */
export interface BarSize {
  readonly button: number;
  readonly gap: number;
}

export function sizeFor(width: number): BarSize {
  if (width < 260) return { button: 36, gap: 4 };
  if (width < 480) return { button: 44, gap: 6 };
  return { button: 48, gap: 10 };
}

/**
 * Splits buttons into those that fit into `width` beside a "more" button and those behind it. `names` keep their order;
 * the least important ones go first. Before the width is known everything is shown.
 */
export function fit<T>(
  names: readonly T[],
  importance: readonly T[],
  width: number,
  { button, gap }: BarSize,
): [shown: T[], hidden: T[]] {
  // The last button is half as wide again.
  const room = Math.floor((width - 2 * gap - button / 2 + gap) / (button + gap));
  if (width === 0 || names.length <= room) return [[...names], []];
  const kept = importance.filter((name) => names.includes(name)).slice(0, Math.max(0, room - 1));
  return [
    names.filter((name) => kept.includes(name)),
    names.filter((name) => !kept.includes(name)),
  ];
}
