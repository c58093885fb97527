/** A chart as ELK's input: boxes within boxes, ports, edges with labels. It places nothing. */
import type { ElkExtendedEdge, ElkNode, ElkPort, LayoutOptions } from 'elkjs/lib/elk.bundled.js';
import { type Arrow, arrowsOf, entryMark } from './arrows.ts';
import type { ChartModel, ChartNode } from './chart-model.ts';
import { type Manner, type Rooms, sizeOf, type Texts, textsOf } from './texts.ts';

export interface ChartGraph extends Texts {
  readonly graph: ElkNode;
  /** Arrows against the order of reading: ELK is given them the other way round. */
  readonly backward: ReadonlySet<string>;
  /** Arrows of the journey. */
  readonly main: ReadonlySet<string>;
  /** Boxes whose text stands beside the arrows' way, not across it. */
  readonly entered: ReadonlySet<string>;
}

/** Space kept free beside a state that a dot or ring points at. */
export const MARK_ROOM = 24;
/** The white around the frame, and the frame's own margin. */
export const MARGIN = 8;
/** Between a box and what is in it. */
export const INSET = 16;

/** States are read as they are written: an arrow to an earlier one runs against the stream. */
export function chartGraph(model: ChartModel, manner: Manner, rooms: Rooms): ChartGraph {
  const arrows = arrowsOf(model);
  const rank = new Map(model.nodes.map(({ id }, index) => [id, index]));
  const isBackward = ({ source, target }: Arrow): boolean =>
    (rank.get(source) ?? 0) > (rank.get(target) ?? 0);
  const backward = new Set(arrows.filter(isBackward).map(({ id }) => id));
  const entered = arrows.flatMap((arrow) => enteredBy(arrow, backward.has(arrow.id), model));
  const texts = textsOf(model, arrows, manner, rooms);
  const parts: Parts = {
    ...texts,
    model,
    arrows,
    backward,
    main: new Set(arrows.filter(({ isMain }) => isMain).map(({ id }) => id)),
    entered: new Set(manner.head === 'band' ? [] : entered),
  };
  const head = sizeOf(texts.panels, model.id).height + MARGIN + 10;
  const graph = {
    id: model.id,
    layoutOptions: { ...optionsOf(manner.seed), 'elk.padding': padding(head, 3 * MARGIN) },
    children: boxesIn(model.id, parts),
    edges: arrows.map((arrow) => edgeOf(arrow, parts)),
  };
  return { ...parts, graph };
}

interface Parts extends Omit<ChartGraph, 'graph'> {
  readonly model: ChartModel;
  readonly arrows: readonly Arrow[];
}

/** The boxes through whose upper side an arrow runs, to or from a state within. */
function enteredBy({ source, target }: Arrow, against: boolean, { nodes }: ChartModel): string[] {
  const [inner, outer] = against ? [source, target] : [target, source];
  return nodes
    .map(({ id }) => id)
    .filter((id) => inner.startsWith(`${id}.`) && !`${outer}.`.startsWith(`${id}.`));
}

const boxesIn = (parent: string, parts: Parts): ElkNode[] =>
  parts.model.nodes.filter((node) => node.parent === parent).map((node) => boxOf(node, parts));

function boxOf(node: ChartNode, parts: Parts): ElkNode {
  const { width, height } = sizeOf(parts.panels, node.id);
  const shared = { id: node.id, ports: portsOf(node.id, parts) };
  const left = entryMark(node, parts.model) === null ? 0 : MARK_ROOM;
  if (node.children.length > 0) {
    const beside = parts.entered.has(node.id);
    return {
      ...shared,
      children: boxesIn(node.id, parts),
      layoutOptions: {
        'elk.padding': beside
          ? padding(INSET, left + width + 8)
          : padding(height + 8, left + INSET),
        'elk.nodeSize.constraints': 'MINIMUM_SIZE',
        'elk.nodeSize.minimum': `(${left + width},${height})`,
      },
    };
  }
  return {
    ...shared,
    width: left + width,
    height,
    layoutOptions: {
      'elk.portConstraints': 'FIXED_SIDE',
      'elk.spacing.portsSurrounding': `[top=0,left=${left},bottom=0,right=0]`,
    },
  };
}

/**
 * Arrows that leave a state the same way share a port, and so do those that enter it: they join
 * into one trunk. What comes in and what goes out never do, or nobody could tell them apart.
 */
function portsOf(id: string, { arrows, backward }: Parts): ElkPort[] {
  const sides = new Map<string, 'NORTH' | 'SOUTH'>();
  for (const arrow of arrows) {
    const against = backward.has(arrow.id);
    if (arrow.source === id) sides.set(portOf(arrow, 'out', against), against ? 'NORTH' : 'SOUTH');
    if (arrow.target === id) sides.set(portOf(arrow, 'in', against), against ? 'SOUTH' : 'NORTH');
  }
  return [...sides].map(([port, side]) => ({ id: port, layoutOptions: { 'elk.port.side': side } }));
}

function portOf(arrow: Arrow, way: 'in' | 'out', against: boolean): string {
  const state = way === 'in' ? arrow.target : arrow.source;
  return `${state} ${way}${against ? ' against' : ''}`;
}

function edgeOf(arrow: Arrow, { backward, labels }: Parts): ElkExtendedEdge {
  const against = backward.has(arrow.id);
  const ends = [portOf(arrow, 'out', against), portOf(arrow, 'in', against)];
  const [from = '', to = ''] = against ? ends.toReversed() : ends;
  const label = labels.get(arrow.id);
  return {
    id: arrow.id,
    sources: [from],
    targets: [to],
    labels: label === undefined ? [] : [labelOf(arrow.id, label)],
    layoutOptions: arrow.isMain ? STRAIGHT : {},
  };
}

const labelOf = (id: string, { width, height }: { width: number; height: number }) => ({
  id: `${id} label`,
  text: ' ',
  width,
  height,
  layoutOptions: { 'elk.edgeLabels.inline': 'true' },
});

const padding = (top: number, left: number): string =>
  `[top=${top},left=${left},bottom=${INSET},right=${INSET}]`;

/** The journey is the spine of the picture. */
const STRAIGHT: LayoutOptions = {
  'elk.layered.priority.straightness': '20',
  'elk.layered.priority.shortness': '20',
};

const optionsOf = (seed: number): LayoutOptions => ({
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
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
