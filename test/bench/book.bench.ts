/**
 * The order book: a level update on one core, from memory and from text, beside JSON.parse of the
 * same frames and beside the order book of ccxt, which must hold the same levels at the end.
 */
import type { BookSnapshot } from '../../src/domain/market-data.ts';
import {
  type Bench,
  type BenchOptions,
  type BenchResult,
  type Figure,
  paceOf,
  scaled,
} from './bench.ts';
import { assertSame, type BookChange, levelSizesOf, OurBooks, TheirBooks } from './books.ts';
import { type CcxtSides, loadCcxtSides } from './ccxt-side.ts';
import { binanceFeed, type Feed, kalshiFeed } from './feeds.ts';
import { beside, type Contestant, cost, interleaved, type Measured } from './measure.ts';

const KALSHI_FRAMES = 40_000;
const BINANCE_FRAMES = 2_000;
const ROUNDS = 9;

/** A book that deltas may change: recordings of Binance begin without a snapshot. */
const emptyBook = (symbol: string): BookSnapshot => ({
  type: 'book.snapshot',
  symbol,
  bids: [],
  asks: [],
  sequence: 0,
  timeMs: null,
});

function openingsOf(changes: readonly BookChange[]): readonly BookSnapshot[] {
  const symbols = new Set(changes.map(({ symbol }) => symbol));
  return [...symbols].map(emptyBook);
}

/** Both kinds of books after all of a feed, for a look at whether they agree. */
function filledBooks(changes: readonly BookChange[], sides: CcxtSides) {
  const ours = new OurBooks();
  for (const change of changes) ours.apply(change);
  const theirs = new TheirBooks(sides);
  for (const size of levelSizesOf(changes)) theirs.store(size);
  return { ours, theirs };
}

type Contestants = readonly [Contestant, Contestant, Contestant, Contestant, ...Contestant[]];

/** From memory ours and ccxt's; from text JSON.parse, ours, and ccxt's where it can. */
function contestantsOf(feed: Feed, changes: readonly BookChange[], sides: CcxtSides): Contestants {
  const { frames, changesOf, sizesOf } = feed;
  const openings = openingsOf(changes);
  const sizes = levelSizesOf([...openings, ...changes]);
  const over = <T>(name: string, items: readonly T[], begin: () => (item: T) => void) => ({
    name,
    work: () => {
      const tell = begin();
      for (const item of items) tell(item);
      return changes.length;
    },
  });
  const openBooks = (): OurBooks => {
    const books = new OurBooks();
    for (const opening of openings) books.apply(opening);
    return books;
  };
  const ourText = (): ((text: string) => void) => {
    const books = openBooks();
    return (text) => {
      for (const change of changesOf(text)) books.apply(change);
    };
  };
  const theirText = (read: NonNullable<Feed['sizesOf']>) => (): ((text: string) => void) => {
    const books = new TheirBooks(sides);
    return (text) => {
      for (const size of read(text)) books.store(size);
    };
  };
  const ourFold = (): ((change: BookChange) => void) => {
    const books = openBooks();
    return (change) => books.apply(change);
  };
  const theirFold = () => {
    const books = new TheirBooks(sides);
    return books.store.bind(books);
  };
  return [
    over('ours', changes, ourFold),
    over('ccxt', sizes, theirFold),
    over('JSON.parse', frames, () => (text) => void JSON.parse(text)),
    over('ours', frames, ourText),
    ...(sizesOf === null ? [] : [over('ccxt', frames, theirText(sizesOf))]),
  ];
}

type Measures = readonly [Measured, Measured, Measured, Measured, ...Measured[]];

function figuresOf(name: string, measures: Measures): readonly Figure[] {
  const [fold, ccxtFold, parse, text, ccxtText] = measures;
  const figure = (what: string, one: Measured, other: Measured): Figure => {
    const terms = { value: cost(one), unit: 'us/update', beside: beside(one, other) };
    return { name: `${name}: ${what}`, ...terms };
  };
  const speed = (what: string, one: Measured): Figure => {
    return { name: `${name}: ${what}`, value: 1e6 / cost(one), unit: 'updates/s' };
  };
  return [
    figure('fold into the book', fold, ccxtFold),
    speed('updates folded', fold),
    figure('text to book', text, parse),
    ...(ccxtText === undefined ? [] : [figure('text to book', text, ccxtText)]),
    speed('updates from text', text),
  ];
}

async function run({ scale, progress }: BenchOptions): Promise<BenchResult> {
  const sides = await loadCcxtSides();
  const feeds = [
    kalshiFeed(2 * scaled(KALSHI_FRAMES / 2, scale, 100)),
    binanceFeed(scaled(BINANCE_FRAMES, scale, 20)),
  ];
  const figures: Figure[] = [];
  const notes: string[] = [];
  for (const feed of feeds) {
    const { name, frames, source } = feed;
    progress(name);
    const changes = frames.flatMap(feed.changesOf);
    const { ours, theirs } = filledBooks([...openingsOf(changes), ...changes], sides);
    assertSame(ours, theirs);
    const contestants = contestantsOf(feed, changes, sides);
    figures.push(...figuresOf(name, await interleaved(contestants, paceOf(ROUNDS, scale))));
    const amount = `${frames.length} frames, ${changes.length} changes`;
    notes.push(`${name}: ${amount}, ${source}; at the end equal to ccxt's book`);
  }
  return { figures, notes };
}

export const book: Bench = { name: 'book', title: 'order book updates on one core', run };
