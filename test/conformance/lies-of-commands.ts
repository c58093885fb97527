/** What adapters get wrong in commands: doubts told as facts, and facts told wrong. */
import { lots, ticks } from '../../src/domain/numbers.ts';
import type { OrderRequest, SubmitOutcome } from '../../src/domain/order.ts';
import { type Lie, listedFills, lying, orders } from './lying.ts';
import type { WireWorld } from './wire-world.ts';

type Outcome = { readonly kind: string };

const submits = (
  world: WireWorld,
  as: (outcome: SubmitOutcome, request: OrderRequest) => Promise<SubmitOutcome> | SubmitOutcome,
) =>
  lying(world, {
    submit: async (request) => as(await world.venue.submit(request), request),
  });

const rejectsDoubt = <T extends Outcome>(outcome: T) =>
  outcome.kind === 'ambiguous' ? ({ kind: 'rejected', reason: 'a time-out' } as const) : outcome;

const RESENT = 'kit-resent';

/** Sends it again under a new id where it does not know. */
const resends = (world: WireWorld) =>
  submits(world, (outcome, request) =>
    outcome.kind === 'ambiguous'
      ? world.venue
          .submit({ ...request, clientOrderId: RESENT })
          .then((): SubmitOutcome => ({ kind: 'ambiguous', reason: 'sent twice' }))
      : outcome,
  );

const amends = (world: WireWorld, as: WireWorld['venue']['amend']) => lying(world, { amend: as });

const cancelsAnyhow = (world: WireWorld) =>
  lying(world, {
    cancel: async (ref) => {
      const outcome = await world.venue.cancel(ref);
      return outcome.kind === 'rejected' ? { kind: 'accepted', cumulative: lots(0) } : outcome;
    },
  });

const SUBMIT: readonly Lie[] = [
  {
    card: 'submit-rests',
    lie: 'the order is not listed',
    tell: (world) => lying(world, { openOrders: async () => [] }),
  },
  {
    card: 'submit-rests',
    lie: 'it is listed for what is left of another',
    tell: (world) =>
      orders(world, (order) => ({
        ...order,
        request: { ...order.request, quantity: lots(order.request.quantity - 1) },
      })),
  },
  {
    card: 'submit-takes',
    lie: 'fills of takes are not listed',
    tell: (world) =>
      listedFills(world, (fills) => fills.filter((fill) => fill.liquidity !== 'taker')),
  },
  {
    card: 'submit-takes',
    lie: 'fills are priced above the limit',
    tell: (world) =>
      listedFills(world, (fills) => fills.map((fill) => ({ ...fill, price: ticks(56) }))),
  },
  {
    card: 'submit-answer-lost',
    lie: 'a time-out is a rejection',
    tell: (world) => submits(world, rejectsDoubt),
  },
  {
    card: 'submit-answer-lost',
    lie: 'it is sent again under a new id',
    tell: resends,
  },
  {
    card: 'submit-request-lost',
    lie: 'a time-out is taken for an acceptance',
    tell: (world) =>
      submits(world, (outcome) =>
        outcome.kind === 'ambiguous' ? { kind: 'accepted', venueOrderId: 'v1' } : outcome,
      ),
  },
  {
    card: 'submit-server-error',
    lie: 'a 503 is a rejection',
    tell: (world) => submits(world, rejectsDoubt),
  },
  {
    card: 'submit-server-error',
    lie: 'a 503 is tried again under a new id',
    tell: resends,
  },
  {
    card: 'submit-throttled',
    lie: 'a 429 is in doubt',
    tell: (world) =>
      submits(world, (outcome) =>
        outcome.kind === 'rejected' ? { ...outcome, kind: 'ambiguous' } : outcome,
      ),
  },
  {
    card: 'submit-throttled',
    lie: 'a 429 is a rejection like any other',
    tell: (world) =>
      submits(world, (outcome) =>
        outcome.kind === 'rejected' ? { kind: 'rejected', reason: outcome.reason } : outcome,
      ),
  },
  {
    card: 'submit-throttled',
    lie: 'a 429 is told as rejected, and sent again behind our back',
    tell: (world) =>
      submits(world, (outcome, request) => {
        if (outcome.kind === 'rejected') void world.venue.submit(request);
        return outcome;
      }),
  },
  {
    card: 'submit-refused',
    lie: 'a refusal is taken for an acceptance',
    tell: (world) => submits(world, () => ({ kind: 'accepted', venueOrderId: 'v1' })),
  },
  {
    card: 'submit-duplicate',
    lie: 'a 409 is taken for an acceptance',
    tell: (world) =>
      submits(world, (outcome) =>
        outcome.kind === 'exists' ? { kind: 'accepted', venueOrderId: 'v1' } : outcome,
      ),
  },
  {
    card: 'submit-mismatch',
    lie: 'the second replaces the first',
    tell: (world) =>
      submits(world, async (outcome, { clientOrderId, symbol, price, quantity }) => {
        const ref = { clientOrderId, venueOrderId: null, symbol };
        if (outcome.kind === 'exists') await world.venue.amend({ ...ref, price, quantity });
        return outcome;
      }),
  },
];

