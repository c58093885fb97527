/**
 * Recent trading of one market: prints and samples of displayed depth, in YES terms, of the last
 * five minutes. It answers questions about the past only and never knows what time it is.
 */
import type { Action, OutcomeSide } from '../domain/instrument.ts';
import { LADDER_LEVELS } from '../domain/limits.ts';
import type { BookSide, Print } from '../domain/market-data.ts';
import { type Lots, lots } from '../domain/numbers.ts';
import type { FlowView } from './book-view.ts';
import type { HalfBook } from './half-book.ts';
import { TimedRing } from './timed-ring.ts';

/** The longest window that an algorithm asks about. */
export const FLOW_LOOKBACK_MS = 300_000;

/**
 * A busy 15-minute bitcoin market prints about 1,600 times in five minutes; five times that is
 * kept.
 */
const PRINTS_MAX = 8_192;

/** Depth as of a past moment is known to this precision; the last sample is always exact. */
const DEPTH_INTERVAL_MS = 100;

const DEPTH_SAMPLES_MAX = FLOW_LOOKBACK_MS / DEPTH_INTERVAL_MS;

interface Depths {
  /** 0 before the first change. */
  readonly version: number;
  readonly timeMs: number;
  readonly bids: HalfBook;
  readonly asks: HalfBook;
}

export class Flow {
  /** Taken volume: first column by buyers of YES, second by sellers. */
  readonly #prints = new TimedRing(PRINTS_MAX, FLOW_LOOKBACK_MS);
  /** Displayed size: first column bids, second asks. Without the last sample, which the book is. */
  readonly #depth = new TimedRing(DEPTH_SAMPLES_MAX, FLOW_LOOKBACK_MS);
  readonly #book: Depths;
  #keptMs = Number.NEGATIVE_INFINITY;

  constructor(book: Depths) {
    this.#book = book;
  }

  record(print: Print): void {
    const bought = print.taker === 'buy';
    this.#prints.push(print.timeMs, bought ? print.quantity : 0, bought ? 0 : print.quantity);
  }

  /**
   * To be called before each change of the book: the last sample is the book itself, and where it
   * ended an interval its sizes are summed up now, before they are gone. A delta sums up nothing.
   */
  keepDepth(): void {
    const { version, timeMs, bids, asks } = this.#book;
    if (version === 0 || timeMs - this.#keptMs < DEPTH_INTERVAL_MS) return;
    this.#depth.push(timeMs, ladderSize(bids), ladderSize(asks));
    this.#keptMs = timeMs;
  }

  /** Live: what is recorded later shows in it. */
  view(outcome: OutcomeSide): FlowView {
    const sameSides = outcome === 'yes';
    const prints = this.#prints;
    // Who buys YES takes what bids for NO: to its owner that is a sale.
    const takerVolume = (action: Action, sinceMs: number, untilMs: number): Lots => {
      const first = (action === 'buy') === sameSides;
      return lots(first ? prints.sumFirst(sinceMs, untilMs) : prints.sumSecond(sinceMs, untilMs));
    };
    return {
      takerVolume,
      printCount: (sinceMs, untilMs) => prints.count(sinceMs, untilMs),
      depthAt: (side: BookSide, timeMs) => {
        const size = this.#depthAt((side === 'bid') === sameSides, timeMs);
        return size === null ? null : lots(size);
      },
      imbalance: (sinceMs, untilMs) => {
        const bought = takerVolume('buy', sinceMs, untilMs);
        const sold = takerVolume('sell', sinceMs, untilMs);
        return bought + sold === 0 ? 0 : (bought - sold) / (bought + sold);
      },
    };
  }

  #depthAt(ofBids: boolean, timeMs: number): number | null {
    const { version, timeMs: lastMs, bids, asks } = this.#book;
    if (version > 0 && timeMs >= lastMs) return ladderSize(ofBids ? bids : asks);
    return ofBids ? this.#depth.firstAt(timeMs) : this.#depth.secondAt(timeMs);
  }
}

function ladderSize(half: HalfBook): number {
  let total = 0;
  for (let rank = 0; rank < LADDER_LEVELS && rank < half.count; rank += 1)
    total += half.sizeAtRank(rank);
  return total;
}
