/** Fills that stand, in the order they were booked: what positions are rebuilt from. */
import { type RawBuilder, sql } from 'kysely';
import type { Store, StoredFill } from '../domain/records.ts';
import { fillCodec } from './codec.ts';
import { tables } from './schema.ts';
import { prepare, type Sqlite } from './sqlite.ts';

/** A fill that the venue took back stays in its table; the journal says that it was. */
const stands = sql`not exists (
    select 1 from journal j
    where j.execution_id = f.execution_id and j.kind = 'input' and j.type = 'order.fillReverted'
      and json_extract(j.body, '$.report.fillId') = f.fill_id
  )`;

const standing = (where: RawBuilder<unknown>) =>
  sql`
  select f.fill_id, f.execution_id, f.time_ms, e.market, e.outcome_side, e.action,
    f.price, f.quantity, f.fee
  from fills f join execution_state e on e.execution_id = f.execution_id
  where ${where} and ${stands} order by f.rowid`.compile(tables);

const OF_VENUE = standing(sql`f.venue = ?`);
const OF_MARKET = standing(sql`f.venue = ? and e.venue = f.venue and e.market = ?`);

const OF_EXECUTION = sql`
  select ${sql.join(fillCodec.columns.map((column) => sql.ref(`f.${column}`)))} from fills f
  where f.execution_id = ? and ${stands} order by f.rowid`.compile(tables);

/** Fills of a venue are read row by row: an account may have more than fit into memory. */
export function fillReaders(database: Sqlite): Pick<Store, 'fills' | 'fillsOf'> {
  const ofVenue = prepare(database, OF_VENUE);
  const ofMarket = prepare(database, OF_MARKET);
  const ofExecution = prepare(database, OF_EXECUTION);
  function* read(venue: string, market: string | null): Iterable<StoredFill> {
    const rows = market === null ? ofVenue.iterate(venue) : ofMarket.iterate(venue, market);
    for (const [fillId, executionId, timeMs, symbol, outcomeSide, action, ...terms] of rows) {
      const [price, quantity, fee] = terms;
      yield {
        fillId: String(fillId),
        executionId: String(executionId),
        timeMs: Number(timeMs),
        market: String(symbol),
        outcomeSide: String(outcomeSide),
        action: String(action),
        price: String(price),
        quantity: String(quantity),
        fee: String(fee),
      };
    }
  }
  return {
    fills: read,
    fillsOf: (executionId) => ofExecution.all(executionId).map(fillCodec.decode),
  };
}
