/** Averages of books a second time, in whole numbers and without the store's arithmetic. */
import type { BookHourRecord, BookSnapshotRecord } from '../../src/domain/records.ts';

const HOUR_MS = 3_600_000;
const PLACES = 12;

/** A count of 10^-6, read digit by digit. */
function millionths(text: string): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(6, '0'));
}

/** To twelve places, halves up, without trailing zeros; null of nothing. */
function mean(values: readonly bigint[]): string | null {
  if (values.length === 0) return null;
  const scaled = values.reduce((sum, value) => sum + value, 0n) * 10n ** BigInt(PLACES - 6);
  const count = BigInt(values.length);
  const digits = String((2n * scaled + count) / (2n * count)).padStart(PLACES + 1, '0');
  const text = `${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`;
  return text.replace(/\.?0+$/, '');
}

const sizes = (ladder: string): readonly bigint[] =>
  (JSON.parse(ladder) as [string, string][]).map(([, size]) => millionths(size));

/** One row for each market and hour, by name and time, without the sums. */
export function expectedHours(
  books: readonly BookSnapshotRecord[],
): readonly Omit<BookHourRecord, 'sums'>[] {
  const groups = new Map<string, BookSnapshotRecord[]>();
  for (const book of books) {
    const hour = String(Math.floor(book.atMs / HOUR_MS) * HOUR_MS).padStart(16, '0');
    const key = [book.venue, book.market, hour].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), book]);
  }
  return [...groups.keys()].toSorted().map((key) => expectedHour(groups.get(key) ?? []));
}

function expectedHour(books: readonly BookSnapshotRecord[]): Omit<BookHourRecord, 'sums'> {
  const sorted = books.toSorted(
    (left, right) => left.atMs - right.atMs || left.bookVersion - right.bookVersion,
  );
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) throw new Error('an hour has snapshots');
  const { venue, market, atMs } = first;
  const bids = books.flatMap(({ bestBid }) => (bestBid === null ? [] : millionths(bestBid)));
  const asks = books.flatMap(({ bestAsk }) => (bestAsk === null ? [] : millionths(bestAsk)));
  const touches = books.flatMap(({ bestBid, bestAsk }) =>
    bestBid === null || bestAsk === null ? [] : [[millionths(bestBid), millionths(bestAsk)]],
  );
  const depth = (side: 'bids' | 'asks', levels: number): string =>
    mean(
      books.map((book) =>
        sizes(book[side])
          .slice(0, levels)
          .reduce((sum, size) => sum + size, 0n),
      ),
    ) ?? '0';
  return {
    venue,
    market,
    hourMs: atMs - (atMs % HOUR_MS),
    snapshots: books.length,
    firstAtMs: atMs,
    firstVersion: first.bookVersion,
    lastAtMs: last.atMs,
    lastVersion: last.bookVersion,
    bestBid: mean(bids),
    bestAsk: mean(asks),
    mid: mean(touches.map(([bid = 0n, ask = 0n]) => (bid + ask) / 2n)),
    spread: mean(touches.map(([bid = 0n, ask = 0n]) => ask - bid)),
    bidTouchDepth: depth('bids', 1),
    askTouchDepth: depth('asks', 1),
    bidDepth: depth('bids', 10),
    askDepth: depth('asks', 10),
  };
}
