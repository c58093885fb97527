/**
 * Runs cases until a number of inputs is reached, and judges each: nothing escapes that no contract
 * names, the built-in prototypes stay as they are, and no input takes more than 50 ms of CPU. CPU,
 * not wall: a busy machine is no fault. One that took more is judged three times again, and the
 * best counts, since a collection of garbage is no fault either.
 */
import { cpuUsage } from 'node:process';
import { integer } from '../../src/env/draws.ts';
import { seededRandom } from '../../src/env/seeded-random.ts';
import { liveHostile, plainHostile } from './hostile-values.ts';
import { copyOf, mutateText, mutateValue } from './mutate.ts';
import type { Ready, Target, Verdict } from './target.ts';

export const CPU_MS_MAX = 50;
const REST_EVERY = 50;
const STEPS_MAX = 6;
/** What a socket takes of one message. */
const TEXT_MAX = 2 ** 20;

/** A fixture and the seeds of what is done to it: "3:1f-a07c". */
export interface Case {
  readonly fixture: number;
  readonly steps: readonly number[];
}

export const textOfCase = ({ fixture, steps }: Case): string =>
  `${fixture}:${steps.map((step) => step.toString(16)).join('-')}`;

export function caseOf(text: string): Case {
  const [fixture = '', steps = ''] = text.split(':');
  const seeds = steps === '' ? [] : steps.split('-').map((step) => Number.parseInt(step, 16));
  return { fixture: Number(fixture), steps: seeds };
}

export interface Failure {
  readonly target: string;
  /** Shrunk. */
  readonly case: string;
  readonly problem: string;
  readonly reproduce: string;
}

export interface Tally {
  valid: number;
  rejected: number;
  failed: number;
  cpuMs: number;
  /** Of one input, at the first time. */
  dearestMs: number;
}

export interface FuzzResult {
  readonly seed: string;
  readonly inputs: number;
  readonly targets: Readonly<Record<string, Tally>>;
  readonly failures: readonly Failure[];
}

export interface FuzzOptions {
  readonly inputs: number;
  readonly seed: string;
  readonly targets: readonly Target[];
  readonly failuresMax?: number;
  readonly progress?: (text: string) => void;
}

export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const { inputs, seed, targets, failuresMax = 20, progress = () => undefined } = options;
  const weights = targets.reduce((sum, { weight }) => sum + weight, 0);
  const failures: Failure[] = [];
  const tallies: Record<string, Tally> = {};
  let done = 0;
  for (const target of targets) {
    const count = Math.max(1, Math.round((inputs * target.weight) / weights));
    const runner = new Runner(target, await target.prepare());
    const random = seededRandom(`${seed} ${target.name}`);
    for (let made = 0; made < count && failures.length < failuresMax; made += 1) {
      const failure = runner.run(runner.draw(random));
      if (failure !== null) failures.push(failure);
      done += 1;
      if (done % REST_EVERY !== 0) continue;
      await runner.ready.rest?.();
      progress(`${target.name}: ${done} of ${inputs} inputs, ${failures.length} failures`);
    }
    tallies[target.name] = runner.tally;
    await runner.ready.close?.();
  }
  return { seed, inputs: done, targets: tallies, failures };
}

/** One case again, and what it was made of. */
export async function replay(target: Target, text: string): Promise<string> {
  const runner = new Runner(target, await target.prepare());
  const problem = runner.problemOf(caseOf(text));
  await runner.ready.close?.();
  return `${runner.shownOf(caseOf(text))}\n${problem ?? `no failure: ${runner.lastVerdict}`}`;
}

export class Runner {
  readonly tally: Tally = { valid: 0, rejected: 0, failed: 0, cpuMs: 0, dearestMs: 0 };
  readonly ready: Ready;
  lastVerdict: Verdict = 'valid';
  readonly #target: Target;
  readonly #builtIns = new BuiltIns();

  constructor(target: Target, ready: Ready) {
    this.#target = target;
    this.ready = ready;
  }

  draw(random: ReturnType<typeof seededRandom>): Case {
    const fixture = integer(random, 0, this.ready.fixtures.length - 1);
    const count = integer(random, 0, STEPS_MAX);
    return { fixture, steps: Array.from({ length: count }, () => integer(random, 0, 2 ** 32 - 1)) };
  }

  /** Shrunk, if it fails. */
  run(one: Case): Failure | null {
    const { problem, tookMs } = this.#judged(one);
    this.tally.cpuMs += tookMs;
    this.tally.dearestMs = Math.max(this.tally.dearestMs, tookMs);
    const isFine = problem === null && (tookMs <= CPU_MS_MAX || this.problemOf(one) === null);
    this.tally[isFine ? this.lastVerdict : 'failed'] += 1;
    return isFine ? null : this.#failure(one);
  }

