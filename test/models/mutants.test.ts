/**
 * The judges are judged: each seeded bug must fall to them, and not by comparison with the right
 * machine, which gives only the paths.
 */
import { describe, expect, it } from 'vitest';
import { judgeExecution } from '../support/execution-judge.ts';
import { EXECUTION_MUTANTS } from '../support/execution-mutants.ts';
import { type ExecutionRig, executionRigOf, startExecution } from '../support/execution-rig.ts';
import { EXECUTION_WORLDS, executionSubject, TARGET } from '../support/execution-world.ts';
import type { Judge } from '../support/judged.ts';
import { judgeMarket } from '../support/market-judge.ts';
import { MARKET_MUTANTS } from '../support/market-mutants.ts';
import { marketRigOf, startMarket } from '../support/market-rig.ts';
import { marketSubject } from '../support/market-world.ts';
import { edgeCover, type Subject } from '../support/paths.ts';
import { judgeSplitOrder } from '../support/split-order-judge.ts';
import { SPLIT_ORDER_MUTANTS } from '../support/split-order-mutants.ts';
import { rigOf, type SplitOrderRig, startSplitOrder } from '../support/split-order-rig.ts';
import { differencesIn, rows } from '../support/split-order-table.ts';
import { subjectOf, WORLD_LOTS, WORLDS } from '../support/split-order-world.ts';

type Verdict = () => string | null;

/** One path, walked before a judge. */
interface Trial {
  readonly length: number;
  readonly run: () => string | null;
}

/** `start` makes a subject whose rig is given to the judge that it is handed. */
function trialsOf<Rig, Event>(
  paths: readonly (readonly Event[])[],
  judgeOf: (rig: Rig) => Judge<Event>,
  start: (judge: (rig: Rig) => Judge<Event>) => Subject<Event>,
): readonly Trial[] {
  const run = (path: readonly Event[]): string | null => {
    let verdict: Verdict = () => null;
    const subject = start((rig) => {
      const judge = judgeOf(rig);
      verdict = judge.verdict;
      return judge;
    });
    for (const event of path) {
      subject.send(event);
      if (verdict() !== null) break;
    }
    subject.stop();
    return verdict();
  };
  return paths.map((path) => ({ length: path.length, run: () => run(path) }));
}

/** The shortest way to the first thing that is wrong; null if nothing is. */
function fallOf(trials: readonly Trial[]): string | null {
  for (const { run } of trials.toSorted((left, right) => left.length - right.length)) {
    const wrong = run();
    if (wrong !== null) return wrong;
  }
  return null;
}

/** Prints by which rule each of them fell; gives the names of those that did not. */
function survivors(
  kind: string,
  mutants: readonly { readonly name: string; readonly fall: string | null }[],
): readonly string[] {
  const fallen = mutants.filter(({ fall }) => fall !== null);
  console.log(`${kind}: ${fallen.length}/${mutants.length} seeded bugs found`);
  for (const { name, fall } of mutants) console.log(`  ${name}: ${fall ?? 'ALIVE'}`);
  return mutants.filter(({ fall }) => fall === null).map(({ name }) => name);
}

describe('seeded bugs', () => {
  it('of the split order are found', () => {
    const paths = WORLDS.map((world) => edgeCover(() => subjectOf(world, startSplitOrder)).paths);
    const alive = survivors(
      'split order',
      SPLIT_ORDER_MUTANTS.map(({ name, machine }) => {
        const start = rigOf(machine);
        const judgeOf = (rig: SplitOrderRig) => judgeSplitOrder(rig, WORLD_LOTS);
        const trials = WORLDS.flatMap((world, index) =>
          trialsOf(paths[index] ?? [], judgeOf, (judge) => subjectOf(world, start, judge)),
        );
        const byTable = () => rows.flatMap((row) => differencesIn(row, start))[0] ?? null;
        return { name, fall: fallOf(trials) ?? byTable() };
      }),
    );
    expect(alive).toEqual([]);
  });

  it('of the execution are found', () => {
    const paths = EXECUTION_WORLDS.map(
      (world) => edgeCover(() => executionSubject(world, startExecution)).paths,
    );
    const alive = survivors(
      'execution',
      EXECUTION_MUTANTS.map(({ name, machine }) => {
        const start = executionRigOf(machine);
        const judgeOf = (rig: ExecutionRig) => judgeExecution(rig, TARGET);
        const trials = EXECUTION_WORLDS.flatMap((world, index) =>
          trialsOf(paths[index] ?? [], judgeOf, (judge) => executionSubject(world, start, judge)),
        );
        return { name, fall: fallOf(trials) };
      }),
    );
    expect(alive).toEqual([]);
  });

  it('of the market are found', () => {
    const { paths } = edgeCover(() => marketSubject(startMarket));
    const alive = survivors(
      'market',
      MARKET_MUTANTS.map(({ name, machine }) => {
        const start = marketRigOf(machine);
        return {
          name,
          fall: fallOf(trialsOf(paths, judgeMarket, (judge) => marketSubject(start, judge))),
        };
      }),
    );
    expect(alive).toEqual([]);
  });
});
