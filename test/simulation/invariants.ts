/**
 * The laws, counted anew from the venue's truth and the disk: the engine's own sums are only ever
 * compared. Numbers such as I-2 are those of the list of invariants the project was designed by.
 */
import type { AmendRequest, OrderRequest } from '../../src/domain/order.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { ExecutionResult } from '../../src/engine/execution/result.ts';
import type { FeedDoor } from './feed-door.ts';
import type { Ground } from './ground.ts';
import type { Disk } from './store-model.ts';
import { isOurs } from './tag.ts';
import type { TrueOrder, VenueModel } from './venue-model.ts';

export const RULES = {
  overfillEngine: 'I-1 the engine never reserves more than is wanted',
  overfillVenue: 'I-1b fills, what rests and what is under way never exceed what is wanted',
  writeAhead: 'I-2 an order is sent only as its durable intent says',
  bijection: 'I-3 an id is sent once, and every order of ours has its intent',
  fills: 'I-4 every fill of ours is booked once, and no other',
  position: 'I-5 positions are the sum of the fills that stand',
  terminal: 'I-7 an order that was proven over never fills',
  ownFault: 'I-8 no input breaks the engine',
  halt: 'I-9 nothing but cancels is sent while halted, and the end is proven',
  haltDurable: 'I-10 a halt outlives the process',
  price: 'I-11 no price beyond the limit or off the grid',
  book: 'I-12 nothing is sent on a book that cannot be trusted',
  rate: 'I-13 no window holds more calls than the limit',
  retries: 'I-14 attempts are bounded',
  journal: 'I-16 what was written is read again',
  recovery: 'I-17 after all is healed, engine and venue agree',
  liveness: 'I-18 every execution ends in time',
  orphan: 'I-19 an execution that has ended has nothing at the venue',
  writer: 'I-20 nobody sends without the lease',
  leak: 'I-22 a stopped engine leaves no timer and no subscription',
  numbers: 'I-25 prices and quantities are whole numbers',
  exposure: 'I-26 no more than the limits allow can be held',
  told: 'I-29 a result is told once, and only when it is durable',
} as const;

export type RuleName = keyof typeof RULES;

/** Attempts of one execution: its splits and their walks, with room for every fault. */
const ATTEMPTS_MAX = 120;

export interface JudgeOptions {
  readonly ground: Ground;
  readonly disk: Disk;
  readonly model: () => VenueModel;
  /** Contracts. */
  readonly maxPosition: number;
  readonly calls: { readonly windowMs: number; readonly calls: number };
}

export class Judge {
  /** Places and amends that have left and may yet land: what they would make of the order. */
  readonly flying = new Map<string, { readonly executionId: string; readonly quantity: number }>();
  readonly sent = new Map<string, OrderRequest>();
  readonly #options: JudgeOptions;
  readonly #owners = new Map<string, string>();
  readonly #orders = new Map<string, string[]>();
  readonly #attempts = new Map<string, number>();
  readonly #results = new Map<string, string>();
  #calls: number[] = [];

  constructor(options: JudgeOptions) {
    this.#options = options;
  }

  tell(rule: RuleName, what: string): void {
    const { sink, trace } = this.#options.ground;
    trace.note('VIOLATION', `${RULES[rule]}: ${what}`);
    sink.tell(RULES[rule], what);
  }

