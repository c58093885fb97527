/** A chart as ELK's input: boxes within boxes, ports, edges with labels. It places nothing. */
import type { ElkExtendedEdge, ElkNode, ElkPort, LayoutOptions } from 'elkjs/lib/elk.bundled.js';
import { type Arrow, arrowsOf, entryMark, readingOrder } from './arrows.ts';
import type { ChartModel, ChartNode } from './chart-model.ts';
import { labelPanel, type Panel, statePanel } from './panel.ts';
import { arrowSentences, rowsOf } from './sentences.ts';

/** One way to lay a chart out; several are tried. */
export interface Manner {
  readonly direction: 'DOWN' | 'RIGHT';
  readonly textWidth: number;
  /** Starts ELK's search for few crossings: other seeds find other pictures of the same chart. */
  readonly seed: number;
}

export interface ChartGraph {
  readonly graph: ElkNode;
  readonly manner: Manner;
  readonly panels: ReadonlyMap<string, Panel>;
  readonly labels: ReadonlyMap<string, Panel>;
  /** Arrows against the order of reading: ELK is given them the other way round. */
  readonly backward: ReadonlySet<string>;
}

/** Space kept free beside a state that a dot or ring points at. */
export const MARK_ROOM = 24;
/** The white around the frame, and the frame's own margin. */
export const MARGIN = 8;

const SIDES = { DOWN: ['NORTH', 'SOUTH'], RIGHT: ['WEST', 'EAST'] } as const;
const ROOT_TEXT_WIDTH = 760;
const BAND_TEXT_WIDTH = 420;

export function chartGraph(model: ChartModel, manner: Manner): ChartGraph {
  const arrows = arrowsOf(model);
  const ranks = readingOrder(model, arrows);
  const rank = (id: string): number => ranks.get(id) ?? 0;
  const backward = new Set(
    arrows.filter(({ source, target }) => rank(source) > rank(target)).map(({ id }) => id),
  );
  const panels = new Map(model.nodes.map((node) => [node.id, panelOf(node, model, manner)]));
  const labels = new Map(
    arrows.map((arrow) => [
      arrow.id,
      labelPanel(arrowSentences(arrow.transitions), manner.textWidth),
    ]),
  );
  const parts = { model, manner, arrows, backward, panels, labels, rank };
  const graph = {
    id: model.id,
    layoutOptions: {
      ...optionsOf(manner),
      'elk.padding': padding(sizeOf(panels, model.id).height + MARGIN + 10, 3 * MARGIN),
    },
    children: boxesIn(model.id, parts),
    edges: arrows.map((arrow) => edgeOf(arrow, parts)),
  };
  return { graph, manner, panels, labels, backward };
}

interface Parts extends Omit<ChartGraph, 'graph'> {
  readonly model: ChartModel;
  readonly arrows: readonly Arrow[];
  readonly rank: (id: string) => number;
}

function panelOf(node: ChartNode, model: ChartModel, manner: Manner): Panel {
  const band = node.children.length > 0 && manner.direction === 'RIGHT';
  const own = band ? BAND_TEXT_WIDTH : manner.textWidth + 20;
  return statePanel(node, rowsOf(node, model), node.id === model.id ? ROOT_TEXT_WIDTH : own);
}

export function sizeOf(panels: ReadonlyMap<string, Panel>, id: string): Panel {
  const panel = panels.get(id);
  if (panel === undefined) throw new Error(`everything drawn has a panel, ${id} has none`);
  return panel;
}

function boxesIn(parent: string, parts: Parts): ElkNode[] {
  return parts.model.nodes
    .filter((node) => node.parent === parent)
    .toSorted((a, b) => parts.rank(a.id) - parts.rank(b.id))
    .map((node) => boxOf(node, parts));
}

function boxOf(node: ChartNode, parts: Parts): ElkNode {
  const { width, height } = sizeOf(parts.panels, node.id);
  const down = parts.manner.direction === 'DOWN';
  const shared = { id: node.id, ports: portsOf(node.id, parts) };
  const room = entryMark(node, parts.model) === null ? 0 : MARK_ROOM;
  const [above, left] = down ? [0, room] : [room, 0];
  if (node.children.length > 0) {
    return {
      ...shared,
      children: boxesIn(node.id, parts),
      layoutOptions: {
        // The text stands beside the arrows' way, so that none runs through it.
        'elk.padding': down ? padding(16, left + width + 8) : padding(above + height + 8, 16),
        'elk.nodeSize.constraints': 'MINIMUM_SIZE',
        'elk.nodeSize.minimum': `(${left + width},${above + height})`,
      },
    };
  }
  return {
    ...shared,
    width: left + width,
    height: above + height,
    layoutOptions: {
      'elk.portConstraints': 'FIXED_SIDE',
      // In a low box, ports set from its foot stay clear of the room above it.
      'elk.portAlignment.default': down ? 'DISTRIBUTED' : 'END',
      'elk.spacing.portsSurrounding': `[top=${above},left=${left},bottom=0,right=0]`,
    },
  };
}

/**
 * Arrows that leave a state the same way share a port, and so do those that enter it: they join
 * into one trunk. What comes in and what goes out never do, or nobody could tell them apart.
 */
function portsOf(id: string, { arrows, backward, manner }: Parts): ElkPort[] {
  const [early, late] = SIDES[manner.direction];
  const sides = new Map<string, string>();
  for (const arrow of arrows) {
    const against = backward.has(arrow.id);
    if (arrow.source === id) sides.set(portOf(arrow, 'out', backward), against ? early : late);
    if (arrow.target === id) sides.set(portOf(arrow, 'in', backward), against ? late : early);
  }
  return [...sides].map(([port, side]) => ({ id: port, layoutOptions: { 'elk.port.side': side } }));
}

function portOf(arrow: Arrow, way: 'in' | 'out', backward: ReadonlySet<string>): string {
  const state = way === 'in' ? arrow.target : arrow.source;
  return `${state} ${way}${backward.has(arrow.id) ? ' against' : ''}`;
}

function edgeOf(arrow: Arrow, { backward, labels }: Parts): ElkExtendedEdge {
  const { width, height } = sizeOf(labels, arrow.id);
  const ends = [portOf(arrow, 'out', backward), portOf(arrow, 'in', backward)];
  const [from = '', to = ''] = backward.has(arrow.id) ? ends.toReversed() : ends;
  const layoutOptions = { 'elk.edgeLabels.inline': 'true' };
  return {
    id: arrow.id,
    sources: [from],
    targets: [to],
    labels: [{ id: `${arrow.id} label`, text: ' ', width, height, layoutOptions }],
  };
}

const padding = (top: number, left: number): string =>
  `[top=${top},left=${left},bottom=16,right=16]`;

const optionsOf = ({ direction, seed }: Manner): LayoutOptions => ({
  'elk.algorithm': 'layered',
  'elk.direction': direction,
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.json.edgeCoords': 'ROOT',
  'elk.json.shapeCoords': 'ROOT',
  'elk.spacing.nodeNode': '20',
  'elk.spacing.edgeNode': '12',
  'elk.spacing.edgeEdge': '10',
  'elk.spacing.edgeLabel': '6',
  'elk.spacing.portPort': '20',
  'elk.layered.spacing.nodeNodeBetweenLayers': '24',
  'elk.layered.spacing.edgeNodeBetweenLayers': '12',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '10',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.compaction.postCompaction.strategy': 'EDGE_LENGTH',
  'elk.randomSeed': `${seed}`,
});
