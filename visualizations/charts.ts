/** From machines to the text of their files, and which files on disk are not that text any more. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ChartModel, chartModel, type MachineLike } from './chart-model.ts';
import { draw } from './draw.ts';
import { chartPath, gallery } from './gallery.ts';
import { keyModel } from './key.ts';
import { layOut } from './layout.ts';
import { bestManner } from './manner.ts';
import { chainOf, overview } from './overview.ts';
import type { Manner } from './texts.ts';

/** Text by path, relative to the folder of the gallery. */
export type Files = ReadonlyMap<string, string>;

const KEY_MANNER: Manner = { words: 'arrows', head: 'beside', seed: 1 };

/** What is written as JSON: the chart, and the manner it is drawn in. */
export interface ChartFile extends ChartModel {
  readonly manner: Manner;
}

/**
 * All files of the gallery. A chart that is unchanged in `folder` keeps its manner; for one that
 * changed, and for all without a folder, the best is searched.
 */
export async function galleryFiles(
  machines: readonly MachineLike[],
  folder: string | null,
): Promise<Files> {
  const files = new Map<string, string>();
  const models = machines.map(chartModel);
  for (const model of models) {
    const path = chartPath(model.id);
    const manner = await mannerFor(model, folder);
    const chart: ChartFile = { manner, ...model };
    files.set(`${path}.svg`, draw(await layOut(model, manner)));
    files.set(`${path}.json`, `${JSON.stringify(chart, null, 2)}\n`);
  }
  files.set('charts/key.svg', draw(await layOut(keyModel, KEY_MANNER)));
  const chain = chainOf(models);
  if (chain.length > 0) files.set('charts/overview.svg', draw(await overview(chain)));
  files.set('README.md', gallery(models, chain));
  return files;
}

/** Paths of files that are missing, differ, or belong to no machine. */
export async function staleFiles(
  machines: readonly MachineLike[],
  folder: string,
): Promise<readonly string[]> {
  const files = await galleryFiles(machines, folder);
  const stale = [...files].filter(([path, text]) => read(join(folder, path)) !== text);
  return [...stale.map(([path]) => path), ...orphans(files, folder)];
}

export function orphans(files: Files, folder: string): readonly string[] {
  const charts = join(folder, 'charts');
  const found = existsSync(charts) ? readdirSync(charts).toSorted() : [];
  return found.map((name) => `charts/${name}`).filter((path) => !files.has(path));
}

/** The manner in which `folder` shows this very chart; else, after a search, the best one. */
export async function mannerFor(model: ChartModel, folder: string | null): Promise<Manner> {
  const text = folder === null ? null : read(join(folder, `${chartPath(model.id)}.json`));
  if (text === null) return bestManner(model);
  const { manner, ...drawn } = JSON.parse(text) as ChartFile;
  return JSON.stringify(drawn) === JSON.stringify(model) ? manner : bestManner(model);
}

const read = (path: string): string | null =>
  existsSync(path) ? readFileSync(path, 'utf8') : null;
