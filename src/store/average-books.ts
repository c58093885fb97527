/**
 * Book snapshots of one hour to their averages. Sums are exact and kept beside the averages, so it
 * makes no difference in how many parts an hour is folded, nor in which order.
 */
import { invariant } from '../domain/errors.ts';
import { decimal, formatMoney, type Money, ZERO } from '../domain/money.ts';
import type { BookHourRecord, BookSnapshotRecord } from '../domain/records.ts';

export const HOUR_MS = 3_600_000;

export const hourOf = (atMs: number): number => Math.floor(atMs / HOUR_MS) * HOUR_MS;

/** Four more than the finest price unit in use: nobody reads a difference behind them. */
const AVERAGE_PLACES = 12;

const PRICES = ['bestBid', 'bestAsk', 'mid', 'spread'] as const;
const DEPTHS = ['bidTouchDepth', 'askTouchDepth', 'bidDepth', 'askDepth'] as const;
const MEASURES = [...PRICES, ...DEPTHS];

type Measure = (typeof MEASURES)[number];
type Each<T> = Readonly<Record<Measure, T>>;

interface Sum {
  readonly count: number;
  readonly total: Money;
}

const record = <K extends string, T>(keys: readonly K[], valueOf: (key: K) => T) =>
  Object.fromEntries(keys.map((key) => [key, valueOf(key)])) as Readonly<Record<K, T>>;

/** The averages of `snapshots` and of those that `earlier` was made of; all of the same hour. */
export function averageBooks(
  snapshots: readonly BookSnapshotRecord[],
  earlier: BookHourRecord | null,
): BookHourRecord {
  const [some] = snapshots;
  invariant(some !== undefined, 'an average is made of something');
  const { venue, market } = some;
  const hourMs = hourOf(some.atMs);
  const strange = snapshots.find(({ atMs }) => hourOf(atMs) !== hourMs);
  invariant(strange === undefined, `snapshots are of the hour ${hourMs}`, strange?.atMs);
  const rows = snapshots.map(measured);
  const before = earlier === null ? null : sumsIn(earlier.sums);
  const sums = record(MEASURES, (measure) =>
    rows.reduce((sum, row) => added(sum, row[measure]), before?.[measure] ?? NOTHING),
  );
  return {
    venue,
    market,
    hourMs,
    snapshots: snapshots.length + (earlier?.snapshots ?? 0),
    ...ends(snapshots, earlier),
    ...record(PRICES, (price) => average(sums[price])),
    ...record(DEPTHS, (depth) => average(sums[depth]) ?? '0'),
    sums: textOf(sums),
  };
}

const NOTHING: Sum = { count: 0, total: ZERO };

const added = ({ count, total }: Sum, value: Money | null): Sum =>
  value === null ? { count, total } : { count: count + 1, total: total.plus(value) };

const average = ({ count, total }: Sum): string | null =>
  count === 0 ? null : formatMoney(total.div(count).toDecimalPlaces(AVERAGE_PLACES));

const textOf = (sums: Each<Sum>): string =>
  JSON.stringify(
    record(MEASURES, (measure) => [sums[measure].count, formatMoney(sums[measure].total)]),
  );

function sumsIn(text: string): Each<Sum> {
  const sums = JSON.parse(text) as Each<readonly [number, string]>;
  return record(MEASURES, (measure) => {
    const [count, total] = sums[measure];
    return { count, total: decimal(total, measure) };
  });
}

/** What one snapshot says; a side without a level has no price, and a depth of 0. */
function measured({
  bids,
  asks,
  bestBid,
  bestAsk,
  spread,
}: BookSnapshotRecord): Each<Money | null> {
  const [bid, ask] = [optional(bestBid, 'bestBid'), optional(bestAsk, 'bestAsk')];
  const [bidSizes, askSizes] = [sizesIn(bids), sizesIn(asks)];
  return {
    bestBid: bid,
    bestAsk: ask,
    mid: bid === null || ask === null ? null : bid.plus(ask).div(2),
    spread: optional(spread, 'spread'),
    bidTouchDepth: bidSizes[0] ?? ZERO,
    askTouchDepth: askSizes[0] ?? ZERO,
    bidDepth: sumOf(bidSizes),
    askDepth: sumOf(askSizes),
  };
}

const optional = (text: string | null, name: string): Money | null =>
  text === null ? null : decimal(text, name);

const sizesIn = (ladder: string): readonly Money[] =>
  (JSON.parse(ladder) as readonly (readonly string[])[]).map(([, size]) =>
    decimal(String(size), 'the size of a level'),
  );

const sumOf = (values: readonly Money[]): Money =>
  values.reduce((total, value) => total.plus(value), ZERO);

type Ends = Pick<BookHourRecord, 'firstAtMs' | 'firstVersion' | 'lastAtMs' | 'lastVersion'>;

/** Versions start again with each connection, so the time decides; equal times, the version. */
function ends(snapshots: readonly BookSnapshotRecord[], earlier: BookHourRecord | null): Ends {
  const seen = snapshots.map(({ atMs, bookVersion }) => ({ atMs, bookVersion }));
  if (earlier !== null) {
    seen.push({ atMs: earlier.firstAtMs, bookVersion: earlier.firstVersion });
    seen.push({ atMs: earlier.lastAtMs, bookVersion: earlier.lastVersion });
  }
  seen.sort((left, right) => left.atMs - right.atMs || left.bookVersion - right.bookVersion);
  const [first, last] = [seen[0], seen.at(-1)];
  invariant(first !== undefined && last !== undefined, 'an average is made of something');
  return {
    firstAtMs: first.atMs,
    firstVersion: first.bookVersion,
    lastAtMs: last.atMs,
    lastVersion: last.bookVersion,
  };
}
