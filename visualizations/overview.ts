/**
 * One order's journey through all machines, at one look: a column for each, from the one that
 * starts the others on. It shows states that are rested in; how a choice is made, the charts tell.
 */

import { stepsTo } from './arrows.ts';
import type { ChartLayout, PlacedArrow, PlacedState } from './chart-layout.ts';
import type { ChartModel, ChartNode, ChartTransition } from './chart-model.ts';
import { MARGIN } from './elk-graph.ts';
import { layOut } from './layout.ts';
import { labelPanel, statePanel } from './panel.ts';
import { squeezed } from './squeeze.ts';

const ID = 'journey';
/** Between two columns; the word on the link has to fit. */
const GAP = 104;
/** No line bends between two states of a journey. */
const TIGHT_GAP = 14;
const ABOUT = 'The blue way is the one that most take; the other states stand beneath each name.';

/** The machines that start each other, the first of them first; none where none starts one. */
export function chainOf(models: readonly ChartModel[]): readonly ChartModel[] {
  const first = models.find(
    ({ id, spawns }) => spawns.length > 0 && models.every((one) => !one.spawns.includes(id)),
  );
  const chain: ChartModel[] = [];
  for (let next = first; next !== undefined && !chain.includes(next); ) {
    chain.push(next);
    const [child] = next.spawns;
    next = models.find(({ id }) => id === child);
  }
  return chain;
}

/** A machine's states of rest on its journey, each with one arrow to the next. */
export function journeyModel(model: ChartModel): ChartModel {
  const { id, journey, nodes } = model;
  const rests = nodes.filter((node) => node.children.length === 0 && !node.transient);
  const places = placesOf(journey, rests);
  const stops = places.flatMap((place) => rests.find((node) => node.id === journey[place]) ?? []);
  const besides = rests.filter((node) => !stops.includes(node)).map(({ name }) => name);
  const root = nodes.find((node) => node.id === id);
  if (root === undefined) throw new Error(`a chart holds its machine, ${id} does not`);
  const inside = (inner: string): string => `${ID}.${inner}`;
  const plain = { tags: [], entry: [], exit: [], invoke: [] };
  const states = stops.map(
    (node): ChartNode => ({ ...node, ...plain, id: inside(node.id), parent: inside(id) }),
  );
  const frame: ChartNode = {
    ...root,
    ...plain,
    type: 'compound',
    id: inside(id),
    parent: ID,
    children: states.map((node) => node.id),
    initial: states[0]?.id ?? null,
    description: `also: ${besides.join(', ')}`,
  };
  const steps = places.flatMap((place, index): readonly ChartTransition[] => {
    const [from, next, to] = [place, place + 1, places[index + 1] ?? -1].map((at) => journey[at]);
    if (from === undefined || next === undefined || to === undefined) return [];
    const step = stepsTo(next, from, model)[0] ?? gap(from);
    // An event is told without its guard: that is for the charts.
    const guard = step.kind === 'always' ? step.guard : null;
    return [{ ...step, source: inside(from), target: inside(to), guard, actions: [] }];
  });
  return {
    id: inside(id),
    journey: states.map((node) => node.id),
    spawns: [],
    nodes: [frame, ...states],
    transitions: steps,
  };
}

/** Where the journey rests. What lies between two visits of a state is a detour, and left out. */
function placesOf(journey: readonly string[], rests: readonly ChartNode[]): readonly number[] {
  const places: number[] = [];
  for (const [index, step] of journey.entries()) {
    if (!rests.some((node) => node.id === step)) continue;
    const visited = places.findIndex((place) => journey[place] === step);
    if (visited >= 0) places.length = visited;
    places.push(index);
  }
  return places;
}

function gap(from: string): never {
  throw new Error(`a journey goes on, ${from} does not`);
}

const isWordOf = (id: string, event: string): boolean => event.startsWith(`${id}.`);

/** A laid out journey, and the events that are heard on it. */
interface Column extends ChartLayout {
  readonly events: readonly string[];
}

