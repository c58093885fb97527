/** What a strategy watches: books, positions and orders, each as its newest frozen state. */
import { merge, type Observable } from 'rxjs';
import { InputError } from '../../domain/errors.ts';
import type { Clock, Log } from '../../domain/ports.ts';
import { type MarketBook, marketBook$ } from '../market/market-book.ts';
import type { MarketHost } from '../market/market-host.ts';
import type { Runtime } from '../runtime.ts';
import { Contained } from './contained.ts';
import { newest } from './newest.ts';
import { type OrderView, orderReader } from './order-views.ts';
import { type PositionView, positionReader } from './position-views.ts';

export class Views {
  readonly positions$: Observable<readonly PositionView[]>;
  readonly orders$: Observable<readonly OrderView[]>;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #books = new WeakMap<MarketHost, Map<number, Observable<MarketBook>>>();

  constructor(runtimes: readonly Runtime[], clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
    const moved$ = merge(...runtimes.map((runtime) => runtime.moved$));
    const listed = <T>(name: string, readers: readonly (() => readonly T[])[]) => {
      const read = (last: readonly T[] | null) =>
        same(
          last,
          readers.flatMap((of) => of()),
        );
      return new Contained(log, name, newest({ clock, moved$, read }));
    };
    this.positions$ = listed('positions$', runtimes.map(positionReader));
    this.orders$ = listed('orders$', runtimes.map(orderReader));
  }

  book$(host: MarketHost, levels: number): Observable<MarketBook> {
    if (!Number.isSafeInteger(levels) || levels < 1)
      throw new InputError('levels is a whole number above 0', levels, 'ask for 10');
    const known = this.#books.get(host) ?? new Map<number, Observable<MarketBook>>();
    const book$ =
      known.get(levels) ??
      new Contained(this.#log, 'book$', marketBook$(host, this.#clock, levels));
    this.#books.set(host, known.set(levels, book$));
    return book$;
  }
}

/** The last list where all of its parts are the same, else the new one, frozen. */
const same = <T>(last: readonly T[] | null, next: readonly T[]): readonly T[] =>
  last?.length === next.length && last.every((one, index) => one === next[index])
    ? last
    : Object.freeze(next);
