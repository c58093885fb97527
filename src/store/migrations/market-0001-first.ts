import { sql } from 'kysely';
import { createTable, integer, type Migration, optionalText, text } from './table.ts';

export const marketFirst: Migration = (builder) => [
  createTable(builder, 'order_book_snapshots', ['snapshot_id'], {
    snapshot_id: integer,
    venue: text,
    market: text,
    at_ms: integer,
    book_version: integer,
    bids: text,
    asks: text,
    best_bid: optionalText,
    best_ask: optionalText,
    spread: optionalText,
  })
    .addUniqueConstraint('a_book_is_stored_once', ['venue', 'market', 'at_ms', 'book_version'])
    .addCheckConstraint(
      'ladders_are_short',
      sql`max(json_array_length(bids), json_array_length(asks)) <= 10`,
    )
    .compile().sql,
];
