/** What the venue tells its sessions: the channels, and what each of them carries. */
import type { FillRecord } from './fill-record.ts';
import type { PublicTrade } from './market-state.ts';
import type { OrderRecord } from './order-record.ts';
import type { LevelChange } from './published-book.ts';

export type News =
  | {
      readonly channel: 'orderbook_delta';
      readonly ticker: string;
      readonly change: LevelChange;
      readonly atMs: number;
      /** Of the account's own order that caused it. */
      readonly clientOrderId: string | null;
    }
  /** Prices of a market may have changed; each session looks for itself. */
  | { readonly channel: 'ticker'; readonly ticker: string }
  | { readonly channel: 'trade'; readonly ticker: string; readonly trade: PublicTrade }
  | { readonly channel: 'fill'; readonly ticker: string; readonly fill: FillRecord }
  | { readonly channel: 'user_orders'; readonly ticker: string; readonly order: OrderRecord }
  | { readonly channel: 'market_positions'; readonly ticker: string }
  | { readonly channel: 'market_lifecycle_v2'; readonly ticker: string; readonly msg: object }
  | { readonly channel: 'order_group_updates'; readonly msg: object }
  | { readonly channel: 'cfbenchmarks_value'; readonly indexId: string; readonly msg: object };

export type Channel = News['channel'] | 'multivariate_market_lifecycle' | 'communications';

export interface ChannelFacts {
  /** Its frames are counted, per subscription. */
  readonly numbered: boolean;
  /** It needs markets: without them the command is refused. */
  readonly needsMarkets: boolean;
}

export const CHANNELS: Readonly<Record<Channel, ChannelFacts>> = {
  orderbook_delta: { numbered: true, needsMarkets: true },
  ticker: { numbered: false, needsMarkets: false },
  trade: { numbered: true, needsMarkets: false },
  fill: { numbered: false, needsMarkets: false },
  user_orders: { numbered: false, needsMarkets: false },
  market_positions: { numbered: false, needsMarkets: false },
  market_lifecycle_v2: { numbered: true, needsMarkets: false },
  order_group_updates: { numbered: true, needsMarkets: false },
  cfbenchmarks_value: { numbered: true, needsMarkets: false },
  // Known, and silent: there are neither combinations nor quotes here.
  multivariate_market_lifecycle: { numbered: true, needsMarkets: false },
  communications: { numbered: true, needsMarkets: false },
};

export const isChannel = (name: unknown): name is Channel =>
  typeof name === 'string' && Object.hasOwn(CHANNELS, name);
