/**
 * Reads everything a session needs (options, recordings, signals) and checks all of it: nothing is
 * opened or written for a session that cannot run. Throws an `InputError` for the first fault.
 */
import type { Config } from '../config/schema.ts';
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
import { algorithm } from './option-text.ts';
import type { SettingOptions } from './settings.ts';
import { type Draft, drawSignals, readSignals, repeated, USUAL_WISH } from './signals.ts';
import { seconds } from './text.ts';

/** As the parser gives them: text, until this file has read it. */
export interface RunOptions extends SettingOptions {
  readonly tape?: readonly string[];
  readonly signals?: string;
  readonly market?: string;
  readonly side?: string;
  readonly action?: string;
  readonly quantity?: string;
  readonly limit?: string;
  readonly fairValue?: string;
  readonly algorithm?: string;
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
  readonly config: Config;
  readonly random: Random;
  readonly data: MarketData;
  readonly markets: readonly string[];
  /** On the clock of the market data: the time of the first book. */
  readonly startMs: number;
  readonly signals: readonly PlannedSignal[];
}

/** A day in 2027: simulated time has to begin somewhere, and the same seed gives the same bytes. */
export const SIMULATED_START_MS = 1_800_000_000_000;
/** Dollars beyond the market for a limit that nobody gave. */
const LIMIT_MARGIN = '0.05';
/** On every grid; stands for a limit until it is chosen. */
const ANY_LIMIT = '0.50';

export function planSession(options: RunOptions, config: Config): SessionPlan {
  const { seed, realtime } = config.run;
  const random = seededRandom(seed);
  const nowMs = realtime ? liveClock.wallMs() : SIMULATED_START_MS;
  const data = options.tape ? tapeData(options.tape) : simulatedData(random, nowMs);
  const drafts = draftsOf(options, config, random);
  return planSignals({ options, config, random, data }, drafts);
}

export interface Desk {
  readonly options: RunOptions;
  readonly config: Config;
  readonly random: Random;
  readonly data: MarketData;
}

/** The same session with wishes of somebody else's choice. */
export function planSignals(desk: Desk, drafts: readonly Draft[]): SessionPlan {
  const { config, random, data } = desk;
  const said = wishOf(desk);
  const wishes = drafts.map((draft, index) => checked(draft, said, index, desk));
  checkIds(wishes);
  const timed = wishes.map((wish) => ({ ...wish, atMs: wish.atMs ?? config.run.atMs }));
  const markets = [...new Set(timed.map(({ signal }) => signal.market))];
  checkTimes(timed, data.span(markets));
  const { startMs } = data.span(markets);
  const signals = withLimits(timed, data.open(markets), startMs);
  return { config, random, data, markets, startMs, signals };
}

/** Signals that nobody counted. */
const USUAL_COUNT = { simulated: 30, tape: 1 };

function draftsOf(options: RunOptions, { run }: Config, random: Random): readonly Draft[] {
  const { signals, count, tape } = options;
  if (signals !== undefined && count !== undefined)
    throw new InputError(
      '--count is of drawn signals, --signals brings its own',
      count,
      'drop one',
    );
  if (signals !== undefined) return readSignals(signals);
  const draws = random.fork('signals');
  if (tape === undefined)
    return drawSignals(draws, SIMULATED_MARKETS, run.count ?? USUAL_COUNT.simulated, run.atMs);
  return repeated(USUAL_WISH, run.count ?? USUAL_COUNT.tape, run.atMs);
}

/** The parts of every signal that the options say. */
function wishOf({ options, config: { run }, data }: Desk): Readonly<Record<string, unknown>> {
  const busiest = data.source.kind === 'tape' ? data.instruments[0]?.symbol : undefined;
  const chosen = options.algorithm ?? run.algorithm;
  const said = {
    venue: VENUE,
    market: options.market ?? run.market ?? busiest,
    outcome: options.side ?? run.side,
    action: options.action ?? run.action,
    quantity: options.quantity ?? run.quantity,
    limitPrice: options.limit,
    fairValue: options.fairValue,
    timeLimitMs: run.timeLimitMs,
    algorithm: chosen === null ? null : algorithm(chosen),
  };
  const isSaid = ([, value]: readonly [string, unknown]): boolean => (value ?? null) !== null;
  return Object.fromEntries(Object.entries(said).filter(isSaid));
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
  { data, config }: Desk,
): CheckedWish {
  // What a file says counts more than an option, what was drawn counts less.
  const whole = place === null ? { ...wish, ...said } : { ...said, ...wish };
  const named = 'signalId' in whole;
  const open = place === null && !('limitPrice' in whole);
  const given = {
    ...(named ? {} : { signalId: `signal-${index + 1}` }),
    ...(open ? { limitPrice: ANY_LIMIT } : {}),
    ...whole,
    ...('algorithm' in whole ? { algorithm: withDefaults(whole['algorithm'], config) } : {}),
  };
  const read = (): Signal => checkSignal(given, data.instruments);
  return { atMs, named, open, signal: place === null ? read() : located(place, read) };
}

/** Parameters from the configuration, below those of the signal; nothing is judged here. */
export function withDefaults(choice: unknown, { algorithms }: Config): unknown {
  if (typeof choice !== 'object' || choice === null || !('name' in choice)) return choice;
  const { name } = choice;
  return typeof name === 'string' && Object.hasOwn(algorithms, name)
    ? { ...algorithms[name], ...choice }
    : choice;
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
