/** What settings must be together; each alone has been judged before. */
import { InputError } from '../domain/errors.ts';
import type { ConfigProblem } from './config-error.ts';
import { NOT_BUILT } from './findings.ts';
import { suggestion } from './nearest.ts';
import type { Config } from './schema.ts';

/** The part of an algorithm that knows its parameters. */
export interface ParameterReader {
  readonly name: string;
  /** Throws an `InputError` for an unknown name or a bad value. */
  parameters(given: Readonly<Record<string, unknown>>): unknown;
}

export interface Effective {
  readonly config: Config;
  readonly sources: Readonly<Record<string, string>>;
  readonly sourceOf: (path: string) => string;
}

/** Names no place: nobody gave it. */
export const DEFAULT_SOURCE = 'default';

const LIVE = 'venues.kalshi';

/** What holds where a live venue is named: by a setting of it that is not null, or in vain. */
export function liveProblems(
  found: readonly ConfigProblem[],
  { config, sources }: Effective,
): readonly ConfigProblem[] {
  const given = Object.entries(sources).filter(([, source]) => source !== DEFAULT_SOURCE);
  const named = Object.entries(config.venues.kalshi).find(([, value]) => value !== null);
  const live =
    found.find(({ rule }) => rule === NOT_BUILT) ??
    (named === undefined ? null : { path: LIVE, source: sources[`${LIVE}.${named[0]}`] ?? '' });
  if (live === null) return [];
  const paper = given.find(([path]) => path.startsWith('venues.paper.'));
  const missing = Object.keys(sources).filter(
    (path) => path.startsWith('limits.') && sources[path] === DEFAULT_SOURCE,
  );
  const common = { source: live.source, value: null };
  return [
    ...(paper === undefined
      ? []
      : [
          {
            ...common,
            path: live.path,
            rule: `must not stand beside venues.paper (${paper[1]})`,
            wayOut: 'a session is live or on paper: put one of them into a profile',
          },
        ]),
    ...missing.map((path) => ({
      ...common,
      path,
      rule: 'must be given for a live venue',
      wayOut: 'every limit is a decision: those of the paper account do not count',
    })),
  ];
}

export const togetherProblems = (
  effective: Effective,
  algorithms: readonly ParameterReader[],
): readonly ConfigProblem[] => [
  ...callProblems(effective),
  ...stressProblems(effective),
  ...algorithmProblems(effective, algorithms),
];

function callProblems({ config, sourceOf }: Effective): readonly ConfigProblem[] {
  const { calls, cancelReserve } = config.callLimits;
  if (cancelReserve < calls) return [];
  const isDefault = sourceOf('callLimits.cancelReserve') === DEFAULT_SOURCE;
  // Whoever gave one of the two is told of that one.
  const path = isDefault ? 'callLimits.calls' : 'callLimits.cancelReserve';
  return [
    {
      path,
      source: sourceOf(path),
      rule: 'must leave room for orders: fewer calls are kept for cancels than there are',
      value: `${cancelReserve} of ${calls}`,
      wayOut: 'raise callLimits.calls or lower callLimits.cancelReserve',
    },
  ];
}

function stressProblems({ config, sourceOf }: Effective): readonly ConfigProblem[] {
  const range = config.venues.paper.fillModel.stress?.penniedAfterMs ?? null;
  if (range === null || range.from <= range.to) return [];
  const path = 'venues.paper.fillModel.stress';
  return [
    {
      path,
      source: sourceOf(path),
      rule: 'must have a penniedAfterMs that runs from less to more',
      value: `${range.from} to ${range.to}`,
      wayOut: 'exchange the two',
    },
  ];
}

function algorithmProblems(
  { config, sourceOf }: Effective,
  known: readonly ParameterReader[],
): readonly ConfigProblem[] {
  return Object.entries(config.algorithms).flatMap(([name, given]) => {
    const path = `algorithms.${name}`;
    const definition = known.find((each) => each.name === name);
    if (definition === undefined) {
      const names = known.map((each) => each.name);
      const common = { path, source: sourceOf(path), value: null };
      return [{ ...common, rule: 'is no algorithm', wayOut: suggestion(name, names) }];
    }
    try {
      definition.parameters(given);
      return [];
    } catch (thrown) {
      if (!(thrown instanceof InputError)) throw thrown;
      return [parameterProblem(path, given, thrown, sourceOf)];
    }
  });
}

/** The one that the complaint names is the one to point at. */
function parameterProblem(
  path: string,
  given: Readonly<Record<string, unknown>>,
  { rule, value, wayOut }: InputError,
  sourceOf: (path: string) => string,
): ConfigProblem {
  const names = Object.keys(given);
  const named = names.find((name) => rule.startsWith(name) || value === `"${name}"`);
  const source = sourceOf(`${path}.${named ?? names[0] ?? ''}`);
  return { path, source, rule: `cannot be used: ${rule}`, value, wayOut };
}
