/**
 * Rows a second through the store, beside the least a durable commit can cost here: bare
 * better-sqlite3, the same rows in one table, WAL and FULL. Run it with `npx tsx
 * test/bench/store.bench.ts`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { bench, group, run } from 'mitata';
import { journalCodec } from '../../src/store/codec.ts';
import { openStore } from '../../src/store/open-store.ts';
import { journalEntry, turn } from '../store/given.ts';

const folder = mkdtempSync(join(tmpdir(), 'store-bench-'));
const store = openStore({ file: join(folder, 'store.db') });

const bare = new Database(join(folder, 'bare.db'));
bare.pragma('journal_mode = wal');
bare.pragma('synchronous = full');
bare.exec(`create table journal (${journalCodec.columns.join(', ')})`);
const marks = journalCodec.columns.map(() => '?').join(', ');
const insert = bare.prepare(`insert into journal values (${marks})`);
const insertAll = bare.transaction((rows: readonly (readonly unknown[])[]) => {
  for (const row of rows) insert.run(...row);
});

// A row of about 400 bytes, as the journal has them.
const entry = journalEntry({ body: JSON.stringify({ note: 'x'.repeat(280) }) });
const SIZES = [1, 10, 100];

for (const size of SIZES)
  group(`${size} rows a commit`, () => {
    const entries = Array.from({ length: size }, () => entry);
    const record = turn({ journal: entries });
    const rows = entries.map(journalCodec.encode);
    bench(`bare ${size}`, () => insertAll.immediate(rows)).baseline(true);
    bench(`store ${size}`, () => store.commit(record));
  });

const { benchmarks } = await run();
for (const { alias, runs } of benchmarks) {
  const size = Number(alias.split(' ')[1]);
  const meanNs = runs[0]?.stats?.avg ?? Number.NaN;
  console.log(`${alias.padEnd(10)} ${Math.round((size * 1e9) / meanNs)} rows/s`);
}

store.close();
bare.close();
rmSync(folder, { recursive: true });
