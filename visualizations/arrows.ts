/**
 * Which transitions become arrows, and in which order the states are read: the initial one first,
 * then as few arrows against the stream as can be. It knows no sizes and no places.
 */
import type { ChartModel, ChartNode, ChartTransition } from './chart-model.ts';

/** All transitions between the same two states. */
export interface Arrow {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly transitions: readonly ChartTransition[];
}

/**
 * A transition that stays in its state, or aims at one around or within it, is a row in the box:
 * what holds everywhere inside reads better as one line at the top than as an arrow from the frame.
 */
export function isRow({ source, target }: ChartTransition): boolean {
  if (target === null || target === source) return true;
  return target.startsWith(`${source}.`) || source.startsWith(`${target}.`);
}

export function arrowsOf(model: ChartModel): readonly Arrow[] {
  const groups = new Map<string, Arrow>();
  for (const one of model.transitions) {
    if (one.target === null || isRow(one)) continue;
    const { source, target } = one;
    const id = `${source} > ${target}`;
    const transitions = [...(groups.get(id)?.transitions ?? []), one];
    groups.set(id, { id, source, target, transitions });
  }
  return [...groups.values()];
}

/** Where a state is entered without an arrow: a dot for a beginning, a ring for a row's target. */
export function entryMark(node: ChartNode, model: ChartModel): 'dot' | 'ring' | null {
  if (isBeginning(node, model)) return 'dot';
  const byRow = model.transitions.some(
    ({ source, target }) => target === node.id && node.id.startsWith(`${source}.`),
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

/** More siblings keep the order as written: the search takes 2^n steps, and would be felt. */
const MOST_SIBLINGS = 14;

/** Each state's place in the order of reading, parents before their children. */
export function readingOrder(
  model: ChartModel,
  arrows: readonly Arrow[],
): ReadonlyMap<string, number> {
  const ranks = new Map<string, number>();
  const visit = (id: string): void => {
    ranks.set(id, ranks.size);
    const node = model.nodes.find((one) => one.id === id);
    for (const child of node === undefined ? [] : siblingsInOrder(node, arrows)) visit(child);
  };
  visit(model.id);
  return ranks;
}

function siblingsInOrder(parent: ChartNode, arrows: readonly Arrow[]): readonly string[] {
  const { children, initial } = parent;
  if (children.length > MOST_SIBLINGS || initial === null) return children;
  const holds = (sibling: string, id: string): boolean =>
    id === sibling || id.startsWith(`${sibling}.`);
  const indexOf = (id: string): number => children.findIndex((child) => holds(child, id));
  const links = arrows.map(({ source, target }) => [indexOf(source), indexOf(target)] as const);
  const against = (next: number, before: number): number =>
    links.filter(([from, to]) => from === next && to !== next && (before >> to) & 1).length;
  const first = children.indexOf(initial);
  return bestOrder(children.length, first, against).map((index) => children[index] ?? initial);
}

interface Prefix {
  readonly cost: number;
  readonly order: readonly number[];
}

/** Dynamic programme over sets of siblings; ties keep the order as written. */
function bestOrder(
  count: number,
  first: number,
  against: (next: number, before: number) => number,
): readonly number[] {
  const best: (Prefix | undefined)[] = [];
  best[1 << first] = { cost: 0, order: [first] };
  for (let set = 0; set < 1 << count; set++) {
    const so = best[set];
    if (so === undefined) continue;
    for (let next = 0; next < count; next++) {
      if ((set >> next) & 1) continue;
      const cost = so.cost + against(next, set);
      const known = best[set | (1 << next)];
      if (known === undefined || cost < known.cost) {
        best[set | (1 << next)] = { cost, order: [...so.order, next] };
      }
    }
  }
  return best[(1 << count) - 1]?.order ?? [];
}
