/** Own orders as the paper exchange holds them: in YES prices, on one side of the YES book. */
import { type Action, type Instrument, mirror, type OutcomeSide } from '../../domain/instrument.ts';
import type { BookSide } from '../../domain/market-data.ts';
import { type Lots, subtractLots, type Ticks } from '../../domain/numbers.ts';
import type { FoundStatus, OrderRequest } from '../../domain/order.ts';

export interface PaperOrder {
  readonly venueOrderId: string;
  readonly side: BookSide;
  readonly acceptedAtMs: number;
  /** As last amended, in own-contract prices. */
  request: OrderRequest;
  /** The limit in YES prices. */
  price: Ticks;
  filled: Lots;
  /** Market quantity that must trade or leave before this order does. */
  ahead: Lots;
  /** What has been put before it at a better price, as a stress; no level shows it. */
  pennied: Lots;
  status: FoundStatus;
}

export const leavesOf = (order: PaperOrder): Lots =>
  subtractLots(order.request.quantity, order.filled);

/** Buying NO at q and selling YES at payout - q are one order. */
export const bookSideOf = (outcome: OutcomeSide, action: Action): BookSide =>
  (outcome === 'yes') === (action === 'buy') ? 'bid' : 'ask';

export const contraOf = (side: BookSide): BookSide => (side === 'bid' ? 'ask' : 'bid');

/** YES price to own price and back: the mirror is its own inverse. */
export const priceFor = (instrument: Instrument, outcome: OutcomeSide, price: Ticks): Ticks =>
  outcome === 'yes' ? price : mirror(instrument, price);

/** How far an order's limit reaches through a price: 0 at it, negative short of it. */
export const reach = (side: BookSide, limit: number, price: number): number =>
  side === 'bid' ? limit - price : price - limit;
