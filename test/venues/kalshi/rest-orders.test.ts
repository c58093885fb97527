import { verify } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CODES } from '../../../src/venues/kalshi/outcome-table.ts';
import type { KalshiRest } from '../../../src/venues/kalshi/rest.ts';
import { CREATED, REQUEST } from './rest-fixtures.ts';
import { BASE, ED25519, KEY_ID, type Reply, RestServer, restOf } from './rest-server.ts';

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

describe('submit', () => {
  it('sends an order in the words of the venue, signed', async () => {
    server.answer({ status: 201, body: CREATED });
    expect(await rest.submit(REQUEST)).toEqual({ kind: 'accepted', venueOrderId: 'v-1' });
    const [asked] = server.asked;
    expect(asked).toMatchObject({ method: 'POST', place: '/portfolio/events/orders', query: {} });
    expect(asked?.body).toEqual({
      ticker: 'KXRAIN-27-A',
      client_order_id: 'dw-7-1',
      side: 'bid',
      count: '10.50',
      price: '0.5600',
      time_in_force: 'good_till_canceled',
      self_trade_prevention_type: 'taker_at_cross',
      post_only: true,
      cancel_order_on_pause: false,
    });
    const header = (name: string): string => String(asked?.headers[`kalshi-access-${name}`]);
    expect(header('key')).toBe(KEY_ID);
    const message = `${header('timestamp')}POST${BASE}/portfolio/events/orders`;
    const signature = Buffer.from(header('signature'), 'base64');
    expect(verify(null, Buffer.from(message), ED25519.publicKey, signature)).toBe(true);
  });

  it.each([
    ['yes', 'buy', 'bid', '0.5600', 'dw-7-1'],
    ['yes', 'sell', 'ask', '0.5600', 'dw-7-1'],
    ['no', 'buy', 'ask', '0.4400', 'dw-7-1-no'],
    ['no', 'sell', 'bid', '0.4400', 'dw-7-1-no'],
  ] as const)('%s %s is %s at %s', async (outcome, action, side, price, client_order_id) => {
    server.answer({ status: 201, body: { ...CREATED, client_order_id } });
    const outcomeOf = await rest.submit({ ...REQUEST, outcome, action });
    expect(outcomeOf.kind).toBe('accepted');
    expect(server.asked[0]?.body).toMatchObject({ side, price, client_order_id });
  });

  it('says how long it shall live, and in which group and account', async () => {
    ({ rest } = restOf(server, {
      subaccount: 7,
      selfTradePrevention: 'maker',
      cancelOnPause: true,
    }));
    rest.useOrderGroup('g-1');
    await rest.submit({ ...REQUEST, timeInForce: 'gtc', expiresAtMs: 1_800_000_000_999 });
    await rest.submit({ ...REQUEST, timeInForce: 'ioc', postOnly: false });
    await rest.submit({ ...REQUEST, timeInForce: 'fok', postOnly: false });
    expect(server.asked.map(({ body }) => body)).toMatchObject([
      {
        time_in_force: 'good_till_canceled',
        expiration_time: 1_800_000_000,
        order_group_id: 'g-1',
        subaccount: 7,
        self_trade_prevention_type: 'maker',
        cancel_order_on_pause: true,
      },
      { time_in_force: 'immediate_or_cancel', post_only: false },
      { time_in_force: 'fill_or_kill' },
    ]);
  });

  it.each([...CODES])('takes %s for %s', async (code, refusal) => {
    server.answer({ status: 409, body: { error: { code, message: 'said so' } } });
    const kind = refusal === 'exists' || refusal === 'ambiguous' ? refusal : 'rejected';
    const told = { kind, reason: `${code}: said so` };
    const throttled = refusal === 'throttled' ? { throttled: true } : {};
    expect(await rest.submit(REQUEST)).toEqual(
      kind === 'exists' ? { kind } : { ...told, ...throttled },
    );
    expect(server.asked).toHaveLength(1);
  });

  it.each<readonly [string, Reply, string, RegExp]>([
    [
      '429',
      { status: 429, body: { error: 'too many requests' } },
      'rejected',
      /^too many requests$/,
    ],
    [
      'a new code',
      { status: 400, body: { error: { code: 'Brand_New' } } },
      'rejected',
      /^Brand_New$/,
    ],
    ['408', { status: 408, body: {} }, 'ambiguous', /status 408/],
    ['500', { status: 500, body: { error: { code: 'oops' } } }, 'ambiguous', /oops/],
    ['503 as a page', { status: 503, body: '<html>' }, 'ambiguous', /503 with a body that is not/],
    ['404 as a page', { status: 404, body: '<html>' }, 'ambiguous', /404 with a body that is not/],
    ['a redirect', { status: 307, headers: { Location: '/' }, body: {} }, 'ambiguous', /307/],
    ['201 without an order', { status: 201, body: {} }, 'ambiguous', /order_id/],
    ['201 as a page', { status: 201, body: '<html>' }, 'ambiguous', /./],
    ['201 without a body', { status: 201, body: '' }, 'ambiguous', /./],
    ['201 that is no text', { status: 201, body: Buffer.from([0xff]) }, 'ambiguous', /./],
    [
      '201 about another order',
      { status: 201, body: { ...CREATED, client_order_id: 'dw-7-2' } },
      'ambiguous',
      /another order/,
    ],
    ['a cut', { cut: 'unanswered' }, 'ambiguous', /./],
    ['a cut in the body', { cut: 'inBody', status: 201, body: CREATED }, 'ambiguous', /./],
    [
      'a wrong time',
      { status: 401, body: { error: { code: 'header_timestamp_expired' } } },
      'rejected',
      /^header_timestamp_expired$/,
    ],
    ['a wrong key', { status: 401, body: 'INCORRECT_API_KEY_SIGNATURE' }, 'rejected', /SIGNATURE/],
  ])('%s', async (_, reply, kind, reason) => {
    server.answer(reply);
    const outcome = await rest.submit(REQUEST);
    expect(outcome).toMatchObject({ kind, reason: expect.stringMatching(reason) as string });
    expect(server.asked).toHaveLength(1);
  });

  it('is refused for certain where nobody listens', async () => {
    await server.close();
    expect(await rest.submit(REQUEST)).toMatchObject({
      kind: 'rejected',
      reason: expect.stringMatching(/^not sent: .*ECONNREFUSED/) as string,
    });
    await server.listen();
  });

  it('is refused for certain once the venue is closed', async () => {
    rest.close();
    expect(await rest.submit(REQUEST)).toEqual({
      kind: 'rejected',
      reason: 'not sent: the venue was closed',
    });
    expect(server.asked).toEqual([]);
  });
});

