/**
 * Scenes of the paper exchange as text: what happens, `=>`, what is reported. Prices are cents,
 * quantities contracts. `play` writes the same text with what was really reported, so that a test
 * compares two texts.
 */
import type { Action, Instrument } from '../../../src/domain/instrument.ts';
import type { BookSide, Level } from '../../../src/domain/market-data.ts';
import { lots, ticks } from '../../../src/domain/numbers.ts';
import type { OrderReport, OrderRequest } from '../../../src/domain/order.ts';
import { seededRandom } from '../../../src/env/seeded-random.ts';
import { Exchange } from '../../../src/venues/paper/exchange.ts';
import {
  type CancelsAheadMode,
  type FillModel,
  fillModel,
} from '../../../src/venues/paper/fill-model.ts';
import type { MarketDataEvent } from '../../../src/venues/paper/source.ts';
import { centsInstrument } from '../../support/cents.ts';

export const MARKET = 'M';

export const CENTS: Instrument = centsInstrument('paper', MARKET, '0.0175');

/** All of a level can be taken, however young it is. */
export const modelOf = (mode: CancelsAheadMode): FillModel => ({
  ...fillModel(mode),
  takeHaircut: null,
});

/** Nothing is guessed, so that a scene can be worked out by hand. */
export const PLAIN: FillModel = modelOf('conservative');

export const orderOf = (
  clientOrderId: string,
  action: Action,
  quantity: number,
  price: number,
  more: Partial<OrderRequest> = {},
): OrderRequest => ({
  clientOrderId,
  symbol: MARKET,
  outcome: 'yes',
  action,
  price: ticks(price),
  quantity: lots(quantity),
  timeInForce: 'gtc',
  postOnly: false,
  expiresAtMs: null,
  ...more,
});

/** "48x100 47x50" */
const levelsOf = (text: string): readonly Level[] =>
  text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      const [price = '', size = ''] = word.split('x');
      return { price: ticks(Number(price)), size: lots(Number(size)) };
    });

const amountAt = (text = ''): readonly [number, number] => {
  const [quantity = '', price = ''] = text.split('@');
  return [Number(quantity), Number(price)];
};

export const shown = (report: OrderReport): string => {
  const id = report.clientOrderId;
  switch (report.type) {
    case 'order.filled': {
      const { quantity, price, liquidity, printSequence } = report.fill;
      const by = printSequence === null ? '' : ` by print ${printSequence}`;
      return `${id} ${quantity}@${price} ${liquidity}${by}`;
    }
    case 'order.accepted':
      return `${id} accepted`;
    case 'order.cancelled':
    case 'order.expired':
      return `${id} ${report.type.slice(6)} at ${report.cumulative} (${report.reason})`;
    case 'order.amended':
      return `${id} amended ${report.quantity}@${report.price}`;
    default:
      return `${id} ${report.type}`;
  }
};

export class Scene {
  readonly exchange: Exchange;
  readonly heard: OrderReport[] = [];
  #nowMs = 1_000;
  #sequence = 0;
  #prints = 0;

  constructor(model: FillModel = PLAIN, instrument: Instrument = CENTS, seed = 1) {
    this.exchange = new Exchange({
      name: 'paper',
      instruments: [instrument],
      balance: '1000',
      report: ({ report }) => this.heard.push(report),
      model,
      random: seededRandom(seed),
    });
  }

  /** The clock of the scene: each line takes a millisecond, `wait` as long as it says. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** One line of the notation; what was reported comes back. */
  line(text: string): string {
    const from = this.heard.length;
    this.#nowMs += 1;
    const answer = this.#do(text);
    const reports = this.heard.slice(from).map(shown);
    return [...reports, ...(answer === null ? [] : [answer])].join('; ');
  }

  #market(event: MarketDataEvent): null {
    this.exchange.onMarket(event, this.#nowMs);
    return null;
  }

  #do(text: string): string | null {
    const [first = '', second = '', third = '', ...rest] = text.split(' ');
    const base = { symbol: MARKET, timeMs: this.#nowMs };
    this.#sequence += 1;
    const sequence = this.#sequence;
    if (first === 'book') {
      const [bids = '', asks = ''] = text
        .slice(5)
        .split('|')
        .map((side) => levelsOf(side.trim()));
      if (typeof bids === 'string' || typeof asks === 'string') throw new Error(text);
      return this.#market({ type: 'book.snapshot', bids, asks, sequence, ...base });
    }
    if (first === 'wait') {
      this.#nowMs += Number(second);
      return null;
    }
    if (first === 'settled')
      return this.#market({ type: 'market.settled', value: ticks(Number(second)), ...base });
    if (first === 'print') {
      const [quantity, price] = amountAt(third);
      this.#prints += 1;
      return this.#market({
        type: 'print',
        price: ticks(price),
        quantity: lots(quantity),
        taker: second as Action,
        ...base,
        sequence: this.#prints,
        ...(rest.includes('block') ? { block: true } : {}),
      });
    }
    if (first === 'bid' || first === 'ask') {
      const side: BookSide = first;
      const change = third.startsWith('=')
        ? { to: lots(Number(third.slice(1))) }
        : { by: Number(third) };
      return this.#market({
        type: 'book.delta',
        side,
        price: ticks(Number(second)),
        change,
        sequence,
        ...base,
      });
    }
    if (first === 'gap')
      return this.#market({ type: 'book.gap', symbol: MARKET, expected: 1, received: 3 });
    if (first === 'paused' || first === 'resumed' || first === 'closed')
      return this.#market({ type: `market.${first}`, ...base });
    if (first === 'end') {
      this.exchange.endRecording();
      return null;
    }
    return this.#command(first, second, third, rest);
  }

  #command(id: string, verb: string, amount: string, options: readonly string[]): string | null {
    const ref = { clientOrderId: id, venueOrderId: null, symbol: MARKET };
    if (verb === 'cancel') return reasonOf(this.exchange.cancel(ref));
    const [quantity, price] = amountAt(amount);
    if (verb === 'amend')
      return reasonOf(
        this.exchange.amend({ ...ref, price: ticks(price), quantity: lots(quantity) }, this.#nowMs),
      );
    const request = orderOf(id, verb as Action, quantity, price, {
      outcome: options.includes('no') ? 'no' : 'yes',
      timeInForce: options.includes('ioc') ? 'ioc' : options.includes('fok') ? 'fok' : 'gtc',
      postOnly: options.includes('post'),
    });
    return reasonOf(this.exchange.submit(request, this.#nowMs));
  }
}

const reasonOf = (outcome: { readonly kind: string; readonly reason?: string }): string | null =>
  outcome.kind === 'accepted'
    ? null
    : `${outcome.kind}${outcome.reason === undefined ? '' : `: ${outcome.reason}`}`;

/** The scene as it really went, and the same text tidied, to be compared. */
export function play(
  text: string,
  model: FillModel = PLAIN,
): { readonly real: string; readonly told: string } {
  const scene = new Scene(model);
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [action = '', report = ''] = line.split('=>').map((part) => part.trim());
      return { action: action.replaceAll(/ +/g, ' '), report };
    });
  const write = (action: string, report: string): string => `${action} => ${report}`;
  const real = lines.map(({ action }) => write(action, scene.line(action)));
  const faults = scene.exchange.audit.violations();
  return {
    real: [...real, ...faults].join('\n'),
    told: lines.map(({ action, report }) => write(action, report)).join('\n'),
  };
}
