/** A plan as its user writes it and gets it back: many wishes that belong together. */
import { merge, type Observable } from 'rxjs';
import { InputError } from '../../domain/errors.ts';
import { decimal, formatMoney, type Money, ZERO } from '../../domain/money.ts';
import type { Log } from '../../domain/ports.ts';
import type { Signal } from '../../domain/signal.ts';
import { Contained } from '../views/contained.ts';
import type { ExecutionHandle } from './execution-handle.ts';
import type { ExecutionResult, ExecutionUpdate } from './result.ts';

/** A signal without its id, which is the plan's: `<planId>:<number>`. */
export type PlanLeg = Omit<Signal, 'signalId'>;

/**
 * What shall be held in one market. What is held and under way already counts: the rest is bought,
 * or what is too much is sold.
 */
export interface PlanTarget extends Partial<Omit<PlanLeg, 'action' | 'limitPrice'>> {
  readonly market: string;
  readonly outcome: Signal['outcome'];
  /** Contracts of the outcome, decimal text; "0" to hold none. */
  readonly quantity: string;
  /** Never bought above it; needed where something is missing. */
  readonly buyLimitPrice?: string;
  /** Never sold below it; needed where there is too much. */
  readonly sellLimitPrice?: string;
}

/** Either legs or targets. */
export interface ExecutionPlan {
  /** An idempotency key, up to 180 characters: the same plan twice is worked once. */
  readonly planId: string;
  /** What each leg or target has that does not say otherwise. */
  readonly defaults?: Partial<PlanLeg>;
  readonly legs?: readonly Partial<PlanLeg>[];
  readonly targets?: readonly PlanTarget[];
}

export interface PlanFault {
  /** Where: "legs[2]", "targets[0]". */
  readonly path: string;
  readonly rule: string;
  readonly value: string;
  readonly wayOut: string;
}

/** A plan that cannot be worked, with all that is wrong with it. Nothing has moved. */
export class PlanError extends InputError {
  readonly faults: readonly PlanFault[];

  constructor(planId: string, faults: readonly PlanFault[]) {
    const listed = faults.map(
      ({ path, rule, value, wayOut }) => `${path}: ${rule}, was ${value}; ${wayOut}`,
    );
    super(`a plan is sound in all its parts (${listed.join(' | ')})`, planId, 'nothing was begun');
    this.faults = faults;
  }
}

export interface PlanLegResult {
  readonly path: string;
  /** Null where a target was met already. */
  readonly result: ExecutionResult | null;
}

export interface PlanResult {
  readonly planId: string;
  readonly legs: readonly PlanLegResult[];
  /** Every leg got all of its quantity. */
  readonly completed: boolean;
  /** Dollars paid for what was bought less those got for what was sold, fees included. */
  readonly cost: string;
  readonly fees: string;
}

export interface PlanHandle {
  readonly planId: string;
  /** Of the legs that had something to do, in their order. */
  readonly executions: readonly ExecutionHandle[];
  /** What happens to any of them; completes with the last. */
  readonly updates$: Observable<ExecutionUpdate>;
  /** When all have ended; never rejects for what the markets did. */
  readonly result: Promise<PlanResult>;
  /** Cancels all that has not ended; resolves with the result. */
  cancel(reason: string): Promise<PlanResult>;
}

export interface StartedLeg {
  readonly path: string;
  readonly handle: ExecutionHandle | null;
}

export function planHandle(planId: string, legs: readonly StartedLeg[], log: Log): PlanHandle {
  const executions = legs.flatMap(({ handle }) => handle ?? []);
  const result = Promise.all(
    legs.map(async ({ path, handle }) => ({ path, result: handle && (await handle.result) })),
  ).then((ended) => resultOf(planId, ended));
  return {
    planId,
    executions,
    updates$: new Contained(log, 'updates$', merge(...executions.map(({ updates$ }) => updates$))),
    result,
    async cancel(reason) {
      await Promise.all(executions.map((execution) => execution.cancel(reason)));
      return result;
    },
  };
}

function resultOf(planId: string, legs: readonly PlanLegResult[]): PlanResult {
  const results = legs.flatMap(({ result }) => result ?? []);
  const sum = (of: (result: ExecutionResult) => Money): Money =>
    results.reduce((total, result) => total.plus(of(result)), ZERO);
  const fees = sum((result) => decimal(result.fees, 'fees'));
  return {
    planId,
    legs,
    completed: results.every(({ outcome }) => outcome === 'completed'),
    cost: formatMoney(sum(paidFor).plus(fees)),
    fees: formatMoney(fees),
  };
}

/** Dollars before fees: negative for what was sold. */
function paidFor({ fills, action }: ExecutionResult): Money {
  const value = fills.reduce(
    (total, { price, quantity }) =>
      total.plus(decimal(price, 'price').times(decimal(quantity, 'quantity'))),
    ZERO,
  );
  return action === 'buy' ? value : value.negated();
}
