/**
 * What makes a picture unreadable, found from its rectangles: words upon words, a label on a state
 * that is not its own, an arrow through words. It judges a layout and never changes one.
 */
import type { ChartLayout, PlacedArrow, PlacedState, Point, Rectangle } from './chart-layout.ts';

/** A page shows some 900 pixels: at 1300, letters of 12 pixels are still read there. */
const WIDEST_CHART = 1300;
/** What looks like a slip of the hand, not like a bend. */
const SHORTEST_STEP = 5;
/** The length of an arrow's head. */
const HEAD = 8;

/** One sentence per fault; none for a clean picture. */
export function faultsOf(layout: ChartLayout): readonly string[] {
  const [frame, ...states] = layout.states;
  if (frame === undefined) return [`${layout.id} has no frame`];
  const labels = layout.arrows.flatMap((arrow) =>
    arrow.label === null ? [] : [{ ...arrow, ...arrow.label, name: nameOf(arrow) }],
  );
  const texts = layout.states.map(textBox);
  return [
    ...(layout.width > WIDEST_CHART ? [`${layout.id} is ${layout.width} wide`] : []),
    ...labels
      .filter((label) => !runsThrough([label, label]))
      .map(({ name }) => `label ${name} is off its arrow`),
    ...shapeFaults(layout.arrows, states),
    ...pairs(labels)
      .filter(meet)
      .map(([a, b]) => `labels ${a.name} and ${b.name} overlap`),
    ...across(labels, states)
      .filter(cut)
      .map(([a, b]) => `label ${a.name} is upon ${b.node.id}`),
    ...across(labels, texts)
      .filter(meet)
      .map(([a, b]) => `label ${a.name} is upon ${b.name}`),
    ...pairs(states)
      .filter(strangersMeet)
      .map(([a, b]) => `${a.node.id} and ${b.node.id} overlap`),
    ...across(layout.arrows, texts)
      .filter(runsThrough)
      .map(([a, b]) => `${nameOf(a)} runs through ${b.name}`),
    ...across(layout.arrows, labels)
      .filter(([a, b]) => nameOf(a) !== b.name && runsThrough([a, b]))
      .map(([a, b]) => `${nameOf(a)} runs through label ${b.name}`),
    ...labels
      .filter((label) => !inside(label, frame))
      .map(({ name }) => `label ${name} leaves the frame`),
    ...states
      .filter((state) => !inside(state, frame))
      .map(({ node }) => `${node.id} leaves the frame`),
    ...layout.states.filter((one) => !holds(one)).map(({ node }) => `text leaves ${node.id}`),
  ];
}

function shapeFaults(
  arrows: readonly PlacedArrow[],
  states: readonly PlacedState[],
): readonly string[] {
  return [
    ...arrows.filter(isSlanted).map((arrow) => `${nameOf(arrow)} is slanted`),
    ...arrows.filter(isKinked).map((arrow) => `${nameOf(arrow)} has a kink`),
    ...arrows.filter(hasBentHead).map((arrow) => `${nameOf(arrow)} bends at its head`),
    ...arrows.flatMap((arrow) => astray(arrow, states)),
    ...pairs(arrows)
      .filter(([a, b]) => a.source !== b.source && a.target !== b.target && shareLine(a, b))
      .map(([a, b]) => `${nameOf(a)} and ${nameOf(b)} run on one line`),
  ];
}

const nameOf = ({ source, target }: PlacedArrow): string => `${source} > ${target}`;

function pairs<T>(items: readonly T[]): readonly (readonly [T, T])[] {
  return items.flatMap((a, index) => items.slice(index + 1).map((b) => [a, b] as const));
}

const across = <A, B>(left: readonly A[], right: readonly B[]): readonly (readonly [A, B])[] =>
  left.flatMap((a) => right.map((b) => [a, b] as const));

const meet = ([a, b]: readonly [Rectangle, Rectangle]): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const inside = (inner: Rectangle, outer: Rectangle): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

/** A label may lie within a box around one of its ends, never on a plain state or on a border. */
const cut = ([label, state]: readonly [PlacedArrow & Rectangle, PlacedState]): boolean => {
  const { id, children } = state.node;
  const own = [label.source, label.target].some((end) => `${end}.`.startsWith(`${id}.`));
  return meet([label, state]) && !(children.length > 0 && own && inside(label, state));
};

const strangersMeet = ([a, b]: readonly [PlacedState, PlacedState]): boolean =>
  meet([a, b]) && !b.node.id.startsWith(`${a.node.id}.`);

const textBox = ({ x, y, panel, node }: PlacedState): Rectangle & { readonly name: string } => ({
  x: x + 2,
  y: y + 2,
  width: panel.width - 4,
  height: panel.height - 4,
  name: `the text of ${node.id}`,
});

const holds = ({ panel, width, height }: PlacedState): boolean =>
  panel.width <= width + 0.5 && panel.height <= height + 0.5;

/** Both ends of an arrow lie on the borders of its states. */
function astray(arrow: PlacedArrow, states: readonly PlacedState[]): readonly string[] {
  const touches = (id: string, point: Point | undefined): boolean =>
    states.some(
      (state) =>
        state.node.id === id &&
        point !== undefined &&
        meet([grown(state, 1), { ...point, width: 0, height: 0 }]) &&
        !meet([grown(state, -1), { ...point, width: 0, height: 0 }]),
    );
  const held = touches(arrow.source, arrow.points[0]) && touches(arrow.target, arrow.points.at(-1));
  return held ? [] : [`${nameOf(arrow)} does not touch its states`];
}

const grown = ({ x, y, width, height }: Rectangle, by: number): Rectangle => ({
  x: x - by,
  y: y - by,
  width: width + 2 * by,
  height: height + 2 * by,
});

const runsThrough = ([arrow, box]: readonly [PlacedArrow, Rectangle]): boolean =>
  segments(arrow).some((segment) => meet([segment, box]));

const isSlanted = ({ points }: PlacedArrow): boolean =>
  points.some(({ x, y }, index) => {
    const last = points[index - 1];
    return last !== undefined && last.x !== x && last.y !== y;
  });

const isKinked = ({ points }: PlacedArrow): boolean =>
  segments({ points: points.slice(1, -1) }).some((one) => lengthOf(one) < SHORTEST_STEP);

const hasBentHead = ({ points }: PlacedArrow): boolean =>
  segments({ points: points.slice(-2) }).some((one) => lengthOf(one) < HEAD);

const lengthOf = ({ width, height }: Rectangle): number => Math.max(width, height);

/** Strangers on one line would look like one arrow that forks. */
const shareLine = (a: PlacedArrow, b: PlacedArrow): boolean =>
  across(segments(a), segments(b)).some(([one, other]) => {
    const wide = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
    const high = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
    return Math.min(wide, high) > 0 && Math.max(wide, high) > 2;
  });

/** The straight pieces of an arrow, as rectangles a hundredth of a pixel thick. */
const segments = ({ points }: Pick<PlacedArrow, 'points'>): readonly Rectangle[] =>
  points.slice(1).map((point, index) => {
    const last = points[index] ?? point;
    return {
      x: Math.min(point.x, last.x),
      y: Math.min(point.y, last.y),
      width: Math.abs(point.x - last.x) + 0.01,
      height: Math.abs(point.y - last.y) + 0.01,
    };
  });
