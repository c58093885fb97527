/**
 * What a trading session brought: fills, volume, profit and loss, and the losses before it that
 * still count. A fold over stored fills and settlements, the same after a restart. It halts
 * nothing.
 */
import type { z } from 'zod';
import { invariant } from '../../domain/errors.ts';
import { type Action, type Instrument, mirror, type OutcomeSide } from '../../domain/instrument.ts';
import {
  decimal,
  formatMoney,
  lotsOf,
  type Money,
  ticksOf,
  times,
  ZERO,
} from '../../domain/money.ts';
import type { Ticks } from '../../domain/numbers.ts';
import type { Store, StoredFill } from '../../domain/records.ts';
import { directionOf } from '../../ledger/exposure.ts';
import { FLAT, filled, holding, type Position, realised, settled } from '../../ledger/positions.ts';
import { type Bet, lossScore } from '../../risk/losses.ts';
import { type SessionTimes, sessionAt } from '../../risk/session.ts';
import { memoryName, recalled, SESSION } from './risk-memory.ts';
import { instrumentIn } from './unlisted.ts';

/** Bets that are judged together: older ones tell of another strategy. */
const BETS_MAX = 200;

export interface SessionBookOptions extends SessionTimes {
  readonly venue: string;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly store: Pick<Store, 'fills' | 'settlements' | 'riskState'>;
  /** Makes what it remembers durable; never throws. */
  readonly keep: (name: string, body: string) => void;
  readonly nowMs: () => number;
}

/** What outlives the process; the rest is folded again. */
type Memory = z.infer<typeof SESSION>;

export class SessionBook {
  readonly #options: SessionBookOptions;
  readonly #positions = new Map<string, Position>();
  /** Dollars won less lost when each market was last flat. */
  readonly #atOpening = new Map<string, Money>();
  readonly #marks = new Map<string, Ticks>();
  readonly #worth = new Map<string, Money>();
  #equity = ZERO;
  #baseline = ZERO;
  #startMs = 0;
  #endMs = 0;
  #forgivenAtMs = 0;
  #trippedAtMs: number | null = null;
  #traded = new Set<string>();
  #volume = ZERO;
  #lossesInARow = 0;
  #bets: Bet[] = [];

  constructor(options: SessionBookOptions) {
    this.#options = options;
    this.#remember();
    this.rebuild();
  }

  /** Executions that got something in this session. */
  get traded(): ReadonlySet<string> {
    return this.#traded;
  }

  /** Dollars filled in this session. */
  get volume(): Money {
    return this.#volume;
  }

  get lossesInARow(): number {
    return this.#lossesInARow;
  }

