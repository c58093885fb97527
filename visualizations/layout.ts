/**
 * Gives every state, arrow and label its place, with ELK's layered algorithm: one chart in one
 * manner always gets the same places. It draws nothing.
 */
import elkModule, { type ElkExtendedEdge, type ElkNode } from 'elkjs/lib/elk.bundled.js';
import { entryMark } from './arrows.ts';
import type { ChartLayout, Mark, PlacedArrow, PlacedState, Rectangle } from './chart-layout.ts';
import type { ChartModel, ChartNode } from './chart-model.ts';
import { type ChartGraph, chartGraph, MARGIN, MARK_ROOM } from './elk-graph.ts';
import { squeezed } from './squeeze.ts';
import { straightened } from './straighten.ts';
import { type Manner, type Rooms, sizeOf } from './texts.ts';
import { tightened } from './tighten.ts';

/** The module is CommonJS with a default export of its own. */
const Elk = elkModule.default;

/** Heads of boxes are set anew at the width that their box has got, which moves things again. */
const MOST_ROUNDS = 3;

export async function layOut(model: ChartModel, manner: Manner): Promise<ChartLayout> {
  let rooms: Rooms = new Map();
  for (let round = 1; ; round++) {
    const graph = chartGraph(model, manner, rooms);
    const layout = readLayout(model, await new Elk().layout(graph.graph), graph);
    const next = roomsIn(layout, graph);
    const isSettled = [...next].every(([id, width]) => rooms.get(id) === width);
    if (isSettled || round === MOST_ROUNDS) return squeezed(tightened(straightened(layout)));
    rooms = next;
  }
}

const roomsIn = ({ states }: ChartLayout, { entered }: ChartGraph): Rooms =>
  new Map(
    states
      .filter(({ node }) => node.children.length > 0 && !entered.has(node.id))
      .map(({ node, width }) => [node.id, width]),
  );

function readLayout(model: ChartModel, placed: ElkNode, graph: ChartGraph): ChartLayout {
  const whole = rectangle(placed);
  const head = sizeOf(graph.panels, model.id);
  const width = Math.ceil(Math.max(whole.width, head.width + 2 * MARGIN));
  const height = Math.ceil(whole.height);
  const frame = { x: MARGIN, y: MARGIN, width: width - 2 * MARGIN, height: height - 2 * MARGIN };
  const boxes = new Map([[model.id, frame]]);
  const visit = (node: ElkNode): void => {
    boxes.set(node.id, rectangle(node));
    node.children?.forEach(visit);
  };
  placed.children?.forEach(visit);
  const states: PlacedState[] = [];
  const marks: Mark[] = [];
  for (const node of model.nodes) {
    const { box, mark } = withMark(node, model, boxes.get(node.id) ?? frame);
    const isMain = model.journey.includes(node.id);
    states.push({ node, panel: sizeOf(graph.panels, node.id), isMain, ...box });
    if (mark !== null) marks.push(mark);
  }
  const arrows = (placed.edges ?? []).map((edge) => readArrow(edge, graph));
  return { id: model.id, width, height, states, marks, arrows };
}

/** Splits the room that was kept free from the state's own box, to the right of it. */
function withMark(node: ChartNode, model: ChartModel, whole: Rectangle) {
  const kind = entryMark(node, model);
  if (kind === null) return { box: whole, mark: null };
  const x = whole.x + MARK_ROOM;
  const y = whole.y + 16;
  const mark: Mark = { kind, at: { x: x - 18, y }, tip: { x, y } };
  return { box: { ...whole, x, width: whole.width - MARK_ROOM }, mark };
}

function readArrow(edge: ElkExtendedEdge, graph: ChartGraph): PlacedArrow {
  const [source = '', target = ''] = edge.id.split(' > ');
  const [section] = edge.sections ?? [];
  const [label] = edge.labels ?? [];
  if (section === undefined) throw new Error(`${edge.id} was not placed`);
  const points = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
  const panel = graph.labels.get(edge.id);
  return {
    source,
    target,
    points: graph.backward.has(edge.id) ? points.toReversed() : points,
    label: label === undefined || panel === undefined ? null : { ...rectangle(label), panel },
    isMain: graph.main.has(edge.id),
  };
}

const rectangle = ({ x = 0, y = 0, width = 0, height = 0 }: Partial<Rectangle>): Rectangle => ({
  x,
  y,
  width,
  height,
});
