/** Kalshi's frames: decoded, then turned into domain events with not a digit lost. */
import { Decimal } from 'decimal.js';
import { InputError } from '../../src/domain/errors.ts';
import { kalshiInstrument } from '../../src/replay/series.ts';
import {
  deltaOf,
  fillReportOf,
  orderReportOf,
  type PriceConvention,
  printOf,
  settlementOf,
  snapshotOf,
  statusOf,
  tickRangesOf,
} from '../../src/venues/kalshi/translate.ts';
import { decodeFrame, type KalshiFrame } from '../../src/venues/kalshi/wire.ts';
import { FRAMES } from '../venues/kalshi/frames.ts';
import { claim, type Target, type Verdict } from './target.ts';

const MARKET = 'KXTEST-27-A';
const instrument = kalshiInstrument(MARKET);
const PAYOUT = 10_000;

const more = [
  { ...FRAMES.orderbook_snapshot, msg: { market_ticker: MARKET } },
  { ...FRAMES.user_order, msg: { ...FRAMES.user_order.msg, status: 'executed' } },
  {
    ...FRAMES.market_lifecycle_v2,
    msg: {
      market_ticker: MARKET,
      event_type: 'determined',
      result: 'yes',
      settlement_value: '1.0000',
    },
  },
  { ...FRAMES.fill, msg: { ...FRAMES.fill.msg, fee_cost: undefined, is_taker: false } },
  {
    type: 'market_positions',
    sid: 7,
    msg: { positions: [{ ticker: MARKET, position_fp: '-3.00' }] },
  },
];

export const frames: Target = {
  name: 'frames',
  weight: 30,
  textOf: (value) => JSON.stringify(value) ?? 'null',
  prepare: () => ({
    fixtures: [...Object.values(FRAMES), ...more],
    judge: (_, text) => judge(text),
  }),
};

function judge(text: string): Verdict {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return 'rejected';
  }
  try {
    const frame = decodeFrame(raw);
    for (const convention of ['ownPrice', 'yesPrice'] as const) translate(frame, convention);
    return 'valid';
  } catch (thrown) {
    if (!(thrown instanceof InputError)) throw thrown;
    claim(thrown.message.length < 1_000, 'an error can be read', thrown.message.length);
    return 'rejected';
  }
}

/** Exactly what the text says, by another library than the one under test. */
function same(units: number, text: string, perOne: number, what: string): void {
  claim(Number.isSafeInteger(units), `${what} is counted exactly`, text, units);
  claim(
    new Decimal(text).times(perOne).equals(units),
    `${what} is what the text says`,
    text,
    units,
  );
}

const samePrice = (price: number, text: string): void => {
  same(price, text, PAYOUT, 'a price');
  claim(price >= 0 && price <= PAYOUT, 'a price is one of a contract', price);
};

function translate(frame: KalshiFrame, convention: PriceConvention): void {
  switch (frame.type) {
    case 'orderbook_delta':
      return translateDelta(frame, convention);
    case 'orderbook_snapshot':
      return translateSnapshot(frame, convention);
    case 'trade': {
      const print = printOf(frame, 1);
      samePrice(print.price, frame.msg.yes_price_dollars);
      return same(print.quantity, frame.msg.count_fp, 100, 'a quantity');
    }
    case 'fill':
    case 'user_order':
      return translateOwn(frame);
    case 'market_lifecycle_v2': {
      statusOf(frame);
      const settled = settlementOf(frame);
      const { settlement_value: value, price_ranges: ranges = [] } = frame.msg;
      if (settled !== null && value !== undefined) samePrice(settled.value, value);
      tickRangesOf(ranges);
      return;
    }
    default:
  }
}

function translateDelta(
  frame: Extract<KalshiFrame, { type: 'orderbook_delta' }>,
  convention: PriceConvention,
): void {
  const { side, price, change, timeMs, sequence } = deltaOf(frame, convention);
  const isMirrored = side === 'ask' && convention === 'ownPrice';
  samePrice(isMirrored ? PAYOUT - price : price, frame.msg.price_dollars);
  same('by' in change ? change.by : Number.NaN, frame.msg.delta_fp, 100, 'a change');
  claim(Number.isSafeInteger(timeMs), 'a time is whole milliseconds', timeMs);
  claim(sequence === frame.seq, 'a sequence is kept', sequence);
}

function translateSnapshot(
  frame: Extract<KalshiFrame, { type: 'orderbook_snapshot' }>,
  convention: PriceConvention,
): void {
  const { bids, asks } = snapshotOf(frame, convention);
  const { yes_dollars_fp: yes = [], no_dollars_fp: no = [] } = frame.msg;
  claim(bids.length === yes.length && asks.length === no.length, 'no level is lost');
  for (const [index, [priceText, sizeText]] of [...yes, ...no].entries()) {
    const level = [...bids, ...asks][index];
    const isMirrored = index >= yes.length && convention === 'ownPrice';
    const price = level?.price ?? Number.NaN;
    samePrice(isMirrored ? PAYOUT - price : price, priceText);
    same(level?.size ?? Number.NaN, sizeText, 100, 'a size');
  }
}

function translateOwn(frame: Extract<KalshiFrame, { type: 'fill' | 'user_order' }>): void {
  for (const outcome of ['yes', 'no'] as const) {
    const order = { clientOrderId: 'dw-1', outcome, instrument };
    const report = frame.type === 'fill' ? fillReportOf(frame, order) : orderReportOf(frame, order);
    const terms = 'fill' in report ? report.fill : 'quantity' in report ? report : null;
    claim(terms !== null, 'an own frame has terms', report.type);
    const price = outcome === 'yes' ? terms.price : PAYOUT - terms.price;
    samePrice(price, frame.msg.yes_price_dollars);
    claim(Number.isSafeInteger(terms.quantity), 'a quantity is counted', terms.quantity);
    if (frame.type !== 'fill' || !('fill' in report)) continue;
    same(report.fill.quantity, frame.msg.count_fp, 100, 'a quantity');
    claim(
      new Decimal(report.fill.fee).equals(frame.msg.fee_cost ?? report.fill.fee),
      'a fee is kept',
    );
  }
}
