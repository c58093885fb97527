/**
 * The laws, counted anew from the venue's truth and the disk: the engine's own sums are only ever
 * compared.
 */
import type { AmendRequest, OrderRequest } from '../../src/domain/order.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { ExecutionResult } from '../../src/engine/execution/result.ts';
import type { Quantity } from '../../src/ledger/quantity.ts';
import type { FeedDoor } from './feed-door.ts';
import type { Ground } from './ground.ts';
import { type CallWindow, Pace } from './pace.ts';
import { RULES, type RuleName } from './rules.ts';
import { Stakes } from './stakes.ts';
import type { Disk } from './store-model.ts';
import { isOurs } from './tag.ts';
import { TimeLimits } from './time-limits.ts';
import type { TrueOrder, VenueModel } from './venue-model.ts';

/** The process that sends, at this moment. */
export interface Sender {
  readonly feed: FeedDoor;
  /** Why it must not; null where it may. */
  readonly halted: string | null;
  readonly circuit: string;
  /** Fills that the venue has listed to it. */
  readonly listed: ReadonlySet<string>;
}

export interface JudgeOptions {
  readonly ground: Ground;
  readonly disk: Disk;
  readonly model: () => VenueModel;
  /** Contracts. */
  readonly maxPosition: number;
  /** Dollars; infinite where there is none. */
  readonly budget: number;
  readonly calls: CallWindow;
}

const isOver = ({ target, filled, working, inDoubt, unreleased, overfilled }: Quantity): boolean =>
  overfilled > 0 || filled + working + inDoubt > target || unreleased < 0;

export class Judge {
  readonly pace: Pace;
  readonly limits: TimeLimits;
  readonly #options: JudgeOptions;
  readonly #stakes: Stakes;
  readonly #results = new Map<string, string>();

  constructor(options: JudgeOptions) {
    const { ground, disk, model, calls } = options;
    this.#options = options;
    const tell = (rule: RuleName, what: string): void => this.tell(rule, what);
    this.#stakes = new Stakes(disk, model);
    this.pace = new Pace(ground, calls, tell);
    this.limits = new TimeLimits(ground, tell);
  }

  /** Client order ids of what has left and may yet land. */
  get flying(): { has(id: string): boolean; delete(id: string): boolean; readonly size: number } {
    return this.#stakes.flying;
  }

  get sent(): ReadonlyMap<string, OrderRequest> {
    return this.#stakes.sent;
  }

  tell(rule: RuleName, what: string): void {
    const { sink, trace } = this.#options.ground;
    trace.note('VIOLATION', `${RULES[rule]}: ${what}`);
    sink.tell(RULES[rule], what);
  }

  /** An order is about to leave a process. */
  submitting(request: OrderRequest, sender: Sender): void {
    const { disk, budget } = this.#options;
    const stakes = this.#stakes;
    const { clientOrderId: id } = request;
    const intent = disk.intents.get(id);
    if (intent?.request !== JSON.stringify(request)) this.tell('writeAhead', `${id} has no intent`);
    if (stakes.sent.has(id)) this.tell('bijection', `${id} is sent a second time`);
    stakes.sent.set(id, request);
    if (intent === undefined) return;
    const { executionId } = intent;
    stakes.own(id, executionId);
    stakes.flying.set(id, request.quantity);
    this.#allowed(executionId, request, sender);
    // Asked where an execution sends its first order: a moment ago it was admitted.
    const bound = this.pace.ordered(executionId) === 1 ? stakes.ofAccount() : 0;
    if (bound > budget + 0.01) this.tell('budget', `${bound} of ${budget}, with ${id}`);
    this.#checkExposure(executionId);
    this.#checkPosition(request, sender.listed);
  }

  amending(request: AmendRequest, sender: Sender): void {
    const { clientOrderId: id, price, quantity } = request;
    const before = this.sent.get(id);
    const executionId = this.#stakes.owners.get(id);
    if (before === undefined || executionId === undefined)
      return this.tell('writeAhead', `${id} is amended and was never sent`);
    this.#stakes.flying.set(id, quantity);
    this.#allowed(executionId, { ...before, price, quantity }, sender);
    this.#checkExposure(executionId);
    this.#checkPosition(before, sender.listed);
  }

  /** A command of an order leaves. */
  message(clientOrderId: string): void {
    const owner = this.ownerOf(clientOrderId);
    if (owner !== null) this.pace.message(owner, this.#options.disk.fillsOf(owner).length);
  }

  booted(): void {
    this.pace.booted();
    this.limits.booted();
  }

  /** The disk has forgotten what was told: it may be told again. */
  forgive(): void {
    this.#results.clear();
  }

  /** Something changed at the venue. */
  moved(order: TrueOrder): void {
    if (!isOurs(order.id)) return;
    const owner = this.#stakes.owners.get(order.id);
    if (owner === undefined) return this.tell('bijection', `${order.id} was never sent by us`);
    this.#checkExposure(owner);
    const result = this.#results.get(owner);
    if (result !== undefined && order.leaves > 0 && this.#options.disk.intents.has(order.id))
      this.tell('orphan', `${order.id} rests, ${owner} ended as ${result}`);
  }

  /** The engine after a turn. */
  turned(engine: Engine): void {
    for (const { executionId, quantity } of engine.quantities())
      if (isOver(quantity))
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
      if (this.#stakes.owners.get(order.id) === id && this.#options.disk.intents.has(order.id))
        this.tell('orphan', `${order.id} rests, ${id} ended`);
  }

  ownerOf(clientOrderId: string): string | null {
    return this.#stakes.owners.get(clientOrderId) ?? null;
  }

  hasResult(executionId: string): boolean {
    return this.#results.has(executionId);
  }

  #allowed(executionId: string, request: OrderRequest, { feed, halted, circuit }: Sender): void {
    const { clientOrderId: id, price, quantity, action } = request;
    if (halted !== null) this.tell('halt', `${id} left while halted: ${halted}`);
    const untrusted = feed.whyUntrusted();
    if (untrusted !== null) this.tell('book', `${id} left on a book that is ${untrusted}`);
    if (circuit === 'open') this.tell('retries', `${id} left while the circuit was open`);
    this.limits.ordered(executionId);
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
    const exposed = this.#stakes.ofExecution(executionId);
    if (exposed > target) this.tell('overfillVenue', `${executionId}: ${exposed} of ${target}`);
  }

  #checkPosition(request: OrderRequest, listed: ReadonlySet<string>): void {
    const { maxPosition } = this.#options;
    const sum = this.#stakes.ofMarket(request, listed);
    if (sum > maxPosition) this.tell('exposure', `${request.symbol}: ${sum} of ${maxPosition}`);
  }
}
