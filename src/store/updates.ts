/**
 * What is told to a bot in another process, numbered without a gap and kept until it was heard. A
 * row is written in the transaction of what it tells, so that neither is ever there alone.
 */
import { sql } from 'kysely';
import type { OperationRecord } from '../domain/records.ts';
import type { UpdateLog, UpdateRecord } from '../domain/updates.ts';
import { tables } from './schema.ts';
import { prepare, type Sqlite } from './sqlite.ts';

const APPEND = tables.insertInto('updates').values({ body: '', at_ms: 0 }).compile();

const EXTENT = tables
  .selectFrom('updates')
  .select(sql<number>`coalesce(min(sequence), 1)`.as('first'))
  .select(sql<number>`coalesce(max(sequence), 0)`.as('last'))
  .compile();

const AFTER = tables
  .selectFrom('updates')
  .select(['sequence', 'body', 'at_ms'])
  .where('sequence', '>', 0)
  .orderBy('sequence')
  .limit(0)
  .compile();

// The oldest ones first: they are looked at in order, and no further than is forgotten.
const FORGET = sql`
  delete from updates where sequence in (
    select sequence from updates
    where (sequence <= ? or at_ms < ?) and sequence < (select max(sequence) from updates)
    order by sequence limit ?)`.compile(tables);

export interface KeptUpdates extends UpdateLog {
  /** Within the transaction of what they tell. */
  readonly append: (updates: readonly UpdateRecord[]) => void;
}

export function updatesOf(database: Sqlite): KeptUpdates {
  const append = prepare(database, APPEND);
  const extent = prepare(database, EXTENT);
  const after = prepare(database, AFTER);
  const forget = prepare(database, FORGET);
  return {
    append: (updates) => {
      for (const { body, atMs } of updates) append.run(body, atMs);
    },
    extent: () => {
      const [first, last] = extent.get() ?? [];
      return { first: Number(first), last: Number(last) };
    },
    after: (sequence, rowsMax) =>
      after.all(sequence, rowsMax).map(([number, body, atMs]) => ({
        sequence: Number(number),
        body: String(body),
        atMs: Number(atMs),
      })),
    forget: ({ through, beforeMs }, rowsMax) => forget.run(through, beforeMs, rowsMax).changes,
  };
}

/** What people and the engine did to the whole of it is told, too. */
export const operationUpdate = ({ kind: deed, atMs, ...rest }: OperationRecord): UpdateRecord => ({
  body: JSON.stringify({ type: 'operation', timeMs: atMs, deed, ...rest }),
  atMs,
});
