/** All that is said to and by the supervisor of one market. */
import type { OrderReport } from '../../src/domain/order.ts';
import type { ExecutionInput, ExecutionMessage } from '../execution/execution.protocol.ts';

export interface MarketInput {
  readonly venue: string;
  readonly symbol: string;
  /** Client order ids that begin so are ours; all others belong to somebody else. */
  readonly tag: string;
}

/** Whose order a client order id is. */
export interface Route {
  readonly clientOrderId: string;
  readonly executionId: string;
  readonly splitOrderId: string;
}

export interface MarketContext extends MarketInput {
  /** Lists, for ids that come and go are dear as the keys of an object that is copied. */
  readonly routes: readonly Route[];
  /** Ids of executions that live here, ended ones included until they are retired. */
  readonly executions: readonly string[];
  /** Reports of ids that carry our tag and are not known yet: a reply can overtake us. */
  readonly held: readonly OrderReport[];
  /** Client order ids of orders that are not ours; kept apart, never touched. */
  readonly foreign: readonly string[];
  readonly bookLive: boolean;
  readonly reason: string;
}

/** What the feed of a market says of itself; ticks never come here. */
export type FeedEvent =
  | { readonly type: 'feed.up' | 'feed.down'; readonly reason: string }
  | { readonly type: 'feed.failed'; readonly reason: string }
  | { readonly type: 'book.live' | 'book.stale'; readonly reason: string }
  | {
      readonly type: 'market.paused' | 'market.resumed' | 'market.closed';
      readonly reason: string;
    };

/** `bookLive` is the market's own knowledge, unless an execution is rebuilt as it once was. */
export type ExecutionRequest = Omit<ExecutionInput, 'bookLive'> &
  Partial<Pick<ExecutionInput, 'bookLive'>>;

export type MarketEvent =
  | FeedEvent
  | OrderReport
  | { readonly type: 'market.disable' | 'market.enable'; readonly reason: string }
  | { readonly type: 'execution.requested'; readonly input: ExecutionRequest }
  | {
      readonly type: 'execution.told';
      readonly executionId: string;
      readonly message: ExecutionMessage;
    }
  /** Its late-fill window is over, or it is about to be rebuilt. */
  | { readonly type: 'execution.dismissed'; readonly executionId: string };
