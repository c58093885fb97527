/**
 * How much could be taken at arrival, and its category. It is judged once per execution, whatever
 * the algorithm, on the side that would be taken: the own side is the queue, not the supply.
 */
import type { BookView } from '../book/book-view.ts';
import type { Action, Instrument } from '../domain/instrument.ts';
import { times } from '../domain/money.ts';
import type { Lots, Ticks } from '../domain/numbers.ts';

export type LiquidityCategory = 'liquid' | 'moderate' | 'thin';

export interface ArrivalLiquidity {
  /** Executable within two grid steps of the touch and within the cap. */
  readonly depth: Lots;
  readonly category: LiquidityCategory;
}

const NEAR_TOUCH_STEPS = 2;
const LIQUID_CONTRACTS = 100;
const MODERATE_CONTRACTS = 50;

export function arrivalLiquidity(
  instrument: Instrument,
  book: BookView,
  action: Action,
  cap: Ticks,
): ArrivalLiquidity {
  const depth = book.depthWithin(action, NEAR_TOUCH_STEPS, cap);
  const contracts = times(instrument.lotSize, depth);
  if (contracts.greaterThanOrEqualTo(LIQUID_CONTRACTS)) return { depth, category: 'liquid' };
  const category = contracts.greaterThanOrEqualTo(MODERATE_CONTRACTS) ? 'moderate' : 'thin';
  return { depth, category };
}
