/**
 * Counts the frames of every subscription on a tape. A number that does not follow is a gap, but
 * for one case: a snapshot with number 1 begins a new subscription under the old name.
 */
import type { KalshiFrame } from '../venues/kalshi/wire.ts';

export interface SequenceBreak {
  /** Markets of the subscription whose books are not known any more. */
  readonly symbols: readonly string[];
  readonly expected: number;
  readonly received: number;
  /** A new subscription, which loses nothing, but whose other snapshots are still to come. */
  readonly restarted: boolean;
}

interface Subscription {
  next: number;
  readonly symbols: Set<string>;
}

export class SequenceCheck {
  readonly #subscriptions = new Map<string, Subscription>();

  /** null where the frame follows the last one, or carries no number. */
  check(conn: string, frame: KalshiFrame): SequenceBreak | null {
    const { sid, seq } = frame;
    if (sid === undefined || seq === undefined) return null;
    const key = `${sid} ${conn}`;
    const known = this.#subscriptions.get(key);
    const subscription = known ?? { next: seq, symbols: new Set<string>() };
    if (known === undefined) this.#subscriptions.set(key, subscription);
    const expected = subscription.next;
    subscription.next = seq + 1;
    const restarted = seq === 1 && frame.type === 'orderbook_snapshot';
    const broken = seq !== expected;
    const symbols = broken ? [...subscription.symbols] : [];
    if (broken && restarted) subscription.symbols.clear();
    if (isOfBook(frame)) subscription.symbols.add(frame.msg.market_ticker);
    return broken ? { symbols, expected, received: seq, restarted } : null;
  }
}

const isOfBook = (
  frame: KalshiFrame,
): frame is Extract<KalshiFrame, { type: 'orderbook_delta' | 'orderbook_snapshot' }> =>
  frame.type === 'orderbook_delta' || frame.type === 'orderbook_snapshot';
