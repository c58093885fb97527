/**
 * The sessions of a bracket: for each recording every contestant in every mode, with the same
 * signals at the same times. Nothing is worked here. Throws an `InputError`.
 */
import { accessSync } from 'node:fs';
import type { Config } from '../config/schema.ts';
import { InputError, seededRandom } from '../index.ts';
import { type CancelsAheadMode, FILL_MODES } from '../venues/paper/venue.ts';
import { type Span, tapeData } from './market-data.ts';
import { type Desk, planSignals, type RunOptions, type SessionPlan } from './plan.ts';
import { type Draft, readSignals, repeated, USUAL_WISH } from './signals.ts';

export interface BracketOptions extends Omit<RunOptions, 'tape' | 'algorithm'> {
  readonly tape: readonly string[];
  readonly algorithm?: readonly string[];
}

/** As --algorithm takes it; null where each signal of a file brings its own. */
export type Contestant = string | null;

/** One session. */
export interface Heat {
  readonly mode: CancelsAheadMode;
  /** The contestant's name in the report; null for the algorithm of each execution. */
  readonly label: Contestant;
  readonly title: string;
  readonly plan: SessionPlan;
}

export function contestantsOf(
  { algorithm, signals }: BracketOptions,
  { run }: Config,
): readonly Contestant[] {
  if (algorithm === undefined)
    return [signals === undefined ? (run.algorithm ?? USUAL_WISH.algorithm.name) : null];
  const twice = algorithm.find((name, index) => algorithm.indexOf(name) !== index);
  if (twice === undefined) return algorithm;
  throw new InputError('--algorithm names each contestant once', twice, 'leave one out');
}

/** All of them, known to be there before the first one is worked. */
export function tapesOf({ tape }: BracketOptions): readonly string[] {
  for (const file of tape)
    try {
      accessSync(file);
    } catch {
      throw new InputError('a tape must be a readable file', file, 'correct its name');
    }
  return tape;
}

export function heatsOn(
  file: string,
  contestants: readonly Contestant[],
  given: BracketOptions,
  config: Config,
): readonly Heat[] {
  const { algorithm: _, tape: __, ...options } = given;
  const data = tapeData([file]);
  const random = seededRandom(config.run.seed);
  const plans = contestants.map((label) => {
    const own = label === null ? options : { ...options, algorithm: label };
    const desk: Desk = { options: own, config, random, data };
    return { label, plan: planSignals(desk, draftsOf(desk)) };
  });
  return FILL_MODES.flatMap((mode) =>
    plans.map(({ label, plan }) => ({
      mode,
      label,
      title: label ?? 'algorithms of the signals',
      plan: { ...plan, config: configFor(mode, config) },
    })),
  );
}

/** Nothing is kept: the journal of a user is not for what never happened, three times over. */
const configFor = (mode: CancelsAheadMode, config: Config): Config => {
  const { paper } = config.venues;
  const fillModel = { ...paper.fillModel, mode };
  return {
    ...config,
    venues: { ...config.venues, paper: { ...paper, fillModel } },
    engine: { ...config.engine, storeFile: null },
    run: { ...config.run, realtime: false },
  };
};

/** After a deadline, for what is still on its way. */
const REST_MS = 5_000;

function draftsOf({ options, config: { run }, data }: Desk): readonly Draft[] {
  const { signals, algorithm, market = run.market ?? data.instruments[0]?.symbol } = options;
  if (signals !== undefined) return readSignals(signals).map((draft) => openTo(algorithm, draft));
  const gapMs = run.timeLimitMs + REST_MS;
  const count = run.count ?? fitting(data.span(market === undefined ? [] : [market]), run, gapMs);
  return repeated(USUAL_WISH, count, run.atMs, gapMs).map((draft, index) => ({
    ...draft,
    wish: { ...draft.wish, outcome: index % 2 === 0 ? 'yes' : 'no' },
  }));
}

/** A file's own choice of algorithm gives way to the contestant. */
function openTo(algorithm: string | undefined, { wish, ...draft }: Draft): Draft {
  if (algorithm === undefined) return { ...draft, wish };
  const { algorithm: _, ...rest } = wish;
  return { ...draft, wish: rest };
}

/** As many as end before the recording does, one at a time; at least one. */
function fitting({ startMs, endMs }: Span, run: Config['run'], gapMs: number): number {
  const roomMs = (endMs ?? startMs) - startMs - run.atMs - run.timeLimitMs;
  return Math.max(1, Math.floor(roomMs / gapMs) + 1);
}
