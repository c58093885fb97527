/** Amending: the quantity is the total, what has filled stays filled. */
import { tickBelow } from '../../domain/grid.ts';
import { type Lots, lots, type Ticks } from '../../domain/numbers.ts';
import type { AmendOutcome } from '../../domain/order.ts';
import type { CardDefinition } from '../card.ts';
import { lotsIn, type Placed, type Stage, type Tried } from '../stage.ts';
import { isDoubt, isRefusal, sameTerms, shownOf } from '../terms.ts';

function amend(stage: Stage, { ref }: Placed, price: Ticks, quantity: Lots) {
  const amended = stage.venue.amend?.({ ...ref, price, quantity });
  stage.check(amended !== undefined, 'venue.amend is missing', 'add it, or say cannot.amend');
  return amended;
}

const tryAmend = (
  stage: Stage,
  placed: Placed,
  price: Ticks,
  quantity: Lots,
): Promise<Tried<AmendOutcome>> => stage.try(amend(stage, placed, price, quantity));

/** The venue shows the order with these terms, resting. */
async function stands(
  stage: Stage,
  { ref, request }: Placed,
  price: Ticks,
  quantity: Lots,
  filled: number,
): Promise<void> {
  const instrument = await stage.instrument();
  await stage.found(
    ref,
    (order) =>
      order.status === 'resting' &&
      order.cumulative === filled &&
      sameTerms(instrument, order.request, { ...request, price, quantity }),
    'show price and total as they were amended',
  );
}

async function lowerPrice(stage: Stage): Promise<Ticks> {
  const { tickRanges } = await stage.instrument();
  const price = tickBelow(tickRanges, stage.market.restingPrice);
  stage.check(price !== null, tickRanges, 'choose a restingPrice above the lowest of the grid');
  return price;
}

export const AMEND_CARDS: readonly CardDefinition[] = [
  {
    name: 'amend-price',
    promise: 'An amended order keeps its id and rests at the new price, once.',
    needs: ['amend'],
    async play(stage: Stage) {
      const placed = await stage.place();
      const { quantity } = stage.market;
      const price = await lowerPrice(stage);
      const outcome = await stage.call(amend(stage, placed, price, quantity));
      const isDone =
        outcome.kind === 'accepted' && outcome.price === price && outcome.quantity === quantity;
      stage.check(isDone, outcome, 'answer with the price and the total that hold now');
      await stands(stage, placed, price, quantity, 0);
      const resting = await stage.resting(placed.ref.clientOrderId);
      stage.check(resting.length === 1, resting, 'map a changed venue id to the same order');
    },
  },
  {
    name: 'amend-keeps-filled',
    promise: 'The quantity of an amend is the total: what has filled counts within it.',
    needs: ['amend', 'fillResting'],
    async play(stage: Stage) {
      const placed = await stage.place();
      const { quantity } = stage.market;
      const part = await stage.part();
      await stage.pull('fillResting', placed.ref.clientOrderId, part);
      await stage.settle();
      const price = await lowerPrice(stage);
      const outcome = await stage.call(amend(stage, placed, price, quantity));
      const isTotal = outcome.kind === 'accepted' && outcome.quantity === quantity;
      stage.check(isTotal, outcome, 'translate the total to what the venue means');
      await stands(stage, placed, price, quantity, part);
      const left = lots(quantity - part);
      await stage.pull('fillResting', placed.ref.clientOrderId, left);
      const wayOut = 'let the order rest for the total less what has filled';
      await stage.found(placed.ref, (order) => order.status === 'filled', wayOut);
      const fills = await stage.fillsOf(placed.ref.clientOrderId);
      stage.check(lotsIn(fills) === quantity, fills, wayOut);
    },
  },
  {
    name: 'amend-decreases',
    promise: 'A smaller total at the same price leaves less resting.',
    needs: ['amend'],
    async play(stage: Stage) {
      const placed = await stage.place();
      const { restingPrice } = stage.market;
      const part = await stage.part();
      const outcome = await stage.call(amend(stage, placed, restingPrice, part));
      const isDone = outcome.kind === 'accepted' && outcome.quantity === part;
      stage.check(isDone, outcome, 'answer with the total that holds now');
      await stands(stage, placed, restingPrice, part, 0);
    },
  },
  {
    name: 'amend-below-filled',
    promise: 'A total below what has filled is refused, and changes nothing.',
    needs: ['amend', 'fillResting'],
    async play(stage: Stage) {
      const placed = await stage.place();
      const { restingPrice, quantity } = stage.market;
      const part = await stage.part();
      const filled = lots(2 * part);
      await stage.pull('fillResting', placed.ref.clientOrderId, filled);
      await stage.settle();
      const tried = await tryAmend(stage, placed, restingPrice, part);
      stage.check(isRefusal(tried), shownOf(tried), 'refuse it; what has filled cannot be undone');
      await stage.settle();
      await stands(stage, placed, restingPrice, quantity, filled);
    },
  },
  {
    name: 'amend-ended',
    promise: 'An order that has ended cannot be amended back to life.',
    needs: ['amend'],
    async play(stage: Stage) {
      const placed = await stage.place();
      await stage.call(stage.venue.cancel(placed.ref));
      const tried = await tryAmend(stage, placed, await lowerPrice(stage), stage.market.quantity);
      stage.check(isRefusal(tried), shownOf(tried), 'answer "rejected" where nothing rests');
      await stage.settle();
      const resting = await stage.resting(placed.ref.clientOrderId);
      stage.check(resting.length === 0, resting, 'never replace an order that has ended');
    },
  },
  {
    name: 'amend-fill-race',
    promise: 'Where a fill and an amend meet, no more than the greater total ever fills.',
    needs: ['amend', 'fillResting'],
    async play(stage: Stage) {
      const placed = await stage.place();
      const { quantity } = stage.market;
      const price = await lowerPrice(stage);
      const amended = amend(stage, placed, price, quantity);
      await stage.pull('fillResting', placed.ref.clientOrderId, quantity);
      const tried = await stage.try(amended);
      const wayOut = 'answer "accepted" or "rejected" as the venue did, "ambiguous" if it did not';
      stage.check('value' in tried, shownOf(tried), wayOut);
      await stage.settle();
      const order = await stage.look(placed.ref);
      const filled = lotsIn(await stage.fillsOf(placed.ref.clientOrderId));
      const agrees = order?.cumulative === filled && filled <= quantity;
      stage.check(
        agrees,
        { outcome: tried.value, order, filled },
        'never size the new from the old',
      );
      const isEnded = tried.value.kind !== 'rejected' || order?.status === 'filled';
      stage.check(isEnded, { outcome: tried.value, order }, 'refuse only what could not be done');
    },
  },
  {
    name: 'amend-answer-lost',
    promise: 'An amend whose answer was lost is in doubt, and the truth can be looked up.',
    needs: ['amend', 'loseAnswer'],
    async play(stage: Stage) {
      const placed = await stage.place();
      const price = await lowerPrice(stage);
      await stage.pull('loseAnswer');
      const tried = await tryAmend(stage, placed, price, stage.market.quantity);
      stage.check(isDoubt(tried), shownOf(tried), 'answer "ambiguous" for a time-out');
      await stands(stage, placed, price, stage.market.quantity, 0);
    },
  },
];
