/**
 * The venue behind the two doors: markets that a source moves, accounts that trade on them, and the
 * news of both in the order in which they must be told. It knows no socket and no HTTP.
 */
import type { Clock, Random } from '../domain/ports.ts';
import { Agenda } from '../venues/paper/agenda.ts';
import { DEFAULT_FILL_MODEL } from '../venues/paper/fill-model.ts';
import { Playback } from '../venues/paper/playback.ts';
import { reordered } from '../venues/paper/reorder.ts';
import type { MarketDataEvent, MarketDataSource } from '../venues/paper/source.ts';
import { Account } from './account.ts';
import { newsOf } from './account-news.ts';
import type { Caller } from './auth.ts';
import type { Tier } from './buckets.ts';
import {
  CANCEL_ALL_LINGERS_MS,
  CLOCK_AHEAD_MS,
  type FaultName,
  Faults,
  REACTIVATION_MS,
  READ_LAG_MS,
} from './faults.ts';
import { type GroupEvent, triggerDue } from './group-desk.ts';
import { IndexValues } from './index-values.ts';
import type { Ledger } from './ledger.ts';
import { changeOf, lifecycleOf, newPhaseOf } from './lifecycle.ts';
import { type LogEntry, logEntryOf } from './log-entry.ts';
import { type MarketState, newMarkets, tradeOf } from './market-state.ts';
import type { News } from './news.ts';
import { contracts, uuid } from './notation.ts';
import type { Moment } from './order-checks.ts';
import { withdraw } from './order-desk.ts';
import type { OrderGroup } from './order-groups.ts';
import type { OrderRecord, UpdateReason } from './order-record.ts';
import { isWeeklyPause } from './schedule.ts';

export interface Listener {
  readonly account: Account;
  hear(news: News): void;
}

export interface WorldOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly source: MarketDataSource;
  readonly callers: readonly Caller[];
  /** Dollars of each account, a plain decimal. */
  readonly balance: string;
  readonly tier: Tier;
  readonly log: (entry: LogEntry) => void;
  /** When markets close, by ticker, on the clock of the source. */
  readonly closeTimes: ReadonlyMap<string, number>;
}

const TICK_MS = 1_000;

export class World {
  readonly faults: Faults;
  readonly markets: ReadonlyMap<string, MarketState>;
  readonly accounts: ReadonlyMap<string, Account>;
  /** Whose book those see who do not say who they are. */
  readonly first: Account;
  readonly listeners = new Set<Listener>();
  readonly #agenda: Agenda;
  readonly #playback: Playback;
  readonly #random: Random;
  readonly #indexValues: IndexValues;
  #outbox: { readonly account: Account | null; readonly news: News }[] = [];
  #lingersUntilMs = 0;
  #wasPaused = false;

