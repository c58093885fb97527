/**
 * A second reading of the published schema: the keywords of JSON Schema that it uses, and no more.
 * It throws for a keyword that it does not know, so that nothing passes unjudged.
 */
import { invariant } from '../../src/domain/errors.ts';

type Schema = Readonly<Record<string, unknown>>;
type Rule = (value: unknown, given: never, schema: Schema) => boolean;

const isObject = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
};

const propertiesOf = (schema: Schema): Readonly<Record<string, Schema>> =>
  (schema['properties'] ?? {}) as Readonly<Record<string, Schema>>;

const others = (value: Schema, schema: Schema): readonly unknown[] =>
  Object.entries(value).flatMap(([key, inner]) =>
    Object.hasOwn(propertiesOf(schema), key) ? [] : [inner],
  );

/** Each holds for values that it does not speak of. */
const RULES: Readonly<Record<string, Rule>> = {
  type: (value, given: string) =>
    given === 'integer' ? Number.isInteger(value) : typeOf(value) === given,
  enum: (value, given: readonly unknown[]) => given.includes(value),
  const: (value, given) => value === given,
  anyOf: (value, given: readonly Schema[]) => given.some((each) => isValid(each, value)),
  minimum: (value, given: number) => typeof value !== 'number' || value >= given,
  maximum: (value, given: number) => typeof value !== 'number' || value <= given,
  minLength: (value, given: number) => typeof value !== 'string' || value.length >= given,
  maxLength: (value, given: number) => typeof value !== 'string' || value.length <= given,
  pattern: (value, given: string) =>
    typeof value !== 'string' || new RegExp(given, 'u').test(value),
  minItems: (value, given: number) => !Array.isArray(value) || value.length >= given,
  maxItems: (value, given: number) => !Array.isArray(value) || value.length <= given,
  items: (value, given: Schema) =>
    !Array.isArray(value) || value.every((each) => isValid(given, each)),
  required: (value, given: readonly string[]) =>
    !isObject(value) || given.every((key) => Object.hasOwn(value, key)),
  properties: (value, given: Readonly<Record<string, Schema>>) =>
    !isObject(value) ||
    Object.entries(given).every(
      ([key, inner]) => !Object.hasOwn(value, key) || isValid(inner, value[key]),
    ),
  propertyNames: (value, given: Schema) =>
    !isObject(value) || Object.keys(value).every((key) => isValid(given, key)),
  additionalProperties: (value, given: false | Schema, schema) =>
    !isObject(value) ||
    others(value, schema).every((inner) => given !== false && isValid(given, inner)),
};

const SAYS_NOTHING = new Set(['$schema', 'title', 'description', 'default']);

export function isValid(schema: Schema, value: unknown): boolean {
  return Object.entries(schema).every(([keyword, given]) => {
    if (SAYS_NOTHING.has(keyword)) return true;
    const rule = RULES[keyword];
    invariant(rule !== undefined, 'every keyword of the schema is known', keyword);
    return rule(value, given as never, schema);
  });
}
