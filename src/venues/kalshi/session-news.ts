/** Frames that are about neither a book nor an order, in words of our own. It is pure. */
import { wholeUnits } from '../../domain/fixed-point.ts';
import type { KalshiFrame } from './wire.ts';

export type KalshiNews =
  /** A group of orders reached its limit ('triggered'), was reset, changed or deleted. */
  | {
      readonly type: 'orderGroup';
      readonly id: string;
      readonly event: string;
      /** Contracts, a plain decimal; null where it was not told. */
      readonly limit: string | null;
    }
  /** A value of an index that markets settle against; a plain decimal. */
  | {
      readonly type: 'index';
      readonly id: string;
      readonly value: string;
      readonly timeMs: number;
    }
  /** Dollars are charged differently from now on; null: as the series says. */
  | {
      readonly type: 'fees';
      readonly event: string;
      readonly feeType: string | null;
      readonly multiplier: number | null;
    }
  | { readonly type: 'eventCreated'; readonly event: string; readonly series: string | null };

/** null for what nobody needs to hear. */
export function newsOf(frame: KalshiFrame): KalshiNews | null {
  switch (frame.type) {
    case 'order_group_updates': {
      const { order_group_id: id, event_type: event, contracts_limit_fp: limit = null } = frame.msg;
      return { type: 'orderGroup', id, event, limit };
    }
    case 'cfbenchmarks_value': {
      const { index_id: id, data, received_at: timeMs } = frame.msg;
      const value = indexValueIn(data);
      return value === null ? null : { type: 'index', id, value, timeMs };
    }
    case 'event_fee_update': {
      const { event_ticker: event, fee_type_override, fee_multiplier_override } = frame.msg;
      const feeType = fee_type_override ?? null;
      return { type: 'fees', event, feeType, multiplier: fee_multiplier_override ?? null };
    }
    case 'event_lifecycle': {
      const { event_ticker: event, series_ticker: series = null } = frame.msg;
      return { type: 'eventCreated', event, series };
    }
    default:
      return null;
  }
}

/** More than any index has. */
const PLACES_MAX = 8;

/**
 * The provider's own JSON within the frame; an index is for looking at, so damage is passed over.
 */
function indexValueIn(text: string): string | null {
  try {
    const data: unknown = JSON.parse(text);
    const value: unknown =
      typeof data === 'object' && data !== null ? Reflect.get(data, 'value') : '';
    return typeof value === 'string' && wholeUnits(value, PLACES_MAX) !== null ? value : null;
  } catch {
    return null;
  }
}
