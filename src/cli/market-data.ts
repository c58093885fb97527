/** What a session trades on: the built-in simulated markets, or recordings, read and verified. */
import {
  InputError,
  type Instrument,
  type MarketDataSource,
  type Random,
  type SimulatedMarketOptions,
  simulatedExchange,
} from '../index.ts';
import { assumedFacts } from '../replay/series.ts';
import { openTape, type Tape } from '../replay/tape-reader.ts';
import { marketsOf, tapeSource } from '../replay/tape-source.ts';
import { verifyTape } from '../replay/verify-tape.ts';

export const VENUE = 'paper';

export interface MarketData {
  /** For the reader of a result. */
  readonly source:
    | { readonly kind: 'simulated'; readonly markets: readonly string[] }
    | { readonly kind: 'tape'; readonly files: readonly string[] };
  /** All that signals may name, the one with most news first. */
  readonly instruments: readonly Instrument[];
  /** The same market data each time it is called. */
  open(symbols: readonly string[]): MarketDataSource;
  /** From the first book of one of these markets to their last event; null where it never ends. */
  span(symbols: readonly string[]): Span;
  /** What is taken for granted of these markets, since the data do not say it. */
  assumptions(symbols: readonly string[]): readonly string[];
}

export interface Span {
  readonly startMs: number;
  readonly endMs: number | null;
}

export const SIMULATED_MARKETS: readonly SimulatedMarketOptions[] = [
  { symbol: 'SIM-LIQUID-1', category: 'liquid' },
  { symbol: 'SIM-MODERATE-1', category: 'moderate' },
  { symbol: 'SIM-THIN-1', category: 'thin' },
  { symbol: 'SIM-LIQUID-2', category: 'liquid' },
  { symbol: 'SIM-MODERATE-2', category: 'moderate' },
  { symbol: 'SIM-THIN-2', category: 'thin' },
];

export function simulatedData(random: Random, startMs: number): MarketData {
  const open = (symbols: readonly string[]): MarketDataSource => {
    const markets = SIMULATED_MARKETS.filter(({ symbol }) => symbols.includes(symbol));
    return simulatedExchange({ random: random.fork('markets'), markets, startMs });
  };
  const names = SIMULATED_MARKETS.map(({ symbol }) => symbol);
  return {
    source: { kind: 'simulated', markets: names },
    instruments: open(names).instruments,
    open,
    span: () => ({ startMs, endMs: null }),
    assumptions: () => [],
  };
}

/** Throws an `InputError` for a recording that cannot be read, or cannot be trusted. */
export function tapeData(files: readonly string[]): MarketData {
  const tapes = files.map(trusted);
  const names = marketsOf(tapes);
  const instruments = names.flatMap((symbol) => {
    const market = tapes.map(({ markets }) => markets.get(symbol)).find((found) => found);
    return market === undefined ? [] : [{ ...market.instrument, venue: VENUE }];
  });
  return {
    source: { kind: 'tape', files },
    instruments,
    open: (symbols) => tapeSource(tapes, symbols),
    span: (symbols) => spanOf(tapes, symbols),
    assumptions: (symbols) => symbols.flatMap((symbol) => assumedFacts(symbol) ?? []),
  };
}

/** A recording in which no level falls below zero; throws an `InputError` for any other. */
export function trusted(file: string): Tape {
  const tape = openTape(file);
  const negative = verifyTape(tape).find(({ negativeLevels }) => negativeLevels > 0);
  if (negative !== undefined)
    throw new InputError(
      `no level of ${negative.symbol} may fall below zero on ${file}`,
      `${negative.negativeLevels} times`,
      'frames are missing or damaged: record it again',
    );
  return tape;
}

function spanOf(tapes: readonly Tape[], symbols: readonly string[]): Span {
  const chosen = new Set(symbols);
  let [startMs, endMs] = [Number.POSITIVE_INFINITY, 0];
  for (const { events } of tapes)
    for (const { atMs, event } of events) {
      if (!chosen.has(event.symbol)) continue;
      if (event.type === 'book.snapshot') startMs = Math.min(startMs, atMs);
      endMs = Math.max(endMs, atMs);
    }
  return { startMs, endMs };
}
