/**
 * Where a card is played: one world, its reports as they come, and the questions that cards ask. It
 * drives the clock while it waits, and never waits longer than the contract allows.
 */
import { InputError, invariant, messageOf } from '../domain/errors.ts';
import type { Instrument } from '../domain/instrument.ts';
import { type Lots, lots } from '../domain/numbers.ts';
import type { OrderRef, OrderReport, OrderRequest } from '../domain/order.ts';
import type { Subscription, Venue, VenueFill, VenueOrder, VenueReport } from '../domain/ports.ts';
import { lookUp } from '../gateway/lookup.ts';
import { BrokenPromise } from './broken-promise.ts';
import type { CardDefinition } from './card.ts';
import type { Levers, MarketFacts, VenueContract, VenueWorld } from './contract.ts';

const STEP_MS = 10;

/** No card plays as long, not even in real time. */
export const STAGE_MS_MAX = 600_000;

/** What a call came to. */
export type Tried<T> = { readonly value: T } | { readonly thrown: unknown };

export interface Placed {
  readonly request: OrderRequest;
  readonly ref: OrderRef;
}

export interface StageOptions {
  readonly contract: VenueContract;
  readonly world: VenueWorld;
  readonly card: CardDefinition;
}

export class Stage {
  readonly world: VenueWorld;
  readonly venue: Venue;
  readonly market: MarketFacts;
  readonly settleMs: number;
  readonly answerWithinMs: number;
  readonly pageSize: number;
  /** What the contract denies, by name. */
  readonly cannot: ReadonlySet<string>;
  readonly reports: VenueReport[] = [];
  readonly #card: CardDefinition;
  readonly #subscription: Subscription;
  readonly #prefix: string;
  #orders = 0;
  #instrument: Instrument | null = null;
  /** By the venue's clock, before anything that this card did. */
  #sinceMs: number | null = null;

  constructor({ contract, world, card }: StageOptions) {
    this.#card = card;
    this.world = world;
    this.venue = world.venue;
    this.market = world.market;
    this.settleMs = contract.settleMs ?? 1_000;
    this.answerWithinMs = contract.answerWithinMs ?? 15_000;
    this.pageSize = contract.pageSize ?? 20;
    this.cannot = new Set(Object.keys(contract.cannot ?? {}));
    this.#prefix = world.idPrefix ?? 'kit';
    this.#subscription = this.venue.reports$.subscribe((report) => this.reports.push(report));
  }

  close(): Promise<void> {
    this.#subscription.unsubscribe();
    return this.world.close();
  }

  /** Fails the card unless it holds. */
  check(holds: boolean, seen: unknown, wayOut: string): asserts holds {
    if (!holds) this.#fail(seen, wayOut);
  }

  /** Drives the clock until a call settles. */
  async try<T>(promise: Promise<T>): Promise<Tried<T>> {
    const settled: Tried<T>[] = [];
    promise.then(
      (value) => settled.push({ value }),
      (thrown: unknown) => settled.push({ thrown }),
    );
    const { clock } = this.world;
    const untilMs = clock.nowMs() + this.answerWithinMs;
    while (settled.length === 0 && clock.nowMs() < untilMs) await clock.pass(STEP_MS);
    const [first] = settled;
    const seen = `no answer within ${this.answerWithinMs} ms`;
    this.check(first !== undefined, seen, 'give every call a time-out of its own');
    return first;
  }

