import { describe, expect, it } from 'vitest';
import { assumedFacts, kalshiInstrument } from '../../src/replay/series.ts';
import { openTape } from '../../src/replay/tape-reader.ts';
import { marketsOf, pickMarket, tapeSource } from '../../src/replay/tape-source.ts';
import type { MarketDataSource, TimedEvent } from '../../src/venues/paper/source.ts';
import { deltaFrame, linesOf, MARKET, START_MS, snapshotFrame, tapeFile } from './tape-file.ts';

const OTHER = 'KXTEST-B';

const early = openTape(
  tapeFile(
    linesOf(
      snapshotFrame(1),
      snapshotFrame(2, { market: OTHER }),
      deltaFrame(3, 10),
      deltaFrame(4, 30, { market: OTHER }),
      deltaFrame(5, 50, { market: OTHER }),
    ),
  ),
);
const late = openTape(tapeFile(linesOf(snapshotFrame(1), deltaFrame(2, 20), deltaFrame(3, 40))));

const drain = (source: MarketDataSource): readonly TimedEvent[] => {
  const events: TimedEvent[] = [];
  for (let event = source.next(); event !== null; event = source.next()) events.push(event);
  return events;
};

const told = (source: MarketDataSource): readonly string[] =>
  drain(source).map(({ atMs, event }) => `${atMs - START_MS} ${event.symbol} ${event.type}`);

describe('a source', () => {
  it('tells all markets of a tape in its order', () => {
    const source = tapeSource([early]);
    expect(source.startMs).toBe(START_MS + 10);
    expect(source.instruments.map(({ symbol }) => symbol)).toEqual([MARKET, OTHER]);
    expect(drain(source)).toEqual(early.events);
    expect(source.next()).toBeNull();
  });

  it('tells the chosen market only', () => {
    const source = tapeSource([early], [OTHER]);
    expect(source.instruments.map(({ symbol }) => symbol)).toEqual([OTHER]);
    expect(told(source)).toEqual([
      `10 ${OTHER} book.snapshot`,
      `30 ${OTHER} book.delta`,
      `50 ${OTHER} book.delta`,
    ]);
  });

  it('merges tapes by time', () => {
    const source = tapeSource([early, late]);
    expect(told(source).map((line) => line.split(' ')[0])).toEqual([
      '10',
      '10',
      '10',
      '20',
      '20',
      '30',
      '40',
      '50',
    ]);
    expect(source.instruments).toHaveLength(2);
  });

  it('lets the tape that was named first speak first', () => {
    const same = openTape(
      tapeFile(linesOf(snapshotFrame(1, { market: OTHER }), deltaFrame(2, 20))),
    );
    expect(told(tapeSource([late, same]))[0]).toContain(MARKET);
    expect(told(tapeSource([same, late]))[0]).toContain(OTHER);
  });

  it('is read once, the tape again and again', () => {
    expect(told(tapeSource([early]))).toEqual(told(tapeSource([early])));
  });

  it('refuses a market that is on no tape, and names those that are', () => {
    expect(() => tapeSource([early, late], ['KXNONE'])).toThrow(
      `the market must be on the tape, was "KXNONE"; choose of ${MARKET}, ${OTHER}`,
    );
  });
});

describe('the busiest market', () => {
  it('is the one with the most deltas, of all tapes together', () => {
    expect(pickMarket([early])).toBe(OTHER);
    expect(pickMarket([early, late])).toBe(MARKET);
    expect(marketsOf([early, late])).toEqual([MARKET, OTHER]);
  });

  it('needs a tape', () => {
    expect(() => pickMarket([])).toThrow(/at least one tape is needed/);
  });
});

describe('the table of series', () => {
  it('says what it assumed', () => {
    expect(assumedFacts(MARKET)).toBeNull();
    expect(assumedFacts(OTHER)).toContain('series KXTEST is not in the table');
    expect(kalshiInstrument(OTHER)).toMatchObject({
      tickRanges: [{ from: 100, to: 9_900, step: 100 }],
      fees: { takerRate: '0.07', makerRate: '0', balanceStep: '0.01' },
    });
  });
});