describe('a batch of orders', () => {
  const requests = ['dw-7-1', 'dw-7-2', 'dw-7-3', 'dw-7-4', 'dw-7-5'].map((clientOrderId) => ({
    ...REQUEST,
    clientOrderId,
  }));

  it('has an outcome for each, told by its id and not by its place', async () => {
    const failed = (client_order_id: string, code: string) => ({
      client_order_id,
      error: { code },
    });
    server.answer({
      status: 201,
      body: {
        orders: [
          failed('dw-7-3', 'order_already_exists'),
          { ...CREATED, error: null },
          failed('dw-7-2', 'insufficient_balance'),
          failed('dw-7-4', 'who_knows'),
        ],
      },
    });
    expect(await rest.submitBatch(requests)).toMatchObject([
      { kind: 'accepted', venueOrderId: 'v-1' },
      { kind: 'rejected', reason: 'insufficient_balance' },
      { kind: 'exists' },
      { kind: 'ambiguous' },
      { kind: 'ambiguous', reason: 'the batch was answered without this order' },
    ]);
    expect(server.asked[0]?.place).toBe('/portfolio/events/orders/batched');
  });

  it('is told by its place where the venue names none', async () => {
    const body = { orders: [{ order_id: 'v-1', fill_count: '0.00', remaining_count: '1.00' }] };
    server.answer({ status: 201, body });
    const [first, second] = await rest.submitBatch(requests.slice(0, 2));
    expect([first?.kind, second?.kind]).toEqual(['accepted', 'ambiguous']);
  });

  it('is refused, or in doubt, as a whole', async () => {
    server.answer({ status: 403, body: { error: { code: 'batch_too_large' } } });
    expect(new Set((await rest.submitBatch(requests)).map(({ kind }) => kind))).toEqual(
      new Set(['rejected']),
    );
    server.answer({ status: 201, body: [] });
    expect(new Set((await rest.submitBatch(requests)).map(({ kind }) => kind))).toEqual(
      new Set(['ambiguous']),
    );
  });
});
