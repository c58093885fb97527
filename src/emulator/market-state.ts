/** What everybody can know of a market besides its book: its terms, its phase, its trades. */
import type { Instrument, TickRange } from '../domain/instrument.ts';
import type { Print } from '../domain/market-data.ts';
import { type Money, ZERO } from '../domain/money.ts';
import { type Ticks, ticks } from '../domain/numbers.ts';
import type { MarketDataSource } from '../venues/paper/source.ts';
import { dollars, PAYOUT, value } from './notation.ts';

export interface PublicTrade {
  readonly tradeId: string;
  readonly ticker: string;
  /** Of YES. */
  readonly price: number;
  readonly quantity: number;
  readonly taker: 'buy' | 'sell';
  readonly isBlock: boolean;
  readonly atMs: number;
}

export type MarketPhase = 'open' | 'paused' | 'closed' | 'settled';

/** Older trades are forgotten: no bot reads so far back. */
const TRADES_KEPT = 10_000;

const DECI_CENTS: readonly TickRange[] = [{ from: ticks(10), to: ticks(9_990), step: ticks(10) }];

export class MarketState {
  readonly ticker: string;
  readonly marketId: string;
  readonly closeMs: number;
  readonly openMs: number;
  /** As the paper exchange reads it: its grid may change under it. */
  readonly instrument: Instrument;
  phase: MarketPhase = 'open';
  settledAt: Ticks | null = null;
  readonly #trades: PublicTrade[] = [];
  #volume = 0;
  #turnover: Money = ZERO;
  #hasFineTicks = false;

  constructor(instrument: Instrument, facts: Pick<MarketState, 'marketId' | 'closeMs' | 'openMs'>) {
    this.ticker = instrument.symbol;
    this.marketId = facts.marketId;
    this.closeMs = facts.closeMs;
    this.openMs = facts.openMs;
    const grid = (): readonly TickRange[] =>
      this.#hasFineTicks ? DECI_CENTS : instrument.tickRanges;
    this.instrument = {
      ...instrument,
      get tickRanges() {
        return grid();
      },
    };
  }

  /** The newest last. */
  get trades(): readonly PublicTrade[] {
    return this.#trades;
  }

  get last(): PublicTrade | null {
    return this.#trades.at(-1) ?? null;
  }

  /** Lots ever traded. */
  get volume(): number {
    return this.#volume;
  }

  get turnover(): Money {
    return this.#turnover;
  }

  useFineTicks(on: boolean): void {
    this.#hasFineTicks = on;
  }

  traded(trade: PublicTrade): void {
    this.#trades.push(trade);
    if (this.#trades.length > 2 * TRADES_KEPT) this.#trades.splice(0, TRADES_KEPT);
    this.#volume += trade.quantity;
    this.#turnover = this.#turnover.plus(value(trade.price, trade.quantity));
  }
}

export const tradeOf = (print: Print, tradeId: string, atMs: number): PublicTrade => ({
  tradeId,
  ticker: print.symbol,
  price: print.price,
  quantity: print.quantity,
  taker: print.taker,
  isBlock: print.block === true,
  atMs,
});

export interface PriceRange {
  readonly start: string;
  readonly end: string;
  readonly step: string;
}

/** The venue writes the ends of the scale too, where nothing can be traded. */
export const priceRangesOf = ({ tickRanges }: Instrument): readonly PriceRange[] =>
  tickRanges.map(({ from, to, step }) => ({
    start: dollars(from === step ? 0 : from),
    end: dollars(to === PAYOUT - step ? PAYOUT : to),
    step: dollars(step),
  }));

/** A label, no more: the ranges count. */
export function structureOf({ tickRanges }: Instrument): string {
  const steps = tickRanges.map(({ step }) => step).join();
  const names: Readonly<Record<string, string>> = {
    '100': 'linear_cent',
    '10': 'deci_cent',
    '10,100,10': 'tapered_deci_cent',
  };
  return names[steps] ?? 'banded_centi_cent';
}

/** Where nobody says when a market closes: in a month. */
const OPEN_MS = 30 * 86_400_000;

export interface NewMarkets {
  readonly source: MarketDataSource;
  /** By ticker, on the clock of the source. */
  readonly closeTimes: ReadonlyMap<string, number>;
}

export function newMarkets(
  { source, closeTimes }: NewMarkets,
  openMs: number,
  newId: () => string,
): ReadonlyMap<string, MarketState> {
  const shiftMs = openMs - source.startMs;
  return new Map(
    source.instruments.map((instrument) => {
      const closesAtMs = closeTimes.get(instrument.symbol);
      const closeMs = closesAtMs === undefined ? openMs + OPEN_MS : closesAtMs + shiftMs;
      const facts = { marketId: newId(), openMs, closeMs };
      return [instrument.symbol, new MarketState(instrument, facts)];
    }),
  );
}