  /** The same for a call that must not throw. */
  async call<T>(promise: Promise<T>): Promise<T> {
    const tried = await this.try(promise);
    if ('value' in tried) return tried.value;
    const seen = `it threw: ${messageOf(tried.thrown)}`;
    return this.#fail(
      seen,
      'resolve to what the venue says; throw only where the call itself failed',
    );
  }

  /** Pulls a lever; the contract must have it, or say why not. */
  async pull<Name extends keyof Levers>(
    name: Name,
    ...given: Parameters<Levers[Name]>
  ): Promise<Awaited<ReturnType<Levers[Name]>>> {
    invariant(this.#card.needs.includes(name), 'a card pulls what it needs', name);
    const { levers } = this.world;
    const lever = levers[name];
    if (lever === undefined)
      throw new InputError(
        'a contract has each lever, or says why it cannot',
        name,
        `add levers.${name} to the world, or cannot.${name} to the contract`,
      );
    const pulled = Reflect.apply(lever, levers, given) as Promise<
      Awaited<ReturnType<Levers[Name]>>
    >;
    const tried = await this.try(pulled);
    if ('thrown' in tried) throw tried.thrown;
    return tried.value;
  }

  /** Lets all that has happened be told. */
  settle(): Promise<void> {
    return this.world.clock.pass(this.settleMs);
  }

  /** Asks until the answer will do, as reads may lag; a failure shows the last one. */
  async until<T>(
    ask: () => Promise<T> | T,
    holds: (answer: T) => boolean,
    wayOut: string,
  ): Promise<T> {
    const { clock } = this.world;
    const untilMs = clock.nowMs() + this.answerWithinMs;
    for (;;) {
      const answer = await ask();
      if (holds(answer)) return answer;
      if (clock.nowMs() >= untilMs) return this.#fail(answer, wayOut);
      await clock.pass(STEP_MS);
    }
  }

  async instrument(): Promise<Instrument> {
    this.#instrument ??= await this.#listedInstrument();
    return this.#instrument;
  }

  async #listedInstrument(): Promise<Instrument> {
    const all = await this.call(this.venue.instruments());
    const found = all.find(({ symbol }) => symbol === this.market.symbol);
    if (found === undefined)
      return this.#fail(
        all.map(({ symbol }) => symbol),
        'list the market',
      );
    return found;
  }

  /** A quarter of an ordinary order, in whole steps. */
  async part(): Promise<Lots> {
    const { quantityStep, minQuantity } = await this.instrument();
    const part = Math.floor(this.market.quantity / 4 / quantityStep) * quantityStep;
    if (part >= minQuantity) return lots(part);
    throw new InputError(
      'an ordinary order has at least four times the minimum',
      this.market.quantity,
      'raise market.quantity of the contract',
    );
  }

  /** A buy of YES that rests, under a new id. */
  request(changes: Partial<OrderRequest> = {}): OrderRequest {
    this.#orders += 1;
    const { symbol, restingPrice: price, quantity } = this.market;
    return {
      clientOrderId: `${this.#prefix}-${this.#orders}`,
      symbol,
      outcome: 'yes',
      action: 'buy',
      price,
      quantity,
      timeInForce: 'gtc',
      postOnly: false,
      expiresAtMs: null,
      ...changes,
    };
  }

  /** Submits what must be accepted. */
  async place(changes: Partial<OrderRequest> = {}): Promise<Placed> {
    const request = this.request(changes);
    const outcome = await this.call(this.venue.submit(request));
    this.check(outcome.kind === 'accepted', outcome, 'accept an order that nothing speaks against');
    const { clientOrderId, symbol } = request;
    return { request, ref: { clientOrderId, venueOrderId: outcome.venueOrderId, symbol } };
  }

  /** The order as the engine would look for it; null where the venue shows none. */
  async look(ref: OrderRef): Promise<VenueOrder | null> {
    this.#sinceMs ??= (await this.call(this.venue.asOf())) - STAGE_MS_MAX;
    const where = { sinceMs: this.#sinceMs, everywhere: true };
    return this.call(lookUp(this.venue, ref, where));
  }

  /** The order, once the venue shows it as it should be. */
  async found(
    ref: OrderRef,
    holds: (order: VenueOrder) => boolean,
    wayOut: string,
  ): Promise<VenueOrder> {
    const order = await this.until(
      () => this.look(ref),
      (answer) => answer !== null && holds(answer),
      wayOut,
    );
    return order ?? this.#fail(order, wayOut);
  }

  /** Of the listing of what rests; also those that are listed twice. */
  async resting(clientOrderId: string): Promise<readonly VenueOrder[]> {
    const open = await this.call(this.venue.openOrders());
    return open.filter((order) => order.clientOrderId === clientOrderId);
  }

  async fillsOf(clientOrderId: string): Promise<readonly VenueFill[]> {
    const { fills } = await this.call(this.venue.fillsSince(null));
    return fills.filter((fill) => fill.clientOrderId === clientOrderId);
  }

  /** What the stream has told of an order so far. */
  told(clientOrderId: string): readonly OrderReport[] {
    return this.reports
      .map(({ report }) => report)
      .filter((report) => report.clientOrderId === clientOrderId);
  }

  #fail(seen: unknown, wayOut: string): never {
    throw new BrokenPromise(this.#card, seen, wayOut);
  }
}

export const refOf = ({ clientOrderId, symbol }: OrderRequest): OrderRef => ({
  clientOrderId,
  venueOrderId: null,
  symbol,
});

export const lotsIn = (fills: readonly { readonly quantity: Lots }[]): number =>
  fills.reduce((sum, { quantity }) => sum + quantity, 0);
