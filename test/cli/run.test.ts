import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ConservationCheck } from '../../src/replay/conservation.ts';
import { loadDriver } from '../../src/store/driver.ts';
import {
  cli,
  fixtureTape,
  newFolder,
  type RanExecution,
  ranSession,
  sessionOf,
  units,
} from './cli.ts';

const Database = loadDriver();

const TOUCH = 'simple_limit:price=touch';
const FEW = ['--count', '7'];

function inspect({ limitPrice, action, fills, ...execution }: RanExecution): void {
  const filled = fills.reduce((sum, { quantity }) => sum + units(quantity), 0);
  expect(filled).toBe(units(execution.filledQuantity));
  expect(filled).toBeLessThanOrEqual(units(execution.targetQuantity));
  expect(new Set(fills.map(({ id }) => id)).size).toBe(fills.length);
  for (const { price, timeMs, liquidity, printSeq } of fills) {
    if (action === 'buy') expect(units(price)).toBeLessThanOrEqual(units(limitPrice));
    else expect(units(price)).toBeGreaterThanOrEqual(units(limitPrice));
    expect(timeMs).toBeGreaterThanOrEqual(execution.startedAtMs);
    expect(timeMs).toBeLessThanOrEqual(execution.endedAtMs);
    if (liquidity === 'taker') expect(printSeq).toBeNull();
  }
}

describe('the simulated exchange', () => {
  it('works 30 signals, several at once, in markets of all kinds', {
    timeout: 120_000,
  }, async () => {
    const { executions, conservation, summary, source } = await ranSession();
    expect(executions).toHaveLength(30);
    executions.forEach(inspect);
    expect(new Set(executions.map(({ market }) => market)).size).toBe(6);
    expect(source['markets']).toHaveLength(6);
    const alive = executions.map(
      ({ startedAtMs }) =>
        executions.filter((each) => each.startedAtMs <= startedAtMs && startedAtMs < each.endedAtMs)
          .length,
    );
    expect(Math.max(...alive)).toBeGreaterThan(2);
    for (const part of ['outcomeSide', 'action', 'algorithm'] as const)
      expect(new Set(executions.map((each) => each[part])).size).toBe(2);
    expect(executions.filter(({ outcome }) => outcome === 'completed').length).toBeGreaterThan(5);
    expect(conservation.checked).toBeGreaterThan(10_000);
    expect(summary.length).toBeGreaterThan(2);
  });

  it('gives the same bytes for the same seed, and others for another', async () => {
    const [first, again, other] = [
      await cli('run', '--json', ...FEW, '--seed', '5'),
      await cli('run', '--json', ...FEW, '--seed', '5'),
      await cli('run', '--json', ...FEW, '--seed', '6'),
    ];
    expect(again).toEqual(first);
    expect(sessionOf(other).executions.map(({ id, arrivalMid }) => [id, arrivalMid])).not.toEqual(
      sessionOf(first).executions.map(({ id, arrivalMid }) => [id, arrivalMid]),
    );
  });

  it('tells people what it did: title, table, summary, conservation, hint', async () => {
    const { code, out, err } = await cli('run', ...FEW);
    expect(code).toBe(0);
    expect(out).toMatch(/^depthwalker paper session: 7 signals on 6 markets .*seed 1\)\n/);
    expect(out).toMatch(/^execution +market +wish +target +filled .*outcome +algorithm$/m);
    expect(out.match(/^dw-\S+ +SIM-.*$/gm)).toHaveLength(7);
    expect(out).toMatch(/^Conservation: \d+ checks, .*: 0 violations\.$/m);
    expect(out).toMatch(/^Next: /m);
    expect(err).toMatch(/^ +\d+\.\d{3} {2}dw-\S+ {2}submit #1 \S+ at 0\.\d{4}: \S/m);
    expect(err).toMatch(/\(7 of 7\)$/m);
    expect((await cli('run', ...FEW, '--quiet')).err).toBe('');
  });

  it('takes from the options what they say, and draws the rest as before', async () => {
    const said = ['--side', 'no', '--action', 'sell', '--quantity', '12.50', '--limit', '0.20'];
    const how = ['--algorithm', 'simple_limit:price=touch,timeoutMs=5000', '--time-limit', '9'];
    const { executions } = await ranSession(...FEW, ...said, ...how, '--market', 'SIM-LIQUID-2');
    const drawn = await ranSession(...FEW);
    for (const each of executions) {
      expect(each).toMatchObject({ outcomeSide: 'no', action: 'sell', targetQuantity: '12.50' });
      expect(each).toMatchObject({ market: 'SIM-LIQUID-2', limitPrice: '0.20' });
      expect(each.algorithm).toBe('simple_limit');
      expect(each.endedAtMs - each.startedAtMs).toBeLessThan(9_000);
    }
    const arrivals = (all: readonly RanExecution[]) => all.map(({ startedAtMs }) => startedAtMs);
    expect(arrivals(executions)).toEqual(arrivals(drawn.executions));
  });
});

