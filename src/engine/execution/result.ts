/** What the user of an engine gets: decimal text, milliseconds on the clock of the engine. */
import type { Outcome } from '../../../machines/execution/execution.protocol.ts';
import type { Action, OutcomeSide } from '../../domain/instrument.ts';
import type { StageLatencies } from '../../domain/latency.ts';
import type { Liquidity } from '../../domain/order.ts';
import type { ImpactStratum } from '../../quality/impact.ts';

export interface Touch {
  readonly bid: string | null;
  readonly ask: string | null;
}

export interface ExecutionFill {
  /** The venue's own id. */
  readonly id: string;
  /** Id of the split order that it filled. */
  readonly splitOrder: string;
  /** The venue's time of the fill. */
  readonly timeMs: number;
  readonly price: string;
  readonly quantity: string;
  readonly fee: string;
  readonly liquidity: Liquidity;
  /** The book as the engine knew it when the fill was booked. */
  readonly bookVersion: number;
  readonly touch: Touch;
  /** The print that filled a resting order on paper; null for takes and on live venues. */
  readonly printSeq: number | null;
}

export interface PriceWalk {
  readonly atMs: number;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

export interface ExecutionOrder {
  /** `<execution>-<n>`: a name for people, not a client order id. */
  readonly splitOrder: string;
  readonly clientOrderIds: readonly string[];
  readonly price: string;
  readonly quantity: string;
  readonly filledQuantity: string;
  readonly state: string;
  /** Why it was placed. */
  readonly reason: string;
  /** Why it ended without being filled, in the words of the venue or the gate; else null. */
  readonly endReason: string | null;
  readonly walks: readonly PriceWalk[];
  readonly placedAtMs: number;
}

export interface ExecutionResult {
  readonly id: string;
  readonly signalId: string;
  readonly market: string;
  readonly outcomeSide: OutcomeSide;
  readonly action: Action;
  /** The algorithm that worked it in the end: a fallback is named as its own. */
  readonly algorithm: string;
  /** Why the algorithm that was asked for was left; null where it was not. */
  readonly fallbackReason: string | null;
  readonly outcome: Outcome;
  /** Why it ended. */
  readonly reason: string;
  readonly liquidityCategory: string;
  /**
   * 'impact-suspect': too large for its market to be measured on paper, where nobody reacts to it;
   * its cost is a lower bound. Null where it was not admitted.
   */
  readonly impact: ImpactStratum | null;
  readonly targetQuantity: string;
  readonly filledQuantity: string;
  /** Null when nothing was filled. */
  readonly averagePrice: string | null;
  readonly limitPrice: string;
  /** The highest price payable (lowest acceptable) as fixed at arrival; null when refused. */
  readonly capPrice: string | null;
  /** Null on a one-sided book. */
  readonly arrivalMid: string | null;
  /** Against the arrival mid, fees included, the residual completed from the book at the end. */
  readonly allInCentsPerContract: string | null;
  readonly fees: string;
  readonly walks: number;
  readonly splits: number;
  readonly calls: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** How long it took to each stage, by the clock that never jumps. */
  readonly latency: StageLatencies;
  readonly orders: readonly ExecutionOrder[];
  readonly fills: readonly ExecutionFill[];
}

/** What happens on the way; told after it is durable. */
export type ExecutionUpdate =
  | {
      readonly type: 'state';
      readonly executionId: string;
      readonly timeMs: number;
      readonly state: string;
    }
  | {
      readonly type: 'order';
      readonly executionId: string;
      readonly timeMs: number;
      readonly splitOrder: string;
      /** 'submit', 'amend' or 'cancel'. */
      readonly command: string;
      readonly price: string | null;
      readonly quantity: string | null;
      readonly reason: string;
    }
  | {
      /** A command failed: the venue rejected it, or the gate did, and nothing was sent. */
      readonly type: 'refused';
      readonly executionId: string;
      readonly timeMs: number;
      readonly splitOrder: string;
      /** 'submit', 'amend' or 'cancel'. */
      readonly command: string;
      readonly reason: string;
    }
  | {
      readonly type: 'fill';
      readonly executionId: string;
      readonly timeMs: number;
      readonly fill: ExecutionFill;
    }
  | {
      readonly type: 'alarm';
      readonly executionId: string;
      readonly timeMs: number;
      readonly reason: string;
    }
  | {
      readonly type: 'ended';
      readonly executionId: string;
      readonly timeMs: number;
      readonly result: ExecutionResult;
    };
