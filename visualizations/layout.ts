/**
 * Gives every state, arrow and label its place, with ELK's layered algorithm: one chart in one
 * manner always gets the same places. It draws nothing.
 */
import elkModule, { type ElkExtendedEdge, type ElkNode } from 'elkjs/lib/elk.bundled.js';
import { entryMark } from './arrows.ts';
import type { ChartLayout, Mark, PlacedArrow, PlacedState, Rectangle } from './chart-layout.ts';
import type { ChartModel, ChartNode } from './chart-model.ts';
import {
  type ChartGraph,
  chartGraph,
  MARGIN,
  MARK_ROOM,
  type Manner,
  sizeOf,
} from './elk-graph.ts';
import { tightened } from './tighten.ts';

/** The module is CommonJS with a default export of its own. */
const Elk = elkModule.default;

export async function layOut(model: ChartModel, manner: Manner): Promise<ChartLayout> {
  const graph = chartGraph(model, manner);
  return tightened(readLayout(model, await new Elk().layout(graph.graph), graph));
}

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
    const { box, mark } = withMark(node, model, boxes.get(node.id) ?? frame, graph.manner);
    states.push({ node, panel: sizeOf(graph.panels, node.id), ...box });
    if (mark !== null) marks.push(mark);
  }
  const arrows = (placed.edges ?? []).map((edge) => readArrow(edge, graph));
  return { id: model.id, width, height, states, marks, arrows };
}

/** Splits the room that was kept free from the state's own box: beside it, or above it. */
function withMark(node: ChartNode, model: ChartModel, whole: Rectangle, { direction }: Manner) {
  const kind = entryMark(node, model);
  if (kind === null) return { box: whole, mark: null };
  if (direction === 'DOWN') {
    const x = whole.x + MARK_ROOM;
    const y = whole.y + 16;
    const mark: Mark = { kind, at: { x: x - 18, y }, tip: { x, y } };
    return { box: { ...whole, x, width: whole.width - MARK_ROOM }, mark };
  }
  const x = whole.x + 18;
  const y = whole.y + MARK_ROOM;
  const mark: Mark = { kind, at: { x, y: y - 18 }, tip: { x, y } };
  return { box: { ...whole, y, height: whole.height - MARK_ROOM }, mark };
}

function readArrow(edge: ElkExtendedEdge, graph: ChartGraph): PlacedArrow {
  const [source = '', target = ''] = edge.id.split(' > ');
  const [section] = edge.sections ?? [];
  const [label] = edge.labels ?? [];
  if (section === undefined || label === undefined) throw new Error(`${edge.id} was not placed`);
  const points = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
  return {
    source,
    target,
    points: graph.backward.has(edge.id) ? points.toReversed() : points,
    label: { ...rectangle(label), panel: sizeOf(graph.labels, edge.id) },
  };
}

const rectangle = ({ x = 0, y = 0, width = 0, height = 0 }: Partial<Rectangle>): Rectangle => ({
  x,
  y,
  width,
  height,
});
