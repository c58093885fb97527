/** Fills, positions, balance and order groups of an account. */
import { type Money, ZERO } from '../domain/money.ts';
import type { Account } from './account.ts';
import { Fields } from './fields.ts';
import { fillResource } from './fill-record.ts';
import {
  createGroup,
  deleteGroup,
  groupOf,
  limitIn,
  type TellGroup,
  trigger,
} from './group-desk.ts';
import type { Holding } from './ledger.ts';
import { amount, cents, contracts, eventOf, iso, seconds } from './notation.ts';
import { grouped, integerIn, isWithin, pageOf } from './pages.ts';
import { ok } from './refusal.ts';
import { del, get, post, put, type Route, type Visit } from './route.ts';
import type { World } from './world.ts';

function listFills({ world, account, query }: Visit): object {
  const asOfMs = world.asOfMs();
  const [ticker, orderId] = [query.get('ticker'), query.get('order_id')];
  const subaccount = integerIn(query, 'subaccount');
  const { rows, cursor } = pageOf(
    account.fills,
    query,
    (fill) =>
      fill.atMs <= asOfMs &&
      (!ticker || fill.ticker === ticker) &&
      (!orderId || fill.orderId === orderId) &&
      (subaccount === null || fill.subaccount === subaccount) &&
      isWithin(query, fill.atMs),
  );
  return { fills: rows.map(fillResource), cursor };
}

type Position = readonly [ticker: string, holding: Holding];

function listPositions({ world, account, query }: Visit): object {
  const wanted = (query.get('count_filter') ?? '').split(',');
  const [ticker, event] = [query.get('ticker'), query.get('event_ticker')];
  const keep = ([of, holding]: Position): boolean =>
    (!ticker || of === ticker) &&
    (!event || eventOf(of) === event) &&
    (!wanted.includes('position') || holding.position !== 0) &&
    (!wanted.includes('total_traded') || !holding.spent.isZero());
  const all = [...world.ledger(account).holdings()].filter(([, { traded }]) => traded > 0);
  const { rows, cursor } = pageOf(all, query, keep);
  return {
    cursor,
    market_positions: rows.map((row) => marketPosition(account, row)),
    event_positions: [...grouped(rows, ([of]) => eventOf(of))].map(eventPosition),
  };
}

const marketPosition = (account: Account, [ticker, holding]: Position) => ({
  ticker,
  exchange_index: 0,
  total_traded_dollars: amount(holding.spent),
  position_fp: contracts(holding.position),
  market_exposure_dollars: amount(holding.exposure),
  realized_pnl_dollars: amount(holding.realised),
  fees_paid_dollars: amount(holding.fees),
  resting_orders_count: account.resting().filter(({ terms }) => terms.ticker === ticker).length,
  last_updated_ts: iso(holding.atMs),
});

function eventPosition([event_ticker, rows]: readonly [string, readonly Position[]]) {
  const total = (of: (holding: Holding) => Money): string =>
    amount(rows.reduce((sum, [, holding]) => sum.plus(of(holding)), ZERO));
  return {
    event_ticker,
    total_cost_dollars: total(({ spent }) => spent),
    total_cost_shares_fp: contracts(rows.reduce((sum, [, { traded }]) => sum + traded, 0)),
    event_exposure_dollars: total(({ exposure }) => exposure),
    realized_pnl_dollars: total(({ realised }) => realised),
    fees_paid_dollars: total(({ fees }) => fees),
  };
}

function balance({ world, account }: Visit): object {
  const ledger = world.ledger(account);
  const invested = [...ledger.holdings().values()].reduce(
    (sum, { exposure }) => sum.plus(exposure),
    ZERO,
  );
  return {
    balance: cents(ledger.cash),
    balance_dollars: amount(ledger.cash, 4),
    portfolio_value: cents(invested),
    updated_ts: seconds(world.asOfMs()),
    balance_breakdown: [{ exchange_index: 0, balance: amount(ledger.cash, 4) }],
  };
}

const tellOf =
  (world: World, account: Account): TellGroup =>
  (type, group) =>
    world.tellGroup(account, type, group);

function create({ world, account, body }: Visit): object {
  const fields = Fields.of(body);
  const tell = tellOf(world, account);
  const { id, subaccount } = world.command(account, () => createGroup(account, fields, tell));
  return { order_group_id: id, subaccount, exchange_index: 0 };
}

type OnGroup = (visit: Visit, group: ReturnType<typeof groupOf>, nowMs: number) => void;

/** A command on a group that is there; its answer is empty. */
const onGroup =
  (act: OnGroup): Route['answer'] =>
  (visit) => {
    const { world, account, params } = visit;
    world.command(account, ({ nowMs }) =>
      act(visit, groupOf(account, params['group_id'] ?? ''), nowMs),
    );
    return ok({});
  };

const resetGroup: OnGroup = ({ world, account }, group) => {
  group.reset();
  world.tellGroup(account, 'reset', group);
};

const changeLimit: OnGroup = ({ world, account, body }, group) => {
  group.limit = limitIn(Fields.of(body));
  world.tellGroup(account, 'limit_updated', group);
};

const triggerGroup: OnGroup = ({ world, account }, group, nowMs) =>
  trigger(account, group, nowMs, tellOf(world, account));

const dropGroup: OnGroup = ({ world, account }, group, nowMs) =>
  deleteGroup(account, group, nowMs, tellOf(world, account));

const listGroups = ({ account }: Visit): object => ({
  order_groups: [...account.groups.values()].map((group) => ({ id: group.id, ...group.facts })),
});

function oneGroup({ account, params }: Visit): object {
  const group = groupOf(account, params['group_id'] ?? '');
  return { ...group.facts, orders: [...group.orderIds] };
}

export const PORTFOLIO_ROUTES: readonly Route[] = [
  get('/portfolio/fills', (visit) => ok(listFills(visit))),
  get('/portfolio/positions', (visit) => ok(listPositions(visit))),
  get('/portfolio/balance', (visit) => ok(balance(visit))),
  post('/portfolio/order_groups/create', (visit) => ok(create(visit), 201)),
  get('/portfolio/order_groups', (visit) => ok(listGroups(visit))),
  get('/portfolio/order_groups/:group_id', (visit) => ok(oneGroup(visit))),
  del('/portfolio/order_groups/:group_id', onGroup(dropGroup)),
  put('/portfolio/order_groups/:group_id/reset', onGroup(resetGroup)),
  put('/portfolio/order_groups/:group_id/trigger', onGroup(triggerGroup)),
  put('/portfolio/order_groups/:group_id/limit', onGroup(changeLimit)),
];
