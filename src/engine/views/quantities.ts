/** What a check from outside may see of an execution: where its lots are, and its orders' ids. */
import type { Quantity } from '../../ledger/quantity.ts';
import type { Runtime } from '../runtime.ts';

export interface ExecutionQuantity {
  readonly executionId: string;
  /** The ledger's own value: replaced, never changed. */
  readonly quantity: Quantity;
  /** Of all venue orders it ever asked for. */
  readonly clientOrderIds: readonly string[];
}

/** Executions are remembered until their window for late fills is over. */
export const quantitiesOf = (runtime: Runtime): readonly ExecutionQuantity[] =>
  [...runtime.records.values()].flatMap(({ id, wish, orders }) => {
    const actor = runtime.hostOf(wish.instrument.symbol).execution(id);
    // Without an actor nothing was ever reserved, or the journal alone tells of it.
    if (actor === null) return [];
    const clientOrderIds = [...orders.values()].flatMap((order) => order.clientOrderIds);
    return [{ executionId: id, quantity: actor.getSnapshot().context.quantity, clientOrderIds }];
  });
