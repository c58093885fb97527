/** Listings: complete, each once, and adding up to what the account holds. */
import { decimal, notional, ZERO } from '../../domain/money.ts';
import { lots } from '../../domain/numbers.ts';
import type { VenueFill } from '../../domain/ports.ts';
import type { CardDefinition } from '../card.ts';
import { lotsIn, type Stage } from '../stage.ts';

const ALL_PAGES = 'follow the cursor to the last page, or reject';

/** Venues round what a fill costs to a cent at most. */
const BALANCE_STEP = '0.01';

const ids = (fills: readonly VenueFill[]): readonly string[] => fills.map(({ fillId }) => fillId);

const isOnce = (names: readonly string[]): boolean => new Set(names).size === names.length;

async function heldIn(stage: Stage): Promise<number> {
  const all = await stage.call(stage.venue.positions());
  const here = all.filter(({ symbol }) => symbol === stage.market.symbol);
  stage.check(here.length <= 1, here, 'give one position for each market');
  return here[0]?.quantity ?? 0;
}

/** More resting orders than a page holds. */
async function placeMore(stage: Stage): Promise<readonly string[]> {
  const quantity = await stage.part();
  const placed: string[] = [];
  while (placed.length <= stage.pageSize) {
    const { ref } = await stage.place({ quantity });
    placed.push(ref.clientOrderId);
  }
  return placed;
}

/** One resting order that is filled so many times. */
async function fillTimes(stage: Stage, times: number): Promise<string> {
  const { minQuantity, quantityStep } = await stage.instrument();
  const each = lots(Math.ceil(minQuantity / quantityStep) * quantityStep);
  const { ref } = await stage.place({ quantity: lots(each * times) });
  for (let count = 0; count < times; count += 1)
    await stage.pull('fillResting', ref.clientOrderId, each);
  return ref.clientOrderId;
}

