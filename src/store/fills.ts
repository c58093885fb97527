/** Fills that stand, in the order they were booked: what positions are rebuilt from. */
import { sql } from 'kysely';
import type { StoredFill } from '../domain/records.ts';
import { tables } from './schema.ts';
import { prepare, type Sqlite } from './sqlite.ts';

/** A fill that the venue took back stays in its table; the journal says that it was. */
const STANDING = sql`
  select f.fill_id, e.market, e.outcome_side, e.action, f.price, f.quantity, f.fee
  from fills f join execution_state e on e.execution_id = f.execution_id
  where f.venue = ? and e.market = coalesce(?, e.market) and not exists (
    select 1 from journal j
    where j.execution_id = f.execution_id and j.kind = 'input' and j.type = 'order.fillReverted'
      and json_extract(j.body, '$.report.fillId') = f.fill_id
  )
  order by f.rowid`.compile(tables);

export type FillsOf = (venue: string, market: string | null) => Iterable<StoredFill>;

/** Read row by row: an account may have more fills than fit into memory. */
export function fillsOf(database: Sqlite): FillsOf {
  const standing = prepare(database, STANDING);
  return function* read(venue, market) {
    for (const [fillId, symbol, outcomeSide, action, price, quantity, fee] of standing.iterate(
      venue,
      market,
    ))
      yield {
        fillId: String(fillId),
        market: String(symbol),
        outcomeSide: String(outcomeSide),
        action: String(action),
        price: String(price),
        quantity: String(quantity),
        fee: String(fee),
      };
  };
}
