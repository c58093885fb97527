/** ELK's compaction moves things up and leaves their boxes tall: this takes the empty foot away. */
import type { ChartLayout, PlacedArrow, PlacedState, Point } from './chart-layout.ts';

const FOOT = 16;

export function tightened(layout: ChartLayout): ChartLayout {
  const states = new Map(layout.states.map((state) => [state.node.id, state]));
  // Children come after their parents, so from the end every box is cut before the one around it.
  for (const state of layout.states.toReversed()) {
    const children = state.node.children.flatMap((id) => states.get(id) ?? []);
    if (children.length > 0) states.set(state.node.id, cutFoot(state, children, layout));
  }
  const [frame, ...others] = layout.states.map((state) => states.get(state.node.id) ?? state);
  if (frame === undefined) return layout;
  const arrows = layout.arrows.map((arrow) => follow(arrow, layout, states));
  return {
    ...layout,
    height: Math.ceil(frame.y * 2 + frame.height),
    states: [frame, ...others],
    arrows,
  };
}

function cutFoot(
  state: PlacedState,
  children: readonly PlacedState[],
  { arrows }: ChartLayout,
): PlacedState {
  const bottom = state.y + state.height;
  const within = (x: number, y: number): boolean =>
    x >= state.x && x <= state.x + state.width && y > state.y && y <= bottom;
  const ends = ({ source, target, points }: PlacedArrow): readonly Point[] =>
    points.slice(source === state.node.id ? 1 : 0, target === state.node.id ? -1 : undefined);
  const points = arrows.flatMap(ends).filter(({ x, y }) => within(x, y));
  const labels = arrows.flatMap(({ label }) => label ?? []).filter(({ x, y }) => within(x, y));
  const feet = [
    ...[...children, ...labels].map(({ y, height }) => y + height),
    ...points.map(({ y }) => y),
  ];
  const height = Math.max(state.panel.height, Math.max(...feet) + FOOT - state.y);
  return height < state.height ? { ...state, height } : state;
}

/** An end on a foot that moved goes with it. */
function follow(
  arrow: PlacedArrow,
  layout: ChartLayout,
  states: ReadonlyMap<string, PlacedState>,
): PlacedArrow {
  const footOf = (state: PlacedState | undefined): number =>
    state === undefined ? 0 : state.y + state.height;
  const moved = (id: string, point: Point): Point => {
    const before = layout.states.find(({ node }) => node.id === id);
    const onFoot = Math.abs(point.y - footOf(before)) < 1;
    return onFoot ? { ...point, y: footOf(states.get(id)) } : point;
  };
  const last = arrow.points.length - 1;
  const points = arrow.points.map((point, index) =>
    index === 0 ? moved(arrow.source, point) : index === last ? moved(arrow.target, point) : point,
  );
  return { ...arrow, points };
}
