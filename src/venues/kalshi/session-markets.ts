/**
 * Whether the followed markets trade: what the venue says of each, what it says of the exchange,
 * and the closing times, of which it says nothing when they come. It asks nobody.
 */
import type { TickRange } from '../../domain/instrument.ts';
import type { BookEvent, MarketStatus } from '../../domain/market-data.ts';
import type { Clock, Log, TimerId } from '../../domain/ports.ts';
import { settlementOf, statusOf, ticksChangedOf } from './translate.ts';
import type { LifecycleFrame } from './wire.ts';

/** A market as REST describes it. */
export interface MarketFacts {
  readonly phase: 'open' | 'paused' | 'closed';
  /** The venue's clock, milliseconds; null where it has no end. */
  readonly closesAtMs: number | null;
  readonly tickRanges: readonly TickRange[];
}

export interface MarketStatesOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly clockOffsetMs: () => number;
  readonly tell: (event: BookEvent) => void;
  /** It trades again after a halt: the venue cancelled whatever rested there. */
  readonly reactivated: (symbol: string) => void;
}

interface State {
  phase: MarketFacts['phase'];
  /** What listeners were told last. */
  told: MarketFacts['phase'];
  /** As the instrument was given out. */
  readonly given: readonly TickRange[];
  ranges: readonly TickRange[];
  timer: TimerId | null;
  /** When the venue spoke of it, which is newer than any listing. */
  heardAtMs: number;
  /** When it was found to be closed; Infinity until then. */
  endedAtMs: number;
}

/** The venue serves its listing of markets from a cache, up to this old. */
export const LISTING_AGE_MS = 20_000;

/** What is said of the last orders of a market comes within minutes of its end. */
const KEPT_MS = 86_400_000;

/** Longer timers are armed again: closing times lie weeks ahead, clocks are set. */
const TIMER_MS_MAX = 3_600_000;

const EVENT_OF = {
  open: 'market.resumed',
  paused: 'market.paused',
  closed: 'market.closed',
} as const satisfies Record<MarketFacts['phase'], MarketStatus['type']>;

export class MarketStates {
  readonly #options: MarketStatesOptions;
  readonly #states = new Map<string, State>();
  #isExchangePaused = false;
  #isStopped = false;

  constructor(options: MarketStatesOptions) {
    this.#options = options;
  }

  /** What somebody must hear who begins to listen; a market that trades goes without saying. */
  standing(symbol: string): readonly BookEvent[] {
    const state = this.#states.get(symbol);
    if (state === undefined) return [];
    const { told, given, ranges } = state;
    return [
      ...(isSame(given, ranges) ? [] : [{ type: 'market.ticksChanged', symbol, ranges } as const]),
      ...(told === 'open' ? [] : [{ type: EVENT_OF[told], symbol, timeMs: null }]),
    ];
  }

  isClosed(symbol: string): boolean {
    return this.#states.get(symbol)?.phase === 'closed';
  }

  setExchange(isPaused: boolean): void {
    this.#isExchangePaused = isPaused;
    for (const [symbol, state] of this.#states) this.#announce(symbol, state);
  }

  /** As REST describes it: what was missed while nobody listened. */
  learn(symbol: string, { phase, closesAtMs, tickRanges }: MarketFacts): void {
    const state = this.#states.get(symbol) ?? this.#begin(symbol, tickRanges);
    if (this.#options.clock.monotonicMs() - state.heardAtMs < LISTING_AGE_MS) return;
    this.#regrid(symbol, state, tickRanges);
    this.#enter(symbol, state, phase);
    this.#closeAt(symbol, state, closesAtMs);
  }

  onFrame(frame: LifecycleFrame): void {
    const { market_ticker: symbol, close_ts: closeSeconds } = frame.msg;
    const state = this.#states.get(symbol);
    if (state === undefined) return;
    state.heardAtMs = this.#options.clock.monotonicMs();
    const grid = ticksChangedOf(frame);
    if (grid !== null) this.#regrid(symbol, state, grid.ranges);
    const status = statusOf(frame);
    if (status !== null) this.#enter(symbol, state, PHASE_OF[status.type]);
    const settlement = settlementOf(frame);
    if (settlement !== null) this.#options.tell(settlement);
    if (closeSeconds !== undefined) this.#closeAt(symbol, state, closeSeconds * 1_000);
  }

  /** New markets open every hour, for ever: those that ended long ago, by name. */
  forgetEnded(isKept: (symbol: string) => boolean): readonly string[] {
    const beforeMs = this.#options.clock.monotonicMs() - KEPT_MS;
    const ended = [...this.#states]
      .filter(([symbol, { endedAtMs }]) => endedAtMs <= beforeMs && !isKept(symbol))
      .map(([symbol]) => symbol);
    for (const symbol of ended) this.#states.delete(symbol);
    return ended;
  }

  stop(): void {
    this.#isStopped = true;
    for (const state of this.#states.values()) this.#disarm(state);
  }

  #begin(symbol: string, given: readonly TickRange[]): State {
    const told = this.#isExchangePaused ? 'paused' : 'open';
    const state: State = {
      phase: 'open',
      told,
      given,
      ranges: given,
      timer: null,
      heardAtMs: -Infinity,
      endedAtMs: Infinity,
    };
    this.#states.set(symbol, state);
    return state;
  }

  #regrid(symbol: string, state: State, ranges: readonly TickRange[]): void {
    if (isSame(state.ranges, ranges)) return;
    state.ranges = ranges;
    this.#options.tell({ type: 'market.ticksChanged', symbol, ranges });
  }

  #enter(symbol: string, state: State, phase: State['phase']): void {
    const wasPaused = state.phase === 'paused';
    if (state.phase !== 'closed') state.phase = phase;
    this.#announce(symbol, state);
    if (wasPaused && phase === 'open' && !this.#isStopped) this.#options.reactivated(symbol);
  }

  #announce(symbol: string, state: State): void {
    const isPaused = this.#isExchangePaused && state.phase === 'open';
    const now = isPaused ? 'paused' : state.phase;
    if (now === state.told) return;
    state.told = now;
    if (now === 'closed') state.endedAtMs = this.#options.clock.monotonicMs();
    if (now === 'closed')
      this.#options.log.warn({ symbol }, 'a market is closed at Kalshi: nothing is placed there');
    this.#options.tell({ type: EVENT_OF[now], symbol, timeMs: null });
  }

  /** Nothing is sent when a market closes by the clock. */
  #closeAt(symbol: string, state: State, closesAtMs: number | null): void {
    const { clock, clockOffsetMs } = this.#options;
    this.#disarm(state);
    if (closesAtMs === null || state.phase === 'closed' || this.#isStopped) return;
    const leftMs = closesAtMs - clock.wallMs() - clockOffsetMs();
    if (leftMs <= 0) return this.#enter(symbol, state, 'closed');
    state.timer = clock.setTimeout(
      () => this.#closeAt(symbol, state, closesAtMs),
      Math.min(leftMs, TIMER_MS_MAX),
    );
  }

  #disarm(state: State): void {
    if (state.timer !== null) this.#options.clock.clearTimeout(state.timer);
    state.timer = null;
  }
}

const PHASE_OF: Readonly<Record<MarketStatus['type'], State['phase']>> = {
  'market.resumed': 'open',
  'market.paused': 'paused',
  'market.closed': 'closed',
};

const isSame = (left: readonly TickRange[], right: readonly TickRange[]): boolean =>
  left.length === right.length &&
  left.every(({ from, to, step }, index) => {
    const other = right[index];
    return other?.from === from && other.to === to && other.step === step;
  });
