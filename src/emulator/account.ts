/**
 * One account at the emulated venue. The paper exchange inside decides what fills; this keeps what
 * the venue would know of it, and tells what has changed once a command or an event is over.
 */

import type { Instrument } from '../domain/instrument.ts';
import { decimal } from '../domain/money.ts';
import type { OrderReport } from '../domain/order.ts';
import type { Random } from '../domain/ports.ts';
import { Exchange } from '../venues/paper/exchange.ts';
import type { PaperMarket } from '../venues/paper/market.ts';
import type { Caller } from './auth.ts';
import { Bucket, type Tier } from './buckets.ts';
import type { FillRecord } from './fill-record.ts';
import { Ledger, type LedgerEntry } from './ledger.ts';
import { uuid } from './notation.ts';
import type { OrderGroup } from './order-groups.ts';
import type { OrderRecord, UpdateReason } from './order-record.ts';
import { PublishedBook } from './published-book.ts';

/** What the account hears of, in the order in which it must be told. */
export type Notice =
  | { readonly kind: 'fill'; readonly fill: FillRecord }
  | { readonly kind: 'order'; readonly order: OrderRecord }
  | { readonly kind: 'position'; readonly ticker: string };

export interface AccountOptions extends Caller {
  readonly userId: string;
  readonly instruments: readonly Instrument[];
  /** Dollars to begin with, a plain decimal. */
  readonly balance: string;
  readonly tier: Tier;
  readonly random: Random;
  /** Every state of every order, and every fill, the moment it is. */
  readonly log: (event: string, order: OrderRecord, fill: FillRecord | null) => void;
}

export class Account implements Caller {
  readonly keyId: string;
  readonly publicKey: AccountOptions['publicKey'];
  readonly userId: string;
  readonly tier: Tier;
  readonly read: Bucket;
  readonly write: Bucket;
  readonly exchange: Exchange;
  readonly markets: ReadonlyMap<string, PaperMarket>;
  readonly orders = new Map<string, OrderRecord>();
  /** Client order ids that cannot be used again. */
  readonly usedIds = new Set<string>();
  readonly fills: FillRecord[] = [];
  readonly groups = new Map<string, OrderGroup>();
  readonly ledger: Ledger;
  /** The books as this account sees them. */
  readonly books: ReadonlyMap<string, PublishedBook>;
  readonly #entries: LedgerEntry[] = [];
  readonly #options: AccountOptions;
  /** Of the exchange's time. */
  #nowMs = 0;
  /** Why the venue itself ends orders just now. */
  #cause: UpdateReason | null = null;
  readonly #resting = new Set<OrderRecord>();
  #notices: Notice[] = [];

  constructor(options: AccountOptions) {
    const { keyId, publicKey, userId, tier, instruments, balance } = options;
    this.keyId = keyId;
    this.publicKey = publicKey;
    this.userId = userId;
    this.tier = tier;
    this.read = new Bucket(tier.read);
    this.write = new Bucket(tier.write);
    this.#options = options;
    this.ledger = new Ledger(decimal(balance, 'balance'));
    this.exchange = new Exchange({
      name: 'emulated',
      instruments,
      balance,
      report: ({ report }) => this.#hear(report),
    });
    this.markets = new Map(
      this.exchange.markets().map((market) => [market.instrument.symbol, market]),
    );
    this.books = new Map(
      [...this.markets].map(([ticker, market]) => [ticker, new PublishedBook(market)]),
    );
  }

