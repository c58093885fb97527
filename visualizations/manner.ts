/** Finds the manner in which a chart reads best by trying: small, narrow, without a fault. */
import type { ChartLayout, Point } from './chart-layout.ts';
import type { ChartModel } from './chart-model.ts';
import type { Manner } from './elk-graph.ts';
import { faultsOf } from './faults.ts';
import { layOut } from './layout.ts';

const DIRECTIONS = ['DOWN', 'RIGHT'] as const;
const TEXT_WIDTHS = [170, 200, 240] as const;
/** With the first, ten: the search for our largest chart then takes about ten seconds. */
const SEEDS = [2, 3, 4, 5, 6, 7, 8, 9, 10] as const;

/** Direction and width first, then the luckiest seed for those; one chart, one answer. */
export async function bestManner(model: ChartModel): Promise<Manner> {
  const shapes = DIRECTIONS.flatMap((direction) =>
    TEXT_WIDTHS.map((textWidth): Manner => ({ direction, textWidth, seed: 1 })),
  );
  const shape = await cheapest(model, shapes);
  return cheapest(model, [shape, ...SEEDS.map((seed) => ({ ...shape, seed }))]);
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
/** A README shows about 1000 pixels and shrinks the rest; past 1600 the words are lost. */
const EASY_WIDTH = 1100;
const WIDEST = 1600;

function costOf(layout: ChartLayout): number {
  const { width, height, arrows } = layout;
  const wide = Math.max(0, width - EASY_WIDTH) + 4 * Math.max(0, width - WIDEST);
  const ink = arrows.reduce((sum, { points }) => sum + lengthOf(points) + 40 * points.length, 0);
  return (width * height) / 1000 + ink / 20 + 3 * wide + FAULT_COST * faultsOf(layout).length;
}

const lengthOf = (points: readonly Point[]): number =>
  points.reduce((sum, { x, y }, index) => {
    const last = points[index - 1] ?? { x, y };
    return sum + Math.abs(x - last.x) + Math.abs(y - last.y);
  }, 0);
