import { sql } from 'kysely';
import { createTable, integer, type Migration, optionalText, text } from './table.ts';

export const marketHourly: Migration = (builder) => [
  createTable(builder, 'order_book_hourly', ['venue', 'market', 'hour_ms'], {
    venue: text,
    market: text,
    hour_ms: integer,
    snapshots: integer,
    first_at_ms: integer,
    first_version: integer,
    last_at_ms: integer,
    last_version: integer,
    best_bid: optionalText,
    best_ask: optionalText,
    mid: optionalText,
    spread: optionalText,
    bid_touch_depth: text,
    ask_touch_depth: text,
    bid_depth: text,
    ask_depth: text,
    sums: text,
  })
    .addCheckConstraint('hours_are_whole', sql`hour_ms % 3600000 = 0`)
    .addCheckConstraint(
      'snapshots_are_of_the_hour',
      sql`snapshots > 0 and first_at_ms between hour_ms and last_at_ms
        and last_at_ms < hour_ms + 3600000`,
    )
    .compile().sql,
];
