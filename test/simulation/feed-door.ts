/**
 * One process's streams from the venue: books, prints and reports, over a wire that may be slow,
 * silent, cut or lying. It keeps in mind what it has told, so that the judge knows what was known.
 */

import { OrderBook } from '../../src/book/order-book.ts';
import type { BookDelta, BookEvent, MarketStatus, Print } from '../../src/domain/market-data.ts';
import { lots } from '../../src/domain/numbers.ts';
import type { Stream } from '../../src/domain/ports.ts';
import { integer } from '../../src/env/draws.ts';
import type { ClockDoor } from './clock-door.ts';
import type { Ground } from './ground.ts';
import type { VenueMarket } from './venue-market.ts';

export const HEARTBEAT_MS = 5_000;

/** By the engine's own rules: so long a book may be crossed, and so long silent. */
const CROSSED_MS = 250;
const SILENT_MS = 3 * HEARTBEAT_MS;

/** Lots: more than any level has. */
const WRONG_BY = 1_000_000;

const STATUS_EVENT = {
  open: 'market.resumed',
  paused: 'market.paused',
  closed: 'market.closed',
} as const;

const isStatus = (event: BookEvent): event is MarketStatus =>
  Object.values<string>(STATUS_EVENT).includes(event.type);

export class FeedDoor {
  /** Everything is told so much later. */
  extraMs = 0;
  /** Nothing is told, and nothing is kept for later. */
  isSilent = false;
  /** How often what was told could not be trusted any more. */
  breaks = 0;
  readonly #ground: Ground;
  readonly #door: ClockDoor;
  readonly #market: VenueMarket;
  readonly #meanMs: () => number;
  readonly #books = new Set<(event: BookEvent) => void>();
  readonly #prints = new Set<(print: Print) => void>();
  #unlisten: (() => void) | null = null;
  #tellsAtMs = 0;
  /** The venue's stream continues at this process: a change can be applied. */
  #isWhole = false;
  /** The stream is there, and the book does not come. */
  #isMute = false;
  #toldStatus: MarketStatus['type'] = 'market.resumed';
  // What the process was told, folded here once more.
  readonly #told: OrderBook;
  #broken: string | null = 'nothing was told';
  #shut: string | null = null;
  #heardAtMs = 0;
  #crossedAtMs = Infinity;

  constructor(ground: Ground, door: ClockDoor, market: VenueMarket, meanMs: () => number) {
    this.#ground = ground;
    this.#door = door;
    this.#market = market;
    this.#meanMs = meanMs;
    this.#told = new OrderBook(market.instrument.symbol);
  }

  get listeners(): number {
    return this.#books.size + this.#prints.size;
  }

