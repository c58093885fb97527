/** Takes out strips of a picture in which nothing stands: lines that run across get shorter. */
import type { ChartLayout, PlacedArrow, Rectangle } from './chart-layout.ts';

/** What is left of an empty strip, in pixels: room for a line's bend. */
const WIDEST_GAP = 24;

interface Interval {
  readonly from: number;
  readonly to: number;
}

type Move = (at: number) => number;

export function squeezed(layout: ChartLayout, widestGap = WIDEST_GAP): ChartLayout {
  const columns = occupied(layout, ({ x, width }) => ({ from: x, to: x + width }));
  const rows = occupied(layout, ({ y, height }) => ({ from: y, to: y + height }));
  const [across, down] = [mover(columns, WIDEST_GAP), mover(rows, widestGap)];
  const moved = <R extends Rectangle>(one: R): R => {
    const [x, y] = [across(one.x), down(one.y)];
    const [right, bottom] = [across(one.x + one.width), down(one.y + one.height)];
    return { ...one, x, y, width: right - x, height: bottom - y };
  };
  const point = ({ x, y }: { x: number; y: number }) => ({ x: across(x), y: down(y) });
  return {
    ...layout,
    width: Math.ceil(across(layout.width)),
    height: Math.ceil(down(layout.height)),
    states: layout.states.map(moved),
    marks: layout.marks.map((mark) => ({ ...mark, at: point(mark.at), tip: point(mark.tip) })),
    arrows: layout.arrows.map((arrow) => ({
      ...arrow,
      points: arrow.points.map(point),
      label: arrow.label === null ? null : moved(arrow.label),
    })),
  };
}

/** The stretches of one axis that something stands on: texts, plain states, borders, bends. */
function occupied(layout: ChartLayout, side: (one: Rectangle) => Interval): readonly Interval[] {
  const { width, height, states, marks, arrows } = layout;
  const things = [
    ...states.map(({ x, y, panel }) => ({ x, y, width: panel.width, height: panel.height })),
    ...states.filter(({ node }) => node.children.length === 0),
    ...arrows.flatMap(({ label }) => label ?? []),
    ...marks.map(({ at }) => ({ x: at.x - 6, y: at.y - 6, width: 12, height: 12 })),
  ];
  const borders = [{ x: 0, y: 0, width, height }, ...states].map(side);
  const bends = arrows.flatMap((arrow) => corners(arrow).map(side));
  return [
    ...things.map(side),
    ...borders.flatMap(({ from, to }) => [from, to].map((at) => ({ from: at, to: at }))),
    ...bends,
  ];
}

const corners = ({ points }: PlacedArrow): readonly Rectangle[] =>
  points.map(({ x, y }) => ({ x, y, width: 0, height: 0 }));

function mover(intervals: readonly Interval[], widestGap: number): Move {
  const cuts: { readonly at: number; readonly by: number }[] = [];
  let end = 0;
  for (const { from, to } of intervals.toSorted((a, b) => a.from - b.from)) {
    if (from - end > widestGap) cuts.push({ at: from, by: from - end - widestGap });
    end = Math.max(end, to);
  }
  return (at) => at - cuts.reduce((sum, cut) => (cut.at <= at ? sum + cut.by : sum), 0);
}
