/**
 * Settings from environment variables: DEPTHWALKER__SECTION__KEY, where two underscores nest and
 * MAX_ORDER_QUANTITY stands for maxOrderQuantity. All text is read as its setting wants it.
 */
import { z } from 'zod';
import { type Findings, findingsIn, merged } from './findings.ts';

const PREFIX = 'DEPTHWALKER__';
/** Chooses the profile, and is no setting itself. */
export const PROFILE_VARIABLE = `${PREFIX}PROFILE`;

export type Environment = Readonly<Record<string, string | undefined>>;

/** `sourceOf` says where a variable comes from: its name, and that of the file it stands in. */
export function environmentFindings(
  schema: z.ZodType,
  environment: Environment,
  sourceOf: (variable: string) => string,
): Findings {
  const ours = Object.entries(environment).filter(
    ([variable]) => variable.startsWith(PREFIX) && variable !== PROFILE_VARIABLE,
  );
  return merged(
    ours.map(([variable, text = '']) => {
      const tree = treeOf(schema, variable.slice(PREFIX.length).split('__'), text);
      return findingsIn(schema, tree, () => sourceOf(variable));
    }),
  );
}

/** What a file would say: the text below its keys, by their names where they are known. */
function treeOf(schema: z.ZodType | null, segments: readonly string[], text: string): unknown {
  const [segment, ...rest] = segments;
  if (segment === undefined) return schema === null ? text : readAs(schema, text);
  const { key, inner } = stepInto(schema, segment);
  return { [key]: treeOf(inner, rest, text) };
}

interface Step {
  readonly key: string;
  readonly inner: z.ZodType | null;
}

const plain = (name: string): string => name.replaceAll('_', '').toLowerCase();
const camelCase = (name: string): string =>
  name.toLowerCase().replaceAll(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Keys of a section are matched; those of an open one are an algorithm's or a parameter's. */
function stepInto(schema: z.ZodType | null, segment: string): Step {
  if (schema instanceof z.ZodObject) {
    const known = Object.entries<z.ZodType>(schema.shape).find(
      ([key]) => key.toLowerCase() === plain(segment),
    );
    if (known !== undefined) return { key: known[0], inner: known[1] };
  }
  if (!(schema instanceof z.ZodRecord)) return { key: camelCase(segment), inner: null };
  const { valueType: inner } = schema as z.ZodRecord<z.ZodString, z.ZodType>;
  // Algorithms are named with underscores, their parameters in camel case.
  const key = inner instanceof z.ZodRecord ? segment.toLowerCase() : camelCase(segment);
  return { key, inner };
}

/** Text where the setting takes text; else the JSON that it spells, if any. */
export function readAs(schema: z.ZodType, text: string): unknown {
  if (text === 'null' && schema.safeParse(null).success) return null;
  if (schema.safeParse(text).success) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // No JSON either: the setting's own rule says what is wrong with it.
    return text;
  }
}
