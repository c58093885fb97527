/** What changes outside of turns: payouts, the state of risk, and what people did to the engine. */
import { sql } from 'kysely';
import { invariant } from '../domain/errors.ts';
import type { AccountRecord, RiskStateRecord, Store } from '../domain/records.ts';
import { operationCodec, placeholders, riskStateCodec, settlementCodec } from './codec.ts';
import { tables } from './schema.ts';
import { prepare, type Sqlite } from './sqlite.ts';

const SETTLE = tables
  .insertInto('settlements')
  .values(placeholders(settlementCodec))
  .onConflict((key) => key.columns(['venue', 'market']).doNothing())
  .compile();

const SETTLEMENTS = tables
  .selectFrom('settlements')
  .select(settlementCodec.columns)
  .where('venue', '=', '')
  .orderBy('market')
  .compile();

const KEEP_RISK = tables
  .insertInto('risk_state')
  .values(placeholders(riskStateCodec))
  .onConflict((key) =>
    key.column('name').doUpdateSet({
      body: sql<never>`excluded.body`,
      at_ms: sql<never>`excluded.at_ms`,
    }),
  )
  .compile();

const RISK = tables.selectFrom('risk_state').select('body').where('name', '=', '').compile();

const NOTE = tables.insertInto('operations').values(placeholders(operationCodec)).compile();

const OPERATIONS = tables
  .selectFrom('operations')
  .select(operationCodec.columns)
  .where('kind', '=', 'boot')
  .where('at_ms', '>=', 0)
  .orderBy('operation_id')
  .compile();

export type Account = Pick<Store, 'keep' | 'settlements' | 'riskState' | 'operations'> & {
  /** Within a transaction of the caller's. */
  readonly writeRisk: (records: readonly RiskStateRecord[]) => void;
};

/** Whoever only reads has no lease. */
const readOnly = (): void => invariant(false, 'a reader keeps nothing');

/** `assertLease` throws within the transaction where the account is another engine's by now. */
export function accountOf(database: Sqlite, assertLease: () => void = readOnly): Account {
  const settle = prepare(database, SETTLE);
  const settlements = prepare(database, SETTLEMENTS);
  const keepRisk = prepare(database, KEEP_RISK);
  const risk = prepare(database, RISK);
  const note = prepare(database, NOTE);
  const operations = prepare(database, OPERATIONS);
  const writeRisk = (records: readonly RiskStateRecord[]): void => {
    for (const record of records) keepRisk.run(...riskStateCodec.encode(record));
  };
  const keep = database.transaction((account: AccountRecord) => {
    assertLease();
    for (const record of account.settlements ?? []) settle.run(...settlementCodec.encode(record));
    writeRisk(account.risk ?? []);
    for (const record of account.operations ?? []) note.run(...operationCodec.encode(record));
  });
  return {
    writeRisk,
    keep: (account) => keep.immediate(account),
    settlements: (venue) => settlements.all(venue).map(settlementCodec.decode),
    riskState: (name) => {
      const [body] = risk.get(name) ?? [];
      return body === undefined ? null : String(body);
    },
    operations: (kind, sinceMs) => operations.all(kind, sinceMs).map(operationCodec.decode),
  };
}
