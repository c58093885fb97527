/** ELK's compaction moves things up and leaves their boxes tall: this takes the empty foot away. */
import type { ChartLayout, PlacedState } from './chart-layout.ts';

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
  return { ...layout, height: Math.ceil(frame.y * 2 + frame.height), states: [frame, ...others] };
}

function cutFoot(
  state: PlacedState,
  children: readonly PlacedState[],
  { arrows }: ChartLayout,
): PlacedState {
  const bottom = state.y + state.height;
  const within = (x: number, y: number): boolean =>
    x >= state.x && x <= state.x + state.width && y > state.y && y <= bottom;
  const points = arrows.flatMap((arrow) => arrow.points).filter(({ x, y }) => within(x, y));
  const crossed = arrows.some((arrow) =>
    arrow.points.some(({ x, y }, index) => {
      const last = arrow.points[index - 1];
      const crosses = last !== undefined && Math.max(y, last.y) >= bottom - 1;
      return crosses && within(x, Math.min(y, last.y, bottom));
    }),
  );
  if (crossed) return state;
  const labels = arrows.map(({ label }) => label).filter(({ x, y }) => within(x, y));
  const feet = [
    ...[...children, ...labels].map(({ y, height }) => y + height),
    ...points.map(({ y }) => y),
  ];
  const height = Math.max(state.panel.height, Math.max(...feet) + FOOT - state.y);
  return height < state.height ? { ...state, height } : state;
}
