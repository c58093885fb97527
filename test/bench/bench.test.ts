/** Each bench still runs and measures something; how fast it is, no test says. */
import { describe, expect, it } from 'vitest';
import { BENCHES } from './benches.ts';
import { levelsOf, OurBooks } from './books.ts';
import { binanceFeed, kalshiFeed } from './feeds.ts';
import { interleaved, quantile, ratio } from './measure.ts';
import { numberText, resultText } from './report.ts';

describe.each(BENCHES)('bench $name', (bench) => {
  it('gives figures and says what they are of', async () => {
    const result = await bench.run({ scale: 0.001, orders: 1, progress: () => undefined });
    const isSkipped = result.notes.some((note) => note.startsWith('skipped:'));
    expect(result.figures.length > 0 || isSkipped).toBe(true);
    expect(result.notes).not.toEqual([]);
    for (const { value, beside } of result.figures)
      expect([value, beside?.ratio ?? 0].every(Number.isFinite)).toBe(true);
    expect(resultText(bench, result)).toContain(bench.title);
  });
});

it('names each bench once', () => {
  const names = BENCHES.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

describe('made-up feeds', () => {
  it('come back to the book they began with, and never break it', () => {
    const { frames, changesOf, source } = kalshiFeed(2_000, 'absent');
    const books = new OurBooks();
    const texts = new Set<string>();
    for (const [index, change] of frames.flatMap(changesOf).entries()) {
      expect(books.of(change.symbol).apply(change)).toBeNull();
      if (index === 0 || index === 2_000)
        texts.add(JSON.stringify(levelsOf(books.of(change.symbol).bids)));
    }
    expect(source).toContain('made up');
    expect(frames).toHaveLength(2_001);
    expect(texts.size).toBe(1);
  });

  it('hold what ccxt reads of them, in other units', () => {
    const { frames, changesOf, sizesOf } = binanceFeed(5, 'absent');
    const changes = frames.flatMap(changesOf);
    const sizes = frames.flatMap((text) => sizesOf?.(text) ?? []);
    expect(sizes.map(({ price }) => Math.round(price * 100))).toEqual(
      changes.map((change) => ('price' in change ? change.price : null)),
    );
  });
});

describe('measuring', () => {
  it('takes turns, and leaves the first round out', async () => {
    const calls: string[] = [];
    let nowUs = 0;
    const contestant = (name: string, tookUs: number) => ({
      name,
      work: () => {
        calls.push(name);
        nowUs += tookUs;
        return 2;
      },
    });
    const [a, b] = await interleaved([contestant('a', 20), contestant('b', 40)], {
      rounds: 2,
      clockUs: () => nowUs,
    });
    expect(calls.join('')).toBe('ababab');
    expect([a?.rounds, b?.rounds]).toEqual([
      [10, 10],
      [20, 20],
    ]);
    expect(a && b && ratio(b, a)).toBe(2);
  });

  it('repeats what is ready until the round is long enough', async () => {
    let nowUs = 0;
    const ready = { name: 'ready', work: () => ((nowUs += 10), 5) };
    const once = { name: 'once', prepare: () => ({ work: () => ((nowUs += 10), 5) }) };
    const pace = { rounds: 1, leastUs: 35, clockUs: () => nowUs };
    const measured = await interleaved([ready, once], pace);
    expect(measured.map(({ rounds }) => rounds)).toEqual([[2], [2]]);
    expect(nowUs).toBe(2 * (40 + 10));
  });

  it('gives quantiles by nearest rank', () => {
    const values = [5, 1, 4, 2, 3];
    expect([0, 0.5, 0.99, 1].map((q) => quantile(values, q))).toEqual([1, 3, 5, 5]);
    expect(quantile([], 0.5)).toBeNaN();
  });

  it('shows three digits, whole above a hundred', () => {
    expect([0.012345, 1.2345, 123.45, 1_234_567].map(numberText)).toEqual([
      '0.0123',
      '1.23',
      '123',
      '1,234,567',
    ]);
  });
});
