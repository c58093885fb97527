/** What the market and the clocks do: pauses, the close, expiry, and a clock that is wrong. */
import { isOnGrid } from '../../domain/grid.ts';
import type { BookEvent } from '../../domain/market-data.ts';
import { decimal, notional } from '../../domain/money.ts';
import { ticks } from '../../domain/numbers.ts';
import { BookWatch } from '../book-watch.ts';
import type { CardDefinition } from '../card.ts';
import type { Stage } from '../stage.ts';
import { isRefusal, shownOf } from '../terms.ts';

const LIFE_MS = 5_000;
const SKEW_MS = 60_000;

/** Some venues do not tell by themselves: an adapter has to ask for it now and then. */
async function isTold(stage: Stage, watch: BookWatch, type: BookEvent['type']): Promise<void> {
  await stage.until(
    () => watch.types(),
    (types) => types.includes(type),
    `tell ${type} on the book's stream`,
  );
}

async function refusesMore(stage: Stage): Promise<void> {
  const tried = await stage.try(stage.venue.submit(stage.request()));
  stage.check(isRefusal(tried), shownOf(tried), 'translate the refusal to "rejected"');
}

export const MARKET_CARDS: readonly CardDefinition[] = [
  {
    name: 'market-pause',
    promise: 'In a pause nothing is accepted, it is told, and what rests can be cancelled.',
    needs: ['pause'],
    async play(stage: Stage) {
      const { ref } = await stage.place();
      const watch = new BookWatch(stage.venue, stage.market.symbol);
      await stage.pull('pause');
      await stage.settle();
      await refusesMore(stage);
      const outcome = await stage.call(stage.venue.cancel(ref));
      stage.check(outcome.kind === 'accepted', outcome, 'never hold a cancel back');
      await isTold(stage, watch, 'market.paused');
      watch.stop();
    },
  },
  {
    name: 'market-close',
    promise: 'When a market closes nothing is accepted, it is told, and what rested has ended.',
    needs: ['closeMarket'],
    async play(stage: Stage) {
      const { ref } = await stage.place();
      const watch = new BookWatch(stage.venue, stage.market.symbol);
      await stage.pull('closeMarket');
      await stage.settle();
      await refusesMore(stage);
      await isTold(stage, watch, 'market.closed');
      watch.stop();
      await stage.found(
        ref,
        ({ status, cumulative }) => status !== 'resting' && cumulative === 0,
        'show how the orders of a closed market ended',
      );
    },
  },
  {
    name: 'market-resume',
    promise: 'After a pause it is told that trading goes on, and orders are accepted again.',
    needs: ['pause', 'resume'],
    async play(stage: Stage) {
      const watch = new BookWatch(stage.venue, stage.market.symbol);
      await stage.pull('pause');
      await isTold(stage, watch, 'market.paused');
      await stage.pull('resume');
      await isTold(stage, watch, 'market.resumed');
      watch.stop();
      await stage.place();
    },
  },
  {
    name: 'market-ticks-change',
    promise: 'When the price steps of a market change it is told, and what rests stays.',
    needs: ['changeTicks'],
    async play(stage: Stage) {
      const { ref } = await stage.place();
      const watch = new BookWatch(stage.venue, stage.market.symbol);
      await stage.settle();
      await stage.pull('changeTicks');
      await isTold(stage, watch, 'market.ticksChanged');
      watch.stop();
      const told = watch.events.find((event) => event.type === 'market.ticksChanged');
      const ranges = told?.type === 'market.ticksChanged' ? told.ranges : [];
      const { restingPrice, takingPrice } = stage.market;
      const fits = [restingPrice, takingPrice].every((price) => isOnGrid(ranges, price));
      stage.check(fits, ranges, 'give all ranges that hold now, in YES prices');
      await stage.found(ref, ({ status }) => status === 'resting', 'leave orders where they are');
    },
  },
  {
    name: 'market-settles',
    promise: 'The answer to a question is told with its worth, and positions are paid out by it.',
    needs: ['settle'],
    async play(stage: Stage) {
      const { payout, priceUnit, lotSize } = await stage.instrument();
      const { symbol, takingPrice: price, quantity } = stage.market;
      const { ref } = await stage.place({ price });
      await stage.found(ref, ({ status }) => status === 'filled', 'fill what crosses');
      const before = decimal(await stage.call(stage.venue.balance()), 'balance');
      const watch = new BookWatch(stage.venue, symbol);
      await stage.pull('settle');
      await isTold(stage, watch, 'market.settled');
      watch.stop();
      const told = watch.events.find((event) => event.type === 'market.settled');
      const isWorth = told?.type === 'market.settled' && told.value === payout;
      stage.check(isWorth, told, 'give the worth of a YES contract, in ticks');
      const due = notional(payout ?? ticks(0), priceUnit, quantity, lotSize);
      await stage.until(
        async () => decimal(await stage.call(stage.venue.balance()), 'balance').minus(before),
        (paid) => paid.eq(due),
        'pay a settled position out, free of charge',
      );
      await stage.until(
        () => stage.call(stage.venue.positions()),
        (all) => all.every((held) => held.symbol !== symbol || held.quantity === 0),
        'list no position in a market that is settled',
      );
    },
  },
  {
    name: 'expiry-ends-orders',
    promise: 'An order with an expiry rests until then, by the clock of the venue, and no longer.',
    needs: ['expiry'],
    async play(stage: Stage) {
      const asOf = await stage.call(stage.venue.asOf());
      const expiresAtMs = Math.ceil((asOf + LIFE_MS) / 1_000) * 1_000;
      const { ref } = await stage.place({ expiresAtMs });
      const early = await stage.found(ref, ({ status }) => status === 'resting', 'let it rest');
      stage.check(early.cumulative === 0, early, 'fill nothing that did not trade');
      await stage.world.clock.pass(LIFE_MS + 1_000);
      await stage.found(
        ref,
        ({ status }) => status === 'expired' || status === 'cancelled',
        'send the expiry to the venue: it must hold when this process is gone',
      );
    },
  },
  {
    name: 'clock-skew',
    promise: "A clock of ours that is wrong moves neither the venue's time nor stops an order.",
    needs: ['skewClock'],
    async play(stage: Stage) {
      const { clock } = stage.world;
      const [asOfThen, askedAtMs] = [await stage.call(stage.venue.asOf()), clock.nowMs()];
      await stage.pull('skewClock', SKEW_MS);
      await stage.settle();
      const asOf = await stage.call(stage.venue.asOf());
      const moved = asOf - asOfThen - (clock.nowMs() - askedAtMs);
      const wayOut = "take times from the venue's answers, and sign by its clock";
      stage.check(Math.abs(moved) < SKEW_MS / 2, { asOfThen, asOf, moved }, wayOut);
      const { ref } = await stage.place();
      const outcome = await stage.call(stage.venue.cancel(ref));
      stage.check(outcome.kind === 'accepted', outcome, wayOut);
    },
  },
];
