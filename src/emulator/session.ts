/**
 * One WebSocket connection: commands in, frames out. Counts belong to subscriptions, and
 * acknowledgements take part in them. It knows no socket; it is given what sends.
 */
import type { Account } from './account.ts';
import { CommandError, errorMessage } from './command-error.ts';
import { INDEX_IDS } from './index-values.ts';
import { type Context, messageOf, snapshotMessage, tickerMessage } from './messages.ts';
import { CHANNELS, type Channel, isChannel, type News } from './news.ts';
import { isFlagOn, type Params, paramsOf, textsOf } from './params.ts';
import { Subscription } from './subscription.ts';
import type { Listener, World } from './world.ts';

export type Frame = Readonly<Record<string, unknown>>;

export class Session implements Listener {
  readonly account: Account;
  readonly #world: World;
  readonly #send: (frame: Frame) => void;
  readonly #subscriptions = new Map<number, Subscription>();
  /** The last prices told, by market: the same ones are not told again. */
  readonly #tickers = new Map<string, string>();
  readonly #losing = new Set<Subscription>();
  #lastSid = 0;

  constructor(world: World, account: Account, send: (frame: Frame) => void) {
    this.#world = world;
    this.account = account;
    this.#send = send;
  }

  /** A command as text; whatever is wrong with it is answered. */
  receive(text: string): void {
    // What is on its way goes first: a snapshot must not hold what a delta tells again.
    this.#world.catchUp();
    this.#world.flush();
    const id = { id: 0 };
    try {
      this.#command(text, id);
    } catch (thrown) {
      if (!(thrown instanceof CommandError)) throw thrown;
      this.#send({ id: id.id, type: 'error', msg: thrown.msg });
    }
  }

  hear(news: News): void {
    for (const subscription of this.#subscriptions.values())
      if (subscription.wants(news)) this.#tell(subscription, news);
  }

  /** Each subscription's next numbered frame is lost on the way. */
  loseNext(): void {
    for (const subscription of this.#subscriptions.values())
      if (CHANNELS[subscription.channel].numbered) this.#losing.add(subscription);
  }

  /** Books come faster than they are read: their subscriptions are dead. */
  overflow(): void {
    for (const [sid, { channel }] of this.#subscriptions) {
      if (channel !== 'orderbook_delta') continue;
      this.#subscriptions.delete(sid);
      this.#send({ type: 'error', sid, msg: errorMessage(25) });
    }
  }

  #tell(subscription: Subscription, news: News): void {
    if (news.channel === 'ticker' && this.#isOldNews(news.ticker)) return;
    const message = messageOf(news, subscription, this.#context());
    if (message === null) return;
    this.#frame(subscription, message.type, message.msg);
    if (news.channel === 'fill' && this.#world.faults.strikes('duplicate-fill'))
      this.#frame(subscription, message.type, message.msg);
  }

  #isOldNews(ticker: string): boolean {
    const now = tickerMessage(ticker, { ...this.#context(), nowMs: 0 });
    const text = JSON.stringify(now);
    if (this.#tickers.get(ticker) === text) return true;
    this.#tickers.set(ticker, text);
    return false;
  }

  #context(): Context {
    return { account: this.account, markets: this.#world.markets, nowMs: this.#world.nowMs() };
  }

  #frame(subscription: Subscription, type: string, msg: object, id?: number): void {
    const { sid } = subscription;
    const counted = subscription.next();
    if (id === undefined && this.#losing.delete(subscription)) return;
    const stamp = id === undefined ? { sending_ts_ms: this.#world.stampMs() } : { id };
    this.#send({ type, sid, ...counted, ...stamp, msg });
  }

  #command(text: string, answerTo: { id: number }): void {
    const command = paramsOf(parsed(text));
    if (command === null) throw new CommandError(1);
    if (typeof command['id'] === 'number') answerTo.id = command['id'];
    const { id } = answerTo;
    const name = command['cmd'];
    if (name === 'list_subscriptions') return this.#list(id);
    const params = paramsOf(command['params']);
    if (name !== 'subscribe' && name !== 'unsubscribe' && name !== 'update_subscription')
      throw new CommandError(5);
    if (params === null) throw new CommandError(2);
    if (name === 'subscribe') this.#subscribe(id, params);
    else if (name === 'unsubscribe') this.#unsubscribe(id, params);
    else this.#update(id, params);
  }

  #subscribe(id: number, params: Params): void {
    const names = params['channels'];
    if (!Array.isArray(names) || names.length === 0) throw new CommandError(3);
    const channels = names.map((name: unknown): Channel => {
      if (!isChannel(name)) throw new CommandError(8);
      return name;
    });
    const tickers = this.#tickersIn(params);
    if (tickers.length === 0 && channels.some((channel) => CHANNELS[channel].needsMarkets))
      throw new CommandError(14);
    for (const channel of channels) this.#open(id, channel, params, tickers);
  }

  #open(id: number, channel: Channel, params: Params, tickers: readonly string[]): void {
    const known = [...this.#subscriptions.values()].find((each) => each.channel === channel);
    if (known !== undefined) {
      // A channel is subscribed to once; what is new is added to it.
      const added = tickers.filter((ticker) => !known.tickers.has(ticker));
      if (added.length === 0) throw new CommandError(6);
      return this.#add(id, known, added);
    }
    this.#lastSid += 1;
    const sid = this.#lastSid;
    const subscription = new Subscription({
      sid,
      channel,
      tickers,
      usesYesPrice: isFlagOn(params, 'use_yes_price'),
      skipsTickerAck: isFlagOn(params, 'skip_ticker_ack'),
    });
    this.#subscriptions.set(sid, subscription);
    for (const index of indicesIn(params)) subscription.indices.add(index);
    this.#send({ type: 'subscribed', id, msg: { channel, sid } });
    if (channel === 'orderbook_delta') this.#snapshots(subscription, tickers);
    if (channel === 'ticker' && isFlagOn(params, 'send_initial_snapshot'))
      for (const ticker of tickers) this.#tell(subscription, { channel, ticker });
  }

  #unsubscribe(id: number, params: Params): void {
    const sids = params['sids'];
    if (!Array.isArray(sids) || sids.length === 0) throw new CommandError(4);
    for (const sid of sids as readonly unknown[]) {
      const subscription = this.#subscriptionOf(sid);
      this.#subscriptions.delete(subscription.sid);
      this.#send({
        id,
        sid: subscription.sid,
        seq: 0,
        ...subscription.next(),
        type: 'unsubscribed',
      });
    }
  }

  #update(id: number, params: Params): void {
    const sids = params['sids'] ?? [params['sid']];
    if (!Array.isArray(sids) || sids.length !== 1) throw new CommandError(12);
    const subscription = this.#subscriptionOf(sids[0]);
    const action = params['action'];
    if (typeof action !== 'string') throw new CommandError(15);
    if (subscription.channel === 'cfbenchmarks_value')
      return this.#updateIndices(id, subscription, action, params);
    if (action !== 'add_markets' && action !== 'delete_markets' && action !== 'get_snapshot')
      throw new CommandError(13);
    const tickers = this.#tickersIn(params);
    if (tickers.length === 0) throw new CommandError(14);
    if (action === 'get_snapshot') return this.#snapshots(subscription, tickers);
    if (action === 'add_markets') return this.#add(id, subscription, tickers);
    for (const ticker of tickers) subscription.tickers.delete(ticker);
    this.#acknowledge(id, subscription);
  }

  #add(id: number, subscription: Subscription, tickers: readonly string[]): void {
    const added = tickers.filter((ticker) => !subscription.tickers.has(ticker));
    for (const ticker of added) subscription.tickers.add(ticker);
    this.#acknowledge(id, subscription);
    if (subscription.channel === 'orderbook_delta') this.#snapshots(subscription, added);
  }

