/** Whatever is sent, an answer comes back, and nothing is thrown. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { REST_PREFIX } from '../../src/emulator/router.ts';
import { Desk, ORDER } from './desk.ts';
import { TICKER } from './still-market.ts';

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'];

const PATHS = [
  '/portfolio/events/orders',
  '/portfolio/events/orders/batched',
  '/portfolio/events/orders/ID',
  '/portfolio/events/orders/ID/amend',
  '/portfolio/events/orders/ID/decrease',
  '/portfolio/orders',
  '/portfolio/orders/queue_positions',
  '/portfolio/fills',
  '/portfolio/positions',
  '/portfolio/order_groups/create',
  '/portfolio/order_groups/ID/limit',
  '/markets',
  `/markets/${TICKER}/orderbook`,
  '/markets/orderbooks',
  '/markets/trades',
  '/events',
  '/series/%E0%A4%A',
];

const QUERY = ['limit', 'cursor', 'min_ts', 'status', 'depth', 'tickers', 'subaccount'];

const FIELDS = Object.keys(ORDER).concat(
  ['orders', 'reduce_by', 'reduce_to', 'contracts_limit', 'contracts_limit_fp'],
  ['client_order_id', 'expiration_time', 'order_group_id', 'post_only', 'reduce_only'],
);

const strange = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('0.00', '99999999999999.99', '-1', 9e15, 1.5, '', 'NaN', {}, [], [null], [{}]),
);
const changes = fc.dictionary(fc.constantFrom(...FIELDS), strange, { maxKeys: 3 });

it('answers every call', () => {
  const desk = new Desk();
  const call = fc.record({
    method: fc.constantFrom(...METHODS),
    path: fc.constantFrom(...PATHS),
    query: fc.dictionary(fc.constantFrom(...QUERY), fc.string()),
    body: fc.oneof(
      fc.string(),
      changes.map((change) => JSON.stringify({ ...ORDER, ...change })),
    ),
  });
  fc.assert(
    fc.property(call, ({ method, path, query, body }) => {
      const full =
        REST_PREFIX + path.replace('ID', desk.account.resting()[0]?.terms.orderId ?? 'x');
      const { status } = desk.router.answer({
        method,
        path: full,
        query: new URLSearchParams(query),
        headers: desk.headers(method, full),
        body,
      });
      expect([200, 201, 400, 404, 409, 429]).toContain(status);
    }),
    { numRuns: 1_500 },
  );
  expect(desk.account.exchange.audit.violations()).toEqual([]);
});

it('answers every frame', () => {
  const { session, frames } = new Desk().connect();
  const words = fc.constantFrom('subscribe', 'unsubscribe', 'update_subscription', 'nonsense');
  const params = fc.dictionary(
    fc.constantFrom('channels', 'sids', 'sid', 'action', 'market_tickers', 'index_ids'),
    fc.oneof(strange, fc.constantFrom(1, [1], [TICKER], ['trade'], 'add_markets')),
  );
  const command = fc.record({ id: strange, cmd: fc.oneof(words, strange), params });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        command.map((each) => JSON.stringify(each)),
      ),
      (text) => {
        frames.length = 0;
        session.receive(text);
        expect(frames.length).toBeGreaterThan(0);
      },
    ),
    { numRuns: 1_500 },
  );
});
