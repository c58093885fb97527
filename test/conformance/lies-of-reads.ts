/** What adapters get wrong in lookups, listings and the facts about themselves. */
import { lots } from '../../src/domain/numbers.ts';
import type { VenueCapabilities } from '../../src/domain/ports.ts';
import { BadWire } from './bad-wire.ts';
import { honest, type Lie, listedFills, lying, orders } from './lying.ts';
import type { WireWorld } from './wire-world.ts';

const says = (world: WireWorld, capabilities: Partial<VenueCapabilities>) =>
  lying(world, { capabilities: { ...world.venue.capabilities, ...capabilities } });

/** Counts down or up by one each time that it is asked. */
function restless(world: WireWorld) {
  let asked = 0;
  return orders(world, (order) => {
    asked += 1;
    return asked < 2 ? order : { ...order, cumulative: lots(order.cumulative + asked) };
  });
}

function asOfBackwards(world: WireWorld) {
  let asked = 0;
  return lying(world, {
    asOf: async () => {
      asked += 1;
      return (await world.venue.asOf()) - (asked === 4 ? 5_000 : 0);
    },
  });
}

/** A cursor that is so many fills off. */
const cursors = (world: WireWorld, off: number) =>
  lying(world, {
    fillsSince: async (cursor) => {
      const shifted = cursor === null ? null : String(Math.max(0, Number(cursor) + off));
      return world.venue.fillsSince(shifted);
    },
  });

/** Fills are answered from what the stream has told. */
function fillsFromStream(world: WireWorld) {
  const heard = new Set<string>();
  world.venue.reports$.subscribe(({ report }) => {
    if (report.type === 'order.filled') heard.add(report.fill.fillId);
  });
  return listedFills(world, (fills) => fills.filter(({ fillId }) => heard.has(fillId)));
}

const LOOKUP: readonly Lie[] = [
  {
    card: 'lookup-unknown',
    lie: 'a 404 is thrown',
    tell: (world) =>
      lying(world, {
        order: async () => {
          throw new Error('404 not found');
        },
      }),
  },
  {
    card: 'lookup-unknown',
    lie: 'the latest order is taken for it',
    tell: (world) =>
      lying(world, { order: async () => (await world.venue.openOrders()).at(-1) ?? null }),
  },
  {
    card: 'lookup-by-client-id',
    lie: 'only what rests is found',
    tell: (world) =>
      lying(world, {
        order: async (ref) => {
          const order = await world.venue.order(ref);
          return order?.status === 'resting' ? order : null;
        },
      }),
  },
  { card: 'lookup-changes-nothing', lie: 'each answer counts on', tell: restless },
  {
    card: 'lookup-before-visible',
    lie: 'the as-of time is our clock',
    tell: (world) => lying(world, { asOf: async () => world.virtual.wallMs() }),
  },
  {
    card: 'as-of-moves-on',
    lie: 'it stands still',
    tell: (world) => lying(world, { asOf: async () => 1_800_000_000_000 }),
  },
  { card: 'as-of-moves-on', lie: 'it runs backwards once', tell: asOfBackwards },
  {
    card: 'clock-skew',
    lie: 'the as-of time is our clock',
    tell: (world) => lying(world, { asOf: async () => world.virtual.wallMs() }),
  },
];

