/** Answers that the demo venue really gave, through the whole of the adapter. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KalshiRest } from '../../../src/venues/kalshi/rest.ts';
import { isShared, needsShared, sharedPath } from '../../support/shared.ts';
import { type Asked, type Reply, RestServer, restOf } from './rest-server.ts';

const REAL = 'samples/kalshi/rest-real';

const recorded = (name: string): unknown =>
  JSON.parse(readFileSync(sharedPath(`${REAL}/${name}`), 'utf8'));

/** The data of one step of a recorded scenario. */
function stepOf(name: string, step: string): Readonly<Record<string, unknown>> {
  const steps = recorded(name) as readonly { step: string; data: Record<string, unknown> }[];
  return steps.find((each) => each.step === step)?.data ?? {};
}

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

const routed = (routes: Readonly<Record<string, unknown>>): void =>
  server.answer(({ place }: Asked): Reply => {
    const body = routes[place];
    return body === undefined ? { status: 404, body: { error: { code: 'not_found' } } } : { body };
  });

describe.skipIf(!isShared(REAL))(needsShared('recorded answers', REAL), () => {
  it('tell balance, positions, and a fill of an order that is listed no more', async () => {
    const before = stepOf('demo_20260706_scenario_accept_no.json', 'before_requester');
    routed({
      '/portfolio/balance': before['balance'],
      '/portfolio/positions': before['positions'],
      '/portfolio/fills': before['fills'],
    });
    expect(await rest.balance()).toBe('999.4625');
    expect(await rest.positions()).toEqual([
      { symbol: 'KXMLBGAME-26JUL081840NYYTB-NYY', quantity: -100 },
    ]);
    const { fills } = await rest.fillsSince(null);
    expect(fills).toMatchObject([
      {
        fillId: '28922612-dc97-5b62-f960-7a6324b5d255',
        clientOrderId: '288f9c46-0a43-4712-9def-493f90776152',
        // Selling YES is what the venue calls buying NO.
        outcome: 'yes',
        action: 'sell',
        price: 4_800,
        quantity: 100,
        fee: '0.017500',
        liquidity: 'taker',
      },
    ]);
  });

  it('tell flat positions', async () => {
    const { response } = recorded('demo_20260701_positions.json') as { response: unknown };
    routed({ '/portfolio/positions': response });
    const positions = await rest.positions();
    expect(positions.map(({ quantity }) => quantity)).toEqual([0, 0, 0, 0]);
  });

  it('tell the limits of a basic account', async () => {
    const name = 'demo_20260706_scenario_account_facts.json';
    routed({
      '/account/limits': stepOf(name, 'api_limits'),
      '/account/endpoint_costs': stepOf(name, 'endpoint_costs'),
    });
    expect(await rest.accountLimits()).toEqual({
      tier: 'basic',
      costs: { place: 10, amend: 10, cancel: 2, read: 10 },
      buckets: {
        writes: [{ windowMs: 1_100, tokens: 100, cancelReserve: 20 }],
        reads: [{ windowMs: 2_100, tokens: 400, cancelReserve: 0 }],
      },
    });
  });

  it('tell a market and its books', async () => {
    const payload = stepOf('demo_20260706_scenario_accept_no.json', 'market_payload');
    routed({
      '/markets/KXMLBGAME-26JUL081840NYYTB-NYY': payload,
      '/markets/KXMLBGAME-26JUL081840NYYTB-NYY/orderbook': stepOf(
        'demo_20260706_scenario_accept_no.json',
        'orderbook',
      ),
      '/events/KXMLBGAME-26JUL081840NYYTB': {
        event: { event_ticker: 'KXMLBGAME-26JUL081840NYYTB', series_ticker: 'KXMLBGAME' },
      },
      '/series/KXMLBGAME': {
        series: {
          ticker: 'KXMLBGAME',
          category: 'Sports',
          fee_type: 'quadratic',
          fee_multiplier: 1,
        },
      },
    });
    expect(await rest.market('KXMLBGAME-26JUL081840NYYTB-NYY')).toMatchObject({
      status: 'active',
      closesAtMs: Date.parse('2026-07-11T22:40:00Z'),
      instrument: {
        event: 'KXMLBGAME-26JUL081840NYYTB',
        category: 'Sports',
        tickRanges: [{ from: 100, to: 9_900, step: 100 }],
      },
    });
    expect(await rest.bestBids('KXMLBGAME-26JUL081840NYYTB-NYY')).toEqual({ yes: null, no: null });
  });

  it('tell best bids that leave a spread', async () => {
    for (let book = 0; book < 5; book += 1) {
      const { response } = recorded(`demo_20260701_orderbook_${book}.json`) as {
        response: unknown;
      };
      routed({ '/markets/KXSAMPLE/orderbook': response });
      const { yes, no } = await rest.bestBids('KXSAMPLE');
      expect((yes ?? 0) + (no ?? 0)).toBeLessThan(10_000);
    }
  });
});
