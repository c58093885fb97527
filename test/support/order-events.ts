/** Short words for what is said to a split order, so that tests read as a dialogue. */
import type { SplitOrderEvent } from '../../machines/split-order/split-order.protocol.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import type { FoundStatus, OrderCommandKind, OrderReport } from '../../src/domain/order.ts';

const PRICE = 50;

export const accepted = (clientOrderId = 'a'): OrderReport => ({
  type: 'order.accepted',
  clientOrderId,
  venueOrderId: `v-${clientOrderId}`,
});

export const rejected = (clientOrderId = 'a'): OrderReport => ({
  type: 'order.rejected',
  clientOrderId,
  reason: 'the venue says no',
});

export const filled = (fillId: string, count: number, clientOrderId = 'a'): OrderReport => ({
  type: 'order.filled',
  clientOrderId,
  fill: {
    fillId,
    price: ticks(PRICE),
    quantity: lots(count),
    fee: '0',
    liquidity: 'maker',
    timeMs: 0,
    printSequence: null,
  },
});

export const reverted = (fillId: string, clientOrderId = 'a'): OrderReport => ({
  type: 'order.fillReverted',
  clientOrderId,
  fillId,
});

export const cancelled = (cumulative: number, clientOrderId = 'a'): OrderReport => ({
  type: 'order.cancelled',
  clientOrderId,
  cumulative: lots(cumulative),
  reason: 'cancelled',
});

export const expired = (cumulative: number, clientOrderId = 'a'): OrderReport => ({
  type: 'order.expired',
  clientOrderId,
  cumulative: lots(cumulative),
  reason: 'expired',
});

export const cancelRejected = (clientOrderId = 'a'): OrderReport => ({
  type: 'order.cancelRejected',
  clientOrderId,
  reason: 'too late',
});

export const amended = (quantity: number, price = PRICE + 2, clientOrderId = 'a'): OrderReport => ({
  type: 'order.amended',
  clientOrderId,
  price: ticks(price),
  quantity: lots(quantity),
});

export const restated = (quantity: number, clientOrderId = 'a'): OrderReport => ({
  type: 'order.restated',
  clientOrderId,
  price: ticks(PRICE),
  quantity: lots(quantity),
});

export const amendRejected = (clientOrderId = 'a'): OrderReport => ({
  type: 'order.amendRejected',
  clientOrderId,
  reason: 'too late',
});

export const doubted = (command: OrderCommandKind, clientOrderId = 'a'): OrderReport => ({
  type: 'order.doubted',
  clientOrderId,
  command,
  reason: 'no answer in time',
});

export const notSent = (command: OrderCommandKind, clientOrderId = 'a'): OrderReport => ({
  type: 'order.notSent',
  clientOrderId,
  command,
  reason: 'our own gate refused',
});

export const found = (
  status: FoundStatus,
  cumulative: number,
  quantity: number,
  clientOrderId = 'a',
): OrderReport => ({
  type: 'order.found',
  clientOrderId,
  venueOrderId: `v-${clientOrderId}`,
  status,
  cumulative: lots(cumulative),
  price: ticks(PRICE),
  quantity: lots(quantity),
});

/** Found over, with no fills but those that are known. */
export const settled = (status: FoundStatus, cumulative: number, total: number) =>
  ({ ...found(status, cumulative, total), settled: true }) as OrderReport;

export const neverAccepted = (clientOrderId = 'a'): OrderReport => ({
  type: 'order.neverAccepted',
  clientOrderId,
  evidence: 'every listing is complete and later',
});

export const walk = (clientOrderId = 'b', price = PRICE + 2): SplitOrderEvent => ({
  type: 'splitOrder.walk',
  clientOrderId,
  price: ticks(price),
  reason: 'the touch moved',
});

export const cancel = (urgent = false): SplitOrderEvent => ({
  type: 'splitOrder.cancel',
  reason: urgent ? 'halt' : 'no longer wanted',
  urgent,
});

export const doubt: SplitOrderEvent = { type: 'splitOrder.doubt', reason: 'a fault of our own' };
