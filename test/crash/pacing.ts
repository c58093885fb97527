/** An algorithm that never leaves its orders alone: it makes the walks that the tests kill. */
import type {
  AlgorithmDefinition,
  Directive,
  ExecutionView,
} from '../../src/algorithms/algorithm.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';

export const PACING = 'pacing';

/** Two orders within the limit, one of them a few cents back; both walk to and fro. */
export const pacing: AlgorithmDefinition<null> = {
  name: PACING,
  version: 1,
  wakesOn: { touch: true, trade: false },
  parameters: () => null,
  plan: (view) => ({ directives: rest(view), state: null }),
  decide: (view) => ({ directives: [...walk(view), ...rest(view)], state: null }),
};

const inward = ({ action, cap }: ExecutionView<null>, cents: number) =>
  ticks(action === 'buy' ? cap - cents : cap + cents);

function rest(view: ExecutionView<null>): readonly Directive[] {
  const { unreleased } = view;
  if (unreleased === 0) return [];
  const first = Math.ceil(unreleased / 2);
  return [first, unreleased - first]
    .filter((quantity) => quantity > 0)
    .map((quantity, index) => ({
      kind: 'place',
      price: inward(view, 3 + index * 2),
      quantity: lots(quantity),
      timeInForce: 'gtc',
      postOnly: false,
      reason: 'a place to start from',
    }));
}

const walk = (view: ExecutionView<null>): readonly Directive[] =>
  view.orders
    .filter(({ working, busy }) => working && !busy)
    .map(({ splitOrderId, price }) => ({
      kind: 'reprice',
      splitOrderId,
      price: inward(view, price === inward(view, 3) ? 4 : 3),
      reason: 'to and fro',
    }));