const LISTINGS: readonly Lie[] = [
  {
    card: 'orders-all-pages',
    lie: 'the second page is lost',
    tell: (world) =>
      lying(world, { openOrders: async () => (await world.venue.openOrders()).slice(0, 20) }),
  },
  {
    card: 'orders-all-pages',
    lie: 'the last of a page comes again on the next',
    tell: (world) =>
      lying(world, {
        openOrders: async () => {
          const open = await world.venue.openOrders();
          return [...open.slice(0, 20), ...open.slice(19)];
        },
      }),
  },
  {
    card: 'orders-page-lost',
    lie: 'what could be read is given for all',
    tell: (world) =>
      lying(world, {
        openOrders: () =>
          world.venue
            .openOrders()
            .catch(async () => (await world.venue.far.openOrders()).slice(0, 20)),
      }),
  },
  {
    card: 'fills-all-pages',
    lie: 'the second page is lost',
    tell: (world) => listedFills(world, (fills) => fills.slice(0, 20)),
  },
  {
    card: 'fills-all-pages',
    lie: 'a fill comes twice',
    tell: (world) => listedFills(world, (fills) => [...fills, ...fills.slice(-1)]),
  },
  {
    card: 'fills-since-cursor',
    lie: 'the last fill comes again',
    tell: (world) => cursors(world, -1),
  },
  { card: 'fills-since-cursor', lie: 'a fill is lost', tell: (world) => cursors(world, 1) },
  {
    card: 'closed-orders',
    lie: 'orders that rest are listed as ended',
    tell: (world) =>
      lying(world, {
        closedOrders: async (sinceMs) => [
          ...(await world.venue.closedOrders(sinceMs)),
          ...(await world.venue.openOrders()),
        ],
      }),
  },
  {
    card: 'closed-orders',
    lie: 'none is listed',
    tell: (world) => lying(world, { closedOrders: async () => [] }),
  },
  {
    card: 'orders-of-others',
    lie: 'only our own are listed',
    tell: (world) =>
      lying(world, {
        openOrders: async () =>
          (await world.venue.openOrders()).filter(({ clientOrderId }) =>
            clientOrderId.startsWith('kit'),
          ),
      }),
  },
  {
    card: 'positions-add-up',
    lie: 'takes are not counted',
    tell: (world) =>
      lying(world, {
        positions: async () =>
          (await world.venue.positions()).map((held) => ({
            ...held,
            quantity: Math.min(10, held.quantity),
          })),
      }),
  },
  {
    card: 'balance-adds-up',
    lie: 'fees are said to be nothing',
    tell: (world) => listedFills(world, (fills) => fills.map((fill) => ({ ...fill, fee: '0' }))),
  },
  {
    card: 'balance-adds-up',
    lie: 'the balance stands still',
    tell: (world) => lying(world, { balance: async () => '10000' }),
  },
  {
    card: 'reports-after-gap',
    lie: 'fills are those that the stream has told',
    tell: fillsFromStream,
  },
];

const FACTS: readonly Lie[] = [
  {
    card: 'instruments-are-whole',
    lie: 'instruments are of another venue',
    tell: (world) => lying(world, { name: 'another' }),
  },
  {
    card: 'capabilities-agree',
    lie: 'post only is denied',
    tell: (world) => says(world, { postOnly: false }),
  },
  {
    card: 'capabilities-agree',
    lie: 'amend is promised and missing',
    tell: (world) => lying(world, { amend: undefined }),
  },
  {
    card: 'capabilities-agree',
    lie: 'an expiry is denied and kept all the same',
    cannot: { expiry: 'this venue has none' },
    tell: (world) => says(world, { expiry: false }),
  },
  {
    card: 'capabilities-agree',
    lie: 'a lever is denied and there',
    cannot: { stall: 'nothing stalls here' },
    tell: (world) => world,
  },
  {
    card: 'outlives-engine',
    lie: 'orders are known from memory',
    tell: (world) => {
      const known = async () => null;
      const reopen = async () => ({
        ...honest(new BadWire(world.venue.far, world.virtual)),
        order: known,
        openOrders: async () => [],
        closedOrders: async () => [],
      });
      return { ...world, levers: { ...world.levers, reopen } };
    },
  },
  {
    card: 'capabilities-agree',
    lie: 'all tokens are kept for cancels',
    tell: (world) =>
      says(world, { buckets: { writes: [{ windowMs: 1_000, tokens: 5, cancelReserve: 5 }] } }),
  },
  {
    card: 'latency-as-said',
    lie: 'it is said to take a millisecond',
    tell: (world) => says(world, { latencyP99Ms: 1 }),
  },
];

export const LIES_OF_READS: readonly Lie[] = [...LOOKUP, ...LISTINGS, ...FACTS];
