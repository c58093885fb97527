/**
 * Properties of the exchange under any market and any commands, in the notation of the scenes. All
 * is added up here a second time, from what was put in and what was reported; only then is the
 * audit asked.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderReport } from '../../../src/domain/order.ts';
import {
  DEFAULT_FILL_MODEL,
  DEFAULT_FILL_STRESS,
  type FillModel,
} from '../../../src/venues/paper/fill-model.ts';
import { modelOf, Scene } from './notation.ts';

// Few prices and small sizes, so that orders meet, queue and cross all the time.
const PRICES = [47, 48, 49, 50, 51, 52, 53];
const price = fc.constantFrom(...PRICES);
const quantity = fc.integer({ min: 1, max: 12 });
const amount = fc.tuple(quantity, price).map(([size, at]) => `${size}@${at}`);
const action = fc.constantFrom('buy', 'sell');
const id = fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H');
const kind = fc.constantFrom('', '', '', ' ioc', ' fok', ' post');
const levels = fc
  .uniqueArray(fc.tuple(price, quantity), { selector: ([at]) => at, maxLength: 6 })
  .chain((all) => price.map((split) => ({ all, split })))
  .map(({ all, split }) => {
    const shown = (side: boolean): string =>
      all.flatMap(([at, size]) => (at < split === side ? [`${at}x${size}`] : [])).join(' ');
    return `book ${shown(true)} | ${shown(false)}`;
  });

const line = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(action, amount).map((words) => `print ${words.join(' ')}`) },
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom('bid', 'ask'), price, fc.nat(20))
      .map(([side, at, size]) => `${side} ${at} =${size}`),
  },
  {
    weight: 6,
    arbitrary: fc
      .tuple(id, action, amount, kind, fc.constantFrom('', ' no'))
      .map(([who, what, much, how, outcome]) => `${who} ${what} ${much}${how}${outcome}`),
  },
  { weight: 2, arbitrary: fc.tuple(id, amount).map(([who, much]) => `${who} amend ${much}`) },
  { weight: 1, arbitrary: id.map((who) => `${who} cancel`) },
  { weight: 1, arbitrary: levels },
);

interface Told {
  readonly buysYes: boolean;
  readonly no: boolean;
  /** In own-contract prices. */
  limit: number;
  total: number;
  filled: number;
  ended: boolean;
}

/** The second count. */
class Accountant {
  readonly faults: string[] = [];
  readonly #orders = new Map<string, Told>();
  readonly #prints: { readonly size: number; own: number }[] = [];
  readonly #displayed = new Map<string, number>();
  readonly #offered = { bid: 0, ask: 0 };
  readonly #taken = { bid: 0, ask: 0 };

  before(text: string): void {
    const [first = '', second = '', third = ''] = text.split(' ');
    if (first === 'print') this.#prints.push({ size: Number(third.split('@')[0]), own: 0 });
    if (first === 'bid' || first === 'ask') this.#show(first, second, Number(third.slice(1)));
    if (first !== 'book') return;
    const [bids = '', asks = ''] = text.slice(5).split('|');
    for (const at of PRICES.map(String)) {
      const sizeIn = (side: string): number =>
        Number(
          side
            .split(' ')
            .find((level) => level.startsWith(`${at}x`))
            ?.slice(3) ?? 0,
        );
      this.#show('bid', at, sizeIn(bids));
      this.#show('ask', at, sizeIn(asks));
    }
  }

  /** What the reports of one line say, and whether they may. */
  after(text: string, reports: readonly OrderReport[]): void {
    for (const report of reports) {
      if (report.type === 'order.accepted') this.#accepted(text);
      const order = this.#orders.get(report.clientOrderId);
      this.#check(order !== undefined, `${report.type} before acceptance`);
      if (order === undefined) continue;
      this.#check(!order.ended, `${report.type} after the end`);
      if (report.type === 'order.filled') this.#filled(order, report.fill);
      if (report.type === 'order.amended')
        Object.assign(order, { limit: report.price, total: report.quantity });
      if (report.type === 'order.cancelled') {
        this.#check(report.cumulative === order.filled, 'cumulative is the sum of the fills');
        order.ended = true;
      }
    }
  }

