/**
 * A minute of a market that never was, in Kalshi's wire format: the same bytes on every run. It
 * holds one of each thing that a reader must bear: an `ok` that takes a number, a time that runs
 * backwards, a crossed moment, and the empty book at the close.
 */

import { formatUnits } from '../../src/domain/money.ts';
import { exponential, integer, pick } from '../../src/env/draws.ts';
import { seededRandom } from '../../src/env/seeded-random.ts';

export const SYNTHETIC_MARKET = 'KXBTC15M-27JAN010001-01';
/** 2027-01-01T00:00:00Z. */
export const SYNTHETIC_START_MS = 1_798_761_600_000;
export const SYNTHETIC_CLOSE_MS = SYNTHETIC_START_MS + 60_000;

const CONN = 'synthetic-1';
const BOOK_SID = 2;
const TRADE_SID = 3;
const CENT = 100;
const OK_AT_MS = 20_000;
const CROSSED_AT_MS = 30_000;
const BACKWARDS_MS = 400;

type Leg = 'yes' | 'no';
const otherLeg = (leg: Leg): Leg => (leg === 'yes' ? 'no' : 'yes');

const price = (ticks: number): string => formatUnits(ticks, '0.0001');
const size = (lots: number): string => formatUnits(lots, '0.01');

export interface SyntheticTape {
  /** With the trade channel. */
  readonly withTrades: string;
  /** The same minute without it, */
  readonly quiet: string;
  /** and its table of prints. */
  readonly prints: string;
}

export function syntheticTape(seed = 'sixty seconds'): SyntheticTape {
  const session = new Session(seed);
  session.run();
  const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
  return {
    withTrades: text(session.lines),
    quiet: text(session.lines.filter((line) => !line.startsWith('{"type":"trade"'))),
    prints: text(session.prints),
  };
}

class Session {
  readonly lines: string[] = [];
  readonly prints = ['ts_ms,ticker,yes_price,qty,taker_side,delta_seq,inference'];
  readonly #random;
  readonly #legs: Record<Leg, Map<number, number>> = { yes: new Map(), no: new Map() };
  #nowMs = SYNTHETIC_START_MS;
  #bookSeq = 0;
  #tradeSeq = 0;
  #volume = 0;
  #lastTrade = 0;

  constructor(seed: string) {
    this.#random = seededRandom(seed);
  }

  run(): void {
    this.#open();
    let tickerDueMs = SYNTHETIC_START_MS + 1_000;
    let okDue = true;
    let crossDue = true;
    for (;;) {
      this.#nowMs += Math.ceil(exponential(this.#random, 140));
      if (this.#nowMs >= SYNTHETIC_CLOSE_MS) break;
      const elapsed = this.#nowMs - SYNTHETIC_START_MS;
      if (okDue && elapsed > OK_AT_MS) {
        okDue = false;
        this.#ok();
      }
      if (crossDue && elapsed > CROSSED_AT_MS) {
        crossDue = false;
        this.#cross();
      } else this.#step();
      for (; tickerDueMs <= this.#nowMs; tickerDueMs += 1_000) this.#ticker();
    }
    this.#nowMs = SYNTHETIC_CLOSE_MS;
    this.#legs.yes.clear();
    this.#legs.no.clear();
    this.#snapshot();
    this.#ticker();
  }

  #open(): void {
    const note = { market_ticker: SYNTHETIC_MARKET };
    this.#write('watch_market', { ...note, close_time: '2027-01-01T00:01:00Z', status: 'active' });
    this.#write('ws_connected', note);
    this.#write('ws_subscribed', { ...note, type: 'subscribed', msg: { sid: BOOK_SID } });
    for (const leg of ['yes', 'no'] as const) {
      for (let step = 0; step < 12; step += 1)
        this.#legs[leg].set(
          4_900 + (leg === 'no' ? CENT : 0) - step * CENT,
          this.#draw(500, 90_000),
        );
      this.#legs[leg].set(50, 125_000);
      this.#legs[leg].set(10, 700_000);
    }
    this.#snapshot();
  }

  #step(): void {
    const leg = pick(this.#random, ['yes', 'no'] as const);
    const kind = this.#random.next();
    if (kind < 0.5) this.#add(leg);
    else if (kind < 0.78) this.#cancel(leg);
    else this.#trade(leg, this.#draw(100, 30_000));
  }

  /** An order at or behind the touch; one cent in front of it where there is room. */
  #add(leg: Leg): void {
    const room = 10_000 - this.#best(otherLeg(leg)) - this.#best(leg) > CENT;
    const steps = integer(this.#random, room ? -1 : 0, 5);
    this.#delta(leg, this.#best(leg) - steps * CENT, this.#draw(100, 40_000));
  }

