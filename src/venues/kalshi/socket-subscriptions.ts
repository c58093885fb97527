/**
 * What was asked for on one connection, and what came of it: commands by id, subscriptions by sid,
 * the count of their messages. It reads no message's content and keeps no timer.
 */
import type { ErrorFrame, KalshiFrame } from './wire.ts';

/** What no connection does without; none of it is ever replayed. */
export const NEWS_CHANNELS: readonly string[] = ['fill', 'user_orders', 'market_lifecycle_v2'];
/** What an account may be refused, and does without. */
const GROUP_CHANNEL = 'order_group_updates';
/** Followed market by market. */
const BOOKS = 'orderbook_delta';
const MARKET_CHANNELS = [BOOKS, 'trade'];
const INDEX_CHANNEL = 'cfbenchmarks_value';
const OPTIONAL_CHANNELS = [GROUP_CHANNEL, INDEX_CHANNEL];

/** Some 40 kB of tickers in one command. */
const MARKETS_PER_COMMAND_MAX = 1_000;

export interface SubscriptionEvents {
  /** Every channel of the account was acknowledged. */
  subscribed(): void;
  /** Messages of a subscription are missing. */
  gapped(channel: string, expected: number, received: number): void;
  /** The venue gave up a subscription, for its buffer ran over. */
  overflowed(channel: string): void;
  /** A market, or a channel that we can do without, that cannot be followed. */
  refused(name: string, reason: string): void;
  /** Nothing more can be done on this connection; `isRefusal`: of who we are. */
  failed(reason: string, isRefusal: boolean): void;
}

export interface SubscriptionsOptions {
  readonly send: (text: string) => void;
  readonly nowMs: () => number;
  readonly events: SubscriptionEvents;
  /** The markets that are followed at this moment. */
  readonly wanted: () => Iterable<string>;
  /** Indices that a series settles against: "BRTI". */
  readonly indexIds: readonly string[];
}

interface Subscription {
  readonly channel: string;
  next: number;
}

/** A command without its answer. */
interface Pending {
  readonly sinceMs: number;
  /** Not acknowledged yet. */
  readonly channels: Set<string>;
  /** Of a command about markets. */
  readonly market: MarketChannel | null;
  readonly symbols: readonly string[];
}

/** One channel that is followed market by market. */
interface MarketChannel {
  readonly name: string;
  sid: number | null;
  isWaiting: boolean;
  readonly asked: Set<string>;
  readonly refused: Set<string>;
  /** A list was refused, and nobody knows for which of its markets. */
  oneByOne: boolean;
}

const OVERFLOW = 25;
const UNAUTHENTICATED = 9;
/** A time-out, too many requests: nothing that is wrong with a market. */
const BUSY: ReadonlySet<number> = new Set([18, 27]);