  newId(): string {
    return uuid(this.#options.random);
  }

  /** Does something at the exchange; orders that end by it end for this reason. */
  at<T>(nowMs: number, act: () => T, cause: UpdateReason | null = null): T {
    const before = [this.#nowMs, this.#cause] as const;
    [this.#nowMs, this.#cause] = [nowMs, cause];
    try {
      return act();
    } finally {
      [this.#nowMs, this.#cause] = before;
    }
  }

  /** An order that the exchange is about to be asked for. */
  expect(order: OrderRecord): void {
    this.orders.set(order.terms.orderId, order);
  }

  /** The exchange did not take it: it never was. */
  forget(order: OrderRecord): void {
    this.orders.delete(order.terms.orderId);
  }

  /** In the order in which they came. */
  resting(): readonly OrderRecord[] {
    return [...this.#resting];
  }

  settle(ticker: string, entry: LedgerEntry): void {
    this.#entries.push(entry);
    this.ledger.apply(entry);
    this.#notices.push({ kind: 'position', ticker });
  }

  /** As the books stood then. */
  ledgerAsOf(timeMs: number): Ledger {
    const ledger = new Ledger(decimal(this.#options.balance, 'balance'));
    for (const entry of this.#entries) if (entry.atMs <= timeMs) ledger.apply(entry);
    return ledger;
  }

  /** All that has happened since it was last asked: of each order its last state alone. */
  takeNotices(): readonly Notice[] {
    const notices = this.#notices;
    if (notices.length === 0) return notices;
    this.#notices = [];
    const last = new Map(notices.map((notice) => [keyOf(notice), notice]));
    return notices.filter((notice) => last.get(keyOf(notice)) === notice);
  }

  changed(order: OrderRecord, event: string): void {
    this.#count(order);
    this.#options.log(event, order, null);
    this.#notices.push({ kind: 'order', order });
  }

  #count(order: OrderRecord): void {
    if (order.now.status === 'resting') this.#resting.add(order);
    else this.#resting.delete(order);
  }

  #hear(report: OrderReport): void {
    const order = this.orders.get(report.clientOrderId);
    if (order === undefined) return;
    switch (report.type) {
      case 'order.accepted':
        return this.changed(order, 'created');
      case 'order.filled':
        return this.#book(order, report);
      case 'order.cancelled':
      case 'order.expired': {
        const reason = this.#cause ?? reasonOf(report.reason);
        order.change(this.#nowMs, { status: 'canceled', remaining: NONE, reason });
        return this.changed(order, 'canceled');
      }
      default:
    }
  }

  #book(order: OrderRecord, { fill }: OrderReport & { readonly type: 'order.filled' }): void {
    const { ticker, side, orderId, groupId, subaccount } = order.terms;
    const { price, quantity, liquidity } = fill;
    const [fee, atMs] = [decimal(fill.fee, 'fee'), this.#nowMs];
    order.trade(atMs, { price, quantity, fee, liquidity });
    this.#count(order);
    const entry: LedgerEntry = { kind: 'fill', atMs, ticker, side, price, quantity, fee };
    this.#entries.push(entry);
    this.ledger.apply(entry);
    const record: FillRecord = {
      orderId,
      ticker,
      side,
      price,
      quantity,
      fee,
      atMs,
      subaccount,
      tradeId: this.newId(),
      clientOrderId: order.now.clientOrderId,
      isTaker: liquidity === 'taker',
      position: this.ledger.holding(ticker).position,
    };
    this.fills.push(record);
    if (groupId !== null) this.groups.get(groupId)?.matched(atMs, quantity);
    this.#options.log('filled', order, record);
    this.#options.log('filled', order, null);
    this.#notices.push({ kind: 'fill', fill: record }, { kind: 'order', order });
    this.#notices.push({ kind: 'position', ticker });
  }
}

const NONE = 0 as OrderRecord['now']['remaining'];

/** A fill is never left out; of orders and positions the last news is enough. */
function keyOf(notice: Notice): unknown {
  if (notice.kind === 'fill') return notice;
  return notice.kind === 'order' ? notice.order : notice.ticker;
}

function reasonOf(reason: string): UpdateReason | null {
  if (reason === 'expired') return 'ExpiryCancel';
  if (reason === 'meets an own order') return 'SelfTradeCancel';
  return reason === 'market closed' ? 'CloseCancel' : null;
}
