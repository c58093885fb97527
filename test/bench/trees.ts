/** One market's actors, ours and bare ones, behind the same few words. Effects do nothing. */
import { type AnyEventObject, createActor, fromEventObservable } from 'xstate';
import { executionMachine } from '../../machines/execution/execution.machine.ts';
import type { StampedDirective } from '../../machines/execution/execution.protocol.ts';
import { marketMachine } from '../../machines/market/market.machine.ts';
import type { MarketEvent } from '../../machines/market/market.protocol.ts';
import { splitOrderMachine } from '../../machines/split-order/split-order.machine.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import type { ExecutionActor } from '../../src/engine/execution/execution-record.ts';
import { type BareReport, bareMarket } from './bare-machines.ts';

/** Split orders of each execution. */
export const ORDERS = 10;
/** Fills of one lot that an order bears before the last one ends it. */
export const FILLS = 8;
export const QUANTITY = FILLS + 1;

export const ORDER_NUMBERS = Array.from({ length: ORDERS }, (_, order) => order);

/** One market's actors, of either kind, as the bench speaks to them. */
export interface Tree {
  /** An execution with its orders placed and not acknowledged. */
  open(execution: string): void;
  acknowledge(execution: string, order: number): void;
  fill(execution: string, order: number, fill: number, quantity: number): void;
  isEnded(execution: string): boolean;
  dismiss(execution: string): void;
  stop(): void;
}

const noop = (): undefined => undefined;
const silence = fromEventObservable<AnyEventObject, { readonly symbol: string }>(() => ({
  subscribe: () => ({ unsubscribe: noop }),
}));

const splitOrder = splitOrderMachine.provide({
  actions: {
    requestSubmit: noop,
    requestAmend: noop,
    requestCancel: noop,
    requestResolution: noop,
  },
});

const execution = executionMachine.provide({
  actors: { splitOrder },
  actions: {
    requestAdmission: noop,
    requestDecision: noop,
    armDeadlines: noop,
    armRetry: noop,
    publishResult: noop,
    raiseLateFill: noop,
  },
});

const market = marketMachine.provide({
  actors: { execution, bookFeed: silence, reportFeed: silence },
  actions: {
    journal: noop,
    refuseExecution: noop,
    bookIfLate: noop,
    raiseFault: noop,
    raiseFeedFault: noop,
  },
});

export function ourTree(): Tree {
  const input = { venue: 'bench', symbol: 'M', tag: 'dw' };
  const actor = createActor(market, { input }).start();
  const send = (event: MarketEvent): void => actor.send(event);
  send({ type: 'feed.up', reason: 'bench' });
  send({ type: 'book.live', reason: 'bench' });
  return {
    open(id) {
      send({ type: 'execution.requested', input: executionInput(id) });
      const admission = { cap: ticks(70), startedAtMs: 0, closeAtMs: 900, deadlineMs: 1_000 };
      const admitted = { type: 'execution.admitted', ...admission } as const;
      send({ type: 'execution.told', executionId: id, message: admitted });
      const directives = ORDER_NUMBERS.map((order) => placement(id, order));
      const terms = { trigger: 'start', algorithmState: null, wakeAtMs: null, viewVersion: 1 };
      const touch = { bid: '0.50', ask: '0.52' };
      const decided = { type: 'execution.decided', ...terms, directives, touch } as const;
      send({ type: 'execution.told', executionId: id, message: decided });
    },
    acknowledge(id, order) {
      const clientOrderId = `${id}-c${order}`;
      send({ type: 'order.accepted', clientOrderId, venueOrderId: 'v' });
    },
    fill(id, order, fill, quantity) {
      const clientOrderId = `${id}-c${order}`;
      const terms = { price: ticks(50), quantity: lots(quantity), fee: '0', timeMs: 0 };
      const made = { fillId: `${clientOrderId}-${fill}`, ...terms, printSequence: null };
      send({ type: 'order.filled', clientOrderId, fill: { ...made, liquidity: 'maker' } });
    },
    isEnded: (id) => isFinal(actor.system.get(id)),
    dismiss: (id) => send({ type: 'execution.dismissed', executionId: id }),
    stop: () => actor.stop(),
  };
}

const isFinal = (actor: unknown): boolean =>
  (actor as ExecutionActor | undefined)?.getSnapshot().hasTag('final') ?? false;

const executionInput = (id: string) => ({
  id,
  terms: { symbol: 'M', outcome: 'yes', action: 'buy' } as const,
  target: lots(ORDERS * QUANTITY),
  amendable: true,
  expiring: false,
  whenStale: 'cancel' as const,
});

const placement = (id: string, order: number): StampedDirective => ({
  kind: 'place',
  splitOrderId: `${id}-${order}`,
  clientOrderId: `${id}-c${order}`,
  price: ticks(50),
  quantity: lots(QUANTITY),
  timeInForce: 'gtc',
  postOnly: false,
  reason: 'bench',
});

export function bareTree(): Tree {
  const actor = createActor(bareMarket).start();
  const report = (executionId: string, told: BareReport): void =>
    actor.send({ type: 'tell', executionId, message: { type: 'report', report: told } });
  return {
    open(executionId) {
      actor.send({ type: 'open', executionId });
      const orders = ORDER_NUMBERS.map((order) => ({
        id: `${executionId}-${order}`,
        executionId,
        quantity: QUANTITY,
      }));
      actor.send({ type: 'tell', executionId, message: { type: 'place', orders } });
    },
    acknowledge: (id, order) => report(id, { type: 'ack', orderId: `${id}-${order}` }),
    fill: (id, order, _, quantity) =>
      report(id, { type: 'fill', orderId: `${id}-${order}`, quantity }),
    isEnded: (id) => isFinal(actor.system.get(id)),
    dismiss: (executionId) => actor.send({ type: 'close', executionId }),
    stop: () => actor.stop(),
  };
}
