/**
 * Takes out what looks like a slip of the hand: a kink next to a state, where the arrow could as
 * well end a few pixels aside, and the slant that ELK's rounding leaves at the borders of boxes.
 */
import type { ChartLayout, PlacedArrow, Point } from './chart-layout.ts';

/** Longer steps are bends; the state's side has room for the end to move by this much. */
const LONGEST_KINK = 8;
const WIDEST_SLANT = 2;

export function straightened(layout: ChartLayout): ChartLayout {
  const ends = layout.arrows.flatMap(({ points }) => [points[0], points.at(-1)]);
  const isShared = (end: Point): boolean => ends.filter((one) => same(one, end)).length > 1;
  const arrows = layout.arrows.map((arrow): PlacedArrow => {
    const fromStart = withoutKink(upright(arrow.points), isShared);
    return { ...arrow, points: withoutKink(fromStart.toReversed(), isShared).toReversed() };
  });
  return { ...layout, arrows };
}

/** From the end on, what is all but above its neighbour is put above it; straight on is no bend. */
function upright(points: readonly Point[]): readonly Point[] {
  const stood: Point[] = [];
  for (const point of points.toReversed()) {
    const [next] = stood;
    const isSlant = next !== undefined && Math.abs(next.x - point.x) < WIDEST_SLANT;
    stood.unshift(isSlant ? { x: next.x, y: point.y } : point);
  }
  return stood.filter(({ x, y }, index) => {
    const [before, after] = [stood[index - 1], stood[index + 1]];
    const isPassed = (before?.x === x && after?.x === x) || (before?.y === y && after?.y === y);
    return !isPassed;
  });
}

/** The first point moves over the third, so that the two between them are no bends any more. */
function withoutKink(
  points: readonly Point[],
  isShared: (end: Point) => boolean,
): readonly Point[] {
  const [end, bend, next, ...others] = points;
  if (end === undefined || bend === undefined || next === undefined) return points;
  const isKink = bend.y === next.y && Math.abs(bend.x - next.x) <= LONGEST_KINK;
  if (!isKink || others.length === 0 || isShared(end)) return points;
  return [{ x: next.x, y: end.y }, ...others];
}

const same = (one: Point | undefined, other: Point): boolean =>
  one?.x === other.x && one.y === other.y;
