import { sql } from 'kysely';
import { createTable, integer, type Migration, text } from './table.ts';

/** What outlives executions: payouts, the state of risk, and what people did to the engine. */
export const account: Migration = (builder) => [
  'alter table lease add column last_journal_id integer not null default 0',
  'update lease set last_journal_id = (select coalesce(max(journal_id), 0) from journal)',
  createTable(builder, 'settlements', ['venue', 'market'], {
    venue: text,
    market: text,
    value: text,
    at_ms: integer,
  }).compile().sql,
  createTable(builder, 'risk_state', ['name'], { name: text, body: text, at_ms: integer }).compile()
    .sql,
  createTable(builder, 'operations', ['operation_id'], {
    operation_id: integer,
    kind: text,
    scope: text,
    actor: text,
    reason: text,
    epoch: integer,
    at_ms: integer,
  })
    .addCheckConstraint(
      'operation_is_known',
      sql`kind in ('boot', 'stop', 'halt', 'resume', 'enable', 'settle', 'limits')`,
    )
    .compile().sql,
  ...['update', 'delete'].map(
    (deed) =>
      `create trigger operations_refuse_${deed} before ${deed} on operations
       begin select raise(abort, 'operations are append-only'); end`,
  ),
  'create index execution_state_of_market on execution_state (venue, market)',
];
