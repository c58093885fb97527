/**
 * What REST says of the account and the markets, told as if it had been heard: after every new
 * connection, since no stream repeats what it said meanwhile. It never sends an order.
 */
import { messageOf } from '../../domain/errors.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { Log, VenueFill } from '../../domain/ports.ts';
import type { KalshiMarket, KalshiRest } from './rest.ts';
import type { MarketFacts, MarketStates } from './session-markets.ts';
import type { PrivateOrders } from './session-orders.ts';

export interface ListingsOptions {
  readonly rest: Pick<KalshiRest, 'markets' | 'openOrders' | 'order' | 'fillsSince'>;
  readonly markets: MarketStates;
  readonly orders: PrivateOrders;
  readonly log: Log;
  /** Somebody listens to its book or its trades. */
  readonly isFollowed: (symbol: string) => boolean;
}

export class Listings {
  readonly #options: ListingsOptions;
  readonly #instruments = new Map<string, Instrument>();
  /** Up to where fills were listed; null while nobody has asked. */
  #cursor: string | null = null;

  constructor(options: ListingsOptions) {
    this.#options = options;
  }

  /** Null for a market that was not listed. */
  instrumentOf(symbol: string): Instrument | null {
    return this.#instruments.get(symbol) ?? null;
  }

  /** The chosen markets as they are now. */
  async relist(): Promise<readonly Instrument[]> {
    const { rest, markets, isFollowed } = this.#options;
    const listed = await rest.markets();
    const names = new Set(listed.map(({ instrument }) => instrument.symbol));
    for (const market of listed) {
      const { instrument } = market;
      this.#instruments.set(instrument.symbol, instrument);
      markets.learn(instrument.symbol, factsOf(market));
    }
    for (const ended of markets.forgetEnded((symbol) => names.has(symbol) || isFollowed(symbol)))
      this.#instruments.delete(ended);
    return listed.map(({ instrument }) => instrument);
  }

  async fillsSince(
    cursor: string | null,
  ): Promise<{ readonly fills: readonly VenueFill[]; readonly cursor: string }> {
    const answer = await this.#options.rest.fillsSince(cursor);
    this.#cursor = answer.cursor;
    return answer;
  }

  /** All that may have been missed. Who never listed fills does it before it trusts anything. */
  async reconcile(): Promise<void> {
    const { orders, rest, log } = this.#options;
    // A market that is not listed any more must not keep the account from being known.
    await this.relist().catch((thrown: unknown) => {
      log.warn({ reason: messageOf(thrown) }, 'the markets could not be listed');
    });
    if (this.#cursor !== null) {
      const { fills } = await this.fillsSince(this.#cursor);
      for (const fill of fills) orders.onListedFill(fill);
    }
    if (orders.resting().length === 0) return;
    const open = new Map((await rest.openOrders()).map((each) => [each.clientOrderId, each]));
    for (const { clientOrderId } of orders.resting()) {
      const order = open.get(clientOrderId);
      if (order !== undefined) orders.onListedOrder(order);
    }
    await this.#ask((clientOrderId) => !open.has(clientOrderId));
  }

  /** The venue cancelled what rested in a market: each of ours is asked about. */
  recheck(symbol: string): Promise<void> {
    return this.#ask((_, of) => of === symbol);
  }

  async #ask(wanted: (clientOrderId: string, symbol: string) => boolean): Promise<void> {
    const { orders, rest } = this.#options;
    for (const ref of orders.resting()) {
      if (!wanted(ref.clientOrderId, ref.symbol)) continue;
      // oxlint-disable-next-line no-await-in-loop -- one call at a time: reads are few
      const order = await rest.order(ref);
      if (order === null) orders.forget(ref.clientOrderId);
      else orders.onListedOrder(order);
    }
  }
}

/** Not yet open, halted, open; whatever comes after that trades no more. */
const PHASES: ReadonlyMap<string, MarketFacts['phase']> = new Map([
  ['initialized', 'paused'],
  ['inactive', 'paused'],
  ['active', 'open'],
]);

const factsOf = ({ status, closesAtMs, instrument }: KalshiMarket): MarketFacts => ({
  phase: PHASES.get(status) ?? 'closed',
  closesAtMs,
  tickRanges: instrument.tickRanges,
});
