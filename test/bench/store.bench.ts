/** Rows a second through the store, beside the least that a durable commit costs on this disk. */
import { join } from 'node:path';
import { openStore } from '../../src/store/open-store.ts';
import { journalEntry, turn } from '../store/given.ts';
import { openBareSqlite } from './bare-sqlite.ts';
import {
  type Bench,
  type BenchOptions,
  type BenchResult,
  type Figure,
  paceOf,
  scaled,
} from './bench.ts';
import { beside, cost, interleaved, wallUs } from './measure.ts';
import { inScratch } from './scratch.ts';

const SIZES = [1, 10, 100];
const COMMITS = 100;
const ROUNDS = 5;

/** About 400 bytes, as the journal has them. */
const ENTRY = journalEntry({ body: JSON.stringify({ note: 'x'.repeat(280) }) });

async function measure(folder: string, { scale, progress }: BenchOptions): Promise<BenchResult> {
  const store = openStore({ file: join(folder, 'store.db') });
  const bare = openBareSqlite(join(folder, 'bare.db'));
  const commits = scaled(COMMITS, scale, 2);
  const times = (rows: number, commit: () => void) => () => {
    for (let done = 0; done < commits; done += 1) commit();
    return commits * rows;
  };
  const figures: Figure[] = [];
  for (const size of SIZES) {
    progress(`${size} rows a commit`);
    const record = turn({ journal: Array.from({ length: size }, () => ENTRY) });
    const rows = record.journal.map((row) => JSON.stringify(row));
    const [ours, least] = await interleaved(
      [
        { name: 'store', work: times(size, () => store.commit(record)) },
        { name: 'bare SQLite', work: times(size, () => bare.commit(rows)) },
      ],
      { ...paceOf(ROUNDS, scale), clockUs: wallUs },
    );
    figures.push({
      name: `${size} rows a commit`,
      value: cost(ours),
      unit: 'us/row',
      beside: beside(ours, least),
    });
  }
  store.close();
  bare.close();
  return { figures, notes: [`${commits} commits a round, WAL and FULL, wall time`] };
}

export const store: Bench = {
  name: 'store',
  title: 'journal rows through the store',
  run: (options) => inScratch((folder) => measure(folder, options)),
};
