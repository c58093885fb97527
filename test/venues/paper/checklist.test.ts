/**
 * Why paper fills are too good, and what keeps these from being so: each point with its test.
 *
 * touch = fill; no queue: exchange, "a print serves what stands ahead, then us".
 * print volume reused: conservation, "holds for any market"; exchange, "better own prices".
 * infinite depth at the limit: exchange, "the book crossing us fills what it shows", "a take".
 * stale book after latency: venue, "matches against the book as it is on arrival".
 * look-ahead: below; tape-reader, "is given to a snapshot by the next frame".
 * no adverse selection: below; simulated-exchange, "is informed".
 * own size in the book: recorded, "made while we traded leaves out what we did".
 * depth and trade count double: fill-model, "a change before its print"; reorder, all of it.
 * phantom levels: tape-reader, "that skip are a gap"; sizes are whole lots throughout.
 * YES and NO confused: exchange, "buying NO at q"; reorder, "maps both sides".
 * flickering levels taken: fill-model, "a part of a young level is there".
 * fees not rounded: domain/fees; exchange, "one order pays its rounding once".
 * unfilled not charged: quality/shortfall, "charges an execution that got nothing".
 * cancels at once: below.
 * tuned on the same tape: nothing here is fitted, the exponent is a stated assumption.
 * ghosts of one market overlap: conservation, up to eight own orders share each print and level.
 * only survivors: quality/summary, "counts quantity, not executions".
 * fill before acceptance: below; audit, "accepted at 11".
 */
import { describe, expect, it } from 'vitest';
import { OrderBook } from '../../../src/book/order-book.ts';
import { seededRandom } from '../../../src/env/seeded-random.ts';
import { VirtualClock } from '../../../src/env/virtual-clock.ts';
import { DEFAULT_FILL_MODEL } from '../../../src/venues/paper/fill-model.ts';
import { fixedLatency } from '../../../src/venues/paper/latency.ts';
import { simulatedExchange } from '../../../src/venues/paper/simulated-exchange.ts';
import { paper } from '../../../src/venues/paper/venue.ts';
import { MARKET, orderOf } from './notation.ts';
import { delta, LATER, print, START, setUp, type Timed } from './recording.ts';

describe('paper fills are not too good:', () => {
  it('to look ahead for what is late tells nobody anything early', async () => {
    const heardWith = async (reorderMs: number): Promise<readonly string[]> => {
      const timed: readonly Timed[] = [
        [100, delta('bid', 48, 5)],
        [150, print(3, 48)],
        [310, delta('bid', 48, -3)],
        LATER,
      ];
      const { clock, venue, heard, note } = setUp(timed, {
        fill: { ...DEFAULT_FILL_MODEL, reorderMs },
      });
      venue.book$(MARKET).subscribe(({ type }) => note(type));
      venue.trades$(MARKET).subscribe(({ quantity }) => note(`print ${quantity}`));
      await clock.run({ untilMs: START + 1_000 });
      return heard;
    };
    expect(await heardWith(250)).toEqual(await heardWith(0));
    expect((await heardWith(250)).slice(-3)).toEqual([
      '120 book.delta',
      '170 print 3',
      '330 book.delta',
    ]);
  });

  it('an order may fill while its cancel is on the way', async () => {
    const { clock, venue, heard, note } = setUp([[130, print(30, 48)], LATER]);
    const ref = { clientOrderId: 'A', venueOrderId: null, symbol: MARKET };
    void venue.submit(orderOf('A', 'buy', 5, 48));
    clock.setTimeout(() => void venue.cancel(ref).then(({ kind }) => note(`cancel ${kind}`)), 100);
    await clock.run({ untilMs: START + 400 });
    expect(heard).toEqual(['70 A accepted', '160 A 5@48 maker by print 2', '170 cancel rejected']);
  });

  it('nothing fills before it is accepted: what traded on the way is missed', async () => {
    const { clock, venue, heard } = setUp([[39, print(500, 40)], [41, print(1, 40)], LATER]);
    void venue.submit(orderOf('A', 'buy', 5, 48));
    await clock.run({ untilMs: START + 400 });
    expect(heard).toEqual(['70 A accepted', '71 A 1@48 maker by print 3']);
  });

  it('makers are filled when the price is about to leave them', async () => {
    const [before, after] = await averageMarkout();
    // In hundredths of a cent, against the mid at the fill and ten seconds later.
    expect(before).toBeGreaterThan(0);
    expect(after).toBeLessThan(before / 2);
  });
});

/** A buyer who keeps a lot at the best bid of a simulated market: his edge at once, and later. */
async function averageMarkout(): Promise<readonly [number, number]> {
  const random = seededRandom(21);
  const markets = [{ symbol: 'SIM', category: 'liquid' as const }];
  const source = simulatedExchange({ random, markets, startMs: START, durationMs: 600_000 });
  const clock = new VirtualClock(START);
  const latency = fixedLatency(5);
  const venue = paper({ clock, random: random.fork('venue'), source, latency });
  const book = new OrderBook('SIM');
  const mid = (): number => (book.bids.priceAt(0) + book.asks.priceAt(0)) / 2;
  venue.book$('SIM').subscribe((event) => {
    if (event.type === 'book.snapshot' || event.type === 'book.delta') book.apply(event);
  });
  const marks: { readonly now: number; later: number }[] = [];
  venue.reports$.subscribe(({ report }) => {
    if (report.type !== 'order.filled') return;
    const { price } = report.fill;
    const mark = { now: mid() - price, later: Number.NaN };
    marks.push(mark);
    clock.setTimeout(() => {
      mark.later = mid() - price;
    }, 10_000);
  });
  let count = 0;
  const quote = (): void => {
    void venue.cancelAll();
    const price = book.bids.level(0)?.price;
    const id = `A${(count += 1)}`;
    if (price !== undefined)
      void venue.submit(orderOf(id, 'buy', 100, price, { symbol: 'SIM', postOnly: true }));
    if (clock.wallMs() < START + 580_000) clock.setTimeout(quote, 4_000);
  };
  clock.setTimeout(quote, 1_000);
  await clock.run();
  const average = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const whole = marks.filter(({ now, later }) => Number.isFinite(now) && Number.isFinite(later));
  expect(whole.length).toBeGreaterThan(50);
  expect(venue.auditViolations()).toEqual([]);
  return [average(whole.map(({ now }) => now)), average(whole.map(({ later }) => later))];
}
