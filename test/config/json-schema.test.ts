import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileFindings } from '../../src/config/file.ts';
import { configJsonSchema } from '../../src/config/json-schema.ts';
import { isValid } from '../support/json-schema.ts';
import { load, matching } from './given.ts';

const PUBLISHED = resolve(import.meta.dirname, '../../src/config/depthwalker.schema.json');
const schema = JSON.parse(readFileSync(PUBLISHED, 'utf8')) as Readonly<Record<string, unknown>>;

it('is published as it is (else: depthwalker config --schema > that file, npm run format)', () => {
  expect(schema).toEqual(configJsonSchema());
});

it('describes every setting, with its default', () => {
  for (const path of Object.keys(load().sources)) {
    const leaf = path.split('.').reduce<unknown>((at, key) => {
      return (at as { properties: Readonly<Record<string, unknown>> }).properties[key];
    }, schema);
    expect(leaf).toMatchObject({
      description: matching(/^.+ It must be .+\.$/),
    });
    expect(leaf).toHaveProperty('default');
  }
});

describe('a document', () => {
  it.each<readonly [string, unknown, boolean]>([
    ['nothing', {}, true],
    ['a schema', { $schema: './depthwalker.schema.json' }, true],
    ['a limit', { limits: { maxPosition: '5.5' } }, true],
    ['a profile', { profiles: { fast: { run: { count: 5 } } } }, true],
    ['a parameter', { algorithms: { simple_limit: { price: 'join', timeoutMs: 5 } } }, true],
    ['no market', { run: { market: null } }, true],
    ['a float limit', { limits: { maxPosition: 5.5 } }, false],
    ['a limit of 0', { limits: { maxPosition: '0.00' } }, false],
    ['a misspelt key', { limits: { maxPositon: '5' } }, false],
    ['a profile in a profile', { profiles: { a: { profiles: {} } } }, false],
    ['a bad profile', { profiles: { a: { run: { count: 0 } } } }, false],
    ['a live venue', { venues: { kalshi: {} } }, true],
    ['a venue that is not built', { venues: { alpaca: {} } }, false],
    ['a list', [], false],
  ])('%s', (_, document, isGood) => {
    expect(isValid(schema, document)).toBe(isGood);
    expect(isTaken(document)).toBe(isGood);
  });

  it('is judged alike by the schema and by the loader', () => {
    let good = 0;
    fc.assert(
      fc.property(documents, (document) => {
        const taken = isTaken(document);
        good += taken ? 1 : 0;
        expect(isValid(schema, document)).toBe(taken);
      }),
      { numRuns: 2_000 },
    );
    expect(good).toBeGreaterThan(200);
    expect(good).toBeLessThan(1_800);
  });
});

/** Each setting alone; what settings must be together no schema says. */
const isTaken = (document: unknown): boolean =>
  fileFindings({ file: null, profile: null, readFile: () => JSON.stringify(document) }).problems
    .length === 0;

const { config, sources } = load();

const at = (path: string): unknown =>
  path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], config);

const values = fc.oneof(
  fc.constantFrom<unknown>(null, true, '', '0', '5', '5.25', '-1', 'x', 'yes', 'buy', 'cancel'),
  fc.constantFrom<unknown>(0, 1, 7, 0.5, -3, 1e9, [], {}, [1, 2], 'conservative', 'debug'),
  fc.constantFrom<unknown>({ kind: 'fixed', ms: 5 }, { kind: 'quantiles', ms: [1, 2] }),
  fc.constantFrom<unknown>({ restingMs: 1, endingMs: 1 }, { callsPerSecond: 1, burst: 1 }),
  fc.constantFrom<unknown>({ share: 0.5, youngerThanMs: 0 }, { share: 2, youngerThanMs: 0 }),
);

const paths = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...Object.keys(sources)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'run.x',
      'limits',
      'algorithms.a_b.c',
      'algorithms.A.c',
      'log.level.x',
      '$schema',
    ),
  },
);

const nested = (path: string, value: unknown): unknown =>
  path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);

const documents = fc
  .tuple(paths, values, fc.boolean(), fc.boolean())
  .map(([path, value, isDefault, inProfile]) => {
    const setting = nested(path, isDefault && path in sources ? at(path) : value);
    return inProfile ? { profiles: { fast: setting } } : setting;
  });
