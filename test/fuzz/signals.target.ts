/** Signals and plans as a caller in the same process may give them: code of their own included. */
import { Decimal } from 'decimal.js';
import { AlgorithmRegistry } from '../../src/algorithms/registry.ts';
import { InputError } from '../../src/domain/errors.ts';
import { formatPrice, formatQuantity } from '../../src/domain/instrument.ts';
import { decodeSignal, decodeWish } from '../../src/engine/execution/decode-signal.ts';
import { completeOptions } from '../../src/engine/options.ts';
import type { Engine, EngineOptions, ExecutionPlan, Signal } from '../../src/index.ts';
import { centsInstrument } from '../support/cents.ts';
import { signal, world } from '../support/embedded.ts';
import { isLive } from './hostile-values.ts';
import { valueAt } from './mutate.ts';
import { claim, type Ready, type Target, type Verdict } from './target.ts';

const SIGNALS: readonly unknown[] = [
  signal(),
  signal({
    algorithm: { name: 'dynamic_depth_walker', maxWalks: 4 },
    fairValue: '0.5500',
    edge: '0.05',
    confidence: '0.8',
    priority: 2,
    validUntilMs: 1_900_000_000_000,
    modelId: 'm',
    strategyId: 's',
  }),
  signal({ outcome: 'no', action: 'sell', algorithm: { name: 'simple_limit', price: 'join' } }),
  signal({ algorithm: { name: 'market', maxSweeps: 2 } }),
];

const { signalId: _, ...leg } = signal();
const PLANS: readonly unknown[] = [
  { planId: 'p', defaults: leg, legs: [{}, { market: 'N', quantity: '3' }] },
  {
    planId: 'p',
    defaults: { ...leg, algorithm: { name: 'simple_limit' } },
    targets: [{ market: 'M', outcome: 'yes', quantity: '5', buyLimitPrice: '0.40' }],
  },
];

function rejected(thrown: unknown): Verdict {
  if (!(thrown instanceof InputError)) throw thrown;
  claim(thrown.message.length < 20_000, 'an error can be read', thrown.message.length);
  return 'rejected';
}

export const signals: Target = {
  name: 'signals',
  weight: 20,
  live: true,
  prepare: () => {
    const instrument = centsInstrument('script', 'M');
    const algorithms = new AlgorithmRegistry();
    const fixtures = SIGNALS.slice(1);
    const judge = (input: unknown): Verdict => {
      try {
        const given = decodeSignal(input);
        const wish = decodeWish(given, instrument, algorithms);
        const { quantity, limit, outcome } = wish;
        claim(
          new Decimal(given.quantity).equals(formatQuantity(instrument, quantity)) &&
            new Decimal(given.limitPrice).equals(formatPrice(instrument, limit)),
          'what is wanted is what was said',
          outcome,
          given.quantity,
          given.limitPrice,
        );
        claim(
          JSON.stringify(given) === JSON.stringify(decodeSignal(given)),
          'a signal is read once',
        );
        return 'valid';
      } catch (thrown) {
        return rejected(thrown);
      }
    };
    return { fixtures, judge };
  },
};

/** A new id, unless a mutation took it: the same signal twice would be one execution. */
function renamed(input: unknown, key: string, id: string): unknown {
  if (typeof input !== 'object' || input === null || isLive(input)) return input;
  const value = valueAt({ parent: input, key });
  if (value === 'edge-1' || value === 'p') Reflect.set(input, key, id);
  return input;
}

interface Started {
  cancel(reason: string): Promise<unknown>;
}

async function engineTarget(
  fixtures: readonly unknown[],
  start: (engine: Engine, input: unknown, id: string) => Started,
): Promise<Ready> {
  const { engine, venue, clock, pass, log } = await world({ maxQueuedSignals: 1_000 });
  engine.watch('script', 'M');
  engine.watch('script', 'N');
  venue.snapshot();
  await pass(100);
  const started: Started[] = [];
  let count = 0;
  return {
    fixtures,
    judge: (input) => {
      const before = engine.quantities().length;
      try {
        started.push(start(engine, input, `case-${(count += 1)}`));
        return 'valid';
      } catch (thrown) {
        const verdict = rejected(thrown);
        claim(engine.quantities().length === before, 'what is refused moves nothing');
        return verdict;
      }
    },
    rest: async () => {
      await pass(10);
      const ended = started.splice(0).map((handle) => handle.cancel('enough'));
      await pass(70_000);
      await Promise.all(ended);
      const faults = log.filter(({ level }) => level === 'error');
      claim(
        faults.every(({ message }) => !/broke|fault/.test(message)),
        'nothing breaks afterwards',
        JSON.stringify(faults.at(-1)),
      );
      claim(clock.pending < 100, 'nothing is left over', clock.pending);
    },
    close: async () => {
      const stopped = engine.stop();
      await pass(120_000);
      await stopped;
    },
  };
}

export const engineSignals: Target = {
  name: 'execute',
  weight: 4,
  live: true,
  prepare: () =>
    engineTarget(SIGNALS, (engine, input, id) =>
      engine.execute(renamed(input, 'signalId', id) as Signal),
    ),
};

export const plans: Target = {
  name: 'plans',
  weight: 4,
  live: true,
  prepare: () =>
    engineTarget(PLANS, (engine, input, id) =>
      engine.executePlan(renamed(input, 'planId', id) as ExecutionPlan),
    ),
};

export const options: Target = {
  name: 'options',
  weight: 4,
  live: true,
  prepare: async () => {
    const { venue, engine, pass } = await world();
    const stopped = engine.stop();
    await pass(1_000);
    await stopped;
    const fixtures: readonly object[] = [
      {
        limits: { maxPosition: '5' },
        tag: 'dw',
        callLimits: { windowMs: 9, calls: 9, cancelReserve: 1 },
      },
      {
        callLimits: [{ windowMs: 1_000, calls: 10, cancelReserve: 1 }],
        confirmation: { restingMs: 5 },
        retention: { snapshotDays: 1 },
        minimumEdge: '0.01',
        whenStale: 'keep',
      },
    ];
    return {
      fixtures,
      judge: (input) => {
        const isObject = typeof input === 'object' && input !== null && !isLive(input);
        if (isObject) Reflect.set(input, 'venues', [venue]);
        try {
          completeOptions(input as EngineOptions);
          return 'valid';
        } catch (thrown) {
          return rejected(thrown);
        }
      },
    };
  },
};
