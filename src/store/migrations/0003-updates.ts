import { createTable, integer, type Migration, text } from './table.ts';

/** What a bot in another process has still to be told. The newest row is never deleted. */
export const updates: Migration = (builder) => [
  createTable(builder, 'updates', ['sequence'], {
    sequence: integer,
    body: text,
    at_ms: integer,
  }).compile().sql,
];
