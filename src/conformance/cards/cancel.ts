/** Cancelling: what it says has filled, whatever happens at the same time. */
import type { CardDefinition } from '../card.ts';
import { lotsIn, type Placed, refOf, type Stage } from '../stage.ts';
import { isDoubt, isRefusal, shownOf } from '../terms.ts';

const ADD_UP = 'tell the count of an order and its fills from the same facts';

/** The order has ended, and its fills are all that it counts. */
async function endsWith(stage: Stage, { ref }: Placed, filled: number): Promise<void> {
  const order = await stage.found(
    ref,
    ({ status, cumulative }) => status !== 'resting' && cumulative === filled,
    'show an order that has ended, with what has filled of it',
  );
  const fills = await stage.fillsOf(ref.clientOrderId);
  stage.check(lotsIn(fills) === filled, { order, fills }, ADD_UP);
  const resting = await stage.resting(ref.clientOrderId);
  stage.check(resting.length === 0, resting, 'list only what rests');
}

export const CANCEL_CARDS: readonly CardDefinition[] = [
  {
    name: 'cancel-rests',
    promise: 'A cancelled order rests no more, and has filled nothing.',
    needs: [],
    async play(stage: Stage) {
      const placed = await stage.place();
      const outcome = await stage.call(stage.venue.cancel(placed.ref));
      const isDone = outcome.kind === 'accepted' && outcome.cumulative === 0;
      stage.check(isDone, outcome, 'resolve to { kind: "accepted", cumulative }');
      await endsWith(stage, placed, 0);
    },
  },
  {
    name: 'cancel-unknown',
    promise: 'The cancel of an order that the venue does not know is refused, not thrown.',
    needs: [],
    async play(stage: Stage) {
      const tried = await stage.try(stage.venue.cancel(refOf(stage.request())));
      const isSaid = 'value' in tried && tried.value.kind === 'rejected';
      stage.check(isSaid, shownOf(tried), 'answer "rejected" for a 404');
    },
  },
  {
    name: 'cancel-twice',
    promise: 'An order that has ended cannot be cancelled once more.',
    needs: [],
    async play(stage: Stage) {
      const placed = await stage.place();
      await stage.call(stage.venue.cancel(placed.ref));
      const tried = await stage.try(stage.venue.cancel(placed.ref));
      stage.check(isRefusal(tried), shownOf(tried), 'answer "rejected" where nothing rests');
      await endsWith(stage, placed, 0);
    },
  },
  {
    name: 'cancel-partial',
    promise: 'The cancel of an order that has filled in part says how much, and ends the rest.',
    needs: ['fillResting'],
    async play(stage: Stage) {
      const placed = await stage.place();
      const part = await stage.part();
      await stage.pull('fillResting', placed.ref.clientOrderId, part);
      await stage.settle();
      const outcome = await stage.call(stage.venue.cancel(placed.ref));
      const isRight = outcome.kind === 'accepted' && outcome.cumulative === part;
      stage.check(
        isRight,
        outcome,
        'say what has filled of the order in all, not what was taken back',
      );
      await endsWith(stage, placed, part);
    },
  },
  {
    name: 'cancel-fill-race',
    promise: 'Where a fill and a cancel meet, one of them wins, and all that is told agrees.',
    needs: ['fillResting'],
    async play(stage: Stage) {
      const placed = await stage.place();
      const { quantity } = stage.market;
      const cancelled = stage.venue.cancel(placed.ref);
      await stage.pull('fillResting', placed.ref.clientOrderId, quantity);
      const outcome = await stage.call(cancelled);
      await stage.settle();
      const filled = lotsIn(await stage.fillsOf(placed.ref.clientOrderId));
      const agrees =
        outcome.kind === 'accepted'
          ? outcome.cumulative === filled
          : outcome.kind === 'rejected' && filled === quantity;
      stage.check(agrees, { outcome, filled }, 'count what has filled when the cancel took effect');
      await endsWith(stage, placed, filled);
    },
  },
  {
    name: 'cancel-after-fill',
    promise: 'An order that is filled cannot be cancelled, however late its fills are heard of.',
    needs: ['fillResting'],
    async play(stage: Stage) {
      const placed = await stage.place();
      const { quantity } = stage.market;
      await stage.pull('fillResting', placed.ref.clientOrderId, quantity);
      await stage.settle();
      const tried = await stage.try(stage.venue.cancel(placed.ref));
      stage.check(isRefusal(tried), shownOf(tried), 'answer "rejected" where nothing is left');
      await endsWith(stage, placed, quantity);
    },
  },
  {
    name: 'cancel-answer-lost',
    promise: 'A cancel whose answer was lost is in doubt, and the truth can be looked up.',
    needs: ['loseAnswer'],
    async play(stage: Stage) {
      const placed = await stage.place();
      await stage.pull('loseAnswer');
      const tried = await stage.try(stage.venue.cancel(placed.ref));
      stage.check(isDoubt(tried), shownOf(tried), 'answer "ambiguous" for a time-out');
      await endsWith(stage, placed, 0);
    },
  },
  {
    name: 'cancel-request-lost',
    promise:
      'A cancel that never arrived is in doubt: the order rests, and may be cancelled again.',
    needs: ['loseRequest'],
    async play(stage: Stage) {
      const placed = await stage.place();
      await stage.pull('loseRequest');
      const tried = await stage.try(stage.venue.cancel(placed.ref));
      stage.check(isDoubt(tried), shownOf(tried), 'answer "ambiguous" where nobody can tell');
      await stage.settle();
      const resting = await stage.resting(placed.ref.clientOrderId);
      stage.check(resting.length === 1, resting, 'show the order until it has ended');
      const again = await stage.call(stage.venue.cancel(placed.ref));
      stage.check(
        again.kind === 'accepted',
        again,
        'let an order be cancelled any number of times',
      );
      await endsWith(stage, placed, 0);
    },
  },
  {
    name: 'cancel-throttled',
    promise: 'A 429 for a cancel is a refusal: the order rests on.',
    needs: ['throttle'],
    async play(stage: Stage) {
      const placed = await stage.place();
      await stage.pull('throttle');
      const tried = await stage.try(stage.venue.cancel(placed.ref));
      const isMarked = 'value' in tried && 'throttled' in tried.value;
      const wayOut = 'answer { kind: "rejected", throttled: true } for a 429; do not retry';
      stage.check(isRefusal(tried) && isMarked, shownOf(tried), wayOut);
      await stage.settle();
      const resting = await stage.resting(placed.ref.clientOrderId);
      stage.check(resting.length === 1, resting, wayOut);
    },
  },
  {
    name: 'cancel-all',
    promise: 'cancelAll leaves nothing of the account resting.',
    needs: [],
    async play(stage: Stage) {
      const quantity = await stage.part();
      for (let count = 0; count < 3; count += 1) await stage.place({ quantity });
      await stage.call(stage.venue.cancelAll());
      await stage.until(
        () => stage.call(stage.venue.openOrders()),
        (open) => open.length === 0,
        'cancel until the listing is empty; reject where that cannot be had',
      );
    },
  },
];