  #cancel(leg: Leg): void {
    const prices = [...this.#legs[leg].keys()].filter((at) => at > 3_000);
    const at = pick(this.#random, prices);
    const there = this.#legs[leg].get(at) ?? 0;
    const whole = prices.length > 6 && this.#random.next() < 0.3;
    this.#delta(leg, at, -(whole ? there : Math.ceil(there / 3)));
  }

  /** `taker` buys its own leg from the best bid of the other. */
  #trade(taker: Leg, wanted: number): void {
    const maker = otherLeg(taker);
    const at = this.#best(maker);
    const quantity = Math.min(wanted, this.#legs[maker].get(at) ?? 0);
    this.#delta(maker, at, -quantity);
    this.#print(taker, maker === 'yes' ? at : 10_000 - at, quantity);
  }

  /** A transaction of three deltas: the order stands in the book before it has matched. */
  #cross(): void {
    const at = this.#best('no');
    const quantity = this.#legs.no.get(at) ?? 0;
    this.#delta('yes', 10_000 - at + CENT, quantity);
    this.#delta('no', at, -quantity);
    this.#print('yes', 10_000 - at, quantity);
    this.#delta('yes', 10_000 - at + CENT, -quantity);
  }

  #delta(leg: Leg, at: number, by: number): void {
    const left = (this.#legs[leg].get(at) ?? 0) + by;
    if (left === 0) this.#legs[leg].delete(at);
    else this.#legs[leg].set(at, left);
    this.#bookSeq += 1;
    const msg = {
      market_ticker: SYNTHETIC_MARKET,
      price_dollars: price(at),
      delta_fp: size(by),
      side: leg,
      ts_ms: this.#bookTimeMs(),
    };
    this.#write('orderbook_delta', msg, { sid: BOOK_SID, seq: this.#bookSeq });
  }

  /** Of the delta written last: now and then the venue's times run backwards. */
  #bookTimeMs(): number {
    return this.#bookSeq % 50 === 0 ? this.#nowMs - BACKWARDS_MS : this.#nowMs;
  }

  /** Explains the delta that was written last, and has its time. */
  #print(taker: Leg, at: number, quantity: number): void {
    const timeMs = this.#bookTimeMs();
    this.#volume += 2 * quantity;
    this.#lastTrade = at;
    this.#tradeSeq += 1;
    const msg = {
      trade_id: `t-${this.#tradeSeq}`,
      market_ticker: SYNTHETIC_MARKET,
      yes_price_dollars: price(at),
      no_price_dollars: price(10_000 - at),
      count_fp: size(quantity),
      taker_side: taker,
      ts_ms: timeMs,
    };
    this.#write('trade', msg, { sid: TRADE_SID, seq: this.#tradeSeq });
    const row = [
      timeMs,
      SYNTHETIC_MARKET,
      price(at),
      size(quantity),
      taker,
      this.#bookSeq,
      'unique',
    ];
    this.prints.push(row.join(','));
  }

  #ticker(): void {
    const [bid, noBid] = [this.#best('yes'), this.#best('no')];
    this.#write(
      'ticker',
      {
        market_ticker: SYNTHETIC_MARKET,
        price_dollars: price(this.#lastTrade),
        yes_bid_dollars: price(bid),
        yes_ask_dollars: price(10_000 - noBid),
        yes_bid_size_fp: size(this.#legs.yes.get(bid) ?? 0),
        yes_ask_size_fp: size(this.#legs.no.get(noBid) ?? 0),
        volume_fp: size(this.#volume),
        ts_ms: this.#nowMs,
      },
      { sid: 1 },
    );
  }

  #snapshot(): void {
    this.#bookSeq += 1;
    const rows = (leg: Leg): readonly (readonly [string, string])[] =>
      [...this.#legs[leg]]
        .toSorted(([left], [right]) => left - right)
        .map(([at, there]) => [price(at), size(there)]);
    const sides = {
      ...(this.#legs.yes.size === 0 ? {} : { yes_dollars_fp: rows('yes') }),
      ...(this.#legs.no.size === 0 ? {} : { no_dollars_fp: rows('no') }),
    };
    const msg = { market_ticker: SYNTHETIC_MARKET, ...sides };
    this.#write('orderbook_snapshot', msg, { sid: BOOK_SID, seq: this.#bookSeq });
  }

  #ok(): void {
    this.#bookSeq += 1;
    const msg = { market_tickers: [SYNTHETIC_MARKET] };
    this.#write('ok', msg, { id: 4, sid: BOOK_SID, seq: this.#bookSeq });
  }

  #write(type: string, msg: object, envelope: object = {}): void {
    this.lines.push(JSON.stringify({ type, ...envelope, conn: CONN, msg }));
  }

  /** 0 on an empty side, as in the venue's own ticker. */
  #best(leg: Leg): number {
    return Math.max(0, ...this.#legs[leg].keys());
  }

  #draw(low: number, high: number): number {
    return integer(this.#random, low / 100, high / 100) * 100;
  }
}
