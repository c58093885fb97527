/**
 * Which transitions become arrows, which are rows in a box, and where the words of each stand. It
 * knows no sizes and no places.
 */
import type { ChartModel, ChartNode, ChartTransition } from './chart-model.ts';

/** All transitions between the same two states. */
export interface Arrow {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly transitions: readonly ChartTransition[];
  /** Part of the way that most take. */
  readonly isMain: boolean;
}

/**
 * A transition that stays in its state, or aims at one around or within it, is a row in the box:
 * what holds everywhere inside reads better as one line at the top than as an arrow from the frame.
 * So is a side way across several borders: as an arrow it would cross half of the picture.
 */
export function isRow({ source, target }: ChartTransition, model: ChartModel): boolean {
  if (target === null || target === source) return true;
  if (target.startsWith(`${source}.`) || source.startsWith(`${target}.`)) return true;
  return bordersBetween(source, target) > 1 && !isOnJourney(source, target, model);
}

/** Where the sentences of side ways stand: on their arrows, or in the boxes that they leave. */
export type Words = 'arrows' | 'rows';

/** Its words stand in the box of its source, whether an arrow is drawn or not. */
export function isToldInBox(one: ChartTransition, model: ChartModel, words: Words): boolean {
  if (isRow(one, model) || one.target === null) return true;
  if (words === 'arrows' || isOnJourney(one.source, one.target, model)) return false;
  return one.kind !== 'always';
}

/** A step of the journey: it leads to the next of its states, from one or the box around it. */
export const isOnJourney = (source: string, target: string, model: ChartModel): boolean =>
  model.journey.some(
    (from, index) =>
      model.journey[index + 1] === target && stepsTo(target, from, model)[0]?.source === source,
  );

/** What leads from one state to another, by itself or by a box around it: the nearest first. */
export const stepsTo = (
  target: string,
  from: string,
  { transitions }: ChartModel,
): readonly ChartTransition[] =>
  transitions
    .filter((one) => one.target === target && `${from}.`.startsWith(`${one.source}.`))
    .toSorted((a, b) => b.source.length - a.source.length);

/** How many boxes are left and entered on the way. */
function bordersBetween(source: string, target: string): number {
  const [from, to] = [source.split('.'), target.split('.')];
  const apart = from.findIndex((name, index) => name !== to[index]);
  return from.length + to.length - 2 * (apart + 1);
}

export function arrowsOf(model: ChartModel): readonly Arrow[] {
  const groups = new Map<string, Arrow>();
  for (const one of model.transitions) {
    if (one.target === null || isRow(one, model)) continue;
    const { source, target } = one;
    const id = `${source} > ${target}`;
    const transitions = [...(groups.get(id)?.transitions ?? []), one];
    const isMain = isOnJourney(source, target, model);
    groups.set(id, { id, source, target, transitions, isMain });
  }
  return [...groups.values()];
}

/** Where a state is entered without an arrow: a dot for a beginning, a ring for a row's target. */
export function entryMark(node: ChartNode, model: ChartModel): 'dot' | 'ring' | null {
  if (isBeginning(node, model)) return 'dot';
  const byRow = model.transitions.some(
    (one) => one.target === node.id && one.source !== node.id && isRow(one, model),
  );
  return byRow ? 'ring' : null;
}

/** An initial state counts where its parent is entered as such, not only at deeper states. */
function isBeginning(node: ChartNode, model: ChartModel): boolean {
  const parent = model.nodes.find(({ id }) => id === node.parent);
  if (parent?.initial !== node.id || parent.type === 'parallel') return false;
  const around = model.nodes.find(({ id }) => id === parent.parent);
  if (around === undefined || around.type === 'parallel') return true;
  return model.transitions.some(({ target }) => target === parent.id) || isBeginning(parent, model);
}
