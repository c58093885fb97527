/** Submitting: what is accepted, what is refused, and what nobody can tell. */
import type { CardDefinition } from '../card.ts';
import { lotsIn, refOf, type Stage } from '../stage.ts';
import { isDoubt, isRefusal, sameTerms, shownOf } from '../terms.ts';

/** Of all that was sent exactly one order rests, under this id. */
async function restsOnce(stage: Stage, clientOrderId: string): Promise<void> {
  await stage.settle();
  const open = await stage.call(stage.venue.openOrders());
  const resting = open.filter(({ symbol }) => symbol === stage.market.symbol);
  stage.check(
    resting.length === 1 && resting[0]?.clientOrderId === clientOrderId,
    resting,
    'send the id with the order and never resend under another: the venue tells doubles by it',
  );
}

/** Nothing of it is at the venue, and nothing comes. */
export async function leavesNothing(stage: Stage, clientOrderId: string): Promise<void> {
  await stage.settle();
  const left = await stage.resting(clientOrderId);
  stage.check(left.length === 0, left, 'answer "rejected" only where nothing can come of it');
  const fills = await stage.fillsOf(clientOrderId);
  stage.check(fills.length === 0, fills, 'answer "rejected" only where nothing can come of it');
}

export const SUBMIT_CARDS: readonly CardDefinition[] = [
  {
    name: 'submit-rests',
    promise: 'An accepted order rests as it was asked for, and is listed once.',
    needs: [],
    async play(stage: Stage) {
      const instrument = await stage.instrument();
      const { request, ref } = await stage.place();
      const [listed] = await stage.until(
        () => stage.resting(request.clientOrderId),
        (resting) => resting.length === 1,
        'list every order that rests, once, under the id it was sent with',
      );
      const isIt =
        listed?.venueOrderId === ref.venueOrderId &&
        listed?.status === 'resting' &&
        listed.cumulative === 0 &&
        sameTerms(instrument, listed.request, request);
      stage.check(
        isIt,
        { request, listed },
        'list side, price, quantity and ids as they were sent',
      );
    },
  },
  {
    name: 'submit-takes',
    promise: 'An order that crosses fills at its price or better, and is told as filled.',
    needs: [],
    async play(stage: Stage) {
      const { takingPrice: price, quantity } = stage.market;
      const { ref } = await stage.place({ price });
      const order = await stage.found(
        ref,
        ({ status }) => status === 'filled',
        'tell it as filled',
      );
      stage.check(order.cumulative === quantity, order, 'count all that has filled');
      const fills = await stage.until(
        () => stage.fillsOf(ref.clientOrderId),
        (all) => lotsIn(all) === quantity,
        'list the fills of a take like any others, so that they add up',
      );
      const isFair = fills.every((fill) => fill.price <= price && fill.liquidity === 'taker');
      stage.check(isFair, fills, 'give fills their own prices, and say who took');
    },
  },
  {
    name: 'submit-answer-lost',
    promise: 'A submission whose answer was lost is in doubt, and the truth can be looked up.',
    needs: ['loseAnswer'],
    async play(stage: Stage) {
      const request = stage.request();
      await stage.pull('loseAnswer');
      const tried = await stage.try(stage.venue.submit(request));
      const wayOut = 'answer "ambiguous" for a time-out or a dropped connection, and do not resend';
      stage.check(isDoubt(tried), shownOf(tried), wayOut);
      const isThere = 'look in all listings';
      await stage.found(refOf(request), ({ status }) => status === 'resting', isThere);
      await restsOnce(stage, request.clientOrderId);
    },
  },
  {
    name: 'submit-request-lost',
    promise: 'A submission that never arrived is in doubt too, and may be sent again as it was.',
    needs: ['loseRequest'],
    async play(stage: Stage) {
      const request = stage.request();
      await stage.pull('loseRequest');
      const tried = await stage.try(stage.venue.submit(request));
      const wayOut = 'answer "ambiguous" where it cannot be known whether the venue has it';
      stage.check(isDoubt(tried), shownOf(tried), wayOut);
      await stage.settle();
      const order = await stage.look(refOf(request));
      stage.check(order === null, order, 'show nothing that the venue does not have');
      const again = await stage.call(stage.venue.submit(request));
      stage.check(
        again.kind === 'accepted',
        again,
        'use up an id only for an order that was taken',
      );
      await restsOnce(stage, request.clientOrderId);
    },
  },
  {
    name: 'submit-server-error',
    promise: 'A 5xx is doubt: the order may rest or not, and sending it again never doubles it.',
    needs: ['serverError'],
    async play(stage: Stage) {
      const request = stage.request();
      await stage.pull('serverError');
      const tried = await stage.try(stage.venue.submit(request));
      stage.check(isDoubt(tried), shownOf(tried), 'take no 5xx for a refusal');
      await stage.settle();
      const again = await stage.call(stage.venue.submit(request));
      const isKnown = again.kind === 'accepted' || again.kind === 'exists';
      stage.check(isKnown, again, 'answer "exists" for an id that the venue has');
      await restsOnce(stage, request.clientOrderId);
    },
  },
  {
    name: 'submit-throttled',
    promise:
      'A 429 is a refusal, marked as throttled: nothing was done, and the next goes through.',
    needs: ['throttle'],
    async play(stage: Stage) {
      const request = stage.request();
      await stage.pull('throttle');
      const tried = await stage.try(stage.venue.submit(request));
      const isMarked = 'value' in tried && 'throttled' in tried.value;
      const wayOut = 'answer { kind: "rejected", throttled: true } for a 429; do not retry';
      stage.check(isRefusal(tried) && isMarked, shownOf(tried), wayOut);
      await leavesNothing(stage, request.clientOrderId);
      await stage.place();
    },
  },
  {
    name: 'submit-refused',
    promise: 'A refusal of the venue is told as one, with its reason, and leaves nothing behind.',
    needs: ['rejectNext'],
    async play(stage: Stage) {
      const request = stage.request();
      const reason = 'insufficient balance';
      await stage.pull('rejectNext', reason);
      const outcome = await stage.call(stage.venue.submit(request));
      const isTold = outcome.kind === 'rejected' && outcome.reason.length > 0;
      stage.check(isTold, outcome, 'answer "rejected" with the reason that the venue gives');
      await leavesNothing(stage, request.clientOrderId);
    },
  },
  {
    name: 'submit-duplicate',
    promise: 'A client order id is taken once: the second submission is told that it exists.',
    needs: [],
    async play(stage: Stage) {
      const { request } = await stage.place();
      const second = await stage.call(stage.venue.submit(request));
      const wayOut = 'translate the answer to a repeated id to "exists"';
      stage.check(second.kind === 'exists', second, wayOut);
      await restsOnce(stage, request.clientOrderId);
    },
  },
  {
    name: 'submit-mismatch',
    promise: 'Another order under a known id is not taken, and leaves the first as it was.',
    needs: [],
    async play(stage: Stage) {
      const instrument = await stage.instrument();
      const { request, ref } = await stage.place();
      const quantity = await stage.part();
      const second = await stage.try(stage.venue.submit({ ...request, quantity }));
      const isKnown = 'value' in second && second.value.kind === 'exists';
      const wayOut = 'a repeated id is "exists" or "rejected", whatever it asks for';
      stage.check(isKnown || isRefusal(second), shownOf(second), wayOut);
      await stage.settle();
      const first = await stage.look(ref);
      const isSame = first !== null && sameTerms(instrument, first.request, request);
      stage.check(isSame, first, 'never let a second order replace the first');
      await restsOnce(stage, request.clientOrderId);
    },
  },
];
