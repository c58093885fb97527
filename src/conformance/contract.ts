/**
 * What a venue brings to be judged: itself, a clock that can be driven, the facts of one market,
 * and levers that make its world misbehave. How a lever does that is its owner's business.
 */
import type { Lots, Ticks } from '../domain/numbers.ts';
import type { Venue } from '../domain/ports.ts';

/** One way of misbehaving, each. They resolve when it is arranged for; the kit drives the clock. */
export interface Levers {
  /** The next command reaches the venue and is done; its answer is lost. */
  loseAnswer(): Promise<void>;
  /** The next command is lost on its way. */
  loseRequest(): Promise<void>;
  /** The next command is answered by a 5xx, whether it was done or not. */
  serverError(): Promise<void>;
  /** The next command is turned away as one too many (429). */
  throttle(): Promise<void>;
  /** The venue refuses the next submission for this reason. */
  rejectNext(reason: string): Promise<void>;
  /** Listings, lookups and `asOf` are behind what happens, for at least `ms` from now. */
  delayVisibility(ms: number): Promise<void>;
  /** Others trade so many lots with an order that rests; with several, the best and oldest. */
  fillResting(clientOrderId: string, quantity: Lots): Promise<void>;
  /** The account places an order by another way than this adapter; its venue order id. */
  placeForeign(): Promise<string>;
  /** Others change at least three levels of the book, on both sides. */
  stir(): Promise<void>;
  /** Others trade with each other, once. */
  trade(): Promise<void>;
  /** From now on private reports are lost, until `reconnect`. */
  dropReports(): Promise<void>;
  /** All connections are cut, and can be made again at once. */
  reconnect(): Promise<void>;
  /** A message of the book's stream is lost; the connection stays. */
  gap(): Promise<void>;
  /** The book's connection stays open and says nothing more. */
  stall(): Promise<void>;
  /** A page of the next listing of open orders cannot be read. */
  losePage(): Promise<void>;
  /** The venue pauses trading. */
  pause(): Promise<void>;
  /** After a pause trading goes on. */
  resume(): Promise<void>;
  /** From now on the market trades at other prices; both prices of its facts stay on the grid. */
  changeTicks(): Promise<void>;
  /** The market closes for good. */
  closeMarket(): Promise<void>;
  /** The question is answered: YES pays all, NO nothing. */
  settle(): Promise<void>;
  /** Another process opens the same account; what it has for a venue, with no memory of ours. */
  reopen(): Promise<Venue>;
  /** Our wall clock is set by so much; the venue's is not. */
  skewClock(ms: number): Promise<void>;
}

/** What a card may need besides the port: a lever, or something that not every venue can do. */
export type Need = keyof Levers | Feature;

/** `no`: contracts have a NO side. `pages`: more orders and fills than a page can be made. */
export type Feature =
  | 'amend'
  | 'postOnly'
  | 'ioc'
  | 'fok'
  | 'expiry'
  | 'lookupByClientId'
  | 'closedOrders'
  | 'no'
  | 'pages';

/** Prices are YES prices (of the share, the coin). Own orders rest alone at `restingPrice`. */
export interface MarketFacts {
  readonly symbol: string;
  /** A buy at it rests: above the best bid, below the best ask, not the lowest of the grid. */
  readonly restingPrice: Ticks;
  /** A buy at it fills at once, for at least `quantity`. */
  readonly takingPrice: Ticks;
  /** Of an ordinary order: at least four times what the market takes at the least. */
  readonly quantity: Lots;
}

export interface VenueWorld {
  readonly venue: Venue;
  readonly clock: {
    /** Milliseconds that never jump, from any beginning. */
    nowMs(): number;
    /** Lets time pass: a virtual clock runs, a real one is slept through. */
    pass(ms: number): Promise<void>;
  };
  readonly market: MarketFacts;
  readonly levers: Partial<Levers>;
  /** Of client order ids; another each time where orders outlive their world. "kit" by itself. */
  readonly idPrefix?: string;
  /** Ends the venue, and what rests there. */
  close(): Promise<void>;
}

export interface VenueContract {
  readonly name: string;
  /** A world of its own for each card, with nothing resting. */
  open(): Promise<VenueWorld>;
  /** Why a lever or a feature cannot be had; its cards are named with it, and not played. */
  readonly cannot?: Readonly<Partial<Record<Need, string>>>;
  /** Reads and streams show what was done within, as a rule; 1 s unless given. */
  readonly settleMs?: number;
  /** Whatever is asked is answered, whatever happened is told, within; 15 s unless given. */
  readonly answerWithinMs?: number;
  /** Orders or fills on a page of a listing, where the venue has pages; 20 unless given. */
  readonly pageSize?: number;
}
