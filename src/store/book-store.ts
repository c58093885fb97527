/** Order book snapshots in their own file, so that the commits that must be synced stay few. */
import type { BookSnapshotRecord } from '../domain/records.ts';
import { bookSnapshotCodec, placeholders } from './codec.ts';
import { marketTables } from './schema.ts';
import { prepare, type Sqlite } from './sqlite.ts';
import { written } from './store-error.ts';

const SAVE = marketTables
  .insertInto('order_book_snapshots')
  .values(placeholders(bookSnapshotCodec))
  .onConflict((key) => key.columns(['venue', 'market', 'at_ms', 'book_version']).doNothing())
  .compile();

/** The same book saved again is ignored; a ladder of more than 10 levels throws a `StoreError`. */
export function bookSaver(database: Sqlite): (snapshot: BookSnapshotRecord) => void {
  const save = prepare(database, SAVE);
  return (snapshot) =>
    written('saving a book', () => {
      save.run(...bookSnapshotCodec.encode(snapshot));
    });
}