  #updateIndices(id: number, subscription: Subscription, action: string, params: Params): void {
    if (action === 'indexlist')
      return this.#frame(
        subscription,
        'cfbenchmarks_value_indexlist',
        { index_ids: INDEX_IDS },
        id,
      );
    if (action !== 'subscribe_indices' && action !== 'unsubscribe_indices')
      throw new CommandError(13);
    const indices = indicesIn(params);
    if (indices.length === 0) throw new CommandError(24);
    for (const index of indices)
      if (action === 'subscribe_indices') subscription.indices.add(index);
      else subscription.indices.delete(index);
    this.#frame(subscription, 'ok', { index_ids: [...subscription.indices] }, id);
  }

  #acknowledge(id: number, subscription: Subscription): void {
    const market_tickers = [...subscription.tickers].toSorted();
    this.#frame(subscription, 'ok', subscription.skipsTickerAck ? {} : { market_tickers }, id);
  }

  #snapshots(subscription: Subscription, tickers: readonly string[]): void {
    for (const ticker of tickers) {
      const msg = snapshotMessage(ticker, subscription, this.#context());
      this.#frame(subscription, 'orderbook_snapshot', msg);
    }
  }

  #list(id: number): void {
    const msg = [...this.#subscriptions.values()].map(({ channel, sid }) => ({ channel, sid }));
    this.#send({ id, type: 'ok', msg });
  }

  #subscriptionOf(sid: unknown): Subscription {
    const subscription = typeof sid === 'number' ? this.#subscriptions.get(sid) : undefined;
    if (subscription === undefined) throw new CommandError(7);
    return subscription;
  }

  #tickersIn(params: Params): readonly string[] {
    const tickers = textsOf(params, 'market_ticker', 'market_tickers');
    for (const market_ticker of tickers)
      if (!this.#world.markets.has(market_ticker)) throw new CommandError(16, { market_ticker });
    return tickers;
  }
}

const indicesIn = (params: Params): readonly string[] => {
  const wanted = textsOf(params, 'index_id', 'index_ids');
  return wanted.includes('all') ? INDEX_IDS : wanted.filter((id) => INDEX_IDS.includes(id));
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