  get score(): number | null {
    return lossScore(this.#bets);
  }

  /** Dollars lost in this session, what is held at what it would sell for; never negative. */
  get loss(): Money {
    const lost = this.#baseline.minus(this.#equity);
    return lost.greaterThan(ZERO) ? lost : ZERO;
  }

  get startMs(): number {
    return this.#startMs;
  }

  /** When a loss halted the venue; null once a person has resumed. */
  get trippedAtMs(): number | null {
    return this.#trippedAtMs;
  }

  /** A loss halted the venue: that is remembered until a person resumes. */
  trip(): void {
    this.#trippedAtMs = this.#options.nowMs();
    this.#keep();
  }

  /** A person resumed: what was lost until now is known, and counts no more. */
  forgive(): void {
    this.#trippedAtMs = null;
    this.#forgivenAtMs = this.#options.nowMs();
    this.#baseline = this.#equity;
    this.#lossesInARow = 0;
    this.#bets = [];
    this.#keep();
  }

  /** Begins the next session where this one is over; of a clock that was set back, that of now. */
  roll(): void {
    const nowMs = this.#options.nowMs();
    if (nowMs < this.#startMs) return this.rebuild();
    if (nowMs < this.#endMs) return;
    const session = sessionAt(nowMs, this.#options);
    this.#startMs = session.startMs;
    this.#endMs = session.endMs;
    this.#baseline = this.#equity;
    this.#traded = new Set();
    this.#volume = ZERO;
    this.#keep();
  }

  take(fill: StoredFill): void {
    const instrument = instrumentIn(this.#options.instruments, fill.market);
    const price = ticksOf(fill.price, instrument.priceUnit);
    const quantity = lotsOf(fill.quantity, instrument.lotSize);
    invariant(price !== null && quantity !== null, 'a stored fill is in whole units', fill.price);
    if (fill.timeMs >= this.#startMs) {
      this.#traded.add(fill.executionId);
      const dollars = times(instrument.priceUnit, price).times(times(instrument.lotSize, quantity));
      this.#volume = this.#volume.plus(dollars);
    }
    const outcome = fill.outcomeSide as OutcomeSide;
    const direction = directionOf(outcome, fill.action as Action);
    const yesPrice = outcome === 'yes' ? price : mirror(instrument, price);
    const before = this.#positions.get(fill.market) ?? FLAT;
    const booked = { direction, price: yesPrice, quantity, fee: fill.fee };
    this.#move(instrument, before, filled(before, booked, instrument), fill.timeMs);
  }

  settle(market: string, value: Ticks, atMs: number): void {
    const instrument = instrumentIn(this.#options.instruments, market);
    const before = this.#positions.get(market) ?? FLAT;
    if (before.held !== 0 && atMs >= this.#forgivenAtMs) this.#noteBet(instrument, before, value);
    this.#move(instrument, before, settled(before, value, instrument), atMs);
  }

  /** What a YES contract would sell for now, or what giving one back would cost. */
  mark(market: string, price: Ticks): void {
    const instrument = this.#options.instruments.get(market);
    if (instrument === undefined || this.#marks.get(market) === price) return;
    this.#marks.set(market, price);
    this.#revalue(instrument, this.#positions.get(market) ?? FLAT);
  }

  /** Listed markets in which something is held. */
  get held(): readonly string[] {
    const { instruments } = this.#options;
    return [...this.#positions].flatMap(([market, { held }]) =>
      held === 0 || !instruments.has(market) ? [] : [market],
    );
  }

  heldIn(market: string): number {
    return this.#positions.get(market)?.held ?? 0;
  }

  /** Folds all of it anew: at the start, and when a fill was taken back. */
  rebuild(): void {
    const { store, venue, nowMs } = this.#options;
    this.#clear();
    const session = sessionAt(nowMs(), this.#options);
    const kept = this.#startMs === session.startMs ? this.#baseline : null;
    this.#startMs = session.startMs;
    this.#endMs = session.endMs;
    const sinceMs = Math.max(session.startMs, this.#forgivenAtMs);
    let opening: Money | null = null;
    const settlements = this.#settlements();
    const settleUntil = (atMs: number): void => {
      for (
        let next = settlements[0];
        next !== undefined && next.atMs < atMs;
        [next] = settlements
      ) {
        settlements.shift();
        if (next.atMs >= sinceMs) opening ??= this.#equity;
        this.settle(next.market, next.value, next.atMs);
      }
    };
    for (const fill of store.fills(venue, null)) {
      settleUntil(fill.timeMs);
      if (fill.timeMs >= sinceMs) opening ??= this.#equity;
      this.take(fill);
    }
    settleUntil(Infinity);
    this.#baseline = kept ?? opening ?? this.#equity;
    if (kept === null) this.#keep();
  }

  #clear(): void {
    this.#positions.clear();
    this.#atOpening.clear();
    this.#worth.clear();
    this.#equity = ZERO;
    this.#traded = new Set();
    this.#volume = ZERO;
    this.#lossesInARow = 0;
    this.#bets = [];
  }

  #settlements(): { readonly market: string; readonly value: Ticks; readonly atMs: number }[] {
    const { store, venue, instruments } = this.#options;
    return store
      .settlements(venue)
      .flatMap(({ market, value, atMs }) => {
        const price = ticksOf(value, instrumentIn(instruments, market).priceUnit);
        return price === null ? [] : [{ market, value: price, atMs }];
      })
      .toSorted((left, right) => left.atMs - right.atMs);
  }

  /** A round ends where nothing is held any more, or the other side. */
  #move(instrument: Instrument, before: Position, after: Position, atMs: number): void {
    const { symbol } = instrument;
    this.#positions.set(symbol, after);
    if (before.held === 0) this.#atOpening.set(symbol, netOf(before));
    if (before.held !== 0 && before.held * after.held <= 0) {
      const result = netOf(after).minus(this.#atOpening.get(symbol) ?? ZERO);
      this.#atOpening.set(symbol, netOf(after));
      if (atMs >= this.#forgivenAtMs)
        this.#lossesInARow = result.lessThan(ZERO) ? this.#lossesInARow + 1 : 0;
    }
    this.#revalue(instrument, after);
  }

  #noteBet(instrument: Instrument, position: Position, value: Ticks): void {
    const { payout, priceUnit, lotSize } = instrument;
    if (payout === null) return;
    const { quantity, cost } = holding(position, payout, instrument);
    const contracts = times(lotSize, quantity);
    const full = times(priceUnit, payout);
    const own = position.held > 0 ? value : mirror(instrument, value);
    const bet = {
      contracts,
      paid: cost.div(contracts).div(full),
      won: times(priceUnit, own).div(full),
    };
    this.#bets = [...this.#bets, bet].slice(-BETS_MAX);
  }

  /** What was never marked counts at what it cost. */
  #revalue(instrument: Instrument, position: Position): void {
    const { symbol, priceUnit, lotSize } = instrument;
    const mark = this.#marks.get(symbol);
    const held =
      mark === undefined
        ? position.basis
        : times(priceUnit, mark).times(times(lotSize, position.held));
    const worth = position.cash.plus(held).minus(position.fees);
    this.#equity = this.#equity.minus(this.#worth.get(symbol) ?? ZERO).plus(worth);
    this.#worth.set(symbol, worth);
  }

  get #name(): string {
    return memoryName('session', this.#options.venue);
  }

  #remember(): void {
    const memory = recalled(this.#options.store, this.#name, SESSION);
    if (memory === null) return;
    this.#startMs = memory.startMs;
    this.#baseline = decimal(memory.baseline, 'baseline');
    this.#forgivenAtMs = memory.forgivenAtMs;
    this.#trippedAtMs = memory.trippedAtMs;
  }

  #keep(): void {
    const memory: Memory = {
      startMs: this.#startMs,
      baseline: formatMoney(this.#baseline.toDecimalPlaces(12)),
      forgivenAtMs: this.#forgivenAtMs,
      trippedAtMs: this.#trippedAtMs,
    };
    this.#options.keep(this.#name, JSON.stringify(memory));
  }
}

const netOf = (position: Position): Money => realised(position).minus(position.fees);
