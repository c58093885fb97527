/**
 * An algorithm that does what no sane one would: places pieces, moves and withdraws them, asks for
 * more, at random. It exists to bring every command into every state, and breaks when told to.
 */
import type {
  AlgorithmDefinition,
  Decision,
  Directive,
  ExecutionView,
} from '../../src/algorithms/algorithm.ts';
import { lots, type Ticks, ticks } from '../../src/domain/numbers.ts';
import { chance, integer, pick } from '../../src/env/draws.ts';
import type { Ground } from './ground.ts';

/** Orders of one execution that are alive at once, and moves of one order. */
const [ORDERS_MAX, WALKS_MAX, DECISIONS_MAX] = [4, 6, 40];

type Count = { readonly decisions: number };

export function restless({ random: world, faults }: Ground): AlgorithmDefinition<object, Count> {
  const random = world.fork('restless');

  const near = ({ cap, action }: ExecutionView<object, Count>): Ticks => {
    const away = integer(random, 0, 6);
    return ticks(Math.max(1, Math.min(99, action === 'buy' ? cap - away : cap + away)));
  };

  const place = (view: ExecutionView<object, Count>): readonly Directive[] => {
    if (view.unreleased === 0 || !view.market.fresh || view.callsLeft < 2) return [];
    if (view.orders.length >= ORDERS_MAX) return [];
    const timeInForce = pick(random, ['gtc', 'gtc', 'gtc', 'ioc', 'fok'] as const);
    const order = {
      kind: 'place' as const,
      price: near(view),
      quantity: lots(integer(random, 1, view.unreleased)),
      timeInForce,
      postOnly: timeInForce === 'gtc' && chance(random, 0.2),
      reason: 'a whim',
    };
    return [order];
  };

  const disturb = (view: ExecutionView<object, Count>): readonly Directive[] => {
    const idle = view.orders.filter(({ working, busy }) => working && !busy);
    if (idle.length === 0 || view.callsLeft < 3) return [];
    const { splitOrderId, price, walks } = pick(random, idle);
    const to = near(view);
    const isWalk = chance(random, 0.7) && to !== price && walks < WALKS_MAX && view.market.fresh;
    if (isWalk) return [{ kind: 'reprice', splitOrderId, price: to, reason: 'another whim' }];
    return [{ kind: 'cancel', splitOrderId, reason: 'tired of it' }];
  };

  const decide = (view: ExecutionView<object, Count>): Decision<Count> => {
    if (faults.strikes('algorithmThrows')) throw new Error('a planted fault of the algorithm');
    const decisions = (view.state?.decisions ?? 0) + 1;
    const state = { decisions };
    if (decisions > DECISIONS_MAX)
      return { directives: [{ kind: 'finish', reason: 'enough' }], state };
    const deeds = chance(random, 0.5) ? place(view) : disturb(view);
    const timeMs = view.nowMs + integer(random, 300, 4_000);
    return { directives: [...deeds, { kind: 'waitUntil', timeMs, reason: 'a pause' }], state };
  };

  return {
    name: 'restless',
    version: 1,
    parameters: () => ({}),
    plan: (view) => {
      const { directives, state } = decide(view);
      return { directives: [...place(view), ...directives.slice(-1)], state };
    },
    decide,
    wakesOn: { touch: true, trade: false },
  };
}
