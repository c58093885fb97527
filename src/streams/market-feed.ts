/**
 * One market's book and trading, folded from a venue's streams as they come. It tells the market
 * actor only of health (live, stale, gone), and the host that something changed; a tick never
 * leaves it.
 */
import { Observable, Subject } from 'rxjs';
import { Flow } from '../book/flow.ts';
import { type BookFault, OrderBook } from '../book/order-book.ts';
import type { TickRange } from '../domain/instrument.ts';
import { CROSSED_GRACE_MS, HEARTBEATS_MISSED_MAX } from '../domain/limits.ts';
import type {
  BookDelta,
  BookEvent,
  BookGap,
  BookSnapshot,
  MarketStatus,
  Print,
} from '../domain/market-data.ts';
import type { Ticks } from '../domain/numbers.ts';
import type { Clock, Stream, TimerId } from '../domain/ports.ts';

/** The words of the market actor, which this room does not know. */
export interface FeedNews {
  readonly type:
    | 'feed.up'
    | 'feed.down'
    | 'feed.failed'
    | 'book.live'
    | 'book.stale'
    | 'market.paused'
    | 'market.resumed'
    | 'market.closed';
  readonly reason: string;
}

/** What may wake a decider: a best price moved, or a trade happened. */
export type FeedChange = 'touch' | 'trade';

export interface MarketFeedOptions {
  readonly symbol: string;
  readonly book$: Stream<BookEvent>;
  readonly trades$: Stream<Print>;
  readonly clock: Clock;
  /** null: silence of this venue means nothing. */
  readonly heartbeatMs: number | null;
}

export class MarketFeed {
  readonly book: OrderBook;
  readonly flow: Flow;
  readonly news$: Observable<FeedNews>;
  /** For those who watch: any change of the book, or a trade. */
  readonly changes$: Observable<'book' | 'trade'>;
  /** What a YES contract turned out to be worth, once. */
  readonly settled$: Observable<Ticks>;
  /** The price ranges that hold from now on. */
  readonly ranges$: Observable<readonly TickRange[]>;
  readonly #settled = new Subject<Ticks>();
  readonly #ranges = new Subject<readonly TickRange[]>();
  readonly #news = new Subject<FeedNews>();
  readonly #changes = new Subject<'book' | 'trade'>();
  readonly #options: MarketFeedOptions;
  readonly #clock: Clock;
  #watchers = 0;
  #subscriptions: readonly { unsubscribe(): void }[] = [];
  #live = false;
  #isPaused = false;
  #crossedTimer: TimerId | null = null;
  #silenceTimer: TimerId | null = null;
  #heardAtMs = 0;
  /** Called before the watchers, and never for a delta behind the touch. */
  onChange: (change: FeedChange) => void = () => undefined;

  constructor(options: MarketFeedOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.book = new OrderBook(options.symbol);
    this.flow = new Flow(this.book);
    this.news$ = this.#news.asObservable();
    this.changes$ = new Observable((watcher) => {
      this.#watchers += 1;
      const subscription = this.#changes.subscribe(watcher);
      return () => {
        this.#watchers -= 1;
        subscription.unsubscribe();
      };
    });
    this.settled$ = this.#settled.asObservable();
    this.ranges$ = this.#ranges.asObservable();
  }

  /** The book may be decided on at this very moment. */
  get fresh(): boolean {
    return this.#live && this.book.health === 'live';
  }

