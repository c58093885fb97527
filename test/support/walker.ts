/** A depth walker in the middle of its work: 68 bid, 71 asked, buyers in a hurry. */
import type { Decision, ExecutionView, Trigger } from '../../src/algorithms/algorithm.ts';
import { dynamicDepthWalker } from '../../src/algorithms/dynamic-depth-walker.ts';
import type { WalkerParameters, WalkerState } from '../../src/algorithms/walker-state.ts';
import { lots } from '../../src/domain/numbers.ts';
import { cents, contracts, type MarketSketch, order, type Prints, START_MS, view } from './view.ts';

export type View = ExecutionView<WalkerParameters, WalkerState>;
export type Given = Readonly<Record<string, unknown>>;

export const LIQUID = {
  bids: '50@68 20@67 10@60',
  asks: '80@71 40@73 500@74',
} as const;
export const given = (
  sketch: MarketSketch & Partial<View> = LIQUID,
  parameters: Given = {},
): View => view(dynamicDepthWalker.parameters(parameters), sketch);

/** Buyers took 4 in every interval of the lookback, and 8 in the last one. */
export const usual = (last: number): Prints =>
  Array.from(
    { length: 30 },
    (_, index) =>
      [START_MS + 6_000 - 4_000 * index - 1_000, 'buy', index === 0 ? last : 4] as const,
  ).toReversed();
export const BURST = usual(8);
export const CALM = usual(4);

export const STATE: WalkerState = {
  category: 'liquid',
  depth: 12_000,
  placedAtMs: START_MS,
  nextCheckAtMs: START_MS + 5_000,
  residual: 'resting',
  holds: {},
};
export const FIRST = order({ splitOrderId: 'first', price: cents(68) });
export const SECOND = order({ splitOrderId: 'second', price: cents(67), quantity: contracts(40) });

/** Six seconds in, both orders rest and their hold is over. */
export const resting = (sketch: MarketSketch & Partial<View> = {}, parameters: Given = {}): View =>
  given(
    {
      ...LIQUID,
      prints: BURST,
      nowMs: START_MS + 6_000,
      orders: [FIRST, SECOND],
      unreleased: lots(0),
      state: STATE,
      ...sketch,
    },
    parameters,
  );
export const decide = (sketch: View, trigger: Trigger = 'timer'): Decision<WalkerState> =>
  dynamicDepthWalker.decide(sketch, trigger);
/** What is placed, as size@price. */
export const placesOf = ({ directives }: Decision<WalkerState>): string =>
  directives
    .flatMap((directive) =>
      directive.kind === 'place' ? [`${directive.quantity / 100}@${directive.price / 100}`] : [],
    )
    .join(' ');
export const walksOf = ({ directives }: Decision<WalkerState>): Readonly<Record<string, number>> =>
  Object.fromEntries(
    directives.flatMap((directive) =>
      directive.kind === 'reprice'
        ? [[directive.splitOrderId, directive.price / 100] as const]
        : [],
    ),
  );
export const plan = (sketch: MarketSketch & Partial<View>, parameters: Given = {}) =>
  dynamicDepthWalker.plan(given(sketch, parameters));
