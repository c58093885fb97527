/**
 * `npm run charts`: writes the gallery. With `--check` it writes nothing, and ends with 1 when a
 * file on disk is not what the machines say. With `--search` it looks for the best manner of charts
 * that have not changed, too: of use after a change of the renderer.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as exported from '../machines/index.ts';
import { galleryFiles, orphans, staleFiles } from './charts.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const machines = Object.values(exported);

async function write(): Promise<void> {
  const files = await galleryFiles(machines, process.argv.includes('--search') ? null : FOLDER);
  mkdirSync(join(FOLDER, 'charts'), { recursive: true });
  for (const path of orphans(files, FOLDER)) rmSync(join(FOLDER, path));
  for (const [path, text] of files) {
    writeFileSync(join(FOLDER, path), text);
    console.log(`visualizations/${path}`);
  }
}

async function check(): Promise<void> {
  const stale = await staleFiles(machines, FOLDER);
  for (const path of stale) console.error(`stale: visualizations/${path}`);
  if (stale.length === 0) return console.log('all charts are drawn from the machines as they are');
  console.error('run `npm run charts` and commit what it writes');
  process.exitCode = 1;
}

await (process.argv.includes('--check') ? check() : write());
