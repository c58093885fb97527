/**
 * What our charts cost beside the cheapest XState of the same three levels, in the same run: a
 * split order's whole life, one more fill of an order that rests, and that among ten thousand.
 */
import {
  atMost,
  type Bench,
  type BenchOptions,
  type BenchResult,
  paceOf,
  scaled,
} from './bench.ts';
import { beside, cost, interleaved, type Measured, ratio } from './measure.ts';
import { bareTree, FILLS, ORDER_NUMBERS, ORDERS, ourTree, QUANTITY, type Tree } from './trees.ts';

const EXECUTIONS = 200;
const EXECUTIONS_FILLED = 20;
const MARKETS = 1_000;
const ROUNDS = 9;
const FULL_HOUSE_ROUNDS = 3;
const FULL_HOUSE_FILLS = 2;

/** Spawn, acknowledge, fill, end, stop; counted in orders. */
function lives(tree: Tree, executions: number): number {
  for (let index = 0; index < executions; index += 1) {
    const id = `x${index}`;
    tree.open(id);
    for (const order of ORDER_NUMBERS) tree.acknowledge(id, order);
    for (const order of ORDER_NUMBERS) tree.fill(id, order, 0, QUANTITY);
    if (!tree.isEnded(id)) throw new Error(`${id} has not ended`);
    tree.dismiss(id);
  }
  tree.stop();
  return executions * ORDERS;
}

/** A market whose executions have all of their orders resting. */
function resting(tree: Tree, executions: number): { readonly tree: Tree; readonly ids: string[] } {
  const ids = Array.from({ length: executions }, (_, index) => `x${index}`);
  for (const id of ids) {
    tree.open(id);
    for (const order of ORDER_NUMBERS) tree.acknowledge(id, order);
  }
  return { tree, ids };
}

/** One lot for every order of every execution, then again. */
function fillsOf(makeTree: () => Tree, executions: number) {
  const { tree, ids } = resting(makeTree(), executions);
  return {
    work(): number {
      for (let fill = 0; fill < FILLS; fill += 1)
        for (const id of ids) for (const order of ORDER_NUMBERS) tree.fill(id, order, fill, 1);
      tree.stop();
      return executions * ORDERS * FILLS;
    },
  };
}

/** The same fills in two orders: market by market (hot), or each in another market (cold). */
function fullHouse(markets: number, order: 'hot' | 'cold') {
  const house = Array.from({ length: markets }, () => resting(ourTree(), 1).tree);
  const rounds = Array.from({ length: FULL_HOUSE_FILLS * ORDERS }, (_, round) => round);
  const fill = (tree: Tree, round: number): void =>
    tree.fill('x0', round % ORDERS, Math.floor(round / ORDERS), 1);
  return {
    work(): number {
      if (order === 'hot') for (const tree of house) for (const round of rounds) fill(tree, round);
      else for (const round of rounds) for (const tree of house) fill(tree, round);
      for (const tree of house) tree.stop();
      return rounds.length * house.length;
    },
  };
}

async function run({ scale, progress }: BenchOptions): Promise<BenchResult> {
  const pace = paceOf(ROUNDS, scale);
  const executions = scaled(EXECUTIONS, scale, 1);
  progress('lives');
  const lived = await interleaved(
    [
      { name: 'ours', work: () => lives(ourTree(), executions) },
      { name: 'bare XState', work: () => lives(bareTree(), executions) },
    ],
    pace,
  );
  progress('fills');
  const few = scaled(EXECUTIONS_FILLED, scale, 1);
  const filled = await interleaved(
    [
      { name: 'ours', prepare: () => fillsOf(ourTree, few) },
      { name: 'bare XState', prepare: () => fillsOf(bareTree, few) },
    ],
    pace,
  );
  const markets = scaled(MARKETS, scale, 2);
  progress(`fills among ${markets * ORDERS} orders`);
  const [hot, cold] = await interleaved(
    [
      { name: 'the same market', prepare: () => fullHouse(markets, 'hot') },
      { name: 'any market', prepare: () => fullHouse(markets, 'cold') },
    ],
    paceOf(FULL_HOUSE_ROUNDS, scale),
  );
  return {
    figures: [
      besideBare('a split order, spawn to stop', 'us/order', lived),
      besideBare('one more fill of a resting order', 'us/fill', filled),
      {
        name: `a fill among ${markets * ORDERS} orders`,
        value: cost(cold),
        unit: 'us/fill',
        beside: beside(cold, hot),
        aim: atMost('cold at most 3x hot', ratio(cold, hot), 3),
      },
    ],
    notes: [`executions of ${ORDERS} orders; effects do nothing`],
  };
}

function besideBare(name: string, unit: string, [ours, bare]: readonly [Measured, Measured]) {
  const aim = atMost('at most 2x bare XState', ratio(ours, bare), 2);
  return { name, value: cost(ours), unit, beside: beside(ours, bare), aim };
}

export const actors: Bench = {
  name: 'actors',
  title: 'split orders in the charts, beside bare XState of the same three levels',
  run,
};
