import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/domain/money.ts';
import { lots } from '../../src/domain/numbers.ts';
import { claimOf, directionOf, ExposureLedger } from '../../src/ledger/exposure.ts';

const dollars = (text: string) => decimal(text, 'dollars');

describe('exposure', () => {
  it.each([
    ['yes', 'buy', 1],
    ['yes', 'sell', -1],
    ['no', 'buy', -1],
    ['no', 'sell', 1],
  ] as const)('%s %s moves YES by %i', (outcome, action, direction) => {
    expect(directionOf(outcome, action)).toBe(direction);
  });

  it('is the worst case in a direction: what is held, and all that is open in it', () => {
    const ledger = new ExposureLedger();
    ledger.reserve('a', claimOf('M', 1, dollars('4.5'), lots(10)));
    ledger.reserve('b', claimOf('M', -1, dollars('2'), lots(4)));
    ledger.reserve('c', claimOf('N', 1, dollars('1'), lots(99)));
    ledger.fill('a', 'M', 1, lots(3));
    const up = ledger.totals('M', 1);
    expect([up.notional.toString(), up.executions, up.positionLots]).toEqual(['7.5', 3, 10]);
    expect(ledger.totals('M', -1).positionLots).toBe(1);
    ledger.release('a');
    expect(ledger.totals('M', 1).positionLots).toBe(3);
    ledger.release('a');
    ledger.release('nobody');
    expect(ledger.totals('M', 1).executions).toBe(2);
  });

  it('gives no room to others where a venue filled more than was wanted', () => {
    const ledger = new ExposureLedger();
    ledger.reserve('a', claimOf('M', 1, dollars('4'), lots(10)));
    ledger.reserve('b', claimOf('M', 1, dollars('4'), lots(10)));
    ledger.fill('a', 'M', 1, lots(15));
    expect(ledger.totals('M', 1).positionLots).toBe(25);
  });

  it('keeps what is filled after its execution ended, and gives back what is reversed', () => {
    const ledger = new ExposureLedger();
    ledger.reserve('a', claimOf('M', 1, dollars('4'), lots(10)));
    ledger.release('a');
    ledger.fill('a', 'M', 1, lots(5));
    ledger.fill('a', 'M', 1, lots(-2));
    expect(ledger.totals('M', 1)).toMatchObject({ executions: 0, positionLots: 3 });
  });

  it('never loses a lot, in any order of claims, fills and releases', () => {
    const step = fc.record({
      what: fc.constantFrom('reserve', 'fill', 'release'),
      who: fc.constantFrom('a', 'b', 'c'),
      size: fc.integer({ min: 1, max: 50 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const ledger = new ExposureLedger();
        const open = new Map<string, number>();
        let held = 0;
        for (const { what, who, size } of steps) {
          if (what === 'reserve') {
            ledger.reserve(who, claimOf('M', 1, dollars('1'), lots(size)));
            open.set(who, size);
          } else if (what === 'release') {
            ledger.release(who);
            open.delete(who);
          } else {
            ledger.fill(who, 'M', 1, lots(size));
            held += size;
            const left = open.get(who);
            if (left !== undefined) open.set(who, left - size);
          }
        }
        const total = [...open.values()].reduce((sum, left) => sum + Math.max(0, left), held);
        expect(ledger.totals('M', 1)).toMatchObject({ positionLots: total, executions: open.size });
      }),
    );
  });
});
