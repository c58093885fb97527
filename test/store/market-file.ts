/** The market file of a store as another program reads it. */
import { expect } from 'vitest';
import type { BookHourRecord } from '../../src/domain/records.ts';
import { bookHourCodec, type Cell } from '../../src/store/codec.ts';
import { loadDriver } from '../../src/store/driver.ts';

const Database = loadDriver();

export type Hour = Omit<BookHourRecord, 'sums'>;

export function withoutSums(record: BookHourRecord): Hour {
  const { sums, ...hour } = record;
  expect(JSON.parse(sums)).toHaveProperty('bestBid');
  return hour;
}

export class MarketFile {
  readonly #path: string;

  constructor(storeFile: string) {
    this.#path = `${storeFile}.market`;
  }

  /** Opens the file for as long as `use` takes. */
  with<T>(use: (database: InstanceType<typeof Database>) => T): T {
    const database = new Database(this.#path);
    try {
      return use(database);
    } finally {
      database.close();
    }
  }

  /** The times of the snapshots that are left, in their order. */
  snapshotTimes(): readonly number[] {
    const query = 'select at_ms from order_book_snapshots order by at_ms';
    return this.with((database) => database.prepare<[], number>(query).pluck().all());
  }

  hours(): readonly Hour[] {
    const query = 'select * from order_book_hourly order by venue, market, hour_ms';
    return this.with((database) =>
      database
        .prepare<[], Cell[]>(query)
        .raw()
        .all()
        .map((cells) => withoutSums(bookHourCodec.decode(cells))),
    );
  }
}
