/**
 * A venue over recorded or simulated market data: own orders meet that market at the exchange, and
 * what happens there is heard of only later. It never sends anything anywhere and never moves the
 * market.
 */
import { InputError } from '../../domain/errors.ts';
import type { Instrument, OutcomeSide } from '../../domain/instrument.ts';
import type { BookEvent, Print } from '../../domain/market-data.ts';
import { ticks } from '../../domain/numbers.ts';
import type {
  AmendOutcome,
  AmendRequest,
  CancelOutcome,
  OrderRef,
  OrderRequest,
  SubmitOutcome,
} from '../../domain/order.ts';
import type {
  Clock,
  Random,
  Stream,
  Venue,
  VenueCapabilities,
  VenueFill,
  VenueOrder,
  VenuePosition,
  VenueReport,
} from '../../domain/ports.ts';
import type { PaperAccount } from './account.ts';
import { Agenda } from './agenda.ts';
import type { Audit } from './audit.ts';
import { DelayedStream } from './delayed-stream.ts';
import { Exchange } from './exchange.ts';
import { Feeds } from './feeds.ts';
import { checkedFillModel, DEFAULT_FILL_MODEL, type FillModel } from './fill-model.ts';
import { KALSHI_LATENCY, latencyDraws, latencyP99Ms, type PaperLatency } from './latency.ts';
import { Playback } from './playback.ts';
import { reordered } from './reorder.ts';
import type { MarketDataEvent, MarketDataSource } from './source.ts';
import { type RateLimit, Throttle } from './throttle.ts';

export type { MarketProfit, PaperAccount } from './account.ts';
export {
  type CancelsAhead,
  type CancelsAheadMode,
  DEFAULT_FILL_MODEL,
  DEFAULT_FILL_STRESS,
  FILL_MODES,
  type FillModel,
  type FillStress,
  fillModel,
  type TakeHaircut,
} from './fill-model.ts';
export {
  fixedLatency,
  KALSHI_LATENCY,
  type LatencyModel,
  type PaperLatency,
  worstCase,
} from './latency.ts';
export type { LiquidityCategory } from './profiles.ts';
export { type SimulatedExchangeOptions, simulatedExchange } from './simulated-exchange.ts';
export type { MarketDataSource } from './source.ts';
export type { RateLimit } from './throttle.ts';

export interface PaperOptions {
  readonly clock: Clock;
  /** Draws latencies only. */
  readonly random: Random;
  readonly source: MarketDataSource;
  readonly latency?: PaperLatency;
  /** `DEFAULT_FILL_MODEL` unless given; throws an `InputError` for one that makes no sense. */
  readonly fill?: FillModel;
  /** Commands above it wait before they leave: no limit unless given. */
  readonly rateLimit?: RateLimit;
  /** The venue's name, 'paper' unless given; also that of its instruments. */
  readonly name?: string;
  /** Dollars to begin with, a plain decimal; orders are not checked against it. */
  readonly balance?: string;
}

export interface PaperVenue extends Venue {
  amend(request: AmendRequest): Promise<AmendOutcome>;
  /** Positions, and what was won and lost; the truth at the exchange. */
  readonly account: PaperAccount;
  /**
   * Answers the question of a market now: what rests is cancelled, positions are paid out, and the
   * book's stream says so. Throws an `InputError` for a market that is unknown, settled, or pays
   * no fixed sum.
   */
  settle(symbol: string, outcome: OutcomeSide): void;
  /** The truth at the exchange, without latency; for checks, never for decisions. */
  readonly audit: Audit;
  /** Broken conservation rules; empty when all is well. */
  auditViolations(): readonly string[];
  /** Forgets all that is due: a live process can end. Unanswered commands stay unanswered. */
  stop(): void;
}

/** Exchange time of the source's first event is the clock's time now. */
export const paper = (options: PaperOptions): PaperVenue => new Paper(options);

/** Latencies of calls, as they are drawn. */
interface Wire {
  readonly entryMs: () => number;
  readonly replyMs: () => number;
}

class Paper implements PaperVenue {
  readonly name: string;
  readonly capabilities: VenueCapabilities;
  readonly reports$: DelayedStream<VenueReport>;
  readonly #agenda: Agenda;
  readonly #exchange: Exchange;
  readonly #instruments: readonly Instrument[];
  readonly #feeds: Feeds;
  readonly #playback: Playback;
  readonly #throttle: Throttle | null;
  readonly #wire: Wire;
  /** Listings have draws of their own: how often they are read moves no order's latency. */
  readonly #listings: Wire;