describe('a tape', () => {
  const tapes = ['sixty-seconds.jsonl', 'sixty-seconds-quiet.jsonl'];
  const sides = ['yes', 'no'];
  it.each(tapes.flatMap((tape) => sides.map((side) => [tape, side] as const)))(
    '%s, %s',
    async (name, side) => {
      const tape = ['--tape', fixtureTape(name), '--side', side];
      const { executions, source } = await ranSession(...tape, '--quantity', '150');
      expect(source).toMatchObject({ kind: 'tape', files: [fixtureTape(name)] });
      expect(executions).toHaveLength(1);
      executions.forEach(inspect);
      const [execution] = executions;
      expect(execution).toMatchObject({
        outcomeSide: side,
        action: 'buy',
        targetQuantity: '150.00',
      });
      // Ten seconds after its first book, which is a few milliseconds into 2027.
      expect(execution?.startedAtMs).toBeGreaterThan(1_798_761_610_000);
      expect(execution?.startedAtMs).toBeLessThan(1_798_761_610_100);
      expect(execution?.fills.length).toBeGreaterThan(0);
    },
  );

  it('says what it assumes of a market that it has no facts of', async () => {
    const path = join(newFolder(), 'rain.jsonl');
    const text = readFileSync(fixtureTape('sixty-seconds.jsonl'), 'utf8');
    writeFileSync(path, text.replaceAll('KXBTC15M', 'KXRAIN'));
    const { code, err } = await cli('run', '--tape', path);
    expect(code).toBe(0);
    expect(err).toMatch(/^assumed: series KXRAIN is not in the table: 0.01 ticks/);
    expect((await cli('run', '--tape', fixtureTape('sixty-seconds.jsonl'))).err).not.toMatch(
      /assumed/,
    );
  });

  it('may end while an execution works: with its market it ends, too', async () => {
    const tape = ['--tape', fixtureTape('sixty-seconds.jsonl'), '--at', '55', '--limit', '0.10'];
    const { executions } = await ranSession(...tape, '--quantity', '150');
    expect(executions[0]?.outcome).toBe('cancelled');
  });
});

describe('a file of signals', () => {
  const line = (change: object): string =>
    `${JSON.stringify({
      market: 'SIM-LIQUID-1',
      outcome: 'yes',
      action: 'buy',
      quantity: '20',
      limitPrice: '0.90',
      algorithm: { name: 'simple_limit', price: 'touch' },
      ...change,
    })}\n`;
  const signals = (...lines: readonly string[]): string => {
    const path = join(newFolder(), 'signals.jsonl');
    writeFileSync(path, lines.join(''));
    return path;
  };

  it('brings ids, times and parameters; what it leaves out comes from the options', async () => {
    const path = signals(
      line({ signalId: 'edge-1', atMs: 12_000, modelId: 'm' }),
      line({ market: 'SIM-THIN-1', outcome: 'no', quantity: '5' }),
      line({ quantity: undefined }),
    );
    const argv = ['--signals', path, '--at', '3', '--quantity', '30', '--side', 'no'];
    const { executions } = await ranSession(...argv);
    expect(executions.map(({ signalId }) => signalId)).toEqual([
      'edge-1',
      expect.stringMatching(/^signal-\w+-2$/),
      expect.stringMatching(/^signal-\w+-3$/),
    ]);
    expect(executions.map(({ targetQuantity }) => targetQuantity)).toEqual([
      '20.00',
      '5.00',
      '30.00',
    ]);
    expect(executions.map(({ outcomeSide }) => outcomeSide)).toEqual(['yes', 'no', 'yes']);
    const startMs = 1_800_000_000_000;
    expect(executions.map(({ startedAtMs }) => startedAtMs - startMs)).toEqual([
      12_000, 3_000, 3_000,
    ]);
  });

  it('is refused where the store has executed one of it, before anything moves', async () => {
    const [path, db] = [signals(line({}), line({ signalId: 'edge-1' })), join(newFolder(), 'a.db')];
    expect((await cli('run', '--signals', path, '--db', db)).code).toBe(0);
    const again = await cli('run', '--signals', path, '--db', db, '--quiet');
    expect(again.code).toBe(2);
    expect(again.err).toMatch(
      /executed once, and the store has it as dw-\S+, was "edge-1"; give it/,
    );
    expect(rowsOf(db, 'execution_state')).toHaveLength(2);
  });
});

it('continues a store: another epoch, other ids, and all of both runs in it', async () => {
  const db = join(newFolder(), 'a.db');
  const first = await ranSession('--count', '3', '--db', db);
  const second = await ranSession('--count', '3', '--db', db);
  const idsOf = ({ executions }: typeof first) => executions.map(({ id }) => id);
  const all = [...idsOf(first), ...idsOf(second)];
  expect(new Set(all).size).toBe(6);
  expect(rowsOf(db, 'execution_state').map((row) => row['execution_id'])).toEqual(
    expect.arrayContaining(all),
  );
  const fills = [first, second].flatMap(({ executions }) =>
    executions.flatMap((each) => each.fills),
  );
  expect(rowsOf(db, 'fills')).toHaveLength(fills.length);
  // But for its ids the second run is the first one again.
  const figuresOf = ({ executions }: typeof first) =>
    executions.map(({ averagePrice, endedAtMs, calls }) => [averagePrice, endedAtMs, calls]);
  expect(figuresOf(second)).toEqual(figuresOf(first));
});

describe('what is not conserved', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('is counted, named and the exit code', async () => {
    // The judge is not told of any fill: every ledger with one is ahead of it.
    vi.spyOn(ConservationCheck.prototype, 'filled').mockImplementation(() => undefined);
    const { code, out, err } = await cli('run', '--count', '1', '--algorithm', TOUCH);
    expect(code).toBe(3);
    expect(out).toMatch(/^Conservation: .* \d+ violations\.$/m);
    expect(out).not.toContain(': 0 violations');
    expect(err).toMatch(/^violated: dw-\S+: ledger \d+, fills 0, target \d+$/m);
  });
});

function rowsOf(file: string, table: string): readonly Readonly<Record<string, unknown>>[] {
  const database = new Database(file, { readonly: true });
  try {
    return database.prepare<[], Record<string, unknown>>(`select * from ${table}`).all();
  } finally {
    database.close();
  }
}
