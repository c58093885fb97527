/**
 * Kalshi's WebSocket frames, from `unknown` to types that keep the venue's own names. It checks
 * shapes and never reads a number out of a text: that is translate.ts. What it does not know is
 * 'other'.
 */
import { z } from 'zod';
import { nameOf, refusal, valueAt } from './wire-damage.ts';

const count = z.int().nonnegative();
const decimalText = z.string().regex(/^-?\d{1,15}(?:\.\d{1,15})?$/);
const outcome = z.enum(['yes', 'no']);
const level = z.tuple([decimalText, decimalText]);
const ticker = z.string().min(1);

/** `sid` names the subscription, `seq` counts its frames; some frames carry neither. */
const envelope = { sid: count.optional(), seq: count.optional(), id: count.optional() };

const snapshot = z.object({
  ...envelope,
  type: z.literal('orderbook_snapshot'),
  sid: count,
  seq: count,
  msg: z.object({
    market_ticker: ticker,
    // A side without orders is left out.
    yes_dollars_fp: z.array(level).optional(),
    no_dollars_fp: z.array(level).optional(),
  }),
});

const delta = z.object({
  ...envelope,
  type: z.literal('orderbook_delta'),
  sid: count,
  seq: count,
  msg: z.object({
    market_ticker: ticker,
    price_dollars: decimalText,
    /** A signed change. */
    delta_fp: decimalText,
    side: outcome,
    /** Of a change that we caused ourselves. */
    client_order_id: z.string().optional(),
    ts_ms: count.optional(),
    /** ISO text with up to six decimals; all that frames before May 2026 have. */
    ts: z.string().optional(),
  }),
});

const tickerFrame = z.object({
  ...envelope,
  type: z.literal('ticker'),
  msg: z.object({
    market_ticker: ticker,
    ts_ms: count,
    price_dollars: decimalText.optional(),
    yes_bid_dollars: decimalText.optional(),
    yes_ask_dollars: decimalText.optional(),
    yes_bid_size_fp: decimalText.optional(),
    yes_ask_size_fp: decimalText.optional(),
    volume_fp: decimalText.optional(),
    last_trade_size_fp: decimalText.optional(),
  }),
});

const trade = z.object({
  ...envelope,
  type: z.literal('trade'),
  msg: z.object({
    trade_id: z.string(),
    market_ticker: ticker,
    yes_price_dollars: decimalText,
    count_fp: decimalText,
    taker_side: outcome,
    /** Agreed outside of the book; frames before autumn 2026 do not say. */
    is_block_trade: z.boolean().optional(),
    ts_ms: count,
  }),
});

const fill = z.object({
  ...envelope,
  type: z.literal('fill'),
  msg: z.object({
    trade_id: z.string().min(1),
    order_id: z.string().min(1),
    client_order_id: z.string().optional(),
    market_ticker: ticker,
    is_taker: z.boolean(),
    yes_price_dollars: decimalText,
    count_fp: decimalText,
    /** Dollars of the whole fill; older frames left it out. */
    fee_cost: decimalText.optional(),
    ts_ms: count,
  }),
});

const userOrder = z.object({
  ...envelope,
  type: z.literal('user_order'),
  msg: z.object({
    order_id: z.string().min(1),
    client_order_id: z.string().optional(),
    ticker,
    status: z.enum(['resting', 'canceled', 'executed']),
    yes_price_dollars: decimalText,
    fill_count_fp: decimalText,
    remaining_count_fp: decimalText,
    initial_count_fp: decimalText,
    last_update_reason: z.string().optional(),
  }),
});

const position = z.object({
  ...envelope,
  type: z.literal('market_position'),
  msg: z.object({
    market_ticker: ticker,
    /** Signed: positive holds YES, negative NO. */
    position_fp: decimalText,
  }),
});

const priceRange = z.object({ start: decimalText, end: decimalText, step: decimalText });

const lifecycle = z.object({
  ...envelope,
  type: z.literal('market_lifecycle_v2'),
  msg: z.object({
    market_ticker: ticker,
    event_type: z.string(),
    /** Seconds since the epoch. */
    close_ts: count.optional(),
    /** Of a determined market only: 'yes', 'no', or in words, and dollars for YES. */
    result: z.string().optional(),
    settlement_value: decimalText.optional(),
    price_ranges: z.array(priceRange).optional(),
  }),
});

const eventLifecycle = z.object({
  ...envelope,
  type: z.literal('event_lifecycle'),
  msg: z.object({ event_ticker: ticker, series_ticker: ticker.optional() }),
});

