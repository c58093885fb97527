/** The market as an open system: its executions only listen, and the feeds are inputs. */
import { describe, expect, it } from 'vitest';
import { marketMachine } from '../../machines/index.ts';
import { HELD_REPORTS_MAX } from '../../src/domain/limits.ts';
import { compare, startCoverage } from '../support/coverage.ts';
import { judgedCover } from '../support/judged.ts';
import { judgeMarket } from '../support/market-judge.ts';
import { startMarket } from '../support/market-rig.ts';
import { marketSubject } from '../support/market-world.ts';
import * as say from '../support/order-events.ts';

const coverage = startCoverage();

describe('market, every path', () => {
  it('breaks no rule', () => {
    const { broken, states, paths } = judgedCover(
      (judge) => marketSubject(startMarket, judge, coverage),
      judgeMarket,
    );
    console.log(`market: ${states} states, ${paths.length} paths`);
    expect(broken).toEqual([]);
    expect(paths.length).toBeGreaterThan(states);
  });

  it('takes every transition and sees every state', () => {
    const { line, missing } = compare(marketMachine, coverage);
    console.log(line);
    expect(missing).toEqual([]);
  });

  it('holds a bounded number of early reports, and lets the oldest go', () => {
    const market = startMarket();
    for (let count = 0; count <= HELD_REPORTS_MAX; count += 1)
      market.send(say.accepted(`dw-${count}`));
    const { held } = market.context();
    expect(held).toHaveLength(HELD_REPORTS_MAX);
    expect(held[0]?.clientOrderId).toBe('dw-1');
  });
});
