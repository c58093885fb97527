import { describe, expect, it } from 'vitest';
import { errorOf, FILE, matching, problemsOf, walker } from './given.ts';

const only = (settings: object) => {
  const problems = problemsOf({ files: { [FILE]: settings }, algorithms: [walker] });
  expect(problems).toHaveLength(1);
  return problems[0];
};

describe('a setting of a file that cannot be used', () => {
  it.each<readonly [string, object, string, RegExp, string | null, RegExp]>([
    [
      'key',
      { limits: { maxPositon: '5' } },
      'limits.maxPositon',
      /no setting/,
      null,
      /maxPosition\?/,
    ],
    ['section', { limit: {} }, 'limit', /no setting/, null, /did you mean limits\?/],
    ['far key', { log: { x: 1 } }, 'log.x', /no setting/, null, /it has level/],
    ['flat key', { 'log.level': 'warn' }, 'log.level', /no setting/, null, /it has venues, /],
    ['section type', { limits: 5 }, 'limits', /an object/, '5', /\{\.\.\.\}/],
    ['section list', { limits: [] }, 'limits', /an object/, '[]', /\{\.\.\.\}/],
    ['section null', { run: null }, 'run', /an object/, 'null', /\{\.\.\.\}/],
    ['number', { run: { count: '5' } }, 'run.count', /whole number/, '"5"', /default is null/],
    ['fraction', { run: { atMs: 1.5 } }, 'run.atMs', /whole number/, '1.5', /default is 10000/],
    ['flag', { run: { realtime: 'yes' } }, 'run.realtime', /true or false/, '"yes"', /false/],
    ['choice', { log: { level: 'loud' } }, 'log.level', /one of debug, /, '"loud"', /"warn"/],
    [
      'float money',
      { limits: { maxPosition: 5 } },
      'limits.maxPosition',
      /as text/,
      '5',
      /"20000"/,
    ],
    ['0 limit', { limits: { maxPosition: '0' } }, 'limits.maxPosition', /positive/, '"0"', /20000/],
    [
      'below 0',
      { limits: { maxPosition: '-1' } },
      'limits.maxPosition',
      /positive/,
      '"-1"',
      /2000/,
    ],
    ['exponent', { limits: { maxPosition: '1e9' } }, 'limits.maxPosition', /decimal/, '"1e9"', /2/],
    ['missing', { limits: { maxPosition: null } }, 'limits.maxPosition', /positive/, 'null', /200/],
    ['empty', { limits: { maxPosition: '' } }, 'limits.maxPosition', /positive/, '""', /20000/],
    [
      'count below 0',
      { limits: { maxOpenOrders: -1 } },
      'limits.maxOpenOrders',
      /from 1/,
      '-1',
      /1/,
    ],
    ['tag', { engine: { tag: 'a-b' } }, 'engine.tag', /letters or digits/, '"a-b"', /"dw"/],
    ['reserve', { callLimits: { calls: 5 } }, 'callLimits.calls', /leave room/, '10 of 5', /raise/],
    [
      'reserve itself',
      { callLimits: { cancelReserve: 90 } },
      'callLimits.cancelReserve',
      /leave room/,
      '90 of 90',
      /lower/,
    ],
    [
      'algorithm',
      { algorithms: { walkr: {} } },
      'algorithms.walkr',
      /no algorithm/,
      null,
      /walker\?/,
    ],
    ['algorithm name', { algorithms: { 'A b': {} } }, 'algorithms.A b', /no setting/, null, /./],
    [
      'parameter',
      { algorithms: { walker: { x: 1 } } },
      'algorithms.walker',
      /no such/,
      '"x"',
      /it has/,
    ],
    [
      'its value',
      { algorithms: { walker: { maxWalks: 0 } } },
      'algorithms.walker',
      /above 0/,
      '0',
      /try/,
    ],
    ['$schema', { $schema: 5 }, '$schema', /text/, '5', /correct it/],
    ['profiles', { profiles: [] }, 'profiles', /an object/, '[]', /\{\.\.\.\}/],
    [
      'profile name',
      { profiles: { 'a b': {} } },
      'profiles.a b',
      /letters, digits/,
      null,
      /rename/,
    ],
    [
      'a profile nobody chose',
      { profiles: { a: { run: { seed: 1 } } } },
      'run.seed',
      /text/,
      '1',
      /"1"/,
    ],
  ])('%s', (_, settings, path, rule, value, wayOut) => {
    expect(only(settings)).toEqual({
      path,
      value,
      rule: matching(rule),
      wayOut: matching(wayOut),
      source: matching(/^depthwalker\.config\.json:\d+:\d+/),
    });
  });

  it('of a latency, a haircut or a stress is told as a whole', () => {
    const bad = { kind: 'fixed', ms: -1 };
    expect(only({ venues: { paper: { latency: { feed: bad } } } })?.value).toBe(
      JSON.stringify(bad),
    );
    const penniedAfterMs = { from: 5, to: 1 };
    const stress = { refillHoldMs: 0, shiftProbability: 0, penniedAfterMs };
    expect(only({ venues: { paper: { fillModel: { stress } } } })).toMatchObject({
      rule: matching(/from less to more/),
      value: '5 to 1',
    });
  });

  it('never reaches a prototype', () => {
    const text = '{"__proto__":{"x":1},"algorithms":{"constructor":{"x":1},"__proto__":{"y":{}}}}';
    const paths = problemsOf({ files: { [FILE]: text } }).map(({ path }) => path);
    expect(paths).toEqual(['__proto__', 'algorithms.__proto__', 'algorithms.constructor']);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    expect((Object as unknown as Record<string, unknown>)['x']).toBeUndefined();
  });
});