  constructor(options: WorldOptions) {
    const { clock, random, source, callers } = options;
    this.#agenda = new Agenda(clock);
    // Of the time too: a client that goes on with the next session knows the ids of this one.
    const ids = random.fork(`ids ${this.nowMs()}`);
    this.#random = ids;
    this.faults = new Faults(random.fork('faults'));
    this.#indexValues = new IndexValues(random.fork('indices'));
    this.markets = newMarkets(options, this.nowMs(), () => uuid(this.#random));
    const instruments = [...this.markets.values()].map(({ instrument }) => instrument);
    const accounts = callers.map(
      (caller) =>
        new Account({
          ...caller,
          ...options,
          instruments,
          userId: uuid(this.#random),
          random: ids.fork(caller.keyId),
          log: (event, order, fill) => options.log(logEntryOf(caller.keyId, event, order, fill)),
        }),
    );
    this.accounts = new Map(accounts.map((account) => [account.keyId, account]));
    this.first = accounts[0] as Account;
    this.#playback = new Playback({
      agenda: this.#agenda,
      source: reordered(source, DEFAULT_FILL_MODEL.reorderMs),
      play: ({ event, followedBy }, nowMs) => this.#play(event, nowMs, followedBy),
      // The books stand still then, and can still be traded on.
      ended: () => undefined,
    });
    this.#tick(this.nowMs());
  }

  nowMs(): number {
    return this.#agenda.nowMs();
  }

  /** The time on the venue's own clock. */
  stampMs(): number {
    return this.nowMs() + (this.faults.isOn('clock-ahead') ? CLOCK_AHEAD_MS : 0);
  }

  /** Up to when reads tell what has happened. */
  asOfMs(): number {
    return this.nowMs() - (this.faults.isOn('read-lag') ? READ_LAG_MS : 0);
  }

  /** Positions and cash as reads tell them. */
  ledger(account: Account): Ledger {
    return this.faults.isOn('read-lag') ? account.ledgerAsOf(this.asOfMs()) : account.ledger;
  }

  isPaused(): boolean {
    const { faults } = this;
    return faults.isOn('pause') || (faults.isOn('weekly-pause') && isWeeklyPause(this.stampMs()));
  }

  later(delayMs: number, action: () => void): void {
    this.#agenda.at(this.nowMs() + delayMs, action);
  }

  stop(): void {
    this.#agenda.stop();
  }

  /** The market up to now; everything that is asked of the venue comes after it. */
  catchUp(): number {
    const nowMs = this.nowMs();
    this.#playback.catchUp(nowMs);
    return nowMs;
  }

  /** Something an account does; its news are told as soon as the answer is on its way. */
  command<T>(account: Account, act: (moment: Moment) => T): T {
    const nowMs = this.catchUp();
    try {
      return act({ nowMs, stampMs: this.stampMs(), isPaused: this.isPaused() });
    } finally {
      this.#settle(account, nowMs);
    }
  }

  /** A new order: it may have to end at once, or later by itself. */
  placed(account: Account, order: OrderRecord | undefined, nowMs: number): void {
    if (order === undefined || order.now.status !== 'resting') return;
    if (nowMs < this.#lingersUntilMs) withdraw(account, order, nowMs, null);
    const { expiresAtMs } = order.terms;
    if (expiresAtMs !== null)
      this.#agenda.at(expiresAtMs, (atMs) => {
        this.#playback.catchUp(atMs);
        account.at(atMs, () => account.exchange.expireDue(atMs));
        this.#settle(account, atMs);
      });
  }

  cancelAll(account: Account, subaccount: number | null, nowMs: number): void {
    if (this.faults.isOn('cancel-all-lingers'))
      this.#lingersUntilMs = nowMs + CANCEL_ALL_LINGERS_MS;
    for (const order of account.resting())
      if (subaccount === null || order.terms.subaccount === subaccount)
        withdraw(account, order, nowMs, null);
  }

