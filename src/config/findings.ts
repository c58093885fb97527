/**
 * One source of settings (a file, a profile, the environment, the options) as single settings, each
 * judged by the schema's leaf. It goes on after a fault: a reader hears of all of them.
 */
import { z } from 'zod';
import { type ConfigProblem, shownValue } from './config-error.ts';
import { factsOf } from './leaves.ts';
import { suggestion } from './nearest.ts';

export interface Setting {
  readonly path: string;
  readonly value: unknown;
  readonly source: string;
}

export interface Findings {
  readonly settings: readonly Setting[];
  readonly problems: readonly ConfigProblem[];
}

export const merged = (all: readonly Findings[]): Findings => ({
  settings: all.flatMap(({ settings }) => settings),
  problems: all.flatMap(({ problems }) => problems),
});

export const problem = (found: ConfigProblem): Findings => ({ settings: [], problems: [found] });

export type SourceOf = (path: string) => string;

/** Their plan has a folder each, and nothing in it trades yet. */
const RESERVED_VENUES = ['polymarket', 'alpaca', 'coinbase', 'ccxt'];
export const NOT_BUILT = 'is not built yet';

const SECRET =
  /(?:private|secret|api|signing|access)_?key$|secret|passw|passphrase|mnemonic|token|credential/i;
/** "privateKeyFile" names where a secret is, and is none. */
const NAMES_A_FILE = /file$/i;

/** The key without the value of a setting that nobody may write down. */
const holdsSecret = (key: string): boolean => SECRET.test(key) && !NAMES_A_FILE.test(key);

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);
const lastOf = (path: string): string => path.split('.').at(-1) ?? path;

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Sections are walked into; everything else is a leaf, objects of several values included. */
export function findingsIn(
  schema: z.ZodType,
  value: unknown,
  sourceOf: SourceOf,
  path = '',
): Findings {
  if (!(schema instanceof z.ZodObject) && !(schema instanceof z.ZodRecord))
    return leafFindings(schema, value, path, sourceOf(path));
  if (!isObject(value))
    return problem({
      path,
      source: sourceOf(path),
      rule: 'must be an object',
      value: shownValue(value),
      wayOut: 'write it as {...}',
    });
  const entries = Object.entries(value);
  // An algorithm without parameters: its name is still to be judged.
  if (schema instanceof z.ZodRecord && entries.length === 0)
    return { settings: [{ path, value: {}, source: sourceOf(path) }], problems: [] };
  return merged(
    entries.map(([key, inner]) => {
      const at = join(path, key);
      const known = innerSchema(schema, key);
      if (known === null) return { settings: [], problems: refusals(schema, at, inner, sourceOf) };
      return findingsIn(known, inner, sourceOf, at);
    }),
  );
}

/** What stands under a key of a section; null where the section has no such key. */
function innerSchema(schema: z.ZodObject | z.ZodRecord, key: string): z.ZodType | null {
  if (schema instanceof z.ZodObject) {
    const shape: Readonly<Record<string, z.ZodType>> = schema.shape;
    return Object.hasOwn(shape, key) ? (shape[key] ?? null) : null;
  }
  const { keyType, valueType } = schema as z.ZodRecord<z.ZodString, z.ZodType>;
  return keyType.safeParse(key).success ? valueType : null;
}

function leafFindings(schema: z.ZodType, value: unknown, path: string, source: string): Findings {
  if (schema.safeParse(value).success) return { settings: [{ path, value, source }], problems: [] };
  const { rule, fallback } = factsOf(schema);
  const wayOut =
    fallback === undefined ? 'correct it' : `the default is ${JSON.stringify(fallback)}`;
  return problem({ path, source, rule, value: shownValue(value), wayOut });
}

/** Why a key is refused. Its value is never told: it may be a secret under a wrong name. */
function refusals(
  schema: z.ZodObject | z.ZodRecord,
  path: string,
  value: unknown,
  sourceOf: SourceOf,
): readonly ConfigProblem[] {
  const key = lastOf(path);
  const common = { path, source: sourceOf(path), value: null };
  const secret = secretIn(path, value);
  const found: ConfigProblem[] = [];
  if (secret !== null)
    found.push({
      ...common,
      path: secret,
      source: sourceOf(secret),
      rule: 'is a secret: no file of settings and no variable holds one',
      wayOut: 'keep it in a file of its own and name that with privateKeyFile',
    });
  if (path === `venues.${key}` && RESERVED_VENUES.includes(key))
    found.push({ ...common, rule: NOT_BUILT, wayOut: 'trade on venues.paper' });
  if (found.length > 0) return found;
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  return [{ ...common, rule: 'is no setting', wayOut: suggestion(key, known) }];
}

function secretIn(path: string, value: unknown): string | null {
  if (holdsSecret(lastOf(path))) return path;
  if (!isObject(value)) return null;
  for (const [key, inner] of Object.entries(value)) {
    const found = secretIn(join(path, key), inner);
    if (found !== null) return found;
  }
  return null;
}
