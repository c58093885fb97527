/**
 * The paper venue: how fast a recording is opened, and how fast a market replays without orders.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OrderBook } from '../../src/book/order-book.ts';
import { seededRandom } from '../../src/env/seeded-random.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { openTape, type Tape } from '../../src/replay/tape-reader.ts';
import { tapeSource } from '../../src/replay/tape-source.ts';
import { paper as paperVenue } from '../../src/venues/paper/venue.ts';
import { type Bench, type BenchOptions, type BenchResult, paceOf, scaled } from './bench.ts';
import { kalshiFeed } from './feeds.ts';
import { beside, cost, interleaved } from './measure.ts';
import { inScratch } from './scratch.ts';

const FRAMES = 20_000;
const ROUNDS = 7;

/** All events of a tape through the exchange, its latencies, and a listener of each stream. */
function replay(tape: Tape): number {
  const clock = new VirtualClock();
  const random = seededRandom('bench');
  const venue = paperVenue({ clock, random, source: tapeSource([tape]) });
  let heard = 0;
  for (const symbol of tape.markets.keys()) {
    venue.book$(symbol).subscribe(() => (heard += 1));
    venue.trades$(symbol).subscribe(() => (heard += 1));
  }
  while (clock.step());
  if (heard < tape.events.length) throw new Error(`${heard} of ${tape.events.length} were heard`);
  return tape.events.length;
}

function fold({ events }: Tape): number {
  const books = new Map<string, OrderBook>();
  for (const { event } of events) {
    if (event.type !== 'book.delta' && event.type !== 'book.snapshot') continue;
    const known = books.get(event.symbol) ?? new OrderBook(event.symbol);
    books.set(event.symbol, known);
    known.apply(event);
  }
  return events.length;
}

async function measure(folder: string, { scale, progress }: BenchOptions): Promise<BenchResult> {
  const { frames, source } = kalshiFeed(scaled(FRAMES, scale, 50));
  const path = join(folder, 'tape.jsonl');
  writeFileSync(path, frames.join('\n'));
  const tape = openTape(path);
  const contestants = [
    {
      name: 'JSON.parse',
      work: () => {
        for (const text of frames) JSON.parse(text);
        return frames.length;
      },
    },
    { name: 'open', work: () => openTape(path).events.length },
    { name: 'the fold alone', work: () => fold(tape) },
    { name: 'replay', work: () => replay(tape) },
  ] as const;
  progress('replays');
  const [parse, open, folded, replayed] = await interleaved(contestants, paceOf(ROUNDS, scale));
  return {
    figures: [
      {
        name: 'opening a tape',
        value: cost(open),
        unit: 'us/frame',
        beside: beside(open, parse),
      },
      {
        name: 'replaying it',
        value: cost(replayed),
        unit: 'us/event',
        beside: beside(replayed, folded),
      },
      { name: 'events replayed', value: 1e6 / cost(replayed), unit: 'events/s' },
    ],
    notes: [`${frames.length} frames, ${source}; every stream has one listener, no order rests`],
  };
}

export const paper: Bench = {
  name: 'paper',
  title: 'the paper venue over a recording',
  run: (options) => inScratch((folder) => measure(folder, options)),
};
