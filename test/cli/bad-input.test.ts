import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { cli, fixtureTape, newFolder } from './cli.ts';

const TAPE = fixtureTape('sixty-seconds.jsonl');
const lines = readFileSync(TAPE, 'utf8').trim().split('\n');
const isDelta = (line: string): boolean => line.includes('orderbook_delta');
const secondDelta = lines.findIndex(
  (line, index) => index > lines.findIndex(isDelta) && isDelta(line),
);
const signal = {
  market: 'SIM-LIQUID-1',
  outcome: 'yes',
  action: 'buy',
  quantity: '10',
  limitPrice: '0.50',
  algorithm: { name: 'simple_limit' },
};

/** What a session leaves that was asked to keep a store in an empty folder. */
async function attempt(argv: readonly string[]) {
  const folder = newFolder();
  const { code, out, err } = await cli('run', ...argv, '--db', join(folder, 'new.db'));
  return { code, out, lines: err.trimEnd().split('\n'), files: readdirSync(folder) };
}

/** Exit code 2, one line that names the rule, and no file. */
const refusedBy = (rule: RegExp) => ({
  code: 2,
  out: '',
  lines: [expect.stringMatching(rule)],
  files: [],
});

function file(name: string, content: string | Buffer): string {
  const path = join(newFolder(), name);
  writeFileSync(path, content);
  return path;
}

describe('an option that cannot be used', () => {
  it.each<readonly [string, readonly string[], RegExp]>([
    ['an unknown option', ['--frobnicate'], /unknown option '--frobnicate'/],
    ['a misspelt option', ['--limt', '0.5'], /Did you mean --limit\?/],
    ['a side', ['--side', 'maybe'], /'maybe' is invalid. Allowed choices are yes, no;/],
    ['an action', ['--action', 'hold'], /'hold' is invalid. Allowed choices are buy, sell;/],
    ['a market', ['--market', 'NOPE'], /no such market at paper, was "NOPE"; it has SIM-LIQUID-1/],
    ['an algorithm', ['--algorithm', 'magic'], /no such algorithm, was "magic"; choose one of/],
    ['a parameter', ['--algorithm', 'simple_limit:x=1'], /no such parameter, was "x"; it knows/],
    ['a parameter text', ['--algorithm', 'simple_limit:price'], /name=value, was "price"/],
    ['a parameter value', ['--algorithm', 'simple_limit:price=best'], /one of .*was "best"/],
    ['a price off the grid', ['--limit', '0.505'], /on the tick grid .*was "0.505"; round it/],
    ['a price of 1', ['--limit', '1'], /between 0.0010 and 0.9990, was "1"/],
    ['a price of 0', ['--limit', '0'], /between 0.0010 and 0.9990, was "0"/],
    ['a negative price', ['--limit', '-0.5'], /between .* was "-0.5"/],
    ['a price that is none', ['--limit', '1e-1'], /plain decimal, was "1e-1"/],
    ['a fair value', ['--fair-value', '1.5'], /fairValue lies between 0 and 1, was "1.5"/],
    ['a quantity of 0', ['--quantity', '0'], /at least 0.01, was "0"/],
    ['a negative quantity', ['--quantity', '-5'], /at least 0.01, was "-5"/],
    ['a fraction of a lot', ['--quantity', '1.005'], /multiple of 0.01, was "1.005"/],
    ['a deadline now', ['--time-limit', '0'], /--time-limit must lie in the future, was "0"/],
    ['a deadline in the past', ['--time-limit', '-3'], /must not lie in the past, was "-3"/],
    ['a deadline that is none', ['--time-limit', 'soon'], /a number of seconds, was "soon"/],
    ['an arrival in the past', ['--at', '-1'], /--at must not lie in the past, was "-1"/],
    ['no signals', ['--count', '0'], /--count lies between 1 and 10000, was "0"/],
    ['a count of given ones', ['--count', '2', '--signals', 'a'], /--signals brings its own/],
    ['an argument', ['tape.jsonl'], /too many arguments/],
  ])('%s', async (_, argv, rule) => {
    expect(await attempt(argv)).toEqual(refusedBy(rule));
  });
});

