/** What an emulator did, against what the journal of a bot says was done. */
import { existsSync } from 'node:fs';
import { loadDriver } from '../../src/store/driver.ts';
import type { KalshiEmulator } from '../../src/testing.ts';

interface Line {
  readonly clientOrderId: string;
  readonly filled: number;
}

/** A bot's own id: the adapter marks an order on NO with an ending. */
const ownId = (wireId: string): string => wireId.replace(/-no$/, '');

const lotsOf = (count: string): number => Math.round(Number(count) * 100);

/** Differences, in words; empty where both agree order by order and fill by fill. */
export function differences(
  { log }: Pick<KalshiEmulator, 'log'>,
  store: string,
): readonly string[] {
  // A bot that the venue turned away at its start has written nothing yet.
  if (!existsSync(store)) return ['no store'];
  const database = new (loadDriver())(store, { readonly: true });
  const told = database.prepare('select fill_id as id, quantity from fills').all() as {
    readonly id: string;
    readonly quantity: string;
  }[];
  const bodies = database.prepare('select body from journal').all() as { readonly body: string }[];
  database.close();
  const venueFills = new Map(
    log.flatMap((one) => (one.type === 'fill' ? [[one.tradeId, lotsOf(one.count)] as const] : [])),
  );
  const ownFills = new Map(told.map(({ id, quantity }) => [id, lotsOf(quantity)]));
  const journal = bodies.map(({ body }) => body).join('\n');
  const orders = new Map<string, Line & { readonly status: string }>();
  for (const one of log)
    if (one.type === 'order') {
      const clientOrderId = ownId(one.clientOrderId);
      orders.set(one.orderId, { clientOrderId, filled: lotsOf(one.fillCount), status: one.status });
    }
  const ids = [...orders.values()].map(({ clientOrderId }) => clientOrderId);
  return [
    ...ids.filter((id) => !journal.includes(`"${id}"`)).map((id) => `${id} has no intent`),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} rests twice`),
    ...[...venueFills].flatMap(([id, lots]) =>
      ownFills.get(id) === lots ? [] : [`fill ${id}: venue ${lots}, ours ${ownFills.get(id)}`],
    ),
    ...[...ownFills.keys()].filter((id) => !venueFills.has(id)).map((id) => `fill ${id} of nobody`),
    ...[...orders.values()]
      .filter(({ status }) => status === 'resting')
      .map(({ clientOrderId }) => `${clientOrderId} still rests`),
  ];
}

/** Executions whose quantity does not add up, or of which something is left open. */
export function unbalanced(store: string): readonly string[] {
  const database = new (loadDriver())(store, { readonly: true });
  const rows = database.prepare(UNBALANCED).all() as { readonly id: string }[];
  database.close();
  return rows.map(({ id }) => id);
}

const UNBALANCED = `
  select execution_id as id from execution_state as state
  where ended_at_ms is null or working_lots + in_doubt_lots > 0
    or filled_lots + unreleased_lots <> target_lots + overfilled_lots
    or filled_lots <> (
      select coalesce(cast(round(sum(quantity * 100)) as integer), 0)
      from fills where fills.execution_id = state.execution_id)`;