  constructor(options: PaperOptions) {
    const { clock, random, source, latency = KALSHI_LATENCY, name = 'paper' } = options;
    this.name = name;
    const fill = checkedFillModel(options.fill ?? DEFAULT_FILL_MODEL);
    this.capabilities = capabilitiesOf(latency);
    this.#agenda = new Agenda(clock);
    this.#instruments = source.instruments.map((each) => ({ ...each, venue: name }));
    const draws = (model: keyof PaperLatency, of: string): (() => number) =>
      latencyDraws(latency[model], random.fork(`paper ${of}`));
    this.#throttle = Throttle.of(options.rateLimit);
    this.#wire = { entryMs: draws('entry', 'entry'), replyMs: draws('response', 'reply') };
    this.#listings = { entryMs: draws('entry', 'listing'), replyMs: draws('response', 'listed') };
    this.reports$ = new DelayedStream(this.#agenda, draws('response', 'reports'));
    this.#exchange = new Exchange({
      name,
      instruments: this.#instruments,
      balance: options.balance ?? '10000',
      report: (report) => this.reports$.send(report),
      model: fill,
      random: random.fork('paper stress'),
    });
    this.#feeds = new Feeds(this.#exchange.markets(), this.#agenda, (of) => draws('feed', of));
    this.#playback = new Playback({
      agenda: this.#agenda,
      source: reordered(source, fill.reorderMs),
      play: ({ event, followedBy }, nowMs) => this.#happens(event, nowMs, followedBy),
      ended: () => this.#end(),
    });
  }

  get account(): PaperAccount {
    return this.#exchange.account;
  }

  get audit(): Audit {
    return this.#exchange.audit;
  }

  auditViolations(): readonly string[] {
    return this.#exchange.audit.violations();
  }

  settle(symbol: string, outcome: OutcomeSide): void {
    const { market } = this.#feeds.of(symbol);
    const nowMs = this.#agenda.nowMs();
    this.#playback.catchUp(nowMs);
    const { payout } = market.instrument;
    if (payout === null)
      throw new InputError('only a contract that pays a fixed sum is settled', symbol, 'sell it');
    if (market.settledAt !== null)
      throw new InputError('a market is settled once', symbol, 'see its account');
    const value = outcome === 'yes' ? payout : ticks(0);
    this.#happens({ type: 'market.settled', symbol, value, timeMs: nowMs }, nowMs);
  }

  stop(): void {
    this.#agenda.stop();
  }

  async instruments(): Promise<readonly Instrument[]> {
    return this.#instruments;
  }

  book$(symbol: string): Stream<BookEvent> {
    return this.#feeds.of(symbol).book;
  }

  trades$(symbol: string): Stream<Print> {
    return this.#feeds.of(symbol).trades;
  }

  submit(request: OrderRequest): Promise<SubmitOutcome> {
    return this.#command((nowMs) => {
      const outcome = this.#exchange.submit(request, nowMs);
      if (outcome.kind === 'accepted' && request.expiresAtMs !== null)
        this.#agenda.at(request.expiresAtMs, (atMs) => {
          this.#playback.catchUp(atMs);
          this.#exchange.expireDue(atMs);
        });
      return outcome;
    });
  }

  amend(request: AmendRequest): Promise<AmendOutcome> {
    return this.#command((nowMs) => this.#exchange.amend(request, nowMs));
  }

  cancel(ref: OrderRef): Promise<CancelOutcome> {
    return this.#command(() => this.#exchange.cancel(ref));
  }

  cancelAll(): Promise<void> {
    return this.#command(() => this.#exchange.cancelAll());
  }

  order(ref: OrderRef): Promise<VenueOrder | null> {
    return this.#call(() => this.#exchange.order(ref));
  }

  openOrders(): Promise<readonly VenueOrder[]> {
    return this.#listing(() => this.#exchange.openOrders());
  }

  fillsSince(
    cursor: string | null,
  ): Promise<{ readonly fills: readonly VenueFill[]; readonly cursor: string }> {
    return this.#listing(() => this.#exchange.account.fillsSince(cursor));
  }

  positions(): Promise<readonly VenuePosition[]> {
    return this.#listing(() => this.#exchange.account.positions());
  }

  balance(): Promise<string> {
    return this.#listing(() => this.#exchange.account.balance());
  }

  asOf(): Promise<number> {
    return this.#listing((nowMs) => nowMs);
  }

  /** A call that counts against the limit of calls. */
  #command<T>(at: (nowMs: number) => T): Promise<T> {
    return this.#call(at, this.#throttle?.waitMs(this.#agenda.nowMs()) ?? 0);
  }

  #listing<T>(at: (nowMs: number) => T): Promise<T> {
    return this.#call(at, 0, this.#listings);
  }

  /** There and back: `at` is done at the exchange, at its time of arrival. */
  #call<T>(at: (nowMs: number) => T, waitMs = 0, wire = this.#wire): Promise<T> {
    return new Promise((resolve) => {
      this.#agenda.at(this.#agenda.nowMs() + waitMs + wire.entryMs(), (nowMs) => {
        // Of two at one instant the market was first: no luck with ties.
        this.#playback.catchUp(nowMs);
        const answer = at(nowMs);
        this.#agenda.at(nowMs + wire.replyMs(), () => resolve(answer));
      });
    });
  }

  #happens(event: MarketDataEvent, nowMs: number, followedBy = 0): void {
    this.#exchange.onMarket(event, nowMs, followedBy);
    this.#feeds.send(event);
  }

  #end(): void {
    this.#exchange.endRecording();
    this.#feeds.end();
  }
}

function capabilitiesOf(latency: PaperLatency): VenueCapabilities {
  return {
    amend: 'total',
    postOnly: true,
    ioc: true,
    fok: true,
    expiry: true,
    lookupByClientId: true,
    outlivesEngine: false,
    // A recording may be silent for long without anything being wrong.
    heartbeatMs: null,
    latencyP99Ms: Math.max(latencyP99Ms(latency.entry), latencyP99Ms(latency.response)),
  };
}
