/**
 * The configuration of a program: defaults, then the file, a profile of it, the environment and the
 * options, each over the ones before. It opens nothing but what `readFile` gives it, and says all
 * that is wrong at once.
 */
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { invariant } from '../domain/errors.ts';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import { type Environment, environmentFindings, PROFILE_VARIABLE } from './environment.ts';
import { fileFindings, type ProfileChoice, unreadable } from './file.ts';
import { type Findings, findingsIn, merged, type Setting } from './findings.ts';
import { factsOf } from './leaves.ts';
import { DEFAULT_SOURCE, liveProblems, type ParameterReader, togetherProblems } from './rules.ts';
import { type Config, configSchema } from './schema.ts';

export const ENV_FILE = '.env';

/** A setting given by the program itself or by an option of its command line. */
export interface Override {
  /** "limits.maxPosition" */
  readonly path: string;
  readonly value: unknown;
  /** As errors and the echo name it: "--seed". */
  readonly source: string;
}

export interface ConfigRequest {
  /** Must exist; without it `depthwalker.config.json` is read where there is one. */
  readonly file?: string;
  /** Of the process; it goes before what stands in `.env`. */
  readonly env?: Environment;
  readonly profile?: string;
  readonly overrides?: readonly Override[];
  /** What the caller found wrong with its own options: told with all the rest. */
  readonly problems?: readonly ConfigProblem[];
  /** Whose parameters the section `algorithms` may set. */
  readonly algorithms?: readonly ParameterReader[];
  /** False where no orders are sent: a live venue asks for no limits then. */
  readonly trades?: boolean;
  /** The text of a file, null where there is none; what it throws is one of the errors. */
  readonly readFile: (path: string) => string | null;
}

export interface LoadedConfig {
  readonly config: Config;
  /** Where each setting comes from, by its path, defaults included. */
  readonly sources: Readonly<Record<string, string>>;
}

/** Throws a `ConfigError`, which is an `InputError`, with all that is wrong. */
export function loadConfig(request: ConfigRequest): LoadedConfig {
  const { file = null, env = {}, overrides = [], algorithms = [], readFile } = request;
  const dotEnv = dotEnvironment(readFile);
  const sourceOf = (variable: string): string =>
    variable in env ? variable : `${variable} in ${ENV_FILE}`;
  const all = { ...dotEnv.variables, ...env };
  const found = merged([
    { settings: defaultsOf(configSchema), problems: [] },
    fileFindings({ file, readFile, profile: profileOf(request, all, sourceOf) }),
    dotEnv.findings,
    environmentFindings(configSchema, all, sourceOf),
    ...overrides.map(({ path, value, source }) =>
      findingsIn(configSchema, nested(path.split('.'), value), () => source),
    ),
  ]);
  const effective = effectiveOf(found.settings);
  const problems = [
    ...(request.problems ?? []),
    ...found.problems,
    ...(request.trades === false ? [] : liveProblems(found.problems, effective)),
    ...togetherProblems(effective, algorithms),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  return { config: effective.config, sources: effective.sources };
}

function profileOf(
  { profile }: ConfigRequest,
  env: Environment,
  sourceOf: (variable: string) => string,
): ProfileChoice | null {
  if (profile !== undefined) return { name: profile, source: '--profile' };
  const name = env[PROFILE_VARIABLE];
  return name === undefined ? null : { name, source: sourceOf(PROFILE_VARIABLE) };
}

interface DotEnvironment {
  readonly variables: Environment;
  readonly findings: Findings;
}

function dotEnvironment(readFile: ConfigRequest['readFile']): DotEnvironment {
  try {
    const variables = parseEnv(readFile(ENV_FILE) ?? '') as Environment;
    return { variables, findings: merged([]) };
  } catch (thrown) {
    return { variables: {}, findings: unreadable(ENV_FILE, thrown) };
  }
}

const nested = ([key, ...rest]: readonly string[], value: unknown): unknown =>
  key === undefined ? value : { [key]: nested(rest, value) };

function defaultsOf(schema: z.ZodType, path = ''): readonly Setting[] {
  if (schema instanceof z.ZodRecord) return [];
  if (schema instanceof z.ZodObject)
    return Object.entries<z.ZodType>(schema.shape).flatMap(([key, inner]) =>
      defaultsOf(inner, path === '' ? key : `${path}.${key}`),
    );
  return [{ path, value: factsOf(schema).fallback, source: DEFAULT_SOURCE }];
}

/** The last setting of each path counts. */
function effectiveOf(settings: readonly Setting[]) {
  const last = new Map(settings.map((setting) => [setting.path, setting]));
  const tree: Record<string, unknown> = { algorithms: {} };
  for (const { path, value } of last.values()) plant(tree, path.split('.'), value);
  const parsed = configSchema.safeParse(tree);
  invariant(parsed.success, 'good settings make a good configuration', parsed.error?.message);
  const sources = Object.fromEntries([...last.values()].map(({ path, source }) => [path, source]));
  const given = [...last.keys()];
  return {
    config: parsed.data,
    sources,
    sourceOf: (path: string): string =>
      sources[path] ?? sources[given.find((each) => each.startsWith(`${path}.`)) ?? ''] ?? '',
  };
}

function plant(tree: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key = '', ...rest] = path;
  // Own keys only: "constructor" is a name as good as any. A section that is there keeps its keys.
  if (!Object.hasOwn(tree, key)) tree[key] = rest.length === 0 ? value : {};
  if (rest.length > 0) plant(tree[key] as Record<string, unknown>, rest, value);
}
