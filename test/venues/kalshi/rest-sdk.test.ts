/** Our words against the types of the official SDK, which the venue makes from its own contract. */
import type {
  AmendOrderV2Request,
  CancelOrderV2Response,
  CreateOrderV2Request,
  CreateOrderV2Response,
  EventData,
  Fill,
  Market,
  MarketPosition,
  Order,
  Series,
} from 'kalshi-typescript';
import { expect, it } from 'vitest';
import type { z } from 'zod';
import { lots, ticks } from '../../../src/domain/numbers.ts';
import { amendBody, createBody } from '../../../src/venues/kalshi/rest-translate.ts';
import type * as wire from '../../../src/venues/kalshi/rest-wire.ts';
import { REF, REQUEST } from './rest-fixtures.ts';

type Shape<T extends z.ZodType> = z.input<T>;
/** The compiler refuses a list in which the SDK has something else than what we read. */
type Reads<Ours, Theirs extends Ours> = Theirs;

export type Checked = [
  Reads<wire.WireOrder, Order>,
  Reads<wire.WireFill, Fill>,
  Reads<wire.WireMarket, Market>,
  Reads<wire.WireEvent, EventData>,
  Reads<wire.WireSeries, Series>,
  Reads<Shape<typeof wire.createdOrder>, CreateOrderV2Response>,
  Reads<Shape<typeof wire.cancelledOrder>, CancelOrderV2Response>,
  Reads<Shape<typeof wire.positionPage>['market_positions'][number], MarketPosition>,
];

it('sends what the SDK would, field by field', () => {
  const settings = { subaccount: 1, groupId: 'g', cancelOnPause: false } as const;
  const create: CreateOrderV2Request = createBody(
    { ...REQUEST, expiresAtMs: 1_800_000_000_000 },
    { ...settings, selfTradePrevention: 'maker' },
  );
  const amend: AmendOrderV2Request = amendBody(
    { ...REF, price: ticks(5_600), quantity: lots(100) },
    { outcome: 'yes', action: 'buy' },
  );
  expect(Object.keys(create)).toHaveLength(12);
  expect(Object.keys(amend)).toHaveLength(6);
});
