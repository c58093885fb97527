/**
 * The one interface of all algorithms: a pure decider from a view to directives, each with its
 * reason. No clock, no I/O, no randomness but what the view carries; the host stamps and checks
 * what comes out.
 */
import type { BookView, FlowView } from '../book/book-view.ts';
import type { Action, Instrument, OutcomeSide, TickRange } from '../domain/instrument.ts';
import type { Json } from '../domain/json.ts';
import type { Lots, Ticks } from '../domain/numbers.ts';
import type { TimeInForce } from '../domain/order.ts';

export interface OwnOrder {
  readonly splitOrderId: string;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly filled: Lots;
  readonly timeInForce: TimeInForce;
  /** Acknowledged and resting: only then may it be repriced. */
  readonly working: boolean;
  /** A cancel or an amend of it is unanswered, or its outcome is in doubt. */
  readonly busy: boolean;
  readonly walks: number;
  readonly placedAtMs: number;
}

/** The book and the trading of the market, in prices of the own contract, own orders taken out. */
export interface MarketView {
  readonly instrument: Instrument;
  readonly outcome: OutcomeSide;
  /** The tick grid of the own contract. */
  readonly ranges: readonly TickRange[];
  readonly book: BookView;
  readonly flow: FlowView;
  /** False while the book is stale, gapped, crossed or silent: then nothing may be placed on it. */
  readonly fresh: boolean;
}

export interface ExecutionView<Parameters = unknown, State = Json> {
  readonly action: Action;
  readonly target: Lots;
  readonly filled: Lots;
  /** What may still be put into new orders. */
  readonly unreleased: Lots;
  /** Highest price payable, or lowest acceptable when selling; fixed at arrival. */
  readonly cap: Ticks;
  readonly nowMs: number;
  readonly startedAtMs: number;
  /** When closing begins: the parent deadline less the reserve for closing. */
  readonly closeAtMs: number;
  readonly orders: readonly OwnOrder[];
  readonly market: MarketView;
  /** Calls to the venue this execution may still make. */
  readonly callsLeft: number;
  readonly parameters: Parameters;
  /** What the last decision left behind; null at the first. */
  readonly state: State | null;
}

export type Trigger = 'start' | 'timer' | 'fill' | 'touch' | 'trade' | 'orderEnded' | 'bookLive';

export type Directive =
  | {
      readonly kind: 'place';
      readonly price: Ticks;
      readonly quantity: Lots;
      readonly timeInForce: TimeInForce;
      readonly postOnly: boolean;
      readonly reason: string;
    }
  | {
      readonly kind: 'reprice';
      readonly splitOrderId: string;
      readonly price: Ticks;
      readonly reason: string;
    }
  | { readonly kind: 'cancel'; readonly splitOrderId: string; readonly reason: string }
  /** Wake the decider then, whatever else happens. The latest one counts. */
  | { readonly kind: 'waitUntil'; readonly timeMs: number; readonly reason: string }
  /** Cancel what rests and end. */
  | { readonly kind: 'finish'; readonly reason: string };

export interface Decision<State = Json> {
  readonly directives: readonly Directive[];
  /**
   * Kept for the next call; plain JSON, since it is journaled. The same reference means
   * "unchanged".
   */
  readonly state: State | null;
}

export interface AlgorithmDefinition<Parameters = unknown, State extends Json = Json> {
  readonly name: string;
  readonly version: number;
  /**
   * Reads the signal's own parameters; throws an `InputError` for an unknown name or a bad value.
   */
  parameters(given: Readonly<Record<string, unknown>>): Parameters;
  /** The first decision, on the book at arrival. */
  plan(view: ExecutionView<Parameters, State>): Decision<State>;
  /** Each later one. Empty directives and an unchanged state mean: hold. */
  decide(view: ExecutionView<Parameters, State>, trigger: Trigger): Decision<State>;
  /**
   * What must be free for it to start: calls of its lease, and places among its own kind. Without
   * them the execution is worked by `simple_limit`. Left out by algorithms that make do with a call
   * or two.
   */
  readonly needs?: { readonly calls: number; readonly maxConcurrent: number };
  /**
   * Which market events wake it besides its own timer, fills and ended orders: a best price that
   * moved, and a trade.
   */
  readonly wakesOn: { readonly touch: boolean; readonly trade: boolean };
}
