/**
 * Kraken's book channel (version 1) for tests: its checksum over the ten best levels of each side
 * tells whether a folded book is right. Sizes are absolute, and both ends keep the best 1,000
 * levels only.
 */
import { readFileSync } from 'node:fs';
import { crc32, gunzipSync } from 'node:zlib';
import type { HalfBook } from '../../src/book/half-book.ts';
import { OrderBook } from '../../src/book/order-book.ts';
import { wholeUnits } from '../../src/domain/fixed-point.ts';
import type { BookSide, Level } from '../../src/domain/market-data.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';

const DEPTH = 1_000;
const CHECKED_LEVELS = 10;
const SIZE_PLACES = 8;

/** [price, size, time, and 'r' where a level comes back from beyond the depth]. */
type Row = readonly [string, string, ...string[]];

interface Part {
  readonly as?: readonly Row[];
  readonly bs?: readonly Row[];
  readonly a?: readonly Row[];
  readonly b?: readonly Row[];
  readonly c?: string;
}

export interface ChecksumCount {
  readonly right: number;
  readonly wrong: number;
  readonly pairs: number;
}

/** Folds every pair of a recording of lines "<time>: <json>" and counts the checksums. */
export function countChecksums(path: string): ChecksumCount {
  const books = new Map<string, PairBook>();
  let [right, wrong] = [0, 0];
  for (const line of gunzipSync(readFileSync(path)).toString().split('\n')) {
    const json = /^\d+\.\d+: (\[.*\])$/.exec(line)?.[1];
    if (json === undefined) continue;
    const message = JSON.parse(json) as readonly unknown[];
    if (!String(message.at(-2)).startsWith('book')) continue;
    const pair = String(message.at(-1));
    const book = books.get(pair) ?? new PairBook(pair);
    books.set(pair, book);
    const parts = message.slice(1, -2) as readonly Part[];
    for (const part of parts) book.fold(part);
    const checksum = parts.find(({ c }) => c !== undefined)?.c;
    if (checksum === undefined) continue;
    if (book.checksum() === Number(checksum)) right += 1;
    else wrong += 1;
  }
  return { right, wrong, pairs: books.size };
}

/** One pair, in units of the last decimal that its snapshot really uses. */
class PairBook {
  readonly #book: OrderBook;
  #pricePlaces = 0;
  /** Zeros at the end of every price: without them the largest still is a safe integer. */
  #padding = '';

  constructor(pair: string) {
    this.#book = new OrderBook(pair);
  }

  fold({ as, bs, a = [], b = [] }: Part): void {
    if (as !== undefined || bs !== undefined) this.#replace(bs ?? [], as ?? []);
    for (const row of a) this.#set('ask', row);
    for (const row of b) this.#set('bid', row);
    this.#book.asks.truncate(DEPTH);
    this.#book.bids.truncate(DEPTH);
  }

  checksum(): number {
    return crc32(textOf(this.#book.asks, this.#padding) + textOf(this.#book.bids, this.#padding));
  }

  #replace(bids: readonly Row[], asks: readonly Row[]): void {
    const zeros = [...bids, ...asks].map(([price]) => /0*$/.exec(price)?.[0].length ?? 0);
    this.#padding = '0'.repeat(Math.min(...zeros));
    const written = (bids[0]?.[0] ?? '').split('.')[1]?.length ?? 0;
    this.#pricePlaces = written - this.#padding.length;
    this.#book.apply({
      type: 'book.snapshot',
      symbol: this.#book.symbol,
      bids: bids.map((row) => this.#level(row)),
      asks: asks.map((row) => this.#level(row)),
      sequence: 0,
      timeMs: null,
    });
  }

  #set(side: BookSide, row: Row): void {
    const { price, size } = this.#level(row);
    const { symbol } = this.#book;
    const change = { to: size };
    this.#book.apply({ type: 'book.delta', symbol, side, price, change, sequence: 0, timeMs: 0 });
  }

  #level([price, size]: Row): Level {
    return {
      price: ticks(wholeUnits(price, this.#pricePlaces) ?? Number.NaN),
      size: lots(wholeUnits(size, SIZE_PLACES) ?? Number.NaN),
    };
  }
}

/** Digits without point and leading zeros: as integers of the last place they are just that. */
function textOf(half: HalfBook, padding: string): string {
  let text = '';
  for (let rank = 0; rank < Math.min(CHECKED_LEVELS, half.count); rank += 1)
    text += `${half.priceAt(rank)}${padding}${half.sizeAtRank(rank)}`;
  return text;
}
