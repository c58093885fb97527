/**
 * Reads everything a session needs (options, recordings, signals) and checks all of it: nothing is
 * opened or written for a session that cannot run. Throws an `InputError` for the first fault.
 */
import {
  checkSignal,
  InputError,
  liveClock,
  type MarketDataSource,
  type Random,
  type Signal,
  seededRandom,
} from '../index.ts';
import { limitsNear } from '../replay/arrival-limits.ts';
import { located } from '../replay/tape-lines.ts';
import {
  type MarketData,
  SIMULATED_MARKETS,
  type Span,
  simulatedData,
  tapeData,
  VENUE,
} from './market-data.ts';
import { algorithm, count, milliseconds, timeLimit } from './option-text.ts';
import { type Draft, drawSignals, readSignals, repeated, WALKER } from './signals.ts';
import { seconds } from './text.ts';

/** As the parser gives them: text, until this file has read it. */
export interface RunOptions {
  readonly tape?: readonly string[];
  readonly signals?: string;
  readonly count?: string;
  readonly market?: string;
  readonly at: string;
  readonly side?: string;
  readonly action?: string;
  readonly quantity?: string;
  readonly limit?: string;
  readonly fairValue?: string;
  readonly timeLimit: string;
  readonly algorithm?: string;
  readonly seed: string;
  readonly db?: string;
  readonly realtime?: true;
  readonly json?: true;
  readonly quiet?: true;
}

export interface PlannedSignal {
  /** Milliseconds after the first book. */
  readonly atMs: number;
  /** False where the session gives it an id of its own. */
  readonly named: boolean;
  readonly signal: Signal;
}

export interface SessionPlan {
  readonly seed: string;
  readonly random: Random;
  readonly data: MarketData;
  readonly markets: readonly string[];
  /** On the clock of the market data: the time of the first book. */
  readonly startMs: number;
  readonly signals: readonly PlannedSignal[];
  readonly dbFile: string | null;
  readonly realtime: boolean;
}

/** A day in 2027: simulated time has to begin somewhere, and the same seed gives the same bytes. */
const SIMULATED_START_MS = 1_800_000_000_000;
/** Dollars beyond the market for a limit that nobody gave. */
const LIMIT_MARGIN = '0.05';
/** On every grid; stands for a limit until it is chosen. */
const ANY_LIMIT = '0.50';

export function planSession(options: RunOptions): SessionPlan {
  const { seed, db, realtime = false } = options;
  const random = seededRandom(seed);
  const nowMs = realtime ? liveClock.wallMs() : SIMULATED_START_MS;
  const data = options.tape ? tapeData(options.tape) : simulatedData(random, nowMs);
  const usualAtMs = milliseconds(options.at, '--at');
  const drafts = draftsOf(options, random, usualAtMs);
  const said = wishOf(options, data);
  const wishes = drafts.map((draft, index) => checked(draft, said, index, data));
  checkIds(wishes);
  const timed = wishes.map((wish) => ({ ...wish, atMs: wish.atMs ?? usualAtMs }));
  const markets = [...new Set(timed.map(({ signal }) => signal.market))];
  checkTimes(timed, data.span(markets));
  const { startMs } = data.span(markets);
  const signals = withLimits(timed, data.open(markets), startMs);
  return { seed, random, data, markets, startMs, signals, realtime, dbFile: db ?? null };
}

function draftsOf(options: RunOptions, random: Random, usualAtMs: number): readonly Draft[] {
  const { signals, count: text, tape } = options;
  if (signals !== undefined && text !== undefined)
    throw new InputError('--count is of drawn signals, --signals brings its own', text, 'drop one');
  if (signals !== undefined) return readSignals(signals);
  if (tape === undefined)
    return drawSignals(random.fork('signals'), SIMULATED_MARKETS, count(text ?? '30'), usualAtMs);
  const usual = { outcome: 'yes', action: 'buy', quantity: '100', algorithm: WALKER };
  return repeated(usual, count(text ?? '1'), usualAtMs);
}

/** The parts of every signal that the options say. */
function wishOf(options: RunOptions, data: MarketData): Readonly<Record<string, unknown>> {
  const busiest = data.source.kind === 'tape' ? data.instruments[0]?.symbol : undefined;
  const said = {
    venue: VENUE,
    market: options.market ?? busiest,
    outcome: options.side,
    action: options.action,
    quantity: options.quantity,
    limitPrice: options.limit,
    fairValue: options.fairValue,
    timeLimitMs: timeLimit(options.timeLimit),
    algorithm: options.algorithm === undefined ? undefined : algorithm(options.algorithm),
  };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}

interface CheckedWish extends Omit<PlannedSignal, 'atMs'> {
  readonly atMs: number | null;
  /** Its limit is still to be chosen. */
  readonly open: boolean;
}

function checked(
  { atMs, place, wish }: Draft,
  said: Readonly<Record<string, unknown>>,
  index: number,
  data: MarketData,
): CheckedWish {
  // What a file says counts more than an option, what was drawn counts less.
  const whole = place === null ? { ...wish, ...said } : { ...said, ...wish };
  const named = 'signalId' in whole;
  const open = place === null && !('limitPrice' in whole);
  const given = {
    ...(named ? {} : { signalId: `signal-${index + 1}` }),
    ...(open ? { limitPrice: ANY_LIMIT } : {}),
    ...whole,
  };
  const read = (): Signal => checkSignal(given, data.instruments);
  return { atMs, named, open, signal: place === null ? read() : located(place, read) };
}

/** A drawn wish without a limit gets one near the market as it is when the wish arrives. */
function withLimits(
  wishes: readonly (PlannedSignal & Pick<CheckedWish, 'open'>)[],
  source: MarketDataSource,
  startMs: number,
): readonly PlannedSignal[] {
  const open = wishes.filter((wish) => wish.open);
  const arrivals = open.map(({ atMs, signal }) => ({ ...signal, atMs: startMs + atMs }));
  const limits = open.length === 0 ? [] : limitsNear(source, arrivals, LIMIT_MARGIN);
  const limitOf = new Map(open.map((wish, index) => [wish, limits[index]]));
  return wishes.map((wish) => {
    const { atMs, named, signal } = wish;
    const limitPrice = limitOf.get(wish) ?? signal.limitPrice;
    return { atMs, named, signal: { ...signal, limitPrice } };
  });
}

function checkIds(signals: readonly Omit<PlannedSignal, 'atMs'>[]): void {
  const seen = new Set<string>();
  for (const { named, signal } of signals) {
    if (!named) continue;
    if (seen.has(signal.signalId))
      throw new InputError('a signalId names one signal', signal.signalId, 'rename the second one');
    seen.add(signal.signalId);
  }
}

function checkTimes(signals: readonly { readonly atMs: number }[], span: Span): void {
  const { startMs, endMs } = span;
  const late = signals.find(({ atMs }) => endMs !== null && startMs + atMs >= endMs);
  if (endMs === null || late === undefined) return;
  const length = seconds(endMs - startMs, 1);
  throw new InputError(
    `a signal must arrive before the recording ends, ${length} s after the first book`,
    `${seconds(late.atMs, 1)} s`,
    'choose an earlier time with --at or atMs',
  );
}