const CANCEL: readonly Lie[] = [
  {
    card: 'cancel-rests',
    lie: 'it is said to be done and never sent',
    tell: (world) =>
      lying(world, { cancel: async () => ({ kind: 'accepted', cumulative: lots(0) }) }),
  },
  {
    card: 'cancel-rests',
    lie: 'it is never answered',
    tell: (world) => lying(world, { cancel: () => new Promise(() => undefined) }),
  },
  {
    card: 'cancel-unknown',
    lie: 'a 404 is thrown',
    tell: (world) =>
      lying(world, {
        cancel: async () => {
          throw new Error('404 not found');
        },
      }),
  },
  { card: 'cancel-unknown', lie: 'a 404 is a success', tell: cancelsAnyhow },
  { card: 'cancel-twice', lie: 'a 404 is a success', tell: cancelsAnyhow },
  {
    card: 'cancel-partial',
    lie: 'it says what was taken back',
    tell: (world) =>
      lying(world, {
        cancel: async (ref) => {
          const outcome = await world.venue.cancel(ref);
          if (outcome.kind !== 'accepted') return outcome;
          return { ...outcome, cumulative: lots(40 - outcome.cumulative) };
        },
      }),
  },
  { card: 'cancel-fill-race', lie: 'a 404 is a success', tell: cancelsAnyhow },
  { card: 'cancel-after-fill', lie: 'a 404 is a success', tell: cancelsAnyhow },
  {
    card: 'cancel-answer-lost',
    lie: 'a time-out is a rejection',
    tell: (world) =>
      lying(world, { cancel: async (ref) => rejectsDoubt(await world.venue.cancel(ref)) }),
  },
  {
    card: 'cancel-request-lost',
    lie: 'a time-out is a success',
    tell: (world) =>
      lying(world, {
        cancel: async (ref) => {
          const outcome = await world.venue.cancel(ref);
          return outcome.kind === 'ambiguous' ? { kind: 'accepted', cumulative: lots(0) } : outcome;
        },
      }),
  },
  { card: 'cancel-throttled', lie: 'a 429 is a success', tell: cancelsAnyhow },
  {
    card: 'cancel-all',
    lie: 'only the first is cancelled',
    tell: (world) =>
      lying(world, {
        cancelAll: async () => {
          const [first] = await world.venue.openOrders();
          if (first !== undefined) await world.venue.cancel(first);
        },
      }),
  },
];

const AMEND: readonly Lie[] = [
  {
    card: 'amend-price',
    lie: 'it is said to be done and never sent',
    tell: (world) =>
      amends(world, async ({ price, quantity }) => ({ kind: 'accepted', price, quantity })),
  },
  {
    card: 'amend-keeps-filled',
    lie: 'the total is sent as what shall rest',
    tell: (world) =>
      amends(world, async (request) => {
        const filled = (await world.venue.order(request))?.cumulative ?? lots(0);
        const { price, quantity } = request;
        await world.venue.amend({ ...request, quantity: lots(quantity + filled) });
        return { kind: 'accepted', price, quantity };
      }),
  },
  {
    card: 'amend-decreases',
    lie: 'only the price is sent',
    tell: (world) =>
      amends(world, async (request) => {
        await world.venue.amend({ ...request, quantity: lots(40) });
        return { kind: 'accepted', price: request.price, quantity: request.quantity };
      }),
  },
  {
    card: 'amend-below-filled',
    lie: 'it cancels the rest instead',
    tell: (world) =>
      amends(world, async (request) => {
        await world.venue.cancel(request);
        return { kind: 'rejected', reason: 'too small' };
      }),
  },
  {
    card: 'amend-ended',
    lie: 'a 404 is a success',
    tell: (world) =>
      amends(world, async ({ price, quantity }) => ({ kind: 'accepted', price, quantity })),
  },
  {
    card: 'amend-fill-race',
    lie: 'a refusal is thrown',
    tell: (world) =>
      amends(world, async (request) => {
        const outcome = await world.venue.amend(request);
        if (outcome.kind === 'rejected') throw new Error(outcome.reason);
        return outcome;
      }),
  },
  {
    card: 'amend-fill-race',
    lie: 'fills that come meanwhile are not counted',
    tell: (world) => orders(world, (order) => ({ ...order, cumulative: lots(0) })),
  },
  {
    card: 'amend-answer-lost',
    lie: 'a time-out is a rejection',
    tell: (world) =>
      amends(world, async (request) => rejectsDoubt(await world.venue.amend(request))),
  },
];

export const LIES_OF_COMMANDS: readonly Lie[] = [...SUBMIT, ...CANCEL, ...AMEND];
