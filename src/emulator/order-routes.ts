/**
 * Placing, cancelling, changing and listing orders: `/portfolio/events/orders` and what reads it.
 */
import type { Account } from './account.ts';
import { CANCEL_COST, DEFAULT_COST } from './buckets.ts';
import { Fields } from './fields.ts';
import { contracts, eventOf } from './notation.ts';
import type { Moment } from './order-checks.ts';
import { amendOrder, cancelOrder, createOrder, decreaseOrder } from './order-desk.ts';
import { type OrderRecord, orderResource } from './order-record.ts';
import { integerIn, isWithin, listIn, pageOf } from './pages.ts';
import { invalidParameters, notFound, ok, Refusal, TOO_MANY } from './refusal.ts';
import { del, get, post, type Route, type Visit } from './route.ts';

/** What a whole bucket pays for at once is the most that fits. */
const batchMax = ({ tier }: Account, cost: number): number =>
  Math.floor(tier.write.capacity / cost);

function ordersIn(body: string): readonly unknown[] {
  return Fields.of(body).list('orders');
}

/** A body that cannot be read costs as much as one order. */
function batchWeight(body: string): number {
  try {
    return Math.max(1, ordersIn(body).length);
  } catch (thrown) {
    if (thrown instanceof Refusal) return 1;
    throw thrown;
  }
}

function create({ world, account }: Visit, fields: Fields, moment: Moment): object {
  const created = createOrder(account, fields, moment) as { readonly order_id: string };
  world.placed(account, account.orders.get(created.order_id), moment.nowMs);
  return created;
}

/** One order of a batch: what is wrong with it stands in its own entry. */
function attempt(act: () => object, blank: object): object {
  try {
    return act();
  } catch (thrown) {
    if (thrown instanceof Refusal) return { ...blank, error: thrown.error };
    throw thrown;
  }
}

/** All of them are read before the first is done. */
const fieldsOfOrders = (body: string): readonly Fields[] =>
  ordersIn(body).map((raw) => Fields.from(raw));

function createBatch(visit: Visit): object {
  const { world, account, body } = visit;
  const orders = fieldsOfOrders(body).map((fields) => {
    const id = fields.maybeText('client_order_id');
    return { fields, blank: id === null ? {} : { client_order_id: id } };
  });
  if (orders.length > batchMax(account, DEFAULT_COST)) throw TOO_MANY;
  const one = ({ fields, blank }: (typeof orders)[number]): object =>
    attempt(() => world.command(account, (moment) => create(visit, fields, moment)), blank);
  return { orders: orders.map(one) };
}

function cancelBatch({ world, account, body }: Visit): object {
  const orderIds = fieldsOfOrders(body).map((fields) => fields.text('order_id'));
  if (orderIds.length > batchMax(account, CANCEL_COST)) throw TOO_MANY;
  const one = (orderId: string): object =>
    attempt(() => world.command(account, (moment) => cancelOrder(account, orderId, moment)), {
      order_id: orderId,
      reduced_by: contracts(0),
    });
  return { orders: orderIds.map(one) };
}

function cancelAll({ world, account, query }: Visit): object {
  const subaccount = integerIn(query, 'subaccount');
  world.command(account, ({ nowMs }) => world.cancelAll(account, subaccount, nowMs));
  return {};
}

const change =
  (how: typeof amendOrder): Route['answer'] =>
  ({ world, account, params, body }) => {
    const fields = Fields.of(body);
    return ok(
      world.command(account, (moment) => how(account, params['order_id'] ?? '', fields, moment)),
    );
  };

const STATUSES = ['resting', 'canceled', 'executed'];

function listOrders({ world, account, query }: Visit): object {
  const asOfMs = world.asOfMs();
  const status = query.get('status') ?? '';
  if (status !== '' && !STATUSES.includes(status)) throw invalidParameters('unknown status');
  const [ticker, events] = [query.get('ticker'), listIn(query, 'event_ticker')];
  const subaccount = integerIn(query, 'subaccount');
  const keep = (order: OrderRecord): boolean => {
    const state = order.asOf(asOfMs);
    const { terms } = order;
    return (
      state !== null &&
      (status === '' || state.status === status) &&
      (!ticker || terms.ticker === ticker) &&
      (events === null || events.includes(eventOf(terms.ticker))) &&
      (subaccount === null || terms.subaccount === subaccount) &&
      isWithin(query, terms.createdMs)
    );
  };
  const { rows, cursor } = pageOf([...account.orders.values()], query, keep);
  const told = rows.flatMap((order) => {
    const state = order.asOf(asOfMs);
    return state === null ? [] : [orderResource(order, state)];
  });
  return { orders: told, cursor };
}

function oneOrder({ world, account, params }: Visit): object {
  const order = account.orders.get(params['order_id'] ?? '');
  const state = order?.asOf(world.asOfMs()) ?? null;
  if (order === undefined || state === null) throw notFound('order');
  return { order: orderResource(order, state) };
}

/** Contracts that stand before it. */
function queuePosition(account: Account, { terms }: OrderRecord): string {
  return contracts(account.exchange.audit.order(terms.orderId)?.ahead ?? 0);
}

function oneQueuePosition({ account, params }: Visit): object {
  const order = account.orders.get(params['order_id'] ?? '');
  if (order === undefined || order.now.status !== 'resting') throw notFound('order');
  return { queue_position_fp: queuePosition(account, order) };
}

function queuePositions({ account, query }: Visit): object {
  const [tickers, event] = [listIn(query, 'market_tickers'), query.get('event_ticker')];
  if (tickers === null && !event)
    throw new Refusal(400, 'missing_parameters', 'market_tickers or event_ticker');
  const orders = account.resting().filter(({ terms }) => {
    const isOfEvent = event !== null && event !== '' && eventOf(terms.ticker) === event;
    return (tickers?.includes(terms.ticker) ?? false) || isOfEvent;
  });
  const queue_positions = orders.map((order) => ({
    order_id: order.terms.orderId,
    market_ticker: order.terms.ticker,
    queue_position_fp: queuePosition(account, order),
  }));
  return { queue_positions };
}

export const ORDER_ROUTES: readonly Route[] = [
  post('/portfolio/events/orders', (visit) => {
    const fields = Fields.of(visit.body);
    return ok(
      visit.world.command(visit.account, (moment) => create(visit, fields, moment)),
      201,
    );
  }),
  post('/portfolio/events/orders/batched', (visit) => ok(createBatch(visit), 201), batchWeight),
  del('/portfolio/events/orders/batched', (visit) => ok(cancelBatch(visit)), batchWeight),
  del('/portfolio/events/orders', (visit) => ok(cancelAll(visit))),
  del('/portfolio/events/orders/:order_id', ({ world, account, params }) =>
    ok(world.command(account, (moment) => cancelOrder(account, params['order_id'] ?? '', moment))),
  ),
  post('/portfolio/events/orders/:order_id/amend', change(amendOrder)),
  post('/portfolio/events/orders/:order_id/decrease', change(decreaseOrder)),
  get('/portfolio/orders/queue_positions', (visit) => ok(queuePositions(visit))),
  get('/portfolio/orders/:order_id/queue_position', (visit) => ok(oneQueuePosition(visit))),
  get('/portfolio/orders/:order_id', (visit) => ok(oneOrder(visit))),
  get('/portfolio/orders', (visit) => ok(listOrders(visit))),
];
