/**
 * Turns a plan into signals, checks every one of them, and only then starts them, in one step. The
 * same plan again is the same handle; it never starts a part of a plan.
 */
import { z } from 'zod';
import { InputError } from '../../domain/errors.ts';
import { formatQuantity, type Instrument, parseQuantity } from '../../domain/instrument.ts';
import { decimal, lotsOf } from '../../domain/money.ts';
import { lots, NO_LOTS } from '../../domain/numbers.ts';
import { plainOf } from '../../domain/plain.ts';
import type { Log } from '../../domain/ports.ts';
import type { Signal } from '../../domain/signal.ts';
import { directionOf } from '../../ledger/exposure.ts';
import type { Runtime } from '../runtime.ts';
import { openOf, pendingOf } from '../views/position-views.ts';
import type { ExecutionHandle } from './execution-handle.ts';
import type { Wish } from './execution-record.ts';
import { PlanError, type PlanFault, type PlanHandle, planHandle } from './plan.ts';

const PLAN_ID_MAX = 180;

const fields = z.record(z.string(), z.unknown());

const planSchema = z.strictObject({
  planId: z.string().min(1).max(PLAN_ID_MAX),
  defaults: fields.optional(),
  legs: z.array(fields).min(1).optional(),
  targets: z.array(fields).min(1).optional(),
});

const targetSchema = z.looseObject({
  venue: z.string(),
  market: z.string(),
  outcome: z.enum(['yes', 'no']),
  quantity: z.string(),
  buyLimitPrice: z.string().optional(),
  sellLimitPrice: z.string().optional(),
});

export interface Place {
  readonly runtime: Runtime;
  readonly instrument: Instrument;
}

/** A signal that was read wholly and may be started. */
export interface Ready {
  readonly runtime: Runtime;
  readonly wish: Wish;
}

export interface PlanDeskOptions {
  readonly log: Log;
  readonly placeOf: (signal: Pick<Signal, 'venue' | 'market'>) => Place;
  /** Throws an `InputError` for a signal that may not be started. */
  readonly read: (signal: unknown) => Ready;
  readonly start: (ready: Ready) => ExecutionHandle;
  readonly executionOf: (signalId: string) => string | null;
}

interface Leg {
  readonly path: string;
  readonly ready: Ready | null;
}

type Fields = Readonly<Record<string, unknown>>;
/** Null where a target is met already. */
type Read = (part: Fields, signalId: string) => Ready | null;

export class PlanDesk {
  readonly #options: PlanDeskOptions;
  readonly #plans = new Map<string, { readonly body: string; readonly handle: PlanHandle }>();
  readonly #planOf = new Map<string, string>();

  constructor(options: PlanDeskOptions) {
    this.#options = options;
  }

  execute(untrusted: unknown): PlanHandle {
    const { planId, defaults = {}, legs, targets } = decodePlan(untrusted);
    const body = JSON.stringify([defaults, legs, targets]);
    const known = this.#plans.get(planId);
    if (known?.body === body) return known.handle;
    const kind = legs === undefined ? 'targets' : 'legs';
    const parts = (legs ?? targets ?? []).map((part): Fields => ({ ...defaults, ...part }));
    this.#assertNew(planId, parts.length);
    const read = kind === 'legs' ? this.#legReader() : this.#targetReader();
    return this.#begin(planId, body, checked(planId, kind, parts, read));
  }

  /** The execution of a signal is remembered no more, and so is its plan. */
  forget(signalId: string): void {
    const planId = this.#planOf.get(signalId);
    this.#planOf.delete(signalId);
    if (planId !== undefined) this.#plans.delete(planId);
  }

  #begin(planId: string, body: string, legs: readonly Leg[]): PlanHandle {
    const { log, start } = this.#options;
    const wanted = legs.flatMap(({ ready }) => ready ?? []);
    for (const runtime of new Set(wanted.map((one) => one.runtime)))
      runtime.intake.assertRoom(wanted.filter((one) => one.runtime === runtime).length);
    // A market that cannot be followed is found out before the first leg begins.
    for (const { runtime, wish } of wanted) runtime.hostOf(wish.instrument.symbol);
    const started = legs.map(({ path, ready }) => ({ path, handle: ready && start(ready) }));
    const handle = planHandle(planId, started, log);
    if (wanted.length > 0) this.#plans.set(planId, { body, handle });
    for (const { wish } of wanted) this.#planOf.set(wish.signal.signalId, planId);
    return handle;
  }

  #assertNew(planId: string, parts: number): void {
    const { executionOf } = this.#options;
    for (let index = 0; index < parts; index += 1) {
      const executionId = executionOf(idOf(planId, index));
      if (executionId === null) continue;
      const rule = `a plan is worked once, and a part of this one was ${executionId}`;
      throw new InputError(rule, planId, 'give a new plan a new planId');
    }
  }

  #legReader(): Read {
    return (part, signalId) => this.#options.read({ ...part, signalId });
  }

  #targetReader(): Read {
    const seen = new Set<Instrument>();
    return (part, signalId) => {
      const { buyLimitPrice, sellLimitPrice, ...target } = decodeTarget(part);
      const { runtime, instrument } = this.#options.placeOf(target);
      if (seen.has(instrument))
        throw new InputError('a market has one target', target.market, 'leave one out');
      seen.add(instrument);
      assertSettled(runtime, instrument);
      const missing = missingLots(runtime, instrument, target);
      if (missing === 0) return null;
      const action = missing > 0 ? 'buy' : 'sell';
      const quantity = formatQuantity(instrument, lots(Math.abs(missing)));
      const limitPrice = missing > 0 ? buyLimitPrice : sellLimitPrice;
      if (limitPrice === undefined)
        throw new InputError(
          `a target that needs to ${action} has its ${action}LimitPrice`,
          'missing',
          `give it: ${quantity} are to ${action}`,
        );
      return this.#options.read({ ...target, signalId, action, quantity, limitPrice });
    };
  }
}