export async function overview(chain: readonly ChartModel[]): Promise<ChartLayout> {
  const columns: Column[] = [];
  for (const machine of chain) {
    const model = journeyModel(machine);
    const underWay = machine.journey.slice(0, -1);
    const heard = machine.transitions.filter(({ source }) => underWay.includes(source));
    const column = await layOut(model, { words: 'arrows', head: 'band', seed: 1 });
    const events = heard.map(({ event }) => event);
    columns.push({ ...squeezed(column, TIGHT_GAP), events });
  }
  return sideBySide(columns, frameNode(chain));
}

const frameNode = (chain: readonly ChartModel[]): ChartNode => ({
  id: ID,
  name: 'one order, from market to venue and back',
  type: 'parallel',
  parent: null,
  children: chain.map(({ id }) => `${ID}.${id}`),
  initial: null,
  ended: false,
  transient: false,
  description: ABOUT,
  tags: [],
  entry: [],
  exit: [],
  invoke: [],
});

function sideBySide(columns: readonly Column[], node: ChartNode): ChartLayout {
  const panel = statePanel(node, [], 900);
  const top = panel.height + MARGIN;
  const lefts: number[] = [];
  let right = MARGIN;
  for (const { width } of columns) {
    lefts.push(right);
    right += width + GAP - 2 * MARGIN;
  }
  const width = Math.ceil(right - GAP + 3 * MARGIN);
  const height = Math.ceil(top + Math.max(...columns.map((one) => one.height)) + MARGIN);
  const moved = columns.map((column, index) => shifted(column, lefts[index] ?? 0, top));
  const frame = { x: MARGIN, y: MARGIN, width: width - 2 * MARGIN, height: height - 2 * MARGIN };
  return {
    id: ID,
    width,
    height,
    states: [{ ...frame, node, panel, isMain: false }, ...moved.flatMap(({ states }) => states)],
    marks: moved.flatMap(({ marks }) => marks),
    arrows: [...moved.flatMap(({ arrows }) => arrows), ...linksOf(moved)],
  };
}

/** A column starts the one to the right of it, and hears from it while under way. */
function linksOf(columns: readonly Column[]): readonly PlacedArrow[] {
  return columns.slice(1).flatMap((child, index) => {
    const parent = columns[index];
    const [to, from] = [child.states[0], parent?.states[0]];
    if (parent === undefined || from === undefined || to === undefined) return [];
    const words = parent.events.filter((event) => isWordOf(to.node.name, event));
    const back = [...new Set(words)].map((event) => event.slice(to.node.name.length + 1));
    const foot = to.y + to.height - 34;
    return [
      link(from, to, from.y + 20, 'spawns'),
      ...back.map((word, row) => link(to, from, foot - 24 * row, word)),
    ];
  });
}

/** A level arrow from one frame to its neighbour. */
function link(from: PlacedState, to: PlacedState, y: number, word: string): PlacedArrow {
  const right = from.x < to.x;
  const points = [
    { x: right ? from.x + from.width : from.x, y },
    { x: right ? to.x : to.x + to.width, y },
  ];
  const panel = labelPanel([[{ text: word, ink: 'done', bold: true }]], GAP);
  const middle = points.reduce((sum, { x }) => sum + x / 2, 0) + (right ? -3 : 3);
  const { width, height } = panel;
  const label = { x: middle - width / 2, y: y - height / 2, width, height, panel };
  return { source: from.node.id, target: to.node.id, points, label, isMain: true };
}

function shifted(layout: Column, x: number, y: number): Column {
  const move = <P extends { readonly x: number; readonly y: number }>(at: P): P => ({
    ...at,
    x: at.x + x,
    y: at.y + y,
  });
  return {
    ...layout,
    states: layout.states.map(move),
    marks: layout.marks.map((mark) => ({ ...mark, at: move(mark.at), tip: move(mark.tip) })),
    arrows: layout.arrows.map((arrow) => ({
      ...arrow,
      points: arrow.points.map(move),
      label: arrow.label === null ? null : move(arrow.label),
    })),
  };
}