  /** An order is about to leave a process; `halted` says why it must not. */
  submitting(request: OrderRequest, feed: FeedDoor, halted: string | null): void {
    const { disk } = this.#options;
    const { clientOrderId: id } = request;
    const intent = disk.intents.get(id);
    if (intent?.request !== JSON.stringify(request)) this.tell('writeAhead', `${id} has no intent`);
    if (this.sent.has(id)) this.tell('bijection', `${id} is sent a second time`);
    this.sent.set(id, request);
    if (intent === undefined) return;
    const { executionId } = intent;
    this.#owners.set(id, executionId);
    this.#orders.set(executionId, [...(this.#orders.get(executionId) ?? []), id]);
    this.flying.set(id, { executionId, quantity: request.quantity });
    this.#allowed(executionId, request, feed, halted);
    const attempts = (this.#attempts.get(executionId) ?? 0) + 1;
    this.#attempts.set(executionId, attempts);
    if (attempts > ATTEMPTS_MAX) this.tell('retries', `${executionId}: ${attempts} orders`);
    this.#checkExposure(executionId);
    this.#checkPosition(request);
  }

  amending(request: AmendRequest, feed: FeedDoor, halted: string | null): void {
    const { clientOrderId: id, price, quantity } = request;
    const before = this.sent.get(id);
    const executionId = this.#owners.get(id);
    if (before === undefined || executionId === undefined)
      return this.tell('writeAhead', `${id} is amended and was never sent`);
    this.flying.set(id, { executionId, quantity });
    this.#allowed(executionId, { ...before, price, quantity }, feed, halted);
    this.#checkExposure(executionId);
  }

  /** Every call that left, by kind of clock that no jump moves. */
  called(): void {
    const { ground, calls } = this.#options;
    const nowMs = ground.clock.monotonicMs();
    this.#calls = this.#calls.filter((atMs) => atMs > nowMs - calls.windowMs);
    this.#calls.push(nowMs);
    const count = this.#calls.length;
    if (count > calls.calls) this.tell('rate', `${count} calls in ${calls.windowMs} ms`);
  }

  /** A process starts: its window of calls is its own. */
  booted(): void {
    this.#calls = [];
  }

  /** The disk has forgotten what was told: it may be told again. */
  forgive(): void {
    this.#results.clear();
  }

  /** Something changed at the venue. */
  moved(order: TrueOrder): void {
    if (!isOurs(order.id)) return;
    const owner = this.#owners.get(order.id);
    if (owner === undefined) return this.tell('bijection', `${order.id} was never sent by us`);
    this.#checkExposure(owner);
    const result = this.#results.get(owner);
    if (result !== undefined && order.leaves > 0 && this.#options.disk.intents.has(order.id))
      this.tell('orphan', `${order.id} rests, ${owner} ended as ${result}`);
  }

  /** The engine after a turn. */
  turned(engine: Engine): void {
    for (const { executionId, quantity } of engine.quantities())
      if (quantity.overfilled > 0)
        this.tell('overfillEngine', `${executionId}: ${JSON.stringify(quantity)}`);
  }

  /** `isAmnesiac`: its process gave up on the disk, and said so. */
  ended(result: ExecutionResult, isAmnesiac: boolean): void {
    const { id, outcome } = result;
    const known = this.#results.get(id);
    if (known !== undefined) return this.tell('told', `${id} ended twice: ${known}, ${outcome}`);
    const row = this.#options.disk.executions.get(id);
    const isDurable = typeof row?.endedAtMs === 'number' && row.outcome === outcome;
    if (isDurable || !isAmnesiac) this.#results.set(id, outcome);
    if (!isDurable && !isAmnesiac) this.tell('told', `${id} was told and is not durable`);
    for (const order of this.#options.model().open)
      if (this.#owners.get(order.id) === id && this.#options.disk.intents.has(order.id))
        this.tell('orphan', `${order.id} rests, ${id} ended`);
  }

  ownerOf(clientOrderId: string): string | null {
    return this.#owners.get(clientOrderId) ?? null;
  }

  hasResult(executionId: string): boolean {
    return this.#results.has(executionId);
  }

  #allowed(
    executionId: string,
    request: OrderRequest,
    feed: FeedDoor,
    halted: string | null,
  ): void {
    const { clientOrderId: id, price, quantity, action } = request;
    if (halted !== null) this.tell('halt', `${id} left while halted: ${halted}`);
    const untrusted = feed.whyUntrusted();
    if (untrusted !== null) this.tell('book', `${id} left on a book that is ${untrusted}`);
    if (!Number.isSafeInteger(price) || !Number.isSafeInteger(quantity) || quantity <= 0)
      this.tell('numbers', `${id}: ${price}, ${quantity}`);
    const limit = this.#limitOf(executionId);
    const isBeyond = action === 'buy' ? price > limit : price < limit;
    if (isBeyond || price < 1 || price > 99)
      this.tell('price', `${id}: ${action} at ${price}, limit ${limit}`);
  }

  #limitOf(executionId: string): number {
    const text = this.#options.disk.executions.get(executionId)?.limitPrice ?? '0';
    return Math.round(Number(text) * 100);
  }

  #checkExposure(executionId: string): void {
    const target = this.#options.disk.executions.get(executionId)?.targetLots;
    if (target === undefined) return;
    const exposed = this.exposed(executionId);
    if (exposed > target) this.tell('overfillVenue', `${executionId}: ${exposed} of ${target}`);
  }

  /** Lots of one execution that have filled, rest, or may yet arrive. */
  exposed(executionId: string): number {
    const { orders, reverted } = this.#options.model();
    let sum = 0;
    for (const id of this.#orders.get(executionId) ?? []) {
      const order = orders.get(id);
      const flying = this.flying.get(id)?.quantity ?? 0;
      if (order === undefined) sum += flying;
      else
        sum += order.filled + Math.max(order.leaves, order.leaves > 0 ? flying - order.filled : 0);
    }
    for (const { fill } of reverted)
      if (this.#owners.get(fill.clientOrderId) === executionId) sum -= fill.quantity;
    return sum;
  }

  /** What a market may hold in the direction of this order, should all that is open fill. */
  #checkPosition({ symbol, outcome, action }: OrderRequest): void {
    const isLong = (each: OrderRequest): boolean =>
      (each.action === 'buy') === (each.outcome === 'yes');
    const model = this.#options.model();
    const held = model.positions(isOurs).find((each) => each.symbol === symbol)?.quantity ?? 0;
    const direction = (action === 'buy') === (outcome === 'yes') ? 1 : -1;
    let sum = direction * held;
    for (const [id, request] of this.sent) {
      const order = model.orders.get(id);
      if (request.symbol !== symbol || isLong(request) !== direction > 0) continue;
      sum += order === undefined ? (this.flying.get(id)?.quantity ?? 0) : order.leaves;
    }
    const { maxPosition } = this.#options;
    if (sum > maxPosition) this.tell('exposure', `${symbol}: ${sum} of ${maxPosition}`);
  }
}