  /** Told to all sessions of an account, or of everybody. */
  tell(account: Account | null, news: News): void {
    if (this.#outbox.length === 0) this.#agenda.at(this.nowMs(), () => this.flush());
    this.#outbox.push({ account, news });
  }

  tellGroup(account: Account, type: GroupEvent, { id, limit }: OrderGroup): void {
    const hasLimit = type === 'created' || type === 'limit_updated';
    const limits = hasLimit ? { contracts_limit_fp: contracts(limit) } : {};
    const msg = { event_type: type, order_group_id: id, ...limits, ts_ms: this.stampMs() };
    this.tell(account, { channel: 'order_group_updates', msg });
  }

  /** Of what happened together, trades are told last: the venue tells a trade after its deltas. */
  flush(): void {
    const outbox = this.#outbox;
    this.#outbox = [];
    const isTrade = ({ news }: (typeof outbox)[number]): boolean => news.channel === 'trade';
    const told = [...outbox.filter((entry) => !isTrade(entry)), ...outbox.filter(isTrade)];
    for (const { account, news } of told)
      for (const listener of this.listeners)
        if (account === null || listener.account === account) listener.hear(news);
  }

  /** What a fault does at the venue itself, when it comes and when it goes. */
  setFault(name: FaultName, share: number): void {
    // What happened before it, or under it, is told so.
    this.flush();
    this.faults.set(name, share);
    if (name === 'tick-change') this.#changeTicks(share > 0);
    if (name === 'pause' || name === 'weekly-pause') this.#watchPause();
    if (name === 'reactivation' && share > 0) this.#reactivate();
  }

  #play(event: MarketDataEvent, nowMs: number, followedBy = 0): void {
    const market = this.markets.get(event.symbol);
    if (market === undefined) return;
    const phase = newPhaseOf(event);
    // Coming back to life cancels all that rests.
    if (phase === 'open' && market.phase === 'paused')
      this.#withdrawAll(nowMs, 'HaltCancel', market);
    for (const account of this.accounts.values()) {
      account.at(nowMs, () => account.exchange.onMarket(event, nowMs, followedBy));
      if (event.type === 'market.settled' && market.settledAt === null)
        account.settle(market.ticker, {
          kind: 'settlement',
          atMs: nowMs,
          ticker: market.ticker,
          price: event.value,
        });
    }
    for (const msg of lifecycleOf(event, market, nowMs))
      this.tell(null, { channel: 'market_lifecycle_v2', ticker: market.ticker, msg });
    if (event.type === 'market.settled') market.settledAt ??= event.value;
    if (phase !== null) market.phase = phase;
    if (event.type === 'print') this.#print(market, event, nowMs);
    for (const account of this.accounts.values()) this.#settle(account, nowMs, event);
  }

  #print(
    market: MarketState,
    print: MarketDataEvent & { readonly type: 'print' },
    nowMs: number,
  ): void {
    const trade = tradeOf(print, uuid(this.#random), nowMs);
    market.traded(trade);
    this.tell(null, { channel: 'trade', ticker: market.ticker, trade });
  }

  /** Groups that had enough first; then books, fills, orders, positions are told. */
  #settle(account: Account, nowMs: number, event: MarketDataEvent | null = null): void {
    triggerDue(account, nowMs, (type, group) => this.tellGroup(account, type, group));
    for (const news of newsOf(account, nowMs, event)) {
      const isPublic = news.channel === 'trade';
      if (isPublic) this.markets.get(news.ticker)?.traded(news.trade);
      this.tell(isPublic ? null : account, news);
    }
  }

  #withdrawAll(nowMs: number, cause: UpdateReason, market: MarketState | null): void {
    for (const account of this.accounts.values())
      for (const order of account.resting())
        if (market === null ? order.terms.cancelOnPause : order.terms.ticker === market.ticker)
          withdraw(account, order, nowMs, cause);
  }

  #watchPause(): void {
    const isPaused = this.isPaused();
    if (isPaused && !this.#wasPaused) {
      const nowMs = this.catchUp();
      this.#withdrawAll(nowMs, 'HaltCancel', null);
      for (const account of this.accounts.values()) this.#settle(account, nowMs);
    }
    this.#wasPaused = isPaused;
  }

  #changeTicks(on: boolean): void {
    for (const market of this.markets.values()) {
      market.useFineTicks(on);
      const { ticker } = market;
      this.tell(null, { channel: 'market_lifecycle_v2', ticker, msg: changeOf(market) });
    }
  }

  #reactivate(): void {
    const all = (type: 'market.paused' | 'market.resumed'): void => {
      const timeMs = this.catchUp();
      for (const symbol of this.markets.keys()) this.#play({ type, symbol, timeMs }, timeMs);
    };
    all('market.paused');
    this.later(REACTIVATION_MS, () => all('market.resumed'));
  }

  #tick(nowMs: number): void {
    this.#watchPause();
    for (const news of this.#indexValues.at(nowMs)) this.tell(null, news);
    this.#agenda.at(nowMs + TICK_MS, (atMs) => this.#tick(atMs));
  }
}