  atTheEnd(scene: Scene): readonly string[] {
    for (const side of ['bid', 'ask'] as const)
      this.#check(this.#taken[side] <= this.#offered[side], `all taken of ${side}s was shown`);
    for (const { clientOrderId, status, leaves } of scene.exchange.audit.orders()) {
      const order = this.#orders.get(clientOrderId);
      if (order === undefined)
        this.#check(status === 'rejected', 'only a killed order is not told of');
      else if (!order.ended)
        this.#check(order.filled + leaves === order.total, 'filled + left = total');
    }
    return [...this.faults, ...scene.exchange.audit.violations()];
  }

  #accepted(text: string): void {
    const [who = '', what = '', much = '', ...how] = text.split(' ');
    const [total = 0, limit = 0] = much.split('@').map(Number);
    const no = how.includes('no');
    const buysYes = (what === 'buy') !== no;
    this.#orders.set(who, { buysYes, no, limit, total, filled: 0, ended: false });
  }

  #filled(order: Told, fill: Extract<OrderReport, { type: 'order.filled' }>['fill']): void {
    order.filled += fill.quantity;
    order.ended = order.filled === order.total;
    this.#check(order.filled <= order.total, 'never more than was asked');
    const buys = order.buysYes !== order.no;
    const inside = buys ? fill.price <= order.limit : fill.price >= order.limit;
    this.#check(inside, 'never past the limit');
    if (fill.printSequence === null) this.#taken[order.buysYes ? 'ask' : 'bid'] += fill.quantity;
    else {
      const print = this.#prints[fill.printSequence - 1] ?? { size: 0, own: 0 };
      print.own += fill.quantity;
      this.#check(print.own <= print.size, 'a print fills its own size at most');
      this.#check(fill.liquidity === 'maker', 'a print fills makers');
    }
  }

  #show(side: 'bid' | 'ask', at: string, size: number): void {
    const before = this.#displayed.get(side + at) ?? 0;
    this.#displayed.set(side + at, size);
    this.#offered[side] += Math.max(0, size - before);
  }

  #check(holds: boolean, rule: string): void {
    if (!holds) this.faults.push(rule);
  }
}

function run(
  lines: readonly string[],
  model: FillModel,
): {
  readonly scene: Scene;
  readonly faults: readonly string[];
} {
  const scene = new Scene(model);
  const accountant = new Accountant();
  for (const text of ['book |', ...lines]) {
    const from = scene.heard.length;
    accountant.before(text);
    scene.line(text);
    accountant.after(text, scene.heard.slice(from));
  }
  return { scene, faults: accountant.atTheEnd(scene) };
}

const MODELS: Readonly<Record<string, FillModel>> = {
  conservative: modelOf('conservative'),
  probabilistic: modelOf('probabilistic'),
  optimistic: modelOf('optimistic'),
  'the default': DEFAULT_FILL_MODEL,
  // Short times, so that holds and pennies begin and end within a scene.
  'under stress': {
    ...DEFAULT_FILL_MODEL,
    takeHaircut: { share: 0.8, youngerThanMs: 10 },
    creditTtlMs: 20,
    stress: { ...DEFAULT_FILL_STRESS, refillHoldMs: 10, penniedAfterMs: { from: 0, to: 10 } },
  },
};

describe.each(Object.entries(MODELS))('conservation at the paper exchange, %s', (_, model) => {
  const lines = fc.array(line, { minLength: 30, maxLength: 100, size: 'max' });

  it('holds for any market and any commands', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(lines, (given) => {
        const { scene, faults } = run(given, model);
        for (const report of scene.heard)
          if (report.type === 'order.filled')
            seen.add(`${report.fill.liquidity} ${report.fill.printSequence === null}`);
        expect(faults).toEqual([]);
      }),
      { numRuns: 250, seed: 7 },
    );
    // Every way to fill was met: by a take, by a print, by being crossed.
    expect([...seen].toSorted()).toEqual(['maker false', 'maker true', 'taker true']);
  });

  it('the same lines give the same reports, and the same audit to the byte', () => {
    fc.assert(
      fc.property(lines, (given) => {
        const [first, second] = [run(given, model).scene, run(given, model).scene];
        expect(first.heard).toEqual(second.heard);
        expect(first.exchange.audit.log()).toBe(second.exchange.audit.log());
      }),
      { numRuns: 30, seed: 8 },
    );
  });
});
