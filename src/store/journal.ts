/**
 * The append-only journal: what entered an execution and what left it. Never updated, never
 * deleted.
 */
import { sql } from 'kysely';
import { InputError } from '../domain/errors.ts';
import type { OrderCommandKind } from '../domain/order.ts';
import type { IntentNote, JournalRecord, OrderOwner, Store } from '../domain/records.ts';
import { journalCodec, placeholders } from './codec.ts';
import { tables } from './schema.ts';
import { prepare, type Sqlite } from './sqlite.ts';

const APPEND = tables.insertInto('journal').values(placeholders(journalCodec)).compile();

const INPUTS = tables
  .selectFrom('journal')
  .select(journalCodec.columns)
  .where('execution_id', '=', '')
  .where('kind', '=', 'input')
  .orderBy('journal_id')
  .compile();

/** The intent of a submission names the order before anybody else does. */
const OWNER = tables
  .selectFrom('journal')
  .select(['execution_id', 'split_order_id', 'at_ms'])
  .where('kind', '=', sql.lit('command'))
  .where('type', '=', sql.lit('submit'))
  .where(sql<string>`json_extract(body, '$.request.clientOrderId')`, '=', '')
  .limit(sql.lit(1))
  .compile();

/** Newest first: whoever reads it stops at the first row that is too old. */
const NEWEST = sql`
  select j.kind, j.type, j.at_ms, e.venue from journal j
  left join execution_state e on e.execution_id = j.execution_id
  order by j.journal_id desc`.compile(tables);

const EXTENT = sql`
  select count(*), coalesce(max(journal_id), 0), (select last_journal_id from lease)
  from journal`.compile(tables);

/** Rows are numbered without a gap, and the lease knows the last one: nobody can take one out. */
export function assertWhole(database: Sqlite): void {
  const [rows, newest, written] = prepare(database, EXTENT).get() ?? [];
  if (rows === newest && newest === written) return;
  throw new InputError(
    `the journal of the store ${database.name} must hold every row that was written`,
    `${written} were written, ${rows} are there, the newest is number ${newest}`,
    'restore it from a backup; look at the venue for orders that it does not know',
  );
}

export interface Journal {
  readonly append: (records: readonly JournalRecord[]) => void;
  readonly inputsOf: (executionId: string) => readonly JournalRecord[];
  readonly ownerOf: (clientOrderId: string) => OrderOwner | null;
  readonly intentsSince: Store['intentsSince'];
}

export function journalOf(database: Sqlite): Journal {
  const append = prepare(database, APPEND);
  const inputs = prepare(database, INPUTS);
  const owner = prepare(database, OWNER);
  const newest = prepare(database, NEWEST);
  const intentsSince: Store['intentsSince'] = (wanted, sinceMs) => {
    const notes: IntentNote[] = [];
    for (const [kind, type, atMs, venue] of newest.iterate()) {
      if (Number(atMs) < sinceMs) break;
      if (kind === 'command' && venue === wanted)
        notes.push({ kind: type as OrderCommandKind, atMs: Number(atMs) });
    }
    return notes.toReversed();
  };
  return {
    append: (records) => {
      for (const record of records) append.run(...journalCodec.encode(record));
    },
    inputsOf: (executionId) => inputs.all(executionId, 'input').map(journalCodec.decode),
    ownerOf: (clientOrderId) => {
      const [executionId, splitOrderId, atMs] = owner.get(clientOrderId) ?? [];
      if (executionId === undefined || splitOrderId === undefined) return null;
      return {
        executionId: String(executionId),
        splitOrderId: String(splitOrderId),
        intentAtMs: Number(atMs),
      };
    },
    intentsSince,
  };
}
