/**
 * Order book snapshots in their own file, so that the commits that must be synced stay few; and the
 * hourly averages that old ones end as. Freed pages are used again, so the file is never shrunk.
 */
import { sql } from 'kysely';
import { invariant } from '../domain/errors.ts';
import type { BookSnapshotRecord, Store } from '../domain/records.ts';
import { averageBooks, HOUR_MS, hourOf } from './average-books.ts';
import { bookHourCodec, bookSnapshotCodec, incoming, placeholders } from './codec.ts';
import { marketTables } from './schema.ts';
import { prepare, type Sqlite } from './sqlite.ts';
import { written } from './store-error.ts';

const SAVE = marketTables
  .insertInto('order_book_snapshots')
  .values(placeholders(bookSnapshotCodec))
  .onConflict((key) => key.columns(['venue', 'market', 'at_ms', 'book_version']).doNothing())
  .compile();

const OLDEST = marketTables
  .selectFrom('order_book_snapshots')
  .select(['venue', 'market', 'at_ms'])
  .limit(sql.lit(1));

/** Two seeks in the unique index; one for both, by a row value, would walk through the market. */
const NEXT_MARKET = OLDEST.where('venue', '=', '')
  .where('market', '>', '')
  .orderBy('market')
  .orderBy('at_ms')
  .compile();

const NEXT_VENUE = OLDEST.where('venue', '>', '')
  .orderBy('venue')
  .orderBy('market')
  .orderBy('at_ms')
  .compile();

const SNAPSHOTS = marketTables
  .selectFrom('order_book_snapshots')
  .select(bookSnapshotCodec.columns)
  .where('venue', '=', '')
  .where('market', '=', '')
  .where('at_ms', '>=', 0)
  .where('at_ms', '<', 0)
  .orderBy('at_ms')
  .orderBy('book_version')
  .limit(0)
  .compile();

const DELETE = marketTables
  .deleteFrom('order_book_snapshots')
  .where('venue', '=', '')
  .where('market', '=', '')
  .where('at_ms', '>=', 0)
  .where(sql<boolean>`(at_ms, book_version) <= (${0}, ${0})`)
  .compile();

const HOUR = marketTables
  .selectFrom('order_book_hourly')
  .select(bookHourCodec.columns)
  .where('venue', '=', '')
  .where('market', '=', '')
  .where('hour_ms', '=', 0)
  .compile();

const HOUR_KEY = ['venue', 'market', 'hour_ms'] as const;

const UPSERT_HOUR = marketTables
  .insertInto('order_book_hourly')
  .values(placeholders(bookHourCodec))
  .onConflict((key) => key.columns(HOUR_KEY).doUpdateSet(incoming(bookHourCodec, HOUR_KEY)))
  .compile();

export type BookStore = Pick<Store, 'saveBooks' | 'oldestBook' | 'foldBooks'>;

/** A ladder of more than 10 levels throws a `StoreError`, as does whatever keeps SQLite from it. */
export function bookStore(database: Sqlite): BookStore {
  const save = prepare(database, SAVE);
  const saveAll = database.transaction((books: readonly BookSnapshotRecord[]) => {
    for (const book of books) save.run(...bookSnapshotCodec.encode(book));
  });
  const nextMarket = prepare(database, NEXT_MARKET);
  const nextVenue = prepare(database, NEXT_VENUE);
  const fold = database.transaction(folder(database));
  return {
    saveBooks: (books) => written('saving books', () => saveAll.immediate(books)),
    oldestBook: (after) => {
      const { venue: last, market } = after ?? { venue: '', market: '' };
      const cells = nextMarket.get(last, market) ?? nextVenue.get(last);
      if (cells === undefined) return null;
      return { venue: String(cells[0]), market: String(cells[1]), atMs: Number(cells[2]) };
    },
    foldBooks: (book, rowsMax) => written('averaging books', () => fold.immediate(book, rowsMax)),
  };
}

function folder(database: Sqlite): Store['foldBooks'] {
  const snapshots = prepare(database, SNAPSHOTS);
  const remove = prepare(database, DELETE);
  const hour = prepare(database, HOUR);
  const upsert = prepare(database, UPSERT_HOUR);
  return ({ venue, market, atMs }, rowsMax) => {
    const hourMs = hourOf(atMs);
    const books = snapshots
      .all(venue, market, hourMs, hourMs + HOUR_MS, rowsMax)
      .map(bookSnapshotCodec.decode);
    const last = books.at(-1);
    if (last === undefined) return 0;
    const earlier = hour.get(venue, market, hourMs);
    const known = earlier === undefined ? null : bookHourCodec.decode(earlier);
    upsert.run(...bookHourCodec.encode(averageBooks(books, known)));
    const { changes } = remove.run(venue, market, hourMs, last.atMs, last.bookVersion);
    invariant(changes === books.length, 'what is averaged goes, and nothing else', changes);
    return changes;
  };
}
