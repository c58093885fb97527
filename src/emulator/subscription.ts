/** One subscription of a session: its channel, its markets, and its own count of frames. */
import { CHANNELS, type Channel, type News } from './news.ts';

export interface SubscriptionOptions {
  readonly sid: number;
  readonly channel: Channel;
  readonly tickers: readonly string[];
  /** Levels of NO are told in YES prices. */
  readonly usesYesPrice: boolean;
  readonly skipsTickerAck: boolean;
}

export class Subscription {
  readonly sid: number;
  readonly channel: Channel;
  readonly tickers: Set<string>;
  readonly indices = new Set<string>();
  readonly usesYesPrice: boolean;
  readonly skipsTickerAck: boolean;
  /** Who named no market hears of every one. */
  readonly #coversAll: boolean;
  #seq = 0;

  constructor(options: SubscriptionOptions) {
    this.sid = options.sid;
    this.channel = options.channel;
    this.usesYesPrice = options.usesYesPrice;
    this.skipsTickerAck = options.skipsTickerAck;
    this.tickers = new Set(options.tickers);
    this.#coversAll = options.tickers.length === 0;
  }

  /** The number of the next frame, for channels that count. */
  next(): { readonly seq?: number } {
    if (!CHANNELS[this.channel].numbered) return {};
    this.#seq += 1;
    return { seq: this.#seq };
  }

  wants(news: News): boolean {
    if (news.channel !== this.channel) return false;
    if (news.channel === 'cfbenchmarks_value') return this.indices.has(news.indexId);
    if (!('ticker' in news)) return true;
    return this.covers(news.ticker);
  }

  covers(ticker: string): boolean {
    return this.#coversAll || this.tickers.has(ticker);
  }
}