  readonly book$: Stream<BookEvent> = {
    subscribe: (next) => {
      this.#books.add(next);
      this.#start();
      return { unsubscribe: () => this.#leave(this.#books, next) };
    },
  };

  readonly trades$: Stream<Print> = {
    subscribe: (next) => {
      this.#prints.add(next);
      return { unsubscribe: () => this.#leave(this.#prints, next) };
    },
  };

  /** Why no order may be sent on what was told by now; null where it may. */
  whyUntrusted(): string | null {
    const nowMs = this.#ground.clock.wallMs();
    const trouble = this.#shut ?? this.#broken;
    if (trouble !== null) return trouble;
    if (nowMs - this.#crossedAtMs > CROSSED_MS) return 'crossed for too long';
    return nowMs - this.#heardAtMs > SILENT_MS ? 'silent' : null;
  }

  /** A change is lost: the venue's sequence shows it, and a new snapshot is asked for. */
  loseContinuity(): void {
    if (!this.#isWhole) return;
    this.#isWhole = false;
    const { symbol } = this.#market.instrument;
    this.#tell({ type: 'book.gap', symbol, expected: 1, received: 2 });
    this.#resync(integer(this.#ground.faults.random('deltaLost'), 100, 3_000));
  }

  close(forMs: number): void {
    if (this.#unlisten === null) return;
    this.#isWhole = false;
    const { symbol } = this.#market.instrument;
    this.#tell({ type: 'feed.down', symbol, reason: '1006' });
    this.#ground.clock.setTimeout(() => {
      this.#tell({ type: 'feed.up', symbol, reason: 'connected again' });
      this.#resync(this.#meanMs());
    }, forMs);
  }

  /** Tells a bid above the ask, and takes it back later. */
  cross(forMs: number): void {
    const ask = this.#market.book.best('ask');
    if (ask === null || !this.#isWhole) return;
    const bid = ask + 2;
    const delta = (count: number): BookEvent =>
      ({
        type: 'book.delta',
        symbol: this.#market.instrument.symbol,
        side: 'bid',
        price: bid,
        change: { to: lots(count) },
        sequence: 0,
        timeMs: this.#ground.clock.wallMs(),
      }) as BookEvent;
    this.#tell(delta(7));
    this.#ground.clock.setTimeout(() => {
      if (this.#isWhole) this.#tell(delta(this.#market.book.sizeAt('bid', bid)));
    }, forMs);
  }

  /** Speaks again after a silence: what was missed is made good by a new snapshot. */
  speak(): void {
    this.isSilent = false;
    if (this.#unlisten === null) return;
    this.#isWhole = false;
    this.#resync(this.#meanMs());
  }

  #start(): void {
    if (this.#unlisten !== null) return;
    this.#unlisten = this.#market.listen((event) => this.#hear(event));
    this.#resync(this.#meanMs());
    this.#beat();
  }

  #leave<T>(listeners: Set<T>, listener: T): void {
    listeners.delete(listener);
    if (this.#books.size > 0) return;
    this.#unlisten?.();
    this.#unlisten = null;
  }

  #hear(event: BookEvent | Print): void {
    if (event.type === 'print') return this.#later(() => this.#toPrints(event));
    if (event.type !== 'book.delta') return this.#tell(event);
    if (!this.#isWhole) return;
    const { faults } = this.#ground;
    if (faults.strikes('deltaLost')) this.loseContinuity();
    else if (faults.strikes('deltaWrong')) this.#tellWrong(event);
    else this.#tell(event);
  }

  /** What cannot be shows that something was missed. */
  #tellWrong(event: BookDelta): void {
    this.#isWhole = false;
    this.#tell({ ...event, change: { by: -WRONG_BY } });
    this.#resync(integer(this.#ground.faults.random('deltaWrong'), 100, 3_000));
  }

  #resync(afterMs: number): void {
    const { faults, clock } = this.#ground;
    this.#isMute = faults.strikes('feedMute');
    const muteMs = this.#isMute ? integer(faults.random('feedMute'), 5_000, 60_000) : 0;
    clock.setTimeout(() => {
      if (this.#unlisten === null || this.isSilent) return;
      this.#isWhole = true;
      this.#isMute = false;
      const { status } = this.#market;
      this.#tell(this.#market.snapshot());
      const { symbol } = this.#market.instrument;
      const type = STATUS_EVENT[status];
      // As an adapter does: what was told of a market stands, whatever the connection did.
      if (type !== this.#toldStatus) this.#tell({ type, symbol, timeMs: null });
    }, afterMs + muteMs);
  }

  #beat(): void {
    const { symbol } = this.#market.instrument;
    this.#ground.clock.setTimeout(() => {
      if (this.#unlisten === null || this.#door.isDead) return;
      if (this.#isWhole || this.#isMute) this.#tell({ type: 'feed.alive', symbol, reason: 'ping' });
      this.#beat();
    }, HEARTBEAT_MS);
  }

  #tell(event: BookEvent): void {
    if (this.isSilent) return;
    if (isStatus(event)) this.#toldStatus = event.type;
    this.#later(() => {
      this.#note(event);
      this.#ground.trace.note('feed', event.type);
      for (const next of this.#books) next(event);
    });
  }

  #toPrints(print: Print): void {
    this.#heardAtMs = this.#ground.clock.wallMs();
    for (const next of this.#prints) next(print);
  }

  /** In order: what is told later never arrives sooner. */
  #later(run: () => void): void {
    if (this.isSilent) return;
    const nowMs = this.#ground.clock.wallMs();
    this.#tellsAtMs = Math.max(this.#tellsAtMs, nowMs + this.#meanMs() + this.extraMs);
    this.#ground.clock.setTimeout(() => this.#door.arrive(run), this.#tellsAtMs - nowMs);
  }

  #note(event: BookEvent): void {
    const nowMs = this.#ground.clock.wallMs();
    this.#heardAtMs = nowMs;
    if (event.type === 'feed.down' || event.type === 'book.gap') this.breaks += 1;
    if (event.type === 'feed.down') this.#broken = 'the feed is down';
    if (event.type === 'book.gap') this.#broken = 'a gap';
    if (event.type === 'book.delta' && 'by' in event.change) this.#broken = 'impossible';
    if (event.type === 'book.snapshot') this.#broken = null;
    if (event.type === 'market.paused' || event.type === 'market.closed') this.#shut = event.type;
    if (event.type === 'market.resumed') this.#shut = null;
    if (event.type !== 'book.snapshot' && event.type !== 'book.delta') return;
    this.#told.apply(event);
    if (this.#told.health !== 'crossed') this.#crossedAtMs = Infinity;
    else if (this.#crossedAtMs === Infinity) this.#crossedAtMs = nowMs;
  }
}