  start(): void {
    this.#news.next({ type: 'feed.up', reason: 'subscribed' });
    const { book$, trades$ } = this.#options;
    this.#subscriptions = [
      book$.subscribe((event) => this.#onBook(event)),
      trades$.subscribe((print) => this.#onPrint(print)),
    ];
    this.#heardAtMs = this.#clock.monotonicMs();
    this.#listenForSilence();
  }

  /** Says again that the market is paused, or its book live: somebody begins to listen. */
  announce(): void {
    if (this.#isPaused) this.#tellStatus('market.paused');
    else if (this.fresh) this.#announceLive();
  }

  stop(): void {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#subscriptions = [];
    this.#disarmCrossed();
    if (this.#silenceTimer !== null) this.#clock.clearTimeout(this.#silenceTimer);
    this.#silenceTimer = null;
    this.#news.complete();
    this.#changes.complete();
    this.#settled.complete();
    this.#ranges.complete();
  }

  #onPrint(print: Print): void {
    this.flow.record(print);
    this.#heardAtMs = this.#clock.monotonicMs();
    this.onChange('trade');
    if (this.#watchers > 0) this.#changes.next('trade');
  }

  #onBook(event: BookEvent): void {
    this.#heardAtMs = this.#clock.monotonicMs();
    switch (event.type) {
      case 'book.snapshot':
      case 'book.delta':
      case 'book.gap':
        this.#fold(event);
        return;
      case 'feed.alive':
        // On the same connection: all that came before it has come, a whole book is whole again.
        if (this.book.health === 'live') this.#goLive();
        return;
      case 'feed.up':
        this.#news.next({ type: 'feed.up', reason: event.reason });
        return;
      case 'feed.down':
        this.#distrust();
        this.#goStale(event.reason);
        this.#news.next({ type: 'feed.down', reason: event.reason });
        return;
      case 'market.settled':
        this.#settled.next(event.value);
        return;
      case 'market.ticksChanged':
        this.#ranges.next(event.ranges);
        return;
      default:
        this.#isPaused = event.type === 'market.paused';
        this.#tellStatus(event.type);
        // A resumed market waits for a whole book; where ours never broke, it has one.
        if (event.type === 'market.resumed' && this.#live) this.#announceLive();
    }
  }

  /** Nearly all deltas leave the touch alone, and touch no memory but the book's. */
  #fold(event: BookSnapshot | BookDelta | BookGap): void {
    const { book } = this;
    const { touchVersion } = book;
    this.flow.keepDepth();
    this.#onFault(book.apply(event));
    if (book.touchVersion !== touchVersion) this.onChange('touch');
    if (this.#watchers > 0) this.#changes.next('book');
  }

  #onFault(fault: BookFault | null): void {
    if (fault === 'negativeLevel') this.#distrust();
    if (fault === 'gapped' || fault === 'negativeLevel') this.#goStale(`the book is ${fault}`);
    else if (fault === 'crossed') this.#armCrossed();
    else if (this.book.health === 'live') this.#goLive();
  }

  /** Something was missed: only the next snapshot makes it a book again. */
  #distrust(): void {
    const { symbol } = this.#options;
    this.book.apply({ type: 'book.gap', symbol, expected: 0, received: 0 });
  }

  #goLive(): void {
    this.#disarmCrossed();
    if (this.#live) return;
    this.#live = true;
    this.#announceLive();
  }

  #tellStatus(type: MarketStatus['type']): void {
    this.#news.next({ type, reason: `the venue says ${type}` });
  }

  /** A connection that was lost has not resumed what was paused: the venue says when it has. */
  #announceLive(): void {
    if (this.#isPaused) return this.#tellStatus('market.paused');
    this.#news.next({ type: 'book.live', reason: 'the book is whole' });
  }

  #goStale(reason: string): void {
    this.#disarmCrossed();
    if (!this.#live) return;
    this.#live = false;
    this.#news.next({ type: 'book.stale', reason });
  }

  #armCrossed(): void {
    this.#crossedTimer ??= this.#clock.setTimeout(() => {
      this.#crossedTimer = null;
      this.#goStale(`the book is crossed for ${CROSSED_GRACE_MS} ms`);
    }, CROSSED_GRACE_MS);
  }

  #disarmCrossed(): void {
    if (this.#crossedTimer !== null) this.#clock.clearTimeout(this.#crossedTimer);
    this.#crossedTimer = null;
  }

  /** One timer, that looks back when it fires: a tick arms nothing. */
  #listenForSilence(): void {
    const { heartbeatMs } = this.#options;
    const clock = this.#clock;
    if (heartbeatMs === null) return;
    const silenceMs = heartbeatMs * HEARTBEATS_MISSED_MAX;
    const quietMs = clock.monotonicMs() - this.#heardAtMs;
    if (quietMs >= silenceMs) this.#goStale(`the feed is silent for ${silenceMs} ms`);
    const waitMs = quietMs >= silenceMs ? silenceMs : silenceMs - quietMs;
    this.#silenceTimer = clock.setTimeout(() => this.#listenForSilence(), waitMs);
  }
}
