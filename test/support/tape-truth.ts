/**
 * A second reading of a recording, with nothing of the engine's own: what stood in the book at a
 * time, and what was printed. Prices are in 0.0001 dollars, sizes in 0.01 contracts.
 */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

type Leg = 'yes' | 'no';

interface Frame {
  readonly type: string;
  readonly msg: {
    readonly market_ticker?: string;
    readonly ts_ms?: number;
    readonly side?: Leg;
    readonly price_dollars?: string;
    readonly delta_fp?: string;
    readonly yes_dollars_fp?: readonly (readonly [string, string])[];
    readonly no_dollars_fp?: readonly (readonly [string, string])[];
  };
}

export interface TruePrint {
  readonly market: string;
  readonly timeMs: number;
  readonly price: number;
  readonly size: number;
  readonly taker: Leg;
}

/** Bids of the two legs at an instant, in prices of each leg. */
export type Bids = Readonly<Record<Leg, ReadonlyMap<number, number>>>;

const text = (path: string): string => {
  const bytes = readFileSync(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
};

/** "0.7300" and "22.71" without their point. */
const whole = (decimal: string, places: number): number => {
  const [before = '', after = ''] = decimal.split('.');
  return Number(`${before}${after.padEnd(places, '0')}`);
};

export class TapeTruth {
  readonly prints: readonly TruePrint[];
  readonly #frames: readonly Frame[];

  constructor(path: string) {
    this.#frames = text(path)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Frame);
    const table = path.replace(/\.jsonl\.gz$/, '.prints.csv.gz');
    this.prints = existsSync(table) ? readPrints(text(table)) : [];
  }

  /** The running maximum of all times on the tape, at its end. */
  get endMs(): number {
    return this.#frames.reduce((most, { msg }) => Math.max(most, msg?.ts_ms ?? 0), 0);
  }

  /**
   * Calls back with every book of a market that stood while the tape's clock showed `timeMs`, the
   * one before it included: within a millisecond nobody can say what came first.
   */
  around(market: string, timeMs: number, see: (bids: Bids) => void): void {
    const bids = { yes: new Map<number, number>(), no: new Map<number, number>() };
    let clock = 0;
    let seen = false;
    for (const { type, msg } of this.#frames) {
      const next = Math.max(clock, msg?.ts_ms ?? 0);
      if (next > timeMs) break;
      if (next === timeMs && !seen) see(bids);
      seen = next === timeMs;
      clock = next;
      if (msg?.market_ticker !== market) continue;
      if (type === 'orderbook_snapshot') {
        for (const leg of ['yes', 'no'] as const) {
          bids[leg].clear();
          for (const [price, size] of msg[`${leg}_dollars_fp`] ?? [])
            bids[leg].set(whole(price, 4), whole(size, 2));
        }
      } else if (type === 'orderbook_delta' && msg.side !== undefined) {
        const price = whole(msg.price_dollars ?? '', 4);
        const before = bids[msg.side].get(price) ?? 0;
        bids[msg.side].set(price, before + whole(msg.delta_fp ?? '', 2));
      } else continue;
      if (clock === timeMs) see(bids);
    }
    if (!seen) see(bids);
  }
}

function readPrints(table: string): readonly TruePrint[] {
  const [, ...rows] = table.trim().split(/\r?\n/);
  return rows.map((row) => {
    const [timeMs = '', market = '', price = '', size = '', taker = ''] = row.split(',');
    return {
      market,
      timeMs: Number(timeMs),
      price: whole(price, 4),
      size: whole(size, 2),
      taker: taker as Leg,
    };
  });
}
