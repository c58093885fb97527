/**
 * What one setting may be. Each leaf of the schema carries its default and its rule in words, so
 * that errors, the published schema and the documentation say the same.
 */
import { z } from 'zod';

export interface Facts {
  /** Undefined where there is none: a parameter of an algorithm has its own. */
  readonly fallback: unknown;
  /** "must be ..." */
  readonly rule: string;
}

const FACTS = z.registry<Facts>();

export function factsOf(schema: z.ZodType): Facts {
  return FACTS.get(schema) ?? { fallback: undefined, rule: 'must be usable' };
}

/** A leaf of the schema: `rule` goes on after its name, `purpose` is for whoever edits the file. */
export function leaf<Schema extends z.ZodType>(
  schema: Schema,
  fallback: z.output<Schema> | undefined,
  rule: string,
  purpose: string,
): Schema {
  const described = schema.meta({
    description: `${purpose} It ${rule}.`,
    ...(fallback === undefined ? {} : { default: fallback }),
  });
  FACTS.add(described, { fallback, rule });
  return described;
}

/** Money and quantities are text: a JSON number is a float to most that read it. */
const notNegative = z.string().regex(/^\d{1,18}(?:\.\d{1,18})?$/);
const positive = z.string().regex(/^(?=.*[1-9])\d{1,18}(?:\.\d{1,18})?$/);

export const amount = (fallback: string, purpose: string) =>
  leaf(positive, fallback, 'must be a positive decimal as text', purpose);

export const amountOrZero = (fallback: string, purpose: string) =>
  leaf(notNegative, fallback, 'must be a decimal as text, 0 or more', purpose);

export const amountOrNull = (purpose: string) =>
  leaf(positive.nullable(), null, 'must be a positive decimal as text, or null', purpose);

export interface Range {
  readonly least: number;
  readonly most: number;
}

const whole = ({ least, most }: Range) => z.int().min(least).max(most);
const between = ({ least, most }: Range): string => `from ${least} to ${most}`;

/** A count, or milliseconds. */
export const count = (fallback: number, range: Range, purpose: string) =>
  leaf(whole(range), fallback, `must be a whole number ${between(range)}`, purpose);

export const countOrNull = (fallback: number | null, range: Range, purpose: string) =>
  leaf(
    whole(range).nullable(),
    fallback,
    `must be a whole number ${between(range)}, or null`,
    purpose,
  );

/** A statistic such as an exponent; never money, hence a plain number. */
export const statistic = (fallback: number, { least, most }: Range, purpose: string) =>
  leaf(
    z.number().min(least).max(most),
    fallback,
    `must be a number ${between({ least, most })}`,
    purpose,
  );

export const choice = <const Choice extends string>(
  fallback: Choice,
  choices: readonly Choice[],
  purpose: string,
) => leaf(z.enum(choices), fallback, `must be one of ${choices.join(', ')}`, purpose);

export const choiceOrNull = <const Choice extends string>(
  choices: readonly Choice[],
  purpose: string,
) =>
  leaf(z.enum(choices).nullable(), null, `must be one of ${choices.join(', ')}, or null`, purpose);

const TEXT_MAX = 1_000;
const someText = z.string().min(1).max(TEXT_MAX);

export const text = (fallback: string, purpose: string) =>
  leaf(someText, fallback, 'must be text', purpose);

export const textOrNull = (purpose: string) =>
  leaf(someText.nullable(), null, 'must be text, or null', purpose);

export const flag = (fallback: boolean, purpose: string) =>
  leaf(z.boolean(), fallback, 'must be true or false', purpose);
