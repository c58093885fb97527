/**
 * This process's turn at the account. The lock keeps other engines away; the epoch is the second
 * guard: whoever lost it (a copied lock, a file system without locks) cannot commit any more.
 */
import { sql } from 'kysely';
import { invariant } from '../domain/errors.ts';
import { tables } from './schema.ts';
import { prepare, type Sqlite } from './sqlite.ts';

const TAKE = tables
  .updateTable('lease')
  .set({ epoch: sql<number>`max(epoch + 1, ${0})` })
  .returning(['epoch', 'next_sequence'])
  .compile();

const ADVANCE = tables
  .updateTable('lease')
  .set({ next_sequence: 0, last_journal_id: sql<number>`last_journal_id + ${0}` })
  .where('epoch', '=', 0)
  .where('next_sequence', '<=', 0)
  .compile();

const HOLDS = tables.selectFrom('lease').select(sql`1`.as('held')).where('epoch', '=', 0).compile();

export interface Lease {
  readonly epoch: number;
  readonly nextSequence: number;
}

/** `leastEpoch` keeps a lost or restored file from giving out an epoch a second time. */
export function takeLease(database: Sqlite, leastEpoch: number): Lease {
  const [epoch, nextSequence] = prepare(database, TAKE).get(leastEpoch) ?? [];
  return { epoch: Number(epoch), nextSequence: Number(nextSequence) };
}

/** Moves the id counter on and counts the journal's rows; refuses once the epoch is another's. */
export type Advance = (nextSequence: number, journalRows: number) => void;

export function leaseWriter(database: Sqlite, epoch: number): Advance {
  const advance = prepare(database, ADVANCE);
  return (nextSequence, journalRows) => {
    const { changes } = advance.run(nextSequence, journalRows, epoch, nextSequence);
    invariant(
      changes === 1,
      'a turn needs the lease of its epoch and a counter that never runs back',
      `epoch ${epoch}, next sequence ${nextSequence}`,
    );
  };
}

/** Throws once the epoch is another's: for writes that move no counter. */
export function leaseGuard(database: Sqlite, epoch: number): () => void {
  const holds = prepare(database, HOLDS);
  return () =>
    invariant(holds.get(epoch) !== undefined, 'a note needs the lease of its epoch', epoch);
}
