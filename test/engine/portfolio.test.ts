import { describe, expect, it } from 'vitest';
import type { FillRecord, StoredFill } from '../../src/domain/records.ts';
import { Portfolio } from '../../src/engine/views/portfolio.ts';
import { centsInstrument } from '../support/cents.ts';
import { type LogLine, logTo } from '../support/rig.ts';

describe('a portfolio', () => {
  const terms = { fillId: 'f', outcomeSide: 'yes', action: 'buy', price: '0.50', fee: '0' };
  const stored = { ...terms, market: 'GONE', executionId: 'e', timeMs: 0 };
  const portfolioOn = (fills: readonly StoredFill[]) => {
    const lines: LogLine[] = [];
    const halts: string[] = [];
    const portfolio = new Portfolio({
      venue: { name: 'script' },
      instruments: [centsInstrument('script', 'M')],
      clock: { wallMs: () => 0 },
      store: {
        fills: () => fills,
        execution: () => null,
        settlements: () => [],
        keep: () => undefined,
      },
      log: logTo(lines),
      halt: (reason) => halts.push(reason),
    });
    return { portfolio, lines, halts };
  };

  it('says once that it cannot count a market which is not listed', () => {
    const fills = [1, 2, 3].map((count) => ({ ...stored, quantity: String(count) }));
    const { portfolio, lines } = portfolioOn([...fills, { ...stored, market: 'M', quantity: '4' }]);
    expect(lines).toMatchObject([{ level: 'warn', fields: { market: 'GONE' } }]);
    expect([...portfolio.positions].map(([market, { held }]) => [market, held])).toEqual([
      ['M', 4],
    ]);
  });

  it('halts where it can follow no more', () => {
    const { portfolio, halts } = portfolioOn([]);
    const fill = { venue: 'script', fillId: 'f', executionId: 'nobody', quantity: '1' };
    const fills = [{ ...fill, price: '0.50', fee: '0' } as FillRecord];
    portfolio.take({ fills, journal: [] }, new Map());
    expect(halts).toEqual([expect.stringContaining('a fill has its execution')]);
  });
});
