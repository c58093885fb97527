import { type Kysely, sql } from 'kysely';
import {
  createTable,
  integer,
  type Migration,
  optionalInteger,
  optionalText,
  references,
  text,
} from './table.ts';

export const first: Migration = (builder) => [
  ...journal(builder),
  ...signals(builder),
  ...executionState(builder),
  ...splitOrders(builder),
  ...fills(builder),
  ...results(builder),
  ...lease(builder),
];

/** No foreign key: the journal is the truth, and no projection may keep an entry out of it. */
const journal = (builder: Kysely<unknown>): readonly string[] => [
  createTable(builder, 'journal', ['journal_id'], {
    journal_id: integer,
    execution_id: text,
    split_order_id: optionalText,
    kind: text,
    type: text,
    body: text,
    state_before: optionalText,
    state_after: optionalText,
    rule: optionalText,
    book_version: optionalInteger,
    touch_bid: optionalText,
    touch_ask: optionalText,
    at_ms: integer,
  })
    .addCheckConstraint('kind_is_known', sql`kind in ('input', 'command', 'poison')`)
    .compile().sql,
  index(builder, 'journal_of_execution', 'journal', 'execution_id'),
  `create index journal_of_order on journal (json_extract(body, '$.request.clientOrderId'))
   where kind = 'command' and type = 'submit'`,
  ...['update', 'delete'].map(
    (deed) =>
      `create trigger journal_refuses_${deed} before ${deed} on journal
       begin select raise(abort, 'the journal is append-only'); end`,
  ),
];

const signals = (builder: Kysely<unknown>): readonly string[] => [
  createTable(builder, 'signals', ['signal_id'], {
    signal_id: text,
    execution_id: text,
    body: text,
    received_at_ms: integer,
  }).compile().sql,
];

const executionColumns = {
  execution_id: text,
  signal_id: text,
  venue: text,
  market: text,
  outcome_side: text,
  action: text,
  algorithm: text,
  parameters: text,
  limit_price: text,
  cap_price: optionalText,
  target_lots: integer,
  filled_lots: integer,
  working_lots: integer,
  in_doubt_lots: integer,
  unreleased_lots: integer,
  overfilled_lots: integer,
  lot_size: text,
  state: text,
  outcome: optionalText,
  reason: optionalText,
  started_at_ms: integer,
  deadline_ms: integer,
  ended_at_ms: optionalInteger,
};

/** The checks are the second count of law 1, made by SQL and independent of the ledger's. */
const executionState = (builder: Kysely<unknown>): readonly string[] => [
  references(
    createTable(builder, 'execution_state', ['execution_id'], executionColumns),
    'signal_id',
    'signals',
  )
    .addCheckConstraint(
      'quantity_is_conserved',
      sql`filled_lots + working_lots + in_doubt_lots + unreleased_lots
        = target_lots + overfilled_lots`,
    )
    .addCheckConstraint(
      'quantity_is_never_negative',
      sql`min(target_lots, filled_lots, working_lots, in_doubt_lots, unreleased_lots,
        overfilled_lots) >= 0`,
    )
    .compile().sql,
  'create index execution_state_open on execution_state (execution_id) where ended_at_ms is null',
];

const splitOrders = (builder: Kysely<unknown>): readonly string[] => [
  references(
    createTable(builder, 'split_orders', ['split_order_id'], {
      split_order_id: text,
      execution_id: text,
      client_order_id: text,
      venue_order_id: optionalText,
      price: text,
      quantity: text,
      filled_quantity: text,
      state: text,
      time_in_force: text,
      price_walk_history: text,
      placed_at_ms: integer,
      ended_at_ms: optionalInteger,
    }),
    'execution_id',
    'execution_state',
  ).compile().sql,
  index(builder, 'split_orders_of_execution', 'split_orders', 'execution_id'),
];

const fills = (builder: Kysely<unknown>): readonly string[] => [
  references(
    references(
      createTable(builder, 'fills', ['venue', 'fill_id'], {
        venue: text,
        fill_id: text,
        execution_id: text,
        split_order_id: text,
        client_order_id: text,
        price: text,
        quantity: text,
        fee: text,
        liquidity: text,
        time_ms: integer,
        book_version: integer,
        touch_bid: optionalText,
        touch_ask: optionalText,
        print_sequence: optionalInteger,
      }),
      'execution_id',
      'execution_state',
    ),
    'split_order_id',
    'split_orders',
  ).compile().sql,
  index(builder, 'fills_of_execution', 'fills', 'execution_id'),
];

/** What an ended execution leaves: one row each in trades and execution_metrics. */
const results = (builder: Kysely<unknown>): readonly string[] => [
  references(
    createTable(builder, 'trades', ['execution_id'], {
      execution_id: text,
      signal_id: text,
      venue: text,
      market: text,
      outcome_side: text,
      action: text,
      quantity: text,
      average_price: text,
      fees: text,
      closed_at_ms: integer,
    }),
    'execution_id',
    'execution_state',
  ).compile().sql,
  references(
    createTable(builder, 'execution_metrics', ['execution_id'], {
      execution_id: text,
      algorithm: text,
      algorithm_version: integer,
      liquidity_category: text,
      arrival_mid: optionalText,
      average_price: optionalText,
      all_in_cents_per_contract: optionalText,
      fill_rate: text,
      maker_share: optionalText,
      fees: text,
      walks: integer,
      splits: integer,
      calls: integer,
      duration_ms: integer,
      outcome: text,
    }),
    'execution_id',
    'execution_state',
  ).compile().sql,
];

const lease = (builder: Kysely<unknown>): readonly string[] => [
  createTable(builder, 'lease', ['lease_id'], {
    lease_id: integer,
    epoch: integer,
    next_sequence: integer,
  })
    .addCheckConstraint('there_is_one_lease', sql`lease_id = 1`)
    .compile().sql,
  'insert into lease (lease_id, epoch, next_sequence) values (1, 0, 0)',
];

const index = (builder: Kysely<unknown>, name: string, table: string, column: string): string =>
  builder.schema.createIndex(name).on(table).column(column).compile().sql;