  /** What is wrong with it; null where nothing is. */
  problemOf(one: Case): string | null {
    const times: number[] = [];
    for (let time = 0; time < 3; time += 1) {
      const { problem, tookMs } = this.#judged(one);
      if (problem !== null || tookMs <= CPU_MS_MAX) return problem;
      times.push(tookMs);
    }
    return `it took ${Math.round(Math.min(...times))} ms of CPU`;
  }

  shownOf(one: Case): string {
    const { input, text } = this.#build(one);
    if (this.#target.textOf !== undefined) return text;
    try {
      return JSON.stringify(input) ?? String(input);
    } catch {
      return 'a value that cannot be written down';
    }
  }

  #judged(one: Case): { readonly problem: string | null; readonly tookMs: number } {
    const { input, text } = this.#build(one);
    const startMs = cpuMs();
    let escaped: string | null = null;
    try {
      this.lastVerdict = this.ready.judge(input, text);
    } catch (thrown) {
      escaped = nameOf(thrown);
    }
    const tookMs = cpuMs() - startMs;
    const changed = this.#builtIns.mend();
    return { problem: escaped ?? changed, tookMs };
  }

  #build({ fixture, steps }: Case): { readonly input: unknown; readonly text: string } {
    const { live = false, textOf } = this.#target;
    const hostile = live ? liveHostileOrPlain : plainHostile;
    const isText = (step: number): boolean => textOf !== undefined && step % 4 === 0;
    let input = copyOf(this.ready.fixtures[fixture]);
    for (const step of steps.filter((each) => !isText(each)))
      input = mutateValue(input, seededRandom(step), hostile);
    let text = (textOf?.(input) ?? '').slice(0, TEXT_MAX);
    for (const step of steps.filter(isText)) text = mutateText(text, seededRandom(step));
    return { input, text };
  }

  /** Leaves out steps while it still fails: the first of the smallest. */
  #failure(one: Case): Failure {
    let smallest = one;
    let problem = this.problemOf(one) ?? 'it failed once and not again';
    for (let index = smallest.steps.length - 1; index >= 0; index -= 1) {
      const shorter = { ...smallest, steps: smallest.steps.filter((_, place) => place !== index) };
      const still = this.problemOf(shorter);
      if (still === null) continue;
      [smallest, problem] = [shorter, still];
    }
    const { name: target } = this.#target;
    const text = textOfCase(smallest);
    const reproduce = `npm run fuzz -- --target ${target} --case ${text}`;
    return { target, case: text, problem, reproduce };
  }
}

const liveHostileOrPlain: typeof plainHostile = (random) =>
  integer(random, 0, 2) === 0 ? plainHostile(random) : liveHostile(random);

const cpuMs = (): number => {
  const { user, system } = cpuUsage();
  return (user + system) / 1_000;
};

/** First the name and the message, then where it was thrown. */
function nameOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `it threw ${typeof thrown}`;
  const where = thrown.stack?.split('\n').find((line) => /\/(src|machines)\//.test(line)) ?? '';
  return `${thrown.name}: ${thrown.message.slice(0, 300)} ${where.trim()}`.trim();
}

const BUILT_INS: readonly object[] = [Object, Array, Function, String, Number].map(
  (builtIn) => builtIn.prototype as object,
);

const descriptorsOf = (prototype: object): Map<PropertyKey, PropertyDescriptor | undefined> =>
  new Map(
    Reflect.ownKeys(prototype).map((key) => [
      key,
      Reflect.getOwnPropertyDescriptor(prototype, key),
    ]),
  );

/** The prototypes that everything inherits from, as they were at the start. */
class BuiltIns {
  readonly #before = BUILT_INS.map(descriptorsOf);

  /** What was changed, which is undone; null where nothing was. */
  mend(): string | null {
    const changed: PropertyKey[] = [];
    for (const [index, prototype] of BUILT_INS.entries()) {
      const before = this.#before[index] ?? new Map<PropertyKey, undefined>();
      for (const key of Reflect.ownKeys(prototype))
        if (!before.has(key)) {
          changed.push(key);
          Reflect.deleteProperty(prototype, key);
        }
      for (const [key, was] of before) {
        const now = Reflect.getOwnPropertyDescriptor(prototype, key);
        if (now?.value === was?.value && now?.get === was?.get) continue;
        changed.push(key);
        Object.defineProperty(prototype, key, was ?? {});
      }
    }
    return changed.length === 0
      ? null
      : `a prototype was changed: ${changed.map(String).join(', ')}`;
  }
}
