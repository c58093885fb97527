import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lots, ticks } from '../../../src/domain/numbers.ts';
import { DEFAULT_CALL_LIMITS, RateLimiter } from '../../../src/risk/rate-limiter.ts';
import type { KalshiRest } from '../../../src/venues/kalshi/rest.ts';
import { type Asked, ED25519, KEY_ID, type Reply, RestServer, restOf } from './rest-server.ts';

let server: RestServer;
let rest: KalshiRest;

beforeEach(async () => {
  server = new RestServer();
  await server.listen();
  ({ rest } = restOf(server));
});

afterEach(async () => {
  rest.close();
  await server.close();
});

const routed =
  (routes: Readonly<Record<string, unknown>>) =>
  ({ place }: Asked): Reply => {
    const body = routes[place];
    return body === undefined ? { status: 404, body: { error: { code: 'not_found' } } } : { body };
  };

describe('the account', () => {
  it('tells its money, its positions and how far it reaches', async () => {
    server.answer(
      routed({
        '/portfolio/balance': { balance: 99_946, balance_dollars: '999.4625', updated_ts: 1 },
        '/exchange/user_data_timestamp': { as_of_time: '2027-01-15T08:00:01.848643Z' },
        '/portfolio/positions': {
          cursor: '',
          event_positions: [],
          market_positions: [
            { ticker: 'KXRAIN-27-A', position_fp: '3.50' },
            { ticker: 'KXSNOW-27-B', position_fp: '-12.00' },
          ],
        },
      }),
    );
    expect(await rest.balance()).toBe('999.4625');
    expect(await rest.asOf()).toBe(Date.parse('2027-01-15T08:00:01.848Z'));
    expect(await rest.positions()).toEqual([
      { symbol: 'KXRAIN-27-A', quantity: 350 },
      { symbol: 'KXSNOW-27-B', quantity: -1_200 },
    ]);
  });

  const costs = {
    default_cost: 10,
    endpoint_costs: [
      { method: 'POST', path: '/trade-api/v2/communications/quotes', cost: 2 },
      { method: 'DELETE', path: '/trade-api/v2/portfolio/events/orders/:order_id', cost: 2 },
      { method: 'GET', path: '/trade-api/v2/portfolio/orders/:order_id', cost: 2 },
    ],
  };
  const limits = (read: readonly number[], write: readonly number[]) => ({
    usage_tier: 'basic',
    grants: [],
    read: { refill_rate: read[0], bucket_capacity: read[1] },
    write: { refill_rate: write[0], bucket_capacity: write[1] },
  });

  it('may ask for so much that a bucket is never overdrawn', async () => {
    server.answer(
      routed({
        '/account/limits': limits([200, 400], [100, 100]),
        '/account/endpoint_costs': costs,
      }),
    );
    const { tier, costs: calls, buckets } = await rest.accountLimits();
    expect([tier, calls]).toEqual(['basic', { place: 10, amend: 10, cancel: 2, read: 10 }]);
    expect(buckets).toEqual({
      writes: [{ windowMs: 1_100, tokens: 100, cancelReserve: 20 }],
      reads: [{ windowMs: 2_100, tokens: 400, cancelReserve: 0 }],
    });
    const limiter = new RateLimiter([DEFAULT_CALL_LIMITS, ...buckets.writes], calls);
    expect(limiter.left(0, { kind: 'place' })).toBe(8);
  });

  it('keeps room for one order in the smallest bucket', async () => {
    server.answer(
      routed({ '/account/limits': limits([5, 10], [5, 11]), '/account/endpoint_costs': costs }),
    );
    const { buckets } = await rest.accountLimits();
    expect(buckets.writes).toEqual([{ windowMs: 2_300, tokens: 11, cancelReserve: 1 }]);
  });

  it('refuses a bucket that holds nothing', async () => {
    server.answer(
      routed({ '/account/limits': limits([0, 10], [5, 11]), '/account/endpoint_costs': costs }),
    );
    await expect(rest.accountLimits()).rejects.toThrow('read.refill_rate');
  });
});

describe('the key', () => {
  it.each([
    ['INCORRECT_API_KEY_SIGNATURE', 'the key file does not belong to the key id'],
    ['header_timestamp_expired', "this machine's clock is wrong"],
    ['api_key_not_found', 'nothing was sent; it may be a key of the other environment'],
  ])('that is refused with %s says why', async (code, why) => {
    server.answer({ status: 401, body: { error: { code, message: `key ${KEY_ID}` } } });
    const checked = rest.checkKey();
    await expect(checked).rejects.toThrow(
      `Kalshi must know the key (${new URL(server.restUrl).host}), was "${code}"`,
    );
    await expect(checked).rejects.toThrow(why);
  });

  it('that is good is not spoken of, and a venue that fails is no bad key', async () => {
    server.answer({ body: { balance_dollars: '1.00' } });
    await expect(rest.checkKey()).resolves.toBeUndefined();
    server.answer({ status: 503, body: {} });
    await expect(rest.checkKey()).rejects.toThrow('Kalshi, /portfolio/balance: status 503');
  });
});

