/**
 * A venue over recorded or simulated market data: own orders meet that market at the exchange, and
 * what happens there is heard of only later. It never sends anything anywhere and never moves the
 * market.
 */
import type { Instrument } from '../../domain/instrument.ts';
import type { BookEvent, Print } from '../../domain/market-data.ts';
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
import { Agenda } from './agenda.ts';
import type { Audit } from './audit.ts';
import { DelayedStream } from './delayed-stream.ts';
import { Exchange } from './exchange.ts';
import { Feeds } from './feeds.ts';
import { KALSHI_LATENCY, latencyDraws, latencyP99Ms, type PaperLatency } from './latency.ts';
import type { MarketDataEvent, MarketDataSource, TimedEvent } from './source.ts';

export {
  fixedLatency,
  KALSHI_LATENCY,
  type LatencyModel,
  type PaperLatency,
} from './latency.ts';
export type { LiquidityCategory } from './profiles.ts';
export { type SimulatedExchangeOptions, simulatedExchange } from './simulated-exchange.ts';
export type { MarketDataSource } from './source.ts';

export interface PaperOptions {
  readonly clock: Clock;
  /** Draws latencies only. */
  readonly random: Random;
  readonly source: MarketDataSource;
  readonly latency?: PaperLatency;
  /** The venue's name, 'paper' unless given; also that of its instruments. */
  readonly name?: string;
  /** Dollars to begin with, a plain decimal; orders are not checked against it. */
  readonly balance?: string;
}

export interface PaperVenue extends Venue {
  amend(request: AmendRequest): Promise<AmendOutcome>;
  /** The truth at the exchange, without latency; for checks, never for decisions. */
  readonly audit: Audit;
  /** Broken conservation rules; empty when all is well. */
  auditViolations(): readonly string[];
  /** Forgets all that is due: a live process can end. Unanswered commands stay unanswered. */
  stop(): void;
}

/** Exchange time of the source's first event is the clock's time now. */
export const paper = (options: PaperOptions): PaperVenue => new Paper(options);

class Paper implements PaperVenue {
  readonly name: string;
  readonly capabilities: VenueCapabilities;
  readonly reports$: DelayedStream<VenueReport>;
  readonly #agenda: Agenda;
  readonly #exchange: Exchange;
  readonly #source: MarketDataSource;
  readonly #shiftMs: number;
  readonly #instruments: readonly Instrument[];
  readonly #feeds: Feeds;
  readonly #entryMs: () => number;
  readonly #replyMs: () => number;
  #next: TimedEvent | null;

  constructor(options: PaperOptions) {
    const { clock, random, source, latency = KALSHI_LATENCY, name = 'paper' } = options;
    this.name = name;
    this.capabilities = capabilitiesOf(latency);
    this.#agenda = new Agenda(clock);
    this.#source = source;
    this.#shiftMs = this.#agenda.nowMs() - source.startMs;
    this.#instruments = source.instruments.map((each) => ({ ...each, venue: name }));
    const draws = (model: keyof PaperLatency, of: string): (() => number) =>
      latencyDraws(latency[model], random.fork(`paper ${of}`));
    this.#entryMs = draws('entry', 'entry');
    this.#replyMs = draws('response', 'reply');
    this.reports$ = new DelayedStream(this.#agenda, draws('response', 'reports'));
    this.#exchange = new Exchange({
      name,
      instruments: this.#instruments,
      balance: options.balance ?? '10000',
      report: (report) => this.reports$.send(report),
    });
    this.#feeds = new Feeds(this.#exchange.markets(), this.#agenda, (of) => draws('feed', of));
    this.#next = source.next();
    this.#agenda.at(this.#nextAtMs(), (nowMs) => this.#advance(nowMs));
  }

  get audit(): Audit {
    return this.#exchange.audit;
  }

  auditViolations(): readonly string[] {
    return this.#exchange.audit.violations();
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
    return this.#call((nowMs) => {
      const outcome = this.#exchange.submit(request, nowMs);
      if (outcome.kind === 'accepted' && request.expiresAtMs !== null)
        this.#agenda.at(request.expiresAtMs, (atMs) => {
          this.#catchUp(atMs);
          this.#exchange.expireDue(atMs);
        });
      return outcome;
    });
  }

  amend(request: AmendRequest): Promise<AmendOutcome> {
    return this.#call((nowMs) => this.#exchange.amend(request, nowMs));
  }

  cancel(ref: OrderRef): Promise<CancelOutcome> {
    return this.#call(() => this.#exchange.cancel(ref));
  }

  cancelAll(): Promise<void> {
    return this.#call(() => this.#exchange.cancelAll());
  }

  order(ref: OrderRef): Promise<VenueOrder | null> {
    return this.#call(() => this.#exchange.order(ref));
  }

  openOrders(): Promise<readonly VenueOrder[]> {
    return this.#call(() => this.#exchange.openOrders());
  }

  fillsSince(
    cursor: string | null,
  ): Promise<{ readonly fills: readonly VenueFill[]; readonly cursor: string }> {
    return this.#call(() => this.#exchange.account.fillsSince(cursor));
  }

  positions(): Promise<readonly VenuePosition[]> {
    return this.#call(() => this.#exchange.account.positions());
  }

  balance(): Promise<string> {
    return this.#call(() => this.#exchange.account.balance());
  }

  asOf(): Promise<number> {
    return this.#call((nowMs) => nowMs);
  }

  /** There and back: `at` is done at the exchange, at its time of arrival. */
  #call<T>(at: (nowMs: number) => T): Promise<T> {
    return new Promise((resolve) => {
      this.#agenda.at(this.#agenda.nowMs() + this.#entryMs(), (nowMs) => {
        // Of two at one instant the market was first: no luck with ties.
        this.#catchUp(nowMs);
        const answer = at(nowMs);
        this.#agenda.at(nowMs + this.#replyMs(), () => resolve(answer));
      });
    });
  }

  #nextAtMs(): number {
    return this.#next === null ? this.#agenda.nowMs() : this.#next.atMs + this.#shiftMs;
  }

  /** The market up to and with this instant, in the source's order. */
  #catchUp(nowMs: number): void {
    while (this.#next !== null && this.#nextAtMs() <= nowMs) {
      const event = shifted(this.#next.event, this.#shiftMs);
      this.#exchange.onMarket(event, nowMs);
      this.#feeds.send(event);
      this.#next = this.#source.next();
    }
  }

  /**
   * One timer leads to the next market event: there is never more than one of them on the agenda.
   */
  #advance(nowMs: number): void {
    this.#catchUp(nowMs);
    if (this.#next !== null)
      return this.#agenda.at(this.#nextAtMs(), (atMs) => this.#advance(atMs));
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
    // A recording may be silent for long without anything being wrong.
    heartbeatMs: null,
    latencyP99Ms: Math.max(latencyP99Ms(latency.entry), latencyP99Ms(latency.response)),
  };
}

/** An event in the clock's time instead of the recording's. */
function shifted(event: MarketDataEvent, byMs: number): MarketDataEvent {
  if (byMs === 0 || !('timeMs' in event) || event.timeMs === null) return event;
  return { ...event, timeMs: event.timeMs + byMs };
}
