/** Packs a module and its packages into one file, plants included: the tree stays as it is. */
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { context, type Plugin } from 'esbuild';
import { builtPath, type Plant, planted } from './plant.ts';

/** Of the sources, or of a build: wherever this file itself lies. */
const ROOT = resolve(import.meta.dirname, '../..');
const isBuilt = import.meta.filename.endsWith('.js');

export interface Packer {
  /** Rejects where a plant does not fit. */
  pack(outfile: string, plants: readonly Plant[]): Promise<void>;
  close(): Promise<void>;
}

const pathOf = ({ file }: Plant): string => resolve(ROOT, isBuilt ? builtPath(file) : file);

/** `plantable`: everything that may ever be planted; only those files are looked at. */
export async function packerOf(entry: string, plantable: readonly Plant[]): Promise<Packer> {
  let plants: readonly Plant[] = [];
  const names = plantable.map((plant) => basename(pathOf(plant)).replaceAll('.', String.raw`\.`));
  const filter = new RegExp(`(?:${[...new Set(names)].join('|')})$`);
  const planting: Plugin = {
    name: 'plants',
    setup(build) {
      build.onLoad({ filter }, ({ path }) => {
        const here = plants.filter((plant) => pathOf(plant) === path);
        const contents = here.reduce(planted, readFileSync(path, 'utf8'));
        return { contents, loader: isBuilt ? 'js' : 'ts' };
      });
    },
  };
  const build = await context({
    entryPoints: [{ in: resolve(ROOT, entry), out: 'packed' }],
    outdir: ROOT,
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // A native module stays where it is.
    external: ['better-sqlite3', 'better-sqlite3-13'],
    plugins: [planting],
    logLevel: 'silent',
  });
  return {
    pack: async (outfile, given) => {
      plants = given;
      const { outputFiles } = await build.rebuild();
      await mkdir(dirname(outfile), { recursive: true });
      await writeFile(outfile, outputFiles[0]?.contents ?? '');
    },
    close: () => build.dispose(),
  };
}
