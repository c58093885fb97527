/** Finds the manner in which a chart reads best by trying: small, narrow, without a fault. */
import type { ChartLayout, Point } from './chart-layout.ts';
import type { ChartModel } from './chart-model.ts';
import { faultsOf } from './faults.ts';
import { layOut } from './layout.ts';
import type { Manner } from './texts.ts';

/** Few seeds tell which shape suits; more then look for its luckiest. */
const FEW_SEEDS = [1, 2, 3] as const;
const MORE_SEEDS = [4, 5, 6, 7, 8, 9, 10] as const;

/** The search for our largest chart takes about half a minute; one chart, one answer. */
export async function bestManner(model: ChartModel): Promise<Manner> {
  const shapes = (['arrows', 'rows'] as const).flatMap((words) =>
    (['beside', 'band'] as const).map((head) => ({ words, head })),
  );
  const tried = shapes.flatMap((shape) => FEW_SEEDS.map((seed) => ({ ...shape, seed })));
  const best = await cheapest(model, tried);
  return cheapest(model, [best, ...MORE_SEEDS.map((seed) => ({ ...best, seed }))]);
}

async function cheapest(model: ChartModel, manners: readonly Manner[]): Promise<Manner> {
  let best: { readonly manner: Manner; readonly cost: number } | null = null;
  for (const manner of manners) {
    const cost = costOf(await layOut(model, manner));
    if (best === null || cost < best.cost) best = { manner, cost };
  }
  if (best === null) throw new Error(`no manner was given for ${model.id}`);
  return best.manner;
}

const FAULT_COST = 100_000;
/** A README shows about 900 pixels and shrinks the rest. */
const EASY_WIDTH = 900;
/** An arrow without words sends its reader to the box that it leaves. */
const BARE_COST = 25;

export function costOf(layout: ChartLayout): number {
  const { width, height, arrows } = layout;
  const wide = Math.max(0, width - EASY_WIDTH);
  const ink = arrows.reduce((sum, { points }) => sum + lengthOf(points) + 40 * points.length, 0);
  const bare = BARE_COST * arrows.filter(({ label }) => label === null).length;
  const faults = FAULT_COST * faultsOf(layout).length;
  return (width * height) / 1000 + ink / 20 + 4 * wide + bare + faults;
}

const lengthOf = (points: readonly Point[]): number =>
  points.reduce((sum, { x, y }, index) => {
    const last = points[index - 1] ?? { x, y };
    return sum + Math.abs(x - last.x) + Math.abs(y - last.y);
  }, 0);
