/**
 * Kalshi's REST answers, from `unknown` to types that keep the venue's own names. It checks shapes
 * only: decimals stay text, and what is not read here may change as it likes.
 */
import { z } from 'zod';

const decimalText = z.string().regex(/^-?\d{1,15}(?:\.\d{1,15})?$/);
const id = z.string().min(1);
const timeText = z.string().min(1);
const bookSide = z.enum(['bid', 'ask']);
const cursor = z.string().nullish();

const problem = z
  .object({
    code: z.string().nullish(),
    message: z.string().nullish(),
    details: z.string().nullish(),
  })
  .nullish();

export const createdOrder = z.object({ order_id: id, client_order_id: z.string().nullish() });

export const createdBatch = z.object({
  orders: z.array(createdOrder.partial().extend({ error: problem })),
});

export const cancelledOrder = z.object({
  order_id: id,
  client_order_id: z.string().nullish(),
  reduced_by: decimalText.nullish(),
});

export const cancelledBatch = z.object({
  orders: z.array(cancelledOrder.extend({ error: problem })),
});

export const amendedOrder = z.object({ order_id: id, client_order_id: z.string().nullish() });

/** Of V2: the count has no `_fp` here. */
export const decreasedOrder = z.object({
  order_id: id,
  client_order_id: z.string().nullish(),
  remaining_count: decimalText,
});

export const order = z.object({
  order_id: id,
  client_order_id: z.string().nullish(),
  ticker: id,
  status: z.enum(['resting', 'canceled', 'executed']),
  book_side: bookSide,
  yes_price_dollars: decimalText,
  fill_count_fp: decimalText,
  remaining_count_fp: decimalText,
  initial_count_fp: decimalText,
  expiration_time: z.string().nullish(),
  last_update_time: z.string().nullish(),
  order_group_id: z.string().nullish(),
});

export const orderAnswer = z.object({ order });
export const orderPage = z.object({ cursor, orders: z.array(order) });

export const queuePositions = z.object({
  queue_positions: z
    .array(z.object({ order_id: id, market_ticker: id, queue_position_fp: decimalText }))
    .nullish(),
});

export const fill = z.object({
  trade_id: id,
  order_id: id,
  ticker: id,
  book_side: bookSide,
  count_fp: decimalText,
  yes_price_dollars: decimalText,
  is_taker: z.boolean(),
  /** Dollars of the whole fill. */
  fee_cost: decimalText,
  created_time: z.string().nullish(),
  /** Seconds since the epoch, where the better one is missing. */
  ts: z.number().nullish(),
});

export const fillPage = z.object({ cursor, fills: z.array(fill) });

export const positionPage = z.object({
  cursor,
  market_positions: z.array(z.object({ ticker: id, position_fp: decimalText })),
});

export const balance = z.object({ balance_dollars: decimalText });
export const userDataTime = z.object({ as_of_time: timeText });

const bucket = z.object({
  refill_rate: z.number().positive(),
  bucket_capacity: z.number().positive(),
});

export const accountLimits = z.object({ usage_tier: z.string(), read: bucket, write: bucket });

export const endpointCosts = z.object({
  default_cost: z.number().positive(),
  endpoint_costs: z.array(
    z.object({ method: z.string(), path: z.string(), cost: z.number().positive() }),
  ),
});

export const market = z.object({
  ticker: id,
  event_ticker: id,
  status: z.string(),
  close_time: timeText,
  price_ranges: z
    .array(z.object({ start: decimalText, end: decimalText, step: decimalText }))
    .min(1),
});

export const marketAnswer = z.object({ market });
export const marketPage = z.object({ cursor, markets: z.array(market) });

export const eventAnswer = z.object({
  event: z.object({
    series_ticker: id,
    fee_type_override: z.string().nullish(),
    fee_multiplier_override: z.number().nonnegative().nullish(),
  }),
});

export const seriesAnswer = z.object({
  series: z.object({
    category: z.string().nullish(),
    fee_type: z.string(),
    fee_multiplier: z.number().nonnegative(),
  }),
});

const levels = z.array(z.tuple([decimalText, decimalText])).nullish();

export const orderBook = z.object({
  orderbook_fp: z.object({ yes_dollars: levels, no_dollars: levels }),
});

export const exchangeStatus = z.object({
  exchange_active: z.boolean(),
  trading_active: z.boolean(),
  exchange_estimated_resume_time: z.string().nullish(),
});

/** Eastern Time; "00:00" to "00:00" is the whole day. */
const sessions = z.array(z.object({ open_time: z.string(), close_time: z.string() })).nullish();

export const exchangeSchedule = z.object({
  schedule: z.object({
    standard_hours: z.array(
      z.object({
        start_time: timeText,
        end_time: timeText,
        monday: sessions,
        tuesday: sessions,
        wednesday: sessions,
        thursday: sessions,
        friday: sessions,
        saturday: sessions,
        sunday: sessions,
      }),
    ),
    maintenance_windows: z
      .array(z.object({ start_datetime: timeText, end_datetime: timeText }))
      .nullish(),
  }),
});

export const createdGroup = z.object({ order_group_id: id });

const group = {
  contracts_limit_fp: decimalText.nullish(),
  is_auto_cancel_enabled: z.boolean(),
};

export const groupAnswer = z.object(group);
export const groupList = z.object({ order_groups: z.array(z.object({ ...group, id })).nullish() });

export type WireOrder = z.infer<typeof order>;
export type WireFill = z.infer<typeof fill>;
export type WireMarket = z.infer<typeof market>;
export type WireEvent = z.infer<typeof eventAnswer>['event'];
export type WireSeries = z.infer<typeof seriesAnswer>['series'];
export type WireSchedule = z.infer<typeof exchangeSchedule>['schedule'];
export type WireBucket = z.infer<typeof bucket>;
export type WireCosts = z.infer<typeof endpointCosts>;
export type WireGroup = z.infer<typeof groupAnswer>;
export type WireProblem = z.infer<typeof problem>;

/** What a schema of this file is to who uses it: zod itself stays here. */
export interface Shape<T> {
  safeParse(value: unknown):
    | { readonly success: true; readonly data: T }
    | {
        readonly success: false;
        readonly error: {
          readonly issues: readonly {
            readonly path: readonly PropertyKey[];
            readonly message: string;
          }[];
        };
      };
}

/** The value in its shape, or which of its fields is not as it should be. */
export function shaped<T>(
  shape: Shape<T>,
  value: unknown,
): { readonly value: T } | { readonly fault: string } {
  const parsed = shape.safeParse(value);
  if (parsed.success) return { value: parsed.data };
  const { path, message } = parsed.error.issues[0] ?? { path: [], message: 'is malformed' };
  return { fault: `${path.map(String).join('.') || 'the answer'}: ${message}` };
}
