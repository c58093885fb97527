/** The least that a durable commit can cost here: one table, WAL, FULL, prepared statements. */
import { loadDriver } from '../../src/store/driver.ts';

export interface BareSqlite {
  /** One IMMEDIATE transaction. */
  commit(rows: readonly string[]): void;
  close(): void;
}

export function openBareSqlite(file: string): BareSqlite {
  const database = new (loadDriver())(file);
  database.pragma('journal_mode = wal');
  database.pragma('synchronous = full');
  database.exec('create table rows (body text)');
  const insert = database.prepare('insert into rows values (?)');
  const all = database.transaction((rows: readonly string[]) => {
    for (const row of rows) insert.run(row);
  });
  return { commit: (rows) => all.immediate(rows), close: () => database.close() };
}
