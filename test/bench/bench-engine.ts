/**
 * An engine over the bench venue, with limits so wide and an algorithm so plain that only it works.
 */
import type { AlgorithmDefinition, Directive } from '../../src/algorithms/algorithm.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import type { Clock } from '../../src/domain/ports.ts';
import type { Signal } from '../../src/domain/signal.ts';
import { createEngine, type Engine } from '../../src/engine/create-engine.ts';
import { BenchVenue, type BenchVenueOptions } from './bench-venue.ts';

export const START_MS = 1_800_000_000_000;

const WIDE = '1000000000';
const CENT = 100;

/** Equal parts, a cent apart from the cap down; then it looks at each new touch, and holds. */
const inParts = (onPlan: () => void): AlgorithmDefinition<{ readonly parts: number }> => ({
  name: 'in_parts',
  version: 1,
  wakesOn: { touch: true, trade: false },
  parameters: ({ parts }) => ({ parts: Number(parts) }),
  plan({ cap, unreleased, parameters: { parts } }) {
    onPlan();
    const directives = Array.from(
      { length: parts },
      (_, part): Directive => ({
        kind: 'place',
        price: ticks(cap - part * CENT),
        quantity: lots(unreleased / parts),
        timeInForce: 'gtc',
        postOnly: false,
        reason: 'one of the parts',
      }),
    );
    return { directives, state: null };
  },
  decide({ market: { book }, state }) {
    const isOneSided = book.bid === null || book.ask === null;
    return { directives: [], state: isOneSided ? null : state };
  },
});

export interface BenchEngineOptions extends BenchVenueOptions {
  readonly clock: Clock;
  readonly file?: string;
  /** Called at the start of each plan: the moment of the decision. */
  readonly onPlan?: () => void;
}

export interface BenchEngine {
  readonly engine: Engine;
  readonly venue: BenchVenue;
}

/** Nothing but the engine's own work is in the way. */
export const wideOptions = (onPlan: () => void = () => undefined) => ({
  algorithms: [inParts(onPlan)],
  limits: {
    maxOrderQuantity: WIDE,
    maxOrderNotional: WIDE,
    maxOpenNotional: WIDE,
    maxPosition: WIDE,
    maxOpenOrders: 1_000_000,
  },
  callLimits: { windowMs: 1, calls: 1_000_000, cancelReserve: 1 },
});

/** Follows every market of the venue, each with a live book. */
export async function startBenchEngine({
  file,
  onPlan = () => undefined,
  ...options
}: BenchEngineOptions): Promise<BenchEngine> {
  const venue = new BenchVenue(options);
  const engine = await createEngine({
    venues: [venue],
    clock: options.clock,
    ...wideOptions(onPlan),
    ...(file === undefined ? {} : { store: { file } }),
  });
  for (const symbol of options.symbols) {
    engine.watch(venue.name, symbol);
    venue.open(symbol);
  }
  return { engine, venue };
}

export const symbolsOf = (markets: number): readonly string[] =>
  Array.from({ length: markets }, (_, market) => `KXBENCH-${market}`);

/** A wish for one contract in each part, at 0.44: the bid of a market that was just opened. */
export const wish = (signalId: string, market: string, parts: number): Signal => ({
  signalId,
  venue: 'bench',
  market,
  outcome: 'yes',
  action: 'buy',
  quantity: String(parts),
  limitPrice: '0.4400',
  timeLimitMs: 3_600_000,
  algorithm: { name: 'in_parts', parts },
});