/** Every part is read, so that all faults are named at once. */
function checked(
  planId: string,
  kind: string,
  parts: readonly Fields[],
  read: Read,
): readonly Leg[] {
  const faults: PlanFault[] = [];
  const legs = parts.flatMap((part, index): readonly Leg[] => {
    const path = `${kind}[${index}]`;
    try {
      return [{ path, ready: read(part, idOf(planId, index)) }];
    } catch (thrown) {
      if (!(thrown instanceof InputError)) throw thrown;
      const { rule, value, wayOut } = thrown;
      faults.push({ path, rule, value, wayOut });
      return [];
    }
  });
  if (faults.length > 0) throw new PlanError(planId, faults);
  return legs;
}

const idOf = (planId: string, index: number): string => `${planId}:${index}`;

/** What is being withdrawn may fill or not: nobody can say what is missing. */
function assertSettled(runtime: Runtime, { symbol }: Instrument): void {
  for (const record of runtime.hostOf(symbol).alive) {
    const open = openOf(runtime, record);
    if (open.isLeaving && open.lots > 0)
      throw new InputError(
        'a market has a target when no execution is being cancelled in it',
        record.id,
        'wait for its result',
      );
  }
}

/** Signed lots of the outcome to buy (positive) or to sell, in whole steps; too few are none. */
function missingLots(
  runtime: Runtime,
  instrument: Instrument,
  { outcome, quantity }: Pick<z.infer<typeof targetSchema>, 'outcome' | 'quantity'>,
): number {
  const { symbol, minQuantity, quantityStep } = instrument;
  const isNone = decimal(quantity, 'quantity').isZero();
  const wanted = isNone ? NO_LOTS : parseQuantity(instrument, quantity);
  const sides = pendingOf(runtime).get(symbol);
  const coming =
    sides === undefined ? 0 : sides.buyYes - sides.sellYes - sides.buyNo + sides.sellNo;
  const net = heldLots(runtime, instrument) + coming;
  const missing = wanted - (outcome === 'yes' ? net : -net);
  const whole = missing - (missing % quantityStep);
  return Math.abs(whole) < minQuantity ? 0 : whole;
}

/** Signed lots, with the fills of this very turn: positions do not show them before its end. */
function heldLots(runtime: Runtime, { symbol, lotSize }: Instrument): number {
  let held = runtime.portfolio.positions.get(symbol)?.held ?? 0;
  for (const { executionId, quantity } of runtime.outbox.fills) {
    const wish = runtime.records.get(executionId)?.wish;
    if (wish?.instrument.symbol !== symbol) continue;
    held += directionOf(wish.outcome, wish.signal.action) * (lotsOf(quantity, lotSize) ?? 0);
  }
  return held;
}

/** Throws for the first thing that is wrong with it; `where` is its path. */
function decoded<T>(schema: z.ZodType<T>, given: unknown, where: string, wayOut: string): T {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = [where, ...(issue?.path ?? [])].map(String).join('.');
  throw new InputError(`${path}: ${issue?.message ?? 'invalid'}`, path, wayOut);
}

function decodePlan(untrusted: unknown): z.infer<typeof planSchema> {
  const given = plainOf(untrusted, 'a plan');
  const plan = decoded(planSchema, given, 'plan', 'a plan has planId, and legs or targets');
  if ((plan.legs === undefined) === (plan.targets === undefined))
    throw new InputError('a plan has either legs or targets', plan.planId, 'give one of them');
  return plan;
}

const decodeTarget = (given: unknown): z.infer<typeof targetSchema> =>
  decoded(targetSchema, given, 'target', 'a target has venue, market, outcome and quantity');
