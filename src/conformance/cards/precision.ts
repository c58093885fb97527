/** Ticks and lots: what is on the grid comes back exactly, what is not never gets in. */
import { isOnGrid, tickAbove } from '../../domain/grid.ts';
import { type Instrument, ownRanges } from '../../domain/instrument.ts';
import { lots, type Ticks, ticks } from '../../domain/numbers.ts';
import type { OrderRequest } from '../../domain/order.ts';
import type { CardDefinition } from '../card.ts';
import type { Stage } from '../stage.ts';
import { isRefusal, sameTerms, shownOf } from '../terms.ts';
import { leavesNothing } from './submit.ts';

const least = ({ minQuantity, quantityStep }: Instrument) =>
  lots(Math.ceil(minQuantity / quantityStep) * quantityStep);

/** Orders that no venue can take: each breaks one rule of the instrument. */
function misfits(instrument: Instrument): readonly Partial<OrderRequest>[] {
  const { tickRanges, minQuantity, quantityStep } = instrument;
  const low = tickRanges[0]?.from ?? ticks(1);
  const high = tickRanges.at(-1)?.to ?? low;
  const prices = [low + 1, high + 1].map(ticks).filter((price) => !isOnGrid(tickRanges, price));
  const quantities = [minQuantity - 1, minQuantity + 1].filter(
    (quantity) => quantity < minQuantity || quantity % quantityStep !== 0,
  );
  return [
    ...prices.map((price) => ({ price })),
    ...quantities.map((quantity) => ({ quantity: lots(quantity) })),
  ];
}

async function comesBack(stage: Stage, changes: Partial<OrderRequest>): Promise<void> {
  const instrument = await stage.instrument();
  const { request, ref } = await stage.place(changes);
  const order = await stage.found(
    ref,
    (found) => sameTerms(instrument, found.request, request),
    'count in ticks and lots, never in floating point; translate by text',
  );
  stage.check(order.status === 'resting', order, 'let it rest');
}

export const PRECISION_CARDS: readonly CardDefinition[] = [
  {
    name: 'instruments-are-whole',
    promise: 'Instruments name this venue and have a grid that ascends.',
    needs: [],
    async play(stage: Stage) {
      const instrument = await stage.instrument();
      const { venue, tickRanges, minQuantity, quantityStep } = instrument;
      const { restingPrice, takingPrice, quantity } = stage.market;
      stage.check(venue === stage.venue.name, { venue }, "give instruments the venue's own name");
      const ascends = tickRanges.every(
        ({ from, to, step }, index) =>
          step > 0 && from <= to && from >= (tickRanges[index - 1]?.to ?? from),
      );
      stage.check(
        ascends && tickRanges.length > 0,
        tickRanges,
        'give ranges that ascend and touch',
      );
      const fits =
        minQuantity > 0 &&
        quantityStep > 0 &&
        quantity % quantityStep === 0 &&
        [restingPrice, takingPrice].every((price) => isOnGrid(tickRanges, price));
      stage.check(
        fits,
        { instrument, market: stage.market },
        'give units that the market trades in',
      );
    },
  },
  {
    name: 'precision-exact',
    promise: 'The smallest order at odd prices comes back to the tick and the lot.',
    needs: [],
    async play(stage: Stage) {
      const instrument = await stage.instrument();
      const quantity = least(instrument);
      let price: Ticks | null = instrument.tickRanges[0]?.from ?? null;
      for (let count = 0; count < 3 && price !== null; count += 1) {
        if (price < stage.market.takingPrice) await comesBack(stage, { price, quantity });
        price = tickAbove(instrument.tickRanges, price);
      }
    },
  },
  {
    name: 'precision-refused',
    promise: 'A price off the grid, or a quantity between the steps, is refused and not rounded.',
    needs: [],
    async play(stage: Stage) {
      for (const misfit of misfits(await stage.instrument())) {
        const request = stage.request(misfit);
        const tried = await stage.try(stage.venue.submit(request));
        const wayOut = 'refuse it before the wire with an InputError, or let the venue reject it';
        stage.check(isRefusal(tried), { misfit, outcome: shownOf(tried) }, wayOut);
        await leavesNothing(stage, request.clientOrderId);
      }
    },
  },
  {
    name: 'no-side',
    promise: 'An order on NO is priced in NO, and comes back as the same order.',
    needs: ['no'],
    async play(stage: Stage) {
      const instrument = await stage.instrument();
      const price = ownRanges(instrument, 'no')[0]?.from ?? null;
      stage.check(price !== null, instrument.tickRanges, 'give the grid of the market');
      await comesBack(stage, { outcome: 'no', price, quantity: least(instrument) });
    },
  },
];
