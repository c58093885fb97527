/** Many lives, a few at a time, and what came of all of them. */
import type { CrashPoint } from './crash-points.ts';
import type { Judgement } from './judge.ts';
import { Life, type LifeReport } from './life.ts';
import { Plans } from './plans.ts';

/** Kills in one life: more make its journal long, and its end slow. */
const CYCLES_PER_LIFE = 25;
/** Lives beyond those that were asked for, where a crash point was not met. */
const EXTRA_LIVES_MAX = 4;

export interface CampaignOptions {
  /** The packed process that gets killed. */
  readonly script: string;
  /** Crash points that are planted in it. */
  readonly points: readonly CrashPoint[];
  readonly cycles: number;
  readonly seed: string;
  /** The first cycle; those before it are left out. */
  readonly from: number;
  /** Leaves the files of lives that went wrong. */
  readonly keeps: boolean;
  /** Goes on for a while where a crash point was not met. */
  readonly insists: boolean;
  /** Lives at once. */
  readonly jobs: number;
  readonly progress: (done: number) => void;
}

export interface CampaignReport extends Judgement {
  readonly cycles: number;
  /** The cycle to go on from. */
  readonly next: number;
  /** How often each crash point was met. */
  readonly points: Readonly<Record<string, number>>;
  /** Crash points that never were. */
  readonly missed: readonly string[];
  /** What was under way when an engine was killed. */
  readonly windows: Readonly<Record<string, number>>;
  readonly troubles: Readonly<Record<string, number>>;
}

interface Task {
  readonly seed: string;
  readonly number: number;
  readonly from: number;
  readonly cycles: number;
}

function* tasks(
  { cycles, seed, from }: CampaignOptions,
  isMissing: () => boolean,
): Generator<Task> {
  const taskOf = (number: number, count: number): Task => {
    const start = number * CYCLES_PER_LIFE;
    return {
      seed: `${seed}/${number}`,
      number,
      from: start,
      cycles: Math.min(count, CYCLES_PER_LIFE),
    };
  };
  let number = Math.floor(from / CYCLES_PER_LIFE);
  for (; number * CYCLES_PER_LIFE < cycles; number += 1)
    yield taskOf(number, cycles - number * CYCLES_PER_LIFE);
  // On a slow machine a point may need more than one try.
  for (let extra = 0; extra < EXTRA_LIVES_MAX && isMissing(); extra += 1)
    yield taskOf(number + extra, CYCLES_PER_LIFE);
}

export class Campaign {
  readonly #options: CampaignOptions;
  readonly #plans: Plans;
  readonly #reports: LifeReport[] = [];
  readonly #living = new Map<Life, Task>();
  #done = 0;
  #isStopped = false;

  constructor(options: CampaignOptions) {
    this.#options = options;
    this.#plans = new Plans(options.points);
  }

  async run(): Promise<CampaignReport> {
    const waiting = tasks(
      this.#options,
      () => this.#options.insists && this.#plans.missed.length > 0,
    );
    const work = async (): Promise<void> => {
      for (const task of waiting) {
        if (this.#isStopped) return;
        await this.#live(task);
      }
    };
    await Promise.all(Array.from({ length: this.#options.jobs }, work));
    return this.report();
  }

  /** What has ended until now; lives that are under way do not count. */
  report(): CampaignReport {
    const reports = this.#reports;
    const sum = (of: (report: LifeReport) => number): number =>
      reports.reduce((total, report) => total + of(report), 0);
    const starts = [...this.#living.values()].map(({ from }) => from);
    return {
      cycles: sum(({ cycles }) => cycles),
      next: Math.min(...starts, this.#options.from + this.#done),
      orders: sum(({ orders }) => orders),
      fills: sum(({ fills }) => fills),
      executions: sum(({ executions }) => executions),
      resumed: sum(({ resumed }) => resumed),
      repeats: sum(({ repeats }) => repeats),
      violations: reports.flatMap(({ violations }) => violations),
      points: Object.fromEntries(this.#plans.hits),
      missed: this.#plans.missed,
      windows: added(reports.map(({ kills }) => kills)),
      troubles: added(reports.map(({ troubles }) => troubles)),
    };
  }

  /** Leaves the lives that are under way. */
  stop(): void {
    this.#isStopped = true;
    for (const life of this.#living.keys()) life.abandon();
  }

  async #live(task: Task): Promise<void> {
    const { script, keeps } = this.#options;
    const life = new Life({ ...task, script, keeps, plans: this.#plans });
    this.#living.set(life, task);
    const report = await life.run(task.cycles, () => {
      this.#done += 1;
      this.#options.progress(this.#done);
    });
    this.#living.delete(life);
    const at = report.kept === null ? '' : ` (life ${task.seed}, kept in ${report.kept})`;
    this.#reports.push({ ...report, violations: report.violations.map((line) => line + at) });
  }
}

function added(counts: readonly ReadonlyMap<string, number>[]): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  for (const each of counts)
    for (const [name, count] of each) sums.set(name, (sums.get(name) ?? 0) + count);
  return Object.fromEntries([...sums].toSorted(([left], [right]) => left.localeCompare(right)));
}
