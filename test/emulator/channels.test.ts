/** The channels beside books and orders: lives of markets, order groups, index values. */
import { describe, expect, it } from 'vitest';
import { open } from './open.ts';
import { OTHER, TICKER } from './still-market.ts';

describe('channels of their own', () => {
  it('tell of a market’s life', () => {
    const type = 'market.paused';
    const { say, hear, desk } = open([[1_000, { type, symbol: TICKER, timeMs: 0 }]]);
    say('subscribe', { channels: ['market_lifecycle_v2'] });
    expect(hear(1_500)).toMatchObject([
      { type: 'market_lifecycle_v2', sid: 1, seq: 1, msg: { event_type: 'deactivated' } },
    ]);
    desk.world.setFault('tick-change', 1);
    expect(hear(10)).toMatchObject(
      [TICKER, OTHER].map((market_ticker) => ({
        msg: {
          event_type: 'price_level_structure_updated',
          market_ticker,
          price_level_structure: 'deci_cent',
          price_ranges: [{ start: '0.0000', end: '1.0000', step: '0.0010' }],
        },
      })),
    );
  });

  it('tell of order groups, and count', () => {
    const { say, hear, desk } = open();
    say('subscribe', { channels: ['order_group_updates'] });
    const { order_group_id } = desk.call('POST', '/portfolio/order_groups/create', {
      contracts_limit: 5,
    }).body;
    const path = `/portfolio/order_groups/${String(order_group_id)}`;
    desk.call('PUT', `${path}/trigger`);
    desk.call('PUT', `${path}/reset`);
    desk.call('DELETE', path);
    expect(
      hear(10).map(({ seq, msg }) => [seq, (msg as { event_type: string }).event_type]),
    ).toEqual([
      [1, 'created'],
      [2, 'triggered'],
      [3, 'reset'],
      [4, 'deleted'],
    ]);
  });

  it('tell index values, as text in text', () => {
    const { say, hear } = open();
    say('subscribe', { channels: ['cfbenchmarks_value'] });
    expect(hear(2_000)).toEqual([]);
    const update = (action: string, more = {}) =>
      say('update_subscription', { sid: 1, action, ...more });
    expect(update('indexlist')).toMatchObject([
      { type: 'cfbenchmarks_value_indexlist', seq: 1, msg: { index_ids: ['BRTI', 'ETHUSD_RTI'] } },
    ]);
    expect(update('subscribe_indices')).toMatchObject([{ msg: { code: 24 } }]);
    expect(update('subscribe_indices', { index_ids: ['BRTI'] })).toMatchObject([{ seq: 2 }]);
    const [value] = hear(1_000);
    expect(value).toMatchObject({ type: 'cfbenchmarks_value', seq: 3, msg: { index_id: 'BRTI' } });
    const { data } = (value?.['msg'] ?? {}) as { readonly data?: string };
    expect(data).toMatch(/^{"type":"value","time":\d+,"id":"BRTI","value":"\d+\.\d\d"}$/);
  });
});