describe('a file that cannot be read', () => {
  it.each<readonly [string, unknown, string, RegExp]>([
    ['a missing comma', '{\n  "run": {}\n  "log": {}\n}', ':3:3', /comma or a closing brace/],
    ['a comma too many', '{"run": {},\n}', ':2:1', /key stands in double quotes/],
    ['a comment', '{\n  // why\n}', ':2:3', /key stands in double quotes/],
    ['NaN', '{"run": {"count": NaN}}', ':1:19', /a value is "text", a number/],
    ['Infinity', '{"run": {"count": -Infinity}}', ':1:19', /a value is "text", a number/],
    ['single quotes', "{'run': {}}", ':1:2', /double quotes/],
    ['an end too early', '{"run": {', ':1:10', /key stands in double quotes/],
    ['nothing', '', ':1:1', /a value is/],
    ['a second value', '{} {}', ':1:4', /the text ends/],
    ['a key given twice', '{"run": {"seed": "1",\n"seed": "2"}}', ':2:1', /run.seed is given once/],
    ['nesting without end', '['.repeat(99), ':1:34', /nesting ends/],
    ['no access', new Error('EACCES: permission denied'), '', /must be readable/],
  ])('%s', (_, text, place, rule) => {
    const [problem, ...more] = problemsOf({ files: { [FILE]: text } });
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ path: '', source: `${FILE}${place}`, value: null });
    expect(problem?.rule).toMatch(rule);
  });

  it('or is not there, or is no object', () => {
    expect(problemsOf({ file: 'bot.json' })).toMatchObject([
      { source: 'bot.json', rule: 'the file must exist' },
    ]);
    expect(problemsOf({ files: { [FILE]: [] } })).toMatchObject([{ rule: 'must be an object' }]);
    const files = { '.env': new Error('EISDIR') };
    expect(problemsOf({ files })).toMatchObject([{ source: '.env', wayOut: 'EISDIR' }]);
  });
});

describe('a profile that is not there', () => {
  it.each<readonly [object, object, string, string]>([
    [{ profiles: { fast: {} } }, { profile: 'fats' }, '--profile', 'did you mean fast?'],
    [{}, { env: { DEPTHWALKER__PROFILE: 'x' } }, 'DEPTHWALKER__PROFILE', 'leave it out'],
  ])('%j', (settings, given, source, wayOut) => {
    const problems = problemsOf({ files: { [FILE]: settings }, ...given });
    expect(problems).toMatchObject([{ source, wayOut }]);
  });

  it('since there is no file', () => {
    expect(problemsOf({ profile: 'fast' })).toMatchObject([{ value: '"fast"' }]);
  });
});

describe('a variable that cannot be used', () => {
  it.each<readonly [string, string, string, RegExp]>([
    ['RUN__COUNT', 'NaN', 'run.count', /whole number .* was "NaN"/],
    ['RUN__COUNT', '1e999', 'run.count', /whole number .* was Infinity/],
    ['RUN__COUNT', '', 'run.count', /whole number .* was ""/],
    ['LIMITS__MAX_POSITION', '-5', 'limits.maxPosition', /positive decimal/],
    ['LIMITS__MAX_POSITON', '5', 'limits.maxPositon', /did you mean maxPosition/],
    ['LIMTS__MAX_POSITION', '5', 'limts', /did you mean limits/],
    ['LIMITS', '5', 'limits', /must be an object/],
    ['RUN__SEED__MORE', '5', 'run.seed', /must be text/],
  ])('%s=%s', (name, value, path, text) => {
    const error = errorOf({ env: { [`DEPTHWALKER__${name}`]: value } });
    expect(error.errors).toMatchObject([{ path, source: `DEPTHWALKER__${name}` }]);
    expect(error.message).toMatch(text);
  });
});