export const LISTING_CARDS: readonly CardDefinition[] = [
  {
    name: 'orders-all-pages',
    promise: 'More orders than a page holds are all listed, each once.',
    needs: ['pages'],
    async play(stage: Stage) {
      const placed = await placeMore(stage);
      await stage.until(
        async () => {
          const open = await stage.call(stage.venue.openOrders());
          return open.map(({ clientOrderId }) => clientOrderId).toSorted();
        },
        (open) => isOnce(open) && placed.every((id) => open.includes(id)),
        ALL_PAGES,
      );
    },
  },
  {
    name: 'orders-page-lost',
    promise: 'A listing that may have lost a page is no listing: it rejects, or it is complete.',
    needs: ['pages', 'losePage'],
    async play(stage: Stage) {
      const placed = await placeMore(stage);
      await stage.settle();
      await stage.pull('losePage');
      const tried = await stage.try(stage.venue.openOrders());
      if ('thrown' in tried) return;
      const open = tried.value.map(({ clientOrderId }) => clientOrderId);
      const isWhole = placed.every((id) => open.includes(id));
      stage.check(isWhole, open, 'throw where a page cannot be read');
    },
  },
  {
    name: 'fills-all-pages',
    promise: 'More fills than a page holds are all listed, each once.',
    needs: ['pages', 'fillResting'],
    async play(stage: Stage) {
      const times = stage.pageSize + 1;
      const id = await fillTimes(stage, times);
      await stage.until(
        async () => ids(await stage.fillsOf(id)),
        (all) => isOnce(all) && all.length === times,
        ALL_PAGES,
      );
    },
  },
  {
    name: 'fills-since-cursor',
    promise: 'A cursor gives what came after it: nothing is lost, nothing comes twice.',
    needs: ['fillResting'],
    async play(stage: Stage) {
      const ask = (cursor: string | null) => stage.call(stage.venue.fillsSince(cursor));
      const { ref } = await stage.place();
      const part = await stage.part();
      const seen: string[] = [];
      let { cursor } = await ask(null);
      for (let count = 1; count <= 3; count += 1) {
        await stage.pull('fillResting', ref.clientOrderId, part);
        await stage.settle();
        const next = await ask(cursor);
        const again = await ask(cursor);
        const isSame = ids(next.fills).join() === ids(again.fills).join();
        stage.check(isSame, { next, again }, 'let a cursor mean the same whenever it is used');
        seen.push(...ids(next.fills));
        cursor = next.cursor;
      }
      const rest = await ask(cursor);
      stage.check(rest.fills.length === 0, rest, 'let the last cursor lie behind the last fill');
      const all = await stage.fillsOf(ref.clientOrderId);
      const isWhole = ids(all).toSorted().join() === seen.toSorted().join() && isOnce(seen);
      stage.check(
        isWhole && lotsIn(all) === 3 * part,
        { all, seen },
        'list fills by a count or id',
      );
    },
  },
  {
    name: 'closed-orders',
    promise: 'Orders that have ended are listed with how they ended, those that rest are not.',
    needs: ['closedOrders'],
    async play(stage: Stage) {
      const { venue } = stage;
      const sinceMs = await stage.call(venue.asOf());
      const { ref: resting } = await stage.place({ quantity: await stage.part() });
      const { ref: ended } = await stage.place();
      await stage.call(venue.cancel(ended));
      const listing = venue.closedOrders?.bind(venue);
      stage.check(listing !== undefined, 'no closedOrders', 'add it, or say cannot.closedOrders');
      const closed = await stage.until(
        () => stage.call(listing(sinceMs)),
        (all) => all.some(({ clientOrderId }) => clientOrderId === ended.clientOrderId),
        'list all that ended at or after the time',
      );
      const byId = (id: string) => closed.filter(({ clientOrderId }) => clientOrderId === id);
      const [order, ...more] = byId(ended.clientOrderId);
      stage.check(order?.status === 'cancelled' && more.length === 0, closed, 'say how it ended');
      stage.check(byId(resting.clientOrderId).length === 0, closed, 'list only what has ended');
    },
  },
  {
    name: 'orders-of-others',
    promise: 'Orders that the account placed by another way are listed too.',
    needs: ['placeForeign'],
    async play(stage: Stage) {
      const venueOrderId = await stage.pull('placeForeign');
      await stage.until(
        () => stage.call(stage.venue.openOrders()),
        (open) => open.some((order) => order.venueOrderId === venueOrderId),
        'list all of the account, whoever placed it',
      );
    },
  },
  {
    name: 'positions-add-up',
    promise: 'A position moves by its fills.',
    needs: ['fillResting'],
    async play(stage: Stage) {
      const before = await heldIn(stage);
      const { ref } = await stage.place();
      const part = await stage.part();
      await stage.pull('fillResting', ref.clientOrderId, part);
      await stage.place({ price: stage.market.takingPrice, quantity: part });
      await stage.until(
        async () => (await heldIn(stage)) - before,
        (change) => change === 2 * part,
        'give signed lots: YES bought adds, NO bought subtracts',
      );
    },
  },
  {
    name: 'balance-adds-up',
    promise: 'The balance falls by what the fills and their fees cost, to the cent.',
    needs: [],
    async play(stage: Stage) {
      const { priceUnit, lotSize } = await stage.instrument();
      const balance = async () => decimal(await stage.call(stage.venue.balance()), 'balance');
      const before = await balance();
      const { ref } = await stage.place({ price: stage.market.takingPrice });
      await stage.found(ref, ({ status }) => status === 'filled', 'fill what crosses');
      const fills = await stage.fillsOf(ref.clientOrderId);
      stage.check(lotsIn(fills) === stage.market.quantity, fills, 'list all of its fills');
      const cost = fills.reduce(
        (sum, { price, quantity, fee }) =>
          sum.plus(notional(price, priceUnit, quantity, lotSize)).plus(decimal(fee, 'fee')),
        ZERO,
      );
      const slack = decimal(BALANCE_STEP, 'step').times(fills.length);
      await stage.until(
        async () => ({ fell: before.minus(await balance()), cost }),
        ({ fell }) => fell.minus(cost).abs().lte(slack),
        'give the cash of the account in dollars, and the true fee of each fill',
      );
    },
  },
];
