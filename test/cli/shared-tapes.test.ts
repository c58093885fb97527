import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isShared, needsShared, sharedPath } from '../support/shared.ts';
import { TapeTruth } from '../support/tape-truth.ts';
import { newFolder, type RanExecution, ranSession, units } from './cli.ts';

const FOLDER = 'tapes/kalshi-btc15m';
const NAMED = '20260513T230108Z.jsonl.gz';
const OTHERS = [
  'p_shadow_forward_20260511T053741Z-long900.jsonl.gz',
  '20260513T1259Z.jsonl.gz',
  '20260513T1640Z.jsonl.gz',
  '20260513T1808Z.jsonl.gz',
  '20260513T055209Z.jsonl.gz',
];
const tapePath = (name: string): string => sharedPath(`${FOLDER}/${name}`);

type Fill = RanExecution['fills'][number];

const DOLLAR = 10_000;
const hundredths = (text: string): number => units(text) / 100;
const mirrored = (execution: RanExecution): boolean => execution.outcomeSide === 'no';
/** A fill's price in prices of YES. */
const yesPrice = (execution: RanExecution, { price }: Fill): number =>
  mirrored(execution) ? DOLLAR - units(price) : units(price);
const buysYes = ({ action, outcomeSide }: RanExecution): boolean =>
  (action === 'buy') === (outcomeSide === 'yes');

/** Every fill against the second reading of the tape. */
function judge(executions: readonly RanExecution[], truth: TapeTruth): void {
  const fills = executions.flatMap((execution) =>
    execution.fills.map((fill) => ({ execution, fill })),
  );
  const ownOfPrint = new Map<number, number>();
  for (const { execution, fill } of fills) {
    const limit = units(execution.limitPrice);
    if (execution.action === 'buy') expect(units(fill.price)).toBeLessThanOrEqual(limit);
    else expect(units(fill.price)).toBeGreaterThanOrEqual(limit);
    expect(fill.timeMs).toBeGreaterThanOrEqual(execution.startedAtMs);
    expect(fill.timeMs).toBeLessThanOrEqual(truth.endMs);
    if (fill.printSeq === null) withinDepth(execution, fill, truth);
    else {
      fromPrint(execution, fill, truth);
      const own = ownOfPrint.get(fill.printSeq) ?? 0;
      ownOfPrint.set(fill.printSeq, own + hundredths(fill.quantity));
    }
  }
  for (const [sequence, own] of ownOfPrint)
    expect(own).toBeLessThanOrEqual(truth.prints[sequence - 1]?.size ?? 0);
}

/** A print fills only orders of the other side, at its price or a better one for its taker. */
function fromPrint(execution: RanExecution, fill: Fill, truth: TapeTruth): void {
  const print = truth.prints[(fill.printSeq ?? 0) - 1];
  expect(fill.liquidity).toBe('maker');
  expect(print).toMatchObject({
    market: execution.market,
    taker: buysYes(execution) ? 'no' : 'yes',
  });
  if (print === undefined) return;
  expect(fill.timeMs).toBeGreaterThanOrEqual(print.timeMs);
  if (buysYes(execution)) expect(yesPrice(execution, fill)).toBeGreaterThanOrEqual(print.price);
  else expect(yesPrice(execution, fill)).toBeLessThanOrEqual(print.price);
}

/** Whoever takes takes what is displayed; a level that crosses us fills no more than it has. */
function withinDepth(execution: RanExecution, fill: Fill, truth: TapeTruth): void {
  const price = yesPrice(execution, fill);
  let most = 0;
  truth.around(execution.market, fill.timeMs, (bids) => {
    // YES is bought from the bids on NO, whose prices are mirrored.
    const [leg, worst] = buysYes(execution)
      ? (['no', DOLLAR - price] as const)
      : (['yes', price] as const);
    let displayed = 0;
    for (const [at, size] of bids[leg])
      if (fill.liquidity === 'taker' ? at === worst : at >= worst) displayed += size;
    most = Math.max(most, displayed);
  });
  expect(hundredths(fill.quantity)).toBeLessThanOrEqual(most);
}

const TOUCH = { name: 'simple_limit', price: 'touch' };
const WALKER = { name: 'dynamic_depth_walker', residual: 'cross' };

/** Both sides, both actions, patient and impatient, one after another and a little at once. */
function signalsFile(everyMs: number, timeLimitMs: number): string {
  const wishes = [
    { outcome: 'yes', action: 'buy', limitPrice: '0.95', algorithm: WALKER },
    { outcome: 'no', action: 'buy', limitPrice: '0.95', algorithm: WALKER },
    { outcome: 'yes', action: 'sell', limitPrice: '0.05', algorithm: TOUCH },
    { outcome: 'no', action: 'sell', limitPrice: '0.05', algorithm: WALKER },
    { outcome: 'no', action: 'buy', limitPrice: '0.95', algorithm: TOUCH },
  ];
  const lines = wishes.map((wish, index) =>
    JSON.stringify({ ...wish, quantity: '400', timeLimitMs, atMs: 5_000 + index * everyMs }),
  );
  const path = join(newFolder(), 'signals.jsonl');
  writeFileSync(path, lines.join('\n'));
  return path;
}

describe.skipIf(!isShared(FOLDER))(needsShared('a recorded market', FOLDER), () => {
  it.each(['yes', 'no'])('the usual wish, on %s', async (side) => {
    const wish = ['--quantity', '200', '--side', side, '--limit', '0.80'];
    const { executions } = await ranSession('--tape', tapePath(NAMED), ...wish);
    expect(executions).toHaveLength(1);
    expect(executions[0]).toMatchObject({ market: 'KXBTC15M-26MAY131915-15', outcomeSide: side });
    expect(executions[0]?.outcome).toMatch(/^(completed|partial)$/);
    judge(executions, new TapeTruth(tapePath(NAMED)));
  });

  it.each([NAMED, ...OTHERS])('%s, all ways to trade', async (name) => {
    const short = name.startsWith('20260513T0552');
    const signals = signalsFile(short ? 7_000 : 31_000, short ? 8_000 : 40_000);
    const { executions, conservation } = await ranSession(
      '--tape',
      tapePath(name),
      '--signals',
      signals,
    );
    expect(executions).toHaveLength(5);
    expect(conservation.violations).toBe(0);
    const fills = executions.flatMap((execution) => execution.fills);
    expect(fills.length).toBeGreaterThan(4);
    expect(new Set(fills.map(({ liquidity }) => liquidity))).toContain('taker');
    judge(executions, new TapeTruth(tapePath(name)));
  });
});