/** null: the fees of the series hold again. */
const eventFees = z.object({
  ...envelope,
  type: z.literal('event_fee_update'),
  msg: z.object({
    event_ticker: ticker,
    fee_type_override: z.string().nullish(),
    fee_multiplier_override: z.number().nonnegative().nullish(),
  }),
});

const orderGroup = z.object({
  ...envelope,
  type: z.literal('order_group_updates'),
  msg: z.object({
    order_group_id: z.string().min(1),
    /** 'created', 'triggered', 'reset', 'deleted' or 'limit_updated'. */
    event_type: z.string(),
    contracts_limit_fp: decimalText.optional(),
    ts_ms: count.optional(),
  }),
});

const indexValue = z.object({
  ...envelope,
  type: z.literal('cfbenchmarks_value'),
  msg: z.object({
    index_id: z.string().min(1),
    /** Milliseconds since the epoch. */
    received_at: count,
    /** JSON once more, written by the index provider. */
    data: z.string(),
  }),
});

const subscribed = z.object({
  ...envelope,
  type: z.literal('subscribed'),
  msg: z.object({ channel: z.string(), sid: count }),
});

const ok = z.object({ ...envelope, type: z.literal('ok') });
const unsubscribed = z.object({ ...envelope, type: z.literal('unsubscribed') });

const errorFrame = z.object({
  ...envelope,
  type: z.literal('error'),
  msg: z.object({ code: z.int(), msg: z.string(), market_ticker: z.string().optional() }),
});

const other = z.object({ ...envelope, type: z.string() });

const known = z.discriminatedUnion('type', [
  snapshot,
  delta,
  tickerFrame,
  trade,
  fill,
  userOrder,
  position,
  lifecycle,
  eventLifecycle,
  eventFees,
  orderGroup,
  indexValue,
  subscribed,
  ok,
  unsubscribed,
  errorFrame,
]);

const KNOWN_TYPES: ReadonlySet<unknown> = new Set(
  known.options.map((option) => option.shape.type.value),
);

export type SnapshotFrame = z.infer<typeof snapshot>;
export type DeltaFrame = z.infer<typeof delta>;
export type TickerFrame = z.infer<typeof tickerFrame>;
export type TradeFrame = z.infer<typeof trade>;
export type FillFrame = z.infer<typeof fill>;
export type UserOrderFrame = z.infer<typeof userOrder>;
export type PositionFrame = z.infer<typeof position>;
export type LifecycleFrame = z.infer<typeof lifecycle>;
export type EventFeesFrame = z.infer<typeof eventFees>;
export type OrderGroupFrame = z.infer<typeof orderGroup>;
export type IndexValueFrame = z.infer<typeof indexValue>;
export type ErrorFrame = z.infer<typeof errorFrame>;
export type PriceRange = z.infer<typeof priceRange>;

/** `name` is the type the venue gave it. */
export interface OtherFrame {
  readonly type: 'other';
  readonly name: string;
  readonly sid?: number | undefined;
  readonly seq?: number | undefined;
}

export type KalshiFrame = z.infer<typeof known> | OtherFrame;

/**
 * Throws an `InputError` that names the field. A text that is no number is refused here or in
 * translate.ts.
 */
export function decodeFrame(raw: unknown): KalshiFrame {
  if (!isRecord(raw)) throw refusal('frame', 'must be an object', raw);
  const type = raw['type'];
  // A delta is nearly all of the traffic: it is checked by hand, in place, and never copied.
  if (type === 'orderbook_delta' && isDelta(raw)) return raw;
  const result = (KNOWN_TYPES.has(type) ? known : other).safeParse(raw);
  if (!result.success) {
    const { path, message } = result.error.issues[0] ?? { path: [], message: 'is malformed' };
    throw refusal([nameOf(type), ...path].join('.'), message, valueAt(raw, path));
  }
  const frame = result.data;
  return isKnown(frame) ? frame : { ...frame, type: 'other', name: frame.type };
}

type Decoded = z.infer<typeof known>;
const isKnown = (frame: { readonly type: string }): frame is Decoded => KNOWN_TYPES.has(frame.type);

function isDelta(raw: object): raw is DeltaFrame {
  const { sid, seq, msg } = raw as Partial<DeltaFrame>;
  return (
    isCount(sid) &&
    isCount(seq) &&
    typeof msg === 'object' &&
    msg !== null &&
    typeof msg.market_ticker === 'string' &&
    typeof msg.price_dollars === 'string' &&
    typeof msg.delta_fp === 'string' &&
    (msg.side === 'yes' || msg.side === 'no') &&
    (msg.ts_ms === undefined ? typeof msg.ts === 'string' : isCount(msg.ts_ms))
  );
}

const isCount = (value: unknown): boolean =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
