/**
 * One market in the house: its instrument, its feed, its actor, and the two streams by which inputs
 * reach the actor. Inputs pass here one at a time, in the order of the turn.
 */
import { NEVER, type Observable, Subject } from 'rxjs';
import { type ActorRefFrom, type AnyEventObject, createActor, fromEventObservable } from 'xstate';
import type { MarketEvent, Route } from '../../../machines/market/market.protocol.ts';
import { routeTo } from '../../../machines/market/market.rules.ts';
import type { BookView } from '../../book/book-view.ts';
import { ownView } from '../../book/own-view.ts';
import {
  formatPrice,
  type Instrument,
  type OutcomeSide,
  ownRanges,
  type TickRange,
} from '../../domain/instrument.ts';
import type { OrderReport } from '../../domain/order.ts';
import type { FeedNews, MarketFeed } from '../../streams/market-feed.ts';
import type { ExecutionActor, ExecutionRecord } from '../execution/execution-record.ts';
import type { Touch } from '../execution/result.ts';
import type { ActorSystem, EffectSink, ProvidedMarket } from '../turn/effects.ts';
import { mutedSink } from '../turn/muted-sink.ts';

/** What a market's actors reach through their system: where effects go, where inputs come from. */
export interface MarketPort {
  readonly sink: EffectSink;
  readonly news$: Observable<FeedNews>;
  readonly reports$: Observable<OrderReport>;
}

/** Ports by actor system; a system without one was never given its effects. */
export class MarketPorts {
  readonly #ports = new WeakMap<ActorSystem, MarketPort>();

  of(system: ActorSystem): MarketPort {
    const port = this.#ports.get(system);
    if (port === undefined) throw new Error('this actor system belongs to no market');
    return port;
  }

  give(system: ActorSystem, port: MarketPort): void {
    this.#ports.set(system, port);
  }

  /** The event observables that every market actor invokes. */
  feeds() {
    return {
      bookFeed: fromEventObservable<AnyEventObject, { readonly symbol: string }>(
        ({ system }) => this.of(system).news$,
      ),
      reportFeed: fromEventObservable<AnyEventObject, { readonly symbol: string }>(
        ({ system }) => this.of(system).reports$,
      ),
    };
  }
}

export type MarketActor = ActorRefFrom<ProvidedMarket>;

export interface MarketActorOptions {
  readonly machine: ProvidedMarket;
  readonly ports: MarketPorts;
  readonly sink: EffectSink;
  readonly venue: string;
  readonly symbol: string;
  readonly tag: string;
}

/** Starts the root of one market's own actor system; without streams it hears nothing (a fold). */
export function startMarket(
  { machine, ports, sink, venue, symbol, tag }: MarketActorOptions,
  streams: Pick<MarketPort, 'news$' | 'reports$'> = { news$: NEVER, reports$: NEVER },
): MarketActor {
  const actor = createActor(machine, { input: { venue, symbol, tag } });
  ports.give(actor.system, { sink, ...streams });
  return actor.start();
}

export const executionIn = (market: MarketActor, executionId: string): ExecutionActor | null =>
  (market.system.get(executionId) as ExecutionActor | undefined) ?? null;

export class MarketHost {
  readonly feed: MarketFeed;
  readonly actor: MarketActor;
  readonly sink: EffectSink;
  /** Executions without a result: those that a change of the book may wake. */
  readonly alive = new Set<ExecutionRecord>();
  #instrument: Instrument;
  readonly #news = new Subject<FeedNews>();
  readonly #reports = new Subject<OrderReport>();
  readonly #port: MarketPort;
  readonly #ports: MarketPorts;
  readonly #touches = new Map<OutcomeSide, Touch>();
  #touchVersion = -1;
  #wokenBid = Number.NaN;
  #wokenAsk = Number.NaN;

  constructor(
    instrument: Instrument,
    feed: MarketFeed,
    options: Omit<MarketActorOptions, 'symbol'>,
  ) {
    this.#instrument = instrument;
    this.feed = feed;
    const streams = { news$: this.#news, reports$: this.#reports };
    this.sink = options.sink;
    this.#port = { sink: options.sink, ...streams };
    this.#ports = options.ports;
    this.actor = startMarket({ ...options, symbol: instrument.symbol }, streams);
  }

  get instrument(): Instrument {
    return this.#instrument;
  }

  /** An execution begins; the price ranges may have changed while it waited. */
  adopt(record: ExecutionRecord): void {
    this.alive.add(record);
    const { wish } = record;
    const instrument = this.#instrument;
    if (wish.instrument === instrument) return;
    record.wish = { ...wish, instrument, ranges: ownRanges(instrument, wish.outcome) };
  }

  /** The venue trades it at other prices from now on: the next order is on the new grid. */
  regrid(tickRanges: readonly TickRange[]): void {
    this.#instrument = { ...this.#instrument, tickRanges };
    for (const record of this.alive) this.adopt(record);
  }

  /** The touch of one contract; written out once for each version of the book. */
  touch(outcome: OutcomeSide): Touch {
    const { instrument, feed } = this;
    const { version } = feed.book;
    if (version !== this.#touchVersion) {
      this.#touchVersion = version;
      this.#touches.clear();
    }
    const known = this.#touches.get(outcome);
    if (known !== undefined) return known;
    const touch = touchOf(ownView(feed.book, instrument, outcome), instrument);
    this.#touches.set(outcome, touch);
    return touch;
  }

  /** Whether a best price is another one than when deciders were last woken for it. */
  get touchMoved(): boolean {
    const { bids, asks } = this.feed.book;
    return !Object.is(bids.best, this.#wokenBid) || !Object.is(asks.best, this.#wokenAsk);
  }

  noteTouch(): void {
    const { bids, asks } = this.feed.book;
    this.#wokenBid = bids.best;
    this.#wokenAsk = asks.best;
  }

  /** Runs something whose effects leave no trace but in `sink`: a fold into the living market. */
  muted<Result>(run: () => Result, sink = mutedSink): Result {
    const { system } = this.actor;
    this.#ports.give(system, { ...this.#port, sink });
    try {
      return run();
    } finally {
      this.#ports.give(system, this.#port);
    }
  }

  execution(executionId: string): ExecutionActor | null {
    return executionIn(this.actor, executionId);
  }

  /** Whose order a client order id is; null where it is not one of this market. */
  routeOf(clientOrderId: string): Route | null {
    return routeTo(this.actor.getSnapshot().context, clientOrderId);
  }

  /** Facts come in by the streams that the chart shows; the rest is said to the actor itself. */
  deliver(event: MarketEvent): void {
    if (this.actor.getSnapshot().status !== 'active') return;
    if ('clientOrderId' in event) this.#reports.next(event);
    else if (isNews(event)) this.#news.next(event);
    else this.actor.send(event);
  }

  stop(): void {
    this.feed.stop();
    this.actor.stop();
  }
}

const touchOf = ({ bid, ask }: BookView, instrument: Instrument): Touch => ({
  bid: bid === null ? null : formatPrice(instrument, bid.price),
  ask: ask === null ? null : formatPrice(instrument, ask.price),
});

const isNews = (event: MarketEvent): event is FeedNews =>
  /^(feed|book)\.|^market\.(paused|resumed|closed)$/.test(event.type);