export class Subscriptions {
  readonly #options: SubscriptionsOptions;
  readonly #sids = new Map<number, Subscription>();
  readonly #pending = new Map<number, Pending>();
  readonly #markets: readonly MarketChannel[] = MARKET_CHANNELS.map((name) => ({
    name,
    sid: null,
    isWaiting: false,
    asked: new Set<string>(),
    refused: new Set<string>(),
    oneByOne: false,
  }));
  #lastId = 0;

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
  }

  /** Since when a command has been waiting for its answer; null where none is. */
  get waitingSinceMs(): number | null {
    const [oldest] = this.#pending.values();
    return oldest?.sinceMs ?? null;
  }

  /** Asks for those channels of the account that are not there. */
  subscribeNews(): void {
    const { indexIds, events } = this.#options;
    const missing = this.#missingNews();
    if (missing.length > 0) this.#subscribe(missing, {});
    if (!this.#has(GROUP_CHANNEL)) this.#subscribe([GROUP_CHANNEL], {});
    if (indexIds.length > 0 && !this.#has(INDEX_CHANNEL))
      this.#subscribe([INDEX_CHANNEL], { index_ids: indexIds });
    if (missing.length === 0) events.subscribed();
  }

  /** Makes the venue's list of markets that of `wanted`, step by step. */
  syncMarkets(): void {
    for (const channel of this.#markets) this.#sync(channel);
  }

  /** Asks for new snapshots; gives those of the markets that are subscribed to. */
  askSnapshots(symbols: Iterable<string>): readonly string[] {
    const books = this.#markets.find(({ name }) => name === BOOKS);
    if (books === undefined || books.sid === null) return [];
    const asked = [...symbols].filter((symbol) => books.asked.has(symbol));
    for (let from = 0; from < asked.length; from += MARKETS_PER_COMMAND_MAX) {
      const part = asked.slice(from, from + MARKETS_PER_COMMAND_MAX);
      // The snapshots are its answer: nothing says that another one comes.
      this.#send('update_subscription', updateOf(books.sid, 'get_snapshot', part));
    }
    return asked;
  }

  /** Whether it is a message for those who follow its channel. */
  receive(frame: KalshiFrame): boolean {
    if (frame.type === 'subscribed') this.#join(frame);
    else if (frame.type === 'error') this.#fail(frame);
    else {
      const isOurs = this.#count(frame);
      if (frame.type === 'ok') this.#answered(frame.id);
      return isOurs && frame.type !== 'ok' && frame.type !== 'unsubscribed';
    }
    return false;
  }

  #missingNews(): readonly string[] {
    return NEWS_CHANNELS.filter((channel) => !this.#has(channel));
  }

  #has(channel: string): boolean {
    return [...this.#sids.values()].some((each) => each.channel === channel);
  }

  /** False for a subscription that is not ours, or not any more. */
  #count({ sid, seq }: KalshiFrame): boolean {
    const subscription = this.#sids.get(sid ?? -1);
    if (subscription === undefined) return false;
    if (seq === undefined) return true;
    const { channel, next: expected } = subscription;
    subscription.next = seq + 1;
    if (seq !== expected) this.#options.events.gapped(channel, expected, seq);
    return true;
  }

  #join({ id, msg: { channel, sid } }: Extract<KalshiFrame, { type: 'subscribed' }>): void {
    this.#sids.set(sid, { channel, next: 1 });
    const market = this.#markets.find(({ name }) => name === channel);
    if (market !== undefined) market.sid = sid;
    const pending = this.#pending.get(id ?? -1);
    pending?.channels.delete(channel);
    if (pending?.channels.size === 0) this.#answered(id);
    if (NEWS_CHANNELS.includes(channel) && this.#missingNews().length === 0)
      this.#options.events.subscribed();
  }

  #answered(id: number | undefined): void {
    const pending = this.#pending.get(id ?? -1);
    this.#pending.delete(id ?? -1);
    if (pending?.market === undefined || pending.market === null) return;
    pending.market.isWaiting = false;
    this.#sync(pending.market);
  }

  #fail({ id, sid, msg }: ErrorFrame): void {
    const { events } = this.#options;
    const reason = `Kalshi says: ${msg.msg.slice(0, 100)} (${msg.code})`;
    const pending = this.#pending.get(id ?? -1);
    const optional = OPTIONAL_CHANNELS.find((channel) => pending?.channels.has(channel));
    if (msg.code === OVERFLOW && sid !== undefined) this.#overflow(sid);
    else if (optional !== undefined) {
      this.#pending.delete(id ?? -1);
      events.refused(optional, reason);
    } else if (pending !== undefined && pending.market !== null && !BUSY.has(msg.code))
      this.#refuse(pending.market, pending.symbols, reason, id);
    else events.failed(reason, msg.code === UNAUTHENTICATED);
  }

  #overflow(sid: number): void {
    const channel = this.#sids.get(sid)?.channel;
    if (channel === undefined) return;
    this.#sids.delete(sid);
    const market = this.#markets.find(({ name }) => name === channel);
    if (market !== undefined) {
      market.asked.clear();
      Object.assign(market, { sid: null, isWaiting: false });
    }
    this.#options.events.overflowed(channel);
  }

  /** Of a list nobody knows which one is meant: from now on one is asked for at a time. */
  #refuse(
    market: MarketChannel,
    symbols: readonly string[],
    reason: string,
    id: number | undefined,
  ): void {
    for (const symbol of symbols) market.asked.delete(symbol);
    const [only] = symbols;
    if (symbols.length > 1) market.oneByOne = true;
    else if (only !== undefined && !market.refused.has(only)) {
      market.refused.add(only);
      this.#options.events.refused(only, reason);
    }
    this.#answered(id);
  }

  /** One command at a time for each channel: an answer begins the next one. */
  #sync(market: MarketChannel): void {
    if (market.isWaiting) return;
    const wanted = new Set(this.#options.wanted());
    const most = market.oneByOne ? 1 : MARKETS_PER_COMMAND_MAX;
    const isNew = (symbol: string): boolean =>
      !market.asked.has(symbol) && !market.refused.has(symbol);
    const added = [...wanted].filter(isNew).slice(0, most);
    const dropped = [...market.asked].filter((symbol) => !wanted.has(symbol)).slice(0, most);
    if (added.length > 0) {
      for (const symbol of added) market.asked.add(symbol);
      if (market.sid === null)
        this.#subscribe([market.name], marketsOf(market, added), market, added);
      else this.#change(market, updateOf(market.sid, 'add_markets', added), added);
    } else if (dropped.length > 0 && market.sid !== null) {
      for (const symbol of dropped) market.asked.delete(symbol);
      this.#change(market, updateOf(market.sid, 'delete_markets', dropped), dropped);
    }
  }

  #subscribe(
    channels: readonly string[],
    params: Readonly<Record<string, unknown>>,
    market: MarketChannel | null = null,
    symbols: readonly string[] = [],
  ): void {
    if (market !== null) market.isWaiting = true;
    const id = this.#send('subscribe', { channels, ...params });
    const sinceMs = this.#options.nowMs();
    this.#pending.set(id, { sinceMs, channels: new Set(channels), market, symbols });
  }

  #change(market: MarketChannel, params: object, symbols: readonly string[]): void {
    market.isWaiting = true;
    const id = this.#send('update_subscription', params);
    const sinceMs = this.#options.nowMs();
    this.#pending.set(id, { sinceMs, channels: new Set(), market, symbols });
  }

  #send(cmd: string, params: object): number {
    this.#lastId += 1;
    this.#options.send(JSON.stringify({ id: this.#lastId, cmd, params }));
    return this.#lastId;
  }
}

/** The convention is always said: the venue means to change what holds where it is not. */
const marketsOf = ({ name }: MarketChannel, symbols: readonly string[]) => ({
  market_tickers: symbols,
  ...(name === BOOKS ? { use_yes_price: false } : {}),
});

const updateOf = (sid: number, action: string, symbols: readonly string[]) => ({
  sids: [sid],
  market_tickers: symbols,
  action,
});
