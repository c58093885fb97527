/**
 * The positions of one venue's account as far as this engine's store knows them: rebuilt from the
 * stored fills at the start, moved by each fill once it is durable. It never asks the venue.
 */
import { invariant, messageOf } from '../../domain/errors.ts';
import {
  type Action,
  formatPrice,
  type Instrument,
  mirror,
  type OutcomeSide,
} from '../../domain/instrument.ts';
import { lotsOf, type Money, ticksOf, ZERO } from '../../domain/money.ts';
import type { Ticks } from '../../domain/numbers.ts';
import type { Clock, Log, Venue } from '../../domain/ports.ts';
import type { FillRecord, Store, StoredFill } from '../../domain/records.ts';
import { directionOf } from '../../ledger/exposure.ts';
import { FLAT, filled, holding, type Position, settled } from '../../ledger/positions.ts';
import type { ExecutionRecord } from '../execution/execution-record.ts';
import { instrumentIn } from '../risk/unlisted.ts';
import type { Outbox } from '../turn/outbox.ts';

export interface PortfolioOptions {
  readonly venue: Pick<Venue, 'name'>;
  readonly instruments: readonly Instrument[];
  readonly store: Pick<Store, 'fills' | 'execution' | 'settlements' | 'keep'>;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly log: Log;
  readonly halt: (reason: string) => void;
  /** Hears of what was booked, once it is. */
  readonly listener?: () => PortfolioListener;
}

export interface PortfolioListener {
  booked(fill: StoredFill): void;
  /** Fills were taken back. */
  rebooked(): void;
  settled(market: string, value: Ticks): void;
}

type Durable = Pick<Outbox, 'fills' | 'journal'>;
type Records = ReadonlyMap<string, ExecutionRecord>;

export class Portfolio {
  /** Dollars paid for what is held in markets that are listed no more. */
  readonly unlistedCost: Money;
  readonly #options: PortfolioOptions;
  readonly #instruments: ReadonlyMap<string, Instrument>;
  readonly #positions = new Map<string, Position>();
  readonly #unlisted = new Map<string, Position>();
  readonly #skipped = new Set<string>();

  constructor(options: PortfolioOptions) {
    this.#options = options;
    this.#instruments = new Map(options.instruments.map((each) => [each.symbol, each]));
    for (const { market, value } of options.store.settlements(options.venue.name)) {
      const { priceUnit } = instrumentIn(this.#instruments, market);
      const positions = this.#instruments.has(market) ? this.#positions : this.#unlisted;
      positions.set(market, { ...FLAT, settledAt: ticksOf(value, priceUnit) });
    }
    this.#rebuild(null);
    this.unlistedCost = [...this.#unlisted].reduce((sum, [market, position]) => {
      const units = instrumentIn(this.#instruments, market);
      return sum.plus(holding(position, units.payout, units).cost.abs());
    }, ZERO);
  }

  /** By market; a market without a fill has none. */
  get positions(): ReadonlyMap<string, Position> {
    return this.#positions;
  }

  /** As they are once the fills of this turn are durable, too. */
  positionsWith(fills: readonly FillRecord[], records: Records): ReadonlyMap<string, Position> {
    if (fills.length === 0) return this.#positions;
    const positions = new Map(this.#positions);
    for (const fill of fills) this.#book(this.#known(fill, records), positions);
    return positions;
  }

  /** What a turn has made durable. Never throws: a turn has results to tell after this. */
  take({ fills, journal }: Durable, records: Records): void {
    try {
      const booked = fills.map((fill) => this.#known(fill, records));
      for (const fill of booked) {
        this.#book(fill);
        this.#options.listener?.().booked(fill);
      }
      // As if it had never been: what was closed since then had another cost.
      const reverted = journal.filter(
        ({ kind, type }) => kind === 'input' && type === 'order.fillReverted',
      );
      const markets = reverted.map(({ executionId }) => this.#termsOf(executionId, records).market);
      for (const market of new Set(markets)) this.#rebuild(market);
      if (markets.length > 0) this.#options.listener?.().rebooked();
    } catch (thrown) {
      this.#options.log.error({ thrown }, 'positions are not known any more');
      this.#options.halt(`positions are not known any more: ${messageOf(thrown)}`);
    }
  }

  settle(market: string, value: Ticks): void {
    const instrument = this.#instruments.get(market);
    if (instrument === undefined) return;
    const position = this.#positions.get(market) ?? FLAT;
    this.#positions.set(market, settled(position, value, instrument));
    this.#options.listener?.().settled(market, value);
    const { store, venue, clock, log } = this.#options;
    const payout = { market, value: formatPrice(instrument, value), atMs: clock.wallMs() };
    try {
      store.keep({ settlements: [{ venue: venue.name, ...payout }] });
    } catch (thrown) {
      // The venue lists a settled market as such: it says so again after a restart.
      log.warn({ ...payout, thrown }, 'a settlement could not be made durable');
    }
  }

  #known(fill: FillRecord, records: Records): StoredFill {
    return { ...fill, ...this.#termsOf(fill.executionId, records) };
  }

  /** The store is asked for what came late, when its execution was gone. */
  #termsOf(
    executionId: string,
    records: Records,
  ): Pick<StoredFill, 'market' | 'outcomeSide' | 'action'> {
    const wish = records.get(executionId)?.wish;
    if (wish !== undefined) {
      const { signal, outcome: outcomeSide } = wish;
      return { market: signal.market, outcomeSide, action: signal.action };
    }
    const stored = this.#options.store.execution(executionId);
    invariant(stored !== null, 'a fill has its execution', executionId);
    const { market, outcomeSide, action } = stored.state;
    return { market, outcomeSide, action };
  }

  #rebuild(market: string | null): void {
    const known = market === null ? undefined : this.#positions.get(market);
    if (market !== null)
      this.#positions.set(market, { ...FLAT, settledAt: known?.settledAt ?? null });
    const { store, venue } = this.#options;
    for (const fill of store.fills(venue.name, market)) this.#book(fill);
  }

  /** Its units are not known: a venue may list a market no more that was traded once. */
  #skip(market: string): void {
    if (this.#skipped.has(market)) return;
    this.#skipped.add(market);
    this.#options.log.warn({ market }, 'fills of a market that is not listed are in no position');
  }

  #book(fill: StoredFill, listed = this.#positions): void {
    const { market } = fill;
    const isListed = this.#instruments.has(market);
    if (!isListed) this.#skip(market);
    const positions = isListed ? listed : this.#unlisted;
    const instrument = instrumentIn(this.#instruments, market);
    const price = ticksOf(fill.price, instrument.priceUnit);
    const quantity = lotsOf(fill.quantity, instrument.lotSize);
    invariant(price !== null && quantity !== null, 'a stored fill is in whole units', fill.price);
    // As the row was written: by this engine, from a signal that had been read.
    const outcome = fill.outcomeSide as OutcomeSide;
    const direction = directionOf(outcome, fill.action as Action);
    const yesPrice = outcome === 'yes' ? price : mirror(instrument, price);
    const booked = { direction, price: yesPrice, quantity, fee: fill.fee };
    const position = positions.get(market) ?? FLAT;
    positions.set(market, filled(position, booked, instrument));
  }
}
