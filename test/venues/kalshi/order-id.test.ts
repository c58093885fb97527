import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sequentialIds } from '../../../src/env/ids.ts';
import { ownIdOf, wireIdOf } from '../../../src/venues/kalshi/order-id.ts';

const outcomes = ['yes', 'no'] as const;

describe('an id on the wire', () => {
  it('is read as it was written, of every order that is ever drawn', () => {
    // The 853rd id ends in "no", the 44597th in "yes".
    for (const nextSequence of [852, 44_596]) {
      const clientOrderId = sequentialIds({ tag: 'dw', epoch: 1, nextSequence }).clientOrderId();
      expect(clientOrderId).toMatch(/-(?:no|yes)$/);
      for (const outcome of outcomes)
        expect(ownIdOf(wireIdOf({ clientOrderId, outcome }))).toEqual({ clientOrderId, outcome });
    }
  });

  it('is read as it was written, whatever the id', () => {
    const part = fc.constantFrom('-', 'no', 'yes', 'a');
    const ids = fc.array(part, { minLength: 1 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(ids, fc.constantFrom(...outcomes), (clientOrderId, outcome) => {
        expect(ownIdOf(wireIdOf({ clientOrderId, outcome }))).toEqual({ clientOrderId, outcome });
      }),
    );
  });

  it('is the order’s own but for one on NO', () => {
    expect(wireIdOf({ clientOrderId: 'dw-7-1', outcome: 'yes' })).toBe('dw-7-1');
    expect(wireIdOf({ clientOrderId: 'dw-7-1', outcome: 'no' })).toBe('dw-7-1-no');
  });
});