describe('secrets', () => {
  it('are in no outcome, error, line or inspection, whatever the venue says back', async () => {
    const { rest: loud, lines } = restOf(server);
    server.answer(({ headers }) => ({
      status: 401,
      body: { error: { code: 'who', message: `are you ${String(headers['kalshi-access-key'])}?` } },
    }));
    const order = {
      clientOrderId: 'dw-7-1',
      symbol: 'KXRAIN-27-A',
      outcome: 'yes',
      action: 'buy',
      price: ticks(5_600),
      quantity: lots(100),
      timeInForce: 'gtc',
      postOnly: false,
      expiresAtMs: null,
    } as const;
    const thrown: unknown[] = [];
    const keep = (error: unknown): void => {
      thrown.push(error);
    };
    const outcome = await loud.submit(order);
    expect(outcome).toEqual({ kind: 'rejected', reason: 'who: are you [SECRET]?' });
    await loud.balance().catch(keep);
    await loud.checkKey().catch(keep);
    await loud.cancelAll().catch(keep);
    server.answer({ cut: 'unanswered' });
    await loud.fillsSince(null).catch(keep);
    expect(thrown).toHaveLength(4);
    expect(lines).toHaveLength(5);
    const deep = { showHidden: true, depth: 12 } as const;
    const shown = [outcome, thrown, lines, loud].map((each) => inspect(each, deep)).join('\n');
    expect(shown).not.toContain(KEY_ID);
    for (const line of ED25519.privateKey.split('\n').slice(1, -2))
      expect(shown).not.toContain(line);
    for (const { headers } of server.asked)
      expect(shown).not.toContain(headers['kalshi-access-signature']);
    loud.close();
  });
});

describe('order groups', () => {
  it('are made, limited, triggered, reset and deleted', async () => {
    server.answer(({ method, place }) =>
      method === 'POST' && place.endsWith('/create')
        ? { status: 201, body: { order_group_id: 'g 1', subaccount: 0 } }
        : { body: {} },
    );
    const { orderGroups } = rest;
    expect(await orderGroups.create(25_000)).toBe('g 1');
    await orderGroups.setLimit('g 1', 100);
    await orderGroups.trigger('g 1');
    await orderGroups.reset('g 1');
    await orderGroups.delete('g 1');
    expect(server.asked.map(({ method, place, body }) => [method, place, body])).toEqual([
      ['POST', '/portfolio/order_groups/create', { contracts_limit_fp: '250.00' }],
      ['PUT', '/portfolio/order_groups/g%201/limit', { contracts_limit_fp: '1.00' }],
      ['PUT', '/portfolio/order_groups/g%201/trigger', {}],
      ['PUT', '/portfolio/order_groups/g%201/reset', {}],
      ['DELETE', '/portfolio/order_groups/g%201', null],
    ]);
  });

  it('are listed', async () => {
    const group = { is_auto_cancel_enabled: true, contracts_limit_fp: '5.00' };
    server.answer(
      routed({
        '/portfolio/order_groups': { order_groups: [{ ...group, id: 'g-1' }] },
        '/portfolio/order_groups/g-1': { ...group, contracts_limit_fp: undefined, orders: ['v-1'] },
      }),
    );
    const { orderGroups } = rest;
    expect(await orderGroups.list()).toEqual([
      { id: 'g-1', limit: 500, isAutoCancelEnabled: true },
    ]);
    expect(await orderGroups.one('g-1')).toEqual({
      id: 'g-1',
      limit: null,
      isAutoCancelEnabled: true,
    });
    expect(await orderGroups.one('g-2')).toBeNull();
    server.answer({ body: {} });
    expect(await orderGroups.list()).toEqual([]);
  });

  it('refuse what the venue would', async () => {
    const { orderGroups } = rest;
    for (const limit of [0, -100, 150, 100_000_100])
      await expect(orderGroups.create(limit)).rejects.toThrow('1 to 1000000 whole contracts');
    server.answer({ body: {} });
    await expect(orderGroups.create(100)).rejects.toThrow('order_group_id');
    server.answer({ status: 500, body: { error: { code: 'oops' } } });
    await expect(orderGroups.trigger('g')).rejects.toThrow('oops');
  });
});