describe('a tape that cannot be used', () => {
  it.each<readonly [string, () => string, RegExp]>([
    ['none', () => '/no/such.jsonl', /a readable file, was "\/no\/such.jsonl"/],
    ['an empty one', () => file('a.jsonl', ''), /must hold at least one line/],
    ['one without a book', () => file('a.jsonl', '{"type":"ws_connected"}\n'), /hold the book/],
    ['one cut within a line', () => file('a.jsonl', lines.join('\n').slice(0, -9)), /must be JSON/],
    [
      'a gzip file cut short',
      () => file('a.jsonl.gz', gzipSync(lines.join('\n')).subarray(0, 2_000)),
      /whole gzip file/,
    ],
    [
      'one with a damaged price',
      () => file('a.jsonl', lines.join('\n').replace('"0.4100"', '"0.41x0"')),
      /line \d+ of .*0\.41x0/,
    ],
    [
      'one with a gap',
      () => file('a.jsonl', lines.toSpliced(secondDelta, 1).join('\n')),
      /line \d+ of .* must carry sequence \d+, was \d+; frames are missing/,
    ],
  ])('%s', async (_, tape, rule) => {
    expect(await attempt(['--tape', tape()])).toEqual(refusedBy(rule));
  });

  it('has no such market', async () => {
    const rule = /no such market at paper, was "KX"; it has KXBTC15M/;
    expect(await attempt(['--tape', TAPE, '--market', 'KX'])).toEqual(refusedBy(rule));
  });

  it('ends before the signal arrives', async () => {
    const rule = /before the recording ends, 60.0 s .*was "61.0 s"/;
    expect(await attempt(['--tape', TAPE, '--at', '61'])).toEqual(refusedBy(rule));
  });
});

describe('a file of signals that cannot be used', () => {
  const second = (change: object): string =>
    file('s.jsonl', `${JSON.stringify(signal)}\n\n${JSON.stringify({ ...signal, ...change })}\n`);

  it.each<readonly [string, () => string, RegExp]>([
    ['none', () => '/no/such.jsonl', /must be readable, was "\/no\/such.jsonl"/],
    ['an empty one', () => file('s.jsonl', '\n'), /must hold at least one/],
    ['a line that is no JSON', () => file('s.jsonl', '{"a"'), /line 1 of .* must be a JSON object/],
    ['a line that is no object', () => file('s.jsonl', '[]'), /line 1 of .* must be a JSON object/],
    ['a side', () => second({ outcome: 'both' }), /line 3 of .*: signal.outcome: .*was "both"/],
    ['a field', () => second({ limt: '0.5' }), /line 3 of .*limt/],
    ['a market', () => second({ market: 'X' }), /line 3 of .*: no such market at paper, was "X"/],
    ['a venue', () => second({ venue: 'moon' }), /line 3 of .*: no such venue, was "moon"/],
    ['a price', () => second({ limitPrice: '0.505' }), /line 3 of .*: limitPrice must be on/],
    ['a quantity', () => second({ quantity: '0' }), /line 3 of .*: quantity must be at least/],
    ['a number', () => second({ quantity: 5 }), /line 3 of .*: signal.quantity.*was "5"/],
    ['a deadline', () => second({ timeLimitMs: 0 }), /line 3 of .*: the deadline must lie in/],
    ['an arrival', () => second({ atMs: -1 }), /line 3 of .*: atMs is a whole number.*was "-1"/],
    [
      'an id given twice',
      () => file('s.jsonl', `${JSON.stringify({ ...signal, signalId: 'a' })}\n`.repeat(2)),
      /a signalId names one signal, was "a"/,
    ],
  ])('%s', async (_, signals, rule) => {
    expect(await attempt(['--signals', signals()])).toEqual(refusedBy(rule));
  });
});

describe('a store that cannot be used', () => {
  it('lies in no folder', async () => {
    const { code, err } = await cli('run', '--count', '1', '--db', '/no/such/folder/a.db');
    expect(err).toMatch(/the folder of the store must exist, was "\/no\/such\/folder\/a.db"/);
    expect(code).toBe(2);
  });

  it('is another file, and stays as it was', async () => {
    const path = file('notes.txt', 'no database at all\n'.repeat(100));
    const { code, err } = await cli('run', '--count', '1', '--db', path);
    expect(err).toMatch(/must be a SQLite database/);
    expect(code).toBe(2);
    expect(readFileSync(path, 'utf8')).toBe('no database at all\n'.repeat(100));
  });
});

it('says what works instead of a command that comes later', async () => {
  for (const name of ['benchmark', 'report', 'decide', 'explain', 'dashboard']) {
    const { code, out, err } = await cli(name, '--some', 'option');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(new RegExp(`^depthwalker: .*not built yet, was "${name}"; \\w.*\\n$`));
  }
  for (const argv of [['emulate', 'kraken'], ['doctor'], ['halt'], ['resume']])
    expect((await cli(...argv)).code).toBe(2);
  expect(existsSync('--some')).toBe(false);
});
